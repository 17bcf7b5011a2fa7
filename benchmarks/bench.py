"""How fast the page is: prints what several visits took in one run of headless Chromium.

python -m benchmarks.bench [--visits N]

Times depend on the machine and on what else it does; compare figures of one run only.
"""

import argparse
import gzip
import math
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page

from pycnn import default_model
from tests.browser import SITE, chromium, served, wait_for_mark

PICTURES = ("ladybug", "koala", "orange", "espresso")
ROUNDS = 5
# One unit of each kind of view; softmax is opened from the class.
VIEWS = {
    "picture": ("input", 0),
    "convolution of 3 maps": ("conv_1_1", 3),
    "convolution of 10 maps": ("conv_1_2", 4),
    "ReLU": ("relu_1_2", 4),
    "pooling": ("max_pool_1", 4),
    "flatten": ("flatten", 0),
    "class": ("output", 5),
}
OPENINGS = 3
GLIDE = 600  # milliseconds; as long or shorter, maps glide to their places
MOVES = 30  # of the pointer, in each opened view
OBSERVE = """
window.longTasks = [];
window.moves = [];
// A visitor's click, as early as the page can know of it.
addEventListener("click", () => performance.mark("clicked"), true);
// From a pointer's event on a big map to the first task after the frame that shows it: what the page
// itself needs. How long the browser held the event back, to deliver one in a frame, is not in it.
addEventListener("pointermove", (event) => {
  if (!event.target.closest(".map.big")) return;
  const started = performance.now();
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => window.moves.push(performance.now() - started);
    port2.postMessage(null);
  });
}, true);
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
    print(f"{'median':>9} {'95 %':>9} {'worst':>9}  milliseconds")
    for name, values in figures.items():
        print(f"{statistics.median(values):9.1f} {percentile(values, 95):9.1f} {max(values):9.1f}  {name}")
    print_sizes(SITE)


def visit(browser: Browser, address: str, figures: Figures) -> None:
    """One visit with an empty cache; its figures, in milliseconds, are added."""

    def note(name: str, value: float) -> None:
        figures.setdefault(name, []).append(value)

    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.add_init_script(OBSERVE)
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
    for _ in range(OPENINGS):
        for kind, (layer, unit) in VIEWS.items():
            page.locator(f"[data-layer='{layer}'][data-unit='{unit}']").click()
            note(f"click to view opened: {kind}", view_opened(page))
            for moved in cursor_moves(page):
                note(f"cursor moved to drawn: {kind}", moved)
            if kind == "class":
                page.locator("[data-to-view=softmax]").first.click()
                note("click to view opened: softmax", view_opened(page))
            page.keyboard.press("Escape")
            page.wait_for_timeout(GLIDE)
    tasks = page.evaluate("window.longTasks")
    note("longest task before page ready", max([d for start, d in tasks if start < ready], default=0))
    note("longest task after page ready", max([d for start, d in tasks if start >= ready], default=0))
    context.close()


def view_opened(page: Page) -> float:
    """Milliseconds from the click to the view as it is painted, with all its numbers."""
    opened = wait_for_mark(page, "view-opened")
    clicked = wait_for_mark(page, "clicked")
    page.evaluate("performance.clearMarks()")
    return opened - clicked


def cursor_moves(page: Page) -> list[float]:
    """Milliseconds that each move of the cursor took while a pointer crossed the view's last big map."""
    page.wait_for_timeout(GLIDE)
    target = page.locator("#view-body .map.big").last
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    page.evaluate("window.moves = []")
    for step in range(MOVES):
        # Across and down at once, so that no two moves lead to the same pixel.
        x = box["x"] + (0.05 + 0.9 * (step * 7 % MOVES) / MOVES) * box["width"]
        page.mouse.move(x, box["y"] + (0.05 + 0.9 * step / MOVES) * box["height"])
        page.wait_for_timeout(20)
    moves: list[float] = page.evaluate("window.moves")
    return moves


def percentile(values: list[float], share: int) -> float:
    """The value that `share` per cent of them do not exceed."""
    return sorted(values)[math.ceil(len(values) * share / 100) - 1]


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
