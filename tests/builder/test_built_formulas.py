"""The font that the page sets its formulas in has all that they need, and is as its licence asks."""

import html
import re
import unicodedata

import pytest
from fontTools.ttLib import TTFont

from tests.browser import FILES, SITE

FONTS = FILES / "fonts"
FILE = FONTS / "stix-two-math.woff2"
FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
ELEMENT = re.compile(r"<(m[inos]|mtext)\b[^>]*>(.*?)</\1>", re.DOTALL)
# What the page writes into a formula later: numbers.
WRITTEN = set("0123456789.,−")
BRACKETS = "()[]{}⌊⌋⌈⌉|‖"
PAGES = sorted(path.name for path in SITE.glob("*.html"))


@pytest.fixture(scope="module")
def font():
    with TTFont(FILE) as font:
        yield font


def slanted(letter: str) -> str:
    """A letter as a browser draws it where it stands alone in a <mi>."""
    if letter == "h":
        return "ℎ"  # Unicode had it already
    name = unicodedata.name(letter)
    for script in ("LATIN", "GREEK"):
        if found := re.fullmatch(rf"{script} (SMALL|CAPITAL) LETTER (\w+)", name):
            return unicodedata.lookup(f"MATHEMATICAL ITALIC {found[1]} {found[2]}")
    return letter


def characters(page: str) -> set[str]:
    """All that the formulas of a page draw."""
    drawn = set()
    for formula in FORMULA.findall((SITE / page).read_text(encoding="utf-8")):
        for tag, content in ELEMENT.findall(formula):
            text = html.unescape(content).strip()
            drawn |= set(slanted(text) if tag == "mi" and len(text) == 1 else text)
    return drawn


def test_letters_are_slanted_as_a_browser_does_it():
    assert [slanted(letter) for letter in "xhAα1∑"] == ["𝑥", "ℎ", "𝐴", "𝛼", "1", "∑"]


@pytest.mark.parametrize("page", PAGES)
def test_every_character_of_a_formula_is_in_the_font(page, font):
    drawn = characters(page)
    assert {"𝑥", "⌊", "∑", "−"} <= drawn
    missing = {character for character in drawn | WRITTEN if ord(character) not in font.getBestCmap()}
    assert not missing


def test_brackets_and_roots_can_grow(font):
    variants = font["MATH"].table.MathVariants
    growing = dict(zip(variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction, strict=True))
    outlines = font["glyf"]
    for bracket in BRACKETS + "√":
        construction = growing[font.getBestCmap()[ord(bracket)]]
        sizes = [size.VariantGlyph for size in construction.MathGlyphVariantRecord]
        parts = [part.glyph for part in construction.GlyphAssembly.PartRecords]
        assert parts
        assert bracket in "|‖" or len(sizes) > 3  # a line is assembled at every size
        assert all(outlines[glyph].numberOfContours for glyph in (*sizes, *parts))


def test_it_is_small():
    assert FILE.stat().st_size < 60_000


def test_each_font_has_its_origin_and_its_copyright_beside_it():
    """The licence asks for every copyright line, and lets no modified font keep a reserved name."""
    origins = (FONTS / "CREDITS.txt").read_text(encoding="utf-8")
    licence = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    files = sorted(FONTS.glob("*.woff2"))
    assert len(files) == 4
    for file in files:
        row = next(line for line in origins.splitlines() if f"`{file.name}`" in line)
        owner = row.split("|")[3].strip()
        assert f"{owner} (https://" in licence
        with TTFont(file) as font:
            copyright_line = font["name"].getDebugName(0)
        assert owner in copyright_line
        assert "reserved" not in copyright_line.lower()
    assert "with Reserved Font Name" not in licence.partition("PREAMBLE")[0]
