"""Whole networks: against the oracle, their description, their input, and what they refuse."""

import json

import numpy as np
import oracle
import pytest
from scipy import special

from pycnn import (
    AveragePooling,
    Convolution,
    Dense,
    Flatten,
    MaxPooling,
    Network,
    ReLU,
    ShapeError,
    Sigmoid,
    Softmax,
    default_model,
)


@pytest.mark.parametrize("seed", range(40))
def test_random_networks_equal_the_oracle(seed):
    network, picture = oracle.random_network(seed)
    outputs, expected = network.forward(picture), oracle.forward(network, picture)
    assert list(outputs) == list(expected) == [layer.name for layer in network.layers]
    for name, output in outputs.items():
        assert output.dtype == np.float32
        assert output.flags.c_contiguous
        oracle.assert_equal(output, expected[name])


@pytest.mark.parametrize("seed", range(10))
def test_classify_reads_the_last_two_layers(seed):
    network, picture = oracle.random_network(seed)
    outputs, classification = network.forward(picture), network.classify(picture)
    assert list(classification.probabilities) == list(classification.logits) == list(network.classes)
    logits, probabilities = (outputs[name].tolist() for name in ("output/logits", "output"))
    if len(logits) == 1:
        logits, probabilities = [-logits[0], *logits], [special.expit(-logits[0]), *probabilities]
    assert list(classification.probabilities.values()) == pytest.approx(probabilities, rel=1e-6)
    assert list(classification.logits.values()) == logits
    assert classification.label == network.classes[np.argmax(logits)]
    assert abs(sum(classification.probabilities.values()) - 1) < 1e-6
    assert network.describe()["logits"] == "output/logits"


def two_classes(logit, **changes):
    """A network whose logit for the second of two classes is the given one, whatever the picture."""
    layers = [Flatten("flatten"), Dense("output/logits", np.zeros((1, 192)), [logit]), Sigmoid("output")]
    return tiny(**{"layers": layers, **changes})


@pytest.mark.parametrize("logit", [0, 1, -1, 17, 20, -30, 80, -100, 3e38, -3e38])
def test_what_a_sigmoid_leaves_for_the_first_class_keeps_its_digits(logit):
    said = two_classes(logit).classify(np.ones((3, 8, 8), np.float32))
    logit = float(np.float32(logit))
    expected = [special.expit(-logit), special.expit(logit)]
    assert list(said.probabilities) == ["cat", "red dog"]
    assert list(said.probabilities.values()) == pytest.approx(expected, rel=1e-6, abs=1e-45)
    assert list(said.logits.values()) == [-logit, logit]
    assert said.label == ("red dog" if logit > 0 else "cat")


def test_a_sigmoid_refuses_a_logit_that_overflowed():
    layers = [
        Dense("one", np.full((1, 192), 3e38), [0]),
        Sigmoid("output"),
    ]
    with pytest.raises(ValueError, match=r"'output' .*overflowed"):
        tiny(layers=[Flatten("flatten"), *layers]).classify(np.ones((3, 8, 8), np.float32))


def test_an_infinity_on_the_way_is_let_through():
    layers = list(tiny().layers)
    layers[0] = Convolution("conv", np.full((2, 3, 3, 3), -3e38), [0, 0], padding=1)
    outputs = tiny(layers=layers).forward(np.ones((3, 8, 8), np.float32))
    assert np.isneginf(outputs["conv"]).any()
    assert np.isfinite(outputs["output"]).all()


def test_one_value_without_a_sigmoid_is_refused_with_the_reason():
    one = [Flatten("flatten"), Dense("one", np.ones((1, 192)), [0])]
    for layers, sentence in (
        (one, "no probabilities. Its last layer is 'one' .dense."),
        ([*one, Softmax("output")], "'output' is a softmax over one value, which is 100 % for every picture"),
        ([*one, ReLU("relu")], "no probabilities. Its last layer is 'relu'"),
        ([Flatten("flatten"), Sigmoid("output")], r"'output' \(sigmoid\) .*\(192,\).*multi-label"),
        ([Sigmoid("output")], r"'output' \(sigmoid\) .*\(3, 8, 8\).*multi-label"),
    ):
        with pytest.raises(ValueError, match=sentence):
            tiny(layers=layers)
    with pytest.raises(ValueError, match="two classes apart, but there are 3 names"):
        two_classes(0, classes=["a", "b", "c"])
    with pytest.raises(ValueError, match="two classes apart, but there are 1 names"):
        two_classes(0, classes=["a"])


