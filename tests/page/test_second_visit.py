"""A second visit: all of the site without a network, and a newer version when there is one."""

import json
import re
import shutil
from copy import copy

import pytest
from playwright.sync_api import expect

from builder.version import files_of, seal
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


def publish_newer(site, heading, model=None):
    """Change a text of the page, as the next build would, and if asked to the network's file."""
    page = site / "index.html"
    page.write_text(re.sub("<h1>.*</h1>", f"<h1>{heading}</h1>", page.read_text()))
    if model is not None:
        (files_of(site) / "engine/model.zip").write_bytes(model)
    seal(site)


def beside(seen, address):
    """Another tab of the same visitor."""
    other = copy(seen)
    other.page = seen.context.new_page()
    other.page.goto(address)
    return other


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


def test_a_newer_version_is_loaded_when_the_visitor_wants_it_and_a_broken_one_is_left_at_once(
    browser, own_site
):
    model = (FILES / "engine/model.zip").read_bytes()
    with served(own_site) as address:
        seen = Visit(browser, address, service_workers="allow")
        seen.wait_until_drawn()
        seen.wait_until_kept()
        title = seen.page.locator("h1").inner_text()
        other = beside(seen, address)
        other.wait_until_drawn()
        other.page.evaluate("window.isTheSame = true")
        publish_newer(own_site, "Broken", model=bytes(len(model)))
        seen.page.goto(address + "#picture=koala")
        seen.page.reload()
        offer = seen.notice("update")
        offer.wait_for(timeout=START)
        assert seen.page.locator("h1").inner_text() == title
        offer.get_by_role("button", name="Load it").click()
        expect(seen.page.locator("h1")).to_have_text("Broken", timeout=START)
        seen.page.locator("html[data-engine=failed]").wait_for(state="attached", timeout=START)
        # The other tab goes on from its own version: files that come late, and another engine.
        expect(other.notice("update")).to_be_visible()
        other.upload("pizza.webp", (FILES / "samples/pizza.webp").read_bytes())
        other.wait_until_picture("upload-1")
        (worker,) = other.page.workers
        worker.evaluate("setTimeout(() => { throw new Error('out of memory'); })")
        other.page.locator("html[data-restarts='1'][data-engine=ready]").wait_for(
            state="attached", timeout=START
        )
        other.choose("pizza")
        publish_newer(own_site, "Mended", model=model)
        seen.page.reload()
        expect(seen.page.locator("h1")).to_have_text("Mended", timeout=START)
        seen.wait_until_picture("koala")
        seen.wait_until_drawn()
        expect(offer).to_be_hidden()
        other.choose("orange")
        assert other.page.evaluate("window.isTheSame")
        assert other.page.locator("h1").inner_text() == title
        other.page.close()
        eventually(lambda: len(seen.page.evaluate("caches.keys()")) == 1)
        seen.misses_a_file = True  # the engines that were broken complained
        seen.close()
