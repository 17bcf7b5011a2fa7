"""A square grid of numbers with the window on it."""

from ui.dom import by_id
from ui.figures import shape, trimmed

DECIMALS = 2  # in a cell
PADDING, UNCOVERED = "padding", "uncovered"  # kinds of cells; others have none


class NumberGrid:
    """The grid in the element called `name`."""

    def __init__(self, name):
        self.element = by_id(name)
        self._numbers, self.frame = self.element.children
        self._shape = by_id(name + "-shape")
        self._read = []

    def draw(self, columns, cells, ramp, limit):
        """Draw as many rows as columns.

        `cells` are (value, kind), row by row; a value of None is not known yet.
        """
        self._columns = columns
        self._read = []
        self._shape.textContent = shape([columns] * 2)
        texts = ["" if value is None else trimmed(value, DECIMALS) for value, _ in cells]
        self._numbers.innerHTML = "".join(
            f'<span data-kind="{kind}"'
            + ("" if value is None else f' data-value="{value}"')
            + f">{text}</span>"
            for (value, kind), text in zip(cells, texts)
        )
        self.element.style.setProperty("--columns", str(columns))
        self.element.style.setProperty("--characters", str(max(len(text) for text in texts)))
        styles = {}  # by value: many cells have the same one
        for cell, (value, kind) in zip(self._numbers.children, cells):
            if value is not None and kind != PADDING:
                if value not in styles:
                    styles[value] = ramp.style(value, limit)
                cell.style.cssText = styles[value]

    def mark(self, rows, columns):
        """Lay the window over these rows and columns, and mark the cells where they cross."""
        size = 100 / self._columns
        tall, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
        self.frame.style.cssText = (
            f"top:{rows[0] * size}%;left:{columns[0] * size}%;height:{tall * size}%;width:{wide * size}%"
        )
        cells = self._numbers.children
        for index in self._read:
            cells[index].removeAttribute("data-read")
        self._read = [row * self._columns + column for row in rows for column in columns]
        for index in self._read:
            cells[index].setAttribute("data-read", "")

    def cell_at(self, across, down):
        """Row and column of the cell at a point of the screen, or of the one nearest to it."""
        box = self._numbers.getBoundingClientRect()
        row = int((down - box.top) / box.height * self._columns)
        column = int((across - box.left) / box.width * self._columns)
        last = self._columns - 1
        return min(max(row, 0), last), min(max(column, 0), last)
