"""A second visit: all of the site without a network, and a newer version when there is one."""

import json
import shutil

import pytest
from playwright.sync_api import expect

from builder.version import seal
from tests.browser import FILES, SITE, served
from tests.page.visit import START, Visit, eventually


@pytest.fixture
def own_site(tmp_path):
    site = tmp_path / "site"
    shutil.copytree(SITE, site)
    return site


def kept_files(site):
    kept = json.loads((site / "files.js").read_text().removeprefix("self.site = ").rstrip(";\n"))
    return [*kept["pages"], *kept["files"]]


def publish_newer(site, old, new):
    """Change a text of the page, as the next build would."""
    page = site / "index.html"
    page.write_text(page.read_text().replace(old, new))
    seal(site)


def test_the_second_visit_needs_no_network(browser, own_site):
    with served(own_site) as address:
        seen = Visit(browser, address, service_workers="allow")
        seen.wait_until_drawn()
        eventually(lambda: sorted(seen.kept()) == sorted(kept_files(own_site)), 30)
        probabilities = seen.probabilities()
    # The server is gone.
    seen.page.goto(address)
    seen.wait_until_drawn()
    assert seen.probabilities() == probabilities
    seen.choose("pizza")
    seen.upload("pizza.webp", (FILES / "samples/pizza.webp").read_bytes())
    seen.wait_until_picture("upload-1")
    seen.page.goto(f"{address}?from=a-link#picture=koala")
    seen.wait_until_picture("koala")
    seen.page.get_by_role("link", name="日本語").click()
    seen.page.locator("html[lang=ja]").wait_for()
    seen.wait_until_picture("koala")
    seen.misses_a_file = True  # the browser asks in vain whether there is a newer version
    seen.close()


def test_a_newer_version_is_offered_and_loaded_when_the_visitor_wants_it(browser, own_site):
    with served(own_site) as address:
        seen = Visit(browser, address, service_workers="allow")
        seen.wait_until_drawn()
        seen.wait_until_kept()
        title = seen.page.locator("h1").inner_text()
        publish_newer(own_site, f"<h1>{title}</h1>", "<h1>Newer</h1>")
        seen.page.goto(address + "#picture=koala")
        seen.page.reload()
        offer = seen.notice("update")
        offer.wait_for(timeout=START)
        assert seen.page.locator("h1").inner_text() == title
        offer.get_by_role("button", name="Load it").click()
        expect(seen.page.locator("h1")).to_have_text("Newer", timeout=START)
        seen.wait_until_picture("koala")
        expect(offer).to_be_hidden()
        eventually(lambda: len(seen.page.evaluate("caches.keys()")) == 1)
        seen.close()
