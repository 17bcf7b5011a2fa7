"""What the playground begins with: presets, weights, and an input. Pure: no browser module."""

from ui.playground.sizes import RANGES, Setting

LARGEST = RANGES[2][2]  # rows of the largest kernel
START = Setting(8, 0, 3, 1, 1)

EDGES = ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1))
BLUR = ((0.0625, 0.125, 0.0625), (0.125, 0.25, 0.125), (0.0625, 0.125, 0.0625))
SHARPEN = ((0, -1, 0), (-1, 5, -1), (0, -1, 0))
IDENTITY = ((0, 0, 0), (0, 1, 0), (0, 0, 0))

# Name -> setting, and weights of a 3x3 kernel; None leaves the weights as they are.
PRESETS = {
    "edges": (START, EDGES),
    "blur": (START, BLUR),
    "sharpen": (START, SHARPEN),
    "identity": (START, IDENTITY),
    "same": (START.changed("padding", 1), None),
    "stride": (START.changed("stride", 2), None),
    "dilation": (START.changed("dilation", 2), None),
}


class Weights:
    """Weights for a kernel of any size.

    They stand in the largest kernel; a smaller one is the middle of it, so that growing and shrinking
    again changes nothing.
    """

    def __init__(self, rows):
        self._rows = [[0] * LARGEST for _ in range(LARGEST)]
        first = middle(len(rows))
        for row, weights in enumerate(rows):
            for column, weight in enumerate(weights):
                self._rows[first + row][first + column] = weight

    def kernel(self, size):
        """The rows of a kernel of this size."""
        first = middle(size)
        return [row[first : first + size] for row in self._rows[first : first + size]]

    def put(self, size, row, column, weight):
        """Change one weight of a kernel of this size."""
        first = middle(size)
        self._rows[first + row][first + column] = weight


def middle(size):
    """The row of the largest kernel with which one of this size begins."""
    return (LARGEST - size) // 2


def pattern(size):
    """Rows of zeros with a square of ones in the middle that lacks a corner: edges of all directions."""
    margin = (size + 1) // 4
    inside = range(margin, size - margin)
    cut = 2 * margin + len(inside) // 2

    def value(row, column):
        return 1 if row in inside and column in inside and row + column >= cut else 0

    return [[value(row, column) for column in range(size)] for row in range(size)]
