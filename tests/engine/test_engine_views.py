"""What the engine shows of one unit, against plain loops and SciPy, and what it lets a visitor take along."""

import csv
import io
import json
import math
import zipfile

import numpy as np
import pytest
from colour_oracle import assert_colours, puor
from engine.session import Session
from scipy.signal import correlate2d
from scipy.special import expit, softmax

from pycnn import (
    AveragePooling,
    Convolution,
    Dense,
    Flatten,
    MaxPooling,
    Network,
    ReLU,
    Sigmoid,
    Softmax,
    default_model,
)
from tests.ui.networks import ALL, overflowing, passing, two_classes, without_blocks, without_maps

CLASSES = ["one", "two", "three", "four", "five", "six, and a half", '<seven> & "more"']


def other():
    """Strides, asymmetric padding, 5x5 and dilated kernels, windows with overlaps or gaps, a hidden layer."""
    random = np.random.default_rng(7)

    def values(*shape):
        return random.normal(size=shape) / np.sqrt(np.prod(shape[1:]))

    layers = [
        Convolution("stem", values(6, 3, 5, 5), values(6), stride=2, padding=1),
        ReLU("stem/relu"),
        AveragePooling("shrink", 3, stride=2, padding=(1, 0, 0, 2)),
        Convolution(
            "body", values(12, 6, 3, 2), values(12), stride=(1, 2), padding=(1, 2, 2, 2), dilation=(2, 2)
        ),
        ReLU("rectify"),
        MaxPooling("pick", (3, 2), stride=(2, 3), padding=(1, 1, 0, 1)),
        Flatten("vector"),
        Dense("hidden", values(20, 120), values(20)),
        ReLU("hidden/relu"),
        Dense("answer/logits", values(7, 20), values(7)),
        Softmax("answer"),
    ]
    return Network(layers, (3, 48, 40), CLASSES)


NETWORKS = {"shipped": default_model, "other": other, **ALL}


class Shown:
    """A network with a picture in a session, and what pycnn itself makes of that picture."""

    def __init__(self, network, pixels=None):
        self.network = network
        _, height, width = network.input_shape
        if pixels is None:
            pixels = np.random.default_rng(11).integers(0, 256, (height, width, 3), np.uint8)
        self.pixels = pixels
        self.session = Session(network)
        self.session.show(pixels.ravel(), "layer")
        picture = network.picture_from_pixels(pixels)
        self.values = {"input": picture, **network.forward(picture)}
        names = list(self.values)
        self.before = dict(zip(names[1:], names, strict=False))
        self.layers = {layer.name: layer for layer in network.layers}
        *_, self.logits, self.classes = names
        self.has_logits = self.layers[self.logits].kind == "dense"

    def open(self, layer, unit=0, view=""):
        """Facts and arrays by name; the arrays are what the facts list."""
        facts, arrays = self.session.open(layer, str(unit), view)
        assert json.loads(json.dumps(facts)) == facts
        assert [shape for _, shape in facts["arrays"]] == [list(array.shape) for array in arrays]
        assert (facts["layer"], facts["unit"]) == (layer, unit)
        return facts, dict(zip([name for name, _ in facts["arrays"]], arrays, strict=True))

    def of_kind(self, *kinds):
        """(layer, what it reads, what it gives) for each layer of these kinds that works on maps."""
        for name, layer in self.layers.items():
            if layer.kind in kinds and self.values[name].ndim == 3:
                yield layer, self.values[self.before[name]], self.values[name]

    def columns(self):
        return [name for name in self.values if not (self.has_logits and name == self.logits)]

    def units(self, name):
        return len(self.values[name]) if self.values[name].ndim == 3 or name == self.classes else 1


@pytest.fixture(params=NETWORKS.values(), ids=NETWORKS, scope="module")
def shown(request):
    return Shown(request.param())


@pytest.fixture(scope="module")
def tiny():
    return Shown(default_model())


@pytest.fixture(scope="module")
def another():
    return Shown(other())


def equal(actual, expected):
    """Same type float32 or float64, same shape, and values equal as the project defines it."""
    expected = np.asarray(expected, np.float64)
    assert actual.dtype in (np.float32, np.float64)
    assert actual.shape == expected.shape
    assert (np.abs(actual - expected) <= 1e-5 * np.maximum(1, np.abs(expected))).all()


def same(actual, expected):
    """The very values of an activation."""
    assert actual.dtype == expected.dtype
    assert np.array_equal(actual, expected)
    assert actual.shape == expected.shape


