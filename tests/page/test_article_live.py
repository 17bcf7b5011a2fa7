"""The article follows the page: its numbers are the picture's, and its links land where they say."""

import json
import re
from html import unescape
from urllib.parse import parse_qsl

import numpy as np
import pytest
from playwright.sync_api import expect

from builder.compute import pixels_of
from tests.browser import FILES, SITE
from tests.page.native import Native, diverging, equal, tinted
from tests.page.visit import Visit, eventually

PAGE = (SITE / "index.html").read_text(encoding="utf-8")
STATES = [unescape(found) for found in re.findall(r'href="(#[^"]*)" data-state', PAGE)]


def answer(native, kind, *arguments):
    """What a quote is to be, with loops of our own over the native activations."""
    layers = {layer.name: layer for layer in native.network.layers}
    names = ["input", *layers]

    def window(layer, source, y, x):
        one, maps = layers[layer], native.values(names[names.index(layer) - 1])[source]
        (rows, columns), (down, right), (top, _, left, _) = one.size, one.stride, one.padding
        apart_down, apart_right = one.dilation
        cells = [
            (y * down - top + i * apart_down, x * right - left + j * apart_right)
            for i in range(rows)
            for j in range(columns)
        ]
        return [
            maps[row, column] if 0 <= row < maps.shape[0] and 0 <= column < maps.shape[1] else 0
            for row, column in cells
        ]

    def products(layer, unit, source, y, x):
        weights = layers[layer].kernel[unit, source].ravel()
        return [value * weight for value, weight in zip(window(layer, source, y, x), weights, strict=True)]

    *_, logits, last = layers
    kinds = {
        "value": lambda layer, unit, y, x: native.maps(layer)[unit, y, x],
        "window": window,
        "kernel": lambda layer, unit, source: layers[layer].kernel[unit, source].ravel(),
        "products": products,
        "partial": lambda *place: sum(products(*place)),
        "bias": lambda layer, unit: layers[layer].bias[unit],
        "cut": lambda layer, unit: (native.values(names[names.index(layer) - 1])[unit] < 0).mean(),
        "logit": lambda unit: native.values(logits)[unit],
        "probability": lambda unit: native.values(last)[unit],
    }
    return kinds[kind](*arguments)


def written(kind, value):
    """A quote's text as the article is to have it."""
    if kind in ("cut", "probability"):
        share = 100 * value
        return (
            "<\u20090.1\u2009%"
            if 0 < share < 0.05
            else ">\u200999.9\u2009%"
            if 99.95 <= share < 100
            else f"{share:.1f}\u2009%"
        )
    text = f"{value:.2f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")


def quotes(seen):
    """(question, index, value, text) of every number in the article that follows the picture."""
    found = seen.page.locator("#article [data-quote]").evaluate_all(
        "(all) => all.map((one) => [one.dataset.quote, one.dataset.index ?? '', one.dataset.value,"
        " one.textContent])"
    )
    return [(json.loads(question), index, float(value), text) for question, index, value, text in found]


def check_quotes(seen, native, count):
    found = quotes(seen)
    assert len(found) >= count
    for (kind, *arguments), index, value, text in found:
        expected = answer(native, kind, *arguments)
        exact = float(expected[int(index)] if index else expected)
        assert equal(value, exact), (kind, arguments, index)
        assert text == written(kind, value)


def test_the_numbers_are_those_of_the_picture(visit, network):
    seen = visit(wait="ready")
    first = seen.page.locator("#article").inner_html()
    seen.wait_until_drawn()
    check_quotes(seen, Native(network, seen.picture()), 60)
    seen.choose("koala")
    probabilities = Native(network, seen.picture())
    shown = seen.page.locator("#article [data-quote='[\"probability\",5]']")
    eventually(lambda: equal(float(shown.get_attribute("data-value")), probabilities.values("output")[5]))
    check_quotes(seen, probabilities, 60)
    assert first != seen.page.locator("#article").inner_html()


def test_the_cells_of_a_figure_have_the_colours_of_their_values(drawn):
    tables = drawn.page.locator("#article table[data-ramp]").evaluate_all(
        "(all) => all.map((one) => [one.dataset.ramp, [...one.querySelectorAll('td')].map((cell) =>"
        " [Number(cell.firstChild.dataset.value), getComputedStyle(cell).backgroundColor])])"
    )
    assert [ramp for ramp, _ in tables] == ["channel", "diverging", "diverging", "diverging", "diverging"]
    for ramp, cells in tables:
        values = np.array([value for value, _ in cells])
        limit = np.abs(values).max()
        expected = tinted(values, 0) if ramp == "channel" else diverging(values, limit)
        shown = [[int(part) for part in re.findall(r"\d+", colour)] for _, colour in cells]
        assert np.abs(np.array(shown) - expected).max() <= 1


