"""What convolution and pooling share: a window that slides over maps."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import as_strided

from pycnn.layer import LARGEST, Array, Layer
from pycnn.steps import Shape
from pycnn.window import Axis, Window, extent


class WindowLayer(Layer):
    """A layer whose window slides over maps.

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

    def _places(self, input_shape: Shape) -> tuple[int, int]:
        """How many places the window has, down and right."""
        if len(input_shape) != 3 or min(input_shape) < 1:
            raise self._refusal("maps of shape (channels, height, width)", input_shape)
        places = self.window(input_shape).places
        if min(places) == 0:
            dilated = f"dilation {self.dilation}, " if max(self.dilation) > 1 else ""
            room = f"maps with room for its window of shape {self.extent} ({dilated}padding {self.padding})"
            raise self._refusal(room, input_shape)
        return places

    def _read(self, input_shape: Shape, places: Sequence[int]) -> int:
        """How many values of each map are copied for so many places, (down, right), at most.

        That is what the window's cells read, and the part of the map around them if it has to be padded.
        """
        window = self.window(input_shape)
        spans = [
            _span(axis, slice(0, n)) for axis, n in zip((window.down, window.across), places, strict=True)
        ]
        padded = math.prod(stop - start for start, stop in spans) if any(self.padding) else 0
        return padded + math.prod(self.size) * math.prod(places)

    def _windows(self, maps: Array, places: Sequence[slice], fill: float) -> Array:
        """What the window's cells read at these places: (channels, height, width, rows, columns)."""
        window = self.window(maps.shape)
        (top, bottom), (left, right) = _span(window.down, places[0]), _span(window.across, places[1])
        inside = maps[:, max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
        if inside.shape[1:] != (bottom - top, right - left):
            padded = np.full((len(maps), bottom - top, right - left), fill, np.float32)
            y, x = max(-top, 0), max(-left, 0)
            padded[:, y : y + inside.shape[1], x : x + inside.shape[2]] = inside
            inside = padded
        channel, row, column = inside.strides
        (down, right), (apart_down, apart_right) = self.stride, self.dilation
        windows = as_strided(
            inside,
            (len(maps), *self.size, *(part.stop - part.start for part in places)),
            (channel, apart_down * row, apart_right * column, down * row, right * column),
        )
        # With the places last and copied into a row, sums and maxima over windows run along memory.
        return np.ascontiguousarray(windows)


def _span(axis: Axis, places: slice) -> tuple[int, int]:
    """The cells from the first to behind the last one that a window reads at these places."""
    return axis.start(places.start), axis.start(places.stop - 1) + axis.extent
