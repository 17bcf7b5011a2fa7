"""What all layers have in common: a name, shapes, checked parameters, and refusals in words.

Shapes are without a batch: feature maps are (channels, height, width), vectors are (n,), and all
values are float32. A layer is made once, with its parameters and hyperparameters, and never changes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Shape = tuple[int, ...]
Array = NDArray[np.float32]

LARGEST = 2**31 - 1  # of a size or a step: what NumPy counts with on a machine of 32 bits, as WebAssembly is
MAX_NAME = 500  # characters
FLOAT32, FLOAT64 = 4, 8  # bytes


class ShapeError(ValueError):
    """A shape that a layer or a network cannot take; the sentence names it and both shapes."""


class Layer(ABC):
    """One step of a network.

    A kind of layer says how its output's shape follows from its input's (`output_shape`) and how its
    output is computed (`_compute`). Everything else about it is plain data.
    """

    kind: ClassVar[str]
    # Does a unit read every unit of the layer before ("all"), or just its own ("one")?
    connections: ClassVar[str]
    # Can the output hold negative values? None: if the input can.
    output_signed: ClassVar[bool | None] = None
    # Arguments of the constructor that are kept as attributes of the same names.
    parameter_names: ClassVar[tuple[str, ...]] = ()
    hyperparameter_names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, name: str) -> None:
        if not isinstance(name, str) or not name:
            raise ValueError(f"A layer's name must be a text that is not empty, but got {name!r}.")
        if len(name) > MAX_NAME:
            raise ValueError(f"A layer's name must have at most {MAX_NAME} characters, but got {len(name)}.")
        self.name = name

    @abstractmethod
    def output_shape(self, input_shape: Shape) -> Shape:
        """The shape of the output for an input of this shape; raises ShapeError if there is none."""

    @abstractmethod
    def _compute(self, x: Array) -> Array:
        """The layer's output for an input whose shape was checked."""

    def working_bytes(self, input_shape: Shape) -> int:  # noqa: ARG002
        """How many bytes `forward` needs at most for a moment, besides its input and its output."""
        return 0

    def signed(self, input_signed: bool) -> bool:
        """Can the output hold negative values, given whether the input can?"""
        return input_signed if self.output_signed is None else self.output_signed

    def forward(self, x: Array) -> Array:
        """The layer's output, float32 and C-contiguous; raises ShapeError if x does not fit."""
        self.output_shape(x.shape)
        if x.dtype != np.float32:
            raise ShapeError(f"{self._title()} expects float32 values, but its input holds {x.dtype}.")
        return np.ascontiguousarray(self._compute(x))

    def parameters(self) -> dict[str, Array]:
        """What the layer has learnt, by name; empty for most kinds."""
        return {name: getattr(self, name) for name in self.parameter_names}

    def hyperparameters(self) -> dict[str, list[int]]:
        """What the layer's designer chose, by name, as plain data; empty for kinds without a window."""
        return {name: list(getattr(self, name)) for name in self.hyperparameter_names}

    def refuse_overflow(self, logits: Array) -> None:
        """Raises ValueError for logits that are not finite: no probability follows from them."""
        if not np.isfinite(logits).all():
            raise ValueError(f"{self._title()} expects finite logits, but the layers before overflowed.")

    def _title(self) -> str:
        return f"Layer {self.name!r} ({self.kind})"

    def _refusal(self, expected: str, input_shape: Shape) -> ShapeError:
        return ShapeError(f"{self._title()} expects {expected}, but its input has the shape {input_shape}.")

    def _parameter(self, name: str, values: ArrayLike, dimensions: str) -> Array:
        """The values as float32, refused unless they are finite and have the dimensions listed."""
        # What nobody can change needs no copy: of large parameters there is no second one for a moment.
        frozen = isinstance(values, np.ndarray) and not values.flags.writeable
        with np.errstate(over="ignore"):  # what float32 cannot hold is refused below
            array = np.array(values, dtype=np.float32, order="C", copy=None if frozen else True)
        if array.ndim != len(dimensions.split(", ")) or array.size == 0:
            raise ShapeError(f"{self._title()} expects a {name} of ({dimensions}), but got {array.shape}.")
        if not np.isfinite([array.min(), array.max()]).all():
            raise ValueError(f"{self._title()} has a {name} with values that are not finite.")
        return array

    def _bias(self, values: ArrayLike, units: int) -> Array:
        bias = self._parameter("bias", values, "out")
        if bias.shape != (units,):
            raise ShapeError(f"{self._title()} expects a bias of shape ({units},), but got {bias.shape}.")
        return bias
