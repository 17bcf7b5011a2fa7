"""How much memory a network needs for a picture, told from plain numbers before anything is allocated."""

from __future__ import annotations

import math

from pycnn import limits
from pycnn.layer import FLOAT32, Layer
from pycnn.steps import Shape


class Memory:
    """Adds up, layer by layer, what the network and one pass of a picture through it take at most, in bytes.

    That is all parameters, the picture and every layer's output, which are kept, and the largest copy that
    is made on the way: by a layer, or where pixels become two pictures of three channels (see
    `Network.picture_from_pixels`).
    """

    def __init__(self, input_shape: Shape) -> None:
        self.shape = input_shape
        self._kept = FLOAT32 * math.prod(input_shape)
        self._copies = FLOAT32 * 2 * 3 * math.prod(input_shape[1:])

    @property
    def needed(self) -> int:
        return self._kept + self._copies

    def add(self, layer: Layer) -> None:
        """Count the layer that reads what the one before gives; raises ShapeError if it cannot."""
        output_shape = layer.output_shape(self.shape)
        parameters = sum(array.nbytes for array in layer.parameters().values())
        self._kept += parameters + FLOAT32 * math.prod(output_shape)
        self._copies = max(self._copies, layer.working_bytes(self.shape))
        self.shape = output_shape

    def check(self) -> None:
        """Raises ValueError, with the figure, if it is more than a model's file may ask for."""
        if self.needed > limits.MAX_MEMORY:
            raise ValueError(
                f"it needs {limits.gigabytes(self.needed)} of memory for one picture, "
                f"more than {limits.gigabytes(limits.MAX_MEMORY)}."
            )
