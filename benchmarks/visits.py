"""Visits in headless Chromium: how soon the page is there, the first time and again, and pictures chosen."""

from contextlib import closing

from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.figures import Figures
from tests.browser import profile, wait_for_mark
from tests.packed import in_start
from tests.weight import Traffic

SCREEN = {"width": 1280, "height": 720}
ROUNDS = 2  # through the gallery; in the first one the pictures' pixels are fetched
OBSERVE = """
window.longTasks = [];
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) longTasks.push([task.startTime, task.duration]);
}).observe({ type: "longtask", buffered: true });
"""
LONG = 50  # milliseconds; browsers tell of longer tasks only
MARKS = {
    "overview-drawn": "navigation to overview drawn",
    "engine-ready": "navigation to engine ready",
    "page-ready": "navigation to page ready",
}
COMPLETE = (*MARKS, "picture-drawn")  # the engine has drawn the first picture, too
CLEAR_CHOICE = "['picture-chosen', 'picture-drawn'].forEach((name) => performance.clearMarks(name))"
UNTIL_COMPILED_IS_KEPT = 5000  # milliseconds; V8 lets two seconds pass in which it compiled nothing more
KEPT = "navigator.serviceWorker.ready.then((registration) => registration.active.state)"


def visit(browser: Browser, address: str, figures: Figures) -> None:
    """A first visit in which pictures are chosen, and a second one, served by the service worker."""
    with closing(browser.new_context(viewport=SCREEN)) as context:
        traffic = Traffic(context, address)
        page = open_page(context, address)
        note_start(page, "cold", figures)
        choose_pictures(page, figures)
        note_tasks(page, figures)
        for mark in ("overview-drawn", "engine-ready"):
            figures.note(
                f"bytes until {mark.replace('-', ' ')}", sum(traffic.until(page, mark).values()) / 1e6
            )
        page.evaluate(KEPT)
        again = open_again(page, address)
        assert again.evaluate("navigator.serviceWorker.controller !== null")
        note_start(again, "second visit", figures)


def visit_twice(browser: Browser, address: str, figures: Figures) -> None:
    """A first and a second visit in a profile, where the browser keeps what it compiled, too."""
    with profile(browser.browser_type, viewport=SCREEN) as context:
        page = open_page(context, address)
        first = start_of(page)
        page.evaluate(KEPT)
        page.wait_for_timeout(UNTIL_COMPILED_IS_KEPT)
        second = start_of(open_again(page, address))
    for mark, taken in second.items():
        figures.note(f"{mark.replace('-', ' ')}, second visit over first", taken / first[mark])


def visit_without_service_worker(browser: Browser, address: str, figures: Figures) -> None:
    """A first and a second visit, the latter with what the HTTP cache has kept."""
    with closing(browser.new_context(viewport=SCREEN, service_workers="block")) as context:
        page = open_page(context, address)
        note_start(page, "cold", figures)
        note_start(open_again(page, address), "HTTP cache only", figures)


def open_page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.add_init_script(OBSERVE)
    page.goto(address)
    return page


def open_again(page: Page, address: str) -> Page:
    """A new tab in place of this one."""
    context = page.context
    page.close()
    return open_page(context, address)


def wait_until_complete(page: Page) -> None:
    for mark in COMPLETE:
        wait_for_mark(page, mark)


def note_start(page: Page, kind: str, figures: Figures) -> None:
    for mark, taken in start_of(page).items():
        figures.note(f"{MARKS[mark]}, {kind}", taken)


def start_of(page: Page) -> dict[str, float]:
    """When the visit set its marks, in milliseconds after navigation."""
    wait_until_complete(page)
    return {mark: wait_for_mark(page, mark) for mark in MARKS}


def gallery() -> list[str]:
    """Names of the site's pictures; the first one is drawn when the page opens."""
    return [sample["name"] for sample in in_start("samples.json")]


def choose_pictures(page: Page, figures: Figures) -> None:
    """Choose every picture of the gallery, beginning with the second: the first one is there."""
    first, *others = gallery()
    for _ in range(ROUNDS):
        for name in (*others, first):
            figures.note("picture chosen to drawn", choose(page, name))
            forward = page.locator("#forward").get_attribute("data-value")
            figures.note("forward pass in the engine", float(forward))


def choose(page: Page, name: str) -> float:
    """Choose a picture; gives the milliseconds until all of it is drawn."""
    page.evaluate(CLEAR_CHOICE)
    page.locator(f"[data-sample='{name}']").click()
    return wait_for_mark(page, "picture-drawn") - wait_for_mark(page, "picture-chosen")


def note_tasks(page: Page, figures: Figures) -> None:
    """Note the longest tasks of the visit so far, before and after the page's Python answered."""
    ready = wait_for_mark(page, "page-ready")
    tasks = page.evaluate("longTasks")
    figures.note(
        "longest task before page ready", max([d for start, d in tasks if start < ready], default=LONG)
    )
    figures.note(
        "longest task after page ready", max([d for start, d in tasks if start >= ready], default=LONG)
    )
