"""The layers of a convolutional neural network: the shapes each one takes, and what it computes."""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from pycnn.layer import FLOAT32, FLOAT64, LARGEST, Array, Layer, Shape
from pycnn.window import Window, extent

# NumPy has a BLAS, which multiplies matrices fast, but none in WebAssembly: einsum's own loops are
# faster there (benchmarks/convolution.py compares them).
_HAS_BLAS = sys.platform != "emscripten"


class _WindowLayer(Layer):
    """What convolution and pooling share: a window that slides over maps.

    The window has `size` = (height, width) cells and moves by `stride` = (down, right); the maps are first
    extended by `padding` = (top, bottom, left, right). Its cells are `dilation` = (down, right) apart, side
    by side if that is 1, and from the first to the last one it spans `extent`.
    """

    def _set_window(
        self,
        size: int | Sequence[int],
        stride: int | Sequence[int],
        padding: int | Sequence[int],
        dilation: int | Sequence[int] = 1,
    ) -> None:
        self.size = self._pair("size", size, least=1)
        self.stride = self._pair("stride", stride, least=1)
        self.dilation = self._pair("dilation", dilation, least=1)
        self.extent = extent(self.size[0], self.dilation[0]), extent(self.size[1], self.dilation[1])
        if isinstance(padding, Sequence) and len(padding) == 4:
            top, bottom = self._pair("padding", padding[:2], least=0)
            left, right = self._pair("padding", padding[2:], least=0)
        else:
            top, left = bottom, right = self._pair("padding", padding, least=0)
        self.padding = (top, bottom, left, right)

    def _pair(self, what: str, value: int | Sequence[int], least: int) -> tuple[int, int]:
        """(v, v) for a number v, (v, w) for a pair; refuses what is no whole number or is too small."""
        try:
            down, right = value if isinstance(value, Sequence) else (value, value)
            if bool in (type(down), type(right)):  # Python takes True for 1
                raise TypeError
            pair = operator.index(down), operator.index(right)
        except (TypeError, ValueError):
            raise ValueError(
                f"{self._title()} expects a {what} of whole numbers, but got {value!r}."
            ) from None
        if min(pair) < least:
            raise ValueError(f"{self._title()} expects a {what} of at least {least}, but got {value!r}.")
        if max(pair) > LARGEST:
            raise ValueError(f"{self._title()} expects a {what} of at most {LARGEST}, but got {value!r}.")
        return pair

    def window(self, input_shape: Shape) -> Window:
        """The window on maps of this shape, (channels, height, width); it may not fit into them."""
        _, rows, columns = input_shape
        return Window(rows, columns, self.size, self.stride, self.padding, self.dilation)

    def _steps(self, input_shape: Shape) -> tuple[int, int]:
        """How many places the window has, down and right."""
        if len(input_shape) != 3 or min(input_shape) < 1:
            raise self._refusal("maps of shape (channels, height, width)", input_shape)
        places = self.window(input_shape).places
        if min(places) == 0:
            dilated = f"dilation {self.dilation}, " if max(self.dilation) > 1 else ""
            room = f"maps with room for its window of shape {self.extent} ({dilated}padding {self.padding})"
            raise self._refusal(room, input_shape)
        return places

    def working_bytes(self, input_shape: Shape) -> int:
        """The padded maps, and a copy of what the window's cells read at all of its places."""
        padded = math.prod(self.window(input_shape).room) if any(self.padding) else 0
        read = math.prod(self.size) * math.prod(self._steps(input_shape))
        return FLOAT32 * input_shape[0] * (padded + read)

    def _windows(self, maps: Array, fill: float) -> Array:
        """What the window's cells read at each of its places: (channels, height, width, rows, columns)."""
        window = self.window(maps.shape)
        down, across = window.down, window.across
        if any(window.padding):
            edges = (0, 0), (down.before, down.after), (across.before, across.after)
            maps = np.pad(maps, edges, constant_values=fill)
        windows = sliding_window_view(maps, window.extent, axis=(1, 2))
        windows = windows[:, :: down.stride, :: across.stride, :: down.dilation, :: across.dilation]
        # With the places last and copied into a row, sums and maxima over windows run along memory.
        return np.ascontiguousarray(windows.transpose(0, 3, 4, 1, 2))


