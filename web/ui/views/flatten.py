"""A flatten layer: all maps unroll into one vector, map after map, row after row."""

from ui.dom import keep_in_sight
from ui.figures import TIMES, rounded, shape
from ui.views.vector import VectorView
from ui.words import escape

NEAR = 9  # elements shown around that of the cursor


class FlattenView(VectorView):
    """The map that the cursor's element comes from is shown large."""

    article = "flatten"

    def __init__(self, scene):
        super().__init__(scene, scene.layer, (scene.facts["before"], scene.shapes["inputs"]))
        self.add_vector("output")

    def sentence(self):
        grid = self.grid
        size = shape([grid.height, grid.width])
        return self.words("view.flatten", maps=grid.maps, size=size, layer=self.origin, count=grid.count)

    # Drawing

    def html(self):
        grid, lines = self.grid, self.words("flatten.lines", line=self.grid.line)
        neighbours = '<span class="neighbour"><b></b><span class="figure"></span></span>' * min(
            NEAR, grid.count
        )
        return (
            '<div class="flatten" data-form="maps">'
            + self.map_figure(self.panels[("inputs", 0)], "", shape([grid.height, grid.width]))
            + f'<div class="unrolling"><div class="origins">{self._origins()}</div>'
            + self.map_figure(self.panels[("vector", 0)], lines, str(grid.count))
            + f'<p class="index">{self._index()}</p>'
            '<p class="kept"><button type="button" class="to origin-name"></button>'
            ' <span class="figure"></span> <span class="relation">=</span> <span class="figure"></span>'
            f' <span class="into"></span></p><div class="neighbours">{neighbours}</div></div></div>'
        )

    def _origins(self):
        return "".join(
            f'<div class="origin"><span class="name">{escape(self.scene.name(self.origin, source))}</span>'
            + self.panels[("inputs", source)].html("small")
            + "</div>"
            for source in range(self.grid.maps)
        )

    def _index(self):
        """How the element's index follows from its map, row and column."""
        height, width = self._part("height", self.grid.height), self._part("width", self.grid.width)
        return (
            f"({self._part('map')} {TIMES} {height} + {self._part('row')}) {TIMES} {width}"
            f" + {self._part('column')} = {self._part('element')}"
        )

    def _part(self, name, number=""):
        label = escape(self.words("flatten.part." + name))
        return f'<span class="part" data-part="{name}"><b>{number}</b><small>{label}</small></span>'

    def fill(self, body):
        self._body = body
        self._big = body.querySelector('.map.big[data-map="inputs"]')
        self._name = body.querySelector(".named .name")
        self._origins_shown = list(body.querySelectorAll(".origin"))
        self._parts = [
            body.querySelector(f'[data-part="{name}"] > b') for name in ("map", "row", "column", "element")
        ]
        self._from, self._into = body.querySelector(".origin-name"), body.querySelector(".kept .into")
        self._values = list(body.querySelectorAll(".kept .figure"))
        self._row = body.querySelector(".neighbours")
        self._neighbours = [(cell, list(cell.children)) for cell in body.querySelectorAll(".neighbour")]
        for element in body.querySelectorAll(".map.big"):
            element.insertAdjacentHTML("beforeend", '<i class="band"></i>')
        self._chosen = None

    # The cursor

    def move(self, y, _x):
        source, row, column = self.grid.origin(y)
        self.mark(self._body, y)
        if source != self._chosen:
            self._choose(source)
        for element, number in zip(self._parts, (source, row, column, y)):
            element.textContent = str(number)
        self.turn_way(self._from, y)
        self._into.textContent = self.words("vector.element", index=y)
        vector = self.panels[("vector", 0)]
        self.write_cell(self._values[0], self.panels[("inputs", source)], y)
        self.write_cell(self._values[1], vector, y)
        for at, (cell, (index, value)) in zip(self.grid.near(y, NEAR), self._neighbours):
            cell.setAttribute("aria-current", "true" if at == y else "false")
            if at == y:
                here = cell
            index.textContent = str(at)
            self.write_cell(value, vector, at)
        keep_in_sight(self._row, here)

    def _choose(self, source):
        """Show this map large."""
        if self._chosen is not None:
            self._origins_shown[self._chosen].removeAttribute("data-chosen")
        self._chosen = source
        self._origins_shown[source].setAttribute("data-chosen", "true")
        panel = self.panels[("inputs", source)]
        self.show_in(self._big, panel)
        self._name.textContent = panel.label

    def numbers(self, y, _x):
        grid = self.grid
        source, row, column = grid.origin(y)
        value = rounded(self.scene.arrays["output"][y], self.scene.decimals)
        return [
            f"({source} {TIMES} {grid.height} + {row}) {TIMES} {grid.width} + {column} = {y}",
            self.words("numbers.of", name=self.origin_name(y), numbers=value),
        ]
