"""A catalogue of words is read whole, or refused with a sentence that says what is wrong with it."""

import json
import re

import pytest

from builder.errors import BuildError
from builder.languages import Language, read_languages
from tests.made_up import COMMA, ENGLISH, LEFTWARDS, WORDS, catalogue


@pytest.fixture
def folder(tmp_path):
    """A folder of catalogues with the English one in it."""
    (tmp_path / "en.json").write_bytes((WORDS / "en.json").read_bytes())
    return tmp_path


def write(folder, words, name="de.json"):
    """Write a catalogue, a text or what becomes one, and read all; gives the languages by code."""
    text = words if isinstance(words, str | bytes) else json.dumps(words)
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return {language.code: language for language in read_languages(folder)}


def refused(folder, words, name="de.json"):
    """What the build says of such a catalogue, after the file's name."""
    with pytest.raises(BuildError) as caught:
        write(folder, words, name)
    said = str(caught.value)
    assert said.startswith(str(folder / name))
    return said.removeprefix(str(folder / name)).lstrip(":").lstrip()


def test_the_catalogues_of_the_site_are_right():
    languages = read_languages(WORDS)
    assert languages[0].code == "en"
    assert len(languages) == len(list(WORDS.glob("*.json")))


def test_a_whole_catalogue_and_a_part_of_one(folder):
    assert write(folder, catalogue("de", COMMA))["de"].missing == 0
    language = write(folder, catalogue("ar", LEFTWARDS, share=0.5), "ar.json")["ar"]
    own = json.loads((folder / "ar.json").read_text(encoding="utf-8"))
    assert language.missing == len(ENGLISH) - len(own) > 100
    assert language.words == ENGLISH | own
    assert language.parts([language])["direction"] == "rtl"


def test_a_language_without_a_name_is_called_by_its_code(folder):
    languages = write(folder, {})
    assert languages["de"].words == ENGLISH | {"language.name": "de"}
    assert languages["de"].missing == len(ENGLISH)


def test_a_text_that_is_still_empty_is_not_translated(folder):
    language = write(folder, {"title": "", "tagline": "Sieh zu", "number.group": ""})["de"]
    assert (language.words["title"], language.words["tagline"]) == (ENGLISH["title"], "Sieh zu")
    assert language.words["number.group"] == ""
    assert language.missing == len(ENGLISH) - 2


def test_a_byte_order_mark_is_no_fault(folder):
    assert write(folder, b"\xef\xbb\xbf" + b'{"title": "Titel"}')["de"].words["title"] == "Titel"


@pytest.mark.parametrize("code", ["pt-BR", "zh-Hant", "zh-Hant-TW", "es-419", "fil"])
def test_a_language_may_be_told_by_script_and_region(folder, code):
    language = write(folder, {}, f"{code}.json")[code]
    assert language.page == f"{code}.html"
    assert f'hreflang="{code}" href="{code}.html"' in language.parts([language])["alternates"]


@pytest.mark.parametrize("name", ["notes", "EN", "pt_BR", "pt-br", "zh-hant", "d", "de copy", "de.old"])
def test_a_file_that_is_called_after_no_language_is_refused(folder, name):
    said = refused(folder, {}, f"{name}.json")
    assert "is no language code" in said
    assert "as in de.json, pt-BR.json or zh-Hant.json." in said


