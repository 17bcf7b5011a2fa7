"""What a network computes, written a second time: float64, with SciPy, one map at a time."""

from __future__ import annotations

import numpy as np
from scipy import ndimage, signal, special

from pycnn import (
    AveragePooling,
    Convolution,
    Dense,
    Flatten,
    Identity,
    MaxPooling,
    Network,
    ReLU,
    Sigmoid,
    Softmax,
)


def correlate(x, kernel, bias, stride, padding, dilation):
    padded, spread = _pad(x, padding, 0), _spread(kernel, dilation)
    return np.stack(
        [
            sum(signal.correlate2d(m, k, mode="valid") for m, k in zip(padded, kernels, strict=True)) + b
            for kernels, b in zip(spread, bias, strict=True)
        ]
    )[:, :: stride[0], :: stride[1]]


def correlate_in_loops(x, kernel, bias, stride, padding, dilation):
    """The definition of a convolution, one product after another."""
    (units, channels, height, width), (top, bottom, left, right) = kernel.shape, padding
    rows = (x.shape[1] + top + bottom - dilation[0] * (height - 1) - 1) // stride[0] + 1
    columns = (x.shape[2] + left + right - dilation[1] * (width - 1) - 1) // stride[1] + 1
    output = np.zeros((units, rows, columns))
    for o, y, column in np.ndindex(output.shape):
        total = float(bias[o])
        for c, i, j in np.ndindex(channels, height, width):
            row = y * stride[0] + i * dilation[0] - top
            place = column * stride[1] + j * dilation[1] - left
            if 0 <= row < x.shape[1] and 0 <= place < x.shape[2]:
                total += float(kernel[o, c, i, j]) * float(x[c, row, place])
        output[o, y, column] = total
    return output


def correlate_layer(layer, x):
    return correlate(x, layer.kernel, layer.bias, layer.stride, layer.padding, layer.dilation)


def max_pool(x, size, stride, padding):
    padded = _pad(x, padding, -np.inf)
    # This origin makes the filter's window begin at each value instead of being centred on it.
    origin = [-(n // 2) for n in size]
    largest = np.stack([ndimage.maximum_filter(m, size, mode="nearest", origin=origin) for m in padded])
    rows, columns = padded.shape[1] - size[0] + 1, padded.shape[2] - size[1] + 1
    return largest[:, : rows : stride[0], : columns : stride[1]]


def average_pool(x, size, stride, padding):
    ones = np.ones(size)
    counts = signal.correlate2d(_pad(np.ones_like(x[:1]), padding, 0)[0], ones, mode="valid")
    sums = np.stack([signal.correlate2d(m, ones, mode="valid") for m in _pad(x, padding, 0)])
    return (sums / counts)[:, :: stride[0], :: stride[1]]


def forward(network, picture):
    """Every layer's output by its name, as Network.forward gives it."""
    rules = {
        Convolution: correlate_layer,
        ReLU: lambda _, x: np.where(x > 0, x, 0),
        Identity: lambda _, x: x,
        MaxPooling: lambda layer, x: max_pool(x, layer.size, layer.stride, layer.padding),
        AveragePooling: lambda layer, x: average_pool(x, layer.size, layer.stride, layer.padding),
        Flatten: lambda _, x: np.array([value for m in x for row in m for value in row]),
        Dense: lambda layer, x: np.einsum("oi,i->o", layer.weights.astype(np.float64), x) + layer.bias,
        Softmax: lambda _, x: special.softmax(x),
        Sigmoid: lambda _, x: special.expit(x),
    }
    outputs, x = {}, picture.astype(np.float64)
    for layer in network.layers:
        outputs[layer.name] = x = rules[type(layer)](layer, x)
    return outputs


def random_values(rng, *shape):
    return rng.normal(size=shape).astype(np.float32)


def random_convolution(rng, name, channels, dilated=False):
    out, height, width = rng.integers(1, 6), *rng.integers(1, 6, size=2)
    # Scaled so that values stay near 1 however many a window sums.
    kernel = random_values(rng, out, channels, height, width) / np.sqrt(channels * height * width)
    stride, padding = rng.integers(1, 4, size=2).tolist(), rng.integers(0, 4, size=4).tolist()
    # No wider than 6 values, so that the maps that tests are made of have room for it.
    dilation = [int(rng.integers(1, 5 // max(n - 1, 1) + 1)) if dilated else 1 for n in (height, width)]
    return Convolution(name, kernel, random_values(rng, out), stride, padding, dilation)


def random_pooling(rng, name, kind):
    size = rng.integers(1, 5, size=2).tolist()
    stride = rng.integers(1, 4, size=2).tolist()
    top, bottom = rng.integers(0, size[0], size=2).tolist()
    left, right = rng.integers(0, size[1], size=2).tolist()
    return kind(name, size, stride, (top, bottom, left, right))


def random_network(seed):
    """A network of random layers over a random input shape, and a picture for it."""
    rng = np.random.default_rng(seed)
    shape = (int(rng.choice([1, 2, 3])), *rng.integers(18, 40, size=2).tolist())
    layers, maps = [], shape
    for i in range(int(rng.integers(1, 4))):
        pooling = (MaxPooling, AveragePooling)[int(rng.integers(2))]
        block = [
            random_convolution(rng, f"conv_{i}", maps[0], dilated=seed % 2 == 0),
            ReLU(f"relu_{i}"),
            random_pooling(rng, f"pool_{i}", pooling),
        ]
        for layer in block:
            if maps[1] + sum(getattr(layer, "padding", (0,))[:2]) < 6 or maps[2] < 6:
                break
            maps = layer.output_shape(maps)
            layers.append(layer)
    values, hidden, classes = int(np.prod(maps)), int(rng.integers(1, 20)), int(rng.integers(2, 12))
    layers += [
        Flatten("flatten"),
        Dense("dense", random_values(rng, hidden, values) / np.sqrt(values), random_values(rng, hidden)),
        ReLU("dense/relu"),
    ]
    if seed % 5 == 4:  # one value tells two classes apart
        classes = 2
        layers += [Sigmoid("dense/sigmoid"), Dense("output/logits", random_values(rng, 1, hidden), [0.25])]
        layers.append(Sigmoid("output"))
    else:
        layers.append(
            Dense("output/logits", random_values(rng, classes, hidden), random_values(rng, classes))
        )
        layers.append(Softmax("output"))
    network = Network(layers, shape, [f"class {i}" for i in range(classes)], {"seed": seed})
    return network, rng.random(shape, dtype=np.float32)


def _spread(kernel, dilation):
    """The kernel with zeros between its cells, which computes side by side what the cells do apart."""
    out, channels, height, width = kernel.shape
    rows, columns = dilation[0] * (height - 1) + 1, dilation[1] * (width - 1) + 1
    spread = np.zeros((out, channels, rows, columns))
    spread[:, :, :: dilation[0], :: dilation[1]] = kernel
    return spread


def _pad(x, padding, fill):
    top, bottom, left, right = padding
    channels, height, width = x.shape
    padded = np.full((channels, top + height + bottom, left + width + right), fill, dtype=np.float64)
    padded[:, top : top + height, left : left + width] = x
    return padded


def assert_equal(actual, expected):
    """Equal in the project's sense: within 1e-5 * max(1, |value|)."""
    assert actual.shape == expected.shape
    excess = np.abs(actual - expected) - 1e-5 * np.maximum(1, np.abs(expected))
    assert excess.max() <= 0, f"off by {np.abs(actual - expected).max()}"
