"""The picture shown last, and its maps in colours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import scales
from engine.colours import colour_channel, colour_signed
from engine.finite import finite
from engine.summary import by_unit

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
    def of(cls, pixels: Bytes, activations: dict[str, Floats]) -> "Shown":
        ranges = {name: _units_ranges(values) for name, values in activations.items()}
        finite_ranges = {
            name: found if np.isfinite(found).all() else _units_ranges(finite(activations[name]))
            for name, found in ranges.items()
        }
        return cls(pixels, activations, ranges, finite_ranges)


def paint(
    shown: Shown, description: Mapping[str, Any], tints: tuple[tuple[int, int, int], ...], sharing: str
) -> tuple[dict[str, Any], Bytes]:
    """Colour every map. One RGBA array holds them all, layer after layer, unit after unit.

    `description` is what `Network.describe()` says, `tints` has one for each of the picture's channels, and
    `sharing` says which layers share a scale.

    The facts say for each layer, in `places`, at which byte its first map begins, and a map's height and
    width. The picture itself comes first; its place is the fact `picture`.
    """
    groups = scales.groups(description, sharing)
    limits = [scales.limit(names, shown.finite_ranges) for names in groups]
    signed = {layer["name"] for layer in description["layers"] if layer["signed"]}

    picture, painted = _paint_picture(shown.pixels), {"input": _paint_channels(shown, tints)}
    for names, limit in zip(groups, limits, strict=True):
        for name in names:
            painted[name] = colour_signed(_as_maps(shown.activations[name]), limit)

    places, offset = {}, picture.size
    for name, colours in painted.items():
        places[name] = _place(offset, colours)
        offset += colours.size
    facts = {
        "picture": _place(0, picture),
        "places": places,
        "scales": [
            {"layers": names, "limit": limit, "signed": any(name in signed for name in names)}
            for names, limit in zip(groups, limits, strict=True)
        ],
    }
    return facts, np.concatenate([colours.ravel() for colours in (picture, *painted.values())])


def _paint_picture(pixels: Bytes) -> Bytes:
    opaque = np.full((*pixels.shape[:2], 1), 255, np.uint8)
    return np.concatenate([pixels, opaque], axis=2)[np.newaxis]


def _paint_channels(shown: Shown, tints: tuple[tuple[int, int, int], ...]) -> Bytes:
    channels = zip(shown.activations["input"], tints, strict=True)
    return np.stack([colour_channel(channel, tint) for channel, tint in channels])


def _place(offset: int, colours: Bytes) -> dict[str, int]:
    return {"offset": offset, "height": colours.shape[1], "width": colours.shape[2]}


def _units_ranges(values: Floats) -> list[list[float]]:
    """Smallest and largest value of every unit: of each map, or of a vector as a whole."""
    units = by_unit(values)
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
