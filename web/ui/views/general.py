"""A unit of any layer that has no view of its own: what goes in, what comes out, and how the layer is made."""

from ui.columns import MAPS
from ui.cursor import Grid, Window
from ui.dom import escape
from ui.figures import grouped, rounded, shape
from ui.views.captions import captioned, lead_to, name_of, way_to
from ui.views.panel import Panel
from ui.views.view import View

NEAR = 5  # elements of a vector that are listed before and after the one at the cursor


class Strip(Panel):
    """A vector as one column of values."""

    def paint(self, canvas, canvases):
        """The overview begins a new column where a canvas would be too long; here they are one."""
        drawn = canvases[self.drawn_as]
        canvas.width, canvas.height = 1, self.rows
        context = canvas.getContext("2d")
        for column in range(drawn.width):
            top = column * drawn.height
            context.drawImage(drawn, column, 0, 1, drawn.height, 0, top, 1, drawn.height)


class GeneralView(View):
    """The cursor moves over the output: over the pixels of the unit's map, or the elements of its vector.

    `paired`: the output at the cursor depends on nothing but the input at the same place.
    """

    def __init__(self, scene):
        super().__init__(scene)
        self.before = scene.facts["before"]
        self.about = scene.about[scene.layer]
        self.reads, self.gives = scene.shapes["inputs"], scene.shapes["output"]
        self.is_vector = scene.column.form != MAPS
        self.grid = Grid(self.gives[0], 1) if self.is_vector else Grid(*self.gives[1:])
        self.paired = self.about["connections"] == "one" and self.reads == self.gives
        if self.paired:
            self.window = Window(self.grid.rows, self.grid.columns)
        self._at = (0, 0)
        role = "inputs" if self.paired else "whole"
        sources = scene.column.sources(scene.unit, scene.find(self.before))
        self._inputs = [self._add(role, "inputs", self.before, unit) for unit in sources]
        self._output = self._add("output", "output", scene.layer, scene.unit)

    def _add(self, role, array, layer, unit):
        """Add a unit of a layer, be it a map or a vector."""
        scene = self.scene
        label = self.words("map.label", layer=layer, unit=scene.name(layer, unit))
        if scene.find(layer).form == MAPS:
            self.add_map(role, unit, array, layer, unit, label)
        else:
            values, ramp, limit = scene.arrays[array], scene.ramp(layer, unit), scene.limit(layer)
            rows = scene.shapes[array][0]
            strip = Strip(role, unit, values, 0, rows, 1, ramp, limit, label, drawn_as=(layer, unit))
            self.panels[(role, unit)] = strip
        return self.panels[(role, unit)]

    def sentence(self):
        return self.words(
            "view.general",
            does=self.words("kind." + self.about["kind"]),
            input=shape(self.reads),
            output=shape(self.gives),
            layer=self.before,
        )

    def place(self, role, source, row, column):
        """A map of role "whole" is read as a whole: pointing at it moves nothing."""
        return self._at if role == "whole" else (row, column)

    def place_name(self, y, x):
        if self.is_vector:
            return self.words("vector.place", index=y, count=self.grid.rows)
        return super().place_name(y, x)

    # Drawing

    def html(self):
        scene = self.scene
        output = name_of(scene, scene.layer, scene.unit)
        return (
            '<div class="abreast general">'
            + self._given()
            + f'<div class="working">{self._list() if self.is_vector else self._pixel()}</div>'
            + self._figure(self._output, output)
            + f'<dl class="made">{self._made()}</dl></div>'
        )

    def _figure(self, panel, caption):
        if isinstance(panel, Strip):
            return captioned(panel, caption, [panel.rows], extra="strip")
        return captioned(panel, caption, [panel.rows, panel.columns])

    def _given(self):
        """The inputs: one of them large, many of them small, each leading to its own view."""
        if len(self._inputs) == 1:
            panel = self._inputs[0]
            return self._figure(panel, way_to(self.scene, self.before, panel.source))
        maps = "".join(
            f'<button type="button" class="to" data-to-layer="{escape(self.before)}"'
            f' data-to-unit="{panel.source}">{panel.html("small")}</button>'
            for panel in self._inputs
        )
        return f'<div class="whole">{maps}</div>'

    def _pixel(self):
        given = '<span class="figure given"></span> \u2192 ' if self.paired else ""
        return f'<p class="rule">{given}<span class="figure result"></span></p>'

    def _list(self):
        """The elements of the vector near the cursor."""
        heads = [self.before] if self.paired else []
        heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads + [self.scene.layer])
        cells = '<td><span class="figure"></span></td>' * (2 if self.paired else 1)
        rows = f'<tr><th scope="row"></th>{cells}</tr>' * min(2 * NEAR + 1, self.grid.rows)
        title = escape(self.words("general.near"))
        return (
            f'<h3>{title}</h3><table class="near"><thead><tr><th scope="col">{escape(self.words("general.index"))}'
            f"</th>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _made(self):
        """What the layer is made of, as terms and descriptions."""
        about, words = self.about, self.words
        rows = [
            (words("general.kind"), about["kind"].replace("_", " ")),
            (words("general.reads"), f"{self.before}, {shape(self.reads)}"),
            (words("general.gives"), shape(self.gives)),
        ]
        for name, value in about["hyperparameters"].items():
            rows.append((name, shape(value) if isinstance(value, list) else str(value)))
        for name, sizes in about["parameters"].items():
            rows.append((name, shape(sizes)))
        rows.append((words("general.parameters"), grouped(about["parameter_count"])))
        return "".join(f"<div><dt>{escape(term)}</dt><dd>{escape(said)}</dd></div>" for term, said in rows)

    def fill(self, body):
        self._way = body.querySelector(".named > figcaption > .to")
        self._given_figure = body.querySelector(".rule > .given")
        self._result = body.querySelector(".rule > .result")
        self._rows = []
        for row in body.querySelectorAll(".near > tbody > tr"):
            index, *cells = row.children
            self._rows.append((row, index, [cell.firstChild for cell in cells]))

    # The cursor

    def _columns(self):
        """The panels whose values stand side by side: input and output, or the output alone."""
        return self._inputs + [self._output] if self.paired else [self._output]

    def move(self, y, x):
        self._at = (y, x)
        if self.paired:
            lead_to(self._way, (y, x))
        if not self.is_vector:
            if self.paired:
                self._show(self._given_figure, self._inputs[0], y, x)
            self._show(self._result, self._output, y, x)
            return
        first = min(max(y - NEAR, 0), self.grid.rows - len(self._rows))
        for at, (row, index, figures) in enumerate(self._rows):
            row.setAttribute("aria-current", "true" if first + at == y else "false")
            index.textContent = str(first + at)
            for figure, panel in zip(figures, self._columns()):
                self._show(figure, panel, first + at, 0)

    def _show(self, figure, panel, y, x):
        self.write(figure, panel.value(y, x))
        figure.style.cssText = panel.style(y, x)

    def numbers(self, y, x):
        values = [rounded(panel.value(y, x), self.scene.decimals) for panel in self._columns()]
        return [" \u2192 ".join(values)]
