"""The guided path's steps, for the shipped network and for networks of other forms."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from engine.quotes import quote
from ui.path.route import Route
from ui.path.step import chosen, pieces
from ui.path.steps import make_steps
from ui.quotes import read
from ui.state import State, read_fragment, read_place, read_step
from ui.words import Words

from pycnn import default_model
from tests.page.networks import make_other
from tests.ui.networks import ALL, two_classes
from tests.ui.test_ui_words import asked

WEB = Path(__file__).parents[2] / "web"
WORDS = Words((WEB / "words/en.json").read_text(encoding="utf-8"))
SAMPLES = json.loads((WEB / "samples/samples.json").read_text(encoding="utf-8"))
NAMES = [sample["name"] for sample in SAMPLES]
SECTIONS = set(re.findall(r'id="article-(\w+)"', (WEB / "article.html").read_text(encoding="utf-8")))
MAKERS = {"shipped": default_model, "other": make_other, "two_classes": two_classes, **ALL}


@pytest.fixture(scope="module", params=MAKERS)
def walked(request):
    """(name, network, route, activations of a picture of noise, steps, unit of the class looked at)."""
    network = MAKERS[request.param]()
    picture = np.random.default_rng(3).random(network.input_shape, np.float32)
    activations = {"input": picture, **network.forward(picture)}
    route = Route(network.describe(), network.classes)
    unit = len(network.classes) - 1
    steps = make_steps(route, WORDS, SAMPLES, NAMES[0], unit)
    return request.param, network, route, activations, steps, unit


def facts_of(step, network, activations):
    return step.facts(read(quote(network, activations, step.asks())))


def texts_of(step, facts):
    """All texts of a step that may hold numbers."""
    texts = [chosen(step.says, facts)]
    if step.question:
        texts += [step.question.asked, chosen(step.question.why, facts)]
    return texts


def states_of(step):
    shown = step.question.shows if step.question else None
    return [step.at, *([shown] if shown else [])]


def test_the_shipped_network_has_12_to_16_steps_and_five_or_more_questions(walked):
    name, _, _, _, steps, _ = walked
    if name == "shipped":
        assert 12 <= len(steps) <= 16
        assert sum(step.question is not None for step in steps) >= 5
    assert len(steps) >= 4
    assert len({step.name for step in steps}) == len(steps)


def test_every_step_leads_to_a_place_that_there_is(walked):
    _, _, route, activations, steps, _ = walked
    for step in steps:
        for parts in states_of(step):
            picture, layer, unit, view = read_fragment(parts, NAMES, route.columns)
            assert picture == parts.get("picture")
            assert layer == parts.get("layer")
            assert view == parts.get("view")
            if layer is None:
                assert set(parts) <= {"picture"}
                continue
            assert str(unit) == parts["unit"]
            if layer == route.classes.name:
                assert read_place(parts) in (None, (unit, 0))
                continue
            values = activations[layer]
            rows, columns = values.shape[1:] if values.ndim == 3 else (values.size, 1)
            y, x = read_place(parts)
            assert (y, x) == (0, 0) or (0 < y < rows and 0 < x < columns)
            if "channel" in parts:
                assert int(parts["channel"]) < route.before(column_of(route, layer)).units


def column_of(route, layer):
    (column,) = (column for column in route.columns if column.name == layer)
    return column


def test_every_number_that_a_text_needs_is_there_and_the_engine_can_tell_it(walked):
    _, network, _, activations, steps, _ = walked
    for step in steps:
        facts = facts_of(step, network, activations)
        assert set(facts) == set(step.numbers)
        for text in texts_of(step, facts):
            for is_number, piece in pieces(text):
                if is_number:
                    numbers = facts[piece] if isinstance(facts[piece], list) else [facts[piece]]
                    assert numbers
                    for number in numbers:
                        assert step.written(piece, number, network.classes)
                else:
                    assert "{" not in piece


def test_every_step_says_something_and_knows_its_section_of_the_article(walked):
    _, network, _, activations, steps, _ = walked
    for step in steps:
        assert step.title
        assert step.tries
        assert step.text(facts_of(step, network, activations))
        assert step.article in SECTIONS


def test_every_question_has_an_answer_that_is_right_and_others_that_are_not(walked):
    _, network, _, activations, steps, _ = walked
    for step in steps:
        if not step.question:
            continue
        facts, question = facts_of(step, network, activations), step.question
        answer = question.answer(facts)
        assert question.is_right(answer, facts, exact=True)
        assert not question.is_right(answer + 1, facts, exact=True)
        if question.number:
            assert not question.options
            assert question.is_right(answer + 0.005, facts, exact=False)
            assert not question.is_right(answer + 0.02, facts, exact=False)
        else:
            assert answer in range(len(question.options))
            assert len(set(question.options)) == len(question.options) >= 2


def test_sizes_in_the_steps_are_those_of_the_layers(walked):
    _, network, route, activations, steps, _ = walked
    shapes = {name: values.shape for name, values in activations.items()}
    by_name = {step.name: facts_of(step, network, activations) for step in steps}
    layers = {layer.name: layer for layer in network.layers}
    assert [by_name["numbers"][name] for name in ("channels", "rows", "columns")] == list(shapes["input"])
    if "size" in by_name:
        assert by_name["size"]["size"] == shapes[route.convolution.name][2]
        if route.second:
            assert by_name["size"]["next_size"] == shapes[route.second.name][2]
    if "second" in by_name:
        assert by_name["second"]["weights"] == layers[route.second.name].kernel[0].size
    if "pooling" in by_name:
        assert by_name["pooling"]["rows"] == shapes[route.pooling.name][1]
    if "flatten" in by_name:
        assert by_name["flatten"]["length"] == activations[route.flatten.name].size
    if "logit" in by_name:
        assert by_name["logit"]["values"] == layers[route.logits].weights.shape[1]


@pytest.mark.parametrize("maker", [default_model, make_other])
def test_a_receptive_field_is_all_that_can_change_a_value(maker):
    network = maker()
    picture = np.random.default_rng(3).random(network.input_shape, np.float32)
    activations = {"input": picture, **network.forward(picture)}
    route = Route(network.describe(), network.classes)
    (step,) = [step for step in make_steps(route, WORDS, SAMPLES, NAMES[0], 0) if step.name == "deep"]
    facts = facts_of(step, network, activations)
    rows, columns = activations["input"].shape[1:]
    unit, (y, x) = int(step.at["unit"]), read_place(step.at)
    # Changed one row, or one column, at a time, so that all within reach show.
    touched = [
        [k for k in range(size) if reaches(network, activations, route.deep.name, (unit, y, x), axis, k)]
        for axis, size in ((1, rows), (2, columns))
    ]
    for one, field in zip(touched, (facts["height"], facts["width"]), strict=True):
        assert field / 2 < max(one) - min(one) + 1 <= field


def reaches(network, activations, layer, place, axis, index):
    """Does the value at `place` change with the picture's row or column `index`?"""
    found = []
    for change in (5, -5):  # one of them may be lost in a ReLU or a maximum
        picture = activations["input"].copy()
        np.moveaxis(picture, axis, 0)[index] += change
        found.append(network.forward(picture)[layer][place] != activations[layer][place])
    return any(found)


