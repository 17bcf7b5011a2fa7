"""What the build makes of a network and a gallery: elements in the page, and numbers for its style sheet."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from engine.session import Session
from ui.columns import STRIP, columns
from ui.words import Words

from builder.first import Columns, arrange
from builder.markup import Markup, gap
from tests.page.networks import CLASSES, make_other
from tests.ui.networks import ALL, Network, deep, grey, tiny_vgg

WEB = Path(__file__).parents[2] / "web"
WORDS = Words((WEB / "words/en.json").read_text(encoding="utf-8"))
GALLERY = json.loads((WEB / "samples/samples.json").read_text(encoding="utf-8"))


class Elements(HTMLParser):
    """The attributes of all elements of a piece of HTML, by tag; `text` is all text of it."""

    def __init__(self, piece: str) -> None:
        super().__init__()
        self.all: dict[str, list[dict[str, str | None]]] = {}
        self.text: list[str] = []
        self.feed(piece)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.all.setdefault(tag, []).append(dict(attributes))

    def handle_data(self, data: str) -> None:
        self.text += [data] if data.strip() else []


def markup(network: Network) -> Markup:
    first, sprite = first_picture(network)
    return Markup(network.describe(), GALLERY, first, sprite, WORDS, "files")


def first_picture(network: Network) -> tuple[dict[str, Any], Columns]:
    """The facts of a picture of noise, and where its maps would be in the sprite."""
    _, height, width = network.input_shape
    pixels = np.random.default_rng(2).integers(0, 256, (height, width, 3), np.uint8)
    facts, (colours,) = Session(network).show(pixels, "layer")
    return facts, arrange({None: facts["picture"], **facts["places"]}, colours.size)


def numbers(network: Network) -> dict[str, int]:
    return {name: int(number) for name, number in re.findall(r"--([a-z]+): (\d+);", markup(network).rules())}


def gaps(network: Network) -> list[str]:
    return [gap(before, after) for before, after in pairwise(columns(network.describe())[:-1])]


def test_the_numbers_that_lay_out_tiny_vgg():
    assert numbers(tiny_vgg()) == {
        "most": 10,
        "classes": 10,
        "maps": 11,
        "strips": 1,
        "ones": 6,
        "alls": 3,
        "blocks": 2,
    }


def test_the_numbers_that_lay_out_a_network_with_hidden_layers():
    assert numbers(grey()) == {
        "most": 16,
        "classes": 7,
        "maps": 6,
        "strips": 5,
        "ones": 3,
        "alls": 5,
        "blocks": 2,
    }


def test_what_parts_the_columns_of_tiny_vgg():
    block = ["block", "one", "all", "one", "one"]
    assert gaps(tiny_vgg()) == [*block, *block, "all"]


@pytest.mark.parametrize("maker", [deep, grey])
def test_every_block_but_no_strip_stands_apart(maker):
    found = columns(maker().describe())
    assert gaps(maker()).count("block") == max(column.block or 0 for column in found)
    parts = zip(gaps(maker()), found[1:], strict=False)
    assert {part for part, column in parts if column.form == STRIP} == {"all"}


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_the_units_of_every_layer_stand_in_order_and_tab_reaches_the_first_ones(maker):
    network = maker()
    found = columns(network.describe())
    parts = markup(network).parts()
    buttons = [Elements(parts[name]).all["button"] for name in ("columns", "classes")]
    units = [(one["data-layer"], int(one["data-unit"])) for part in buttons for one in part]
    assert units == [(column.name, unit) for column in found for unit in range(column.units)]
    for part in buttons:
        assert [one["tabindex"] for one in part] == ["0"] + ["-1"] * (len(part) - 1)
    labels = [one["aria-label"] for part in buttons for one in part]
    assert len(set(labels)) == len(labels)


def test_each_column_says_its_form_and_what_parts_it_from_its_neighbours():
    parts = Elements(markup(grey()).parts()["columns"])
    found = [one for one in parts.all["div"] if one["class"] == "column"]
    assert [one["data-form"] for one in found] == ["maps"] * 6 + ["strip"] * 5
    assert [one["data-before"] for one in found] == ["edge", *gaps(grey())]
    assert [one["data-after"] for one in found] == [*gaps(grey()), "edge"]
    # Few are half as many as the 16 maps of the largest column, or fewer.
    assert [one["data-few"] for one in found] == ["true"] * 4 + ["false"] * 7
    assert found[1]["aria-label"] == "conv_a, 8×13×13"


def test_names_are_escaped():
    parts = markup(make_other()).parts()
    classes = Elements(parts["classes"])
    assert [one["data-class"] for one in classes.all["button"]] == [
        name.replace(" ", "_") for name in CLASSES
    ]
    assert classes.text[::2] == CLASSES  # after each its probability
    assert parts["classes-name"] == "answer"
    assert parts["classes-shape"] == "7"


def test_the_gallery_shows_every_picture_with_the_first_one_chosen():
    elements = Elements(markup(tiny_vgg()).parts()["gallery"])
    buttons = elements.all["button"]
    assert [one["data-sample"] for one in buttons] == [sample["name"] for sample in GALLERY]
    assert [one["aria-pressed"] for one in buttons] == ["true"] + ["false"] * (len(GALLERY) - 1)
    hard = [sample["name"] for sample in GALLERY if sample["instructive"]]
    assert hard
    assert [one["data-sample"] for one in buttons if one["data-instructive"] == "true"] == hard
    assert all(one["alt"] for one in elements.all["img"])


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_every_map_has_a_canvas_of_its_size_and_its_place_in_the_sprite(maker):
    network = maker()
    first, sprite = first_picture(network)
    parts = markup(network).parts()
    canvases = Elements(parts["columns"]).all["canvas"]
    expected = [
        (first["places"][column.name], sprite[column.name].place(unit))
        for column in columns(network.describe())[:-1]
        for unit in range(column.units)
    ]
    assert [(one["width"], one["height"], one["data-sprite"]) for one in canvases] == [
        (str(place["width"]), str(place["height"]), f"{x},{y}") for place, (x, y) in expected
    ]
    assert 'data-sprite="0,0"' in parts["picture"]


def test_classes_show_their_probabilities():
    network = make_other()
    first, _ = first_picture(network)
    exact = [f"{probability:.6f}" for probability in first["probabilities"]]
    made = markup(network)
    buttons = Elements(made.parts()["classes"]).all["button"]
    assert [one["data-probability"] for one in buttons] == exact
    assert [one["data-best"] for one in buttons].count("true") == 1
    assert buttons[int(np.argmax(first["probabilities"]))]["data-best"] == "true"
    bars = re.findall(r'data-unit="(\d+)"\] .bar span { transform: scaleX\((.*?)\)', made.rules())
    assert bars == [(str(unit), probability) for unit, probability in enumerate(exact)]
