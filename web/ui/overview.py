"""The network: one button with a heat map for each unit, and the connections between them."""

from ui import connections
from ui.columns import MAPS
from ui.dom import by_id, escape, put_pixels
from ui.figures import shape


class Overview:
    """Draws the columns of a network on the stage, all but the classes, whose buttons it is given."""

    def __init__(self, columns, class_buttons):
        self.columns = columns
        self._layout = None
        self._network = by_id("network")
        self._stage = by_id("stage")
        self._mesh = by_id("mesh")
        self._active = by_id("active-connections")
        self._svg = by_id("connections")
        by_id("heads").innerHTML = "".join(self._head(column) for column in columns[:-1])
        by_id("units").innerHTML = "".join(
            self._unit(column, unit) for column in columns[:-1] for unit in range(column.units)
        )
        keys = [(column.name, unit) for column in columns[:-1] for unit in range(column.units)]
        self.buttons = dict(zip(keys, list(by_id("units").children)))
        self._canvases = {key: button.firstChild for key, button in self.buttons.items()}
        for unit, button in enumerate(class_buttons):
            self.buttons[(columns[-1].name, unit)] = button
        self._heads = list(by_id("heads").children)
        self._brought_out = []

    def place(self, layout, beside):
        """Move everything to where the layout says and draw the connections anew."""
        self._layout = layout
        self._stage.style.cssText = f"width:{layout.width}px;height:{layout.height}px"
        self._svg.setAttribute("viewBox", f"0 0 {layout.width} {layout.height}")
        for column in self.columns[:-1]:
            for unit in range(column.units):
                box = layout.boxes[(column.name, unit)]
                self.buttons[
                    (column.name, unit)
                ].style.cssText = (
                    f"left:{box.x:.0f}px;top:{box.y:.0f}px;width:{box.width:.0f}px;height:{box.height:.0f}px"
                )
        for element, column in zip(self._heads, self.columns):
            box = layout.heads[column.name]
            element.style.cssText = f"left:{box.x:.1f}px;width:{box.width:.1f}px"
        last = len(self.columns) if beside else len(self.columns) - 1
        paths = [connections.from_picture(self.columns, layout)] if beside else []
        paths += [connections.into_column(self.columns, layout, index) for index in range(1, last)]
        self._mesh.setAttribute("d", "".join(paths))
        self._reach = last
        self.quiet()

    def paint(self, places, rgba):
        """Fill every map; `places` says where it stands in the ArrayBuffer `rgba`."""
        for column in self.columns[:-1]:
            place = places[column.name]
            width, height = place["width"], place["height"]
            for unit in range(column.units):
                offset = place["offset"] + unit * width * height * 4
                put_pixels(self._canvases[(column.name, unit)], rgba, offset, width, height)

    def bring_out(self, layer, unit):
        """Show a unit's incoming connections and their sources, and quiet the rest."""
        self.quiet()
        index = [column.name for column in self.columns].index(layer)
        column = self.columns[index]
        before = self.columns[index - 1] if index else None
        self._brought_out = [self.buttons[(layer, unit)]]
        self._brought_out += [self.buttons[(before.name, source)] for source in column.sources(unit, before)]
        for role, button in zip(["target"] + ["source"] * len(self._brought_out), self._brought_out):
            button.setAttribute("data-role", role)
        if 0 < index < self._reach:
            self._active.setAttribute("d", connections.into_unit(self.columns, self._layout, index, unit))
        self._network.setAttribute("data-pointing", "true")

    def quiet(self):
        """Show all units alike again."""
        for button in self._brought_out:
            button.removeAttribute("data-role")
        self._brought_out = []
        self._active.setAttribute("d", "")
        self._network.removeAttribute("data-pointing")

    def rove(self, layer, unit):
        """Make this unit the one that Tab reaches."""
        for button in self._network.querySelectorAll("button[data-unit][tabindex='0']"):
            button.tabIndex = -1
        self.buttons[(layer, unit)].tabIndex = 0

    def focus(self, layer, unit):
        self.buttons[(layer, unit)].focus()

    def keep(self, before, unit):
        """Mark `unit`, a (layer, unit) or None, as the one that is kept, instead of `before`."""
        if before:
            self.buttons[before].removeAttribute("aria-current")
        if unit:
            self.buttons[unit].setAttribute("aria-current", "true")

    def _head(self, column):
        name, sizes = escape(column.name), shape(column.shape)
        return f'<div class="head"><span class="name">{name}</span><span class="shape">{sizes}</span></div>'

    def _unit(self, column, unit):
        form = "map" if column.form == MAPS else "strip"
        return (
            f'<button type="button" class="unit {form}" tabindex="-1" data-layer="{escape(column.name)}"'
            f' data-unit="{unit}"><canvas></canvas></button>'
        )
