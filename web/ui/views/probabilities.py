"""What the views of probabilities share, of softmax and of sigmoid."""

from ui.cursor import Grid
from ui.figures import sign_between
from ui.views.view import View
from ui.words import escape


class ProbabilitiesView(View):
    """A row for each class; the cursor's y is the class."""

    article = "softmax"  # the section on what makes probabilities of logits

    def __init__(self, scene):
        super().__init__(scene)
        self.grid = Grid(scene.column.units, 1)
        self.start = (scene.unit, 0)

    def title(self):
        name = self.name(self.scene.unit)
        return self.words("view.softmax.title", layer=self.scene.layer, name=name)

    def name(self, unit):
        return self.scene.name(self.scene.layer, unit)

    def place_name(self, y, _x):
        return self.name(y)

    def way(self, unit, name):
        """HTML of the way to the logit, called that of `name`; "" where no dense layer makes it."""
        if "logits" not in self.scene.facts:
            return ""
        label = escape(self.words("softmax.way", name=name))
        return (
            f'<button type="button" class="to left" data-to-layer="{escape(self.scene.layer)}"'
            f' data-to-unit="{unit}" aria-label="{label}" title="{label}"></button>'
        )

    def quotient_sign(self, part, whole, quotient):
        """= or \u2248, between a division of numbers as they are seen and its exact result."""
        divisor = self.seen(whole)
        return self.relation(self.seen(part) / divisor, quotient) if divisor else sign_between(False)
