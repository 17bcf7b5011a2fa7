"""Networks of many forms, with random parameters: what the page has to cope with."""

from collections.abc import Callable

import numpy as np

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
from pycnn.layer import Layer

Step = Callable[[str, tuple[int, ...], np.random.Generator], Layer]


def conv(maps: int, size: int = 3, stride: int = 1, padding: int = 0) -> Step:
    def make(name, shape, rng):
        kernel = rng.normal(size=(maps, shape[0], size, size)) / np.sqrt(shape[0] * size * size)
        return Convolution(name, kernel, rng.normal(size=maps) / 4, stride, padding)

    return make


def dense(units: int) -> Step:
    def make(name, shape, rng):
        return Dense(name, rng.normal(size=(units, *shape)) / np.sqrt(shape[0]), rng.normal(size=units) / 4)

    return make


def plain(kind: type[Layer]) -> Step:
    return lambda name, *_: kind(name)


relu, max_pool, average_pool = plain(ReLU), plain(MaxPooling), plain(AveragePooling)
flatten, identity = plain(Flatten), plain(Identity)
sigmoid, softmax = plain(Sigmoid), plain(Softmax)


def network(input_shape: tuple[int, int, int], steps: dict[str, Step], seed: int = 0) -> Network:
    """A network of the named steps; its classes are called class 0, class 1, ..."""
    rng = np.random.default_rng(seed)
    layers, shape = [], input_shape
    for name, step in steps.items():
        layers.append(step(name, shape, rng))
        shape = layers[-1].output_shape(shape)
    return Network(layers, input_shape, [f"class {i}" for i in range(max(shape[0], 2))])


def ending(classes: int) -> dict[str, Step]:
    return {"flatten": flatten, "output/logits": dense(classes), "output": softmax}


def tiny_vgg() -> Network:
    return network(
        (3, 64, 64),
        {
            "conv_1_1": conv(10),
            "relu_1_1": relu,
            "conv_1_2": conv(10),
            "relu_1_2": relu,
            "max_pool_1": max_pool,
            "conv_2_1": conv(10),
            "relu_2_1": relu,
            "conv_2_2": conv(10),
            "relu_2_2": relu,
            "max_pool_2": max_pool,
            **ending(10),
        },
    )


def grey() -> Network:
    """One channel, large kernels, average pooling, two hidden dense layers, seven classes."""
    return network(
        (1, 28, 28),
        {
            "conv_a": conv(8, 5, stride=2, padding=1),
            "relu_a": relu,
            "mean_a": average_pool,
            "conv_b": conv(16),
            "mean_b": average_pool,
            "flatten": flatten,
            "hidden_1": dense(30),
            "hidden_1/relu": relu,
            "hidden_2": dense(12),
            "hidden_2/relu": relu,
            "output/logits": dense(7),
            "output": softmax,
        },
    )


def wide() -> Network:
    """64 maps, three classes."""
    return network((3, 16, 16), {"conv": conv(64), "relu": relu, "pool": max_pool, **ending(3)})


def deep() -> Network:
    """Thirty convolutions and ReLUs in five blocks."""
    steps = {}
    for block in range(1, 6):
        for step in range(1, 4):
            steps[f"conv_{block}_{step}"] = conv(4, padding=1)
            steps[f"relu_{block}_{step}"] = relu
        steps[f"pool_{block}"] = max_pool
    return network((3, 32, 32), {**steps, **ending(5)})


def without_blocks() -> Network:
    """No pooling, and the softmax reads the flattened maps themselves."""
    return network((3, 8, 8), {"conv": conv(1, 7), "relu": relu, "flatten": flatten, "output": softmax})


def without_maps() -> Network:
    """No layer of maps at all: the picture is flattened at once."""
    return network(
        (3, 6, 6), {"flatten": flatten, "hidden": dense(5), "output/logits": dense(4), "output": softmax}
    )


def two_classes() -> Network:
    """One value at the end, through a sigmoid; sigmoids between the layers of maps and of vectors, too."""
    return network(
        (3, 14, 12),
        {
            "conv": conv(4),
            "conv/sigmoid": sigmoid,
            "pool": max_pool,
            "flatten": flatten,
            "hidden": dense(6),
            "hidden/sigmoid": sigmoid,
            "output/logits": dense(1),
            "output": sigmoid,
        },
    )


def overflowing() -> Network:
    """Infinities and NaN on the way to logits that are finite: the last pooling picks what padding kept.

    For pictures that are not dark, most values of unit 0 and 1 of "burst" are infinite, of opposite signs.
    """
    burst, clash = np.zeros((3, 3, 1, 1)), np.zeros((3, 3, 1, 1))
    burst[0], burst[1], burst[2] = 3e38, -3e38, 0.5
    clash[0], clash[1, 0], clash[2, 2] = 1, -1, 1  # 0 times infinity is NaN
    return Network(
        [
            Convolution("burst", burst, [1, 2, 3], padding=1),
            ReLU("burst/relu"),
            Convolution("clash", clash, [-1, 2, 0]),
            ReLU("clash/relu"),
            MaxPooling("corners", 1, 9),
            Flatten("flatten"),
            Dense("output/logits", np.linspace(-0.2, 0.3, 24).reshape(2, 12), [0, 0.5]),
            Softmax("output"),
        ],
        (3, 8, 8),
        ["class 0", "class 1"],
    )


def passing() -> Network:
    """Layers that pass their values on: before all others, among maps, and behind the flatten."""
    steps = {"noise": identity, "conv": conv(12), "dropout": identity, "pool": max_pool}
    rest = {"flatten": flatten, "second_noise": identity, "output/logits": dense(4), "output": softmax}
    return network((3, 10, 10), {**steps, **rest})


MAKERS = (tiny_vgg, grey, wide, deep, without_blocks, without_maps, passing)
ALL = {maker.__name__: maker for maker in MAKERS}
