"""What the visitor has chosen, and how the fragment of the address says it. Pure: no browser module."""

SHARINGS = ("layer", "block", "network")
THEMES = ("system", "light", "dark")


class State:
    """The page's state. `layer` and `unit` name the unit that is kept in focus, or are None."""

    def __init__(self, picture):
        self.picture = picture
        self.layer = None
        self.unit = None
        self.sharing = "layer"
        self.details = True
        self.theme = "system"

    def fragment(self):
        """The parts of the fragment, in order, as (name, value) texts."""
        parts = [("picture", self.picture)]
        if self.layer is not None:
            parts += [("layer", self.layer), ("unit", str(self.unit))]
        return parts


def read_fragment(parts, pictures, columns):
    """Picture, layer and unit that a fragment asks for; None for what is unknown or impossible.

    `parts` is a dict of texts, `pictures` the names that can be shown, `columns` those of the network.
    """
    picture = parts.get("picture")
    if picture not in pictures:
        picture = None
    for column in columns:
        if column.name == parts.get("layer"):
            units = [str(unit) for unit in range(column.units)]
            if parts.get("unit") in units:
                return picture, column.name, units.index(parts["unit"])
    return picture, None, None
