"""What the engine answers, against pycnn computed here and colours computed a second time."""

import json
import subprocess
import sys
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from colour_oracle import assert_colours, puor, tinted
from engine.colours import CHANNEL_TINTS, GREY_TINT
from engine.scales import SHARINGS
from engine.session import Session
from PIL import Image

from tests.ui.networks import ALL, conv, dense, ending, flatten, grey, network, relu, softmax, tiny_vgg

ROOT = Path(__file__).parents[2]

# Layers of Tiny VGG that share a scale, written down by hand.
FIRST = ["conv_1_1", "relu_1_1"]
SECOND = ["conv_1_2", "relu_1_2", "max_pool_1"]
THIRD = ["conv_2_1", "relu_2_1"]
FOURTH = ["conv_2_2", "relu_2_2", "max_pool_2", "flatten"]
SHARED = {
    "layer": [FIRST, SECOND, THIRD, FOURTH],
    "block": [FIRST + SECOND, THIRD + FOURTH],
    "network": [FIRST + SECOND + THIRD + FOURTH],
}


def pixels_for(built, seed=7):
    _, height, width = built.input_shape
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def activations_of(built, pixels):
    picture = built.picture_from_pixels(pixels)
    return {"input": picture, **built.forward(picture)}


def painted(facts, colours, name, units):
    """The RGBA of all `units` maps of a layer, taken from where the facts say they stand."""
    place = facts["picture"] if name is None else facts["places"][name]
    shape = (units, place["height"], place["width"], 4)
    return colours[place["offset"] : place["offset"] + int(np.prod(shape))].reshape(shape)


def file_of(pixels, kind):
    file = BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def as_bytes(data):
    return np.frombuffer(data, np.uint8)


# describe


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_describe_tells_of_the_network(maker):
    built = maker()
    facts, arrays = Session(built).describe()
    assert json.loads(json.dumps(facts)) == {"network": built.describe()}
    assert arrays == []


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_the_ramps_go_through_the_maps_colours_from_low_to_high(maker):
    built = maker()
    diverging, channels = Session(built).ramps()
    entries = diverging.size // 4
    assert_colours(diverging.reshape(entries, 4), puor(np.linspace(-1, 1, entries), 1))
    tints = CHANNEL_TINTS if built.input_shape[0] == 3 else [GREY_TINT]
    assert channels.shape == (len(tints), 256, 4)
    for ramp, tint in zip(channels, tints, strict=True):
        assert_colours(ramp, tinted(np.linspace(0, 1, 256), tint))


# show


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_show_gives_what_pycnn_computes(maker):
    built = maker()
    pixels = pixels_for(built)
    facts, _ = Session(built).show(pixels.ravel(), "layer")
    classified = built.classify(built.picture_from_pixels(pixels))
    assert facts["probabilities"] == pytest.approx(list(classified.probabilities.values()), abs=1e-7)
    assert facts["logits"] == pytest.approx(list(classified.logits.values()), abs=1e-6)
    assert facts["forward_ms"] > 0
    assert json.loads(json.dumps(facts)) == facts


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_show_tells_the_range_of_every_unit(maker):
    built = maker()
    pixels = pixels_for(built)
    facts, _ = Session(built).show(pixels.ravel(), "layer")
    activations = activations_of(built, pixels)
    assert set(facts["ranges"]) == set(activations)
    for name, values in activations.items():
        units = list(values) if values.ndim == 3 else [values]
        expected = [[float(unit.min()), float(unit.max())] for unit in units]
        assert np.array(facts["ranges"][name]) == pytest.approx(np.array(expected), abs=1e-6), name


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_maps_stand_one_behind_the_other(maker):
    built = maker()
    pixels = pixels_for(built)
    facts, (colours,) = Session(built).show(pixels.ravel(), "block")
    activations = activations_of(built, pixels)
    drawn = [name for name in activations if name not in ("output", "output/logits")]
    assert list(facts["places"]) == drawn
    assert colours.dtype == np.uint8
    assert colours.ndim == 1
    assert facts["picture"] == {"offset": 0, "height": pixels.shape[0], "width": pixels.shape[1]}
    ends = [pixels.shape[0] * pixels.shape[1] * 4]
    for name, place in facts["places"].items():
        units = len(activations[name]) if activations[name].ndim == 3 else 1
        ends.append(place["offset"] + units * place["height"] * place["width"] * 4)
    assert [place["offset"] for place in facts["places"].values()] == ends[:-1]
    assert ends[-1] == colours.size
    for name in drawn:
        if activations[name].ndim == 3:
            place = facts["places"][name]
            assert (place["height"], place["width"]) == activations[name].shape[1:]


