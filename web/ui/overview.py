"""The network: a heat map on the button of each unit, and the connections between them."""

from pyscript import window
from pyscript.ffi import to_js

from ui import connections
from ui.columns import CLASSES
from ui.dom import by_id, put_pixels


class Overview:
    """Draws on the units' buttons, which the build wrote into the page column by column, the classes last."""

    def __init__(self, columns):
        self.columns = columns
        self.boxes = {}
        self._network = by_id("network")
        self._stage = by_id("stage")
        self._picture = by_id("picture")
        self._mesh = by_id("mesh")
        self._active = by_id("active-connections")
        self.buttons = self._find_buttons()
        self.canvases = {
            (column.name, unit): self.buttons[(column.name, unit)].querySelector("canvas")
            for column in columns[:-1]
            for unit in range(column.units)
        }
        self._brought_out = []

    def _find_buttons(self):
        """The button of each (layer, unit), by what it says of itself; ValueError unless each has one."""
        buttons = list(self._network.querySelectorAll("[data-unit]"))
        found = {(button.dataset.layer, int(button.dataset.unit)): button for button in buttons}
        wanted = {(column.name, unit) for column in self.columns for unit in range(column.units)}
        there = len(wanted & set(found))
        if not len(buttons) == len(wanted) == there:
            raise ValueError(
                f"the page was not built for its network: of {len(wanted)} units {len(wanted) - there} have"
                f" no button, and {len(buttons) - there} buttons have no unit"
            )
        return found

    def buttons_of(self, column):
        """A column's buttons, in the order of its units."""
        return [self.buttons[(column.name, unit)] for unit in range(column.units)]

    def place(self, beside):
        """Measure where everything stands, and draw the connections anew.

        `beside`: picture and classes stand beside the stage and are joined to it by connections.
        """
        self.boxes = self._measure()
        for column in self.columns[:-1]:
            # Where a map has more pixels than the screen gives it, some would be left out if none were mixed.
            width = self.boxes[(column.name, 0)].width
            shrunk = column.shape[-1] > width * window.devicePixelRatio
            group = self.buttons[(column.name, 0)].closest(".column")
            group.setAttribute("data-shrunk", "true" if shrunk else "false")
        self._first = 0 if beside else 1
        self._last = len(self.columns) - (0 if beside else 1)
        paths = [connections.from_picture(self.columns, self.boxes)] if beside else []
        paths += [connections.into_column(self.columns, self.boxes, index) for index in range(1, self._last)]
        self._mesh.setAttribute("d", "".join(paths))
        self.quiet()

    def _measure(self):
        """The boxes of all units. A column's first and last tell of those between them."""
        stage = self._stage.getBoundingClientRect()
        boxes = {}
        for column in self.columns:
            first = self.buttons[(column.name, 0)].getBoundingClientRect()
            last = self.buttons[(column.name, column.units - 1)].getBoundingClientRect()
            pitch = (last.top - first.top) / max(column.units - 1, 1)
            # The classes may stand beside a stage that scrolls: connections to them end at its right edge.
            left = first.left - stage.left if column.form != CLASSES else stage.width
            for unit in range(column.units):
                top = first.top - stage.top + pitch * unit
                boxes[(column.name, unit)] = connections.Box(left, top, first.width, first.height)
        return boxes

    def paint(self, places, rgba):
        """Fill every map; `places` says where it stands in the ArrayBuffer `rgba`."""
        for column in self.columns[:-1]:
            place = places[column.name]
            width, height = place["width"], place["height"]
            for unit in range(column.units):
                offset = place["offset"] + unit * width * height * 4
                put_pixels(self.canvases[(column.name, unit)], rgba, offset, width, height)

    def bring_out(self, layer, unit):
        """Show a unit's incoming connections and their sources, and quiet the rest."""
        self.quiet()
        index = [column.name for column in self.columns].index(layer)
        column = self.columns[index]
        if index:
            before = self.columns[index - 1]
            sources = [self.buttons[(before.name, source)] for source in column.sources(unit, before)]
        else:
            sources = [self._picture]
        self._brought_out = [self.buttons[(layer, unit)]] + sources
        for role, element in zip(["target"] + ["source"] * len(sources), self._brought_out):
            element.setAttribute("data-role", role)
        if self._first <= index < self._last:
            path = (
                connections.into_unit(self.columns, self.boxes, index, unit)
                if index
                else connections.into_channel(self.columns, self.boxes, unit)
            )
            self._active.setAttribute("d", path)
        self._network.setAttribute("data-pointing", "true")

    def quiet(self):
        """Show all units alike again."""
        for button in self._brought_out:
            button.removeAttribute("data-role")
        self._brought_out = []
        self._active.setAttribute("d", "")
        self._network.removeAttribute("data-pointing")

    def rove(self, layer, unit):
        """Make this unit the one that Tab reaches: among the classes, or among all others."""
        region = "#classes" if layer == self.columns[-1].name else "#units"
        for button in self._network.querySelectorAll(region + " button[tabindex='0']"):
            button.tabIndex = -1
        self.buttons[(layer, unit)].tabIndex = 0

    def focus(self, layer, unit):
        button = self.buttons[(layer, unit)]
        button.focus()
        button.scrollIntoView(to_js({"block": "nearest", "inline": "nearest"}))
