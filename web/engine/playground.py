"""What the hyperparameter playground shows: one kernel on one small map, computed by pycnn."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from engine.columns import Floats
from pycnn import Convolution


def play(asked: Mapping[str, Any], picture: Floats | None) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """The output of a convolution without bias, and each of its products.

    `asked` holds the rows of the `kernel`, `stride`, `padding`, `dilation`, and the rows of the `input`, or
    None there for the liveliest patch of `size` x `size` values in the first channel of the picture. Then
    the facts say at which row and column of the picture it begins.

    The arrays are the input, the output (rows, columns), and the products (cells of the kernel, rows,
    columns). Raises ShapeError where the window does not fit.
    """
    kernel = np.array(asked["kernel"], np.float32)
    facts: dict[str, Any] = {}
    if asked["input"] is not None:
        values = np.array(asked["input"], np.float32)
    elif picture is None:
        raise ValueError("no picture went through the network yet")
    else:
        row, column, values = liveliest(picture[0], asked["size"])
        facts = {"row": row, "column": column}
    sizes = {name: asked[name] for name in ("stride", "padding", "dilation")}
    convolution = Convolution("output", kernel[np.newaxis, np.newaxis], [0], **sizes)
    # A kernel with a single weight makes one of the products.
    single = np.diag(kernel.ravel()).reshape(-1, 1, *kernel.shape)
    products = Convolution("products", single, np.zeros(len(single)), **sizes)
    maps = values[np.newaxis]
    return facts, [values, convolution.forward(maps)[0], products.forward(maps)]


def liveliest(channel: Floats, size: int) -> tuple[int, int, Floats]:
    """Row, column and values of the patch whose values differ most: there is something to see in it.

    A channel that is smaller than the patch goes on with the values at its edge.
    """
    missing = [(0, max(size - length, 0)) for length in channel.shape]
    patches = sliding_window_view(np.pad(channel, missing, mode="edge"), (size, size))
    row, column = divmod(int(patches.std(axis=(2, 3)).argmax()), patches.shape[1])
    return row, column, np.ascontiguousarray(patches[row, column])
