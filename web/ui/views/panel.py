"""A map in a view: its canvas, the window or pixel at the cursor, and what a loupe has to know of it."""

from ui.dom import put_pixels
from ui.words import escape


class Panel:
    """One map of `rows` x `columns` values that begin at `offset` of a typed array.

    role      "inputs", "output", ...: with it the view's style sheet knows how the cursor lies on the map
    source    which of the maps of that role it is
    ramp      colours single values on the scale that ends at `limit`
    label     its accessible name
    drawn_as  the overview's (layer, unit) that shows the same map, or None where the engine coloured it:
              `colours`, a typed array of RGBA bytes
    """

    # Are values below each other neighbours? Else a loupe would show what does not belong together.
    has_neighbours = True

    def __init__(
        self, role, source, values, offset, rows, columns, ramp, limit, label, drawn_as=None, colours=None
    ):
        self.role = role
        self.source = source
        self.values = values
        self.offset = offset
        self.rows = rows
        self.columns = columns
        self.ramp = ramp
        self.limit = limit
        self.label = label
        self.drawn_as = drawn_as
        self.colours = colours

    def value(self, row, column):
        return self.values[self.offset + row * self.columns + column]

    def style(self, row, column):
        return self.ramp.style(self.value(row, column), self.limit)

    def html(self, size, tab_stop=True):
        """`size` is "small" or "big"; Tab reaches a big map, unless it is one of many."""
        keys = (
            ' tabindex="0" role="application" aria-describedby="view-keys"'
            if size == "big" and tab_stop
            else ' role="img"'
        )
        return (
            f'<div class="map {size}" data-map="{self.role}" data-source="{self.source}"'
            f' aria-label="{escape(self.label)}"{keys}><canvas></canvas><i class="window"></i></div>'
        )

    def paint(self, canvas, canvases):
        """Draw the map on a canvas; `canvases` are the overview's."""
        if self.drawn_as is None:
            put_pixels(canvas, self.colours.buffer, self.offset * 4, self.columns, self.rows)
            return
        if canvas.width != self.columns or canvas.height != self.rows:
            canvas.width, canvas.height = self.columns, self.rows
        canvas.getContext("2d").drawImage(canvases[self.drawn_as], 0, 0)
