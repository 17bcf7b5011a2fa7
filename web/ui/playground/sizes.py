"""How the sizes of a convolution follow from its hyperparameters. Pure: no browser module.

Everything is square here, so one axis tells of both.
"""

from pycnn.window import Axis

# Name, least and largest value of each hyperparameter, in the order in which they are shown.
RANGES = (("size", 1, 16), ("padding", 0, 4), ("kernel", 1, 7), ("stride", 1, 8), ("dilation", 1, 4))


class Setting:
    """A choice of all hyperparameters, each within its range; together they may be impossible."""

    def __init__(self, size, padding, kernel, stride, dilation):
        self.size = size
        self.padding = padding
        self.kernel = kernel
        self.stride = stride
        self.dilation = dilation
        self._axis = Axis(size, kernel, stride, padding, padding, dilation)
        self.extent = self._axis.extent
        self.room = self._axis.room
        self.places = self._axis.places  # the output's size along one axis

    def changed(self, name, value):
        """This setting with another value of the hyperparameter `name`."""
        values = {each: getattr(self, each) for each, _, _ in RANGES}
        values[name] = value
        return Setting(**values)

    @property
    def possible(self):
        return self.places > 0

    def cells(self, place):
        """Cells of the padded input that the window reads at one of its places, along one axis."""
        return [cell + self.padding for cell in self._axis.read(place)]

    def place(self, cell):
        """The place whose window has its middle nearest to a cell of the padded input; perhaps outside."""
        return self._axis.place(cell - self.padding)

    def uncovered(self):
        """Rows of the input that no window reads; its columns are the same ones."""
        return self._axis.uncovered()

    def nearest(self):
        """The hyperparameter, and its value, whose change by the fewest steps makes the setting possible.

        Of several that need as few, the first in the order of RANGES.
        """
        steps = 0
        while True:  # a kernel of one cell fits into any input
            steps += 1
            for name, least, most in RANGES:
                for value in (getattr(self, name) + steps, getattr(self, name) - steps):
                    if least <= value <= most and self.changed(name, value).possible:
                        return name, value