@pytest.mark.parametrize("seed", range(10))
def test_signed_layers_are_those_that_may_be_negative(seed):
    network, picture = oracle.random_network(seed)
    signed = {layer["name"]: layer["signed"] for layer in network.describe()["layers"]}
    assert not any(
        (output < 0).any() and not signed[name] for name, output in network.forward(picture).items()
    )


def tiny(**changes):
    arguments = {
        "layers": [
            Convolution("conv", np.ones((2, 3, 3, 3)), [0, 0], padding=1),
            ReLU("relu"),
            MaxPooling("max"),
            AveragePooling("mean", (2, 1)),
            Flatten("flatten"),
            Dense("output/logits", np.ones((2, 16)), [0, 1]),
            Softmax("output"),
        ],
        "input_shape": (3, 8, 8),
        "classes": ["cat", "red dog"],
        "provenance": {"trained": "never"},
    }
    return Network(**{**arguments, **changes})


def test_describe_is_plain_data_about_every_layer():
    description = tiny().describe()
    assert json.loads(json.dumps(description)) == description
    assert description["input"] == {"shape": [3, 8, 8]}
    assert description["classes"] == ["cat", "red dog"]
    assert description["provenance"] == {"trained": "never"}
    assert description["parameter_count"] == 2 * 27 + 2 + 32 + 2
    layers = description["layers"]
    assert layers[0] == {
        "name": "conv",
        "kind": "convolution",
        "hyperparameters": {"stride": [1, 1], "padding": [1, 1, 1, 1], "dilation": [1, 1]},
        "input_shape": [3, 8, 8],
        "output_shape": [2, 8, 8],
        "parameters": {"kernel": [2, 3, 3, 3], "bias": [2]},
        "parameter_count": 56,
        "connections": "all",
        "signed": True,
        "block": 1,
    }
    assert [layer["output_shape"] for layer in layers[1:]] == [
        [2, 8, 8],
        [2, 4, 4],
        [2, 2, 4],
        [16],
        [2],
        [2],
    ]
    assert [layer["block"] for layer in layers] == [1, 1, 1, 2, None, None, None]
    assert [layer["signed"] for layer in layers] == [True, False, False, False, False, True, False]
    assert [layer["connections"] for layer in layers] == ["all", "one", "one", "one", "one", "all", "all"]


def test_a_description_can_be_changed_without_harm():
    network = tiny(provenance={"notes": ["one"]})
    network.describe()["provenance"]["notes"].append("two")
    network.describe()["classes"].clear()
    assert network.describe()["provenance"] == {"notes": ["one"]}
    assert network.describe()["classes"] == ["cat", "red dog"]


def test_pixels_become_values_from_0_to_1_with_channels_first():
    pixels = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    picture = tiny().picture_from_pixels(pixels)
    assert picture.dtype == np.float32
    assert picture.flags.c_contiguous
    for y, x, c in np.ndindex(pixels.shape):
        assert picture[c, y, x] == np.float32(pixels[y, x, c]) / np.float32(255)


def test_a_network_of_one_channel_sees_the_luma():
    layers = [Flatten("flatten"), Dense("logits", np.ones((2, 4)), [0, 0]), Softmax("output")]
    network = tiny(layers=layers, input_shape=(1, 2, 2))
    pixels = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]], dtype=np.uint8)
    picture = network.picture_from_pixels(pixels)
    assert picture.shape == (1, 2, 2)
    np.testing.assert_allclose(picture[0], [[0.299, 0.587], [0.114, 1]], atol=1e-6)


