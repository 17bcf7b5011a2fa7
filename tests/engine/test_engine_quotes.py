"""What the lesson quotes, against the activations and against sums written as loops."""

import json

import numpy as np
import pytest
from engine.quotes import KINDS, Quotes
from engine.session import Session

from pycnn import AveragePooling, Convolution, Dense, Flatten, MaxPooling, Network, ReLU, Softmax

RANDOM = np.random.default_rng(3)


def random(*shape):
    return RANDOM.normal(size=shape).astype(np.float32)


CONV = Convolution("conv", random(4, 3, 3, 2), random(4), stride=(2, 1), padding=(1, 0))
POOL = MaxPooling("pool", 3, stride=2, padding=1)
NETWORK = Network(
    [
        CONV,
        ReLU("relu"),
        POOL,
        AveragePooling("mean", 2),
        Flatten("flatten"),
        Dense("logits", random(5, 8), random(5)),
        Softmax("out"),
    ],
    (3, 9, 8),
    list("abcde"),
)
PIXELS = RANDOM.integers(0, 256, (9, 8, 3), np.uint8)
INPUT = NETWORK.picture_from_pixels(PIXELS)
LAYERS = {"input": INPUT, **NETWORK.forward(INPUT)}


@pytest.fixture(scope="module")
def quote():
    session = Session(NETWORK)
    session.show(PIXELS, "layer")

    def ask(*question):
        facts, arrays = session.quote(json.dumps({"asked": question}))
        assert arrays == []
        return facts["asked"]

    return ask


def window(y, x):
    """(row, column) of the picture under each cell of the convolution's kernel at output place (y, x)."""
    return [(2 * y + i - 1, x + j) for i in range(3) for j in range(2)]


def test_every_kind_of_question_is_a_method():
    assert set(KINDS) == {name for name in vars(Quotes) if not name.startswith("_")}


def test_values_of_maps_and_vectors(quote):
    assert quote("value", "input", 2, 8, 7) == INPUT[2, 8, 7]
    assert quote("value", "relu", 3, 4, 6) == LAYERS["relu"][3, 4, 6]
    assert quote("value", "flatten", 0, 0, 3) == LAYERS["flatten"][3]


@pytest.mark.parametrize("place", [(0, 0), (2, 3), (4, 6)])
def test_a_convolutions_window_kernel_and_sums(quote, place):
    covered = quote("window", "conv", 1, *place)
    inside = [(0 <= row < 9) for row, _ in window(*place)]
    assert covered == [
        INPUT[1, row, column] if there else 0
        for (row, column), there in zip(window(*place), inside, strict=True)
    ]
    kernel = quote("kernel", "conv", 3, 1)
    assert kernel == CONV.kernel[3, 1].ravel().tolist()
    partial = quote("partial", "conv", 3, 1, *place)
    products = quote("products", "conv", 3, 1, *place)
    assert products == [value * weight for value, weight in zip(covered, kernel, strict=True)]
    assert partial == pytest.approx(sum(products), abs=1e-5)
    partials = [quote("partial", "conv", 3, source, *place) for source in range(3)]
    total = sum(partials) + quote("bias", "conv", 3)
    assert total == pytest.approx(LAYERS["conv"][3][place], abs=1e-5)


@pytest.mark.parametrize("place", [(0, 0), (1, 2), (2, 4), (3, 1)])
def test_a_dilated_convolutions_window_holds_the_values_that_it_reads(place):
    """Its cells are (3, 2) apart, some of them in the padding."""
    conv = Convolution("conv", random(2, 3, 3, 2), random(2), (2, 1), (1, 3, 2, 0), (3, 2))
    layers = [conv, Flatten("flatten"), Dense("logits", random(2, 2 * 4 * 8), random(2)), Softmax("out")]
    session = Session(Network(layers, (3, 9, 8), ["a", "b"]))
    session.show(PIXELS, "layer")
    y, x = place
    asked = {
        "window": ["window", "conv", 1, y, x],
        "products": ["products", "conv", 1, 2, y, x],
        "partial": ["partial", "conv", 1, 2, y, x],
        "outside": ["window", "conv", 2, y, x],
    }
    said, _ = session.quote(json.dumps(asked))
    cells = [(2 * y - 1 + 3 * i, x - 2 + 2 * j) for i in range(3) for j in range(2)]
    for name, source in (("window", 1), ("outside", 2)):
        expected = [INPUT[(source, *cell)] if 0 <= cell[0] < 9 and 0 <= cell[1] < 8 else 0 for cell in cells]
        assert said[name] == expected
    weights = conv.kernel[1, 2].ravel().tolist()
    assert said["products"] == [
        value * weight for value, weight in zip(said["outside"], weights, strict=True)
    ]
    assert said["partial"] == pytest.approx(sum(said["products"]), abs=1e-5)


@pytest.mark.parametrize(("place", "count"), [((0, 0), 4), ((1, 1), 9), ((2, 3), 4)])
def test_a_poolings_window_is_without_padding(quote, place, count):
    covered = quote("window", "pool", 2, *place)
    assert len(covered) == count
    assert max(covered) == LAYERS["pool"][2][place]


def test_classes_and_what_a_relu_cuts(quote):
    assert quote("logit", 4) == LAYERS["logits"][4]
    assert quote("probability", 4) == LAYERS["out"][4]
    assert quote("best") == np.argmax(LAYERS["out"])
    assert quote("cut", "relu", 1) == np.mean(LAYERS["conv"][1] < 0)


def test_more_than_one_question_at_once():
    session = Session(NETWORK)
    session.show(PIXELS, "layer")
    asked = {"one": ["best"], "two": ["bias", "conv", 0]}
    assert session.quote(json.dumps(asked))[0] == {"one": np.argmax(LAYERS["out"]), "two": CONV.bias[0]}


@pytest.mark.parametrize(
    "question",
    [
        ["value", "absent", 0, 0, 0],
        ["value", "conv", 4, 0, 0],
        ["value", "conv", 0],
        ["window", "conv", 0, 5, 0],
        ["window", "conv", 0, 0, 7],
        ["window", "conv", 0, -1, 0],
        ["window", "relu", 0, 0, 0],
        ["kernel", "relu", 0, 0],
        ["partial", "relu", 0, 0, 0, 0],
        ["probability", 5],
        ["_layers"],
        ["worst"],
    ],
)
def test_what_is_not_there_is_refused(quote, question):
    with pytest.raises(ValueError, match=r"^(there is no|one can quote)"):
        quote(*question)
