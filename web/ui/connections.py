"""Connections between units as SVG path data. Pure: no browser module.

`boxes` are the units' places by (layer, unit).
"""

from ui.columns import STRIP

STRIP_PARTS = 10  # a strip's values are too many to draw a curve for each: one for each tenth


class Box:
    """Where a unit stands on the stage, in pixels."""

    def __init__(self, x, y, width, height):
        self.x = x
        self.y = y
        self.width = width
        self.height = height

    @property
    def right(self):
        return self.x + self.width

    @property
    def middle(self):
        return self.y + self.height / 2


def curve(start, end):
    """A curve from point to point that leaves and arrives level."""
    (x0, y0), (x1, y1) = start, end
    half = (x0 + x1) / 2
    return f"M{x0:.0f} {y0:.1f}C{half:.0f} {y0:.1f} {half:.0f} {y1:.1f} {x1:.0f} {y1:.1f}"


def along(x, box, parts):
    """The middles of the equal parts of a box's height, at `x`."""
    return [(x, box.y + box.height * (part + 0.5) / parts) for part in range(parts)]


def into_unit(columns, boxes, index, unit):
    """All connections into one unit of the column at `index`, which is not the first."""
    column, before = columns[index], columns[index - 1]
    box = boxes[(column.name, unit)]
    if before.form == STRIP:
        other = boxes[(before.name, 0)]
        starts = along(other.right, other, STRIP_PARTS)
    else:
        others = [boxes[(before.name, source)] for source in column.sources(unit, before)]
        starts = [(other.right, other.middle) for other in others]
    ends = along(box.x, box, len(starts)) if column.form == STRIP else [(box.x, box.middle)]
    if column.form == STRIP and column.inputs == "one":
        pairs = zip(starts, ends)
    else:
        pairs = [(start, end) for start in starts for end in ends]
    return "".join(curve(start, end) for start, end in pairs)


def into_column(columns, boxes, index):
    """All connections into the column at `index`, which is not the first."""
    return "".join(into_unit(columns, boxes, index, unit) for unit in range(columns[index].units))


def into_channel(columns, boxes, unit):
    """The connection from the picture, at the stage's left edge, into one of its channels."""
    channels = columns[0]
    first, last = boxes[(channels.name, 0)], boxes[(channels.name, channels.units - 1)]
    box = boxes[(channels.name, unit)]
    return curve((0, (first.y + last.y + last.height) / 2), (box.x, box.middle))


def from_picture(columns, boxes):
    """The connections from the picture into all of its channels."""
    return "".join(into_channel(columns, boxes, unit) for unit in range(columns[0].units))
