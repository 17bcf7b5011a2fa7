"""The arithmetic of the window that a convolution or a pooling slides over maps: whole numbers, nothing else.

The network computes by it, the engine explains by it and the page draws by it: so it imports nothing, and
runs under MicroPython, too.

Sizes: V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning", 2016
(arXiv:1603.07285), relationship 6, and section 5.1 for dilation.
"""


def extent(size: int, dilation: int) -> int:
    """From the first to the last of `size` cells that are `dilation` apart, both included."""
    return dilation * (size - 1) + 1


class Axis:
    """A window along one axis of a map, down its rows or across its columns.

    The map has `length` cells, with padding of `before` and `after` cells around it. The window reads `size`
    cells that are `dilation` apart, and moves by `stride`. Cells are counted from the map's first one: those
    of the padding before it are negative.

    extent   cells that the window spans
    room     cells that it can move over: the map with its padding
    places   how many places it has there, which is the output's length; 0 where it does not fit
    """

    def __init__(
        self,
        length: int,
        size: int = 1,
        stride: int = 1,
        before: int = 0,
        after: int = 0,
        dilation: int = 1,
    ) -> None:
        self.length = length
        self.size = size
        self.stride = stride
        self.before = before
        self.after = after
        self.dilation = dilation
        self.extent = extent(size, dilation)
        self.room = before + length + after
        self.places = max((self.room - self.extent) // stride + 1, 0)

    def start(self, place: int) -> int:
        """The cell with which the window begins."""
        return place * self.stride - self.before

    def read(self, place: int) -> list[int]:
        """All cells that the window reads, of the padding, too."""
        start = self.start(place)
        return list(range(start, start + self.extent, self.dilation))

    def cells(self, place: int) -> list[int | None]:
        """The same with None for each cell of the padding."""
        return [cell if 0 <= cell < self.length else None for cell in self.read(place)]

    def middle(self, place: int) -> int:
        """The cell in the middle of the window, of two the second."""
        return self.start(place) + self.extent // 2

    def place(self, cell: int) -> int:
        """The place whose window has its middle nearest to a cell, of two the second.

        There may be no such place: at an edge, no window's middle comes so near.
        """
        # Twice the cells, since the middle may lie between two; half a stride more rounds to the nearest.
        return (2 * (cell + self.before) - (self.extent - 1) + self.stride) // (2 * self.stride)

    def uncovered(self) -> list[int]:
        """The map's cells that the window reads at none of its places."""
        covered = {cell for place in range(self.places) for cell in self.read(place)}
        return [cell for cell in range(self.length) if cell not in covered]

    def same_padding(self) -> tuple[int, int]:
        """(before, after) with which the window has ceil(length / stride) places: TensorFlow's "same".

        An odd cell comes after: TensorFlow's API documentation, tf.nn, "Notes on padding".
        """
        places = (self.length + self.stride - 1) // self.stride
        total = max((places - 1) * self.stride + self.extent - self.length, 0)
        return total // 2, total - total // 2


class Window:
    """A window on maps of `rows` x `columns`: an Axis `down` and an Axis `across`.

    `size`, `stride`, `dilation`, `extent`, `room` and `places` are (down, across), `padding` is (top, bottom,
    left, right). A place (y, x) is one of the output.
    """

    def __init__(
        self,
        rows: int,
        columns: int,
        size: tuple[int, int] = (1, 1),
        stride: tuple[int, int] = (1, 1),
        padding: tuple[int, int, int, int] = (0, 0, 0, 0),
        dilation: tuple[int, int] = (1, 1),
    ) -> None:
        top, bottom, left, right = padding
        self.rows = rows
        self.columns = columns
        self.size = size
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.down = Axis(rows, size[0], stride[0], top, bottom, dilation[0])
        self.across = Axis(columns, size[1], stride[1], left, right, dilation[1])
        self.extent = self.down.extent, self.across.extent
        self.room = self.down.room, self.across.room
        self.places = self.down.places, self.across.places

    def start(self, y: int, x: int) -> tuple[int, int]:
        """Row and column of the cell with which the window begins; negative in the padding."""
        return self.down.start(y), self.across.start(x)

    def cells(self, y: int, x: int) -> list[tuple[int, int] | None]:
        """(row, column) of every cell that the window reads, row by row; None for a cell of the padding."""
        rows, columns = self.down.cells(y), self.across.cells(x)
        return [
            None if row is None or column is None else (row, column) for row in rows for column in columns
        ]

    def middle(self, y: int, x: int) -> tuple[int, int]:
        """Row and column of the cell in the middle of the window."""
        return self.down.middle(y), self.across.middle(x)

    def place(self, row: int, column: int) -> tuple[int, int]:
        """The place whose window has its middle nearest to a cell; it may lie outside of the output."""
        return self.down.place(row), self.across.place(column)

    def same_padding(self) -> tuple[int, int, int, int]:
        """(top, bottom, left, right) of TensorFlow's "same"."""
        top, bottom = self.down.same_padding()
        left, right = self.across.same_padding()
        return top, bottom, left, right


def receptive_field(windows: list[Window]) -> tuple[int, int]:
    """Rows and columns of the first map that a value behind these windows, each on the last, depends on.

    A. Araujo, W. Norris and J. Sim, "Computing receptive fields of convolutional neural networks", Distill,
    2019, equation 2. No more than the map has.
    """
    rows, columns, down, across = 1, 1, 1, 1
    for window in windows:
        rows += (window.extent[0] - 1) * down
        columns += (window.extent[1] - 1) * across
        down *= window.stride[0]
        across *= window.stride[1]
    if windows:
        rows, columns = min(rows, windows[0].rows), min(columns, windows[0].columns)
    return rows, columns