# every view


def test_every_unit_of_every_column_has_a_view(shown):
    for name in shown.columns():
        for unit in range(shown.units(name)):
            facts, arrays = shown.open(name, unit)
            assert arrays
            if name == shown.classes and shown.has_logits:
                assert facts["logits"] == shown.logits
                assert facts["before"] == shown.before[shown.logits]
            else:
                assert "logits" not in facts
                assert facts["before"] == shown.before.get(name)


def views_of(shown):
    return {name: shown.open(name)[0]["view"] for name in shown.columns()}


def test_views_of_the_shipped_network(tiny):
    assert views_of(tiny) == {
        "input": "input",
        "conv_1_1": "convolution",
        "relu_1_1": "relu",
        "conv_1_2": "convolution",
        "relu_1_2": "relu",
        "max_pool_1": "pooling",
        "conv_2_1": "convolution",
        "relu_2_1": "relu",
        "conv_2_2": "convolution",
        "relu_2_2": "relu",
        "max_pool_2": "pooling",
        "flatten": "flatten",
        "output": "dense",
    }


def test_views_of_another_network(another):
    assert views_of(another) == {
        "input": "input",
        "stem": "convolution",
        "stem/relu": "relu",
        "shrink": "pooling",
        "body": "convolution",
        "rectify": "relu",
        "pick": "pooling",
        "vector": "flatten",
        "hidden": "general",
        "hidden/relu": "general",
        "answer": "dense",
    }


def test_a_softmax_within_the_network_has_the_general_view():
    values = np.random.default_rng(1).normal
    layers = [
        Flatten("flat"),
        Dense("gate", values(size=(5, 12)), values(size=5)),
        Softmax("soft"),
        Dense("logits", values(size=(3, 5)), values(size=3)),
        Softmax("end"),
    ]
    shown = Shown(Network(layers, (3, 2, 2), ["a", "b", "c"]))
    assert views_of(shown) == {
        "input": "input",
        "flat": "flatten",
        "gate": "general",
        "soft": "general",
        "end": "dense",
    }
    facts, arrays = shown.open("soft")
    assert facts["before"] == "gate"
    same(arrays["inputs"], shown.values["gate"])
    same(arrays["output"], shown.values["soft"])


def test_the_picture_shown_last_is_the_one_that_counts(tiny):
    session = Session(tiny.network)
    session.show(tiny.pixels.ravel(), "layer")
    dark = tiny.pixels // 2
    session.show(dark.ravel(), "layer")
    _, arrays = session.open("conv_2_1", "3", "")
    same(arrays[3], Shown(tiny.network, dark).values["conv_2_1"][3])


def test_opening_changes_nothing(shown):
    expected = {name: values.copy() for name, values in shown.values.items()}
    for name in shown.columns():
        shown.open(name)
    again = np.load(io.BytesIO(shown.session.save()[1][0].tobytes()))
    for name, values in expected.items():
        same(again[name], values)


# input, flatten and the general view


def test_input(shown):
    for unit in range(shown.units("input")):
        facts, arrays = shown.open("input", unit)
        assert facts["view"] == "input"
        assert facts["before"] is None
        assert list(arrays) == ["inputs"]
        same(arrays["inputs"], shown.values["input"])


@pytest.mark.parametrize("maker", [default_model, other, without_maps])
def test_flatten(maker):
    shown = Shown(maker())
    (name,) = [name for name, layer in shown.layers.items() if layer.kind == "flatten"]
    facts, arrays = shown.open(name)
    assert facts["view"] == "flatten"
    assert list(arrays) == ["inputs", "output"]
    same(arrays["inputs"], shown.values[facts["before"]])
    assert arrays["output"].tolist() == [
        value for one in arrays["inputs"].tolist() for row in one for value in row
    ]


def test_general(another):
    for name, before in [("hidden", "vector"), ("hidden/relu", "hidden")]:
        facts, arrays = another.open(name)
        assert (facts["view"], facts["before"]) == ("general", before)
        assert list(arrays) == ["inputs", "output"]
        same(arrays["inputs"], another.values[before])
        same(arrays["output"], another.values[name])


