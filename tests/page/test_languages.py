"""The page in the visitor's language: where it begins, how it is switched, and that all of it is so."""

import json
import re

import pytest
from playwright.sync_api import expect
from ui.words import Words

from tests.page.networks import CLASSES
from tests.page.test_playground import Played
from tests.page.visit import START, Visit
from tests.ui.latin import SCRIPTS, latin_in
from tests.ui.test_ui_languages import CATALOGUES, ENGLISH, OTHERS

JAPANESE = {"locale": "ja-JP"}
NOBODYS = "tlh"  # a language that no catalogue is in
UNIT = "#picture=koala&layer=conv_1_2&unit=4&y=10&x=12"
BLOCKED = """for (const method of ["getItem", "setItem"])
  Storage.prototype[method] = () => { throw new DOMException("no", "SecurityError"); };"""
# All that a visitor can read or hear now: text, names, titles, what a slider's place is called.
READ = """() => {
  const found = [];
  // Code, titles of publications elsewhere, and what is marked as another language.
  const skipped = "script, noscript, style, code, a[href^='https:'], [lang=en]";
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    if (!parentElement.closest(skipped)) found.push(textContent);
  }
  const names = ["aria-label", "aria-valuetext", "aria-description", "title", "alt", "placeholder"];
  for (const element of document.querySelectorAll("*")) {
    if (element.closest(skipped)) continue;
    for (const name of names) if (element.hasAttribute(name)) found.push(element.getAttribute(name));
  }
  return found.filter((text) => text.trim());
}"""


def page_of(seen):
    """The page's name and what follows it in the address, and its language."""
    return seen.page.url.rsplit("/", 1)[1], seen.page.locator("html").get_attribute("lang")


def go(visit, address, at="", *, script="", **options):
    """Visit a page of the site, after a script that changes the browser."""
    seen = visit("about:blank", at="", wait=None, **options)
    seen.address = address
    if script:
        seen.page.add_init_script(script)
    seen.page.goto(address + at)
    seen.wait_until_ready()
    return seen


@pytest.mark.parametrize(
    ("languages", "at", "page", "language"),
    [
        (["ja-JP"], "?from=x#picture=koala", "ja.html?from=x#picture=koala", "ja"),
        ([NOBODYS, "ja"], "index.html", "ja.html#picture=espresso", "ja"),
        ([NOBODYS, "en-GB", "ja"], "", "#picture=espresso", "en"),
        ([NOBODYS], "", "#picture=espresso", "en"),
        (["no language", "ja"], "", "ja.html#picture=espresso", "ja"),
        (["en-GB"], "ja.html", "ja.html#picture=espresso", "ja"),
        (["ja"], "?lang=en", "?lang=en#picture=espresso", "en"),
        (["ja"], "?lang=%00", "ja.html?lang=%00#picture=espresso", "ja"),
    ],
)
def test_the_page_begins_in_the_visitors_language(visit, address, languages, at, page, language):
    script = f"Object.defineProperty(navigator, 'languages', {{ get: () => {languages} }})"
    seen = go(visit, address, at, script=script)
    name, shown = page_of(seen)
    assert shown == language
    assert name.split("#")[0] == page.split("#")[0]
    if "koala" in at:
        assert name == page


def test_the_switch_takes_the_state_along_and_is_kept(visit, address):
    seen = go(visit, address, UNIT, **JAPANESE)
    assert page_of(seen) == ("ja.html" + UNIT, "ja")
    seen.page.get_by_role("navigation", name="言語").get_by_role("link", name="English").click()
    seen.page.locator("html[lang=en][data-page=ready]").wait_for()
    assert page_of(seen) == ("index.html" + UNIT, "en")
    expect(seen.page.locator("#view-title")).to_have_text("conv_1_2, unit 4")
    seen.page.goto(address)
    seen.wait_until_ready()
    assert page_of(seen)[1] == "en"
    seen.page.get_by_role("navigation", name="Language").get_by_role("link", name="日本語").click()
    seen.page.locator("html[lang=ja]").wait_for()
    seen.page.goto(address)
    seen.page.locator("html[lang=ja][data-page=ready]").wait_for()


def test_without_storage_the_address_keeps_the_choice(visit, address):
    seen = go(visit, address, script=BLOCKED, **JAPANESE)
    assert page_of(seen)[1] == "ja"
    seen.page.get_by_role("link", name="English").click()
    seen.page.locator("html[lang=en][data-page=ready]").wait_for()
    seen.page.reload()
    seen.wait_until_ready()
    assert page_of(seen)[0].startswith("index.html?lang=en")
    seen.page.get_by_role("link", name="日本語").click()
    seen.page.locator("html[lang=ja][data-page=ready]").wait_for()


def test_without_scripts_the_switch_is_a_plain_link(visit):
    seen = visit(wait=None, java_script_enabled=False, **JAPANESE)
    seen.page.get_by_role("link", name="日本語").click()
    assert page_of(seen) == ("ja.html", "ja")
    expect(seen.page.get_by_role("link", name="English")).to_have_attribute("lang", "en")


@pytest.fixture(scope="module", params=OTHERS)
def foreign(browser, address, request):
    """A visit to the page in a language, with its `code` and its `words`."""
    made = Visit(browser, f"{address}{request.param}.html", reduced_motion="reduce")
    made.code = request.param
    made.words = Words(json.dumps(ENGLISH | CATALOGUES[made.code]))
    made.wait_until_drawn()
    yield made
    made.close()


