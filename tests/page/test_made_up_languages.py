"""Languages that were never heard of: a catalogue each makes their pages, with numbers in their signs."""

import json
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from builder.compute import write_page
from builder.version import seal
from pycnn import default_model
from tests.browser import SITE, served
from tests.made_up import COMMA, ENGLISH, LEFTWARDS, catalogue, write
from tests.packed import in_start
from tests.page.networks import WEB
from tests.page.test_playground import Played
from tests.page.test_taking import clipboard, take
from tests.page.visit import START, Visit, eventually

# Texts with all that means something in HTML, Markdown or Python, which are to be read as they stand.
HOSTILE = {
    "view.title": '<i>{layer}</i> & "{unit}" {{layer}}',
    "path.right": "<b>{{answer}}</b> & {answer}",
    "article.table.of": "{right} <of> {all} {{{{title}}}}",
    "article.glossary.bias": "<script>alert(1)</script> & {{sum}}",
}
CATALOGUES = {
    "de": catalogue("de", COMMA | HOSTILE),
    "ar": catalogue("ar", LEFTWARDS, share=0.6),
    "pt-BR": {"title": "PyCNN pt"},
    "zh-Hant": {"language.name": "繁體中文"},
}
# Shown numbers and their exact values.
NUMBERS = """(all) => all.filter((one) => one.checkVisibility() && one.textContent)
  .map((one) => [one.textContent, one.dataset.value, one.dataset.probability])"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of the site, with these languages beside its own."""
    folder = tmp_path_factory.mktemp("made up")
    site, web = folder / "site", folder / "web"
    shutil.copytree(SITE, site)
    shutil.copytree(WEB, web, ignore=shutil.ignore_patterns("fonts", "samples", "words"))
    write(web / "words", CATALOGUES)
    gallery = in_start("samples.json")
    card = json.loads((WEB.parent / "weights/tiny_vgg.json").read_text(encoding="utf-8"))
    write_page(web, site, default_model(), gallery, card)
    seal(site)
    with served(site) as address:
        yield address


@pytest.fixture(scope="module")
def german(browser, site):
    made = Visit(browser, site + "de.html", reduced_motion="reduce", accept_downloads=True)
    made.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    made.wait_until_drawn()
    yield made
    made.close()


def read(text):
    """The number in a shown text of the language with the comma."""
    return Decimal(text.strip("()").replace("−", "-").replace(",", "."))


def check_numbers(seen, selector="#screen [data-value], #try-arithmetic [data-value]"):
    """What is shown is what it stands for, with a comma; nothing else that can be read has a point in it."""
    eventually(lambda: len(seen.page.locator(selector).evaluate_all(NUMBERS)) >= 2)
    numbers = seen.page.locator(selector).evaluate_all(NUMBERS)
    for text, exact, _ in numbers:
        if re.fullmatch(r"\(?−?[\d,]+\)?", text):
            assert abs(float(read(text)) - float(exact)) <= 0.006, (text, exact)
        else:
            assert "." not in text or not re.search(r"\d", text), text
    visible = seen.page.locator("#screen").inner_text()
    assert re.findall(r"\d\.(?!\d{3}(?!\d))\d+", visible) == []  # a point parts groups of three digits


def test_a_visitor_is_led_to_the_nearest_language(visit, site):
    seen = visit("", at=site, wait="ready", locale="en-US")
    assert seen.page.locator("link[hreflang]").evaluate_all("(all) => all.map((one) => one.hreflang)") == [
        *["en", "ar", "de", "ja", "pt-BR", "zh-Hant"]
    ]
    near = {
        "de": "de",
        "de-AT": "de",
        "ar-EG": "ar",
        "ja-JP": "ja",
        "en-GB": "en",
        "pt-BR": "pt-BR",
        "pt-PT": "pt-BR",
        "pt": "pt-BR",
        "pt-br": "pt-BR",
        "zh-TW": "zh-Hant",
        "zh-Hant-HK": "zh-Hant",
        "zh-CN": "zh-Hant",
        "zh": "zh-Hant",
        "tlh": None,
        "": None,
        "no language": None,
        "d": None,
    }
    found = seen.page.evaluate("(codes) => codes.map((code) => pageFor(code) ?? null)", list(near))
    assert dict(zip(near, found, strict=True)) == near