def test_layers_that_pass_values_on_have_the_general_view():
    shown = Shown(passing())
    for name, before, units in (
        ("noise", "input", 3),
        ("dropout", "conv", 12),
        ("second_noise", "flatten", 1),
    ):
        assert shown.units(name) == units
        facts, arrays = shown.open(name)
        assert (facts["view"], facts["before"]) == ("general", before)
        same(arrays["inputs"], shown.values[before])
        same(arrays["output"], shown.values[name])
        same(shown.values[name], shown.values[before])


# convolution


def test_convolution(shown):
    for layer, inputs, output in shown.of_kind("convolution"):
        top, bottom, left, right = layer.padding
        for unit in range(len(output)):
            facts, arrays = shown.open(layer.name, unit)
            assert facts["view"] == "convolution"
            same(arrays["inputs"], inputs)
            same(arrays["kernel"], layer.kernel[unit])
            same(arrays["output"], output[unit])
            intermediate = arrays["intermediate"]
            spread = np.zeros((len(inputs), *layer.extent))  # the kernel with zeros between its cells
            spread[:, :: layer.dilation[0], :: layer.dilation[1]] = layer.kernel[unit]
            alone = [
                correlate2d(np.pad(one, ((top, bottom), (left, right))).astype(np.float64), kernel, "valid")[
                    :: layer.stride[0], :: layer.stride[1]
                ]
                for one, kernel in zip(inputs, spread, strict=True)
            ]
            assert intermediate.dtype == np.float32
            equal(intermediate, alone)
            equal(intermediate.sum(axis=0, dtype=np.float64) + facts["bias"], output[unit])
            assert facts["bias"] == layer.bias[unit]
            limits = {"kernel": np.abs(layer.kernel[unit]).max(), "intermediate": np.abs(alone).max()}
            assert facts["limits"] == pytest.approx(limits, rel=1e-5)
            for name, values in [("kernel", layer.kernel[unit]), ("intermediate", intermediate)]:
                assert_colours(arrays[f"{name}_colours"], puor(values, facts["limits"][name]))


def test_the_window_of_a_convolution(another):
    facts, arrays = another.open("body", 11)
    assert (facts["size"], facts["stride"], facts["padding"]) == ([3, 2], [1, 2], [1, 2, 2, 2])
    assert facts["dilation"] == [2, 2]
    assert list(arrays) == [
        "inputs",
        "kernel",
        "intermediate",
        "output",
        "kernel_colours",
        "intermediate_colours",
    ]
    facts, _ = another.open("stem", 0)
    assert (facts["size"], facts["stride"], facts["padding"]) == ([5, 5], [2, 2], [1, 1, 1, 1])
    assert facts["dilation"] == [1, 1]


def test_a_kernel_of_zeros_is_white():
    layers = [Convolution("conv", np.zeros((2, 3, 3, 3)), [0.5, -0.5]), Flatten("flat"), Softmax("end")]
    facts, arrays = Shown(Network(layers, (3, 3, 4), ["a", "b", "c", "d"])).open("conv", 1)
    assert facts["limits"] == {"kernel": 0, "intermediate": 0}
    for name in ("kernel_colours", "intermediate_colours"):
        assert (arrays[name] == [247, 247, 247, 255]).all()
    assert (arrays["output"] == -0.5).all()


# relu


def test_relu(shown):
    for layer, inputs, output in shown.of_kind("relu"):
        for unit in range(len(output)):
            facts, arrays = shown.open(layer.name, unit)
            assert facts["view"] == "relu"
            assert list(arrays) == ["inputs", "output"]
            same(arrays["inputs"], inputs[[unit]])
            same(arrays["output"], output[unit])
            values = inputs[unit].ravel().tolist()
            assert facts["count"] == len(values)
            assert facts["cut"] == len([value for value in values if value < 0])


def test_some_values_are_cut_and_a_zero_is_not(tiny):
    facts, _ = tiny.open("relu_1_1", 0)
    assert any(0 < tiny.open("relu_1_1", unit)[0]["cut"] < facts["count"] for unit in range(10))
    layers = [Convolution("conv", np.zeros((1, 3, 1, 1)), [0]), ReLU("relu"), Flatten("flat"), Softmax("end")]
    facts, _ = Shown(Network(layers, (3, 1, 2), ["a", "b"])).open("relu")
    assert (facts["cut"], facts["count"]) == (0, 2)


# pooling


