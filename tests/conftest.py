"""What tests in a real browser share."""

import pytest

from tests.browser import chromium


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
