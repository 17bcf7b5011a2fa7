"""Visits to the built site."""

import pytest

from pycnn import default_model
from tests.browser import served
from tests.page.networks import make_other, write_site
from tests.page.releases import Releases, Visitor
from tests.page.visit import Visit


@pytest.fixture(scope="session")
def address():
    with served() as address:
        yield address


@pytest.fixture(scope="session")
def network():
    """The shipped network, run natively: what the page's numbers are checked against."""
    return default_model()


@pytest.fixture(scope="session")
def other():
    """A network that shares nothing with the shipped one but the kinds of its layers."""
    return make_other()


@pytest.fixture(scope="session")
def elsewhere(other, tmp_path_factory):
    """The address of a site with the other network."""
    site = tmp_path_factory.mktemp("other") / "site"
    write_site(other, site)
    with served(site) as address:
        yield address


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


@pytest.fixture
def releases(tmp_path):
    return Releases(tmp_path / "site")


@pytest.fixture
def visitor(browser, releases):
    """A visitor of the site, once the first release is published."""
    releases.publish("A")
    with served(releases.folder) as address:
        made = Visitor(browser, address)
        yield made
        made.context.close()
