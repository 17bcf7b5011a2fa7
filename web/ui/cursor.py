"""The places of a cursor, and how keys lead from one to another. Pure: no browser module."""

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
