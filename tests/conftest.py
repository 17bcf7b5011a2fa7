"""What tests in a real browser share."""

import pytest

from tests.browser import chromium


@pytest.fixture(scope="session")
def browser():
    with chromium() as browser:
        yield browser
