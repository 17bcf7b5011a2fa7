"""Catalogues in other languages say what the English one says, and no word stands outside of them."""

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from builder.article import MARKDOWN
from builder.assemble import page_sources
from builder.languages import HOME, read_languages, words_of_code
from builder.modules import pack_modules
from tests.ui.latin import SCRIPTS, latin_in
from tests.ui.test_ui_words import RICH, asked

WEB = Path(__file__).parents[2] / "web"
CATALOGUES = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (WEB / "words").glob("*.json")
}
ENGLISH = CATALOGUES[HOME]
OTHERS = sorted(set(CATALOGUES) - {HOME})
# Texts that are the same in every language, and others that may be.
SAME = {
    *("title", "result.class", "taking.title", "softmax.z", "general.kind.relu", "path.entry"),
    *("article.relu", "article.glossary.relu.term", "article.credits.citation"),
}
SIGNS = ("number.", "list", "language.direction", "classes.legend.all")
A_SENTENCE = 5  # words; shorter texts may well be called the same in two languages
READABLE = {"alt", "aria-label", "aria-description", "aria-roledescription", "label", "placeholder", "title"}
# Parts of a text that are no words of its language: places, code, titles of publications, where links lead.
NOT_READ = re.compile(r"\{\w+\}|`[^`]*`|\[[^]]*\]\(https:[^)]*\)|\]\([^)]*\)")
# Elements whose text is a formula.
FORMULA = {"mi", "mn", "mo"}


def inline_markup(text):
    """Where a text's links lead, and the code that it quotes."""
    return Counter(re.findall(r"\]\(([^)]*)\)", text)) + Counter(re.findall(r"`[^`]*`", text))


@pytest.mark.parametrize("code", sorted(CATALOGUES))
def test_the_build_takes_a_catalogue(code):
    """It refuses, among others, one with keys and places that the English one has not."""
    assert code in [language.code for language in read_languages(WEB / "words")]


@pytest.mark.parametrize("code", OTHERS)
def test_a_text_has_the_markup_of_the_english_one(code):
    for key, text in CATALOGUES[code].items():
        assert inline_markup(text) == inline_markup(ENGLISH[key]), key


@pytest.mark.parametrize("code", OTHERS)
def test_a_text_is_translated(code):
    catalogue = CATALOGUES[code]
    alike = {key for key, text in catalogue.items() if text == ENGLISH[key] and not key.startswith(SIGNS)}
    assert {key for key in alike if len(ENGLISH[key].split()) >= A_SENTENCE} <= SAME
    for key, text in catalogue.items():
        assert text == text.strip() or key.startswith(SIGNS), key


@pytest.mark.parametrize("code", SCRIPTS)
def test_a_language_in_other_letters_has_all_texts_and_no_foreign_words_but_names(code):
    catalogue = CATALOGUES[code]
    assert set(catalogue) == set(ENGLISH)
    texts = {key: text for key, text in catalogue.items() if key not in SAME and not key.startswith(SIGNS)}
    assert {key for key, text in texts.items() if text == ENGLISH[key]} == set()
    left = {key: latin_in(NOT_READ.sub(" ", text)) for key, text in texts.items()}
    assert {key: words for key, words in left.items() if words} == {}


def test_japanese_numbers_stay_with_their_counters():
    """The space between them does not break: it is \xa0."""
    apart = re.compile(r"[\d}] (?:[つ個枚回行列層本組章年倍段番]|分の|次元|万?画素|種類|クラス|マス)")
    assert {key: text for key, text in CATALOGUES["ja"].items() if apart.search(text)} == {}


@pytest.mark.parametrize("code", sorted(CATALOGUES))
def test_markdown_takes_every_mark_of_a_text(code):
    """A mark between letters and punctuation without a space may stay as it is: **「…」**は does."""
    for key in RICH & set(CATALOGUES[code]):
        rendered = MARKDOWN.renderInline(CATALOGUES[code][key])
        assert not set(re.sub("<code>.*?</code>", "", rendered)) & set("*[]`"), key
        assert rendered.count("<strong>") == MARKDOWN.renderInline(ENGLISH[key]).count("<strong>"), key


class Texts(HTMLParser):
    """Collects in `found` all that a template gives a visitor to read by itself."""

    def __init__(self, template):
        super().__init__()
        self.found = []
        self._open = []
        self.feed(template)

    def handle_starttag(self, tag, attributes):
        self._open.append(tag)
        given = dict(attributes)
        self.found += [given[name] for name in READABLE & set(given)]
        if given.get("name") == "description":
            self.found.append(given["content"])

    def handle_endtag(self, tag):
        while self._open.pop() != tag:  # elements without an end
            pass

    def handle_data(self, text):
        if self._open and self._open[-1] not in FORMULA:
            self.found.append(text)


@pytest.mark.parametrize("name", ["index.html", "article.html"])
def test_a_template_holds_no_words_of_its_own(name):
    found = Texts((WEB / name).read_text(encoding="utf-8")).found
    assert sum("{{" in text for text in found) > 20
    left = [re.sub(r"\{\{.*?\}\}", "", text) for text in found]
    assert [text for text in left if re.search(r"[^\W\d_]", text)] == []


def test_the_pages_python_gets_the_words_that_it_asks_for():
    """What it asks for at first is sent at first: less than half of all, and nothing of the article."""
    packs = [json.loads(pack) for pack in pack_modules(page_sources(WEB.parent)).values()]
    first, later = (words_of_code(ENGLISH, list(pack.values())) for pack in packs)
    for keys, _, _, where in asked():
        if where.startswith("web/ui/"):
            module = where.removeprefix("web/").split(",")[0]
            assert keys <= set(first if module in packs[0] else first | later), where
    assert len(first) < len(ENGLISH) / 2
    assert "path.own" in later
    assert "path.own" not in first
    assert "article.softmax.sum" not in first | later


def test_words_are_found_by_their_whole_key_or_by_its_beginning():
    words = {"a": "1", "a.b": "2", "c.d": "3", "c.e": "4", "f": "5"}
    assert words_of_code(words, ["words('a')", 'words("c." + name)']) == {"a": "1", "c.d": "3", "c.e": "4"}
