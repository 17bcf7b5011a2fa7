"""The memory of the page's tab after few and after many pictures. Reads /proc, so it needs Linux."""

import itertools
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.figures import Figures
from benchmarks.visits import SCREEN, choose, gallery, open_page, wait_until_complete
from tests.browser import chromium

FEW, MANY = 10, 200
LINE = "{:4} pictures: {:6.1f} MB resident, {:5.1f} MB of JavaScript, {} nodes, {} listeners"


def measure(address: str, figures: Figures) -> list[str]:
    """Choose many pictures in a browser of its own; gives what was counted, in two sentences."""
    with chromium("--js-flags=--expose-gc") as browser:
        page = open_page(browser.new_context(viewport=SCREEN), address)
        wait_until_complete(page)
        names = itertools.cycle(gallery()[1:] + gallery()[:1])
        counted = {}
        for number in range(1, MANY + 1):
            choose(page, next(names))
            if number in (FEW, MANY):
                counted[number] = count(browser, page)
    figures.note(f"memory after {MANY} pictures over after {FEW}", counted[MANY][0] / counted[FEW][0])
    return [LINE.format(number, *found) for number, found in counted.items()]


def count(browser: Browser, page: Page) -> tuple[float, float, int, int]:
    """The tab's resident memory and its JavaScript's in MB, DOM nodes and event listeners."""
    for place in (page, *page.workers):
        for _ in range(3):  # what one round frees may hold more
            place.evaluate("gc()")
            page.wait_for_timeout(200)
    session = page.context.new_cdp_session(page)
    heap = session.send("Runtime.getHeapUsage")
    nodes = session.send("Memory.getDOMCounters")
    session.detach()
    return resident(browser), heap["usedSize"] / 1e6, nodes["nodes"], nodes["jsEventListeners"]


def resident(browser: Browser) -> float:
    """MB of the largest of the browser's processes for pages; the others are spare ones."""
    session = browser.new_browser_cdp_session()
    processes: list[dict[str, Any]] = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return max(resident_of(process["id"]) for process in processes if process["type"] == "renderer")


def resident_of(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6
