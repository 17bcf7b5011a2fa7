"""What a view is given: one unit of one layer, on the picture that is drawn."""

from ui.columns import find
from ui.legends import INPUT_SCALE
from ui.unit_facts import unit_name


class Scene:
    """All that a view needs to know; views only read it.

    column      the opened layer's column, `unit` one of its units
    facts       the engine's facts of the opened unit (see web/engine/views.py)
    arrays      its typed arrays by name, flat; `shapes` their shapes
    about       what `describe()` says of each layer, by name
    classes     names of the network's classes as a visitor reads them
    shown       the engine's facts of the picture: ranges, probabilities, scales
    ramps       `diverging` (a ui.ramp.Ramp) and one `channels` Tint for each of the picture's channels
    canvases    the overview's canvases by (layer, unit), painted on the overview's scales
    decimals    2, 4, or None for all
    """

    def __init__(self, page, facts, arrays):
        self.words = page.words
        self.classes = page.class_names
        self.columns = page.columns
        self.about = {layer["name"]: layer for layer in page.network["layers"]}
        self.shown = page.shown.facts
        self.ramps = page.ramps
        self.canvases = page.overview.canvases
        self.decimals = page.state.decimals
        self.facts = facts
        self.layer = facts["layer"]
        self.unit = facts["unit"]
        self.column = self.find(self.layer)
        self.arrays = {}
        self.shapes = {}
        for (name, sizes), array in zip(facts["arrays"], arrays):
            self.arrays[name] = array
            self.shapes[name] = sizes

    def find(self, layer):
        """The column of a layer."""
        return find(self.columns, layer)

    def name(self, layer, unit):
        """A unit's name as a visitor reads it: red channel, unit 3, koala."""
        return unit_name(self.find(layer), unit, self.classes, self.words)

    def scale(self, layer):
        """The overview's colour scale of a layer: `layers` that share it, `limit`, `signed`."""
        for scale in self.shown["scales"]:
            if layer in scale["layers"]:
                return scale
        return INPUT_SCALE

    def limit(self, layer):
        """Where that scale ends."""
        return self.scale(layer)["limit"]

    def ramp(self, layer, unit):
        """The ramp that colours a unit's single values as the overview does."""
        return self.ramps["channels"][unit] if layer == "input" else self.ramps["diverging"]
