"""The article below the network: what it says is true, and its links lead there and back."""

import ast
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from pycnn import AveragePooling, Convolution, Flatten, MaxPooling, ReLU, Softmax
from tests.page.test_layout import PHONE, box

WEB = Path(__file__).parents[2] / "web"
WORDS = json.loads((WEB / "words/en.json").read_text(encoding="utf-8"))
SECTIONS = ["network", "input", "convolution", "relu", "pooling", "flatten", "dense", "softmax"]


class Outline(HTMLParser):
    """Collects the page's headings, the article's sections with what they hold, and all links to them."""

    def __init__(self):
        super().__init__()
        self.headings, self.sections, self.links, self._section = [], {}, [], None
        self.feed(
            "".join((WEB / name).read_text(encoding="utf-8") for name in ("index.html", "article.html"))
        )

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
        if tag == "section" and given.get("id", "").startswith("article-"):
            self._section = self.sections.setdefault(given["id"].removeprefix("article-"), [])
        if self._section is not None:
            self._section.append((tag, given))
        if "data-article" in given:
            self.links.append((given["data-article"], given["href"]))

    def handle_endtag(self, tag):
        if tag == "section":
            self._section = None


PAGE = Outline()


# What stands in the article


def test_every_section_has_a_heading_to_land_on_and_a_way_back():
    assert list(PAGE.sections) == SECTIONS
    for name, elements in PAGE.sections.items():
        headings = [given for tag, given in elements if tag in ("h2", "h3")]
        assert [given["tabindex"] for given in headings] == ["-1"], name
        assert len([given for _, given in elements if "data-back" in given]) == 1, name


def test_headings_are_in_order():
    assert PAGE.headings[0] == 1
    assert PAGE.headings.count(1) == 1
    for before, after in zip(PAGE.headings, PAGE.headings[1:], strict=False):
        assert after <= before + 1


def test_every_link_names_a_section():
    assert {name for name, _ in PAGE.links} == set(SECTIONS)
    assert all(href == f"#article-{name}" for name, href in PAGE.links)


def test_the_sections_that_views_name_are_there():
    named = {
        node.value.value
        for path in (WEB / "ui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and [getattr(target, "id", None) for target in node.targets] == ["article"]
    }
    assert named - {None} <= set(SECTIONS)


@pytest.mark.parametrize("name", ["convolution", "relu", "pooling", "dense", "softmax"])
def test_formulas_are_mathml(name):
    tags = [tag for tag, _ in PAGE.sections[name]]
    assert "math" in tags
    assert {"img", "svg", "canvas"}.isdisjoint(tags)


def kernel(size):
    return np.zeros((1, 1, size, size), np.float32)


def values(*numbers):
    return np.array(numbers, np.float32)


def numbers_in(key):
    """All numbers in a text of the article, as floats."""
    return [float(found.replace("−", "-")) for found in re.findall(r"−?\d+(?:\.\d+)?", WORDS[key])]


def test_the_example_of_a_convolution_is_right():
    assert WORDS["article.convolution.example"].startswith(
        "Take a channel of 64×64 values, a 3×3 kernel, stride 1"
    )
    results = [
        Convolution("example", kernel(3), values(0), stride, padding).output_shape((1, 64, 64))
        for stride, padding in ((1, 0), (1, 1), (2, 0))
    ]
    shown = re.findall(r"(\d+)×(\d+)", WORDS["article.convolution.result"])
    assert [(1, int(rows), int(columns)) for rows, columns in shown] == results
    assert results[0] == (1, 62, 62)


def test_the_small_examples_are_right():
    before, kept, cut, zero = numbers_in("article.relu.why")
    assert ReLU("example").forward(values(before, cut)).tolist() == values(kept, zero).tolist()
    *window, largest, mean = numbers_in("article.pooling.why")
    maps = values(*window).reshape(1, 2, 2)
    assert MaxPooling("example").forward(maps).item() == largest
    assert AveragePooling("example").forward(maps).item() == mean
    rows, columns, maps, *factors, length = numbers_in("article.flatten.order")
    assert factors == [rows, columns]
    assert Flatten("example").output_shape((int(maps), int(rows), int(columns))) == (length,)
    logits, percents = numbers_in("article.softmax.sum")[3:6], numbers_in("article.softmax.sum")[6:]
    probabilities = Softmax("example").forward(values(*logits))
    assert [f"{100 * one:.1f}" for one in probabilities] == [f"{one:.1f}" for one in percents]


# Going there and back


def heading(seen, name):
    return seen.page.locator(f"#article-{name} :is(h2, h3)")


def test_links_lead_to_a_section_and_back_and_leave_the_state_alone(visit):
    seen = visit("#picture=koala")
    entries = seen.page.evaluate("history.length")
    seen.page.locator("#how").click()
    expect(heading(seen, "network")).to_be_focused()
    for name in SECTIONS[1:]:
        seen.page.locator(f"#article nav [data-article={name}]").click()
        expect(heading(seen, name)).to_be_focused()
        expect(heading(seen, name)).to_be_in_viewport(ratio=1)
    seen.page.locator("#article-relu [data-back]").click()
    expect(seen.page.locator("#how")).to_be_focused()
    assert seen.page.evaluate("scrollY") == 0
    assert seen.page.evaluate("location.hash") == "#picture=koala"
    assert seen.page.evaluate("history.length") == entries


def test_an_open_view_leads_to_its_section_and_stays_open(visit):
    seen = visit("#picture=koala&layer=relu_1_1&unit=4&y=3&x=2")
    state = seen.page.evaluate("location.hash")
    link = seen.page.locator("#view-article")
    for back_at in (link, seen.page.locator("#view-title")):
        link.click()
        expect(heading(seen, "relu")).to_be_focused()
        if back_at is not link:
            link.evaluate("(one) => { one.hidden = true; }")
        seen.page.locator("#article-relu [data-back]").click()
        expect(back_at).to_be_focused()
        assert seen.page.evaluate("scrollY") == 0
        assert seen.page.evaluate("location.hash") == state


def test_the_keyboard_goes_on_where_a_link_led(visit):
    seen = visit()
    seen.page.locator("#how").press("Enter")
    expect(heading(seen, "network")).to_be_focused()
    seen.page.keyboard.press("Tab")
    expect(seen.page.locator("#article nav a").first).to_be_focused()
    seen.page.keyboard.press("Enter")
    expect(heading(seen, "input")).to_be_focused()
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("#how")).to_be_focused()


