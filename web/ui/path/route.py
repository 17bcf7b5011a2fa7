"""Where the guided path leads through a network: its layers by what they teach. Pure: no browser module."""

from pycnn.window import Window, receptive_field
from ui.columns import MAPS, columns
from ui.cursor import Grid

POOLINGS = ("max_pooling", "average_pooling")
AHEAD = 7  # in tenths of a column's units and of a map's sides: neither at an edge nor in the middle,
NEAR = 3  # where pictures have their subject, whatever its size
ACROSS = 4


class Route:
    """The columns that the path stops at; None for what the network lacks.

    convolution   the first one, `second` the next, `relu` and `pooling` the first ones behind it
    deep          the last column of maps, if none of those
    flatten       the flattening of maps
    classes       the last column; `logits` names the dense layer that gives the logits

    `names` are those of the network's classes as a visitor reads them.
    """

    def __init__(self, network, names):
        self.network = network
        self.names = names
        self.columns = columns(network)
        self.about = {layer["name"]: layer for layer in network["layers"]}
        self.picture = self.columns[0]
        self.convolution = self._find(("convolution",), self.picture)
        begin = self.convolution or self.picture
        self.second = self._find(("convolution",), self.convolution)
        self.relu = self._find(("relu",), self.convolution)
        self.pooling = self._find(POOLINGS, begin) or self._find(POOLINGS, self.picture)
        deep = [column for column in self.columns if column.form == MAPS][-1]
        known = (self.picture, self.convolution, self.second, self.pooling)
        self.deep = None if deep in known else deep
        flattens = [column for column in self.columns if column.kind == "flatten"]
        self.flatten = flattens[0] if flattens and self.before(flattens[0]).form == MAPS else None
        self.classes = self.columns[-1]
        self.logits = network["logits"]

    def _find(self, kinds, behind):
        """The first column of maps of these kinds behind another one."""
        if behind is None:
            return None
        for column in self.columns[self.columns.index(behind) + 1 :]:
            if column.kind in kinds and column.form == MAPS:
                return column
        return None

    def before(self, column):
        """The column that a column reads."""
        return self.columns[self.columns.index(column) - 1]

    # Places

    def unit(self, column, tenths):
        """A unit so many tenths down a column."""
        return column.units * tenths // 10

    def spot(self, column):
        """A place (y, x) of a column's maps."""
        return column.shape[1] * ACROSS // 10, column.shape[2] * ACROSS // 10

    def under(self, column, y, x):
        """The place that stands in the middle of the window of (y, x), in the maps that a column reads."""
        rows, columns = self.before(column).shape[1:]
        return Grid(rows, columns).clamp(*self.window(column).middle(y, x))

    # Sizes

    def window(self, column):
        """The window of a convolution or a pooling on the maps that it reads."""
        about = self.about[column.name]
        chosen = about["hyperparameters"]
        size = about["parameters"]["kernel"][2:] if column.kind == "convolution" else chosen["size"]
        _, rows, columns = about["input_shape"]
        dilation = chosen.get("dilation", (1, 1))
        return Window(rows, columns, size, chosen["stride"], chosen["padding"], dilation)

    def field(self, column):
        """Rows and columns of the picture that one value of a column of maps depends on."""
        behind = self.columns[1 : self.columns.index(column) + 1]
        return receptive_field(
            [self.window(one) for one in behind if one.kind == "convolution" or one.kind in POOLINGS]
        )

    def layers_to(self, column):
        """How many layers the picture has gone through when a column is made."""
        return self.columns.index(column)
