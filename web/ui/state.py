"""What the visitor has chosen, and how the fragment of the address says it. Pure: no browser module."""

import re

DIGITS = re.compile("^[0-9][0-9]?[0-9]?[0-9]?[0-9]?[0-9]?$")
SHARINGS = ("layer", "block", "network")
THEMES = ("system", "light", "dark")
DECIMALS = ("2", "4", "all")


class State:
    """The page's state.

    `layer` and `unit` name the open unit, or are None; `view` its view if that is not the first one.
    `y` and `x` are its cursor's place, `parts` (name, value) texts what else the view wants to be kept.
    `step` is the number of the guided path's step, from 1, or None.
    """

    def __init__(self, picture):
        self.picture = picture
        self.open(None, None)
        self.step = None
        self.sharing = "layer"
        self.details = True
        self.theme = "system"
        self.decimals = 2

    def open(self, layer, unit, view=None):
        self.layer = layer
        self.unit = unit
        self.view = view
        self.y = self.x = 0
        self.parts = []

    def fragment(self):
        """The parts of the fragment, in order, as (name, value) texts."""
        parts = self.lasting()
        if self.layer is not None:
            parts += [("layer", self.layer), ("unit", str(self.unit))]
            if self.view:
                parts.append(("view", self.view))
            parts += [("y", str(self.y)), ("x", str(self.x))] + self.parts
        return parts

    def lasting(self):
        """The parts that hold whatever is open: the picture, and the guided path's step if there is one."""
        step = [] if self.step is None else [("step", str(self.step))]
        return [("picture", self.picture)] + step


def read_fragment(parts, pictures, columns):
    """Picture, layer, unit and view that a fragment asks for; None for what is unknown or impossible.

    `parts` is a dict of texts, `pictures` the names that can be shown, `columns` those of the network.
    """
    picture = parts.get("picture")
    if picture not in pictures:
        picture = None
    for column in columns:
        if column.name == parts.get("layer"):
            units = [str(unit) for unit in range(column.units)]
            if parts.get("unit") in units:
                view = column.second_view if parts.get("view") == column.second_view else None
                return picture, column.name, units.index(parts["unit"]), view
    return picture, None, None, None


def read_place(parts):
    """The cursor's place (y, x) that a fragment asks for, or None."""
    place = parts.get("y", ""), parts.get("x", "")
    return (int(place[0]), int(place[1])) if all(DIGITS.match(text) for text in place) else None


def read_step(parts):
    """The number of the guided path's step that a fragment asks for, or None."""
    step = parts.get("step", "")
    return int(step) if DIGITS.match(step) and int(step) else None
