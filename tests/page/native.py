"""What pycnn computes natively, in the shapes in which the page shows it."""

from functools import cache

import matplotlib
import numpy as np

from pycnn import Network

# Independent of the engine's own table: matplotlib's copy of ColorBrewer's map, finely interpolated.
PUOR = matplotlib.colormaps["PuOr"].resampled(65535)
TINTS = {"input": [(255, 84, 72), (64, 214, 104), (88, 146, 255)]}


class Native:
    """A picture, RGB bytes (height, width, 3), after its way through the network."""

    def __init__(self, network: Network, pixels: np.ndarray) -> None:
        self.network = network
        self.input = network.picture_from_pixels(pixels)
        self.layers = network.forward(self.input)
        self.classified = network.classify(self.input)

    def values(self, layer: str) -> np.ndarray:
        return self.input if layer == "input" else self.layers[layer]

    def maps(self, layer: str) -> np.ndarray:
        """A layer as maps (units, height, width); a vector as one map of one column."""
        values = self.values(layer)
        return values if values.ndim == 3 else values.reshape(1, -1, 1)

    def largest(self, layers: list[str]) -> float:
        return max(float(np.abs(self.values(layer)).max()) for layer in layers)


@cache
def _ramp() -> np.ndarray:
    return PUOR(np.linspace(0, 1, 65535))[:, :3] * 255


def diverging(values: np.ndarray, limit: float) -> np.ndarray:
    """Colours from -limit over 0 to limit, RGB as floats from 0 to 255."""
    at = np.clip(values / limit if limit else values * 0, -1, 1)
    return _ramp()[np.rint((at + 1) / 2 * 65534).astype(int)]


def tinted(values: np.ndarray, channel: int) -> np.ndarray:
    """Colours of a channel of the picture from black to its tint, RGB as floats from 0 to 255."""
    return values[..., np.newaxis] * np.array(TINTS["input"][channel])


def equal(shown: float, value: float, rounding: float = 0.0) -> bool:
    """Equal as the project means it: within 1e-5 * max(1, |value|), and what was rounded off."""
    return abs(shown - value) <= 1e-5 * max(1, abs(value)) + rounding
