"""The arithmetic of the window, and the formula of the output's size, with all their numbers."""

from ui.dom import by_id
from ui.figures import TIMES, relation, shown_number, sign_between, trimmed
from ui.playground.sizes import RANGES

DECIMALS = 4
UNKNOWN = "…"


class Arithmetic:
    """Value × weight + ... = product + ... = result, for the window where the cursor is."""

    def __init__(self):
        self._factors, self._sum = by_id("try-factors"), by_id("try-sum")

    def prepare(self, count):
        """Make room for the terms of a window of `count` cells."""
        factors = (
            f'<span class="try-term"><span class="figure"></span> {TIMES} <span class="figure"></span></span>'
        )
        product = '<span class="try-term"><span class="figure"></span></span>'
        self._factors.innerHTML = " + ".join([factors] * count)
        self._sum.innerHTML = (
            '<span class="relation"></span> '
            + " + ".join([product] * count)
            + ' <span class="relation"></span> <span class="figure result"></span>'
        )
        self._values = [list(term.children) for term in self._factors.children]
        self._products = [term.firstChild for term in self._sum.querySelectorAll(".try-term")]
        self._relations = list(self._sum.querySelectorAll(".relation"))
        self._result = self._sum.querySelector(".result")

    def show(self, values, weights, products, result):
        """`products` and `result` are None while the engine has not computed them."""
        exact, added = True, 0
        for cell, (value, weight) in enumerate(zip(values, weights)):
            seen = write(self._values[cell][0], value) * write(self._values[cell][1], weight)
            product = products[cell] if products else None
            shown = write(self._products[cell], product)
            if products:
                exact = exact and relation(seen, product, DECIMALS) == "="
                added += shown
        whole = relation(added, result, DECIMALS) if products else "="
        self._relations[0].textContent = sign_between(exact)
        self._relations[1].textContent = whole
        write(self._result, result, brackets=False)

    def text(self):
        """What is written there, in one line."""
        return f"{self._factors.textContent} {self._sum.textContent}"


def write(element, value, brackets=True):
    """Write a number, a negative one in brackets; gives the number that a visitor reads there."""
    if value is None:
        element.textContent = UNKNOWN
        element.removeAttribute("data-value")
        return 0
    text = trimmed(value, DECIMALS)
    shown = shown_number(text)
    element.textContent = f"({text})" if brackets and shown < 0 else text
    element.setAttribute("data-value", str(value))
    return shown


def show_formula(formula, setting):
    """Fill the numbers of a possible setting into the formula's element."""
    numbers = {name: getattr(setting, name) for name, _, _ in RANGES}
    numbers["output"] = setting.places
    for place in formula.querySelectorAll("[data-is]"):
        place.textContent = str(numbers[place.getAttribute("data-is")])
