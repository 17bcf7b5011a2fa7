"""The picture shown last, and its maps in colours."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import scales
from engine.colours import colour_channel, colour_signed, colouring
from engine.finite import finite
from engine.news import parts_of_units
from engine.summary import by_unit
from pycnn.steps import News, counted

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Ranges = dict[str, list[list[float]]]

STRIP_ROWS = 4096  # a vector is drawn one pixel wide, and wider only beyond what a canvas can hold


@dataclass(frozen=True)
class Shown:
    """A picture that went through the network.

    pixels          RGB (height, width, 3)
    activations     the picture as the network's "input", and every layer's output by its name
    ranges          smallest and largest value of every unit: of each map, or of a vector as a whole
    finite_ranges   the same without what is not finite
    """

    pixels: Bytes
    activations: dict[str, Floats]
    ranges: Ranges
    finite_ranges: Ranges

    @classmethod
    def of(cls, pixels: Bytes, activations: dict[str, Floats], news: News) -> "Shown":
        """news(name, done, total) is called after each step: a layer, or a part of a large one."""
        tell = counted(news, sum(parts_of_units(by_unit(values)).steps for values in activations.values()))
        ranges: Ranges = {}
        finite_ranges: Ranges = {}
        for name, values in activations.items():
            units = by_unit(values)
            ranges[name], finite_ranges[name] = [], []
            for part in parts_of_units(units):
                found = _ranges(units[part])
                ranges[name] += found
                finite_ranges[name] += found if np.isfinite(found).all() else _ranges(finite(units[part]))
                tell(name)
        return cls(pixels, activations, ranges, finite_ranges)


def paint(
    shown: Shown,
    description: Mapping[str, Any],
    tints: tuple[tuple[int, int, int], ...],
    sharing: str,
    news: News,
) -> tuple[dict[str, Any], Bytes]:
    """Colour every map. One RGBA array holds them all, layer after layer, unit after unit.

    `description` is what `Network.describe()` says, `tints` has one for each of the picture's channels, and
    `sharing` says which layers share a scale. news(name, done, total) is called after each step.

    The facts say for each layer, in `places`, at which byte its first map begins, and a map's height and
    width. The picture itself comes first; its place is the fact `picture`.
    """
    groups = scales.groups(description, sharing)
    limits = [scales.limit(names, shown.finite_ranges) for names in groups]
    signed = {layer["name"] for layer in description["layers"] if layer["signed"]}

    # Layer by layer, the maps and how to colour them: each channel of the picture has a tint of its own.
    channels = zip(shown.activations["input"], tints, strict=True)
    ways = [("input", one[np.newaxis], partial(colour_channel, tint=tint)) for one, tint in channels]
    ways += [
        (name, _as_maps(shown.activations[name]), partial(colour_signed, limit=limit))
        for names, limit in zip(groups, limits, strict=True)
        for name in names
    ]
    cuts = [colouring(maps) for _, maps, _ in ways]
    tell = counted(news, 1 + sum(cut.steps for cut in cuts))

    picture = shown.pixels[np.newaxis]
    at = picture.shape[1] * picture.shape[2]
    colours = np.empty((at + sum(maps.size for _, maps, _ in ways), 4), np.uint8)
    colours[:at, :3], colours[:at, 3] = picture.reshape(-1, 3), 255
    tell("input")
    places: dict[str, dict[str, int]] = {}
    for (name, maps, colour), cut in zip(ways, cuts, strict=True):
        places.setdefault(name, _place(4 * at, maps))  # of the picture's channels, where the first one is
        values, pixels = maps.reshape(-1), colours[at : at + maps.size]
        for part in cut:
            pixels[part] = colour(values[part])
            tell(name)
        at += maps.size
    facts = {
        "picture": _place(0, picture),
        "places": places,
        "scales": [
            {"layers": names, "limit": limit, "signed": any(name in signed for name in names)}
            for names, limit in zip(groups, limits, strict=True)
        ],
    }
    return facts, colours.reshape(-1)


def _place(offset: int, maps: NDArray[Any]) -> dict[str, int]:
    return {"offset": offset, "height": maps.shape[1], "width": maps.shape[2]}


def _ranges(units: Floats) -> list[list[float]]:
    """Smallest and largest value of every unit, whose values are a row."""
    with np.errstate(invalid="ignore"):  # NaN
        ranges: list[list[float]] = np.column_stack([units.min(axis=1), units.max(axis=1)]).tolist()
    return ranges


def _as_maps(values: Floats) -> Floats:
    """Maps as they are; a vector as one map that is a strip, filled column by column, zeros at the end."""
    if values.ndim == 3:
        return values
    columns = -(-values.size // STRIP_ROWS)
    rows = -(-values.size // columns)
    strip = np.zeros(columns * rows, np.float32)
    strip[: values.size] = values
    return strip.reshape(columns, rows).T[np.newaxis]