def test_what_a_network_lacks_is_left_out():
    def names(maker):
        network = maker()
        steps = make_steps(Route(network.describe(), network.classes), WORDS, SAMPLES, NAMES[0], 0)
        return [step.name for step in steps]

    assert "channels" not in names(ALL["grey"])
    assert {"second", "pooling", "logit", "deep"} & set(names(ALL["without_blocks"])) == {"deep"}
    assert {"window", "relu", "second", "flatten"} & set(names(ALL["without_maps"])) == {"flatten"}
    assert "mistake" not in names(ALL["grey"])  # the gallery's classes are none of its own
    assert "mistake" in names(default_model)


class Noting(Words):
    """Words that note what they are asked for."""

    def __call__(self, key, **places):
        self.asked = {*getattr(self, "asked", ()), key}
        return super().__call__(key, **places)


def test_every_text_of_a_step_is_told_of_some_network():
    """So that the other tests see whether the numbers of a step fill all the places of its texts."""
    words = Noting((WEB / "words/en.json").read_text(encoding="utf-8"))
    for make in MAKERS.values():
        network = make()
        make_steps(Route(network.describe(), network.classes), words, SAMPLES, NAMES[0], 0)
    makers = re.compile(r"web/ui/path/(in|at)_the_")
    of_steps = {key for keys, _, _, where in asked() if makers.match(where) for key in keys}
    assert {key for key in of_steps if key.startswith("path.")} <= words.asked
    assert {"path.numbers", "path.addition.one", "path.pooling.why.average"} < of_steps


def test_a_sigmoids_steps_tell_of_one_logit_for_both_classes():
    network = two_classes()
    picture = np.random.default_rng(3).random(network.input_shape, np.float32)
    activations = {"input": picture, **network.forward(picture)}
    route = Route(network.describe(), ["cat", "dog"])
    logit, p = activations["output/logits"][0], activations["output"][0]
    for unit in (0, 1):
        steps = {step.name: step for step in make_steps(route, WORDS, SAMPLES, NAMES[0], unit)}
        step = steps["softmax"]
        facts = facts_of(step, network, activations)
        assert (facts["logit"], facts["probability"]) == (logit, p)
        assert facts["rest"] == pytest.approx(1 - p, abs=1e-7)
        assert step.at["view"] == "sigmoid"
        assert "Softmax" not in "".join(texts_of(step, facts) + texts_of(steps["logit"], facts))
        facts = facts_of(steps["logit"], network, activations)
        assert (facts["logit"], facts["bias"]) == (logit, network.layers[-2].bias[0])


def test_a_name_may_hold_the_sign_that_numbers_stand_between():
    network = two_classes()
    route = Route(network.describe(), ["c\x01at", "d\x01og"])
    for step in make_steps(route, WORDS, SAMPLES, NAMES[0], 0):
        for text in texts_of(step, {"best": 0}) if isinstance(step.says, str) else []:
            assert {piece for is_name, piece in pieces(text) if is_name} <= set(step.numbers)


def test_another_picture_is_of_another_class_than_the_one_on_the_page():
    route = Route(default_model().describe(), default_model().classes)
    classes = {sample["name"]: sample["class"] for sample in SAMPLES}
    for picture in [*NAMES, "upload-1"]:
        steps = make_steps(route, WORDS, SAMPLES, picture, 0)
        (step,) = (step for step in steps if step.name == "picture")
        following = step.question.shows["picture"]
        assert following != picture
        assert classes[following] != classes.get(picture)
        assert classes[following] in step.question.options


def test_a_step_stands_in_the_fragment_and_comes_back():
    state = State("koala")
    assert read_step(dict(state.fragment())) is None
    state.step = 7
    assert state.fragment() == [("picture", "koala"), ("step", "7")]
    state.open("conv_1_1", 2)
    assert read_step(dict(state.fragment())) == 7
    assert state.lasting() == [("picture", "koala"), ("step", "7")]


@pytest.mark.parametrize("bad", ["", "0", "-1", "1.5", "one", "1000000", "\u0663"])
def test_a_step_that_is_none_is_ignored(bad):
    assert read_step({"step": bad}) is None
