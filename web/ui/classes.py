"""The classes with their probabilities."""

from ui.figures import percent


class ClassList:
    """`buttons`: one for each class, which the build wrote into the page."""

    def __init__(self, buttons):
        self._rows = [
            (button, button.querySelector(".bar > span"), button.querySelector(".percent"))
            for button in buttons
        ]

    def show(self, probabilities):
        """Write the probabilities and mark the most probable class."""
        best = max(range(len(probabilities)), key=lambda unit: probabilities[unit])
        for unit, probability in enumerate(probabilities):
            button, bar, share = self._rows[unit]
            exact = f"{probability:.6f}"
            button.setAttribute("data-probability", exact)
            button.setAttribute("data-best", "true" if unit == best else "false")
            share.textContent = percent(probability)
            bar.style.transform = "scaleX(" + exact + ")"
