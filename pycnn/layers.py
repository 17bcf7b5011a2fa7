"""The layers of a convolutional neural network: the shapes each one takes, and what it computes."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from pycnn.layer import FLOAT32, FLOAT64, Array, Layer
from pycnn.steps import COPY, EXPONENTIAL, Block, Cut, News, Shape, silent
from pycnn.window_layer import WindowLayer

# NumPy has a BLAS, which multiplies matrices fast, but none in WebAssembly: einsum's own loops are
# faster there (benchmarks/convolution.py compares them).
_HAS_BLAS = sys.platform != "emscripten"


class Convolution(WindowLayer):
    """Each output map sums, over all input maps, the products of its kernel with the values under its cells.

    output[o, y, x] = bias[o] + sum over c, i, j of
        kernel[o, c, i, j] * padded[c, y*stride + i*dilation, x*stride + j*dilation]

    This is what deep learning calls convolution: strictly a cross-correlation, since the kernel is not
    flipped (I. Goodfellow, Y. Bengio and A. Courville, "Deep Learning", 2016, equation 9.6).

    kernel is (out, in, kernel height, kernel width), bias is (out,); padding adds zeros.
    stride and dilation are a number or (down, right); padding is a number, (rows, columns) or (top, bottom,
    left, right). With a dilation d, neighbouring cells of a kernel read values that are d apart.
    """

    kind = "convolution"
    connections = "all"
    output_signed = True
    parameter_names = ("kernel", "bias")
    hyperparameter_names = ("stride", "padding", "dilation")
    cut_order = (1, 2, 0)  # all units share the copy of what the windows read

    def __init__(
        self,
        name: str,
        kernel: ArrayLike,
        bias: ArrayLike,
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] = 0,
        dilation: int | Sequence[int] = 1,
    ) -> None:
        super().__init__(name)
        self.kernel = self._parameter("kernel", kernel, "out, in, height, width")
        self.bias = self._bias(bias, self.kernel.shape[0])
        self._set_window(self.kernel.shape[2:], stride, padding, dilation)

    def output_shape(self, input_shape: Shape) -> Shape:
        rows, columns = self._places(input_shape)
        if input_shape[0] != self.kernel.shape[1]:
            expected = f"{self.kernel.shape[1]} maps for its kernel of shape {self.kernel.shape}"
            raise self._refusal(expected, input_shape)
        return self.kernel.shape[0], rows, columns

    def _work(self, input_shape: Shape, block: Shape) -> int:
        units, *places = block
        return input_shape[0] * (
            COPY * self._read(input_shape, tuple(places)) + units * math.prod(self.size) * math.prod(places)
        )

    def working_bytes(self, input_shape: Shape) -> int:
        """What the windows of a block read, and its sums."""
        block = self.cut(input_shape).block
        return FLOAT32 * (input_shape[0] * self._read(input_shape, block[1:]) + math.prod(block))

    def _compute(self, x: Array, block: Block) -> Array:
        units, *places = block
        # With a BLAS this is one matrix product: a kernel is a row, a window is a column ("im2col").
        windows = self._windows(x, places, fill=0)
        sums: Array = np.einsum("ocij,cijyx->oyx", self.kernel[units], windows, optimize=_HAS_BLAS)
        sums += self.bias[units, np.newaxis, np.newaxis]
        return sums

    def intermediate(self, x: Array, unit: int, news: News = silent) -> Array:
        """What each input map alone gives a unit, (in, height, width): their sum and bias is its output.

        news(name, done, total) is called after each of some steps.
        """
        shape = (x.shape[0], *self.output_shape(x.shape)[1:])
        cut = Cut(shape, (0, 1, 2), lambda block: COPY * block[0] * self._read(x.shape, block[1:]))
        maps = np.empty(shape, np.float32)
        for done, block in enumerate(cut, 1):
            maps[block] = self.intermediate_block(x, unit, block)
            news(self.name, done, cut.steps)
        return maps

    def intermediate_block(self, x: Array, unit: int, block: Block) -> Array:
        """A block of `intermediate`: slices of the input maps, of the output's rows and of its columns."""
        sources, *places = block
        windows = self._windows(x[sources], places, fill=0)
        maps: Array = np.einsum("cijyx,cij->cyx", windows, self.kernel[unit, sources])
        return maps


