"""From activations to colours: arrays of float32 in, arrays of RGBA bytes out."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.news import COLOURED, in_steps
from pycnn.steps import Cut

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

# ColorBrewer's 11-class PuOr (Cynthia Brewer, colorbrewer2.org, Apache License 2.0): orange, white, purple.
_ANCHORS = (
    (127, 59, 8),
    (179, 88, 6),
    (224, 130, 20),
    (253, 184, 99),
    (254, 224, 182),
    (247, 247, 247),
    (216, 218, 235),
    (178, 171, 210),
    (128, 115, 172),
    (84, 39, 136),
    (45, 0, 75),
)
_STEPS = 2047  # on either side of zero; so fine that a step is less than 1/255 of a colour

# The brightest red, green and blue of the picture's channels; zero is black.
CHANNEL_TINTS = ((255, 84, 72), (64, 214, 104), (88, 146, 255))
GREY_TINT = (255, 255, 255)


def _packed(rgb: Bytes) -> NDArray[np.uint32]:
    """Pack colours (n, 3) into (n,) words whose bytes are R, G, B, A, so that one look-up fetches a pixel."""
    rgba = np.column_stack([rgb, np.full(len(rgb), 255, np.uint8)])
    return np.ascontiguousarray(rgba).view(np.uint32).ravel()


def _diverging_table() -> NDArray[np.uint32]:
    """The diverging colour map, (2 * _STEPS + 1,): -limit first, zero in the middle, +limit last."""
    at = np.linspace(0, 1, 2 * _STEPS + 1)
    anchors = np.array(_ANCHORS, np.float64)
    channels = [np.interp(at, np.linspace(0, 1, len(anchors)), anchors[:, i]) for i in range(3)]
    return _packed(np.rint(np.column_stack(channels)).astype(np.uint8))


DIVERGING = _diverging_table()


def colour_signed(values: Floats, limit: float) -> Bytes:
    """Colour `values` of any shape on the diverging map from -limit over zero to +limit.

    A non-negative map uses the upper half of the same map, which is a sequential one: so a value
    has the same colour before and after a ReLU. Infinities have the colours of the ends, NaN that of zero.
    Returns RGBA, shape `values.shape + (4,)`.
    """
    steps = min(_STEPS / limit, float(np.finfo(np.float32).max)) if limit > 0 else 1
    with np.errstate(over="ignore", invalid="ignore"):
        positions = values * np.float32(steps) + np.float32(_STEPS)
    np.copyto(positions, np.float32(_STEPS), where=np.isnan(positions))
    return _look_up(DIVERGING, positions)


def colouring(values: Floats) -> Cut:
    """Flat values in steps in which they can be coloured."""
    return in_steps(values.size, COLOURED)


def colour_channel(values: Floats, tint: tuple[int, int, int]) -> Bytes:
    """Colour `values` in [0, 1] from black to `tint`. Returns RGBA, shape `values.shape + (4,)`."""
    return _look_up(_channel_table(tint), values * np.float32(255))


@cache
def _channel_table(tint: tuple[int, int, int]) -> NDArray[np.uint32]:
    return _packed(np.rint(np.linspace(0, 1, 256)[:, None] * np.array(tint)).astype(np.uint8))


def _look_up(table: NDArray[np.uint32], positions: Floats) -> Bytes:
    """The table's entries nearest to the positions, which are overwritten: it is faster than new arrays."""
    positions += np.float32(0.5)  # so that cutting the fraction off rounds
    np.clip(positions, 0, len(table) - 1, out=positions)
    pixels = table[positions.astype(np.intp, order="C")]
    return pixels.view(np.uint8).reshape(*pixels.shape, 4)
