"""The classes with their probabilities."""

from ui.dom import by_id, escape
from ui.figures import fragment_name, percent


class ClassList:
    """One button for each class; `column` is the network's last, `names` its classes in order."""

    def __init__(self, column, names):
        self._column = column
        self._list = by_id("classes")
        self._list.innerHTML = "".join(self._row(unit, name) for unit, name in enumerate(names))
        self.buttons = list(self._list.querySelectorAll("button"))
        self._bars = list(self._list.querySelectorAll(".bar > span"))
        self._percents = list(self._list.querySelectorAll(".percent"))
        by_id("classes-name").textContent = column.name
        by_id("classes-shape").textContent = str(column.units)

    def show(self, probabilities):
        """Write the probabilities and mark the most probable class."""
        best = max(range(len(probabilities)), key=lambda unit: probabilities[unit])
        for unit, probability in enumerate(probabilities):
            button = self.buttons[unit]
            exact = f"{probability:.6f}"
            button.setAttribute("data-probability", exact)
            button.setAttribute("data-best", "true" if unit == best else "false")
            self._percents[unit].textContent = percent(probability)
            self._bars[unit].style.transform = "scaleX(" + exact + ")"

    def _row(self, unit, name):
        return (
            f'<li><button type="button" class="class" tabindex="-1" data-layer="{escape(self._column.name)}"'
            f' data-unit="{unit}" data-class="{escape(fragment_name(name))}">'
            f'<span class="class-name">{escape(name)}</span><span class="percent"></span>'
            '<span class="bar"><span></span></span></button></li>'
        )