class ReLU(Layer):
    """Rectified linear unit: negative values become 0, the others stay as they are."""

    kind = "relu"
    connections = "one"
    output_signed = False

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def _compute(self, x: Array, block: Block) -> Array:
        rectified: Array = np.maximum(x[block], np.float32(0))
        return rectified


class Sigmoid(Layer):
    """Each value becomes one between 0 and 1: sigmoid(x) = 1 / (1 + exp(-x)).

    Of a logit it makes a probability, and 1 - sigmoid(x) = sigmoid(-x) is that of the other class:
    C. Bishop, "Pattern Recognition and Machine Learning", 2006, equations 4.59 and 4.60.
    """

    kind = "sigmoid"
    connections = "one"
    output_signed = False

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def _work(self, input_shape: Shape, block: Shape) -> int:  # noqa: ARG002
        return EXPONENTIAL * math.prod(block)

    def working_bytes(self, input_shape: Shape) -> int:
        """Of a block the magnitudes, their exponentials, both parts of the fraction and the quotients."""
        return 5 * FLOAT64 * math.prod(self.cut(input_shape).block)

    def _compute(self, x: Array, block: Block) -> Array:
        x = x[block]
        # For x below zero both parts of the fraction are multiplied by exp(x), so that exp never overflows.
        # float64 keeps what is left of 1 - sigmoid(x) where sigmoid(x) is close to 1.
        exponentials = np.exp(-np.abs(x.astype(np.float64)))
        shares: Array = (np.where(x < 0, exponentials, 1) / (1 + exponentials)).astype(np.float32)
        return shares


class _Pooling(WindowLayer):
    """What the two poolings share: each map becomes a smaller one, a window's values become one.

    stride is the window's size unless it is given, so that windows lie side by side. Padding is never
    part of a result, so a window has to cover at least one value: padding is smaller than the window.
    """

    connections = "one"
    hyperparameter_names = ("size", "stride", "padding")

    def __init__(
        self,
        name: str,
        size: int | Sequence[int] = 2,
        stride: int | Sequence[int] | None = None,
        padding: int | Sequence[int] = 0,
    ) -> None:
        super().__init__(name)
        self._set_window(size, size if stride is None else stride, padding)
        if max(self.padding[:2]) >= self.size[0] or max(self.padding[2:]) >= self.size[1]:
            raise ValueError(
                f"{self._title()} expects a padding smaller than its window of {self.size}, "
                f"but got {self.padding}."
            )

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape[0], *self._places(input_shape)

    def _work(self, input_shape: Shape, block: Shape) -> int:
        maps, *places = block
        return 2 * COPY * maps * self._read(input_shape, tuple(places))  # copied, then compared or added

    def working_bytes(self, input_shape: Shape) -> int:
        """What the windows of a block read, and what becomes of it."""
        maps, *places = self.cut(input_shape).block
        return FLOAT32 * maps * (self._read(input_shape, tuple(places)) + math.prod(places))


class MaxPooling(_Pooling):
    """The largest value in each window; padding is minus infinity, so it never wins."""

    kind = "max_pooling"

    def _compute(self, x: Array, block: Block) -> Array:
        maps, *places = block
        largest: Array = self._windows(x[maps], places, fill=-np.inf).max(axis=(1, 2))
        return largest


class AveragePooling(_Pooling):
    """The mean of the values in each window; padding is not counted (as in TensorFlow)."""

    kind = "average_pooling"

    def working_bytes(self, input_shape: Shape) -> int:
        """Besides what any pooling needs, how many values each window covers."""
        counts = math.prod(self.cut(input_shape).block[1:])
        return super().working_bytes(input_shape) + FLOAT32 * counts

    def _compute(self, x: Array, block: Block) -> Array:
        maps, *places = block
        means: Array = self._windows(x[maps], places, fill=0).sum(axis=(1, 2))
        means /= self._covered(x.shape, places)
        return means

    def _covered(self, input_shape: Shape, places: Sequence[slice]) -> Array:
        """How many values of a map each window covers at these places, (rows, columns); padding is none."""
        window = self.window(input_shape)
        covered: list[list[int]] = []
        for axis, part in zip((window.down, window.across), places, strict=True):
            starts = [axis.start(place) for place in range(part.start, part.stop)]
            covered.append([min(start + axis.extent, axis.length) - max(start, 0) for start in starts])
        return np.outer(np.array(covered[0], np.float32), np.array(covered[1], np.float32))


