"""What the article says of a network, against numbers found in another way."""

import json
from pathlib import Path

import numpy as np
import pytest
from ui.words import Words

from builder.facts import Mistake, Quote, facts
from pycnn import default_model
from tests.page.networks import make_grey, make_other
from tests.ui.networks import two_classes

ROOT = Path(__file__).parents[2]
WORDS = Words((ROOT / "web/words/en.json").read_text(encoding="utf-8"))
CARD = json.loads((ROOT / "weights/tiny_vgg.json").read_text(encoding="utf-8"))


def activations_of(network):
    _, height, width = network.input_shape
    pixels = np.random.default_rng(4).integers(0, 256, (height, width, 3), np.uint8)
    return network.forward(network.picture_from_pixels(pixels))


def said(network, card=None, mistakes=()):
    return facts(network, activations_of(network), WORDS, card or {}, mistakes)


@pytest.fixture(scope="module")
def shipped():
    network = default_model()
    mistakes = [Mistake("yellow_pepper", "bell pepper", "orange", 0.744)]
    return network, said(network, CARD, mistakes)


def test_the_shipped_networks_names_and_sizes(shipped):
    expected = {
        "input_shape": "3×64×64",
        "input_size": "64×64",
        "input_channels": "3",
        "input_count": "12,288",
        "conv": "conv_1_1",
        "conv_units": "10",
        "conv_inputs": "3",
        "conv_kernels": "30",
        "conv_size": "62×62",
        "kernel_size": "3×3",
        "kernel_weights": "9",
        "conv2": "conv_1_2",
        "conv2_units": "10",
        "conv2_inputs": "10",
        "conv2_kernels": "100",
        "relu": "relu_1_1",
        "pool": "max_pool_1",
        "pool_window": "2×2",
        "pool_stride": "2",
        "pool_input": "60×60",
        "pool_output": "30×30",
        "pool_dropped": "75.0\u2009%",
        "flatten": "flatten",
        "flatten_maps": "10",
        "flatten_size": "13×13",
        "flatten_product": "10×13×13",
        "flatten_count": "1,690",
        "dense_inputs": "1,690",
        "dense_weights": "16,900",
        "classes": "10",
        "last": "output",
        "channel": "red channel",
        "last_y": "61",
        "last_x": "61",
        "rule_n": "64",
        "rule_k": "3",
        "rule_p": "0",
        "rule_s": "1",
        "rule_d": "1",
        "rule_m": "62",
    }
    assert expected.items() <= shipped[1].items()


def test_counts_are_those_of_the_parameters(shipped):
    network, found = shipped
    sizes = {
        layer.name: {name: array.size for name, array in layer.parameters().items()}
        for layer in network.layers
    }
    total = sum(size for layer in sizes.values() for size in layer.values())
    assert found["parameters"] == f"{total:,}"
    weights = sizes["output/logits"]["weights"]
    assert found["dense_weights"] == f"{weights:,}"
    assert found["dense_share"] == f"{100 * weights / total:.1f}\u2009%"
    assert int(found["conv_kernels"]) * int(found["kernel_weights"]) == sizes["conv_1_1"]["kernel"]


def test_the_training_is_told_as_the_model_card_has_it(shipped):
    _, found = shipped
    confusion = np.array(CARD["held_out_confusion"])
    right = confusion.trace() / confusion.sum()
    assert found["held_out_photos"] == str(confusion.sum())
    assert found["accuracy"] == f"{100 * right:.1f}\u2009%"
    assert (found["accuracy_low"], found["accuracy_high"]) == ("79.9\u2009%", "86.4\u2009%")
    assert found["chance"] == "10.0\u2009%"
    assert found["training_photos"] == "4,500"
    assert f"{found['epochs']} epochs" in CARD["recipe"]
    by_class = confusion.diagonal() / confusion.sum(axis=1)
    names = CARD["confusion_classes"]
    assert found["best_class"] == names[by_class.argmax()]
    assert found["worst_class"] == names[by_class.argmin()]
    assert found["best_accuracy"] == f"{100 * by_class.max():.1f}\u2009%"
    assert found["worst_accuracy"] == f"{100 * by_class.min():.1f}\u2009%"
    np.fill_diagonal(confusion, 0)
    truth, guess = np.unravel_index(confusion.argmax(), confusion.shape)
    assert (found["confused"], found["confused_for"]) == (names[truth], names[guess])
    assert found["confused_count"] == str(confusion.max())


ODD = ["high", None, [], [[1]], {}, {"a": "b"}, True, -1, 2.5, float("nan"), 10**400, [1, "2"]]


@pytest.mark.parametrize("key", CARD)
@pytest.mark.parametrize("odd", ODD, ids=str)
def test_what_a_card_says_in_another_form_is_left_out(shipped, key, odd):
    network, whole = shipped
    found = said(network, {**CARD, key: odd}, [Mistake("yellow_pepper", "bell pepper", "orange", 0.744)])
    assert found.items() <= whole.items()
    tells = {
        "held_out_accuracy": "accuracy",
        "held_out_photos": "held_out_photos",
        "training_photos": "training_photos",
        "held_out_accuracy_per_class": "best_class",
        "confusion_classes": "confused",
        "held_out_confusion": "confused",
        "held_out_accuracy_95_percent_interval": "accuracy_low",
        "recipe": "epochs",
    }
    assert key not in tells or tells[key] not in found
    without = dict(CARD)
    del without[key]
    assert said(network, without).items() <= whole.items()


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_a_card_that_is_none_says_nothing(odd):
    assert "accuracy" not in said(default_model(), odd)


def test_a_sigmoids_classes_are_told_by_name():
    found = said(two_classes())
    assert (found["sigmoid"], found["first"], found["second"]) == ("output", "class 0", "class 1")
    assert (found["dense_inputs"], found["dense_weights"]) == ("6", "6")
    assert "softmax" not in found
    assert not {"sigmoid", "first"} & set(said(make_other()))


def test_a_mistake_is_told(shipped):
    expected = {
        "mistake1": "Yellow pepper",
        "mistake1_picture": "yellow_pepper",
        "mistake1_truth": "bell pepper",
        "mistake1_best": "orange",
        "mistake1_percent": "74.4\u2009%",
        "mistake1_unit": "8",
    }
    assert expected.items() <= shipped[1].items()
    assert "mistake2" not in shipped[1]


def test_the_poolings_example_is_its_largest_value(shipped):
    network, found = shipped
    pooled = activations_of(network)["max_pool_1"]
    place = tuple(int(found[f"pool_{name}"]) for name in ("unit", "y", "x"))
    assert pooled[place] == pooled.max()
    assert found["pool_value"] == Quote("value", ("max_pool_1", *place))


def test_another_network_is_told_as_it_is():
    found = said(make_other())
    expected = {
        "conv": "stem",
        "conv_kernels": "18",
        "kernel_size": "5×5",
        "conv2": "body",
        "conv2_kernels": "72",
        "relu": "stem/relu",
        "pool": "pick",
        "flatten": "vector",
        "classes": "7",
        "last": "answer",
    }
    assert expected.items() <= found.items()
    assert not {"accuracy", "epochs", "mistake1", "rule_n"} & set(found)  # no card; 48 rows, but 40 columns


def test_what_a_network_lacks_has_no_facts():
    found = said(make_grey())
    assert found["pool"] == "overlap"
    assert found["input_channels"] == "1"
    assert not {"conv", "sum", "relu", "red"} & set(found)  # its first layer is no convolution
