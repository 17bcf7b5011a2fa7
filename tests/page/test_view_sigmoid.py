"""A network that tells two classes apart by one logit: its columns, views and lesson, and what it saves."""

import csv
import re
from math import exp

import numpy as np
import pytest
from playwright.sync_api import expect

from pycnn import Convolution, Dense, Flatten, MaxPooling, Network, ReLU, Sigmoid
from tests.browser import served
from tests.page.native import equal
from tests.page.networks import write_site
from tests.page.opened import CHOICES, FIND_CUT_OFF, FIND_SMALL_TEXT, Opened, check_figure, rounding, seen
from tests.page.visit import eventually

CLASSES = ("cat", "red dog")


def make_two(scale=1.0) -> Network:
    """A sigmoid at the end, between maps and between vectors; the logit is `scale` times as large."""
    random = np.random.default_rng(5)

    def values(*shape: int) -> np.ndarray:
        return random.normal(size=shape) / np.sqrt(np.prod(shape[1:]))

    return Network(
        [
            Convolution("stem", values(4, 3, 3, 3) * 3, values(4)),
            Sigmoid("stem/sigmoid"),
            MaxPooling("pick", 2),
            Convolution("body", values(5, 4, 3, 3) * 3, values(5)),
            ReLU("body/relu"),
            Flatten("vector"),
            Dense("hidden", values(12, 715), values(12)),
            Sigmoid("hidden/sigmoid"),
            Dense("answer/logits", values(1, 12) * 2 * scale, [0.9 * scale]),
            Sigmoid("answer"),
        ],
        (3, 32, 28),
        CLASSES,
        {"held_out_accuracy": 0.875, "held_out_photos": 12_000},
    )


def open_site(browser, network, folder, **options):
    write_site(network, folder / "site")
    with served(folder / "site") as address:
        opened = Opened(browser, address, network, **options)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def here(browser, tmp_path_factory):
    yield from open_site(browser, make_two(), tmp_path_factory.mktemp("two"))


@pytest.fixture(params=[400, -400], scope="module")
def far(browser, tmp_path_factory, request):
    yield from open_site(browser, make_two(request.param), tmp_path_factory.mktemp("far"))


def go(here, unit, picture="koala", view="sigmoid"):
    """Open a class by the address; gives z and both probabilities as pycnn has them."""
    fragment = f"picture={picture}&layer=answer&unit={unit}&y={unit if view else 0}&x=0"
    here.page.evaluate("(f) => { location.hash = f }", fragment + (f"&view={view}" if view else ""))
    native = here.shown(picture, "answer", unit, unit if view else 0, 0)
    expect(here.page.locator("#view")).to_have_attribute("data-view", view or "dense")
    outputs = native.layers
    return float(outputs["answer/logits"][0]), here.network.probabilities(outputs).tolist()


def test_the_overview_has_a_button_for_either_class(here):
    here.page.keyboard.press("Escape")
    here.visit.choose("koala")
    expect(here.page.locator("#explanation")).to_contain_text(
        "gets 87.5\u2009% of 12,000 held-out photos right."
    )
    z, p = go(here, 1, view="")
    here.page.keyboard.press("Escape")
    here.visit.wait_until_overview()
    buttons = here.page.locator("[data-class]")
    assert buttons.evaluate_all("(all) => all.map((one) => one.dataset.class)") == ["cat", "red_dog"]
    for shown, exact in zip(here.visit.probabilities(), p, strict=True):
        assert equal(shown, exact, rounding=5e-7)
    best = here.page.locator("[data-class][data-best=true]")
    assert best.get_attribute("data-unit") == str(int(np.argmax(p)))
    here.visit.unit("answer", 0).hover()
    told = f"answer, cat: probability {100 * p[0]:.1f}\u2009%"
    told += f", what red dog with its logit {rounding(z, 2)} leaves"
    eventually(lambda: here.visit.facts() == told)
    here.visit.unit("answer", 1).hover()
    told = f"answer, red dog: probability {100 * p[1]:.1f}\u2009%, logit {rounding(z, 2)}"
    eventually(lambda: here.visit.facts() == told)


