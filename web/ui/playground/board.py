"""All that the playground shows of one setting: grids, kernel, arithmetic, sizes."""

from ui.dom import by_id, keep_in_sight
from ui.figures import shape
from ui.playground.arithmetic import Arithmetic, show_formula
from ui.playground.grids import PADDING, UNCOVERED, NumberGrid
from ui.playground.numbers import field_text, runs
from ui.unit_facts import unit_name
from ui.words import escape

EDGE = 8  # pixels around the window that stay in sight with it


class Board:
    """`page` gives words, colours and legends."""

    def __init__(self, page):
        self._page = page
        self._words = page.words
        self._ramp = page.ramps["diverging"]
        self._stage = by_id("try-stage")
        self._kernel = by_id("try-kernel")
        self.input, self.output = NumberGrid("try-input"), NumberGrid("try-output")
        self._arithmetic = Arithmetic()

    def show_kernel(self, rows):
        """Make the fields of a kernel with these rows of weights."""
        self._kernel.innerHTML = "".join(
            f'<input type="text" inputmode="decimal" autocomplete="off" data-key="weight-{row}-{column}"'
            f' value="{escape(field_text(weight))}"'
            f' aria-label="{escape(self._words("playground.weight", row=row, column=column))}">'
            for row, weights in enumerate(rows)
            for column, weight in enumerate(weights)
        )

    def show(self, setting, rows, values, answer):
        """Show a possible setting with the kernel's `rows` and the input's `values`, row by row.

        `answer` holds what the engine computed, the output and its products; it is None while there is
        none, and so are values that only the engine knows.
        """
        self._setting = setting
        self._weights = [weight for row in rows for weight in row]
        self._cells = self._padded(values)
        self._output, self._products = answer or (None, None)
        outputs = list(self._output) if answer else [None] * setting.places * setting.places
        limits = [
            largest([1] + [value for value, _ in self._cells]),
            largest(self._weights),
            largest(outputs),
        ]
        self.input.draw(setting.room, self._cells, self._ramp, limits[0])
        self.output.draw(setting.places, [(value, "") for value in outputs], self._ramp, limits[2])
        for field, weight in zip(self._kernel.children, self._weights):
            field.style.cssText = self._ramp.style(weight, limits[1])
        self._show_legends(limits)
        for name in ("room", "places", "kernel"):
            self._stage.style.setProperty("--" + name, str(getattr(setting, name)))
        self._stage.dataset.dilated = "true" if setting.dilation > 1 else "false"
        by_id("try-kernel-shape").textContent = shape([setting.kernel] * 2)
        self._show_sentences()
        self._arithmetic.prepare(len(self._weights))

    def _padded(self, values):
        """(value, kind) of every cell of the padded input."""
        setting = self._setting
        size, padding = setting.size, setting.padding
        uncovered = setting.uncovered()
        cells = []
        for row in range(-padding, size + padding):
            for column in range(-padding, size + padding):
                if 0 <= row < size and 0 <= column < size:
                    kind = UNCOVERED if row in uncovered or column in uncovered else ""
                    cells.append((values[row * size + column], kind))
                else:
                    cells.append((0, PADDING))
        return cells

    def _show_legends(self, limits):
        words = self._words
        names = [words("playground.input"), words("playground.weights"), words("playground.output")]
        scales = [
            (name, {"layers": [name], "limit": limit, "signed": name != names[0]})
            for name, limit in zip(names, limits)
            if limit
        ]
        self._page.legends.show_in(by_id("try-legends"), scales)

    def _show_sentences(self):
        setting, words = self._setting, self._words
        by_id("try-summary").textContent = words(
            "playground.summary",
            extent=setting.extent,
            room=setting.room,
            stride=setting.stride,
            output=shape([setting.places] * 2),
        )
        show_formula(by_id("try-formula"), setting)
        rows = words.listed(runs(setting.uncovered()))
        told = by_id("try-uncovered")
        told.hidden = not rows
        told.textContent = words("playground.uncovered", rows=rows)

    def show_origin(self, place):
        """Say at which (row, column) of the picture the input begins; `place` is None for another input."""
        text = ""
        if place:
            row, column = place
            first = self._page.columns[0]
            name = unit_name(first, 0, self._page.network["classes"], self._words)
            text = self._words("playground.patch", channel=name, row=row, column=column)
        by_id("try-patch").textContent = text

    def move(self, y, x):
        """Lay the window over the output's place (y, x)."""
        setting = self._setting
        rows, columns = setting.cells(y), setting.cells(x)
        self.input.mark(rows, columns)
        self.output.mark([y], [x])
        values = [self._cells[row * setting.room + column][0] for row in rows for column in columns]
        products, result = None, None
        if self._products:
            count = setting.places * setting.places
            at = y * setting.places + x
            products = [self._products[cell * count + at] for cell in range(len(values))]
            result = self._output[at]
        self._arithmetic.show(values, self._weights, products, result)

    def keep_in_sight(self):
        """Scroll grids that are larger than their boxes to the window."""
        for grid in (self.input, self.output):
            keep_in_sight(grid.element.parentElement, grid.frame, EDGE)

    def text(self):
        """The arithmetic of the window in one line."""
        return self._arithmetic.text()


def largest(values):
    """The largest absolute value; unknown ones are None."""
    return max([0] + [abs(value) for value in values if value is not None])
