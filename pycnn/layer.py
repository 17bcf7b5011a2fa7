"""What all layers have in common: a name, shapes, checked parameters, and refusals in words.

Shapes are without a batch: feature maps are (channels, height, width), vectors are (n,), and all
values are float32. A layer is made once, with its parameters and hyperparameters, and never changes.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pycnn.steps import COPY, Block, Cut, News, Shape, silent

Array = NDArray[np.float32]

LARGEST = 2**31 - 1  # of a size or a step: what NumPy counts with on a machine of 32 bits, as WebAssembly is
MAX_NAME = 500  # characters
FLOAT32, FLOAT64 = 4, 8  # bytes


class ShapeError(ValueError):
    """A shape that a layer or a network cannot take; the sentence names it and both shapes."""


class Layer(ABC):
    """One step of a network.

    A kind of layer says how its output's shape follows from its input's (`output_shape`), how a block of its
    output is computed (`_compute`) and how much work that is (`_work`): an output that is much work is
    computed block by block, most are one block. Everything else about a layer is plain data.
    """

    kind: ClassVar[str]
    # Does a unit read every unit of the layer before ("all"), or just its own ("one")?
    connections: ClassVar[str]
    # Can the output hold negative values? None: if the input can.
    output_signed: ClassVar[bool | None] = None
    # Arguments of the constructor that are kept as attributes of the same names.
    parameter_names: ClassVar[tuple[str, ...]] = ()
    hyperparameter_names: ClassVar[tuple[str, ...]] = ()
    # The output's axes in the order in which they are cut into blocks: the later ones only if need be.
    cut_order: ClassVar[tuple[int, ...]] = (0, 1, 2)

    def __init__(self, name: str) -> None:
        if not isinstance(name, str) or not name:
            raise ValueError(f"A layer's name must be a text that is not empty, but got {name!r}.")
        if len(name) > MAX_NAME:
            raise ValueError(f"A layer's name must have at most {MAX_NAME} characters, but got {len(name)}.")
        self.name = name
        self._cuts: dict[Shape, Cut] = {}

    @abstractmethod
    def output_shape(self, input_shape: Shape) -> Shape:
        """The shape of the output for an input of this shape; raises ShapeError if there is none."""

    def _compute(self, x: Array, block: Block) -> Array:
        """A block of the layer's output for an input whose shape was checked."""
        raise NotImplementedError

    def _work(self, input_shape: Shape, block: Shape) -> int:  # noqa: ARG002
        """How much work a block of this shape is, as `steps.STEP` counts it."""
        return COPY * math.prod(block)

    def cut(self, input_shape: Shape) -> Cut:
        """The output for an input of this shape, cut into blocks; raises ShapeError if there is none."""
        if input_shape not in self._cuts:  # kept, since small layers take no longer than this
            shape = self.output_shape(input_shape)
            order = self.cut_order[: len(shape)]
            self._cuts[input_shape] = Cut(shape, order, lambda block: self._work(input_shape, block))
        return self._cuts[input_shape]

    def working_bytes(self, input_shape: Shape) -> int:
        """How many bytes `forward` needs at most for a moment, besides its input and its output."""
        return FLOAT32 * math.prod(self.cut(input_shape).block)

    def signed(self, input_signed: bool) -> bool:
        """Can the output hold negative values, given whether the input can?"""
        return input_signed if self.output_signed is None else self.output_signed

    def forward(self, x: Array, news: News = silent) -> Array:
        """The layer's output, float32 and C-contiguous; raises ShapeError if x does not fit.

        news(name, done, total) is called after each block of the output.
        """
        cut = self.cut(x.shape)
        if x.dtype != np.float32:
            raise ShapeError(f"{self._title()} expects float32 values, but its input holds {x.dtype}.")
        output = np.empty(cut.shape, np.float32)
        for done, _ in enumerate(self._fill(output, np.ascontiguousarray(x), cut), 1):
            news(self.name, done, cut.steps)
        return output

    def _fill(self, output: Array, x: Array, cut: Cut) -> Iterator[None]:
        """Computes the output block by block."""
        for block in cut:
            output[block] = self._compute(x, block)
            yield

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