def test_other_pixels_are_refused():
    for pixels in (
        np.zeros((8, 9, 3), np.uint8),
        np.zeros((8, 8), np.uint8),
        np.zeros((8, 8, 3), np.float32),
    ):
        with pytest.raises(ShapeError, match=r"uint8 pixels of shape \(8, 8, 3\), but got"):
            tiny().picture_from_pixels(pixels)
    two = tiny(
        layers=[Flatten("f"), Dense("l", np.ones((2, 8)), [0, 0]), Softmax("s")], input_shape=(2, 2, 2)
    )
    with pytest.raises(ShapeError, match=r"\(2, 2, 2\)"):
        two.picture_from_pixels(np.zeros((2, 2, 3), np.uint8))


@pytest.mark.parametrize(
    "picture", [np.zeros((3, 8, 9), np.float32), np.zeros((8, 8, 3), np.float32), np.zeros((3, 8, 8))]
)
def test_another_picture_is_refused(picture):
    with pytest.raises(ShapeError) as refusal:
        tiny().forward(picture)
    assert "float32 picture of shape (3, 8, 8)" in str(refusal.value)
    assert str(picture.shape) in str(refusal.value)


def test_overflow_is_refused_in_a_sentence():
    layers = list(tiny().layers)
    layers[0] = Convolution("conv", np.full((2, 3, 3, 3), 3e38), [0, 0], padding=1)
    with pytest.raises(ValueError, match="overflowed"):
        tiny(layers=layers).classify(np.ones((3, 8, 8), np.float32))


LAYERS = tiny().layers


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"layers": []}, "must end with a softmax"),
        ({"layers": LAYERS[:-1]}, "must end with a softmax"),
        ({"layers": [ReLU("relu"), *LAYERS]}, "layer names .* 'relu' stands there 2 times"),
        ({"layers": [ReLU("input"), *LAYERS]}, "layer names .* 'input' stands there 2 times"),
        ({"layers": LAYERS[1:]}, r"'output/logits' .*\(2, 16\).*\(24,\)"),
        ({"layers": [*LAYERS[:4], *LAYERS[5:]]}, r"'output/logits' .*16 values.*\(2, 2, 4\)"),
        ({"input_shape": (1, 8, 8)}, r"'conv' .*\(2, 3, 3, 3\).*\(1, 8, 8\)"),
        ({"input_shape": (3, 1, 1)}, r"'max' .*\(2, 1, 1\)"),
        ({"input_shape": (3, 8)}, "input shape"),
        ({"input_shape": (3, 8, 0)}, "input shape"),
        ({"input_shape": (3, 8, 8.0)}, "input shape"),
        ({"classes": []}, "classes"),
        ({"classes": ["cat"]}, r"'output' .*\(2,\).*1 classes need \(1,\)"),
        ({"classes": ["cat", "cat"]}, "'cat' stands there 2 times"),
        ({"classes": ["cat", ""]}, "classes"),
        ({"classes": ["cat", 7]}, "classes"),
        ({"classes": ["cat", "\0"]}, "classes must be texts that can be written"),
        ({"classes": ["cat", "\ud800"]}, "classes must be texts that can be written"),
    ],
)
def test_impossible_networks_are_refused(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        tiny(**changes)


def test_the_shipped_network_is_a_tiny_vgg():
    network = default_model()
    description = network.describe()
    assert [layer["name"] for layer in description["layers"]] == [
        *("conv_1_1", "relu_1_1", "conv_1_2", "relu_1_2", "max_pool_1"),
        *("conv_2_1", "relu_2_1", "conv_2_2", "relu_2_2", "max_pool_2"),
        *("flatten", "output/logits", "output"),
    ]
    sizes = [layer["output_shape"][-1] for layer in description["layers"]]
    assert sizes == [62, 62, 60, 60, 30, 28, 28, 26, 26, 13, 1690, 10, 10]
    assert description["parameter_count"] == 19920
    assert description["classes"] == [
        *("lifeboat", "ladybug", "pizza", "bell pepper", "school bus"),
        *("koala", "espresso", "red panda", "orange", "sport car"),
    ]
    assert description["provenance"]
    picture = np.random.default_rng(0).random((3, 64, 64), dtype=np.float32)
    for name, expected in oracle.forward(network, picture).items():
        oracle.assert_equal(network.forward(picture)[name], expected)
