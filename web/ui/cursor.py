"""The cursor of a view: a place of the output, and the window that belongs to it. Pure: no browser module."""

FAR = 10  # places that an arrow key moves with Shift


class Grid:
    """All places where the cursor can be: `rows` x `columns`, scanned in raster order."""

    def __init__(self, rows, columns):
        self.rows = rows
        self.columns = columns

    @property
    def count(self):
        return self.rows * self.columns

    def clamp(self, y, x):
        """The place nearest to (y, x)."""
        return min(max(y, 0), self.rows - 1), min(max(x, 0), self.columns - 1)

    def index(self, y, x):
        return y * self.columns + x

    def place(self, index):
        return index // self.columns, index % self.columns

    def moved(self, y, x, key, shift):
        """Where a key leads from (y, x); None if it is no key of the cursor.

        Arrows move by one, with Shift by ten. Home and End lead to the ends of the row, with Shift to the
        first and the last place of all.
        """
        far = FAR if shift else 1
        ways = {"ArrowUp": (-far, 0), "ArrowDown": (far, 0), "ArrowLeft": (0, -far), "ArrowRight": (0, far)}
        if key in ways:
            down, right = ways[key]
            return self.clamp(y + down, x + right)
        if key == "Home":
            return (0 if shift else y), 0
        if key == "End":
            return (self.rows - 1 if shift else y), self.columns - 1
        return None


class Window:
    """The window that a convolution or pooling slides over maps of `rows` x `columns`.

    `size`, `stride` and `dilation` are (down, right), `padding` is (top, bottom, left, right).
    `extent` is how many rows and columns the window spans: its cells lie `dilation` apart.
    """

    def __init__(self, rows, columns, size=(1, 1), stride=(1, 1), padding=(0, 0, 0, 0), dilation=(1, 1)):
        self.rows = rows
        self.columns = columns
        self.size = size
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.extent = dilation[0] * (size[0] - 1) + 1, dilation[1] * (size[1] - 1) + 1

    def start(self, y, x):
        """Row and column of the input where the window of the output's place (y, x) begins."""
        return y * self.stride[0] - self.padding[0], x * self.stride[1] - self.padding[2]

    def cells(self, y, x):
        """(row, column) of every cell of the window, in raster order; None for a cell of the padding."""
        (top, left), (down, right), (tall, wide) = self.start(y, x), self.dilation, self.extent
        return [
            (row, column) if 0 <= row < self.rows and 0 <= column < self.columns else None
            for row in range(top, top + tall, down)
            for column in range(left, left + wide, right)
        ]

    def place(self, row, column):
        """The output's place whose window has its middle nearest to the input's (row, column).

        It may lie outside of the output, where no window is so near to the edge.
        """
        down = row + self.padding[0] - (self.extent[0] - 1) / 2
        right = column + self.padding[2] - (self.extent[1] - 1) / 2
        return int((down / self.stride[0] + 0.5) // 1), int((right / self.stride[1] + 0.5) // 1)