def test_what_is_no_catalogue_is_left_alone(folder):
    (folder / ".de.json").write_text("{")
    (folder / "notes.txt").write_text("{")
    (folder / "old.json").mkdir()
    assert [language.code for language in read_languages(folder)] == ["en"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not valid JSON: "),
        ("", "is not valid JSON: "),
        ('{"title": "a",}', "is not valid JSON: "),
        ("[]", "it must be one JSON object whose values are all texts."),
        ('"title"', "it must be one JSON object whose values are all texts."),
        ("null", "it must be one JSON object whose values are all texts."),
        ("[" * 100_000, "must be one JSON object whose values are all texts."),
        ("Gruß".encode("latin-1"), "is not in UTF-8"),
        ('{"title": "a"}'.encode("utf-16"), "is not in UTF-8"),
        ('{"title": 1}', '"title" is no text'),
        ('{"title": null}', '"title" is no text'),
        ('{"title": {"a": "b"}}', '"title" is no text'),
        ('{"title": ["a"]}', '"title" is no text'),
        ('{"title": "a", "skip": "b", "title": "c"}', '"title" is there 2 times.'),
        ('{"title": "a\\u0001b"}', '"title" has a control character'),
        ('{"title": "a\\ud800b"}', '"title" has a control character or half of a character'),
        ('{"titel": "a"}', 'no text is called "titel", but one is called "title".'),
        ('{"zzzzzzzz": "a"}', 'no text is called "zzzzzzzz".'),
        ('{"": "a"}', 'no text is called "".'),
    ],
)
def test_what_is_wrong_with_the_file_is_said(folder, content, said):
    assert said in refused(folder, content)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Schritt {number} von {cout}",
            "has a place {cout} that nothing fills; its places are: {count}, {number}",
        ),
        ("Schritt {number}", "lacks its place {count}"),
        ("{number} {count} {", "has a brace without its other half"),
        ("{number} {count} }", "has a brace without its other half"),
        ("{number {count}}", "has a brace without its other half"),
        ("{} {count}", "has {} in it"),
        ("{0} {count}", "has {0} in it"),
        ("{number.__class__} {count}", "has {number.__class__} in it"),
        ("{number[0]} {count}", "has {number[0]} in it"),
        ("{number!r:>10} {count}", "has {number!r:>10} in it"),
        ("{number:>9999999} {count}", "has {number:>9999999} in it"),
        ("{number:{count}} {count}", "has {number:{count}} in it"),
        ("{Number} {count}", "has {Number} in it"),
        ("{ number } {count}", "has { number } in it"),
    ],
)
def test_a_place_is_one_of_the_text_and_nothing_else(folder, text, said):
    assert refused(folder, {"path.at": text}).startswith(f'"path.at" {said}')
    words = ENGLISH | {"path.at": text}
    if "lacks" not in said and "nothing fills" not in said:  # nobody can tell the English text its places
        assert refused(folder, words, "en.json").startswith(f'"path.at" {said}')


@pytest.mark.parametrize("key", ["title", "article.blocks.tensor.term", "class.koala"])
def test_a_text_without_places_takes_none(folder, key):
    said = refused(folder, {key: "a {name}"})
    assert said == f'"{key}" has a place {{name}} that nothing fills; its places are: none.'
    assert write(folder, {key: "a {{name}}"})["de"].words[key] == "a {{name}}"


def test_all_that_is_wrong_is_said_at_once(folder):
    said = refused(folder, {"title": "{", "tagline": "{x}", "skipp": "a"})
    assert [re.search('"(.*?)"', line)[1] for line in said.splitlines()] == ["title", "tagline", "skipp"]


@pytest.mark.parametrize(
    ("signs", "said"),
    [
        ({"number.decimal": ","}, '"number.group" and "number.decimal" are both'),
        ({"number.decimal": ",,"}, '"number.decimal" must be one sign'),
        ({"number.decimal": "5"}, '"number.decimal" must be one sign'),
        ({"number.decimal": " "}, '"number.decimal" must be one sign'),
        ({"number.decimal": "e"}, '"number.decimal" must be one sign'),
        ({"number.decimal": "<"}, '"number.decimal" must be one sign'),
        ({"number.decimal": "−"}, '"number.minus" must be a sign of its own'),
        ({"number.group": "0"}, '"number.group" must be one sign'),
        ({"number.group": "__"}, '"number.group" must be one sign'),
        ({"number.groups": "three"}, '"number.groups" must be'),
        ({"number.groups": "0"}, '"number.groups" must be'),
        ({"number.groups": "3,2"}, '"number.groups" must be'),
        ({"number.minus": "<b>"}, '"number.minus" must be'),
        ({"number.minus": "minus"}, '"number.minus" must be'),
        ({"number.about": "&"}, '"number.about" must be'),
        ({"number.percent": "%"}, '"number.percent" lacks its place {number}'),
        ({"language.direction": "left"}, '"language.direction" must be ltr'),
    ],
)
def test_signs_that_nobody_could_read_are_refused(folder, signs, said):
    assert said in refused(folder, signs)


def test_a_page_leads_to_those_in_other_languages():
    english, japanese = languages = [
        Language("en", {"language.name": "English", "language.direction": "ltr"}),
        Language("ja", {"language.name": '<b>"日本語"', "language.direction": "ltr"}),
    ]
    parts = japanese.parts(languages)
    assert (parts["language"], parts["direction"]) == ("ja", "ltr")
    assert re.findall('hreflang="(.*?)" href="(.*?)"', parts["alternates"]) == [
        ("en", "index.html"),
        ("ja", "ja.html"),
    ]
    assert parts["languages"] == (
        '<li><a lang="en" dir="ltr" hreflang="en" href="index.html">English</a></li>'
        '<li><span lang="ja" dir="ltr" aria-current="true">&lt;b&gt;&quot;日本語&quot;</span></li>'
    )
    assert 'href="ja.html">&lt;b&gt;' in english.parts(languages)["languages"]
