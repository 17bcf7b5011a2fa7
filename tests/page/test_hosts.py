"""The site on other people's servers, from a folder and in a frame: it works, or says why it cannot."""

import shutil

import pytest
from playwright.sync_api import expect

from tests.browser import FILES, SITE, served
from tests.hosts import ALL, Clean, Fallback, Shared
from tests.page.visit import START, Visit

# Every way to the two pages on a host with clean addresses, and the language there.
ADDRESSES = {"": "en", "index": "en", "index.html?a=1": "en", "ja": "ja", "ja?a=1": "ja", "ja.html": "ja"}
# Installs the service worker and tells what came of it.
KEEP = """async () => {
  const { installing } = await navigator.serviceWorker.register("../sw.js");
  await new Promise((done) => {
    installing.onstatechange = () => ["activated", "redundant"].includes(installing.state) && done();
  });
  return [installing.state, await caches.keys()];
}"""
SENTENCES = {
    "file": {"en": "opened straight from a folder", "ja": "フォルダーから直接"},
    "frame": {"en": "stands in a frame", "ja": "フレームの中"},
}


@pytest.fixture
def root(tmp_path):
    """A folder to serve, with a copy of the site below a path."""
    (tmp_path / "index.html").touch()
    shutil.copytree(SITE, tmp_path / "site")
    return tmp_path


def visit_addresses(seen, address):
    for name, language in ADDRESSES.items():
        seen.page.goto(f"{address}{name}#picture=koala")
        seen.page.locator(f"html[lang={language}][data-page=ready]").wait_for(state="attached", timeout=START)


@pytest.mark.parametrize("host", ALL)
def test_the_first_visit_and_one_without_the_server_work(browser, root, host):
    with served(root, host) as above:
        address = f"{above}site/"
        seen = Visit(browser, address, service_workers="allow")
        seen.wait_until_drawn()
        assert seen.page.locator("html[data-engine=ready]").count()
        seen.choose("pizza")
        seen.wait_until_kept()
        if host is Clean:
            first = Visit(browser, address)
            visit_addresses(first, address)
            first.page.get_by_role("link", name="English").click()
            first.page.locator("html[lang=en][data-page=ready]").wait_for(state="attached", timeout=START)
            first.close()
    seen.page.goto(address)
    seen.wait_until_drawn()
    seen.choose("koala")
    if host is Clean:
        visit_addresses(seen, address)
    seen.misses_a_file = True  # the browser asks in vain whether there is a newer version
    seen.close()


@pytest.mark.parametrize(
    ("missing", "state"),
    [(None, "activated"), ("ja.html", "redundant"), (f"{FILES.name}/fonts/OFL.txt", "redundant")],
)
def test_a_page_in_place_of_a_file_is_not_kept(browser, root, missing, state):
    if missing:
        (root / "site" / missing).write_text("<!DOCTYPE html><title>Not here</title>")
    with served(root, Clean) as above:
        page = browser.new_page()
        page.goto(f"{above}site/{FILES.name}/LICENSE.txt")
        came, kept = page.evaluate(KEEP)
        page.close()
    assert came == state
    assert len(kept) == (state == "activated")


def test_a_host_that_lacks_a_file_and_does_not_say_so_is_not_kept(browser, root):
    (root / "site" / FILES.name / "fonts/OFL.txt").unlink()
    with served(root, Fallback) as above:
        page = browser.new_page()
        page.goto(f"{above}site/{FILES.name}/LICENSE.txt")
        assert page.evaluate(KEEP) == ["redundant", []]
        page.close()


def check_sentence(page, frame, kind, language):
    failed = frame.locator("[data-notice=page]")
    expect(failed).to_contain_text(SENTENCES[kind][language])
    expect(failed).to_be_in_viewport()
    text = failed.inner_text()
    assert ("python3 -m http.server" if kind == "file" else "allow-same-origin") in text
    assert "too old" not in text
    assert "古い" not in text
    page.wait_for_timeout(500)  # what could still start had time to
    expect(frame.locator("html")).to_have_attribute("data-page", "failed")
    expect(frame.locator("#engine-status")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_opened_from_a_folder_the_page_says_how_to_serve_it(browser, language):
    page = browser.new_page(locale=language)
    page.goto((SITE / "index.html").as_uri())
    check_sentence(page, page, "file", language)
    page.close()


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("sandbox", ["allow-scripts", "allow-scripts allow-popups allow-forms"])
def test_in_a_frame_without_an_origin_the_page_says_so(browser, language, sandbox):
    with served(SITE, Shared) as address:
        page = browser.new_page(locale=language)
        page.goto(f"{address}{FILES.name}/LICENSE.txt")
        page.set_content(f'<iframe sandbox="{sandbox}" src="{address}" width="1200" height="700"></iframe>')
        check_sentence(page, page.frame_locator("iframe"), "frame", language)
        page.close()


def test_a_browser_without_webassembly_is_told_so(visit, address):
    seen = visit("about:blank", at="", wait=None)
    seen.misses_a_file = True
    seen.page.add_init_script("delete window.WebAssembly")
    seen.address = address
    seen.page.goto(address)
    failed = seen.notice("page")
    expect(failed).to_contain_text("too old", timeout=START)
    expect(failed).to_contain_text("WebAssembly")


def test_where_no_file_but_the_page_is_found_it_says_so(visit, address):
    seen = visit("about:blank", at="", wait=None)
    seen.address = address
    seen.take_away("v-*/**")
    seen.page.goto(address)
    notice = seen.notice("page")
    expect(notice).to_contain_text("slash at its end")
    expect(notice).to_be_in_viewport()
    seen.page.unroute_all()
    notice.get_by_role("button", name="Load again").click()
    seen.wait_until_ready()
    expect(notice).to_be_hidden()