def check_words(seen, *names):
    """Nothing is left to read in English that the language has its own words for, and in a language with
    letters of its own nothing in others but names.
    """
    layers = seen.page.locator("[data-layer]").evaluate_all("(all) => all.map((one) => one.dataset.layer)")
    read = seen.page.evaluate(READ)
    assert len(read) > 50
    own = CATALOGUES[seen.code]
    foreign = {text for key, text in ENGLISH.items() if " " in text and own.get(key, text) != text}
    assert foreign & {text.strip() for text in read} == set()
    if seen.code in SCRIPTS:
        assert len([text for text in read if re.search(SCRIPTS[seen.code], text)]) > 40
        left = {text: latin_in(text, {*layers, *names}) for text in read}
        assert {text: words for text, words in left.items() if words} == {}


def test_the_overview_is_translated(foreign):
    words = foreign.words
    foreign.unit("conv_1_2", 4).hover()
    expect(foreign.page.locator("#facts")).to_contain_text(words("unit.map", unit=4))
    check_words(foreign)
    foreign.choose("yellow_pepper")
    foreign.page.mouse.move(0, 0)
    expect(foreign.page.locator("#explanation")).to_contain_text(words("class.bell_pepper"))
    koala = foreign.page.locator("[data-class='koala']")
    expect(koala).to_contain_text(words("class.koala"))
    foreign.upload("写真", b"")
    foreign.expect_message(words("upload.error.empty", name="写真"))
    check_words(foreign)


@pytest.mark.parametrize(
    ("layer", "unit"),
    [("input", 0), ("conv_1_1", 0), ("relu_1_1", 1), ("max_pool_1", 2), ("flatten", 0), ("output", 5)],
)
def test_a_view_is_translated(foreign, layer, unit):
    foreign.paste(picture="koala", layer=layer, unit=unit, y=0, x=0)
    foreign.wait_until_view(layer, unit)
    expect(foreign.page.locator("#view-live")).not_to_be_empty()
    foreign.page.locator("#taking summary").click()
    check_words(foreign)


def test_the_softmax_is_translated(foreign):
    foreign.paste(picture="koala", layer="output", unit=5, view="softmax")
    expect(foreign.page.locator("#view[data-view=softmax]")).to_be_visible()
    expect(foreign.page.locator("#view-title")).to_contain_text(foreign.words("class.koala"))
    check_words(foreign)


def test_the_playground_is_translated(foreign):
    words = foreign.words
    foreign.paste(picture="koala")
    played = Played(foreign)
    played.page.locator("#try-source").select_option("picture")
    expect(played.page.locator("#try-patch")).to_contain_text(words("channel.red"))
    check_words(foreign)
    played.field("stride").fill("")
    played.field("stride").press("Tab")
    name = words("playground.size.stride")
    expect(played.trouble).to_contain_text(words("playground.problem.empty", name=name, least=1, most=8))
    check_words(foreign)
    played.field("stride").fill("2")
    played.field("size").fill("1")
    expect(played.trouble).to_contain_text(words("playground.impossible", extent=3, room=1))
    check_words(foreign)


def test_the_guided_path_is_translated(foreign):
    words, at = foreign.words, foreign.page.locator("#path-at")
    number = count = 1
    while number <= count:
        foreign.paste(picture="koala", step=number)
        count = foreign.page.locator("#path-steps li").count() or count
        expect(at).to_have_text(words("path.at", number=number, count=16))
        expect(foreign.page.locator("#path-check")).to_be_enabled(timeout=START)
        reveal = foreign.page.locator("#path-reveal")
        if reveal.is_visible():
            reveal.click()
            answer = re.compile(".+".join(map(re.escape, words("path.answer", answer="|").split("|"))))
            expect(foreign.page.locator("#path-verdict")).to_have_text(re.compile(answer.pattern + ".*"))
        check_words(foreign)
        number += 1
    assert count == 16
    foreign.page.locator("#path-leave").click()


@pytest.mark.parametrize("code", OTHERS)
def test_another_networks_classes_keep_their_names(visit, elsewhere, code):
    seen = visit(f"{code}.html#layer=hidden&unit=0", at=elsewhere)
    seen.code = code
    seen.wait_until_view("hidden", 0)
    assert seen.page.locator("#view").get_attribute("data-view") == "general"
    check_words(seen, *CLASSES)
    seen.paste(layer="shrink", unit=0)
    seen.wait_until_view("shrink", 0)
    check_words(seen, *CLASSES)


@pytest.mark.parametrize("size", [(1280, 720), (390, 844), (320, 568)])
def test_words_have_room(foreign, size):
    foreign.paste(picture="koala")
    foreign.wait_until_overview()
    width, height = size
    foreign.page.set_viewport_size({"width": width, "height": height})
    assert foreign.page.evaluate("document.documentElement.scrollWidth") <= width
    wide = foreign.page.locator(".class").evaluate_all(
        "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.innerText)"
    )
    assert wide == []
    # What is wider than the article is cut off, without a scroll bar.
    ends = foreign.page.locator("#article > section > :is(h2, h3, p, dl)").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().right)"
    )
    assert 100 < max(ends) <= width
    if width == 1280:
        assert foreign.page.locator("#screen").bounding_box()["height"] <= height
