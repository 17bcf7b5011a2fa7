"""A unit of a pooling: each window of its map becomes one value, the largest or the mean."""

from ui.cursor import Grid
from ui.figures import SIGNS, grouped, rounded, shape
from ui.views.captions import captioned, lead_to, name_of, way_to
from ui.views.view import View
from ui.words import escape


class PoolingView(View):
    article = "pooling"
    plays = True

    def __init__(self, scene):
        super().__init__(scene)
        facts = scene.facts
        self.before = facts["before"]
        self.keeps_largest = facts["rule"] == "max"
        self.window = self.layer_window()
        self.grid = Grid(*scene.shapes["output"])
        label = self.words("map.label", layer=self.before, unit=scene.name(self.before, scene.unit))
        self.add_map("inputs", 0, "inputs", self.before, scene.unit, label)
        label = self.words("map.label", layer=scene.layer, unit=scene.name(scene.layer, scene.unit))
        self.add_map("output", 0, "output", scene.layer, scene.unit, label)
        self._input, self._output = self.panels[("inputs", 0)], self.panels[("output", 0)]

    def sentence(self):
        shapes = self.scene.shapes
        size, given, made = shape(self.window.size), shape(shapes["inputs"][1:]), shape(shapes["output"])
        if self.keeps_largest:
            return self.words("view.pooling.max", size=size, input=given, output=made, layer=self.before)
        return self.words("view.pooling.average", size=size, input=given, output=made, layer=self.before)

    # Drawing

    def html(self):
        scene, facts = self.scene, self.scene.facts
        count = facts["size"][0] * facts["size"][1]
        badge = escape(self.words("pooling.largest"))
        cell = f'<span class="cell"><span class="figure"></span><b class="badge">{badge}</b></span>'
        opening, closing = ("max(", ")") if self.keeps_largest else ("(", ') / <span class="divisor"></span>')
        term = '<span class="operand"><span class="joint"></span><span class="figure"></span></span>'
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._notes())
        return (
            '<div class="abreast">'
            + captioned(
                self._input,
                way_to(scene, self.before, scene.unit, self._input.label),
                scene.shapes["inputs"][1:],
            )
            + f'<div class="working"><h3>{escape(self.words("pooling.window"))}</h3>'
            + f'<div class="window-cells">{cell * count}</div>'
            + f'<p class="rule">{opening}{term * count}{closing} <span class="relation"></span>'
            + f' <span class="figure result"></span></p><div class="note">{notes}</div></div>'
            + captioned(self._output, name_of(self._output.label), scene.shapes["output"])
            + "</div>"
        )

    def _notes(self):
        """How many values are dropped, and which are in no window or in the padding."""
        facts = self.scene.facts
        count, kept, covered = facts["count"], facts["kept"], facts["covered"]
        if self.keeps_largest:
            dropped = grouped(count - kept)
            notes = [self.words("pooling.dropped", count=grouped(count), kept=grouped(kept), dropped=dropped)]
        else:
            notes = [self.words("pooling.means", count=grouped(count), means=grouped(self.grid.count))]
        if covered < count:
            notes.append(self.words("pooling.uncovered", count=grouped(count - covered)))
        if any(facts["padding"]):
            notes.append(self.words("pooling.padding"))
        return notes

    def fill(self, body):
        self._body = body
        body.querySelector(".window-cells").style.setProperty("--window-columns", str(self.window.size[1]))
        body.querySelector(".map[data-map='inputs']").insertAdjacentHTML(
            "beforeend", '<i class="winner"></i>'
        )
        body.querySelector(".winner").hidden = not self.keeps_largest
        self._way = body.querySelector(".named > figcaption > .to")
        self._cells = [(cell, cell.firstChild) for cell in body.querySelectorAll(".cell")]
        self._terms = [(term, list(term.children)) for term in body.querySelectorAll(".operand")]
        self._divisor = body.querySelector(".divisor")
        self._relation = body.querySelector(".rule > .relation")
        self._result = body.querySelector(".result")

    # The cursor

    def values(self, y, x):
        """((row, column), value) of each cell of the window; (None, None) is padding."""
        return [
            (place, None if place is None else self._input.value(*place)) for place in self.window.cells(y, x)
        ]

    def winner(self, values):
        """The index of the largest of these values, of equal ones the first; NaN wins over all."""
        best = None
        for index, (_, value) in enumerate(values):
            if value is not None and value != value:
                return index
            if value is not None and (best is None or value > values[best][1]):
                best = index
        return best

    def move(self, y, x):
        values = self.values(y, x)
        winner = self.winner(values)
        joint, shown, counted = "", 0, 0
        for index, (place, value) in enumerate(values):
            cell, figure = self._cells[index]
            term, (sign, addend) = self._terms[index]
            term.hidden = place is None
            cell.setAttribute("data-padding", "true" if place is None else "false")
            cell.setAttribute("data-winner", "true" if self.keeps_largest and index == winner else "false")
            if place is None:
                cell.style.cssText = ""
                figure.textContent = self.words("pooling.no_value")
                figure.removeAttribute("data-value")
                addend.removeAttribute("data-value")
                continue
            cell.style.cssText = self._input.style(*place)
            self.write(figure, value)
            sign.textContent = joint
            self.write(addend, value)
            joint = SIGNS.between if self.keeps_largest else " + "
            shown, counted = shown + self.seen(value), counted + 1
        result = self._output.value(y, x)
        if self.keeps_largest:
            row, column = values[winner][0]
            self._body.style.setProperty("--winner-y", str(row))
            self._body.style.setProperty("--winner-x", str(column))
            self._relation.textContent = "="
        else:
            self._divisor.textContent = str(counted)
            self._relation.textContent = self.relation(shown / counted, result)
        self.write(self._result, result)
        self._result.style.cssText = self._output.style(y, x)
        lead_to(self._way, values[winner][0])  # of a mean, too, to the value that counts most in it

    def numbers(self, y, x):
        decimals = self.scene.decimals
        counted = [value for _, value in self.values(y, x) if value is not None]
        values = [rounded(value, decimals) for value in counted]
        result = self._output.value(y, x)
        if self.keeps_largest:
            return [f"max({SIGNS.between.join(values)}) = {rounded(result, decimals)}"]
        sign = self.relation(sum(self.seen(value) for value in counted) / len(counted), result)
        return [f"({' + '.join(values)}) / {len(values)} {sign} {rounded(result, decimals)}"]
