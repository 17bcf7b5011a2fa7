"""An open view: how it is opened, where its cursor is put, and what its numbers are to be."""

from decimal import Decimal

import numpy as np
from playwright.sync_api import Locator, expect

from tests.page.native import Native, equal
from tests.page.visit import Visit, eventually

CHOICES = {"2": 2, "4": 4, "all": None}


class Opened:
    """A visit without motion, so that playback waits to be started, on which units are opened."""

    def __init__(self, browser, address, network, **options):
        self.visit = Visit(browser, address, reduced_motion="reduce", **options)
        self.visit.wait_until_drawn()
        self.page = self.visit.page
        self.body = self.page.locator("#view-body")
        self.network = network
        self._natives = {}
        self.close = self.visit.close

    def go(self, picture, layer, unit, y=0, x=0):
        """Open a unit by the address; gives the picture's native values."""
        fragment = f"picture={picture}&layer={layer.replace('/', '%2F')}&unit={unit}&y={y}&x={x}"
        self.page.evaluate("(fragment) => { location.hash = fragment }", fragment)
        return self.shown(picture, layer, unit, y, x)

    def open_by_hand(self, picture, layer, unit, way):
        """Open a unit by "click" or "keyboard"; gives the picture's native values."""
        self.page.keyboard.press("Escape")
        self.visit.choose(picture)
        button = self.visit.unit(layer, unit)
        if way == "click":
            button.click()
        else:
            button.focus()
            self.page.keyboard.press("Enter")
        return self.shown(picture, layer, unit)

    def shown(self, picture, layer, unit, y=0, x=0):
        """Wait until the unit is shown with the cursor at (y, x); gives the picture's native values."""
        self.visit.wait_until_picture(picture)
        view = f"#view[data-view][data-layer='{layer}'][data-unit='{unit}']"
        expect(self.page.locator(view)).to_be_visible()
        self.arrived(y, x)
        if picture not in self._natives:
            self._natives[picture] = Native(self.network, self.visit.picture())
        return self._natives[picture]

    def cursor(self):
        style = "(body) => ['--y', '--x'].map((name) => Number(body.style.getPropertyValue(name)))"
        return tuple(self.body.evaluate(style))

    def arrived(self, y, x):
        eventually(lambda: self.cursor() == (y, x))

    def map(self, role, source=None) -> Locator:
        which = "" if source is None else f"[data-source='{source}']"
        return self.body.locator(f".map[data-map={role}]{which}")

    def point(self, target, row, column, rows, columns):
        """Point at a cell of a map of so many rows and columns."""
        box = target.bounding_box()
        x = box["x"] + (column + 0.5) / columns * box["width"]
        y = box["y"] + (row + 0.5) / rows * box["height"]
        self.page.mouse.move(x, y)

    def figures(self, selector):
        """(value, text) of the numbers that the selector finds in the view."""
        found = self.body.locator(selector).evaluate_all(
            "(all) => all.map((one) => [one.dataset.value, one.textContent])"
        )
        return [tuple(figure) for figure in found]

    def figure_count(self):
        return self.page.locator("#view [data-value]").count()

    def choose_decimals(self, choice):
        self.page.locator("#decimals").select_option(choice)

    def said(self):
        """What is said aloud once the cursor rests, line by line."""
        return self.page.locator("#view-live").text_content().splitlines()


def rounding(value, decimals):
    """A number's text as the page is to write it."""
    text = f"{value:.9g}" if decimals is None else f"{value:.{decimals}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")


def seen(text):
    """The number that is read there, exactly."""
    return Decimal(text.replace("−", "-"))


def check_figure(figure, exact, decimals):
    """The value behind a number is the exact one, its text the value's rounding."""
    value, text = figure
    assert equal(float(value), exact), (figure, exact)
    assert text == rounding(float(value), decimals)


def check_figures(figures, exact, decimals):
    assert len(figures) == len(exact)
    for figure, value in zip(figures, exact, strict=True):
        check_figure(figure, value, decimals)


def corners_and_more(shape, count=3):
    """The corners of a map of this shape, places on the edges between them, and some more by chance."""
    rows, columns = shape
    random = np.random.default_rng(rows * columns)
    chance = [(int(random.integers(rows)), int(random.integers(columns))) for _ in range(count)]
    last = rows - 1, columns - 1
    corners = [(0, 0), (0, last[1]), (last[0], 0), last]
    return [*corners, (0, columns // 2), (rows // 2, last[1]), *chance]


def inside(locator, part):
    """Left, top, right and bottom of a part of an element, in fractions of the element."""
    return locator.evaluate(
        """(element, part) => {
          const outer = element.getBoundingClientRect();
          const inner = element.querySelector(part).getBoundingClientRect();
          return [
            (inner.left - outer.left) / outer.width, (inner.top - outer.top) / outer.height,
            (inner.right - outer.left) / outer.width, (inner.bottom - outer.top) / outer.height,
          ];
        }""",
        part,
    )


FIND_SMALL_TEXT = """(view) => {
  const small = [];
  const walker = document.createTreeWalker(view, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility()) continue;
    if (parseFloat(getComputedStyle(element).fontSize) < 12) small.push(element.outerHTML);
  }
  return small;
}"""
FIND_CUT_OFF = """(view) => {
  const cut = [];
  for (const element of view.querySelectorAll("#view-body *")) {
    const style = getComputedStyle(element);
    if (!element.clientWidth || style.overflowX === "visible") continue;
    if (element.scrollWidth > element.clientWidth) cut.push(element.className + ": " + element.textContent);
  }
  return cut;
}"""
