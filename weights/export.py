"""From the network that was trained to the one that is shipped, which computes the same.

While it learns, the network has batch normalisation after each convolution and takes normalised pictures.
Both are linear, so they are folded into the kernels and biases: what is shipped is convolution, ReLU, pooling
and a dense layer, and takes plain pictures in [0, 1]. Parameters are held by pycnn's names, such as
"conv_1_1/kernel", in float64 until the network is made.
"""

from collections.abc import Sequence

import numpy as np
from torch import nn

import pycnn

Parameters = dict[str, np.ndarray]

DENSE = "output/logits"


def fold(network: nn.Sequential) -> Parameters:
    """Kernels and biases that compute the same without normalising the picture or the maps.

    network is what train.network_to_train makes, ready to evaluate.
    """
    tensors = {name: value.numpy().astype(np.float64) for name, value in network.state_dict().items()}
    parameters = {}
    for name in (
        name.removeprefix("conv_") for name, _ in network.named_children() if name.startswith("conv_")
    ):
        norm = network.get_submodule(f"norm_{name}")
        factor = tensors[f"norm_{name}.weight"] / np.sqrt(tensors[f"norm_{name}.running_var"] + norm.eps)
        kernel = tensors[f"conv_{name}.weight"] * factor[:, None, None, None]
        bias = tensors[f"norm_{name}.bias"] - tensors[f"norm_{name}.running_mean"] * factor
        parameters[f"conv_{name}/kernel"], parameters[f"conv_{name}/bias"] = kernel, bias
    # Exact because the convolution has no padding: every weight always meets a normalised pixel.
    first_kernel, first_bias = list(parameters)[:2]
    parameters[first_kernel] = parameters[first_kernel] / tensors["normalise.deviation"][:, None, None]
    shift = parameters[first_kernel] * tensors["normalise.mean"][:, None, None]
    parameters[first_bias] = parameters[first_bias] - shift.sum(axis=(1, 2, 3))
    parameters[f"{DENSE}/weights"] = tensors[f"{DENSE}.weight"]
    parameters[f"{DENSE}/bias"] = tensors[f"{DENSE}.bias"]
    return parameters


def calibrate(parameters: Parameters, temperature: float, class_bias: np.ndarray) -> Parameters:
    """Divide all logits by the temperature, then add class_bias (classes,) to them.

    The temperature changes confidence and not the order of the classes; a class with a positive bias is
    named more often.
    Sources: Guo et al. 2017, On Calibration of Modern Neural Networks, equation 9; Menon et al. 2021,
    Long-Tail Learning via Logit Adjustment, section 4.1.
    """
    weights, bias = f"{DENSE}/weights", f"{DENSE}/bias"
    return parameters | {
        weights: parameters[weights] / temperature,
        bias: parameters[bias] / temperature + class_bias,
    }


def equalise(parameters: Parameters) -> Parameters:
    """Give every kernel, and the dense layer, the same largest magnitude without changing what they compute.

    ReLU and max pooling pass a positive factor through, so a channel may be multiplied by one if the next
    layer's weights on that channel are divided by it. First every kernel's largest magnitude becomes 1, which
    leaves some largest magnitude d to the dense layer. With n convolutions, the (n + 1)th root of d, taken
    out of it and given to each convolution and the dense layer itself, then makes all of them equal.
    """
    scaled = {name: value.copy() for name, value in parameters.items()}
    names = [name.removesuffix("/kernel") for name in scaled if name.endswith("/kernel")]
    last_channels = len(scaled[f"{names[-1]}/kernel"])
    dense = scaled[f"{DENSE}/weights"]
    # What reads each convolution's maps, its inputs (map, everything of that map) on the second axis.
    readers = [scaled[f"{name}/kernel"] for name in names[1:]] + [
        dense.reshape(len(dense), last_channels, -1)
    ]

    def multiply(name: str, reader: np.ndarray, factor: np.ndarray) -> None:
        scaled[f"{name}/kernel"] *= factor[:, None, None, None]
        scaled[f"{name}/bias"] *= factor
        reader /= factor.reshape(1, -1, *(1,) * (reader.ndim - 2))

    for name, reader in zip(names, readers, strict=True):
        multiply(name, reader, 1 / np.abs(scaled[f"{name}/kernel"]).max(axis=(1, 2, 3)))
    share = np.abs(dense).max() ** (1 / (len(names) + 1))
    for count, (name, reader) in enumerate(zip(names, readers, strict=True), start=1):
        # The factors of the layers before it have already gone through this one, hence the power.
        multiply(name, reader, np.full(len(scaled[f"{name}/kernel"]), share**count))
    return scaled


def as_pycnn(
    parameters: Parameters, size: int, classes: Sequence[str], provenance: dict[str, object]
) -> pycnn.Network:
    """The network that is shipped, layer by layer, in float32; it takes pictures of size x size pixels."""
    values = {name: value.astype(np.float32) for name, value in parameters.items()}
    convolutions = [name.removesuffix("/kernel") for name in values if name.endswith("/kernel")]
    layers: list[pycnn.Layer] = []
    for name, following in zip(convolutions, [*convolutions[1:], ""], strict=True):
        _, block, step = name.split("_")
        layers.append(pycnn.Convolution(name, values[f"{name}/kernel"], values[f"{name}/bias"]))
        layers.append(pycnn.ReLU(f"relu_{block}_{step}"))
        if not following.startswith(f"conv_{block}_"):
            layers.append(pycnn.MaxPooling(f"max_pool_{block}"))
    layers.append(pycnn.Flatten("flatten"))
    layers.append(pycnn.Dense(DENSE, values[f"{DENSE}/weights"], values[f"{DENSE}/bias"]))
    layers.append(pycnn.Softmax("output"))
    return pycnn.Network(layers, (3, size, size), classes, provenance)