def pooled(layer, values):
    """Output, winners and covered positions of one map, window by window."""
    height, width = values.shape
    top, bottom, left, right = layer.padding
    output, winners, covered = [], set(), set()
    for y in range(-top, height + bottom - layer.size[0] + 1, layer.stride[0]):
        output.append([])
        for x in range(-left, width + right - layer.size[1] + 1, layer.stride[1]):
            cells = [
                (row, column)
                for row in range(y, y + layer.size[0])
                for column in range(x, x + layer.size[1])
                if 0 <= row < height and 0 <= column < width
            ]
            covered.update(cells)
            winner = max(cells, key=lambda cell: values[cell])  # of equal ones the first
            winners.add(winner)
            mean = math.fsum(float(values[cell]) for cell in cells) / len(cells)
            output[-1].append(values[winner] if layer.kind == "max_pooling" else mean)
    return output, winners, covered


def test_pooling(shown):
    for layer, inputs, output in shown.of_kind("max_pooling", "average_pooling"):
        for unit in range(len(output)):
            facts, arrays = shown.open(layer.name, unit)
            expected, winners, covered = pooled(layer, inputs[unit])
            assert facts["view"] == "pooling"
            assert list(arrays) == ["inputs", "output"]
            same(arrays["inputs"], inputs[[unit]])
            same(arrays["output"], output[unit])
            equal(arrays["output"], expected)
            assert facts["count"] == inputs[unit].size
            assert facts["covered"] == len(covered)
            assert facts["rule"] == layer.kind.split("_")[0]
            assert facts["kept"] == (len(winners) if facts["rule"] == "max" else 0)


def test_the_window_of_a_pooling(another):
    facts, _ = another.open("pick", 4)
    assert (facts["size"], facts["stride"], facts["padding"]) == ([3, 2], [2, 3], [1, 1, 0, 1])
    assert another.values["rectify"].shape == (12, 10, 6)
    assert (facts["count"], facts["covered"]) == (60, 40)  # each third column lies between windows
    facts, _ = another.open("shrink", 0)
    assert (facts["rule"], facts["size"], facts["stride"]) == ("average", [3, 3], [2, 2])
    assert (facts["count"], facts["covered"]) == (23 * 19, 22 * 19)  # the last row is left over


def pool_of_red(red, layer):
    """The facts of a pooling of the red channel, where `red` holds bytes."""
    pixels = np.zeros((*np.shape(red), 3), np.uint8)
    pixels[..., 0] = red
    _, height, width = layer.output_shape((3, *np.shape(red)))
    network = Network(
        [layer, Flatten("flat"), Softmax("end")],
        (3, *np.shape(red)),
        [str(n) for n in range(3 * height * width)],
    )
    return Shown(network, pixels).open(layer.name)[0]


def test_of_equal_values_the_first_wins():
    assert pool_of_red([[5, 5, 1]], MaxPooling("pool", (1, 2), stride=1))["kept"] == 2
    assert pool_of_red([[1, 5, 5]], MaxPooling("pool", (1, 2), stride=1))["kept"] == 1
    assert pool_of_red(np.full((3, 3), 9), MaxPooling("pool", 2, stride=1))["kept"] == 4
    assert pool_of_red([[1, 1, 1], [1, 9, 1], [1, 1, 1]], MaxPooling("pool", 2, stride=1))["kept"] == 1


def test_values_that_no_window_reaches_are_not_covered():
    facts = pool_of_red(np.arange(25).reshape(5, 5), MaxPooling("pool", 2))
    assert (facts["count"], facts["covered"], facts["kept"]) == (25, 16, 4)
    facts = pool_of_red(np.arange(25).reshape(5, 5), AveragePooling("pool", 1, stride=3))
    assert (facts["count"], facts["covered"], facts["kept"]) == (25, 4, 0)


def test_padding_never_wins():
    facts = pool_of_red(np.zeros((2, 2)), MaxPooling("pool", 2, stride=2, padding=1))
    assert (facts["count"], facts["covered"], facts["kept"]) == (4, 4, 4)


# dense


