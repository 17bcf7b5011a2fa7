"""How fast the page is: prints medians of several visits in one run of headless Chromium.

python -m benchmarks.bench [--visits N]

Times depend on the machine and on what else it does; compare figures of one run only.
"""

import argparse
import gzip
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser

from pycnn import default_model
from tests.browser import SITE, chromium, served, wait_for_mark

PICTURES = ("ladybug", "koala", "orange", "espresso")
ROUNDS = 5
OBSERVE_TASKS = """
window.longTasks = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.longTasks.push([entry.startTime, entry.duration]);
}).observe({ type: "longtask", buffered: true });
"""
TEXT = {".css", ".html", ".js", ".json", ".mjs", ".py", ".wasm"}

Figures = dict[str, list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the page in headless Chromium.")
    parser.add_argument("--visits", type=int, default=5, help="visits with an empty cache (default: 5)")
    options = parser.parse_args()
    figures: Figures = {}
    with chromium() as browser, served() as address:
        for _ in range(options.visits):
            visit(browser, address, figures)
    figures["forward pass on CPython"] = [milliseconds(native_forward()) for _ in range(50)]
    print(f"{'median':>12} {'worst':>9}")
    for name, values in figures.items():
        print(f"{statistics.median(values):9.1f} ms {max(values):6.1f} ms  {name}")
    print_sizes(SITE)


def visit(browser: Browser, address: str, figures: Figures) -> None:
    """One visit with an empty cache; its figures, in milliseconds, are added."""

    def note(name: str, value: float) -> None:
        figures.setdefault(name, []).append(value)

    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.add_init_script(OBSERVE_TASKS)
    page.goto(address)
    ready = wait_for_mark(page, "page-ready")
    note("navigation to page ready", ready)
    note("navigation to engine ready", wait_for_mark(page, "engine-ready"))
    note("navigation to overview drawn", wait_for_mark(page, "overview-drawn"))
    for _ in range(ROUNDS):
        for picture in PICTURES:
            page.evaluate("performance.clearMarks()")
            page.locator(f"[data-sample={picture}]").click()
            drawn = wait_for_mark(page, "picture-drawn")
            note("picture chosen to picture drawn", drawn - wait_for_mark(page, "picture-chosen"))
            note("forward pass in the engine", float(page.locator("#forward").get_attribute("data-value")))
    for unit in range(10):
        page.locator(f"[data-layer=conv_1_2][data-unit='{unit}']").hover()
    tasks = page.evaluate("window.longTasks")
    note("longest task before page ready", max([d for start, d in tasks if start < ready], default=0))
    note("longest task after page ready", max([d for start, d in tasks if start >= ready], default=0))
    context.close()


def native_forward() -> Callable[[], object]:
    network = default_model()
    picture = np.random.default_rng(0).random(network.input_shape, np.float32)
    return lambda: network.forward(picture)


def milliseconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def print_sizes(site: Path) -> None:
    """The site's bytes, as they are, all gzipped, and gzipped as a server would send them (text and wasm)."""
    files = [path for path in site.rglob("*") if path.is_file()]
    raw = sum(path.stat().st_size for path in files)
    packed = {path: len(gzip.compress(path.read_bytes(), 6)) for path in files}
    sent = sum(packed[path] if path.suffix in TEXT else path.stat().st_size for path in files)
    print(f"{len(files)} files, {raw / 1e6:.2f} MB, gzipped {sum(packed.values()) / 1e6:.2f} MB, ")
    print(f"as sent (text and wasm gzipped, the rest as it is) {sent / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