@pytest.mark.parametrize("unit", [0, 1])
def test_both_classes_show_the_one_logit_and_lead_on_to_the_sigmoid(here, unit):
    z, p = go(here, unit, view="")
    layer = here.network.layers[-2]
    products = layer.weights[0] * here.shown("koala", "answer", unit, *here.cursor()).layers["hidden/sigmoid"]
    sentence = here.page.locator("#view-sentence").inner_text()
    assert sentence.startswith(
        "One logit, z, stands for both classes: above zero it speaks for red dog, below for cat."
    )
    assert "cat gets what is left, 1\u00a0−\u00a0p" in sentence
    check_figure(here.figures(".logit .result")[0], z, 2)
    assert here.body.locator(".strongest h3").all_inner_texts() == ["Most for red dog", "Most for cat"]
    strongest = [float(value) for value, _ in here.figures(".strongest .for .figure")]
    assert strongest == pytest.approx(sorted(products[products > 0], reverse=True)[:8], rel=1e-5)
    onward = here.body.locator(".onward")
    assert onward.inner_text().startswith("Sigmoid: probability")
    check_figure(here.figures(".onward .figure")[0], p[unit], 2)
    onward.focus()
    here.page.keyboard.press("Enter")
    expect(here.page.locator("#view[data-view=sigmoid]")).to_be_visible()
    assert here.visit.fragment()["view"] == "sigmoid"
    here.page.locator("#view-ways .left").click()
    expect(here.page.locator("#view[data-view=dense]")).to_be_visible()
    ways = here.page.locator("#view-ways .right")
    assert (ways.inner_text(), ways.get_attribute("title")) == (
        "sigmoid",
        f"Open the sigmoid of {CLASSES[unit]}",
    )


def check_view(here, unit, z, p, decimals):
    """Every number of the view against the formula, and the signs before rounded results."""
    flipped = z < -88.72
    power = exp(z) if flipped else exp(-z)
    assert here.page.locator("#view-title").inner_text() == f"answer, {CLASSES[unit]}: the probability"
    rows = here.body.locator(".list tbody tr")
    assert [row.get_attribute("data-chosen") for row in rows.all()] == ["true", None][
        :: 1 if unit == 0 else -1
    ]
    for figure, exact in zip(here.figures(".list tbody .figure"), p, strict=True):
        check_figure(figure, exact, decimals)
    check_figure(here.figures(".list tfoot .figure")[0], sum(p), decimals)
    shown_z, exponent, exponential = here.figures(".shifted .figure")
    check_figure(shown_z, z, decimals)
    check_figure(exponent, z if flipped else -z, decimals)
    check_figure(exponential, power, decimals)
    upper, lower, result = (one for one in here.figures(".quotient .figure"))
    if (unit == 1) == flipped:
        check_figure(upper, power, decimals)
    else:
        assert upper == (None, "1")
    check_figure(lower, 1 + power, decimals)
    check_figure(result, p[unit], decimals)
    signs = here.body.locator(".quotient .relation").all_inner_texts()
    total = 1 + seen(exponential[1])
    assert signs[0] == ("=" if rounding(float(total), decimals) == lower[1] else "≈")
    if seen(lower[1]):
        quotient = rounding(float(seen(upper[1]) / seen(lower[1])), decimals)
        assert signs[1] == ("=" if quotient == result[1] else "≈")
    widths = here.body.locator(".list .bar i").evaluate_all(
        "(all) => all.map((one) => parseFloat(one.style.width))"
    )
    assert widths == pytest.approx([100 * one for one in p], abs=1e-3)
    point = here.body.locator(".point")
    reach = max(6, abs(z))
    assert float(point.get_attribute("cx")) == pytest.approx(160 + 140 * z / reach, abs=0.06)
    assert float(point.get_attribute("cy")) == pytest.approx(150 - 124 * p[1], abs=0.06)


@pytest.mark.parametrize("choice", CHOICES)
def test_every_number_of_the_sigmoid(here, choice):
    here.choose_decimals(choice)
    for picture in ("koala", "orange", "pizza"):
        for unit in (0, 1):
            z, p = go(here, unit, picture)
            check_view(here, unit, z, p, CHOICES[choice])
    here.choose_decimals("2")


def test_where_the_logit_is_huge(far):
    for unit in (0, 1):
        z, p = go(far, unit)
        assert abs(z) > 100
        check_view(far, unit, z, p, 2)
        note = far.body.locator(".division > p").last.inner_text()
        assert ("would not fit a float32" in note) == (z < 0)


def test_pointer_keys_and_playback_choose_a_class(here):
    z, p = go(here, 0)
    rows = here.body.locator(".list tbody tr")
    rows.nth(1).hover()
    here.arrived(1, 0)
    expect(rows.nth(1)).to_have_attribute("data-chosen", "true")
    expect(here.body.locator("h3.chosen")).to_have_text("red dog")
    here.page.mouse.move(5, 5)
    here.page.locator("#view-title").focus()
    here.page.keyboard.press("ArrowUp")
    here.arrived(0, 0)
    expect(here.body.locator("h3.chosen")).to_have_text("cat")
    power, total = exp(-z), 1 + exp(-z)
    expected = [
        "cat",
        f"exp({rounding(-z, 2)})",
        f"1 − p = {rounding(power, 2)} / {rounding(total, 2)}",
    ]
    eventually(lambda: len(here.said()) == 3)
    assert [line.startswith(start) for line, start in zip(here.said(), expected, strict=True)] == [True] * 3
    assert here.said()[2].endswith(rounding(p[0], 2))
    here.page.keyboard.press("End")
    here.page.keyboard.press("ArrowDown")
    here.arrived(1, 0)
    eventually(lambda: here.visit.fragment()["y"] == "1")
    here.page.locator("#play").click()
    eventually(lambda: not here.visit.is_playing())
    assert here.cursor() == (1, 0)