def test_dense(shown):
    if not shown.has_logits:
        assert shown.open(shown.classes)[0]["view"] == "softmax"
        return
    layer = shown.layers[shown.logits]
    inputs = shown.values[shown.before[shown.logits]]
    for unit in range(len(shown.network.classes)):
        facts, arrays = shown.open(shown.classes, unit)
        assert facts["view"] == "dense"
        assert facts["before"] == shown.before[shown.logits]
        assert list(arrays) == [
            "inputs",
            "weights",
            "products",
            "sums",
            "weights_colours",
            "products_colours",
        ]
        same(arrays["inputs"], inputs)
        same(arrays["weights"], layer.weights[unit])
        exact = [float(w) * float(x) for w, x in zip(layer.weights[unit], inputs, strict=True)]
        assert arrays["products"].dtype == arrays["sums"].dtype == np.float32
        same(arrays["products"], np.float32(exact))
        maps = 1 if facts["maps"] is None else facts["maps"]["shape"][0]
        length = len(exact) // maps
        products = arrays["products"].tolist()
        sums = [math.fsum(products[n * length : (n + 1) * length]) for n in range(maps)]
        assert arrays["sums"] == pytest.approx(np.array(sums), rel=1e-6, abs=1e-12)
        assert facts["total"] == pytest.approx(math.fsum(products), rel=1e-12, abs=1e-12)
        assert facts["bias"] == layer.bias[unit]
        assert facts["logit"] == shown.values[shown.logits][unit]
        for total in (facts["total"], arrays["sums"].sum(dtype=np.float64)):
            equal(np.float64(total + facts["bias"]), facts["logit"])
        assert facts["limits"] == {
            "weights": np.abs(layer.weights[unit]).max(),
            "products": np.abs(arrays["products"]).max(),
        }
        for name in ("weights", "products"):
            assert_colours(arrays[f"{name}_colours"], puor(arrays[name], facts["limits"][name]))


def test_the_strongest_products_for_and_against_a_class(shown):
    if not shown.has_logits:
        assert "strongest" not in shown.open(shown.classes)[0]
        return
    for unit in range(len(shown.network.classes)):
        facts, arrays = shown.open(shown.classes, unit)
        products = arrays["products"].tolist()
        indices = range(len(products))
        strongest = {
            "for": sorted((n for n in indices if products[n] > 0), key=lambda n: (-products[n], n))[:8],
            "against": sorted((n for n in indices if products[n] < 0), key=lambda n: (products[n], n))[:8],
        }
        assert facts["strongest"] == strongest


def test_products_of_zero_are_never_among_the_strongest():
    weights = np.zeros((2, 12))
    weights[0, [1, 2, 5, 7]] = [1, -2, 3, 3]
    layers = [Flatten("flat"), Dense("logits", weights, [0.25, -1]), Softmax("end")]
    shown = Shown(Network(layers, (3, 2, 2), ["a", "b"]), np.full((2, 2, 3), 255, np.uint8))
    assert shown.open("end", 0)[0]["strongest"] == {"for": [5, 7, 1], "against": [2]}
    facts, arrays = shown.open("end", 1)
    assert facts["strongest"] == {"for": [], "against": []}
    assert (facts["total"], facts["bias"], facts["logit"], facts["limits"]["products"]) == (0, -1, -1, 0)
    assert (arrays["products_colours"] == [247, 247, 247, 255]).all()


def test_maps_of_a_dense_layer(tiny, another):
    facts, arrays = tiny.open("output", 4)
    assert facts["maps"] == {"layer": "max_pool_2", "shape": [10, 13, 13]}
    assert arrays["sums"].shape == (10,)
    facts, arrays = another.open("answer", 4)
    assert facts["maps"] is None
    assert arrays["sums"].shape == (1,)


def test_maps_of_a_dense_layer_may_be_the_picture_itself():
    layers = [Flatten("flat"), Dense("logits", np.ones((2, 12)), [0, 1]), Softmax("end")]
    facts, arrays = Shown(Network(layers, (3, 2, 2), ["a", "b"])).open("end", 1)
    assert facts["maps"] == {"layer": "input", "shape": [3, 2, 2]}
    equal(arrays["sums"], arrays["inputs"].reshape(3, 4).astype(np.float64).sum(axis=1))


# sigmoid


