"""The page in the visitor's language: where it begins, how it is switched, and that all of it is so."""

import re

import pytest
from playwright.sync_api import expect

from tests.page.networks import CLASSES
from tests.page.test_playground import Played
from tests.page.visit import START, Visit
from tests.ui.latin import latin_in

JAPANESE = {"locale": "ja-JP"}
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
        (["de-DE", "ja"], "index.html", "ja.html#picture=espresso", "ja"),
        (["de-DE", "en-GB", "ja"], "", "#picture=espresso", "en"),
        (["de-DE"], "", "#picture=espresso", "en"),
        (["en-GB"], "ja.html", "ja.html#picture=espresso", "ja"),
        (["ja"], "?lang=en", "?lang=en#picture=espresso", "en"),
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


@pytest.fixture(scope="module")
def japanese(browser, address):
    made = Visit(browser, address + "ja.html", reduced_motion="reduce")
    made.wait_until_drawn()
    yield made
    made.close()


def check_words(seen, *names):
    """Nothing is left to read that is not Japanese, but names."""
    layers = seen.page.locator("[data-layer]").evaluate_all("(all) => all.map((one) => one.dataset.layer)")
    read = seen.page.evaluate(READ)
    assert len(read) > 50
    kana = [text for text in read if re.search("[\u3040-\u30ff\u4e00-\u9fff]", text)]
    assert len(kana) > 40
    assert {
        text: latin_in(text, {*layers, *names}) for text in read if latin_in(text, {*layers, *names})
    } == {}


def test_the_overview_is_in_japanese(japanese):
    japanese.unit("conv_1_2", 4).hover()
    expect(japanese.page.locator("#facts")).to_contain_text("ユニット 4")
    check_words(japanese)
    japanese.choose("yellow_pepper")
    japanese.page.mouse.move(0, 0)
    expect(japanese.page.locator("#explanation")).to_contain_text("ピーマン")
    koala = japanese.page.locator("[data-class='koala']")
    expect(koala).to_contain_text("コアラ")
    japanese.upload("写真", b"")
    japanese.page.locator("#message", has_text="写真 は空です").wait_for()
    check_words(japanese)


@pytest.mark.parametrize(
    ("layer", "unit"),
    [("input", 0), ("conv_1_1", 0), ("relu_1_1", 1), ("max_pool_1", 2), ("flatten", 0), ("output", 5)],
)
def test_a_view_is_in_japanese(japanese, layer, unit):
    japanese.paste(picture="koala", layer=layer, unit=unit, y=0, x=0)
    japanese.wait_until_view(layer, unit)
    expect(japanese.page.locator("#view-live")).not_to_be_empty()
    japanese.page.locator("#taking summary").click()
    check_words(japanese)


def test_the_softmax_is_in_japanese(japanese):
    japanese.paste(picture="koala", layer="output", unit=5, view="softmax")
    expect(japanese.page.locator("#view[data-view=softmax]")).to_be_visible()
    expect(japanese.page.locator("#view-title")).to_contain_text("コアラ")
    check_words(japanese)


def test_the_playground_is_in_japanese(japanese):
    japanese.paste(picture="koala")
    played = Played(japanese)
    played.page.locator("#try-source").select_option("picture")
    expect(played.page.locator("#try-patch")).to_contain_text("赤チャンネル")
    check_words(japanese)
    played.field("stride").fill("")
    played.field("stride").press("Tab")
    expect(played.trouble).to_contain_text("ストライドが空です")
    check_words(japanese)
    played.field("stride").fill("2")
    played.field("size").fill("1")
    expect(played.trouble).to_contain_text("この設定では計算できません")
    check_words(japanese)


def test_the_guided_path_is_in_japanese(japanese):
    at = japanese.page.locator("#path-at")
    number = count = 1
    while number <= count:
        japanese.paste(picture="koala", step=number)
        expect(at).to_have_text(re.compile(f"段階中 {number}$"))
        count = int(at.inner_text().split()[0])
        expect(japanese.page.locator("#path-check")).to_be_enabled(timeout=START)
        reveal = japanese.page.locator("#path-reveal")
        if reveal.is_visible():
            reveal.click()
            expect(japanese.page.locator("#path-verdict")).to_contain_text("答え")
        check_words(japanese)
        number += 1
    assert count >= 12
    japanese.page.locator("#path-leave").click()


def test_another_networks_classes_keep_their_names(visit, elsewhere):
    seen = visit("ja.html#layer=hidden&unit=0", at=elsewhere)
    seen.wait_until_view("hidden", 0)
    assert seen.page.locator("#view").get_attribute("data-view") == "general"
    check_words(seen, *CLASSES)
    seen.paste(layer="shrink", unit=0)
    seen.wait_until_view("shrink", 0)
    check_words(seen, *CLASSES)


@pytest.mark.parametrize("size", [(1280, 720), (390, 844), (320, 568)])
def test_japanese_words_have_room(japanese, size):
    japanese.paste(picture="koala")
    japanese.wait_until_overview()
    width, height = size
    japanese.page.set_viewport_size({"width": width, "height": height})
    assert japanese.page.evaluate("document.documentElement.scrollWidth") <= width
    wide = japanese.page.locator(".class").evaluate_all(
        "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.innerText)"
    )
    assert wide == []
    # What is wider than the article is cut off, without a scroll bar.
    ends = japanese.page.locator("#article > section > :is(h2, h3, p, dl)").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().right)"
    )
    assert 100 < max(ends) <= width
    if width == 1280:
        assert japanese.page.locator("#screen").bounding_box()["height"] <= height
