"""Where the guided path leads through a network: its layers by what they teach. Pure: no browser module."""

from ui.columns import CLASSES, MAPS, columns
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
    classes       the last column; `logits` names the dense layer before its softmax

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
        *_, before, last = network["layers"]
        has_logits = before["kind"] == "dense" and last["kind"] == "softmax"
        self.logits = before["name"] if has_logits else None

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

    def names_classes(self):
        """Does the last column give probabilities?"""
        return self.classes.form == CLASSES and self.network["layers"][-1]["kind"] == "softmax"

    # Places

    def unit(self, column, tenths):
        """A unit so many tenths down a column."""
        return column.units * tenths // 10

    def spot(self, column):
        """A place (y, x) of a column's maps."""
        return column.shape[1] * ACROSS // 10, column.shape[2] * ACROSS // 10

    def under(self, column, y, x):
        """The place that stands in the middle of the window of (y, x), in the maps that a column reads."""
        size, stride, padding = self.extent(column), self.stride(column), self.padding(column)
        rows, columns = self.about[column.name]["input_shape"][1:]
        row = y * stride[0] - padding[0] + size[0] // 2
        return Grid(rows, columns).clamp(row, x * stride[1] - padding[2] + size[1] // 2)

    # Sizes

    def size(self, column):
        """Rows and columns of a window: of a convolution's kernel or of a pooling."""
        about = self.about[column.name]
        if column.kind == "convolution":
            return about["parameters"]["kernel"][2:]
        return about["hyperparameters"]["size"]

    def extent(self, column):
        """Rows and columns from one end of a window to the other."""
        apart = self.about[column.name]["hyperparameters"].get("dilation", (1, 1))
        return [step * (size - 1) + 1 for size, step in zip(self.size(column), apart)]

    def stride(self, column):
        return self.about[column.name]["hyperparameters"]["stride"]

    def padding(self, column):
        return self.about[column.name]["hyperparameters"]["padding"]

    def field(self, column):
        """Rows and columns of the picture that one value of a column of maps depends on."""
        seen, step = [1, 1], [1, 1]
        for one in self.columns[1 : self.columns.index(column) + 1]:
            if one.kind == "convolution" or one.kind in POOLINGS:
                extent, stride = self.extent(one), self.stride(one)
                seen = [seen[way] + (extent[way] - 1) * step[way] for way in (0, 1)]
                step = [step[way] * stride[way] for way in (0, 1)]
        return [min(size, whole) for size, whole in zip(seen, self.picture.shape[1:])]

    def layers_to(self, column):
        """How many layers the picture has gone through when a column is made."""
        return self.columns.index(column)
