"""A unit of a ReLU on maps: what is below zero becomes zero, all else stays."""

from pycnn.window import Window
from ui.cursor import Grid
from ui.figures import SIGNS, grouped, percent, rounded, shape
from ui.views.captions import captioned, lead_to, name_of, way_to
from ui.views.view import View
from ui.words import escape

# The graph, in its own units: where both axes begin, and how long they are on either side of it.
WIDTH, HEIGHT = 320, 216
LEFT, RIGHT, MIDDLE, GROUND, REACH = 20, 300, 160, 168, 140


class ReLUView(View):
    article = "relu"
    plays = True

    def __init__(self, scene):
        super().__init__(scene)
        self.before = scene.facts["before"]
        rows, columns = scene.shapes["output"]
        self.window = Window(rows, columns)
        self.grid = Grid(rows, columns)
        label = self.words("map.label", layer=self.before, unit=scene.name(self.before, scene.unit))
        self.add_map("inputs", 0, "inputs", self.before, scene.unit, label)
        label = self.words("map.label", layer=scene.layer, unit=scene.name(scene.layer, scene.unit))
        self.add_map("output", 0, "output", scene.layer, scene.unit, label)
        self._input, self._output = self.panels[("inputs", 0)], self.panels[("output", 0)]
        # Where the graph's axes end: at the largest magnitude in the map.
        low, high = [float(end) for end in scene.shown["ranges"][self.before][scene.unit]]
        self.reach = max(-low, high)
        if self.reach - self.reach:  # no axis ends at an infinity: the colours' scale ends at a number
            self.reach = scene.limit(self.before)

    def sentence(self):
        return self.words("view.relu", shape=shape(self.scene.shapes["output"]), source=self._input.label)

    def html(self):
        scene, facts = self.scene, self.scene.facts
        sizes = scene.shapes["output"]
        cut, count = facts["cut"], facts["count"]
        told = self.words("relu.cut", cut=grouped(cut), count=grouped(count), percent=percent(cut / count))
        return (
            '<div class="abreast">'
            + captioned(self._input, way_to(scene, self.before, scene.unit, self._input.label), sizes)
            + f'<div class="working"><p class="rule">max(0{escape(SIGNS.between)}'
            + '<span class="figure given"></span>) = <span class="figure result"></span></p>'
            + self._graph()
            + f'<p class="note"><span class="share"><i></i></span>{escape(told)}</p></div>'
            + captioned(self._output, name_of(self._output.label), sizes)
            + "</div>"
        )

    def _graph(self):
        """HTML of the function's graph: x from -reach to reach, y from 0 to reach."""
        ticks = f"M{LEFT} {GROUND - 4}v8M{RIGHT} {GROUND - 4}v8M{MIDDLE - 4} {GROUND - REACH}h8"
        return (
            f'<svg class="graph" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
            f' aria-label="{escape(self.words("relu.graph"))}">'
            f'<path class="axis" d="M{LEFT - 10} {GROUND}H{RIGHT + 10}M{MIDDLE} {GROUND + 8}V16{ticks}"/>'
            f'<path class="curve" d="M{LEFT} {GROUND}H{MIDDLE}L{RIGHT} {GROUND - REACH}"/>'
            '<path class="guide"/><circle class="point" r="5"/>'
            + self._end(LEFT - 10, GROUND + 20, "start", -self.reach)
            + f'<text x="{MIDDLE}" y="{GROUND + 22}" text-anchor="middle">0</text>'
            + self._end(RIGHT + 10, GROUND + 20, "end", self.reach)
            + self._end(MIDDLE - 8, GROUND - REACH + 4, "end", self.reach)
            + f'<text class="title" x="{RIGHT + 10}" y="{HEIGHT - 6}" text-anchor="end">'
            f"{escape(self.words('relu.across'))}</text>"
            f'<text class="title" x="{MIDDLE + 8}" y="14">{escape(self.words("relu.up"))}</text></svg>'
        )

    def _end(self, x, y, anchor, value):
        """SVG of the number at an axis's end."""
        return (
            f'<text class="figure" x="{x}" y="{y}" text-anchor="{anchor}" data-value="{value}">'
            f"{rounded(value, self.scene.decimals)}</text>"
        )

    def fill(self, body):
        self._given = body.querySelector(".given")
        self._result = body.querySelector(".result")
        self._point = body.querySelector(".point")
        self._guide = body.querySelector(".guide")
        self._way = body.querySelector(".named > figcaption > .to")
        share = self.scene.facts["cut"] / self.scene.facts["count"]
        body.querySelector(".share > i").style.cssText = f"width:{share * 100}%"

    def move(self, y, x):
        value, result = self._input.value(y, x), self._output.value(y, x)
        self.write(self._given, value)
        self.write(self._result, result)
        self._given.style.cssText = self._input.style(y, x)
        self._result.style.cssText = self._output.style(y, x)
        across, up = MIDDLE + self._length(value), GROUND - self._length(result)
        self._point.setAttribute("cx", str(across))
        self._point.setAttribute("cy", str(up))
        self._guide.setAttribute("d", f"M{across} {GROUND}V{up}H{MIDDLE}")
        lead_to(self._way, (y, x))

    def _length(self, value):
        """How long a value is on an axis of the graph: an infinity reaches its end, NaN has no length."""
        share = value / self.reach if self.reach else 0
        return min(max(share, -1), 1) * REACH if share == share else 0

    def numbers(self, y, x):
        decimals = self.scene.decimals
        given, result = self._input.value(y, x), self._output.value(y, x)
        return [f"max(0{SIGNS.between}{rounded(given, decimals)}) = {rounded(result, decimals)}"]
