"""No request is silent for long: how much work lies between two news, counted, not timed."""

import json
import math
from io import BytesIO

import numpy as np
import pytest
from engine.news import DOINGS
from engine.session import Session
from PIL import Image

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
from pycnn.pictures import MAX_PIXELS, STAGES, read_picture
from pycnn.steps import STEP
from tests.ui.networks import tiny_vgg

PLAYED = {"size": 7, "input": None, "kernel": [[1, 2], [3, 4]], "stride": 1, "padding": 1, "dilation": 1}


def large():
    """A picture of 224x224, some wide layers, many small ones, and classes by the thousand."""
    rng = np.random.default_rng(5)

    def conv(name, units, channels, size, **options):
        kernel = (rng.random((units, channels, size, size), np.float32) - 0.5) / math.sqrt(
            channels * size * size
        )
        return Convolution(name, kernel, np.zeros(units), **options)

    layers = [
        conv("wide", 48, 3, 7, padding=(3, 2, 3, 1)),
        ReLU("wide/relu"),
        MaxPooling("pool", 3, 2, (1, 0, 0, 1)),
        conv("deep", 40, 48, 3, stride=2, dilation=2, padding=2),
        Sigmoid("deep/sigmoid"),
        AveragePooling("mean", 9, 1, 4),
    ]
    for number in range(30):
        layers += [
            conv(f"small_{number}", 4, 4 if number else 40, 1),
            ReLU(f"small_{number}/relu"),
        ]
    layers += [
        Identity("identity"),
        Flatten("flatten"),
        Dense("hidden", rng.random((1600, 4 * 56 * 56), np.float32) - 0.5, np.zeros(1600)),
        Softmax("hidden/softmax"),
        Dense("logits", rng.random((4096, 1600), np.float32) - 0.5, np.zeros(4096)),
        Softmax("output"),
    ]
    return Network(layers, (3, 224, 224), [f"class {number}" for number in range(4096)])


class Heard:
    """Takes news down, and the work that NumPy was given between them."""

    def __init__(self):
        self.told = []

    def __call__(self, doing, name, done, total):
        assert (type(done), type(total)) == (int, int)
        assert 0 <= done <= total
        assert doing in DOINGS
        self.told.append((doing, name, done, total))

    def take(self):
        told, self.told = self.told, []
        return told


@pytest.fixture(scope="module")
def shown():
    heard = Heard()
    session = Session(large(), news=heard)
    pixels = np.random.default_rng(2).integers(0, 256, 224 * 224 * 3, np.uint8)
    session.show(pixels, "layer")
    return session, heard, heard.take(), pixels


def names(told, doing):
    """The names told of while that was done, each of them once, in order."""
    return list(dict.fromkeys(name for what, name, _, _ in told if what == doing))


def is_counted(told):
    """Steps are counted one by one up to their total, and then perhaps anew."""
    before = 0
    for doing, name, done, total in told:
        assert done == before + 1, (doing, name, done, total)
        before = done % total
    assert before == 0
    return True


def test_showing_tells_of_every_layer_and_counts_its_steps(shown):
    session, _, told, _ = shown
    layers = [layer.name for layer in session.network.layers]
    forward = [one for one in told if one[0] == "forward"]
    assert names(told, "forward") == layers
    assert is_counted(forward)
    assert {total for *_, total in forward} == {session.network.steps}
    assert names(told, "colour") == ["input", *layers]
    assert is_counted([one for one in told if one[0] == "colour"])
    assert {doing for doing, *_ in told} == {"forward", "colour"}


def test_a_step_forward_is_never_much_work(shown):
    """By the definition of each layer, not by what the layer says of itself."""
    session, _, told, _ = shown
    for layer in session.network.layers:
        steps = sum(name == layer.name for doing, name, *_ in told if doing == "forward")
        output = session.network.output_shapes[layer.name]
        values = math.prod(output)
        if isinstance(layer, Convolution):
            work = values * layer.kernel[0].size
        elif isinstance(layer, Dense):
            work = layer.weights.size
        elif isinstance(layer, MaxPooling | AveragePooling):
            work = 8 * values * math.prod(layer.size)
        else:
            work = (64 if isinstance(layer, Sigmoid | Softmax) else 4) * values
        # Blocks are not all of one size.
        assert work / STEP <= steps <= 1 + 4 * work / STEP, layer.name


def test_the_layers_of_the_shipped_network_are_one_step_each():
    network = tiny_vgg()
    told = []
    network.forward(np.zeros(network.input_shape, np.float32), lambda *news: told.append(news))
    names = [layer.name for layer in network.layers]
    assert told == [(name, done, len(names)) for done, name in enumerate(names, 1)]


