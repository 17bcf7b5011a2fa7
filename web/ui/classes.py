"""The classes with their probabilities."""

from ui.dom import by_id
from ui.figures import percent


class ClassList:
    """One button for each class, which the build wrote into the page."""

    def __init__(self):
        rows = by_id("classes")
        self._buttons = list(rows.querySelectorAll("button"))
        self._bars = list(rows.querySelectorAll(".bar > span"))
        self._percents = list(rows.querySelectorAll(".percent"))

    def show(self, probabilities):
        """Write the probabilities and mark the most probable class."""
        best = max(range(len(probabilities)), key=lambda unit: probabilities[unit])
        for unit, probability in enumerate(probabilities):
            button = self._buttons[unit]
            exact = f"{probability:.6f}"
            button.setAttribute("data-probability", exact)
            button.setAttribute("data-best", "true" if unit == best else "false")
            self._percents[unit].textContent = percent(probability)
            self._bars[unit].style.transform = "scaleX(" + exact + ")"
