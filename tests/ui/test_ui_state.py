"""The fragment of the address: what it says, and what it may ask for."""

import pytest
from ui.columns import CLASSES, columns
from ui.state import State, read_fragment, read_place

from tests.ui.networks import tiny_vgg

COLUMNS = columns(tiny_vgg().describe())
PICTURES = ["koala", "orange", "upload-1"]


def opened(layer, unit, view=None):
    state = State("orange")
    state.open(layer, unit, view)
    return state


def test_a_new_state_says_only_its_picture():
    assert State("koala").fragment() == [("picture", "koala")]


def test_an_open_unit_stands_behind_the_picture_with_its_cursor():
    state = opened("conv_1_2", 0)
    assert state.fragment() == [
        ("picture", "orange"),
        ("layer", "conv_1_2"),
        ("unit", "0"),
        ("y", "0"),
        ("x", "0"),
    ]
    state.y, state.x = 10, 59
    assert state.fragment()[-2:] == [("y", "10"), ("x", "59")]


def test_a_second_view_is_named_and_what_a_view_keeps_stands_last():
    state = opened("output", 5, "softmax")
    state.parts = [("channel", "3")]
    names = [name for name, _ in state.fragment()]
    assert names == ["picture", "layer", "unit", "view", "y", "x", "channel"]
    assert dict(state.fragment())["view"] == "softmax"
    assert dict(state.fragment())["channel"] == "3"


def test_a_unit_opens_at_its_first_place_with_nothing_kept_of_the_one_before():
    state = opened("conv_1_2", 0)
    state.y, state.x, state.parts = 10, 59, [("channel", "3")]
    state.open("relu_1_2", 4)
    assert state.fragment()[1:] == [("layer", "relu_1_2"), ("unit", "4"), ("y", "0"), ("x", "0")]


def test_a_closed_view_leaves_only_the_picture():
    state = opened("output", 5, "softmax")
    state.y, state.parts = 3, [("channel", "3")]
    state.open(None, None)
    assert state.fragment() == [("picture", "orange")]


def test_every_unit_and_its_cursor_come_back_from_the_fragment():
    for column in COLUMNS:
        for unit in range(column.units):
            for view in [None, "softmax"] if column.form == CLASSES else [None]:
                state = opened(column.name, unit, view)
                state.y, state.x = unit, 123456
                parts = dict(state.fragment())
                assert read_fragment(parts, PICTURES, COLUMNS) == ("orange", column.name, unit, view)
                assert read_place(parts) == (unit, 123456)


def test_an_upload_is_a_picture_too():
    assert read_fragment({"picture": "upload-1"}, PICTURES, COLUMNS) == ("upload-1", None, None, None)


def test_an_empty_fragment_asks_for_nothing():
    assert read_fragment({}, PICTURES, COLUMNS) == (None, None, None, None)
    assert read_place({}) is None


@pytest.mark.parametrize("unit", ["10", "-1", "+1", "1.0", "1e0", "", " 1", "one", "9999999999999999999999"])
def test_an_impossible_unit_is_ignored(unit):
    parts = {"picture": "koala", "layer": "conv_1_1", "unit": unit}
    assert read_fragment(parts, PICTURES, COLUMNS) == ("koala", None, None, None)


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
    assert read_fragment({"picture": "koala", **parts}, PICTURES, COLUMNS) == ("koala", None, None, None)


@pytest.mark.parametrize("picture", ["", "Koala", "upload-2", "koala "])
def test_an_unknown_picture_is_ignored_and_the_unit_kept(picture):
    parts = {"picture": picture, "layer": "output", "unit": "9"}
    assert read_fragment(parts, PICTURES, COLUMNS) == (None, "output", 9, None)


def test_unknown_parts_are_ignored():
    parts = {"picture": "koala", "model": "other", "y": "10", "x": "-4", "layer": "input", "unit": "2"}
    assert read_fragment(parts, PICTURES, COLUMNS) == ("koala", "input", 2, None)


@pytest.mark.parametrize("view", ["", "dense", "Softmax", "convolution", "softmax "])
def test_a_view_that_the_classes_do_not_have_is_ignored(view):
    parts = {"layer": "output", "unit": "3", "view": view}
    assert read_fragment(parts, PICTURES, COLUMNS) == (None, "output", 3, None)


@pytest.mark.parametrize("layer", ["input", "conv_1_1", "relu_1_1", "max_pool_1", "flatten"])
def test_only_classes_have_a_second_view(layer):
    parts = {"layer": layer, "unit": "0", "view": "softmax"}
    assert read_fragment(parts, PICTURES, COLUMNS) == (None, layer, 0, None)


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"y": "0", "x": "0"}, (0, 0)),
        ({"y": "12", "x": "007"}, (12, 7)),
        ({"y": "999999", "x": "5"}, (999999, 5)),  # too far: the view brings it back
    ],
)
def test_a_place_is_two_whole_numbers(parts, place):
    assert read_place(parts) == place


@pytest.mark.parametrize(
    "bad", ["-1", "+1", "1.0", "1e1", "", " 1", "1 ", "one", "\u0663", "1000000", "1" * 40]
)
def test_a_place_that_is_none_is_ignored(bad):
    assert read_place({"y": bad, "x": "1"}) is None
    assert read_place({"y": "1", "x": bad}) is None
    assert read_place({"y": bad}) is None


def test_half_a_place_is_ignored():
    assert read_place({"y": "1"}) is None
    assert read_place({"x": "1"}) is None