@pytest.mark.parametrize(
    ("request_", "parts", "doing", "named", "least"),
    [
        ("recolour", ["network"], "colour", ["input", "wide", "mean", "flatten"], 48 * 224 * 224 / 2**18),
        ("open", ["wide", "3", ""], "view", ["wide"], 3 * 224 * 224 / 2**18),
        ("open", ["deep", "3", ""], "view", ["deep"], 48 * 56 * 56 * 9 * 4 / STEP),
        ("open", ["pool", "3", ""], "view", ["pool"], 112 * 112 * 9 / 2**18),
        ("open", ["output", "3", ""], "view", ["logits"], 4),
        ("csv", ["wide", "3"], "save", ["wide"], 224 * 224 / 2**14),
        ("csv", ["flatten", "0"], "save", ["flatten"], 1),
        ("play", [json.dumps(PLAYED)], "play", [""], 3),
        ("save", [], "save", ["pixels", "input", "wide", "output"], 48 * 224 * 224 * 4 / 2**18),
    ],
)
def test_what_grows_with_the_network_tells_of_itself(request_, parts, doing, named, least, shown):
    session, heard, _, _ = shown
    getattr(session, request_)(*parts)
    told = heard.take()
    assert {what for what, *_ in told} == {doing}
    assert set(named) <= set(names(told, doing))
    assert len(told) >= least
    assert is_counted(told)


def test_comparing_and_quoting_tell_of_themselves(shown):
    session, heard, _, pixels = shown
    session.compare(pixels, "{}")
    told = heard.take()
    layers = [layer.name for layer in session.network.layers]
    assert names(told, "forward") == layers
    assert names(told, "compare") == ["input", *layers]
    asked = {str(source): ["partial", "deep", 7, source, 5, 6] for source in range(48)}
    answers, _ = session.quote(json.dumps(asked))
    assert heard.take() == [("quote", "", number, 48) for number in range(1, 49)]
    expected = session.network.layers[3].intermediate(session._last().activations["pool"], 7)[:, 5, 6]
    np.testing.assert_allclose(list(answers.values()), expected, rtol=1e-5, atol=1e-5)


# Pictures


def picture_file(kind, width, height, **options):
    file = BytesIO()
    ramp = np.add.outer(np.arange(height), np.arange(width)).astype(np.uint8)
    Image.fromarray(np.stack([ramp, ramp // 2, ramp.T[:1, :1] + ramp], axis=-1)).save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_reading_a_picture_tells_of_its_stages(kind):
    told = []
    read_picture(picture_file(kind, 1800, 900), (64, 64), lambda *news: told.append(news))
    met = list(dict.fromkeys(stage for stage, _, _ in told))
    assert met == [stage for stage in STAGES if stage in met]
    assert met[-2:] == ["decode", "fit"]
    assert all(0 <= done <= total for _, done, total in told)
    fitted = [(done, total) for stage, done, total in told if stage == "fit"]
    assert fitted[-1] == (900, 900)
    assert (
        max(after - done for (done, _), (after, _) in zip([(0, 0), *fitted], fitted, strict=False)) * 900
        <= 2**18
    )


def test_a_request_for_a_picture_hands_the_news_on():
    heard = Heard()
    session = Session(tiny_vgg(), news=heard)
    session.decode(np.frombuffer(picture_file("PNG", 300, 200), np.uint8))
    assert {doing for doing, *_ in heard.told} == {"read"}
    assert names(heard.take(), "read") == list(STAGES)
    session.fit(np.zeros(300 * 200 * 4, np.uint8), "300", "200")
    assert heard.take() == [("read", "fit", 200, 200)]


def test_files_of_many_small_parts_tell_of_themselves():
    """A JPEG of empty segments, and one of millions of bytes that only fill."""
    jpeg = picture_file("JPEG", 40, 40)
    told = []
    segments = jpeg[:2] + b"\xff\xe3\0\2" * 50_000 + jpeg[2:]
    filled = jpeg[:2] + b"\xff" * 2**22 + jpeg[2:]
    expected = read_picture(jpeg, (40, 40))
    np.testing.assert_array_equal(read_picture(segments, (40, 40), lambda *news: told.append(news)), expected)
    assert 10 <= sum(stage == "open" for stage, _, _ in told) <= 20
    np.testing.assert_array_equal(read_picture(filled, (40, 40)), expected)
    assert MAX_PIXELS == 50_000_000
