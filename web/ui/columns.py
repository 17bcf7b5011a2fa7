"""From what `describe()` says of a network to the columns that the page draws. Pure: no browser module.

A column is one layer. Maps are drawn one above the other, a vector as one strip. The last layer's
units are the classes; a dense layer before it gives their logits and has no column.
"""

MAPS = "maps"
STRIP = "strip"
CLASSES = "classes"


class Column:
    """One layer as the page draws it.

    `inputs` is "all" where every unit reads all units of the column before, "one" where it reads
    only its neighbour. `block` is None for the picture's channels and for layers of vectors.
    `second_view` names the view of a class after that of its logit, where it has both.
    """

    def __init__(self, name, kind, shape, form, inputs, block, second_view=None):
        self.name = name
        self.kind = kind
        self.shape = shape
        self.form = form
        self.inputs = inputs
        self.block = block
        self.second_view = second_view
        self.units = 1 if form == STRIP else shape[0]

    def sources(self, unit, before):
        """Units of the column `before` that this unit reads."""
        if before is None:
            return []
        if self.inputs == "one" and before.units == self.units:
            return [unit]
        return list(range(before.units))


def columns(network):
    """Columns of a network, left to right: the picture's channels, every layer, the classes."""
    logits = network["logits"]
    *layers, last = [layer for layer in network["layers"] if layer["name"] != logits]
    found = [Column("input", "input", network["input"]["shape"], MAPS, "one", None)]
    for layer in layers:
        form = MAPS if len(layer["output_shape"]) == 3 else STRIP
        inputs = layer["connections"]
        found.append(
            Column(layer["name"], layer["kind"], layer["output_shape"], form, inputs, layer["block"])
        )
    # A sigmoid gives one value for both classes.
    shape, second = [len(network["classes"])], last["kind"] if logits else None
    found.append(Column(last["name"], last["kind"], shape, CLASSES, "all", None, second))
    return found


def find(columns, layer):
    """The column of a layer.

    Raises:
        ValueError: the page has none for it.
    """
    for column in columns:
        if column.name == layer:
            return column
    raise ValueError(f"the page has no column for the layer {layer!r}")


def neighbour(columns, layer, unit, key):
    """The (layer, unit) that an arrow key leads to, or None: left, right by layer, up, down by unit."""
    names = [column.name for column in columns]
    column = names.index(layer)
    if key == "Home":
        return layer, 0
    if key == "End":
        return layer, columns[column].units - 1
    if key in ("ArrowUp", "ArrowDown"):
        row = unit + (1 if key == "ArrowDown" else -1)
        return (layer, row) if 0 <= row < columns[column].units else None
    if key in ("ArrowLeft", "ArrowRight"):
        other = column + (1 if key == "ArrowRight" else -1)
        if not 0 <= other < len(columns):
            return None
        here, there = columns[column].units, columns[other].units
        return names[other], unit if here == there else int((unit + 0.5) * there / here)
    return None