@pytest.mark.parametrize("sharing", SHARINGS)
def test_layers_of_tiny_vgg_share_scales(sharing):
    built = tiny_vgg()
    facts, _ = Session(built).show(pixels_for(built).ravel(), sharing)
    assert [scale["layers"] for scale in facts["scales"]] == SHARED[sharing]
    signed = {"layer": [True] * 4, "block": [True] * 2, "network": [True]}
    assert [scale["signed"] for scale in facts["scales"]] == signed[sharing]


@pytest.mark.parametrize("sharing", SHARINGS)
@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_every_pixel_has_the_colour_of_its_value(maker, sharing):
    built = maker()
    pixels = pixels_for(built)
    facts, (colours,) = Session(built).show(pixels.ravel(), sharing)
    activations = activations_of(built, pixels)
    compared = ["input"]
    for scale in facts["scales"]:
        limit = max(float(np.abs(activations[layer]).max()) for layer in scale["layers"])
        assert scale["limit"] == pytest.approx(limit, rel=1e-6)
        for layer in scale["layers"]:
            values = activations[layer]
            maps = values if values.ndim == 3 else values[np.newaxis, :, np.newaxis]
            assert_colours(painted(facts, colours, layer, len(maps)), puor(maps, limit))
            compared.append(layer)
    assert compared == list(facts["places"])


def test_the_picture_and_its_channels_are_painted_as_they_are():
    built = tiny_vgg()
    pixels = pixels_for(built)
    facts, (colours,) = Session(built).show(pixels.ravel(), "layer")
    (picture,) = painted(facts, colours, None, 1)
    assert np.array_equal(picture[..., :3], pixels)
    assert (picture[..., 3] == 255).all()
    for unit, channel in enumerate(painted(facts, colours, "input", 3)):
        assert_colours(channel, tinted(pixels[..., unit] / 255, CHANNEL_TINTS[unit]))


def test_a_grey_network_shows_the_picture_in_colour_and_its_one_channel_in_grey():
    built = grey()
    pixels = pixels_for(built)
    facts, (colours,) = Session(built).show(pixels.ravel(), "layer")
    assert np.array_equal(painted(facts, colours, None, 1)[0, ..., :3], pixels)
    luma = pixels / 255 @ np.array([0.299, 0.587, 0.114])
    assert_colours(painted(facts, colours, "input", 1)[0], tinted(luma, GREY_TINT))