def test_a_link_leads_to_a_language_with_script_and_region(visit, site):
    seen = visit("#picture=koala&layer=conv_1_2&unit=4", at=site, wait="drawn", locale="zh-TW")
    assert seen.page.url.startswith(site + "zh-Hant.html#picture=koala&layer=conv_1_2&unit=4")
    expect(seen.page.locator("html[lang='zh-Hant']")).to_have_count(1)
    names = seen.page.locator("#languages li").all_text_contents()
    assert names == ["English", "<ar> & more", "<de> & more", "日本語", "pt-BR", "繁體中文"]
    seen.page.locator("#languages a[hreflang='pt-BR']").click()
    seen.page.locator("html[lang='pt-BR'][data-page=ready]").wait_for()
    assert "pt-BR.html#picture=koala&layer=conv_1_2&unit=4" in seen.page.url
    expect(seen.page.locator("h1")).to_have_text("PyCNN pt")
    expect(seen.page.locator("#path-start")).to_have_text(ENGLISH["path.start"])


def test_the_overview_writes_its_numbers_with_a_comma(german):
    page = german.page
    check_numbers(german, "#screen .percent, #screen [data-value]")
    shares = page.locator("[data-class]").evaluate_all(
        "(all) => all.map((one) => [one.dataset.probability, one.querySelector('.percent').textContent])"
    )
    for exact, text in shares:
        assert re.fullmatch(r"[01]\.\d{6}", exact)
        assert re.fullmatch(r"(<\u2009|>\u2009)?\d+,\d\xa0%", text)
    assert re.search(r"−\d,\d\d.* \d,\d\d", german.unit("conv_1_1", 0).get_attribute("aria-label"))
    quotes = page.locator("#article [data-quote]").evaluate_all("(all) => all.map((one) => one.textContent)")
    assert len(quotes) > 40
    assert [text for text in quotes if "." in text] == []
    assert "1.690" in page.locator("#article-flatten").text_content()


def test_terms_add_up_as_they_are_shown(german):
    german.paste(picture="koala", layer="conv_1_2", unit=4, y=10, x=12)
    german.wait_until_picture("koala")
    german.wait_until_view("conv_1_2", 4)
    check_numbers(german)
    expect(german.page.locator("#view-title")).to_have_text('<i>conv_1_2</i> & "ünït 4" {layer}')

    def texts(selector):
        return german.page.locator(selector).all_text_contents()

    hundredth, found = Decimal("0.01"), set()
    terms = german.page.locator(".term").all()
    for term in terms:
        value, weight, product = (read(text) for text in term.locator(".figure").all_text_contents())
        (sign,) = term.locator(".relation").all_text_contents()
        assert (sign == "=") == ((value * weight).quantize(hundredth) == product)
        found.add(sign)
    assert len(terms) == 9
    assert found <= {"=", "≈"}
    addends = [read(text) for text in texts(".addends .addend .figure")]
    (sign,), (result,) = texts(".addends > .relation"), texts(".addends > .result")
    assert len(addends) == 11
    assert (sign == "=") == (sum(addends) == read(result))
    take(german, "numbers")
    eventually(lambda: "\n" in clipboard(german))
    lines = clipboard(german).splitlines()
    assert re.findall(r"\d\.\d", "".join(lines)) == []
    left, sign, right = re.split(r" (=|≈) ", lines[-1])
    copied = [read(part.split()[-1]) for part in left.split(" + ")]
    assert (copied, sign, right) == (addends, sign, result)


@pytest.mark.parametrize(
    ("layer", "unit", "said"),
    [
        ("input", 0, r"\d,\d\d"),
        ("relu_1_1", 3, r"max\(0; −?\d,\d\d\) = \d,\d\d"),
        ("max_pool_1", 1, r"max\(\d,\d\d; \d,\d\d; \d,\d\d; \d,\d\d\) = \d,\d\d"),
        ("flatten", 0, r"\d,\d\d"),
        ("output", 5, r"\d,\d\d × −?\d,\d\d"),
    ],
)
def test_every_view_writes_its_numbers_with_a_comma(german, layer, unit, said):
    german.paste(picture="koala", layer=layer, unit=unit, y=3, x=4)
    german.wait_until_view(layer, unit)
    check_numbers(german)
    expect(german.page.locator("#view-live")).to_have_text(re.compile(said))
    german.page.locator("#decimals").select_option("all")
    eventually(lambda: german.page.locator("#view-body").get_attribute("data-decimals") == "all")
    check_numbers(german)
    german.page.locator("#decimals").select_option("2")


