"""Colours a second time: matplotlib's own PuOr, so fine that it is as good as continuous."""

import matplotlib
import numpy as np

_ENTRIES = 2**16 + 1  # odd: zero has an entry of its own
_PUOR = matplotlib.colormaps["PuOr"].resampled(_ENTRIES)


def puor(values, limit):
    """RGBA from 0 to 255, not rounded, for values from -limit (orange) over 0 to limit (purple)."""
    ratio = np.asarray(values, np.float64) / limit if limit else np.zeros(np.shape(values))
    index = np.rint((np.clip(ratio, -1, 1) + 1) / 2 * (_ENTRIES - 1)).astype(int)
    return _PUOR(index) * 255


def tinted(values, tint):
    """RGBA from 0 to 255 for values from 0 (black) to 1 (the tint)."""
    rgb = np.clip(values, 0, 1)[..., np.newaxis] * np.array(tint, np.float64)
    return np.concatenate([rgb, np.full((*rgb.shape[:-1], 1), 255.0)], axis=-1)


def assert_colours(actual, expected):
    """Bytes equal to the colours expected, within 1/255 in every channel."""
    assert actual.dtype == np.uint8
    assert actual.shape == expected.shape
    off = np.abs(actual - expected)
    assert off.max() <= 1, f"off by {off.max():.3f}/255 at {np.unravel_index(off.argmax(), off.shape)}"