@pytest.mark.parametrize(
    ("size", "height", "width"),
    [((1, 64), 64, 1), ((64, 64), 4096, 1), ((17, 241), 2049, 2), ((64, 128), 4096, 2), ((89, 93), 2759, 3)],
    ids=str,
)
def test_a_long_vector_is_a_strip_filled_column_by_column(size, height, width):
    built = network((1, *size), ending(3))
    pixels = pixels_for(built)
    facts, (colours,) = Session(built).show(pixels.ravel(), "layer")
    assert facts["places"]["flatten"] == {
        "offset": facts["places"]["input"]["offset"] + size[0] * size[1] * 4,
        "height": height,
        "width": width,
    }
    vector = built.picture_from_pixels(pixels).ravel()
    expected = np.zeros((height, width))
    for index, value in enumerate(vector):
        expected[index % height, index // height] = value
    (strip,) = painted(facts, colours, "flatten", 1)
    assert_colours(strip, puor(expected, vector.max()))


def test_scales_say_whether_negative_values_can_occur():
    built = network(
        (3, 8, 8), {"flatten": flatten, "hidden": dense(5), "hidden/relu": relu, **ending_dense(4)}
    )
    session = Session(built)
    facts, _ = session.show(pixels_for(built).ravel(), "layer")
    assert [scale["signed"] for scale in facts["scales"]] == [False, True]
    facts, _ = session.recolour("network")
    assert [scale["signed"] for scale in facts["scales"]] == [True]


def ending_dense(classes):
    return {"output/logits": dense(classes), "output": softmax}


def test_a_black_picture_has_a_scale_that_ends_at_zero():
    built = network((3, 8, 8), ending(3))
    facts, (colours,) = Session(built).show(np.zeros(192, np.uint8), "layer")
    assert facts["scales"] == [{"layers": ["flatten"], "limit": 0.0, "signed": False}]
    assert (painted(facts, colours, "flatten", 1) == [247, 247, 247, 255]).all()


def test_a_network_wider_than_tall_keeps_rows_and_columns_apart():
    built = network((3, 6, 11), {"conv": conv(2), **ending(3)})
    pixels = pixels_for(built)
    facts, (colours,) = Session(built).show(pixels.ravel(), "layer")
    places = [facts["picture"], facts["places"]["input"], facts["places"]["conv"]]
    assert [(place["height"], place["width"]) for place in places] == [
        (6, 11),
        (6, 11),
        (4, 9),
    ]
    assert np.array_equal(painted(facts, colours, None, 1)[0, ..., :3], pixels)


# recolour


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_recolour_gives_what_show_gives_with_that_sharing(maker):
    built = maker()
    pixels = pixels_for(built)
    session = Session(built)
    session.show(pixels_for(built, seed=8).ravel(), "block")
    session.show(pixels.ravel(), "layer")
    for sharing in (*SHARINGS, *reversed(SHARINGS)):
        facts, (colours,) = session.recolour(sharing)
        shown, (expected,) = Session(built).show(pixels.ravel(), sharing)
        assert facts["places"] == shown["places"]
        assert facts["scales"] == shown["scales"]
        assert np.array_equal(colours, expected)


def test_sharings_differ_in_tiny_vgg():
    built = tiny_vgg()
    session = Session(built)
    session.show(pixels_for(built).ravel(), "layer")
    colours = [session.recolour(sharing)[1][0] for sharing in SHARINGS]
    assert not any(np.array_equal(a, b) for a, b in pairwise(colours))


def test_an_unknown_sharing_is_refused():
    built = tiny_vgg()
    with pytest.raises(ValueError, match="not 'unit'"):
        Session(built).show(pixels_for(built).ravel(), "unit")


# What fails


def overflows():
    """A network for which any picture but a black one is too bright."""
    burst = network((3, 8, 8), {"conv": conv(2), **ending(3)})
    burst.layers[0].kernel[:] = 3e38
    return burst


BRIGHT = np.full(192, 255, np.uint8)


def ask_everything(session):
    """What each request says of the picture shown last, or why it says nothing."""
    found = {}
    for name, call in {
        "recolour": lambda: session.recolour("block"),
        "open": lambda: session.open("conv", "1", ""),
        "quote": lambda: session.quote('{"best": ["best"], "value": ["value", "conv", 1, 2, 3]}'),
        "play": lambda: session.play(
            '{"size": 4, "input": null, "kernel": [[2]], "stride": 1, "padding": 0, "dilation": 1}'
        ),
        "save": session.save,
        "csv": lambda: session.csv("output", "0"),
    }.items():
        try:
            facts, arrays = call()
            found[name] = facts, [array.tolist() for array in arrays]
        except ValueError as error:
            found[name] = str(error)
    return found


def test_before_any_picture_every_request_says_that_there_is_none():
    session = Session(overflows())
    none = "no picture went through the network yet"
    assert set(ask_everything(session).values()) == {none}
    with pytest.raises(ValueError, match="overflowed"):
        session.show(BRIGHT, "layer")
    with pytest.raises(ValueError, match="not 'unit'"):
        session.show(np.zeros(192, np.uint8), "unit")
    assert set(ask_everything(session).values()) == {none}


def test_a_picture_that_cannot_be_shown_leaves_the_one_before():
    session = Session(overflows())
    session.show(np.zeros(192, np.uint8), "layer")
    before = ask_everything(session)
    assert not any(isinstance(answer, str) for answer in before.values())
    other = np.full(192, 1, np.uint8)
    for pixels, sharing, reason in [
        (BRIGHT, "layer", "overflowed"),
        (other, "unit", "not 'unit'"),
        (other[1:], "layer", "cannot reshape"),
    ]:
        with pytest.raises(ValueError, match=reason):
            session.show(pixels, sharing)
        assert ask_everything(session) == before
    session.compare(np.zeros(192, np.uint8), "{}")
    session.decode(as_bytes(file_of(np.full((9, 9, 3), 50, np.uint8), "PNG")))
    assert ask_everything(session) == before


# decode


@pytest.mark.parametrize("kind", ["PNG", "BMP"])
def test_decode_gives_the_pixels_that_show_takes(kind):
    built = tiny_vgg()
    pixels = pixels_for(built)
    session = Session(built)
    facts, (decoded,) = session.decode(as_bytes(file_of(pixels, kind)))
    assert facts == {}
    assert np.array_equal(decoded, pixels)
    shown, _ = session.show(decoded, "layer")
    assert shown["probabilities"] == session.show(pixels.ravel(), "layer")[0]["probabilities"]


def test_decode_fits_a_picture_to_the_networks_input():
    built = network((3, 6, 11), ending(3))
    facts, (decoded,) = Session(built).decode(as_bytes(file_of(np.full((50, 20, 3), 90, np.uint8), "PNG")))
    assert facts == {}
    assert decoded.tolist() == np.full((6, 11, 3), 90).tolist()


HUGE = file_of(np.zeros((1, 1, 3), np.uint8), "BMP")
HUGE = HUGE[:18] + (20_000).to_bytes(4, "little") * 2 + HUGE[26:]  # width and height in the header


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (bytes(64 * 2**20 + 1), "large"),
        (HUGE, "pixels"),
        (b"Dear visitor, this is no picture.", "unknown"),
        (file_of(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8), "PNG")[:3000], "damaged"),
    ],
    ids=["empty", "large", "pixels", "unknown", "damaged"],
)
def test_decode_says_why_a_file_is_no_picture(data, reason):
    built = tiny_vgg()
    session = Session(built)
    pixels = pixels_for(built)
    _, (before,) = session.show(pixels.ravel(), "layer")
    assert session.decode(as_bytes(data)) == ({"error": reason}, [])
    assert np.array_equal(session.recolour("layer")[1][0], before), "what is shown stays"


def test_a_format_that_only_a_browser_may_know_is_named_and_its_pixels_are_fitted():
    built = network((3, 6, 11), ending(3))
    session = Session(built)
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
    assert session.decode(as_bytes(heic)) == ({"error": "format", "format": "HEIC", "most": 50_000_000}, [])
    rgba = np.full((50, 20, 4), (90, 90, 90, 255), np.uint8)
    facts, (fitted,) = session.fit(rgba.ravel(), "20", "50")
    assert facts == {}
    assert fitted.tolist() == np.full((6, 11, 3), 90).tolist()


def test_only_a_file_to_decode_loads_pillow():
    program = """
import sys
import numpy as np
from engine.session import Session
from tests.ui.networks import without_maps
session = Session(without_maps())
session.describe()
session.show(np.zeros(108, np.uint8), "layer")
session.recolour("block")
assert not [name for name in sys.modules if name.partition(".")[0] == "PIL"]
session.decode(np.zeros(3, np.uint8))
assert "PIL" in sys.modules
"""
    paths = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'web')!r}]\n"
    subprocess.run([sys.executable, "-c", paths + program], check=True)