class Convolution(_WindowLayer):
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
        rows, columns = self._steps(input_shape)
        if input_shape[0] != self.kernel.shape[1]:
            expected = f"{self.kernel.shape[1]} maps for its kernel of shape {self.kernel.shape}"
            raise self._refusal(expected, input_shape)
        return self.kernel.shape[0], rows, columns

    def _compute(self, x: Array) -> Array:
        # With a BLAS this is one matrix product: a kernel is a row, a window is a column ("im2col").
        windows = self._windows(x, fill=0)
        sums: Array = np.einsum("ocij,cijyx->oyx", self.kernel, windows, optimize=_HAS_BLAS)
        sums += self.bias[:, np.newaxis, np.newaxis]
        return sums

    def intermediate(self, x: Array, unit: int) -> Array:
        """What each input map alone gives a unit, (in, height, width): their sum and bias is its output."""
        self.output_shape(x.shape)
        maps: Array = np.einsum("cijyx,cij->cyx", self._windows(x, fill=0), self.kernel[unit])
        return maps


class ReLU(Layer):
    """Rectified linear unit: negative values become 0, the others stay as they are."""

    kind = "relu"
    connections = "one"
    output_signed = False

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def _compute(self, x: Array) -> Array:
        rectified: Array = np.maximum(x, np.float32(0))
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

    def working_bytes(self, input_shape: Shape) -> int:
        """The magnitudes, their exponentials, both parts of the fraction and the quotients in float64."""
        return 5 * FLOAT64 * math.prod(input_shape)

    def _compute(self, x: Array) -> Array:
        # For x below zero both parts of the fraction are multiplied by exp(x), so that exp never overflows.
        # float64 keeps what is left of 1 - sigmoid(x) where sigmoid(x) is close to 1.
        exponentials = np.exp(-np.abs(x.astype(np.float64)))
        shares: Array = (np.where(x < 0, exponentials, 1) / (1 + exponentials)).astype(np.float32)
        return shares


class _Pooling(_WindowLayer):
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
        return input_shape[0], *self._steps(input_shape)


class MaxPooling(_Pooling):
    """The largest value in each window; padding is minus infinity, so it never wins."""

    kind = "max_pooling"

    def _compute(self, x: Array) -> Array:
        largest: Array = self._windows(x, fill=-np.inf).max(axis=(1, 2))
        return largest


class AveragePooling(_Pooling):
    """The mean of the values in each window; padding is not counted (as in TensorFlow)."""

    kind = "average_pooling"

    def working_bytes(self, input_shape: Shape) -> int:
        """Besides the windows their sums, and a map of ones to count what each of them covers."""
        ones, sums = math.prod(input_shape[1:]), math.prod(self.output_shape(input_shape))
        return super().working_bytes(input_shape) + FLOAT32 * (ones + 2 * sums)

    def _compute(self, x: Array) -> Array:
        sums: Array = self._windows(x, fill=0).sum(axis=(1, 2))
        counts: Array = self._windows(np.ones_like(x[:1]), fill=0).sum(axis=(1, 2))
        return sums / counts


class Identity(Layer):
    """What works only in training (dropout, noise, random changes of the picture) passes its values on."""

    kind = "identity"
    connections = "one"

    def output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def _compute(self, x: Array) -> Array:
        return x.copy()


class Flatten(Layer):
    """Maps become one vector, in the order channel, height, width."""

    kind = "flatten"
    connections = "one"

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 3 or min(input_shape) < 1:
            raise self._refusal("maps of shape (channels, height, width)", input_shape)
        channels, height, width = input_shape
        return (channels * height * width,)

    def _compute(self, x: Array) -> Array:
        return x.flatten()


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

    def working_bytes(self, input_shape: Shape) -> int:  # noqa: ARG002
        """The sums before the bias is added."""
        return FLOAT32 * len(self.bias)

    def _compute(self, x: Array) -> Array:
        sums: Array = self.weights @ x
        return sums + self.bias

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

    def working_bytes(self, input_shape: Shape) -> int:
        """The logits, their exponentials and the quotients in float64."""
        return 3 * FLOAT64 * math.prod(input_shape)

    def _compute(self, x: Array) -> Array:
        self.refuse_overflow(x)
        # Subtracting the largest logit changes nothing but keeps exp from overflowing: I. Goodfellow,
        # Y. Bengio and A. Courville, "Deep Learning", 2016, section 4.1. float64 keeps the sum at 1.
        exponentials = np.exp(x.astype(np.float64) - x.max())
        probabilities: Array = (exponentials / exponentials.sum()).astype(np.float32)
        return probabilities


KINDS: dict[str, type[Layer]] = {
    layer.kind: layer
    for layer in (Convolution, ReLU, Sigmoid, MaxPooling, AveragePooling, Identity, Flatten, Dense, Softmax)
}
