"""How the forward pass grows with the picture's size and with the number of maps.

python -m benchmarks.growth

The network is built like Tiny VGG, with weights that mean nothing.
"""

from collections.abc import Callable

import numpy as np

from benchmarks.timing import medians, values
from pycnn import Convolution, Dense, Flatten, MaxPooling, Network, ReLU, Softmax
from pycnn.layer import Layer

SIDES = [32, 64, 128, 224]
WIDTHS = [10, 16, 32, 64]
CLASSES = [f"class {number}" for number in range(10)]
ROUNDS = 3


def make_network(side: int, width: int) -> Network:
    """Two blocks of two 3x3 convolutions with `width` maps, for pictures of `side` x `side`."""
    layers: list[Layer] = []
    shape: tuple[int, ...] = (3, side, side)
    for block in (1, 2):
        for number in (1, 2):
            kernel = values(width, shape[0], 3, 3) / np.sqrt(9 * shape[0])
            layers.append(Convolution(f"conv_{block}_{number}", kernel, np.zeros(width)))
            shape = layers[-1].output_shape(shape)
            layers.append(ReLU(f"relu_{block}_{number}"))
        layers.append(MaxPooling(f"max_pool_{block}"))
        shape = layers[-1].output_shape(shape)
    features = int(np.prod(shape))
    weights = values(len(CLASSES), features) / np.sqrt(features)
    layers += [Flatten("flatten"), Dense("output/logits", weights, np.zeros(len(CLASSES))), Softmax("output")]
    return Network(layers, (3, side, side), CLASSES)


def measure() -> list[list[float]]:
    """Milliseconds of a forward pass: for each of SIDES, for each of WIDTHS."""
    return [[forward_pass(side, width) for width in WIDTHS] for side in SIDES]


def forward_pass(side: int, width: int) -> float:
    network, picture = make_network(side, width), np.abs(values(3, side, side))
    calls: dict[str, Callable[[], object]] = {"forward": lambda: network.forward(picture)}
    return medians(calls, ROUNDS)["forward"]


def table() -> str:
    from benchmarks.engine import in_both_pythons  # not at the top: the engine imports this file, too

    widths = "".join(f"{f'{width} maps':>13}" for width in WIDTHS)
    lines = []
    for python, found in in_both_pythons("growth").items():
        lines += ["", f"{f'forward pass, ms, {python}':42}{widths}"]
        for side, row in zip(SIDES, found, strict=True):
            lines.append(f"{f'a picture of {side} x {side}':42}" + "".join(f"{taken:13.1f}" for taken in row))
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
