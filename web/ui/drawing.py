"""Draws what the engine makes of a picture: every map, the classes, the legends, and what is told of them."""

from pyscript import window
from pyscript.ffi import create_proxy

from ui.classes import ClassList
from ui.columns import find
from ui.dom import by_id, put_pixels
from ui.figures import number
from ui.overview import Overview
from ui.pointing import Pointing
from ui.telling import Telling
from ui.unit_facts import class_names, unit_label

ABOVE = "(max-width: 759px)"  # there the style sheet puts picture and classes above the network


class Drawing:
    """The first screen's network. `shown` says what is drawn; `on_open(layer, unit)` when a unit is opened.

    `truth(picture)` gives the class that a picture shows, or None.
    """

    def __init__(self, words, network, columns, shown, legends, truth, on_open):
        self._words = words
        self._columns = columns
        self._class_names = class_names(network, words)
        self._shown = shown
        self._truth = truth
        self._legends = legends
        self.overview = Overview(columns)
        self._classes = ClassList(self.overview.buttons_of(columns[-1]))
        self._telling = Telling(words, network, columns)
        self._pointing = Pointing(self.overview, self._bring_out, on_open)
        self._placed_in = None  # the room that the units were placed in; None while a view hides them
        self.place()
        window.ResizeObserver.new(create_proxy(self.resized)).observe(by_id("stage"))

    def draw(self, label, colours):
        """Draw the picture that is shown; `label` names it, `colours` is the RGBA of all maps."""
        facts = self._shown.facts
        place = facts["picture"]
        put_pixels(by_id("picture"), colours, place["offset"], place["width"], place["height"])
        self.recolour(colours)
        self._classes.show(facts["probabilities"])
        self.tell(label)
        forward = by_id("forward")
        forward.setAttribute("data-value", str(facts["forward_ms"]))
        forward.textContent = self._words("forward", ms=number(facts["forward_ms"], 1))

    def tell(self, label):
        """Tell those who do not see it what the picture is and what the network makes of it."""
        self._telling.result(label, self._shown.facts["probabilities"])

    def recolour(self, colours):
        """Paint every map anew, and the legends of its scales."""
        self.overview.paint(self._shown.facts["places"], colours)
        self._legends.show(self._shown.facts["scales"], self.overview.boxes)

    def label_units(self):
        """Name every unit, with its range of values."""
        for column in self._columns:
            for unit in range(column.units):
                label = unit_label(column, unit, self._class_names, self._words, self._shown.facts)
                self.overview.buttons[(column.name, unit)].setAttribute("aria-label", label)
        self._pointing.bring_out()

    # Where the units stand

    def resized(self, *_):
        if not by_id("network").hidden and self._room() != self._placed_in:
            self.place()

    def place(self):
        """Draw what follows the places of the units; while a view hides them, that waits."""
        if by_id("network").hidden:
            self._placed_in = None
            return
        self._placed_in = self._room()
        self.overview.place(beside=self._placed_in[-1])
        self._legends.show(self._shown.facts["scales"], self.overview.boxes)
        self._pointing.bring_out()

    def _room(self):
        """Width and height of the stage in pixels, and whether picture and classes stand beside it."""
        stage = by_id("stage")
        return stage.offsetWidth, stage.offsetHeight, not window.matchMedia(ABOVE).matches

    # While a view has the network's place

    def hide(self):
        by_id("network").hidden = by_id("about").hidden = True
        self._pointing.forget()

    def show(self, layer, unit):
        """Show the network again, the focus on the unit whose view was open."""
        by_id("network").hidden = by_id("about").hidden = False
        self.resized()
        self.overview.focus(layer, unit)

    def _bring_out(self, unit):
        """Bring out a unit, (layer, unit), with what there is to say of it; or show all alike for None."""
        if unit is None:
            self.overview.quiet()
            self._telling.nothing(self._shown.facts["probabilities"], self._truth(self._shown.picture))
        else:
            self.overview.bring_out(*unit)
            label = self.overview.buttons[unit].getAttribute("aria-label")
            self._telling.unit(find(self._columns, unit[0]), unit[1], label)
