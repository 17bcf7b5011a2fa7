"""The article below the network: what it says is true, and its links lead there and back."""

import ast
import json
import math
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from builder.article import source
from pycnn import Convolution, ReLU, Sigmoid, Softmax, default_model
from tests.browser import SITE
from tests.page.test_layout import PHONE, box

WEB = Path(__file__).parents[2] / "web"
WORDS = json.loads((WEB / "words/en.json").read_text(encoding="utf-8"))
NAMED_BY_VIEWS = ["network", "input", "convolution", "relu", "pooling", "flatten", "dense", "softmax"]


class Outline(HTMLParser):
    """Collects the page's headings, the article's sections with what they hold, and all links to them."""

    def __init__(self):
        super().__init__()
        self.headings, self.sections, self.links, self._section = [], {}, [], None
        page = (SITE / "index.html").read_text(encoding="utf-8")
        start = page.index('<div id="article"')
        self.article = page[start : page.index("\n</div>", start) + 1]
        self.feed(page)

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
SECTIONS = list(PAGE.sections)


# What stands in the article


def test_every_section_has_a_heading_to_land_on_and_a_way_back():
    assert set(NAMED_BY_VIEWS) < set(SECTIONS)
    for name, elements in PAGE.sections.items():
        headings = [given for tag, given in elements if tag in ("h2", "h3")]
        assert [given["tabindex"] for given in headings] == ["-1"], name
        assert len([given for _, given in elements if "data-back" in given]) == 1, name


def test_headings_are_in_order():
    assert PAGE.headings[0] == 1
    assert PAGE.headings.count(1) == 1
    for before, after in zip(PAGE.headings, PAGE.headings[1:], strict=False):
        assert after <= before + 1


def test_every_link_names_a_section_and_the_contents_lead_to_all_others():
    assert all(href == f"#article-{name}" for name, href in PAGE.links)
    assert {name for name, _ in PAGE.links} == set(SECTIONS)
    listed = [
        given["data-article"]
        for _, given in PAGE.sections["network"]
        if given.get("data-article") in SECTIONS[1:]
    ]
    assert listed == SECTIONS[1:]