class Identity(Layer):
    """What works only in training (dropout, noise, random changes of the picture) passes its values on."""

    kind = "identity"
    connections = "one"

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def _compute(self, x: Array, block: Block) -> Array:
        return x[block]


class Flatten(Layer):
    """Maps become one vector, in the order channel, height, width."""

    kind = "flatten"
    connections = "one"

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 3 or min(input_shape) < 1:
            raise self._refusal("maps of shape (channels, height, width)", input_shape)
        channels, height, width = input_shape
        return (channels * height * width,)

    def _compute(self, x: Array, block: Block) -> Array:
        return x.reshape(-1)[block]


class Dense(Layer):
    """Each output is a weighted sum of all inputs: weights @ x + bias.

    weights is (out, in), bias is (out,).
    """

    kind = "dense"
    connections = "all"
    output_signed = True
    parameter_names = ("weights", "bias")

    def __init__(self, name: str, weights: ArrayLike, bias: ArrayLike) -> None:
        super().__init__(name)
        self.weights = self._parameter("weights", weights, "out, in")
        self.bias = self._bias(bias, self.weights.shape[0])

    def output_shape(self, input_shape: Shape) -> Shape:
        if input_shape != self.weights.shape[1:]:
            expected = (
                f"a vector of {self.weights.shape[1]} values for its weights of shape {self.weights.shape}"
            )
            raise self._refusal(expected, input_shape)
        return self.weights.shape[:1]

    def _work(self, input_shape: Shape, block: Shape) -> int:
        return math.prod(block) * math.prod(input_shape)

    def _compute(self, x: Array, block: Block) -> Array:
        sums: Array = self.weights[block] @ x
        sums += self.bias[block]
        return sums

    def contributions(self, x: Array, unit: int) -> Array:
        """What each input value alone gives a unit, (in,): their sum and bias is its output."""
        self.output_shape(x.shape)
        contributions: Array = self.weights[unit] * x
        return contributions


class Softmax(Layer):
    """Logits become probabilities: softmax(x)[i] = exp(x[i]) / sum over j of exp(x[j]).

    Raises ValueError for logits that are not finite: no probability follows from them.
    """

    kind = "softmax"
    connections = "all"
    output_signed = False

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 1 or min(input_shape) < 1:
            raise self._refusal("a vector of shape (n,)", input_shape)
        return input_shape

    def _work(self, input_shape: Shape, block: Shape) -> int:  # noqa: ARG002
        return EXPONENTIAL * math.prod(block)

    def working_bytes(self, input_shape: Shape) -> int:
        """All exponentials, and of a block the logits, their differences and exponentials, all in float64."""
        block = math.prod(self.cut(input_shape).block)
        return FLOAT64 * (math.prod(input_shape) + 3 * block)

    def _fill(self, output: Array, x: Array, cut: Cut) -> Iterator[None]:
        self.refuse_overflow(x)
        # Subtracting the largest logit changes nothing but keeps exp from overflowing: I. Goodfellow,
        # Y. Bengio and A. Courville, "Deep Learning", 2016, section 4.1. float64 keeps the sum at 1.
        largest, exponentials = x.max(), np.empty(x.shape, np.float64)
        for block in cut:
            exponentials[block] = np.exp(x[block].astype(np.float64) - largest)
            yield
        np.divide(exponentials, exponentials.sum(), out=output)


KINDS: dict[str, type[Layer]] = {
    layer.kind: layer
    for layer in (Convolution, ReLU, Sigmoid, MaxPooling, AveragePooling, Identity, Flatten, Dense, Softmax)
}
