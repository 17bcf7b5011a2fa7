"""What is exported computes what was trained, before and after folding and rescaling."""

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from pycnn import Network
from weights.export import Parameters, as_pycnn, calibrate, equalise, fold
from weights.train import CLASSES, SIZE, network_to_train

TEMPERATURE = 1.3
CLASS_BIAS = np.linspace(-0.5, 0.4, len(CLASSES))


@pytest.fixture(scope="module")
def trained() -> nn.Sequential:
    """A network as after training: no parameter or statistic is what it began with."""
    generator = torch.Generator().manual_seed(5)
    pixels = torch.randint(0, 256, (8, 3, SIZE, SIZE), generator=generator, dtype=torch.uint8)
    network = network_to_train(pixels).to(memory_format=torch.channels_last)
    with torch.no_grad():
        for module in network:
            if isinstance(module, nn.BatchNorm2d):
                module.weight.uniform_(0.3, 2, generator=generator)
                module.weight[0] *= -1  # a negative factor must not be moved through a ReLU
                module.bias.uniform_(-1, 1, generator=generator)
                module.running_mean.uniform_(-1, 1, generator=generator)
                module.running_var.uniform_(0.2, 3, generator=generator)
            elif isinstance(module, nn.Conv2d | nn.Linear):
                bound = 2 / module.weight[0].numel() ** 0.5
                module.weight.uniform_(-bound, bound, generator=generator)
                if module.bias is not None:
                    module.bias.uniform_(-1, 1, generator=generator)
    return network.eval()


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    return np.random.default_rng(6).random((12, 3, SIZE, SIZE), dtype=np.float32)


@pytest.fixture(scope="module")
def expected(trained: nn.Sequential, pictures: np.ndarray) -> np.ndarray:
    exact = copy.deepcopy(trained).to(torch.float64)
    with torch.inference_mode():
        return exact(torch.from_numpy(pictures).to(torch.float64)).numpy()


def plain_logits(parameters: Parameters, pictures: np.ndarray) -> np.ndarray:
    """What convolutions, ReLU, pooling and a dense layer compute with the parameters, in float64."""
    p = {name: torch.from_numpy(value) for name, value in parameters.items()}
    x = torch.from_numpy(pictures).to(torch.float64)
    for block in ("1", "2"):
        for step in ("1", "2"):
            name = f"conv_{block}_{step}"
            x = functional.relu(functional.conv2d(x, p[f"{name}/kernel"], p[f"{name}/bias"]))
        x = functional.max_pool2d(x, 2)
    return functional.linear(x.flatten(1), p["output/logits/weights"], p["output/logits/bias"]).numpy()


def assert_same(found: np.ndarray, expected: np.ndarray) -> None:
    """Equal within 1e-5, relative to values above 1."""
    assert expected.std() > 0.1
    difference = np.abs(found - expected) / np.maximum(1, np.abs(expected))
    assert difference.max() < 1e-5


def test_folding_changes_nothing(trained: nn.Sequential, pictures: np.ndarray, expected: np.ndarray) -> None:
    assert_same(plain_logits(fold(trained), pictures), expected)


def test_rescaling_changes_nothing(
    trained: nn.Sequential, pictures: np.ndarray, expected: np.ndarray
) -> None:
    assert_same(plain_logits(equalise(fold(trained)), pictures), expected)


def test_rescaling_leaves_what_it_is_given(trained: nn.Sequential) -> None:
    folded = fold(trained)
    before = {name: value.copy() for name, value in folded.items()}
    equalise(folded)
    assert all(np.array_equal(folded[name], before[name]) for name in before)


def test_rescaling_makes_the_largest_magnitudes_equal(trained: nn.Sequential) -> None:
    scaled = equalise(fold(trained))
    largest = []
    for name, values in scaled.items():
        if name.endswith("/kernel"):
            largest += np.abs(values).max(axis=(1, 2, 3)).tolist()
        elif name.endswith("/weights"):
            largest.append(np.abs(values).max())
    assert len(largest) == 41
    assert max(largest) == pytest.approx(min(largest), rel=1e-9)


def test_calibration_divides_the_logits_and_adds_the_bias(
    trained: nn.Sequential, pictures: np.ndarray, expected: np.ndarray
) -> None:
    assert_same(
        plain_logits(calibrate(fold(trained), TEMPERATURE, CLASS_BIAS), pictures),
        expected / TEMPERATURE + CLASS_BIAS,
    )


def test_pycnn_computes_what_was_trained(
    trained: nn.Sequential, pictures: np.ndarray, expected: np.ndarray
) -> None:
    for parameters in (fold(trained), equalise(fold(trained))):
        assert_same(pycnn_logits(as_pycnn(parameters, SIZE, CLASSES, {}), pictures), expected)
    final = as_pycnn(equalise(calibrate(fold(trained), TEMPERATURE, CLASS_BIAS)), SIZE, CLASSES, {})
    assert_same(pycnn_logits(final, pictures), expected / TEMPERATURE + CLASS_BIAS)


def pycnn_logits(network: Network, pictures: np.ndarray) -> np.ndarray:
    return np.stack([network.forward(picture)["output/logits"] for picture in pictures])
