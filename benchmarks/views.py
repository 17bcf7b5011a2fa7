"""Views in headless Chromium: opening one of each kind, and moving its cursor."""

from contextlib import closing

from playwright.sync_api import Browser, Page
from ui.columns import columns

from benchmarks.figures import Figures
from benchmarks.visits import SCREEN, note_tasks, open_page, wait_until_complete
from pycnn import default_model
from tests.browser import wait_for_mark

OPENINGS = 10  # of each kind of view
CROSSINGS = 3  # in so many of them, the pointer crosses the view
MOVES = 30  # of the pointer in a crossing
GLIDE = 600  # milliseconds; as long or shorter, maps glide to their places
OTHER_VIEW = "[data-to-view]"  # the way to a layer's other view
OBSERVE = """
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
"""


def units() -> list[tuple[str, str]]:
    """What a visitor clicks to open each kind of view, and what is to be said of it besides its kind.

    It is the middle unit of the first layer of each kind; of convolutions, for each number of maps they read.
    """
    found = {}
    before = None
    for column in columns(default_model().describe()):
        maps = f" of {len(column.sources(0, before))} maps" if column.kind == "convolution" else ""
        unit = f"[data-layer='{column.name}'][data-unit='{column.units // 2}']"
        found.setdefault(column.kind + maps, (unit, maps))
        before = column
    return list(found.values())


def visit(browser: Browser, address: str, figures: Figures) -> None:
    with closing(browser.new_context(viewport=SCREEN)) as context:
        context.add_init_script(OBSERVE)
        page = open_page(context, address)
        wait_until_complete(page)
        for opening in range(OPENINGS):
            for unit, detail in units():
                kind = open_view(page, unit, detail, figures)
                if opening < CROSSINGS:
                    figures.note(f"moving its cursor: {kind}", *cursor_moves(page))
                if page.locator(OTHER_VIEW).count():
                    open_view(page, OTHER_VIEW, "", figures)
                page.keyboard.press("Escape")
                page.wait_for_timeout(GLIDE)
        note_tasks(page, figures)


def open_view(page: Page, selector: str, detail: str, figures: Figures) -> str:
    """Note the time from a click to the view as it is painted, with all its numbers; gives its kind."""
    page.evaluate("['clicked', 'view-opened'].forEach((name) => performance.clearMarks(name))")
    page.locator(selector).first.click()
    took = wait_for_mark(page, "view-opened") - wait_for_mark(page, "clicked")
    kind = page.locator("#view").get_attribute("data-view") + detail
    figures.note(f"opening a view: {kind}", took)
    return kind


def cursor_moves(page: Page) -> list[float]:
    """Milliseconds that each move of the cursor took while a pointer crossed the view's last big map."""
    page.wait_for_timeout(GLIDE)
    target = page.locator("#view-body .map.big").last
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    page.evaluate("moves = []")
    for step in range(MOVES):
        # Across and down at once, so that no two moves lead to the same pixel.
        x = box["x"] + (0.05 + 0.9 * (step * 7 % MOVES) / MOVES) * box["width"]
        page.mouse.move(x, box["y"] + (0.05 + 0.9 * step / MOVES) * box["height"])
        page.wait_for_timeout(20)
    return page.evaluate("moves")
