"""How the sizes of a convolution follow from its hyperparameters. Pure: no browser module.

Everything is square here, so one axis tells of both.
"""

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

    def changed(self, name, value):
        """This setting with another value of the hyperparameter `name`."""
        values = {each: getattr(self, each) for each, _, _ in RANGES}
        values[name] = value
        return Setting(**values)

    @property
    def room(self):
        """Cells of the padded input, along one axis."""
        return self.size + 2 * self.padding

    @property
    def extent(self):
        """Cells from the first to the last one of the window, along one axis."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def possible(self):
        return self.extent <= self.room

    @property
    def places(self):
        """How many places the window of a possible setting has along one axis: the output's size."""
        return (self.room - self.extent) // self.stride + 1

    def cells(self, place):
        """Cells of the padded input that the window reads at one of its places, along one axis."""
        first = place * self.stride
        return [first + step * self.dilation for step in range(self.kernel)]

    def uncovered(self):
        """Rows of the input that no window reads; its columns are the same ones."""
        covered = {cell - self.padding for place in range(self.places) for cell in self.cells(place)}
        return [row for row in range(self.size) if row not in covered]

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
