"""The first picture is computed as the engine does it, and its maps stand where the page looks for them."""

import json

import numpy as np
import pytest
from engine.session import Session
from engine.summary import differing, summarise
from PIL import Image

from builder.first import TALLEST, arrange, write_first
from tests.ui.networks import ALL


def pixels_for(network):
    _, height, width = network.input_shape
    return np.random.default_rng(5).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize("name", ["tiny_vgg", "grey", "without_maps"])
def test_every_map_is_found_in_the_sprite(name, tmp_path):
    network = ALL[name]()
    pixels = pixels_for(network)
    _, columns, _, _ = write_first(network, "koala", pixels, tmp_path / "first")
    expected, (colours,) = Session(network).show(pixels, "layer")
    with Image.open(tmp_path / "first/maps.webp") as sprite:
        painted = np.asarray(sprite.convert("RGB"))
    for name, place in [(None, expected["picture"]), *expected["places"].items()]:
        column = columns[name]
        maps = colours[place["offset"] :][: column.units * column.height * column.width * 4]
        for unit, one in enumerate(maps.reshape(column.units, column.height, column.width, 4)):
            x, y = column.place(unit)
            np.testing.assert_array_equal(painted[y : y + column.height, x : x + column.width], one[..., :3])


def test_the_facts_and_the_ramps_are_the_sessions(tmp_path):
    network = ALL["grey"]()
    pixels = pixels_for(network)
    returned, _, packed, _ = write_first(network, "koala", pixels, tmp_path / "first")
    session = Session(network)
    facts, _ = session.show(pixels, "layer")
    del facts["forward_ms"]
    ramps = session.ramps()
    expected = {"name": "koala", "ramps": [ramp.size for ramp in ramps], **facts}
    assert json.loads(packed["first.json"]) == returned == expected
    assert packed["ramps.rgba"] == b"".join(ramp.tobytes() for ramp in ramps)


def test_the_summary_is_of_the_picture(tmp_path):
    network = ALL["grey"]()
    pixels = pixels_for(network)
    *_, summary = write_first(network, "koala", pixels, tmp_path / "first")
    picture = network.picture_from_pixels(pixels)
    expected = summarise({"input": picture, **network.forward(picture)})
    assert differing(json.loads(summary), expected) == []


def test_many_tall_maps_are_folded_into_columns_that_do_not_overlap():
    places = {
        "a": {"offset": 0, "height": 1500, "width": 10},
        "b": {"offset": 420_000, "height": 4, "width": 2},
    }
    columns = arrange(places, 420_000 + 64)
    assert (columns["a"].units, columns["a"].rows) == (7, TALLEST // 1500)
    assert [columns["a"].place(unit) for unit in range(7)] == [
        (0, 0), (0, 1500), (10, 0), (10, 1500), (20, 0), (20, 1500), (30, 0)
    ]  # fmt: skip
    assert columns["b"].place(0) == (40, 0)
    assert columns["b"].units == 2
