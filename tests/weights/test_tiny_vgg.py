"""The shipped network is what its model card says it is."""

import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from pycnn import Network, default_model, load_model
from pycnn.pictures import read_picture

ROOT = Path(__file__).parents[2]
WEIGHTS = ROOT / "weights"
PHOTOS = ROOT.parent / "shared" / "data" / "tiny-imagenet-10" / "train"
CLASSES = (
    "lifeboat",
    "ladybug",
    "pizza",
    "bell pepper",
    "school bus",
    "koala",
    "espresso",
    "red panda",
    "orange",
    "sport car",
)
LAYERS = [
    ("conv_1_1", "convolution", [10, 62, 62]),
    ("relu_1_1", "relu", [10, 62, 62]),
    ("conv_1_2", "convolution", [10, 60, 60]),
    ("relu_1_2", "relu", [10, 60, 60]),
    ("max_pool_1", "max_pooling", [10, 30, 30]),
    ("conv_2_1", "convolution", [10, 28, 28]),
    ("relu_2_1", "relu", [10, 28, 28]),
    ("conv_2_2", "convolution", [10, 26, 26]),
    ("relu_2_2", "relu", [10, 26, 26]),
    ("max_pool_2", "max_pooling", [10, 13, 13]),
    ("flatten", "flatten", [1690]),
    ("output/logits", "dense", [10]),
    ("output", "softmax", [10]),
]


@pytest.fixture(scope="module")
def network() -> Network:
    return load_model(WEIGHTS / "tiny_vgg.npz")


@pytest.fixture(scope="module")
def card() -> dict:
    return json.loads((WEIGHTS / "tiny_vgg.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def held_out() -> list[str]:
    return (WEIGHTS / "held_out.txt").read_text(encoding="utf-8").split()


def test_architecture_is_tiny_vgg(network: Network) -> None:
    described = network.describe()
    assert [(layer["name"], layer["kind"], layer["output_shape"]) for layer in described["layers"]] == LAYERS
    assert described["input"]["shape"] == [3, 64, 64]
    assert described["parameter_count"] == 19_920
    assert network.classes == CLASSES


def test_it_is_the_network_that_pycnn_uses_by_default(network: Network) -> None:
    assert default_model().describe() == network.describe()


def test_parameters_are_finite_and_of_one_size_in_every_layer(network: Network) -> None:
    largest = {}
    for layer in network.layers:
        for name, values in layer.parameters().items():
            assert np.isfinite(values).all(), f"{layer.name}/{name}"
            if name != "bias":
                largest[layer.name] = np.abs(values).max()
    assert len(largest) == 5
    assert all(0.3 <= value <= 1.5 for value in largest.values()), largest


def test_every_kernel_does_something(network: Network) -> None:
    for layer in network.layers:
        if layer.kind == "convolution":
            assert np.abs(layer.parameters()["kernel"]).max(axis=(1, 2, 3)).min() > 0.01, layer.name


def test_the_file_is_small() -> None:
    assert (WEIGHTS / "tiny_vgg.npz").stat().st_size < 100_000


def test_card_repeats_the_provenance_in_the_file(network: Network, card: dict) -> None:
    assert {"data", "licence_note", "recipe", "seed", "date", "held_out_accuracy"} <= set(network.provenance)
    assert {key: card[key] for key in network.provenance} == network.provenance
    assert card["parameters"] == 19_920
    assert card["file"] == "tiny_vgg.npz"


def test_card_is_consistent(card: dict) -> None:
    per_class = card["held_out_accuracy_per_class"]
    assert tuple(per_class) == CLASSES
    assert card["held_out_photos"] == 500
    # As many photos of every class: the mean of the classes is the whole.
    assert sum(per_class.values()) / len(per_class) == pytest.approx(card["held_out_accuracy"], abs=1e-9)
    low, high = card["held_out_accuracy_95_percent_interval"]
    deviation = math.sqrt(card["held_out_accuracy"] * (1 - card["held_out_accuracy"]) / 500)
    assert low == pytest.approx(card["held_out_accuracy"] - 1.96 * deviation, abs=0.005)
    assert high == pytest.approx(card["held_out_accuracy"] + 1.96 * deviation, abs=0.005)
    assert card["held_out_accuracy"] > 0.6
    assert card["known_weaknesses"]


def test_held_out_names_are_50_different_photos_of_each_class(held_out: list[str]) -> None:
    assert len(set(held_out)) == len(held_out)
    folders = Counter(name.split("/")[0] for name in held_out)
    assert folders == {name.replace(" ", "_"): 50 for name in CLASSES}


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the photos are not here: ../shared/data/tiny-imagenet-10")
def test_accuracy_on_the_held_out_photos_is_what_the_card_says(
    network: Network, card: dict, held_out: list[str]
) -> None:
    correct, losses = Counter(), []
    for name in held_out:
        actual = name.split("/")[0].replace("_", " ")
        found = network.classify(network.picture_from_pixels(read_picture(PHOTOS / name, (64, 64))))
        correct[actual] += found.label == actual
        losses.append(-math.log(found.probabilities[actual]))
    # One photo in doubt may fall to the other side where another processor sums in another order.
    assert sum(correct.values()) / 500 == pytest.approx(card["held_out_accuracy"], abs=1 / 500)
    assert sum(losses) / 500 == pytest.approx(card["held_out_loss"], abs=1e-3)
    for name, share in card["held_out_accuracy_per_class"].items():
        assert correct[name] / 50 == pytest.approx(share, abs=1 / 50), name