@pytest.mark.parametrize("logit", [0, 0.75, -2.5, 20, -80, 88, -88, -89, 120, -1e4, 3e38, -3e38])
def test_sigmoid(logit):
    layers = [Flatten("flat"), Dense("logits", np.zeros((1, 12)), [logit]), Sigmoid("end")]
    network = Network(layers, (3, 2, 2), ["a", "b"])
    session = Session(network)
    shown = session.show(np.zeros((2, 2, 3), np.uint8), "layer")[0]
    logit = float(np.float32(logit))
    p = [expit(-logit), expit(logit)]
    assert shown["logits"] == [-logit, logit]
    assert shown["probabilities"] == pytest.approx(p, rel=1e-6, abs=1e-45)
    for unit in (0, 1):
        facts, (probabilities,) = session.open("end", str(unit), "sigmoid")
        json.dumps(facts, allow_nan=False)
        assert (facts["view"], facts["logits"], facts["logit"]) == ("sigmoid", "logits", logit)
        assert facts["flipped"] == (logit < -88.72)
        assert facts["exponential"] == pytest.approx(math.exp(-abs(logit) if facts["flipped"] else -logit))
        assert facts["total"] == 1 + facts["exponential"]
        assert probabilities.tolist() == shown["probabilities"]
        parts = [1, facts["exponential"]] if facts["flipped"] else [facts["exponential"], 1]
        assert [part / facts["total"] for part in parts] == pytest.approx(p, rel=1e-12)
        facts, _ = session.open("end", str(unit), "")
        assert (facts["view"], facts["unit"], facts["logit"], facts["bias"]) == ("dense", unit, logit, logit)
        with pytest.raises(ValueError, match="no view 'softmax', only dense, sigmoid"):
            session.open("end", str(unit), "softmax")
    rows = session.csv("end", "0")[1][0].tobytes().decode().splitlines()
    assert rows[0] == "name,logit,probability"
    read = [[float(number) for number in row.split(",")[1:]] for row in rows[1:]]
    expected = [[-logit, shown["probabilities"][0]], [logit, shown["probabilities"][1]]]
    assert np.array_equal(np.float32(read), np.float32(expected))


def test_a_sigmoid_inside_a_network_is_a_layer_like_others():
    shown = Shown(two_classes())
    facts, arrays = shown.open("conv/sigmoid", 2)
    assert facts["view"] == "general"
    same(arrays["output"], shown.values["conv/sigmoid"])
    assert shown.open("hidden/sigmoid")[0]["view"] == "general"


# what is not finite


def test_infinities_and_nan_on_the_way_stop_nothing():
    network = overflowing()
    pixels = np.random.default_rng(3).integers(60, 256, (8, 8, 3), np.uint8)
    session = Session(network)
    with np.errstate(all="raise", under="ignore"):
        facts, (colours,) = session.show(pixels.ravel(), "layer")
        answers = [facts, session.recolour("network")[0], session.summary(pixels.ravel())]
        values = {
            "input": network.picture_from_pixels(pixels),
            **network.forward(network.picture_from_pixels(pixels)),
        }
        for layer in ("input", "burst", "burst/relu", "clash", "clash/relu", "corners", "flatten", "output"):
            units = len(facts["ranges"][layer]) if layer != "output" else 2
            for unit in range(units):
                answers.append(session.open(layer, str(unit), "")[0])
                session.csv(layer, str(unit))
        asked = {
            "up": ["value", "burst", 0, 4, 4],
            "window": ["window", "clash", 0, 4, 4],
            "products": ["products", "clash", 1, 0, 4, 4],
            "partial": ["partial", "clash", 2, 0, 4, 4],
            "cut": ["cut", "burst/relu", 1],
        }
        quotes = session.quote(json.dumps(asked))[0]
        session.save()
    for answer in [*answers, quotes]:
        json.dumps(answer, allow_nan=False)
    assert quotes["up"] == "inf"
    assert (quotes["window"], quotes["products"], quotes["partial"]) == (["inf"], ["-inf"], "nan")
    assert np.isposinf(values["burst"]).any()
    assert np.isneginf(values["burst"]).any()
    assert np.isnan(values["clash"]).any()
    assert facts["ranges"]["burst"][0] == [1.0, "inf"]
    assert facts["ranges"]["clash/relu"][2] == ["nan", "nan"]
    for scale in facts["scales"]:
        finite = [one[np.isfinite(one)] for one in (values[name] for name in scale["layers"])]
        assert scale["limit"] == pytest.approx(max(float(np.abs(one).max()) for one in finite))
        for name in scale["layers"]:
            place = facts["places"][name]
            shown = values[name] if values[name].ndim == 3 else values[name].reshape(1, -1, 1)
            painted = colours[place["offset"] :][: shown.size * 4].reshape(*shown.shape, 4)
            known = np.nan_to_num(shown.astype(np.float64), nan=0.0)
            assert_colours(painted, puor(np.clip(known, -scale["limit"], scale["limit"]), scale["limit"]))
    assert session.compare(pixels.ravel(), json.dumps(session.summary(pixels.ravel())))[0] == {
        "differing": []
    }


