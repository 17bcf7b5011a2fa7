"""A vector that maps unroll into: which of its elements comes from where. Pure: no browser module."""

from ui.cursor import FAR, Grid

LONGEST = 256  # elements in a line
SHORTEST = 16  # where no longer lines come out even, all elements stand in one


class Unrolled(Grid):
    """The places of a vector: maps of `height` x `width` one after the other, each row after row.

    A vector that comes from no maps is taken for as many maps of one value. The cursor's y is the
    element's index, its x is 0. On the page the vector stands in lines of `line` elements.
    """

    def __init__(self, maps, height, width):
        super().__init__(maps * height * width, 1)
        self.maps = maps
        self.height = height
        self.width = width
        self.line = line_length(maps, height, width)

    @property
    def lines(self):
        return self.count // self.line

    def origin(self, index):
        """Map, row and column that an element comes from."""
        rest, column = index // self.width, index % self.width
        return rest // self.height, rest % self.height, column

    def element(self, source, row, column):
        """Index of the element that comes from the cell of the map `source` nearest to (row, column)."""
        row, column = min(max(row, 0), self.height - 1), min(max(column, 0), self.width - 1)
        return (source * self.height + row) * self.width + column

    def near(self, index, count):
        """This element among `count` that follow each other, in their middle if it is far from both ends."""
        first = max(min(index - count // 2, self.count - count), 0)
        return range(first, min(first + count, self.count))

    def moved(self, y, _x, key, shift):
        """Where a key leads: arrows along the rows and from row to row, on into the neighbouring map."""
        row = self.width if self.width > 1 else self.line
        far = FAR if shift else 1
        ways = {"ArrowUp": -row * far, "ArrowDown": row * far, "ArrowLeft": -far, "ArrowRight": far}
        if key in ways:
            return self.clamp(y + ways[key], 0)
        if key == "Home":
            return (0 if shift else y - y % row), 0
        if key == "End":
            return (self.count - 1 if shift else y - y % row + row - 1), 0
        return None


def line_length(maps, height, width):
    """Elements in a line: as many whole maps, or else rows of a map, as make even lines not too long."""
    if height * width <= LONGEST:
        line = height * width * largest_divisor(maps, LONGEST // (height * width))
    else:
        line = width * largest_divisor(height, max(LONGEST // width, 1))
    return line if line >= SHORTEST else maps * height * width


def largest_divisor(number, limit):
    return max(divisor for divisor in range(1, min(number, limit) + 1) if number % divisor == 0)
