"""What the hyperparameter playground shows: one kernel on one small map, computed by pycnn."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from engine.columns import Floats
from pycnn import Convolution
from pycnn.steps import COPY, Cut, News, silent


def play(
    asked: Mapping[str, Any], picture: Floats | None, news: News = silent
) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """The output of a convolution without bias, and each of its products.

    `asked` holds the rows of the `kernel`, `stride`, `padding`, `dilation`, and the rows of the `input`, or
    None there for the liveliest patch of `size` x `size` values in the first channel of the picture. Then
    the facts say at which row and column of the picture it begins.

    The arrays are the input, the output (rows, columns), and the products (cells of the kernel, rows,
    columns). news("", done, total) is called after each step.
    Raises ShapeError where the window does not fit.
    """
    kernel = np.array(asked["kernel"], np.float32)
    facts: dict[str, Any] = {}
    if asked["input"] is not None:
        values = np.array(asked["input"], np.float32)
    elif picture is None:
        raise ValueError("no picture went through the network yet")
    else:
        row, column, values = liveliest(picture[0], asked["size"], news)
        facts = {"row": row, "column": column}
    sizes = {name: asked[name] for name in ("stride", "padding", "dilation")}
    convolution = Convolution("output", kernel[np.newaxis, np.newaxis], [0], **sizes)
    # A kernel with a single weight makes one of the products.
    single = np.diag(kernel.ravel()).reshape(-1, 1, *kernel.shape)
    products = Convolution("products", single, np.zeros(len(single)), **sizes)
    maps = values[np.newaxis]
    output = convolution.forward(maps, lambda _, done, total: news("", done, total))
    return facts, [values, output[0], products.forward(maps, lambda _, done, total: news("", done, total))]


def liveliest(channel: Floats, size: int, news: News = silent) -> tuple[int, int, Floats]:
    """Row, column and values of the patch whose values differ most: there is something to see in it.

    A channel that is smaller than the patch goes on with the values at its edge.
    news("", done, total) is called after each part of the channel.
    """
    missing = [(0, max(size - length, 0)) for length in channel.shape]
    patches = sliding_window_view(np.pad(channel, missing, mode="edge"), (size, size))
    cut = Cut(patches.shape[:2], (0, 1), lambda block: 4 * COPY * size * size * block[0] * block[1])
    found: list[tuple[float, int, int]] = []
    for done, (rows, columns) in enumerate(cut, 1):
        spread = patches[rows, columns].std(axis=(2, 3))
        row, column = divmod(int(spread.argmax()), spread.shape[1])
        found.append((float(spread[row, column]), rows.start + row, columns.start + column))
        news("", done, cut.steps)
    _, row, column = min(found, key=lambda one: (-one[0], *one[1:]))
    return row, column, np.ascontiguousarray(patches[row, column])