def test_a_pooling_of_minus_infinities_counts_what_it_keeps():
    burst = Convolution("burst", np.full((1, 3, 1, 1), -3e38), [0], padding=0)
    layers = [burst, MaxPooling("pool", 2, 2, 1), Sigmoid("tame"), Flatten("flat"), Softmax("end")]
    network = Network(layers, (3, 4, 4), [f"class {n}" for n in range(9)])
    session = Session(network)
    session.show(np.full(48, 255, np.uint8), "layer")
    facts, _ = session.open("pool", "0", "")
    assert (facts["count"], facts["kept"]) == (16, 9)


# softmax


def test_softmax(shown):
    logits = shown.values[shown.logits]
    for unit in range(0, len(logits), max(1, len(logits) // 10)):
        facts, arrays = shown.open(shown.classes, unit, "softmax")
        assert facts["view"] == "softmax"
        assert facts["before"] == shown.logits
        assert facts.get("logits") == (shown.logits if shown.has_logits else None)
        assert list(arrays) == ["logits", "exponentials", "shifted", "probabilities"]
        same(arrays["logits"], logits)
        same(arrays["probabilities"], shown.values[shown.classes])
        assert arrays["exponentials"].dtype == arrays["shifted"].dtype == np.float64
        largest = max(logits.tolist())
        assert (facts["largest"], facts["subtracted"]) == (largest, 0)
        exponentials = [math.exp(logit) for logit in logits.tolist()]
        shifted = [math.exp(logit - largest) for logit in logits.tolist()]
        assert arrays["exponentials"] == pytest.approx(np.array(exponentials), rel=1e-12)
        assert arrays["shifted"] == pytest.approx(np.array(shifted), rel=1e-12)
        assert facts["total"] == pytest.approx(math.fsum(exponentials), rel=1e-12)
        assert facts["shifted_total"] == pytest.approx(math.fsum(shifted), rel=1e-12)
        expected = softmax(logits.astype(np.float64))
        equal(arrays["exponentials"] / facts["total"], expected)
        equal(arrays["shifted"] / facts["shifted_total"], expected)
        equal(arrays["probabilities"], expected)


def test_a_softmax_without_a_dense_layer():
    shown = Shown(without_blocks())
    facts, _ = shown.open("output", 1)
    assert (facts["view"], facts["before"]) == ("softmax", "flatten")
    assert facts == shown.open("output", 1, "softmax")[0]


@pytest.mark.parametrize(
    ("logits", "subtracted"),
    [
        ([88.7, 3, -2], 0),
        ([-400, 88.8, -2], 88.8),
        ([3e38, 1e38, -3e38], 3e38),
        ([-87.3, -300, -2e9], 0),
        ([-200, -87.4, -90], -87.4),
        ([-3e38, -2e38, -3e38], -2e38),
    ],
)
def test_the_largest_logit_is_subtracted_where_exp_would_leave_float32(logits, subtracted):
    layers = [Flatten("flat"), Dense("logits", np.zeros((3, 3)), logits), Softmax("end")]
    facts, arrays = Shown(Network(layers, (3, 1, 1), ["a", "b", "c"])).open("end", 0, "softmax")
    assert facts["subtracted"] == np.float32(subtracted)
    assert facts["largest"] == np.float32(max(logits))
    assert np.isfinite(arrays["exponentials"]).all()
    assert 0 < facts["total"] <= 3 * float(np.finfo(np.float32).max)
    equal(arrays["exponentials"] / facts["total"], softmax(np.float32(logits).astype(np.float64)))
    equal(arrays["shifted"] / facts["shifted_total"], arrays["probabilities"])


# refusals


@pytest.mark.parametrize("layer", ["", "conv_9", "output/logits", "Input", "0"])
def test_an_unknown_layer_is_refused(tiny, layer):
    for ask in (lambda: tiny.session.open(layer, "0", ""), lambda: tiny.session.csv(layer, "0")):
        with pytest.raises(
            ValueError, match=r"has the columns input, conv_1_1, .*, output, but no '"
        ) as refused:
            ask()
        assert type(refused.value) is ValueError


@pytest.mark.parametrize("unit", ["", "10", "-1", "1.0", "one", "٣", "²", " 1", "1" * 5000])
def test_an_unknown_unit_is_refused(tiny, unit):
    for ask in (lambda: tiny.session.open("conv_1_1", unit, ""), lambda: tiny.session.csv("conv_1_1", unit)):
        with pytest.raises(ValueError, match="conv_1_1 has the units 0 to 9, but no '") as refused:
            ask()
        assert type(refused.value) is ValueError


def test_units_end_with_the_column(shown):
    for name in shown.columns():
        shown.session.open(name, str(shown.units(name) - 1), "")
        with pytest.raises(ValueError, match="has the units 0 to"):
            shown.session.open(name, str(shown.units(name)), "")


@pytest.mark.parametrize(
    ("layer", "view", "offered"),
    [
        ("conv_1_1", "softmax", "convolution"),
        ("output", "convolution", "dense, softmax"),
        ("input", "x", "input"),
    ],
)
def test_an_unknown_view_is_refused(tiny, layer, view, offered):
    with pytest.raises(ValueError, match=f"{layer} has no view '{view}', only {offered}") as refused:
        tiny.session.open(layer, "0", view)
    assert type(refused.value) is ValueError


def test_before_a_picture_was_shown_there_is_nothing_to_tell():
    session = Session(default_model())
    for ask in (lambda: session.open("input", "0", ""), session.save, lambda: session.csv("input", "0")):
        with pytest.raises(ValueError, match="no picture went through the network yet"):
            ask()


# save


def test_saved_activations_are_those_shown(shown):
    facts, (data,) = shown.session.save()
    assert facts == {}
    assert data.dtype == np.uint8
    with np.load(io.BytesIO(data.tobytes()), allow_pickle=False) as saved:
        assert set(saved) == {"pixels", *shown.values}
        same(saved["pixels"], shown.pixels)
        for name, values in shown.values.items():
            same(saved[name], values)


def test_saved_activations_are_compressed(tiny):
    _, (data,) = tiny.session.save()
    with zipfile.ZipFile(io.BytesIO(data.tobytes())) as archive:
        assert {member.compress_type for member in archive.infolist()} == {zipfile.ZIP_DEFLATED}
        assert archive.testzip() is None
    assert data.size < sum(values.nbytes for values in tiny.values.values())


def test_a_layer_may_have_any_name():
    names = ["file", "args/../x", "käse.npy", "pixels"]
    flat, *others = names
    layers = [Flatten(flat), *(ReLU(name) for name in others), Softmax("allow_pickle")]
    shown = Shown(Network(layers, (3, 1, 1), ["a", "b", "c"]))
    _, (data,) = shown.session.save()
    members = zipfile.ZipFile(io.BytesIO(data.tobytes())).namelist()
    assert members == [
        "pixels_.npy",
        "input.npy",
        "file.npy",
        "args/%2E%2E/x.npy",
        "käse.npy.npy",
        "pixels.npy",
        "allow_pickle.npy",
    ]
    saved = np.load(io.BytesIO(data.tobytes()))
    for name in ["file", "käse.npy", "pixels", "allow_pickle"]:
        same(saved[name], shown.values[name])
    same(saved["args/%2E%2E/x"], shown.values["args/../x"])
    assert np.array_equal(saved["pixels_"].ravel(), shown.pixels.ravel())


# csv


def rows_of(answer):
    facts, (data,) = answer
    assert facts == {}
    assert data.dtype == np.uint8
    text = data.tobytes().decode()
    assert text.endswith("\n")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_a_unit_as_csv_is_exact(shown):
    for name in shown.columns():
        values = shown.values[name]
        if name == shown.classes:
            continue
        for unit in range(shown.units(name)):
            rows = np.array(rows_of(shown.session.csv(name, str(unit)))).astype(np.float32)
            same(rows, values[unit] if values.ndim == 3 else values[:, np.newaxis])


def test_classes_as_csv(shown):
    for unit in ("0", str(len(shown.network.classes) - 1)):
        header, *rows = rows_of(shown.session.csv(shown.classes, unit))
        assert header == ["name", "logit", "probability"]
        names, *numbers = zip(*rows, strict=True)
        assert names == shown.network.classes
        same(np.float32(numbers), np.stack([shown.values[shown.logits], shown.values[shown.classes]]))


def test_names_of_classes_are_quoted_where_csv_needs_it(another):
    _, (data,) = another.session.csv("answer", "0")
    lines = data.tobytes().decode().split("\n")
    assert lines[0] == "name,logit,probability"
    assert lines[1].startswith("one,")
    assert lines[6].startswith('"six, and a half",')
    assert lines[7].startswith('"<seven> & ""more""",')
    assert lines[8:] == [""]
