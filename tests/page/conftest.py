"""Visits to the built site."""

import pytest

from pycnn import default_model
from tests.browser import served
from tests.page.visit import Visit


@pytest.fixture(scope="session")
def address():
    with served() as address:
        yield address


@pytest.fixture(scope="session")
def network():
    """The shipped network, run natively: what the page's numbers are checked against."""
    return default_model()


@pytest.fixture
def visit(browser, address):
    """Opens the site as a new visitor; in the end nothing may have gone wrong but what the test allowed."""
    visits = []

    def open_site(fragment="", *, at=address, wait="drawn", **options):
        visits.append(Visit(browser, at + fragment, **options))
        if wait:
            getattr(visits[-1], f"wait_until_{wait}")()
        return visits[-1]

    yield open_site
    for made in visits:
        made.close()


@pytest.fixture(scope="module")
def drawn(browser, address):
    """One visit for all tests of a module that leave the page as they found it, or choose pictures only."""
    made = Visit(browser, address)
    made.wait_until_drawn()
    yield made
    made.close()