def test_the_figures_maps_are_those_of_the_network(visit):
    """Before any Python they come from the build's sprite, later from the overview."""
    seen = visit(wait="ready")
    same = """(all) => all.map((one) => {
      const pixels = (canvas) =>
        canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.toString();
      const unit = `.unit[data-layer="${one.dataset.of}"][data-unit="${one.dataset.map}"] canvas`;
      return pixels(one) === pixels(document.querySelector(unit));
    })"""
    maps = seen.page.locator("#article canvas[data-of]")
    seen.page.wait_for_timeout(0)
    assert maps.evaluate_all(same) == [True] * 8
    seen.wait_until_drawn()
    seen.choose("koala")
    eventually(lambda: maps.evaluate_all(same) == [True] * 8)


def test_the_point_on_the_graph_follows_the_picture(visit, network):
    seen = visit()
    point = seen.page.locator("#article circle[data-plot]")
    places = []
    for picture in ("espresso", "orange"):
        seen.choose(picture)
        value = float(Native(network, seen.picture()).values("conv_1_1")[6, 35, 38])
        eventually(lambda value=value: abs(float(point.get_attribute("cx")) - 50 * value) < 1e-3)
        places.append(float(point.get_attribute("cy")))
        assert places[-1] == pytest.approx(-50 * max(value, 0), abs=1e-3)
    assert len(set(places)) == 2, "one is below zero, the other above"


def test_what_the_build_wrote_is_right_before_any_python(visit, network):
    seen = visit(wait=None, java_script_enabled=False)
    pixels = pixels_of(FILES, "espresso", network)
    check_quotes(seen, Native(network, pixels), 60)


def test_another_network_has_an_article_of_its_own(visit, elsewhere, other):
    seen = visit(at=elsewhere)
    check_quotes(seen, Native(other, seen.picture()), 40)
    text = seen.page.locator("#article").inner_text()
    assert "conv_1_1" not in text
    assert "{" not in re.sub(r"<pre.*?</pre>", "", seen.page.locator("#article-relu").inner_html())
    assert "stem reads 3 and makes 6: that takes 3 × 6 = 18 kernels." in text
    training = seen.page.locator("#article-training")
    assert "gradient descent" in training.inner_text()
    assert not re.search("photos of|PyTorch|Tiny ImageNet|held", training.inner_text())
    for link in seen.page.locator("#article a[data-state]").all():
        parts = dict(parse_qsl(link.get_attribute("href")[1:]))
        assert parts["layer"] in ["input", *(layer.name for layer in other.layers)]


def test_there_are_links_into_every_kind_of_view():
    layers = {dict(parse_qsl(fragment[1:]))["layer"] for fragment in STATES}
    assert {"input", "conv_1_1", "relu_1_1", "conv_1_2", "max_pool_1", "flatten", "output"} <= layers
    assert len(STATES) >= 11


@pytest.fixture(scope="module")
def reader(browser, address):
    made = Visit(browser, address, reduced_motion="reduce")
    made.wait_until_drawn()
    yield made
    made.close()


@pytest.mark.parametrize("number", range(len(STATES)))
def test_a_link_into_a_state_lands_there_and_back_again(reader, number):
    link = reader.page.locator("#article a[data-state]").nth(number)
    parts = dict(parse_qsl(STATES[number][1:]))
    section = link.evaluate("(one) => one.closest('section').id")
    link.click()
    reader.wait_until_view(parts["layer"], int(parts["unit"]))
    view = reader.page.locator("#view")
    expect(view).to_be_in_viewport()
    expect(reader.page.locator("#view-title")).to_be_focused()
    if "picture" in parts:
        reader.wait_until_picture(parts["picture"])
    if "view" in parts:
        expect(view).to_have_attribute("data-view", parts["view"])
    written = dict(parse_qsl(reader.page.evaluate("location.hash")[1:]))
    assert parts.items() - {("channel", "0")} <= written.items()
    assert {"picture", "layer", "unit", "y", "x"} <= set(written)
    if "y" in parts:
        body = reader.page.locator("#view-body")
        place = [
            body.evaluate("(one, name) => one.style.getPropertyValue(name)", f"--{axis}") for axis in "yx"
        ]
        assert place == [parts["y"], parts["x"]]
    # The view's own link leads back to where one was reading, if that is the section it explains.
    more = reader.page.locator("#view-article")
    more.click()
    if f"article-{more.get_attribute('data-article')}" == section:
        expect(link).to_be_focused()
        expect(link).to_be_in_viewport()
    more.evaluate("(one) => one.blur()")
    reader.page.go_back()
    expect(view).to_be_hidden()
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()


def test_a_link_works_by_keyboard_and_opens_a_tab_when_asked(reader):
    link = reader.page.locator("#article-pooling a[data-state]")
    link.focus()
    reader.page.keyboard.press("Enter")
    reader.wait_until_view("max_pool_1", int(dict(parse_qsl(link.get_attribute("href")[1:]))["unit"]))
    reader.page.keyboard.press("Escape")
    reader.wait_until_overview()
    with reader.context.expect_page() as opened:
        link.click(modifiers=["ControlOrMeta"])
    opened.value.locator("#view[data-layer=max_pool_1]").wait_for(timeout=60_000)
    opened.value.close()
