"""Every file that a visit asks for, at fault in every way: the page says which, and goes on when mended."""

import time

import pytest
from playwright.sync_api import Error, expect

from tests.browser import FILES, wait_for_mark
from tests.faulty import KINDS, RARER, Faulty, served_badly
from tests.page.visit import START, eventually

# How long a page may need to say what is wrong: 10 s of standing still, and a machine that is busy with all.
SAID = 60
WAYS_ON = "[data-notice]:not([hidden]) :is([data-reload], [data-retry], [data-restart])"
STATE = """() => {
  const notices = [...document.querySelectorAll("[data-notice]")].filter((notice) => !notice.hidden);
  return notices.map((notice) => notice.innerText).join("\\n");
}"""


@pytest.fixture(scope="module")
def host():
    with served_badly() as address:
        yield address


@pytest.fixture(scope="module")
def asked(browser, host):
    """What a visit asks for until all is loaded, by path: is it only to be looked at?"""
    found = {}

    def note(request):
        path = request.url.removeprefix(f"{host}well/").partition("?")[0]
        found[path or "index.html"] = request.resource_type in ("image", "font") or path.endswith(
            (".webp", ".svg")
        )

    context = browser.new_context(service_workers="block")
    context.on("request", note)
    page = context.new_page()
    page.goto(f"{host}well/")
    wait_for_mark(page, "first-checked")
    page.locator("#path-start:not([disabled])").wait_for()
    context.close()
    assert {f"{FILES.name}/{name}" for name in ("start.zip", "later.zip", "engine/worker.js")} <= {*found}
    return found


def opened(browser, address):
    context = browser.new_context(service_workers="block", viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(address, wait_until="commit")
    return page


def says(page, name):
    """Does the page name this file in a sentence, and offer a way on?"""
    try:
        said = page.evaluate(STATE)
    except Error:  # it is being loaded again
        return False
    assert "JsProxy" not in said
    assert "undefined" not in said
    return f" {name}" in said and page.locator(WAYS_ON).count() > 0


def go_on(page):
    """Take every way on that the page offers; what it has said is not taken for what it says next."""
    page.evaluate(
        """(ways) => {
          const buttons = document.querySelectorAll(ways);
          for (const says of document.querySelectorAll("[data-says]")) says.replaceChildren();
          for (const button of buttons) button.click();
        }""",
        WAYS_ON,
    )


def wait_for_all(pages, condition):
    """Until the condition holds for every page; names those for which it does not."""
    latest = time.monotonic() + SAID
    left = list(pages)
    while left:
        left = [name for name in left if not condition(name, pages[name])]
        assert time.monotonic() < latest, {name: pages[name].evaluate(STATE) for name in left}
        time.sleep(0.2)


def test_each_file_that_is_needed_is_named_whatever_is_wrong_with_it_and_the_way_on_works(
    browser, host, asked
):
    """One page for each file, all at once; the way on leads from fault to fault, and at last to none.

    Every file has every common fault, and the rarer ones in turn. The browser keeps what is damaged.
    """
    needed = [path for path, is_decoration in asked.items() if not is_decoration and path != "index.html"]
    names = {path: path.removeprefix(f"{FILES.name}/") for path in needed}
    assert len(needed) > 8
    cases = {path: str(number) for number, path in enumerate(needed)}
    pages = {}
    for kind in (*KINDS, None):
        for number, path in enumerate(needed):
            Faulty.faults[cases[path], path] = kind or RARER[number % len(RARER)]
            if path not in pages:
                pages[path] = opened(browser, f"{host}{cases[path]}/")
            else:
                go_on(pages[path])
        wait_for_all(pages, lambda path, page: says(page, names[path]))
        for path, page in pages.items():
            assert page.locator("button[data-unit] canvas").first.is_visible(), (kind, path)
            Faulty.faults.pop((cases[path], path))
    for page in pages.values():
        go_on(page)
    for page in pages.values():
        page.locator("html[data-page=ready][data-engine=ready]").wait_for(state="attached", timeout=START)
        page.locator("#path-start:not([disabled])").wait_for(timeout=START)
        eventually(lambda page=page: page.evaluate(STATE) == "", 30)
        page.context.close()


@pytest.mark.parametrize("kind", ["gone", "other", "short", "silent"])
def test_what_is_only_looked_at_keeps_nothing_from_starting(browser, host, asked, kind):
    decoration = {path.rpartition(".")[2]: path for path, is_decoration in asked.items() if is_decoration}
    assert {"webp", "woff2", "svg"} <= {*decoration}
    # One of each kind: a browser asks a host of this protocol for no more than six files at a time.
    for path in (*decoration.values(), f"{FILES.name}/first/maps.webp"):
        Faulty.faults[kind, path] = kind
    page = opened(browser, f"{host}{kind}/")
    wait_for_mark(page, "first-checked")
    expect(page.locator("[data-notice]:visible")).to_have_count(0)
    assert page.evaluate("document.documentElement.dataset.picture")
    page.context.close()


def test_a_page_that_does_not_come_whole_says_so(browser, host):
    pages = {}
    for kind in ("short", "broken", "stuck", "slowing"):
        Faulty.faults[f"page-{kind}", "index.html"] = kind
        pages[kind] = opened(browser, f"{host}page-{kind}/")
    wait_for_all(pages, lambda _, page: says(page, "index.html"))
    Faulty.faults.clear()
    for page in pages.values():
        page.get_by_role("button", name="Load again").click()
    for page in pages.values():
        page.locator("html[data-page=ready]").wait_for(state="attached", timeout=START)
        expect(page.locator("[data-notice]:visible")).to_have_count(0)
        page.context.close()
