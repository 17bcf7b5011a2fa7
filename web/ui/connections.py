"""Connections between units as SVG path data. Pure: no browser module."""

from ui.columns import STRIP


def curve(start, end):
    """A curve from point to point that leaves and arrives level."""
    (x0, y0), (x1, y1) = start, end
    half = (x0 + x1) / 2
    return f"M{x0:.0f} {y0:.1f}C{half:.0f} {y0:.1f} {half:.0f} {y1:.1f} {x1:.0f} {y1:.1f}"


def into_unit(columns, layout, index, unit):
    """All connections into one unit of the column at `index`."""
    column, before = columns[index], columns[index - 1]
    box = layout.boxes[(column.name, unit)]
    end = (box.x, box.middle)
    paths = []
    for source in column.sources(unit, before):
        other = layout.boxes[(before.name, source)]
        # A strip is tall: its connections spread over it, each at the height where its values stand.
        if before.form == STRIP and column.units > 1:
            start = (other.right, other.y + other.height * (unit + 0.5) / column.units)
            paths.append(curve(start, end))
        elif column.form == STRIP and before.units > 1:
            paths.append(
                curve(
                    (other.right, other.middle), (box.x, box.y + box.height * (source + 0.5) / before.units)
                )
            )
        else:
            paths.append(curve((other.right, other.middle), end))
    return "".join(paths)


def into_column(columns, layout, index):
    """All connections into the column at `index`."""
    return "".join(into_unit(columns, layout, index, unit) for unit in range(columns[index].units))


def from_picture(columns, layout):
    """Connections from the picture, at the stage's left edge, into its channels."""
    channels = columns[0]
    boxes = [layout.boxes[(channels.name, unit)] for unit in range(channels.units)]
    middle = (boxes[0].y + boxes[-1].y + boxes[-1].height) / 2
    return "".join(curve((0, middle), (box.x, box.middle)) for box in boxes)
