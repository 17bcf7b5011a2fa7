"""The loupe: the values around the cursor, where a map's own cells are too small to hold them."""

from pyscript import window

from ui.dom import by_id
from ui.figures import rounded

DIGIT = 0.605  # of the font size; how wide a digit is
RING = 1  # cells around the window, if there is room for them
MOST = 7  # cells along a side
DECIMALS = 2
APART = 14  # pixels between the loupe and the cursor


class Loupe:
    """Follows the cursor on one big map at a time."""

    def __init__(self):
        self._box = by_id("loupe")
        self._size = None
        self.hide()

    def hide(self):
        self._map = None
        self._box.hidden = True

    def follow(self, element):
        """Show the values of this map element from now on, if its cells are too small for them."""
        self._map = element

    def show(self, view, y, x):
        """Write the values around the cursor and move beside it."""
        if self._map is None:
            return
        panel = view.panel_of(self._map)
        box = self._map.getBoundingClientRect()
        marked = view.marked(panel.role, y, x)
        above, before, rows, columns = view.extent(panel)
        if not panel.has_neighbours or box.width / columns >= legible(panel, self._map):
            self._box.hidden = True
            return
        self._fill(panel, *marked)
        self._box.hidden = False
        middle_row, middle_column = ((cells[0] + cells[-1] + 1) / 2 for cells in marked)
        self._move(box, (middle_column + before) / columns, (middle_row + above) / rows)

    def _fill(self, panel, marked_rows, marked_columns):
        top, left = marked_rows[0], marked_columns[0]
        height, width = marked_rows[-1] - top + 1, marked_columns[-1] - left + 1
        ring = RING if max(height, width) + 2 * RING <= MOST else 0
        rows, columns = min(height + 2 * ring, MOST), min(width + 2 * ring, MOST)
        if (rows, columns) != self._size:
            self._size = rows, columns
            self._width = None
            self._box.innerHTML = "<span></span>" * (rows * columns)
            self._box.style.setProperty("--loupe-columns", str(columns))
            self._cells = list(self._box.children)
        for index, cell in enumerate(self._cells):
            row, column = top - ring + index // columns, left - ring + index % columns
            inside = 0 <= row < panel.rows and 0 <= column < panel.columns
            covered = row in marked_rows and column in marked_columns
            cell.className = "covered" if covered else ""
            cell.textContent = rounded(panel.value(row, column), DECIMALS) if inside else ""
            cell.style.cssText = panel.style(row, column) if inside else ""

    def _move(self, box, across, down):
        """Beside the cursor, where there is room."""
        x, y = box.left + across * box.width, box.top + down * box.height
        if self._width is None:  # measuring makes the browser lay out all that was written before
            self._width = self._box.offsetWidth
        left = x + APART + self._width > window.innerWidth
        right = f"calc(-100% - {APART}px)" if left else f"{APART}px"
        below = f"calc(-100% - {APART}px)" if down > 0.5 else f"{APART}px"
        self._box.style.transform = f"translate({x}px, {y}px) translate({right}, {below})"


def legible(panel, element):
    """Pixels that a cell has to be wide so that it holds any of the map's values itself."""
    size = float(window.getComputedStyle(element).fontSize[:-2])
    return DIGIT * size * len(rounded(-panel.limit, DECIMALS)) + 2