def test_the_sections_that_views_name_are_there():
    named = {
        node.value.value
        for path in (WEB / "ui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and [getattr(target, "id", None) for target in node.targets] == ["article"]
    }
    assert named - {None} == set(NAMED_BY_VIEWS)


@pytest.mark.parametrize("name", ["hyperparameters", "relu", "pooling", "dense", "softmax"])
def test_formulas_are_mathml(name):
    tags = [tag for tag, _ in PAGE.sections[name]]
    assert "math" in tags
    assert "img" not in tags


def test_the_shipped_network_has_every_line_of_it():
    template = (WEB / "article.html").read_text(encoding="utf-8")
    for_others = r"^ *\{\{\?sigmoid\}\}\n.*?(?=^ *\{\{\?)"  # the shipped network ends with a softmax
    template = re.sub(for_others, "", template, flags=re.DOTALL | re.MULTILINE)
    lines = [line for line in template.splitlines() if not line.strip().startswith("{{?")]
    asked = re.findall(r"\{\{([^}?]+)\}\}", template)
    assert len(asked) > 140
    excerpts = sum(source(name).count("\n") for key in asked if (name := key.removeprefix("!source ")) != key)
    beyond = 2  # a comment before it, and its closing tag
    assert PAGE.article.count("\n") == len(lines) - beyond + excerpts


def test_it_is_as_long_as_one_sits_down_to_read():
    playground = r'<section id="article-playground">.*?</section>'  # one does not read its labels
    prose = re.sub(playground, " ", PAGE.article, flags=re.DOTALL)
    text = re.sub(r"<(svg|math|pre|table|nav).*?</\1>|<[^>]*>", " ", prose, flags=re.DOTALL)
    assert 2000 <= len(re.findall(r"[^\W\d_]{2,}", text)) <= 3000


# Its own numbers: those of the shipped network are facts (tests/builder/test_build_facts.py), the others here


def kernel(size):
    return np.zeros((1, 1, size, size), np.float32)


def values(*numbers):
    return np.array(numbers, np.float32)


def side(count, size, **hyperparameters):
    """The size of a convolution's output for `count` values with a kernel of `size`."""
    layer = Convolution("example", kernel(size), values(0), **hyperparameters)
    return layer.output_shape((1, count, count))[1]


def check_pixels(low, high, divisor, least, most):
    network = default_model()
    pixels = np.zeros((*network.input_shape[1:], 3), np.uint8)
    pixels[0, 0] = high
    picture = network.picture_from_pixels(pixels)
    assert (picture.min(), picture.max()) == (least, most)
    assert (low, high) == (np.iinfo(np.uint8).min, divisor)


def check_kernels(small, _1, weights, large, _2, more, two, _3, seen, _4, together, instead):
    assert (kernel(int(small)).size, kernel(int(large)).size) == (weights, more)
    assert side(side(int(seen), int(two)), int(two)) == 1
    assert together == 2 * kernel(int(two)).size
    assert instead == kernel(int(seen)).size


def check_stride(one, two):
    assert side(64, 2, stride=int(one)) == 63
    assert side(64, 2, stride=int(two)) == 32


def check_dilation(dilation, size, _1, reach, _2, read):
    assert side(int(reach), int(size), dilation=int(dilation)) == 1
    assert kernel(int(size)).size == read


def check_same(stride):
    assert side(64, 3, padding=1, stride=int(stride)) == 64
    assert side(64, 3, padding=1, stride=int(stride) + 1) != 64


def check_confidence(percent):
    card = json.loads((WEB.parent / "weights/tiny_vgg.json").read_text(encoding="utf-8"))
    assert f"held_out_accuracy_{percent:g}_percent_interval" in card


def check_relu(above, kept, below, zero):
    assert ReLU("example").forward(values(above, below)).tolist() == [kept, zero]


def check_shares(_one, _hundred, *numbers):
    *logits, first, second, third, lead, factor = numbers
    probabilities = Softmax("example").forward(values(*logits))
    assert [f"{100 * one:.1f}" for one in probabilities] == [f"{one:.1f}" for one in (first, second, third)]
    assert f"{math.exp(lead):.3f}" == str(factor)


def check_e(number):
    assert number == round(math.e, 3)


def sigmoid(logit):
    return float(Sigmoid("example").forward(values(logit))[0])


def check_sigmoid(number, added, divided):
    check_e(number)
    assert sigmoid(1.5) == pytest.approx(divided / (math.exp(-1.5) + added), abs=1e-6)


def check_rest(whole, *numbers):
    *shares, far, least, most = numbers
    for logit, share in zip(shares[::2], shares[1::2], strict=True):
        assert f"{100 * sigmoid(logit):.1f}" == f"{share:.1f}"
    assert sigmoid(2) + sigmoid(-2) == pytest.approx(whole)
    assert (sigmoid(far - 30), sigmoid(far + 30)) == pytest.approx((least, most), abs=1e-6)


def check_like_softmax(whole, logit):
    shares = Softmax("example").forward(values(logit, 1.5))
    assert shares.sum() == pytest.approx(whole)
    assert shares[1] == pytest.approx(sigmoid(1.5))


def check_between(least, most):
    assert least < sigmoid(-5) < sigmoid(5) < most
    assert (sigmoid(-50), sigmoid(50)) == pytest.approx((least, most))


def check_zero(zero):
    assert zero == 0


CHECKS = {
    "article.input.numbers": check_pixels,
    "article.hyperparameters.kernel": check_kernels,
    "article.hyperparameters.stride": check_stride,
    "article.hyperparameters.dilation": check_dilation,
    "article.hyperparameters.padding": check_same,
    "article.training.held": check_confidence,
    "article.relu.figure": check_relu,
    "article.softmax.rule": check_e,
    "article.softmax.sum": check_shares,
    "article.sigmoid.rule": check_sigmoid,
    "article.sigmoid.rest": check_rest,
    "article.sigmoid.softmax": check_like_softmax,
    "article.glossary.sigmoid": check_between,
    "article.network.live": check_zero,
    "article.glossary.relu": check_zero,
    "article.relu.graph": check_zero,
}


def literals(text):
    """The numbers that a text of the article states itself, without those of places, links and code."""
    text = re.sub(r"\]\([^)]*\)|\{\w+\}|`[^`]*`", " ", text)
    return [float(found.replace("−", "-")) for found in re.findall(r"−?\d+(?:\.\d+)?", text)]


def test_every_number_of_the_article_is_checked():
    stating = {
        key
        for key, text in WORDS.items()
        if key.startswith("article.")
        and not key.startswith(("article.reading.", "article.credits."))
        and literals(text)
    }
    assert stating == set(CHECKS)


@pytest.mark.parametrize("key", CHECKS)
def test_a_number_of_the_article_is_right(key):
    CHECKS[key](*literals(WORDS[key]))


@pytest.mark.parametrize(
    ("count", "size", "padding", "stride", "dilation"),
    [(64, 3, 0, 1, 1), (64, 3, 1, 1, 1), (64, 3, 0, 2, 1), (11, 4, 2, 3, 2), (9, 3, 0, 1, 4)],
)
def test_the_formula_of_the_size_is_pycnns(count, size, padding, stride, dilation):
    expected = (count + 2 * padding - dilation * (size - 1) - 1) // stride + 1
    assert side(count, size, padding=padding, stride=stride, dilation=dilation) == expected


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
    expect(seen.page.locator("#article a").first).to_be_focused()
    seen.page.locator("#article nav [data-article=flatten]").press("Enter")
    expect(heading(seen, "flatten")).to_be_focused()
    seen.page.keyboard.press("Tab")
    expect(seen.page.locator("#article-flatten a").first).to_be_focused()
    seen.page.locator("#article-flatten [data-back]").press("Enter")
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


def test_it_can_be_read_without_scripts(visit):
    seen = visit(wait=None, java_script_enabled=False)
    seen.page.locator("#article nav [data-article=softmax]").click()
    expect(heading(seen, "softmax")).to_be_in_viewport()
    expect(seen.page.locator("#article-softmax math").first).to_be_visible()
