"""A unit of a layer without a view of its own: what goes in, what comes out, and how the layer is made."""

from pycnn.window import Window
from ui.columns import MAPS
from ui.cursor import Grid
from ui.figures import grouped, rounded, shape
from ui.unrolled import Unrolled
from ui.views.captions import captioned, lead_to, name_of, way_to
from ui.views.panel import Panel
from ui.views.vector import Strip, VectorView
from ui.views.view import View
from ui.words import escape

NEAR = 5  # elements of a vector that are listed before and after the one at the cursor
WHOLE = "whole"  # the role of inputs that are read as a whole, wherever the cursor is
ARROW = " \u2192 "


def general_view(scene):
    return (GeneralMapView if scene.column.form == MAPS else GeneralVectorView)(scene)


class GeneralMapView(View):
    """The cursor is on a pixel of the unit's map."""

    def __init__(self, scene):
        super().__init__(scene)
        self.grid = Grid(*scene.shapes["output"][1:])
        self.paired = is_paired(scene)
        if self.paired:
            self.window = Window(self.grid.rows, self.grid.columns)
        self._inputs = []
        for unit in units_read(scene):
            role = "inputs" if self.paired else WHOLE
            self._add(role, unit, "inputs", scene.facts["before"])
            self._inputs.append(self.panels[(role, unit)])
        self._add("output", scene.unit, "output", scene.layer)
        self._output = self.panels[("output", scene.unit)]

    def _add(self, role, unit, array, layer):
        label = self.words("map.label", layer=layer, unit=self.scene.name(layer, unit))
        self.add_map(role, unit, array, layer, unit, label)

    def sentence(self):
        return sentence(self.scene)

    def place(self, role, source, row, column):
        return self._at if role == WHOLE else super().place(role, source, row, column)

    def html(self):
        given = '<span class="figure given"></span>' + ARROW if self.paired else ""
        return (
            '<div class="abreast general">'
            + inputs_html(self.scene, self._inputs)
            + f'<p class="rule">{given}<span class="figure result"></span></p>'
            + captioned(self._output, name_of(self._output.label), self.scene.shapes["output"][1:])
            + made_html(self.scene)
            + "</div>"
        )

    def fill(self, body):
        self._way = body.querySelector(".named .to")
        self._figures = list(body.querySelectorAll(".rule > .figure"))

    def _panels(self):
        """The maps whose values at the cursor belong together."""
        return self._inputs + [self._output] if self.paired else [self._output]

    def move(self, y, x):
        self._at = y, x
        if self.paired:
            lead_to(self._way, (y, x))
        for figure, panel in zip(self._figures, self._panels()):
            self.write(figure, panel.value(y, x))
            figure.style.cssText = panel.style(y, x)

    def numbers(self, y, x):
        return [ARROW.join(rounded(panel.value(y, x), self.scene.decimals) for panel in self._panels())]


