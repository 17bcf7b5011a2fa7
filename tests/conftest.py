"""What all tests share: numbers are written as in English unless a test says otherwise."""

from pathlib import Path

import pytest
from ui.figures import SIGNS
from ui.words import Words

from tests.browser import chromium

SIGNS.speak(Words((Path(__file__).parents[1] / "web/words/en.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def browser():
    with chromium() as browser:
        yield browser


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what needs a browser, so that `make quick` can leave it out."""
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker("browser")