@pytest.mark.parametrize("gone", [False, True], ids=["scrolled there", "the link is gone"])
def test_without_a_link_to_return_to_the_way_back_leads_to_the_network(visit, gone):
    seen = visit()
    if gone:
        seen.page.locator("#how").click()
        seen.page.evaluate("document.querySelector('#how').hidden = true")
    seen.page.locator("#article-softmax [data-back]").click()
    expect(seen.unit("input", 0)).to_be_focused()
    assert seen.page.evaluate("scrollY") == 0


def test_a_link_opens_in_another_tab_at_its_section(visit):
    seen = visit()
    with seen.context.expect_page() as opened:
        seen.page.locator("#article nav [data-article=pooling]").click(modifiers=["ControlOrMeta"])
    other = opened.value
    other.locator("html[data-page=ready]").wait_for(state="attached", timeout=60_000)
    expect(other.locator("#article-pooling h3")).to_be_in_viewport()
    assert seen.page.evaluate("document.activeElement.closest('#article-pooling')") is None


# Reading


def test_the_article_begins_below_the_first_screen_and_is_set_to_be_read(visit):
    seen = visit()
    assert box(seen, "#article")["y"] >= 720
    expect(seen.page.locator("#how")).to_be_in_viewport(ratio=1)
    text = seen.page.locator("#article-convolution > p").first
    assert text.evaluate("(one) => getComputedStyle(one).fontSize") == "17px"
    lines = text.evaluate(
        "(one) => { const range = document.createRange(); range.selectNodeContents(one);"
        " return new Set([...range.getClientRects()].map((line) => line.top)).size; }"
    )
    assert 60 <= len(text.inner_text()) / lines <= 75


def test_on_a_phone_the_hint_is_in_sight_and_nothing_lies_over_the_article(visit):
    seen = visit(**PHONE)
    expect(seen.page.locator("#how")).to_be_in_viewport(ratio=1)
    seen.page.locator("#how").tap()
    for name in SECTIONS[1:]:
        expect(seen.page.locator("#about")).not_to_be_in_viewport()
        expect(seen.page.locator("#picture")).not_to_be_in_viewport()
        seen.page.locator(f"#article nav [data-article={name}]").tap()
        expect(heading(seen, name)).to_be_in_viewport(ratio=1)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_formulas_fit_the_narrowest_phone(visit):
    seen = visit(viewport={"width": 320, "height": 568}, wait="ready")
    hidden = seen.page.locator("#article math").evaluate_all(
        "(all) => all.map((one) => one.scrollWidth - one.clientWidth)"
    )
    assert len(hidden) > 7
    assert max(hidden) <= 0
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_it_can_be_read_without_scripts(visit):
    seen = visit(wait=None, java_script_enabled=False)
    seen.page.locator("#article nav [data-article=softmax]").click()
    expect(heading(seen, "softmax")).to_be_in_viewport()
    expect(seen.page.locator("#article-softmax math").first).to_be_visible()