def test_softmax_and_files(german, tmp_path: Path):
    german.paste(picture="koala", layer="output", unit=5, view="softmax")
    expect(german.page.locator("#view[data-view=softmax]")).to_be_visible()
    check_numbers(german)
    german.paste(picture="koala", layer="conv_1_1", unit=0)
    german.wait_until_view("conv_1_1", 0)
    values = save_quietly(german, tmp_path).read_text().replace("\n", ",").split(",")
    assert len([float(value) for value in values if value]) == 62 * 62


def save_quietly(seen, folder):
    """Save the unit's values, whatever the language calls that."""
    with seen.page.expect_download() as download:
        take(seen, "map")
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def test_numbers_are_typed_with_a_comma_or_a_point(german):
    german.paste(picture="koala")
    played = Played(german)
    for typed, exact in (("-0,375", -0.375), ("0.5", 0.5), ("−1,25", -1.25), ("２，５", 2.5)):
        played.weight(0, 0).fill(typed)
        factor = played.page.locator("#try-factors .figure").nth(1)
        expect(factor).to_have_attribute("data-value", str(exact))
        shown = str(exact).replace("-", "−").replace(".", ",")
        expect(factor).to_have_text(f"({shown})" if exact < 0 else shown)
        expect(played.trouble).to_be_hidden()
    played.weight(0, 0).fill("1,2,3")
    played.weight(0, 0).press("Tab")
    expect(played.offer).to_have_text("Täkë 2,5")
    played.offer.click()
    expect(played.weight(0, 0)).to_have_value("2,5")
    played.weight(0, 0).press("ArrowDown")
    expect(played.weight(0, 0)).to_have_value("1,5")
    check_numbers(german, "#try-arithmetic [data-value]")
    german.paste(picture="koala", step=7)
    asked = german.page.locator("#path-asked [data-quote=value]")
    expect(asked).to_have_text(re.compile(r"\d,\d\d"), timeout=START)
    value = asked.text_content()
    german.page.locator("#path-guess").fill("0" if value.startswith("−") else value)
    german.page.locator("#path-check").click()
    verdict = german.page.locator("#path-verdict[data-verdict=right] strong")
    expect(verdict).to_have_text(re.compile(r"^<b>\{answer\}</b> & \d,\d\d$"))
    german.page.locator("#path-leave").click()


def test_texts_are_read_as_they_stand(german):
    article = german.page.locator("#article")
    expect(article.locator("#article-training table")).to_contain_text(
        re.compile(r"\d+ <of> \d+ \{\{title\}\}")
    )
    expect(article.locator("#article-glossary")).to_contain_text("<script>alert(1)</script> & {sum}")


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_a_language_from_right_to_left_has_its_network_from_left_to_right(visit, site, size):
    width, height = size
    seen = visit(
        "ar.html#picture=koala", at=site, reduced_motion="reduce", viewport={"width": width, "height": height}
    )
    expect(seen.page.locator("html")).to_have_attribute("dir", "rtl")
    assert seen.page.locator("header").evaluate("(one) => getComputedStyle(one).direction") == "rtl"
    first, last = (seen.unit(layer, 0).bounding_box()["x"] for layer in ("input", "flatten"))
    assert first < last
    expect(seen.page.locator("[data-class='koala'] .percent")).to_have_text(re.compile(r"^%\d+·\d$"))
    expect(seen.page.locator("#path-start")).to_have_text(ENGLISH["path.start"])  # not translated
    title, how, start = (seen.page.locator(one).bounding_box() for one in ("h1", "#how", "#path-start"))
    if width == 390:
        assert how["x"] + how["width"] <= title["x"]
    else:
        assert start["x"] == 24
    for fragment in ({}, {"layer": "conv_1_1", "unit": 0}, {"step": 3}):
        seen.paste(picture="koala", **fragment)
        seen.expect_quiet_for(0.5)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    bar = seen.page.locator(".settings").bounding_box()
    assert bar["x"] >= 0
    if width == 1280:
        seen.paste(picture="koala", layer="conv_1_1", unit=0, y=3, x=4)
        seen.wait_until_view("conv_1_1", 0)
        cells = seen.page.locator(".kernel").first.locator("span").all()
        assert cells[0].bounding_box()["x"] < cells[1].bounding_box()["x"]
        value = cells[0].get_attribute("data-value")
        shown = f"{float(value):.2f}".replace("-", "\u200e-").replace(".", "·")
        expect(cells[0]).to_have_text(shown)