class GeneralVectorView(VectorView):
    """The cursor is on an element of the vector."""

    def __init__(self, scene):
        super().__init__(scene, scene.layer, None)
        self.paired = is_paired(scene)
        before, sizes = scene.find(scene.facts["before"]), scene.shapes["inputs"]
        role = "given" if self.paired else WHOLE
        self._inputs = []
        for unit in units_read(scene):
            if before.form == MAPS:
                self._add_drawn(Panel, role, unit, "inputs", sizes[1:], before.name)
            else:
                lines = Unrolled(sizes[0], 1, 1)
                self._add_drawn(Strip, role, unit, "inputs", (lines.lines, lines.line), before.name)
            self._inputs.append(self.panels[(role, unit)])
        self.add_vector("output")
        self._output = self.panels[("vector", 0)]

    def sentence(self):
        return sentence(self.scene)

    def place(self, role, source, row, column):
        return self._at if role == WHOLE else super().place(role, source, row, column)

    def html(self):
        scene, words = self.scene, self.words
        names = ([scene.facts["before"]] if self.paired else []) + [scene.layer]
        heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
        cells = '<td><span class="figure"></span></td>' * len(names)
        rows = f'<tr><th scope="row"></th>{cells}</tr>' * min(2 * NEAR + 1, self.grid.count)
        output = captioned(self._output, name_of(self._output.label), scene.shapes["output"])
        return (
            f'<div class="general"><div class="vectors">{inputs_html(scene, self._inputs)}{output}</div>'
            f'<div><h3>{escape(words("general.near"))}</h3><table class="near"><thead><tr>'
            f'<th scope="col">{escape(words("general.index"))}</th>{heads}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>{made_html(scene)}</div>"
        )

    def fill(self, body):
        self._body = body
        self._way = body.querySelector(".named .to")
        for element in body.querySelectorAll(".vectors .map"):
            panel = self.panel_of(element)
            element.style.setProperty("--rows", str(panel.rows))
            element.style.setProperty("--columns", str(panel.columns))
        self._rows = [
            (row, row.firstChild, list(row.querySelectorAll(".figure")))
            for row in body.querySelectorAll(".near > tbody > tr")
        ]

    def _panels(self):
        """The vectors whose elements at the cursor belong together."""
        return self._inputs + [self._output] if self.paired else [self._output]

    def move(self, y, _x):
        self._at = y, 0
        self.mark(self._body, y)
        if self.paired:
            lead_to(self._way, (y, 0))
        first = min(max(y - NEAR, 0), self.grid.count - len(self._rows))
        for index, (row, head, figures) in enumerate(self._rows):
            row.setAttribute("aria-current", "true" if first + index == y else "false")
            head.textContent = str(first + index)
            for figure, panel in zip(figures, self._panels()):
                self.write_cell(figure, panel, first + index)

    def numbers(self, y, _x):
        return [ARROW.join(rounded(panel.values[y], self.scene.decimals) for panel in self._panels())]


# What both say of the layer


def is_paired(scene):
    """Does an output depend on nothing but the input at the same place?"""
    same = scene.shapes["inputs"] == scene.shapes["output"]
    return same and scene.about[scene.layer]["connections"] == "one"


def units_read(scene):
    """Units of the layer before that the unit reads."""
    return scene.column.sources(scene.unit, scene.find(scene.facts["before"]))


def sentence(scene):
    return scene.words(
        "view.general",
        does=scene.words("kind." + scene.about[scene.layer]["kind"]),
        input=shape(scene.shapes["inputs"]),
        output=shape(scene.shapes["output"]),
        layer=scene.facts["before"],
    )


def inputs_html(scene, panels):
    """One input large, or many small, each leading to its own view."""
    layer, sizes = scene.facts["before"], scene.shapes["inputs"]
    if len(panels) == 1:
        way = way_to(scene, layer, panels[0].source, panels[0].label)
        return captioned(panels[0], way, sizes[-2:])
    maps = "".join(
        f'<button type="button" class="to" data-to-layer="{escape(layer)}" data-to-unit="{panel.source}">'
        f"{panel.html('small')}</button>"
        for panel in panels
    )
    return (
        f'<figure class="named"><figcaption>{name_of(layer)} <span class="shape">{shape(sizes)}</span>'
        f'</figcaption><div class="whole">{maps}</div></figure>'
    )


def made_html(scene):
    """The layer's kind, shapes, hyperparameters and parameters, as terms and descriptions."""
    about, words = scene.about[scene.layer], scene.words
    rows = [
        (words("general.kind"), words("general.kind." + about["kind"])),
        (
            words("general.reads"),
            words("network.column", layer=scene.facts["before"], shape=shape(scene.shapes["inputs"])),
        ),
        (words("general.gives"), shape(scene.shapes["output"])),
    ]
    for name, value in about["hyperparameters"].items():
        rows.append((words("general.hyperparameter." + name), words.listed([str(part) for part in value])))
    for name, sizes in about["parameters"].items():
        rows.append((words("general.parameter." + name), shape(sizes)))
    rows.append((words("general.parameters"), grouped(about["parameter_count"])))
    terms = "".join(f"<div><dt>{escape(term)}</dt><dd>{escape(said)}</dd></div>" for term, said in rows)
    return f'<dl class="made">{terms}</dl>'