def test_the_view_is_taken_along(here, tmp_path):
    z, p = go(here, 1)
    files = {}
    for name in ("picture", "map"):
        here.page.locator("#taking summary").click()
        with here.page.expect_download() as download:
            here.page.locator(f"[data-take={name}]").click()
        files[download.value.suggested_filename] = tmp_path / name
        download.value.save_as(tmp_path / name)
    assert list(files) == ["pycnn-koala-answer-1-sigmoid.svg", "pycnn-koala-answer-1-sigmoid.csv"]
    rows = list(csv.reader((tmp_path / "map").read_text().splitlines()))
    assert rows[0] == ["name", "logit", "probability"]
    assert [row[0] for row in rows[1:]] == list(CLASSES)
    assert np.float32([row[1] for row in rows[1:]]).tolist() == [-z, z]
    assert np.float32([row[2] for row in rows[1:]]).tolist() == p
    drawing = (tmp_path / "picture").read_text(encoding="utf-8")
    for text in ("red dog", "exp(", rounding(z, 2), rounding(p[1], 2)):
        assert text in drawing


def test_the_lesson_tells_of_one_logit(here):
    """The article and the guided path on such a network: nothing is said of softmax's shares."""
    z, p = go(here, 1)
    page = here.page
    section = page.locator("#article-softmax")
    assert section.locator("h3").inner_text() == "Sigmoid"
    quotes = section.locator("table .quote").evaluate_all(
        "(all) => all.map((one) => Number(one.dataset.value))"
    )
    assert quotes == pytest.approx([p[0], z, p[1]], rel=1e-5)
    section.locator("figcaption a").click()
    expect(page.locator("#view[data-view=sigmoid][data-unit='1']")).to_be_visible()
    told = page.locator("#article-dense").inner_text()
    assert "one number is enough to tell two classes apart" in told
    assert "One unit for each class" not in told
    title, says = page.locator("#path-title"), page.locator("#path-says")
    texts = {}
    while "Now it is your turn" not in texts:
        before = title.text_content()
        page.evaluate("(n) => { location.hash = `picture=koala&step=${n}` }", len(texts) + 1)
        eventually(lambda before=before: title.text_content() != before)
        expect(says).not_to_be_empty()
        page.wait_for_timeout(200)  # its numbers come from the engine
        texts[title.inner_text()] = page.locator("#path").inner_text()
    share = texts["A score becomes a share"]
    for text in (rounding(z, 2), f"{100 * p[1]:.1f}", f"{100 * p[0]:.1f}", "red dog", "cat"):
        assert text in share
    assert "one weight for each of the 12 values" in texts["For and against"]
    assert not [text for text in texts.values() if re.search("[Ss]oftmax", text)]
    page.evaluate("location.hash = 'picture=koala'")


def test_a_sigmoid_inside_has_the_general_view(here):
    for layer, unit in (("stem/sigmoid", 2), ("hidden/sigmoid", 0)):
        native = here.go("koala", layer, unit)
        assert here.page.locator("#view").get_attribute("data-view") == "general"
        assert (
            here.page.locator("#view-sentence").inner_text().startswith("Sigmoid: turns each value into one")
        )
        values = native.layers[layer]
        exact = values[unit][0, 0] if values.ndim == 3 else values[0]
        shown = here.figures(".rule .result" if values.ndim == 3 else ".near tr[aria-current=true] .figure")[
            -1
        ]
        check_figure(shown, exact, 2)


@pytest.mark.parametrize("size", [(1280, 720), (1600, 1000), (390, 844), (320, 640)])
def test_the_view_fits(here, size):
    go(here, 1)
    here.page.set_viewport_size({"width": size[0], "height": size[1]})
    for choice in CHOICES:
        here.choose_decimals(choice)
        assert here.page.locator("#view").evaluate(FIND_SMALL_TEXT) == []
        assert here.page.locator("#view").evaluate(FIND_CUT_OFF) == []
        assert here.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    here.choose_decimals("2")
    here.page.set_viewport_size({"width": 1280, "height": 720})
