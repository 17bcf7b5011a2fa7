"""What the views of a vector share: the vector in lines, the maps it comes from, and one cursor on both."""

from pycnn.window import Window
from ui.unrolled import Unrolled
from ui.views.panel import Panel
from ui.views.view import View
from ui.words import escape


class VectorView(View):
    """A view whose cursor is on an element of a vector.

    The maps that unroll into the vector have the role "inputs", the vector itself has the role "vector";
    all further roles are laid out like the maps. A vector that comes from no maps is its own origin, and
    all roles are laid out like it.
    """

    def __init__(self, scene, vector, maps):
        """`vector` is its layer's name; `maps` is the layer that unrolls into it and its shape, or None."""
        super().__init__(scene)
        self.vector = vector
        self.has_maps = maps is not None
        self.origin, sizes = maps or (vector, [self.scene.find(vector).shape[0], 1, 1])
        self.grid = Unrolled(*sizes)
        self.window = Window(self.grid.height, self.grid.width)

    def add_vector(self, array):
        """Add the vector as the overview colours it, in lines, and the maps that unroll into it."""
        grid = self.grid
        self._add_drawn(Strip, "vector", 0, array, (grid.lines, grid.line), self.vector)
        if self.has_maps:
            for source in range(grid.maps):
                self._add_drawn(Panel, "inputs", source, array, (grid.height, grid.width), self.origin)

    def _add_drawn(self, kind, role, source, array, size, layer):
        scene = self.scene
        self.panels[(role, source)] = kind(
            role,
            source,
            scene.arrays[array],
            source * size[0] * size[1],
            size[0],
            size[1],
            scene.ramp(layer, source),
            scene.limit(layer),
            self.words("map.label", layer=layer, unit=scene.name(layer, source)),
            drawn_as=(layer, source),
        )

    # Where elements come from

    def origin_unit(self, index):
        return self.grid.origin(index)[0] if self.has_maps else 0

    def origin_name(self, index):
        """The cell of a map that an element comes from, in words."""
        if not self.has_maps:
            return self.words("vector.element", index=index)
        source, row, column = self.grid.origin(index)
        return self.words("vector.origin", unit=self.scene.name(self.origin, source), row=row, column=column)

    def place_name(self, y, _x):
        count = self.grid.count
        if self.has_maps:
            return self.words("vector.place.origin", index=y, count=count, origin=self.origin_name(y))
        return self.words("vector.place", index=y, count=count)

    def way(self, index):
        """HTML of a button that leads to the cell that an element comes from, in the view of its map."""
        data = "".join(f' {name}="{escape(value)}"' for name, value in self._way(index))
        return f'<button type="button" class="to right"{data}></button>'

    def turn_way(self, button, index):
        """Let a button with text lead to where an element comes from, and name it."""
        button.textContent = self.origin_name(index)
        for name, value in self._way(index):
            button.setAttribute(name, value)

    def _way(self, index):
        y, x = self.grid.origin(index)[1:] if self.has_maps else (index, 0)
        label = self.words("vector.way", layer=self.origin, origin=self.origin_name(index))
        data = {"layer": self.origin, "unit": self.origin_unit(index), "y": y, "x": x}
        return [("data-to-" + name, str(value)) for name, value in data.items()] + [
            ("aria-label", label),
            ("title", label),
        ]

    # The cursor on the maps and on the vector

    def in_lines(self, role):
        return role == "vector" or not self.has_maps

    def place(self, role, source, row, column):
        if self.in_lines(role):
            return row * self.grid.line + min(max(column, 0), self.grid.line - 1), 0
        return self.grid.element(source, row, column), 0

    def marked(self, role, y, _x):
        if self.in_lines(role):
            return [y // self.grid.line], [y % self.grid.line]
        _, row, column = self.grid.origin(y)
        return [row], [column]

    def geometry(self):
        return super().geometry() + [("lines", self.grid.lines), ("line", self.grid.line)]

    def mark(self, body, index):
        """Tell the style sheet where the element stands in its map and in the vector."""
        top, left = self.grid.origin(index)[1:]
        line, at = index // self.grid.line, index % self.grid.line
        for name, value in (("from-y", top), ("from-x", left), ("line-y", line), ("line-x", at)):
            body.style.setProperty("--" + name, str(value))

    def write_cell(self, element, panel, index):
        """Write an element of the panel's array with its colour; gives its value."""
        value = panel.values[index]
        self.write(element, value)
        element.style.cssText = panel.ramp.style(value, panel.limit)
        return value


class Strip(Panel):
    """A vector in lines, painted from the overview's strip, which runs downwards, column by column."""

    has_neighbours = False

    def paint(self, canvas, canvases):
        strip = canvases[self.drawn_as]
        canvas.width, canvas.height = self.columns, self.rows
        context = canvas.getContext("2d")
        context.imageSmoothingEnabled = False
        context.setTransform(0, 1, 1, 0, 0, 0)  # x and y exchanged, so that what runs down runs to the right
        start, end = 0, self.rows * self.columns
        while start < end:
            line, at = start // self.columns, start % self.columns
            column, row = start // strip.height, start % strip.height
            count = min(self.columns - at, strip.height - row)
            context.drawImage(strip, column, row, 1, count, line, at, 1, count)
            start += count
