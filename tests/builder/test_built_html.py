"""The built pages are valid HTML to the Nu checker, without a single warning."""

from pathlib import Path

from builder.languages import read_languages
from tests.browser import SITE
from tests.checker import complaints

WORDS = Path(__file__).parents[2] / "web/words"


def test_every_page_is_valid_html():
    pages = sorted(SITE.rglob("*.html"))
    built = {SITE / language.page for language in read_languages(WORDS)} <= set(pages)
    assert built, "run `python build.py` before the tests, as `make test` does"
    assert complaints(pages) == []


def test_the_checker_finds_what_is_wrong(tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text('<!doctype html><html lang="en"><title>A page</title><p><div>< 3</div>', encoding="utf-8")
    found = "\n".join(complaints([page]))
    assert "Unescaped" in found
    page.write_text('<!doctype html><html lang="en"><title>A page</title><h1></h1>', encoding="utf-8")
    assert "Empty heading" in "\n".join(complaints([page]))
