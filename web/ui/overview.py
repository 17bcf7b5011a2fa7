"""The network: one button with a heat map for each unit, and the connections between them."""

from pyscript import window
from pyscript.ffi import to_js

from ui import connections
from ui.dom import by_id, escape, put_pixels
from ui.figures import shape


class Overview:
    """Draws the columns of a network on the stage, all but the classes, whose buttons it is given."""

    def __init__(self, columns, class_buttons, words):
        self.columns = columns
        self._layout = None
        self._network = by_id("network")
        self._stage = by_id("stage")
        self._picture = by_id("picture")
        self._svg = by_id("connections")
        self._mesh = by_id("mesh")
        self._active = by_id("active-connections")
        by_id("heads").innerHTML = "".join(self._head(column) for column in columns[:-1])
        by_id("units").innerHTML = "".join(self._group(column, words) for column in columns[:-1])
        self._heads = list(by_id("heads").children)
        self._groups = list(by_id("units").children)
        self.buttons = {}
        for column, group in zip(columns, self._groups):
            for unit, button in enumerate(group.children):
                self.buttons[(column.name, unit)] = button
        self.canvases = {key: button.firstChild for key, button in self.buttons.items()}
        for unit, button in enumerate(class_buttons):
            self.buttons[(columns[-1].name, unit)] = button
        self._brought_out = []
        self.rove(columns[0].name, 0)
        self.rove(columns[-1].name, 0)

    def place(self, layout, beside):
        """Move everything to where the layout says and draw the connections anew."""
        self._layout = layout
        self._stage.style.cssText = f"width:{layout.width}px;height:{layout.height}px"
        self._svg.setAttribute("viewBox", f"0 0 {layout.width} {layout.height}")
        for column, head, group in zip(self.columns, self._heads, self._groups):
            room = layout.heads[column.name]
            head.style.cssText = f"left:{room.x}px;width:{room.width}px"
            for unit in range(column.units):
                box = layout.boxes[(column.name, unit)]
                self.buttons[
                    (column.name, unit)
                ].style.cssText = f"left:{box.x}px;top:{box.y}px;width:{box.width}px;height:{box.height}px"
            # Where a map has more pixels than the screen gives it, some would be left out if none were mixed.
            shrunk = column.shape[-1] > box.width * window.devicePixelRatio
            group.setAttribute("data-shrunk", "true" if shrunk else "false")
        self._first = 0 if beside else 1
        self._last = len(self.columns) - (0 if beside else 1)
        paths = [connections.from_picture(self.columns, layout)] if beside else []
        paths += [connections.into_column(self.columns, layout, index) for index in range(1, self._last)]
        self._mesh.setAttribute("d", "".join(paths))
        self.quiet()

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
                connections.into_unit(self.columns, self._layout, index, unit)
                if index
                else connections.into_channel(self.columns, self._layout, unit)
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

    def _head(self, column):
        name, sizes = escape(column.name), shape(column.shape)
        return (
            f'<div class="head" title="{name}"><span class="name">{name}</span>'
            f'<span class="shape">{sizes}</span></div>'
        )

    def _group(self, column, words):
        label = escape(words("network.column", layer=column.name, shape=shape(column.shape)))
        units = "".join(self._unit(column, unit) for unit in range(column.units))
        return f'<div role="group" aria-label="{label}">{units}</div>'

    def _unit(self, column, unit):
        return (
            f'<button type="button" class="unit" tabindex="-1" data-layer="{escape(column.name)}"'
            f' data-unit="{unit}"><canvas></canvas></button>'
        )
