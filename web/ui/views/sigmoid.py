"""The probabilities of two classes: sigmoid makes one of a logit, and the other is what it leaves of 1."""

from math import exp

from ui.figures import MINUS, rounded, trimmed
from ui.views.probabilities import ProbabilitiesView
from ui.words import escape

# The graph, in its own units: where its axes begin and end, and how long they are.
WIDTH, HEIGHT = 320, 196
LEFT, RIGHT, MIDDLE, GROUND, TOP = 20, 300, 160, 150, 26
LEAST = 6  # the logit's axis reaches at least so far: there sigmoid is close to 0 or 1
POINTS = 120  # of the curve


class SigmoidView(ProbabilitiesView):
    """A row for each class, and the division for the one at the cursor, whose y is the class.

    p is 1 / (1 + exp(-z)) and belongs to the second class. Where exp(-z) is too large, both parts of the
    fractions are multiplied by exp(z): then the facts say `flipped`, and `exponential` is exp(z).
    """

    def __init__(self, scene):
        super().__init__(scene)
        facts = scene.facts
        self.logit, self.exponential, self.total = facts["logit"], facts["exponential"], facts["total"]
        self.exponent = self.logit if facts["flipped"] else -self.logit
        self.power = "exp(z)" if facts["flipped"] else f"exp({MINUS}z)"
        self.probabilities = [scene.arrays["probabilities"][unit] for unit in (0, 1)]
        self.reach = max(LEAST, abs(self.logit))

    def sentence(self):
        return self.words("view.sigmoid", first=self.name(0), second=self.name(1))

    def is_power(self, unit):
        """Does the power stand in the upper part of this class's fraction? Else 1 does."""
        return (unit == 1) == self.scene.facts["flipped"]

    def formula(self, unit):
        return "p" if unit else f"1 {MINUS} p"

    def power_sign(self):
        """Between the power of the exponent as it is seen and the exact one."""
        return self.relation(exp(self.seen(self.exponent)), self.exponential)

    # Drawing

    def html(self):
        words, facts = self.words, self.scene.facts
        rows = "".join(self._row(unit) for unit in (0, 1))
        heads = [words("softmax.class"), words("sigmoid.share"), ""]
        note = words("sigmoid.flipped") if facts["flipped"] else words("sigmoid.note")
        return (
            f'<div class="softmax sigmoid"><div class="division">{self._graph()}</div>'
            '<div class="division"><div class="list"><table><thead><tr>'
            + "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
            + f"</tr></thead><tbody>{rows}</tbody><tfoot>{self._sum()}</tfoot></table></div>"
            f'<h3 class="chosen"></h3>{self._steps()}{self._quotient()}<p>{escape(note)}</p></div></div>'
        )

    def _row(self, unit):
        return (
            f'<tr data-cursor-y="{unit}"><th scope="row">{escape(self.name(unit))}</th>'
            f"<td>{self.formula(unit)}</td>"
            f'<td class="probability"><span class="relation">=</span> {self.figure(self.probabilities[unit])}'
            '<span class="bar"><i></i></span></td></tr>'
        )

    def _sum(self):
        total = sum(self.probabilities)
        sign = self.relation(sum(self.seen(one) for one in self.probabilities), total)
        return (
            f'<tr><th scope="row">{escape(self.words("softmax.sum"))}</th><td></td>'
            f'<td><span class="relation">{sign}</span> {self.figure(total)}</td></tr>'
        )

    def _steps(self):
        """The logit, with the way to how it comes about, and its power."""
        return (
            f'<p class="shifted">z = {self.figure(self.logit)} {self.way(self.scene.unit, self.name(1))}</p>'
            f'<p class="shifted">{self.power} = exp({self.figure(self.exponent)})'
            f' <span class="relation">{self.power_sign()}</span> {self.figure(self.exponential)}</p>'
        )

    def _quotient(self):
        """The class's fraction in words of exp, in numbers, and divided."""
        return (
            '<p class="quotient"><span data-part="formula"></span> = <span class="fraction">'
            f'<span data-part="upper"></span><span>1 + {self.power}</span></span>'
            f' <span class="relation">{self._total_sign()}</span> <span class="fraction">'
            f'<span class="figure" data-part="divided"></span>{self.figure(self.total)}</span>'
            ' <span class="relation" data-part="sign"></span>'
            ' <span class="figure result" data-part="probability"></span></p>'
        )

    def _total_sign(self):
        return self.relation(1 + self.seen(self.exponential), self.total)

    def _graph(self):
        """HTML of the function's graph: z from -reach to reach, p from 0 to 1."""
        words, half = self.words, (GROUND + TOP) / 2
        curve = "L".join(self._at(self.reach * (2 * step / POINTS - 1)) for step in range(POINTS + 1))
        across, up = self._at(self.logit).split(",")
        ticks = f"M{LEFT} {GROUND - 4}v8M{RIGHT} {GROUND - 4}v8M{MIDDLE - 4} {half}h8M{MIDDLE - 4} {TOP}h8"
        return (
            f'<svg class="graph" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
            f' aria-label="{escape(words("sigmoid.graph"))}">'
            f'<path class="axis" d="M{LEFT - 10} {GROUND}H{RIGHT + 10}M{MIDDLE} {GROUND + 8}V{TOP - 10}'
            f'{ticks}"/>'
            f'<path class="curve" d="M{curve}"/>'
            f'<path class="guide" d="M{across} {GROUND}V{up}H{MIDDLE}"/>'
            f'<circle class="point" r="5" cx="{across}" cy="{up}"/>'
            + self._tick(LEFT - 10, GROUND + 20, "start", self.figure_text(-self.reach))
            + self._tick(MIDDLE, GROUND + 20, "middle", "0")
            + self._tick(RIGHT + 10, GROUND + 20, "end", self.figure_text(self.reach))
            + self._tick(MIDDLE - 8, half + 4, "end", self.figure_text(0.5))
            + self._tick(MIDDLE - 8, TOP + 4, "end", "1")
            + f'<text class="title" x="{RIGHT + 10}" y="{HEIGHT - 6}" text-anchor="end">'
            f"{escape(words('sigmoid.across'))}</text>"
            f'<text class="title" x="{MIDDLE + 8}" y="{TOP - 12}">{escape(words("sigmoid.up"))}</text></svg>'
        )

    def figure_text(self, value):
        """A number on an axis, as short as it can be."""
        return trimmed(value, self.scene.decimals)

    def _tick(self, x, y, anchor, text):
        return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'

    def _at(self, logit):
        """The curve's point for a logit, as SVG has it."""
        power = exp(-abs(logit))
        share = (1 if logit >= 0 else power) / (1 + power)
        across = MIDDLE + logit / self.reach * (RIGHT - MIDDLE)
        return f"{across:.1f},{GROUND - share * (GROUND - TOP):.1f}"

    def fill(self, body):
        self._name = body.querySelector(".chosen")
        self._parts = {part.getAttribute("data-part"): part for part in body.querySelectorAll("[data-part]")}
        self._rows = list(body.querySelectorAll(".list tbody tr"))
        for row, probability in zip(self._rows, self.probabilities):
            row.querySelector(".bar i").style.width = f"{100 * probability:.3f}%"

    # The cursor

    def move(self, y, _x):
        for unit, row in enumerate(self._rows):
            if unit == y:
                row.setAttribute("data-chosen", "true")
            else:
                row.removeAttribute("data-chosen")
        parts, probability = self._parts, self.probabilities[y]
        self._name.textContent = self.name(y)
        parts["formula"].textContent = self.formula(y)
        parts["upper"].textContent = self.power if self.is_power(y) else "1"
        if self.is_power(y):
            self.write(parts["divided"], self.exponential)
        else:
            parts["divided"].textContent = "1"
            parts["divided"].removeAttribute("data-value")
        self.write(parts["probability"], probability)
        parts["sign"].textContent = self._quotient_sign(y)

    def _quotient_sign(self, unit):
        upper = self.exponential if self.is_power(unit) else 1
        return self.quotient_sign(upper, self.total, self.probabilities[unit])

    def numbers(self, y, _x):
        decimals = self.scene.decimals
        exponent, power, total, probability = [
            rounded(one, decimals)
            for one in (self.exponent, self.exponential, self.total, self.probabilities[y])
        ]
        upper = power if self.is_power(y) else "1"
        return [
            f"exp({exponent}) {self.power_sign()} {power}",
            f"{self.formula(y)} = {upper} / {total} {self._quotient_sign(y)} {probability}",
        ]
