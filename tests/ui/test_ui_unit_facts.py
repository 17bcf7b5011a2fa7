"""What the page says of a unit."""

from pathlib import Path

import numpy as np
import pytest
from ui.columns import columns
from ui.unit_facts import channel_name, class_names, unit_label, unit_name
from ui.words import Words

from tests.ui.networks import ALL, grey, tiny_vgg, two_classes

ENGLISH = Words((Path(__file__).parents[2] / "web/words/en.json").read_text(encoding="utf-8"))


def keys(key, **places):
    """In place of the catalogue: what was asked of it."""
    return (key, places)


def by_name(network):
    return {column.name: column for column in columns(network.describe())}


def test_channels_have_colours_where_there_are_three():
    column = by_name(tiny_vgg())["input"]
    names = [channel_name(column, unit, keys)[0] for unit in range(3)]
    assert names == ["channel.red", "channel.green", "channel.blue"]


def test_a_lone_channel_has_a_number():
    assert channel_name(by_name(grey())["input"], 0, keys) == ("channel.other", {"unit": 0})


def test_names_of_units():
    found = by_name(tiny_vgg())
    classes = [f"class {i}" for i in range(10)]
    assert unit_name(found["input"], 1, classes, keys) == ("channel.green", {})
    assert unit_name(found["conv_1_1"], 3, classes, keys) == ("unit.map", {"unit": 3})
    assert unit_name(found["flatten"], 0, classes, keys) == ("unit.strip", {})
    assert unit_name(found["output"], 7, classes, keys) == "class 7"


def test_a_label_says_the_range_of_the_units_own_values():
    ranges = {"conv_1_1": [[-unit, unit / 8] for unit in range(10)]}
    _, places = unit_label(by_name(tiny_vgg())["conv_1_1"], 3, [], keys, {"ranges": ranges})
    assert (places["low"], places["high"]) == ("−3.00", "0.38")


def test_a_classes_label_says_its_own_probability_and_logit():
    shown = {"probabilities": [0.25, 0.75], "logits": [-1.5, 2.25]}
    _, places = unit_label(by_name(tiny_vgg())["output"], 1, ["koala", "pizza"], keys, shown)
    assert places == {"layer": "output", "name": "pizza", "percent": "75.0\u2009%", "logit": "2.25"}


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_every_unit_has_a_sentence_of_its_own_in_english(maker):
    network = maker()
    found = columns(network.describe())
    count = len(network.classes)
    shown = {
        "ranges": {column.name: [[-1.25, 4.5]] * column.units for column in found},
        "probabilities": np.full(count, 1 / count).tolist(),
        "logits": [0.5] * count,
    }
    labels = [
        unit_label(column, unit, network.classes, ENGLISH, shown)
        for column in found
        for unit in range(column.units)
    ]
    assert len(set(labels)) == len(labels)
    assert not [label for label in labels if "{" in label or "None" in label]
    assert "−1.25" in labels[0]
    assert "4.50" in labels[0]
    assert "0.50" in labels[-1]


def test_a_classes_name_is_none_of_the_catalogues_own_words():
    names = ["legend", "bell pepper", "bell_pepper", "koala", "__proto__", "<b>\"'&", "{x} {0}"]
    assert class_names({"classes": names}, ENGLISH) == names
    assert class_names({"classes": ["bell_pepper", "orange"]}, ENGLISH) == ["bell pepper", "orange"]


def test_a_label_says_what_is_not_finite():
    ranges = {"conv_1_1": [["-inf", "nan"]]}
    _, places = unit_label(by_name(tiny_vgg())["conv_1_1"], 0, [], keys, {"ranges": ranges})
    assert (places["low"], places["high"]) == ("−∞", "NaN")


def test_of_a_sigmoids_classes_the_first_gets_what_the_second_leaves():
    shown = {"probabilities": [0.2, 0.8], "logits": [-1.386, 1.386]}
    column = columns(two_classes().describe())[-1]
    assert (column.units, column.shape, column.second_view) == (2, [2], "sigmoid")
    first, places = unit_label(column, 0, ["cat", "dog"], keys, shown)
    assert first == "label.class.rest"
    assert (places["name"], places["other"], places["percent"], places["logit"]) == (
        *("cat", "dog", "20.0\u2009%", "1.39"),
    )
    assert unit_label(column, 1, ["cat", "dog"], keys, shown)[0] == "label.class"
