"""Ways to compute a convolution in NumPy, timed on CPython and in the engine's Python.

python -m benchmarks.convolution

pycnn has the fastest one of each Python: einsum's own loops in the engine, a matrix product elsewhere.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from benchmarks.timing import medians, values
from pycnn import Convolution

# Input maps, output maps and the input's side, as they occur in Tiny VGG.
SIZES = [(3, 10, 64), (10, 10, 62), (10, 10, 30), (10, 10, 28)]
ROUNDS = 9

# Each way takes maps (in, height, width) and a kernel (out, in, kernel height, kernel width).
Way = Callable[[np.ndarray, np.ndarray], np.ndarray]


def tensordot_over_windows(maps: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    windows = sliding_window_view(maps, kernel.shape[2:], axis=(1, 2))
    return np.tensordot(kernel, windows, axes=([1, 2, 3], [0, 3, 4]))


def einsum_over_windows(maps: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    windows = sliding_window_view(maps, kernel.shape[2:], axis=(1, 2))
    return np.einsum("ocij,cyxij->oyx", kernel, windows)


def columns(maps: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Every window's values, copied so that the places lie next to each other: (in, i, j, rows, columns)."""
    windows = sliding_window_view(maps, kernel.shape[2:], axis=(1, 2))
    return np.ascontiguousarray(windows.transpose(0, 3, 4, 1, 2))


def product(kernel: np.ndarray, windows: np.ndarray) -> np.ndarray:
    """A matrix product of the kernels, as rows, and of windows, as columns."""
    sums = kernel.reshape(len(kernel), -1) @ windows.reshape(kernel[0].size, -1)
    return sums.reshape(len(kernel), *windows.shape[3:])


def im2col_matmul(maps: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return product(kernel, columns(maps, kernel))


KEPT: dict[tuple[int, ...], np.ndarray] = {}


def im2col_matmul_kept_buffer(maps: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    windows = sliding_window_view(maps, kernel.shape[2:], axis=(1, 2)).transpose(0, 3, 4, 1, 2)
    if windows.shape not in KEPT:
        KEPT[windows.shape] = np.empty(windows.shape, np.float32)
    buffer = KEPT[windows.shape]
    buffer[...] = windows
    return product(kernel, buffer)


def im2col_matmul_channels_last(maps: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """As if maps were (height, width, in): a row of a window then lies in one piece."""
    _, _, height, width = kernel.shape
    last = np.ascontiguousarray(maps.transpose(1, 2, 0))
    rows, places = last.shape[0] - height + 1, last.shape[1] - width + 1
    down, right, step = last.strides
    pieces = as_strided(last, (rows, places, height, width * len(maps)), (down, right, down, step))
    windows = np.ascontiguousarray(pieces).reshape(rows * places, -1)
    weights = np.ascontiguousarray(kernel.transpose(0, 2, 3, 1)).reshape(len(kernel), -1)
    return (weights @ windows.T).reshape(len(kernel), rows, places)


def im2col_einsum(maps: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return np.einsum("ocij,cijyx->oyx", kernel, columns(maps, kernel))


def shift_and_add(maps: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    _, channels, height, width = kernel.shape
    rows, places = maps.shape[1] - height + 1, maps.shape[2] - width + 1
    sums = np.zeros((len(kernel), rows, places), np.float32)
    for c, i, j in np.ndindex(channels, height, width):
        sums += kernel[:, c, i, j, np.newaxis, np.newaxis] * maps[c, i : i + rows, j : j + places]
    return sums


def shift_and_add_flat(maps: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """On maps whose rows lie in one line; what a window over a row's end gives is cut off at the end."""
    _, channels, height, width = kernel.shape
    rows, side = maps.shape[1] - height + 1, maps.shape[2]
    lines = maps.reshape(channels, -1)
    length = rows * side - width + 1
    sums = np.zeros((len(kernel), rows * side), np.float32)
    for c, i, j in np.ndindex(channels, height, width):
        start = i * side + j
        sums[:, :length] += kernel[:, c, i, j, np.newaxis] * lines[c, start : start + length]
    return sums.reshape(len(kernel), rows, side)[:, :, : side - width + 1]


WAYS: dict[str, Way] = {
    "tensordot over windows": tensordot_over_windows,
    "einsum over windows": einsum_over_windows,
    "im2col, matmul": im2col_matmul,
    "im2col in a kept buffer, matmul": im2col_matmul_kept_buffer,
    "im2col of channels last, matmul": im2col_matmul_channels_last,
    "im2col, einsum": im2col_einsum,
    "shift and add": shift_and_add,
    "shift and add on flat rows": shift_and_add_flat,
}


def measure() -> list[dict[str, float]]:
    """Milliseconds of each way, and of pycnn itself with its bias, for each of SIZES."""
    return [compare(*size) for size in SIZES]


def compare(channels: int, units: int, side: int) -> dict[str, float]:
    maps, kernel = values(channels, side, side), values(units, channels, 3, 3)
    layer = Convolution("convolution", kernel, np.zeros(units))
    expected = layer.forward(maps)
    calls: dict[str, Callable[[], object]] = {"pycnn": lambda: layer.forward(maps)}
    for name, way in WAYS.items():
        off = np.abs(way(maps, kernel) - expected) / np.maximum(1, np.abs(expected))
        assert off.max() <= 1e-5, f"{name} is off by {off.max()}"
        calls[name] = partial(way, maps, kernel)
    return medians(calls, ROUNDS)


def table() -> str:
    from benchmarks.engine import in_both_pythons  # not at the top: the engine imports this file, too

    sizes = "".join(f"{f'{c}>{units} at {side}':>13}" for c, units, side in SIZES)
    lines = []
    for python, found in in_both_pythons("convolution").items():
        lines += ["", f"{f'3x3 convolution, ms, {python}':42}{sizes}"]
        for name in found[0]:
            lines.append(f"{name:42}" + "".join(f"{taken[name]:13.2f}" for taken in found))
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
