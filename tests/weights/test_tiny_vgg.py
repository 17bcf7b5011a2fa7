"""The shipped network is what its model card says it is."""

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from pycnn import Network, default_model, load_model
from weights import train
from weights.card import legibility
from weights.evaluate import classify_all, figures_of, wilson_interval
from weights.photos import folder_name, iterate_photos, read_photos

ROOT = Path(__file__).parents[2]
WEIGHTS = ROOT / "weights"
PHOTOS = ROOT.parent / "shared" / "data" / "tiny-imagenet-10" / "train"
needs_photos = pytest.mark.skipif(
    not PHOTOS.is_dir(), reason="the photos are not here: ../shared/data/tiny-imagenet-10"
)
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


def test_parameters_are_finite_and_of_one_size_in_every_layer(network: Network, card: dict) -> None:
    largest = {}
    for layer in network.layers:
        for name, values in layer.parameters().items():
            assert np.isfinite(values).all(), f"{layer.name}/{name}"
            if name != "bias":
                largest[layer.name] = np.abs(values).max()
    assert len(largest) == 5
    assert all(0.3 <= value <= 1.5 for value in largest.values()), largest
    assert card["largest_weight"] == pytest.approx(largest, abs=1e-3)


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


def test_card_says_the_licence_of_the_data(card: dict) -> None:
    assert card["data"].startswith("Tiny ImageNet")
    assert "research use" in card["licence_note"]


def test_card_figures_follow_from_its_confusion_matrix(card: dict) -> None:
    confusion = np.array(card["held_out_confusion"])
    assert card["confusion_classes"] == list(CLASSES)
    assert confusion.sum(axis=1).tolist() == [50] * 10
    assert card["held_out_photos"] == 500
    assert card["held_out_accuracy"] == confusion.trace() / 500
    low, high = wilson_interval(confusion.trace(), 500)
    assert card["held_out_accuracy_95_percent_interval"] == pytest.approx([low, high], abs=1e-4)
    assert list(card["held_out_accuracy_per_class"]) == list(CLASSES)
    assert list(card["held_out_accuracy_per_class"].values()) == (confusion.diagonal() / 50).tolist()
    for name, (low, high) in card["held_out_accuracy_per_class_95_percent_interval"].items():
        assert low < card["held_out_accuracy_per_class"][name] < high


def test_card_calibration_error_follows_from_its_bins(card: dict) -> None:
    bins = card["held_out_calibration"]
    assert sum(each["photos"] for each in bins) == 500
    apart = sum(each["photos"] * abs(each["confidence"] - each["accuracy"]) for each in bins) / 500
    assert card["held_out_calibration_error"] == pytest.approx(apart, abs=2e-4)
    right = sum(each["photos"] * each["accuracy"] for each in bins) / 500
    assert right == pytest.approx(card["held_out_accuracy"], abs=1e-4)


def test_the_network_is_good_enough_to_teach_with(card: dict) -> None:
    assert card["held_out_accuracy"] >= 0.8
    assert card["held_out_calibration_error"] <= 0.05
    assert min(card["held_out_accuracy_per_class"].values()) >= 0.65
    assert card["dead_maps"] == 0


def test_activations_are_readable_with_two_decimals(card: dict) -> None:
    for key in ("median_peak_activation", "largest_activation"):
        assert list(card[key]) == [name for name, kind, _ in LAYERS if kind == "relu"]
        assert all(0.2 < value < 100 for value in card[key].values()), card[key]


def test_every_key_of_the_card_is_documented(card: dict) -> None:
    text = (WEIGHTS / "README.md").read_text(encoding="utf-8")
    documented = re.findall(
        r"`(\w+)`", "".join(line.split("|")[1] for line in text.splitlines() if "|" in line)
    )
    assert set(card) <= set(documented)


def test_training_curve_is_of_the_shipped_network(card: dict) -> None:
    with (WEIGHTS / "tiny_vgg_training.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert f"; {len(rows)} epochs " in card["recipe"]
    # The shipped network averages the last epochs' weights, so it is not quite the last epoch's.
    assert float(rows[-1]["held_out_accuracy"]) == pytest.approx(card["held_out_accuracy"], abs=0.03)


def test_held_out_names_are_50_different_photos_of_each_class(held_out: list[str]) -> None:
    assert len(set(held_out)) == len(held_out)
    folders = Counter(name.split("/")[0] for name in held_out)
    assert folders == {folder_name(name): 50 for name in CLASSES}


@needs_photos
def test_figures_on_the_held_out_photos_are_what_the_card_says(
    network: Network, card: dict, held_out: list[str]
) -> None:
    photos = iterate_photos(PHOTOS, held_out, CLASSES, (64, 64))
    figures = figures_of(*classify_all(network, photos), CLASSES)
    # One photo in doubt may fall to the other side where another processor sums in another order.
    assert figures.accuracy == pytest.approx(card["held_out_accuracy"], abs=1 / 500)
    assert figures.loss == pytest.approx(card["held_out_loss"], abs=1e-3)
    assert figures.calibration_error == pytest.approx(card["held_out_calibration_error"], abs=5e-3)
    assert np.abs(figures.confusion - card["held_out_confusion"]).sum() <= 2


@needs_photos
def test_numbers_on_the_page_are_as_large_as_the_card_says(
    network: Network, card: dict, held_out: list[str]
) -> None:
    photos, _ = read_photos(PHOTOS, held_out, CLASSES, (64, 64))
    measured = legibility(network, photos)
    assert measured["dead_maps"] == card["dead_maps"]
    for key in ("largest_activation", "median_peak_activation"):
        assert measured[key] == pytest.approx(card[key], abs=2e-3)


@needs_photos
def test_no_held_out_photo_was_learnt_from(card: dict, held_out: list[str]) -> None:
    """By the pixels' hashes, not by name: the same photo could be there twice."""
    learnt, aside = train.split(PHOTOS, train.Recipe())
    assert aside == held_out
    photos = train.read(PHOTOS, learnt)
    assert len(learnt) == card["training_photos"]
    assert photos.sha256() == card["training_photos_sha256"]  # those that training itself had before it

    def hashes(pixels: Iterable[np.ndarray]) -> set[str]:
        return {hashlib.sha256(photo.tobytes()).hexdigest() for photo in pixels}

    unseen = hashes(train.as_photos(train.read(PHOTOS, held_out)))
    assert len(unseen) == 500
    assert not unseen & hashes(train.as_photos(photos))
