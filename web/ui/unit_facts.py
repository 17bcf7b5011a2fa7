"""What the page says of a unit in words: its name, shape and range of values. Pure: no browser module."""

from ui.columns import CLASSES, STRIP
from ui.figures import fragment_name, fragment_names, number, percent, shape


def channel_name(column, unit, words):
    """The picture's channels by colour where there are three of them."""
    if column.units == 3:
        return words("channel." + ("red", "green", "blue")[unit])
    return words("channel.other", unit=unit)


def class_name(name, words):
    """A class as a visitor reads it: in the catalogue's words, else by the model's name."""
    return words.either("class." + fragment_name(name), name)


def class_names(network, words):
    """The classes as a visitor reads them; two that differ in nothing but a space keep the model's names."""
    names = network["classes"]
    return [class_name(name, words) if short else name for name, short in zip(names, fragment_names(names))]


def unit_name(column, unit, classes, words):
    """What a visitor reads; `classes` are those of `class_names`."""
    if column.form == CLASSES:
        return classes[unit]
    if column.kind == "input":
        return channel_name(column, unit, words)
    if column.form == STRIP:
        return words("unit.strip")
    return words("unit.map", unit=unit)


def unit_label(column, unit, classes, words, shown):
    """One sentence on a unit. `shown` are the facts of the picture on the page."""
    name = unit_name(column, unit, classes, words)
    if column.form == CLASSES and column.kind == "sigmoid" and unit == 0:
        return words(
            "label.class.rest",
            layer=column.name,
            name=name,
            percent=percent(shown["probabilities"][0]),
            other=classes[1],
            logit=number(shown["logits"][1]),
        )
    if column.form == CLASSES:
        return words(
            "label.class",
            layer=column.name,
            name=name,
            percent=percent(shown["probabilities"][unit]),
            logit=number(shown["logits"][unit]),
        )
    sizes = shape(column.shape if column.form == STRIP else column.shape[1:])
    low, high = [float(end) for end in shown["ranges"][column.name][unit]]
    return words("label.unit", layer=column.name, name=name, shape=sizes, low=number(low), high=number(high))


def unit_explanation(column, unit, before, words):
    """What the unit's layer does, and which units of the column `before`, if there is one, it reads."""
    two = column.form == CLASSES and column.kind == "sigmoid"
    does = words("kind.two" if two else "kind." + column.kind)
    if before is None:
        return does
    if before.form == STRIP:
        reads = words("reads.strip", layer=before.name)
    elif len(column.sources(unit, before)) == 1:
        reads = words("reads.one", unit=unit, layer=before.name)
    elif before.kind == "input":
        reads = words("reads.channels", count=before.units)
    else:
        reads = words("reads.all", count=before.units, layer=before.name)
    return words("sentences", first=does, second=reads)
