"""The fragment of the address: what it says, and what it may ask for."""

import pytest
from ui.columns import columns
from ui.state import State, read_fragment

from tests.ui.networks import tiny_vgg

COLUMNS = columns(tiny_vgg().describe())
PICTURES = ["koala", "orange", "upload-1"]


def test_a_new_state_says_only_its_picture():
    assert State("koala").fragment() == [("picture", "koala")]


def test_a_kept_unit_stands_behind_the_picture():
    state = State("koala")
    state.layer, state.unit = "conv_1_2", 0
    assert state.fragment() == [("picture", "koala"), ("layer", "conv_1_2"), ("unit", "0")]


def test_every_unit_comes_back_from_the_fragment():
    for column in COLUMNS:
        for unit in range(column.units):
            state = State("orange")
            state.layer, state.unit = column.name, unit
            assert read_fragment(dict(state.fragment()), PICTURES, COLUMNS) == ("orange", column.name, unit)


def test_an_upload_is_a_picture_too():
    assert read_fragment({"picture": "upload-1"}, PICTURES, COLUMNS) == ("upload-1", None, None)


def test_an_empty_fragment_asks_for_nothing():
    assert read_fragment({}, PICTURES, COLUMNS) == (None, None, None)


@pytest.mark.parametrize("unit", ["10", "-1", "+1", "1.0", "1e0", "", " 1", "one", "9999999999999999999999"])
def test_an_impossible_unit_is_ignored(unit):
    parts = {"picture": "koala", "layer": "conv_1_1", "unit": unit}
    assert read_fragment(parts, PICTURES, COLUMNS) == ("koala", None, None)


@pytest.mark.parametrize(
    "parts",
    [
        {"layer": "conv_9_9", "unit": "0"},
        {"layer": "output/logits", "unit": "0"},
        {"layer": "", "unit": "0"},
        {"layer": "conv_1_1"},
        {"unit": "3"},
        {"layer": "flatten", "unit": "1"},
        {"layer": "input", "unit": "3"},
        {"Layer": "input", "Unit": "0"},
    ],
)
def test_an_unknown_layer_or_half_a_unit_is_ignored(parts):
    assert read_fragment({"picture": "koala", **parts}, PICTURES, COLUMNS) == ("koala", None, None)


@pytest.mark.parametrize("picture", ["", "Koala", "upload-2", "koala "])
def test_an_unknown_picture_is_ignored_and_the_unit_kept(picture):
    parts = {"picture": picture, "layer": "output", "unit": "9"}
    assert read_fragment(parts, PICTURES, COLUMNS) == (None, "output", 9)


def test_unknown_parts_are_ignored():
    parts = {"picture": "koala", "model": "other", "y": "10", "x": "-4", "layer": "input", "unit": "2"}
    assert read_fragment(parts, PICTURES, COLUMNS) == ("koala", "input", 2)
