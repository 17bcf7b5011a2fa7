"""What the page shows of a network and a gallery before any Python runs, as HTML and as a style sheet.

The page's own pure modules say what there is to show.
"""

from collections import Counter
from itertools import pairwise
from typing import Any

from ui.columns import MAPS, STRIP, Column, columns
from ui.figures import fragment_names, percent, shape
from ui.unit_facts import class_names, unit_label
from ui.words import Words

from builder.first import Columns
from builder.words import escape


class Markup:
    """`network` is what `describe()` says of it, `gallery` the list of its pictures, the first one chosen.

    `first` are the facts of that first picture, `sprite` tells where its maps are, see `first.write_first`.
    `files` is the folder of the site's files.
    """

    def __init__(
        self,
        network: dict[str, Any],
        gallery: list[dict[str, Any]],
        first: dict[str, Any],
        sprite: Columns,
        words: Words,
        files: str,
    ) -> None:
        *self._drawn, self._last = columns(network)
        names = network["classes"]
        self._fragments = [short or name for name, short in zip(names, fragment_names(names), strict=True)]
        self._class_names = class_names(network, words)
        self._gallery = gallery
        self._first = first
        self._sprite = sprite
        self._words = words
        self._files = files
        self._most = max(column.units for column in self._drawn if column.form == MAPS)

    def parts(self) -> dict[str, str]:
        """The HTML for each slot of index.html."""
        return {
            "picture": self._picture(),
            "gallery": "\n".join(self._sample(sample) for sample in self._gallery),
            "columns": "\n".join(self._columns()),
            "classes-name": escape(self._last.name),
            "classes-shape": str(self._last.units),
            "classes": "\n".join(self._class(unit) for unit in range(self._last.units)),
        }

    def rules(self) -> str:
        """The style sheet with the numbers from which network.css lays the columns out."""
        forms = Counter(column.form for column in self._drawn)
        gaps = Counter(gap(before, after) for before, after in pairwise(self._drawn))
        numbers = {
            "most": self._most,
            "classes": self._last.units,
            "maps": forms[MAPS],
            "strips": forms[STRIP],
            "ones": gaps["one"],
            "alls": gaps["all"],
            "blocks": gaps["block"],
        }
        rules = "\n".join(f"  --{name}: {number};" for name, number in numbers.items())
        bars = "\n".join(
            f'.class[data-unit="{unit}"] .bar span {{ transform: scaleX({probability:.6f}); }}'
            for unit, probability in enumerate(self._first["probabilities"])
        )
        return f"#network {{\n{rules}\n}}\n{bars}\n"

    def _picture(self) -> str:
        """The attributes of the canvas that shows the picture itself."""
        place = self._first["picture"]
        name = self._words("sample." + self._gallery[0]["name"])
        label = self._words("picture.label", name=name, width=place["width"], height=place["height"])
        return f'aria-label="{escape(label)}" {self._canvas(None, 0)}'

    def _canvas(self, layer: str | None, unit: int) -> str:
        """The size of a map's canvas, or for None of the picture's, and where in the sprite it is."""
        column = self._sprite[layer]
        x, y = column.place(unit)
        return f'width="{column.width}" height="{column.height}" data-sprite="{x},{y}"'

    def _sample(self, sample: dict[str, Any]) -> str:
        name = self._words("sample." + sample["name"])
        hint = self._words("sample.instructive", name=name) if sample["instructive"] else name
        chosen, instructive = sample is self._gallery[0], bool(sample["instructive"])
        return (
            f'<button type="button" class="sample" data-sample="{escape(sample["name"])}"'
            f' aria-pressed="{said(chosen)}" data-label="{escape(name)}"'
            f' data-instructive="{said(instructive)}" title="{escape(hint)}">'
            f'<img src="{self._files}/samples/{escape(sample["file"])}" alt="{escape(hint)}"'
            ' width="44" height="44">'
            "</button>"
        )

    def _columns(self) -> list[str]:
        gaps = ["edge", *(gap(before, after) for before, after in pairwise(self._drawn)), "edge"]
        return [
            self._column(column, before, after)
            for column, before, after in zip(self._drawn, gaps[:-1], gaps[1:], strict=True)
        ]

    def _column(self, column: Column, before: str, after: str) -> str:
        name, sizes = escape(column.name), shape(column.shape)
        label = escape(self._words("network.column", layer=column.name, shape=sizes))
        few = column.form == MAPS and 2 * column.units <= self._most
        units = "".join(
            f"<button {self._unit(column, unit)}><canvas {self._canvas(column.name, unit)}></canvas></button>"
            for unit in range(column.units)
        )
        return (
            f'<div class="column" role="group" aria-label="{label}" data-form="{column.form}"'
            f' data-few="{said(few)}" data-before="{before}" data-after="{after}">'
            f'<div class="head" aria-hidden="true" title="{name}">'
            f'<span class="name">{name}</span><span class="shape">{sizes}</span></div>{units}</div>'
        )

    def _class(self, unit: int) -> str:
        name = self._fragments[unit]
        probabilities = self._first["probabilities"]
        probability, best = probabilities[unit], probabilities[unit] == max(probabilities)
        return (
            f'<li><button {self._unit(self._last, unit)} data-class="{escape(name)}"'
            f' data-probability="{probability:.6f}" data-best="{said(best)}">'
            f'<span class="class-name">{escape(self._class_names[unit])}</span>'
            f'<span class="percent">{escape(percent(probability))}</span>'
            '<span class="bar"><span></span></span></button></li>'
        )

    def _unit(self, column: Column, unit: int) -> str:
        """The attributes of a unit's button. Tab reaches the first of all units and the first class."""
        kind = "class" if column is self._last else "unit"
        reached = unit == 0 and column in (self._drawn[0], self._last)
        label = escape(unit_label(column, unit, self._class_names, self._words, self._first))
        return (
            f'type="button" class="{kind}" tabindex="{0 if reached else -1}" aria-label="{label}"'
            f' data-layer="{escape(column.name)}" data-unit="{unit}"'
        )


def gap(before: Column, after: Column) -> str:
    """What parts two neighbouring columns: units that read "one" map each or "all", or a new "block"."""
    if after.form == STRIP:
        return "all"
    return "block" if after.block != before.block else str(after.inputs)


def said(fact: bool) -> str:
    """A fact as attributes have it."""
    return "true" if fact else "false"
