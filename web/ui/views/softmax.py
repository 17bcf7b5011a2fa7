"""A class's probability: its logit's exponential, as a share of the sum over all classes."""

from math import exp

from ui.dom import keep_in_sight
from ui.figures import MINUS, rounded
from ui.views.probabilities import ProbabilitiesView
from ui.words import escape

EDGE = 34  # pixels at the list's upper and lower edge that its heads and sums lie over


class SoftmaxView(ProbabilitiesView):
    """A row for each class, and the division for the one at the cursor, whose y is the class.

    What is exponentiated are the logits as they are, or where that would leave float32's range, the
    logits less the largest one (`subtracted` is 0 or that one).
    """

    def __init__(self, scene):
        super().__init__(scene)
        facts, arrays = scene.facts, scene.arrays
        units = range(self.grid.count)
        self.logits, self.exponentials, self.shifted, self.probabilities = [
            [arrays[name][unit] for unit in units]
            for name in ("logits", "exponentials", "shifted", "probabilities")
        ]
        self.exponents = [logit - facts["subtracted"] for logit in self.logits]
        self.limit = max(abs(logit) for logit in self.logits)

    def sentence(self):
        return self.words("view.softmax", count=self.grid.count)

    def legends(self):
        return [(self.words("softmax.logits"), self.own_scale(self.limit))]

    # Drawing

    def html(self):
        units = range(self.grid.count)
        rows = "".join(self._row(unit) for unit in units)
        shares = "".join(f'<i data-cursor-y="{unit}"></i>' for unit in units)
        return (
            f'<div class="softmax"><div class="list"><table><thead>{self._heads()}</thead>'
            f"<tbody>{rows}</tbody><tfoot>{self._sums()}</tfoot></table></div>"
            f'<div class="division"><h3 class="chosen"></h3>{self._division()}'
            f"<figure><figcaption>{escape(self.words('softmax.shares'))}</figcaption>"
            f'<div class="stack">{shares}</div></figure>'
            f"<p>{escape(self._reason())}</p>{self._shifted()}</div></div>"
        )

    def _heads(self):
        words = self.words
        z = words("softmax.z")
        exponent = words("softmax.less_largest") if self.scene.facts["subtracted"] else z
        heads = [
            words("softmax.class"),
            words("softmax.logit.z"),
            f"exp({exponent})",
            words("softmax.share"),
        ]
        return "<tr>" + "".join(f'<th scope="col">{escape(head)}</th>' for head in heads) + "</tr>"

    def _row(self, unit):
        exponential, probability = self.exponentials[unit], self.probabilities[unit]
        sign = self.relation(exp(self.seen(self.exponents[unit])), exponential)
        share_sign = self.quotient_sign(exponential, self.scene.facts["total"], probability)
        return (
            f'<tr data-cursor-y="{unit}"><th scope="row">{escape(self.name(unit))}</th>'
            f'<td class="logit"><span class="bar"><i></i></span>{self.figure(self.logits[unit])}'
            f"{self.way(unit, self.name(unit))}</td>"
            f'<td><span class="relation">{sign}</span> {self.figure(exponential)}</td>'
            f'<td class="probability"><span class="relation">{share_sign}</span> {self.figure(probability)}'
            '<span class="bar"><i></i></span></td></tr>'
        )

    def _sums(self):
        """The sum of the exponentials, and that of the probabilities, which is 1."""
        cells = ""
        for values, total in (
            (self.exponentials, self.scene.facts["total"]),
            (self.probabilities, sum(self.probabilities)),
        ):
            sign = self.relation(sum(self.seen(value) for value in values), total)
            cells += f'<td><span class="relation">{sign}</span> {self.figure(total)}</td>'
        return f'<tr><th scope="row">{escape(self.words("softmax.sum"))}</th><td></td>{cells}</tr>'

    def _division(self):
        """exp(z) of the class at the cursor over the sum of all, in words of exp and in numbers."""
        terms = " + ".join(
            f'<span class="power" data-cursor-y="{unit}">exp({self.figure(exponent)})</span>'
            for unit, exponent in enumerate(self.exponents)
        )
        return (
            '<p class="quotient"><span class="fraction">'
            '<span>exp(<span class="figure" data-part="exponent"></span>)</span>'
            f'<span class="denominator">{terms}</span></span> <span class="relation" data-part="sign"></span>'
            ' <span class="fraction"><span class="figure" data-part="exponential"></span>'
            f"{self.figure(self.scene.facts['total'])}</span>"
            ' <span class="relation" data-part="quotient-sign"></span>'
            ' <span class="figure result" data-part="probability"></span></p>'
        )

    def _reason(self):
        """Why subtracting the largest logit changes nothing, and whether it had to be done."""
        name = self.name(self.logits.index(self.scene.facts["largest"]))
        if self.scene.facts["subtracted"]:
            return self.words("softmax.shift.needed", name=name)
        return self.words("softmax.shift", name=name)

    def _shifted(self):
        """The same division with the largest logit subtracted, in real numbers."""
        facts = self.scene.facts
        total = self.figure(facts["shifted_total"])
        return (
            f'<p class="shifted">exp(<span class="figure" data-part="logit"></span> {MINUS}'
            f" {self.figure(facts['largest'])}) / {total}"
            ' <span class="relation" data-part="shifted-sign"></span>'
            f' <span class="figure" data-part="shifted"></span> / {total}'
            ' <span class="relation" data-part="shifted-quotient-sign"></span>'
            ' <span class="figure" data-part="shifted-probability"></span></p>'
        )

    def fill(self, body):
        self._list = body.querySelector(".list")
        self._name = body.querySelector(".chosen")
        self._parts = {part.getAttribute("data-part"): part for part in body.querySelectorAll("[data-part]")}
        self._alike = [
            list(body.querySelectorAll(kind))
            for kind in (".list tbody tr", ".denominator .power", ".stack i")
        ]
        self._marked = None  # the class that is brought out
        shown = sum(exp(self.seen(exponent)) for exponent in self.exponents)
        self._total_sign = self.relation(shown, self.scene.facts["total"])
        low, high = min(self.logits + [0]), max(self.logits + [0])
        width = (high - low) or 1
        ramp = self.scene.ramps["diverging"]
        for unit, (row, share) in enumerate(zip(self._alike[0], self._alike[2])):
            logit, probability = self.logits[unit], self.probabilities[unit]
            left, right = min(logit, 0) - low, max(logit, 0) - low
            bars = row.querySelectorAll(".bar i")
            bars[0].style.cssText = (
                ramp.style(logit, self.limit)
                + f";left:{100 * left / width:.2f}%;width:{100 * (right - left) / width:.2f}%"
            )
            bars[1].style.width = f"{100 * probability:.3f}%"
            share.style.flexGrow = str(probability)

    # The cursor

    def move(self, y, _x):
        self._bring_out(y)
        facts, write = self.scene.facts, self._write
        logit, exponential, probability = self.logits[y], self.exponentials[y], self.probabilities[y]
        self._name.textContent = self.name(y)
        write("exponent", self.exponents[y])
        write("exponential", exponential)
        write("probability", probability)
        sign = self.relation(exp(self.seen(self.exponents[y])), exponential)
        self._sign("sign", self._total_sign if sign == "=" else sign)
        self._sign("quotient-sign", self.quotient_sign(exponential, facts["total"], probability))
        shifted = self.shifted[y]
        write("logit", logit)
        write("shifted", shifted)
        write("shifted-probability", probability)
        self._sign(
            "shifted-sign", self.relation(exp(self.seen(logit) - self.seen(facts["largest"])), shifted)
        )
        self._sign("shifted-quotient-sign", self.quotient_sign(shifted, facts["shifted_total"], probability))

    def _write(self, part, value):
        self.write(self._parts[part], value)

    def _sign(self, part, sign):
        self._parts[part].textContent = sign

    def _bring_out(self, unit):
        """Mark everything that stands for this class, and only that."""
        if unit == self._marked:
            return
        for elements in self._alike:
            if self._marked is not None:
                elements[self._marked].removeAttribute("data-chosen")
            elements[unit].setAttribute("data-chosen", "true")
        self._marked = unit
        keep_in_sight(self._list, self._alike[0][unit], EDGE)

    def numbers(self, y, _x):
        decimals, total = self.scene.decimals, self.scene.facts["total"]
        exponent, exponential, probability = self.exponents[y], self.exponentials[y], self.probabilities[y]
        sign = self.relation(exp(self.seen(exponent)), exponential)
        share_sign = self.quotient_sign(exponential, total, probability)
        exponent, exponential, total, probability = [
            rounded(number, decimals) for number in (exponent, exponential, total, probability)
        ]
        return [
            f"exp({exponent}) {sign} {exponential}",
            f"{exponential} / {total} {share_sign} {probability}",
        ]
