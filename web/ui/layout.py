"""Where everything stands: from columns and a window to boxes in pixels. Pure: no browser module."""

from ui.columns import MAPS, STRIP

HEAD = 44  # names and shapes over the columns
FOOT = 44  # legends under them
BARE = 12  # in place of either when details are hidden
SMALLEST_UNIT = 30
LARGEST_UNIT = 72
STRIP_WIDTH = 14
# Gaps between columns, as shares of the free width: before a layer whose units read one map each, before
# one whose units read all, and before a new block.
GAP_ONE = 1.0
GAP_ALL = 1.7
GAP_BLOCK = 2.3
FILLED = 0.86  # how much of a row a unit takes
SMALLEST_GAP = 12  # pixels of a gap of one share; each share more adds WIDER
WIDER = 10
NAME_WIDTH = 68  # pixels from column to column, so that names do not touch
NAME_MARGIN = 1


class Box:
    """A rectangle in whole pixels of the stage."""

    def __init__(self, x, y, width, height):
        self.x = round(x)
        self.y = round(y)
        self.width = round(width)
        self.height = round(height)

    @property
    def right(self):
        return self.x + self.width

    @property
    def middle(self):
        return self.y + self.height / 2


class Layout:
    """The stage's size, the boxes of all units by (layer, unit), and the room for each column's name."""

    def __init__(self, width, height, unit):
        self.width = width
        self.height = height
        self.unit = unit
        self.boxes = {}
        self.heads = {}


def gap(before, after):
    """Share of the free width between two neighbouring columns."""
    if after.form == STRIP:
        return GAP_ALL
    if after.block != before.block:
        return GAP_BLOCK
    return GAP_ALL if after.inputs == "all" else GAP_ONE


def lay_out(columns, width, height, details, beside):
    """Lay out all columns on a stage.

    `columns` end with the classes. `width` and `height` are what the window offers, in pixels; the stage
    is larger where the network does not fit, and then scrolls. `details`: leave room for names and
    legends. `beside`: picture and classes stand beside the stage and are joined to it by connections
    (else, on a phone, they stand above it).
    """
    drawn, classes = columns[:-1], columns[-1]
    head, foot = (HEAD, FOOT) if details else (BARE, BARE)
    most = max(column.units for column in drawn if column.form == MAPS)
    rows = max(most, classes.units) if beside else most
    offered = height - head - foot

    shares = [gap(before, after) for before, after in zip(drawn, drawn[1:])]  # noqa: RUF007
    shares = [GAP_ALL] + shares + [GAP_ALL] if beside else [GAP_ONE] + shares + [GAP_ONE]
    strips = sum(1 for column in drawn if column.form == STRIP) * STRIP_WIDTH
    maps = sum(1 for column in drawn if column.form == MAPS)

    by_height = offered / rows * FILLED
    by_width = (width - strips - sum(shares) * SMALLEST_GAP) / maps
    unit = int(max(SMALLEST_UNIT, min(by_height, by_width, LARGEST_UNIT)))
    pitch = max(offered / rows, unit / FILLED)
    smallest = max(SMALLEST_GAP, NAME_WIDTH - unit) if details else SMALLEST_GAP
    gaps = spread_gaps(shares, width - strips - maps * unit, smallest)

    layout = Layout(int(strips + maps * unit + sum(gaps)), int(head + pitch * rows + foot), unit)
    x = 0
    for column, before in zip(drawn, gaps):
        x += before
        if column.form == STRIP:
            margin = pitch * (1 - FILLED) / 2
            boxes = [Box(x, head + margin, STRIP_WIDTH, pitch * rows - 2 * margin)]
        else:
            spread = pitch if column.units > rows / 2 else pitch * 1.6
            top = head + pitch * rows / 2 - spread * column.units / 2 + (spread - unit) / 2
            boxes = [Box(x, top + spread * row, unit, unit) for row in range(column.units)]
        for row, box in enumerate(boxes):
            layout.boxes[(column.name, row)] = box
        x += boxes[0].width
    place_heads(layout, drawn, head)
    spread = pitch * rows / classes.units
    for row in range(classes.units):
        layout.boxes[(classes.name, row)] = Box(layout.width, head + spread * row, 0, spread)
    return layout


def spread_gaps(shares, free, smallest):
    """Gaps that fill `free` pixels or more in proportion to their shares.

    A gap of one share is no smaller than `smallest`, and wider ones stay wider even then.
    """
    least = {share: smallest + WIDER * (share - GAP_ONE) for share in shares}
    widening = list(shares)
    while widening:
        scale = free / sum(widening)
        narrow = [share for share in widening if scale * share < least[share]]
        if not narrow:
            break
        free -= sum(least[share] for share in narrow)
        widening = [share for share in widening if share not in narrow]
    return [scale * share if share in widening else least[share] for share in shares]


def place_heads(layout, drawn, height):
    """Give each column's name the room over it that its nearer neighbour leaves."""
    boxes = [layout.boxes[(column.name, 0)] for column in drawn]
    centres = [box.x + box.width / 2 for box in boxes]
    for index, column in enumerate(drawn):
        near = [abs(centres[index] - centre) for centre in centres[max(index - 1, 0) : index + 2]]
        width = min(distance for distance in near + [2 * centres[index]] if distance)
        width -= 2 * NAME_MARGIN
        layout.heads[column.name] = Box(centres[index] - width / 2, 0, width, height)


def neighbour(columns, layer, unit, key):
    """The (layer, unit) that an arrow key leads to, or None: left, right by layer, up, down by unit."""
    names = [column.name for column in columns]
    column = names.index(layer)
    if key == "Home":
        return layer, 0
    if key == "End":
        return layer, columns[column].units - 1
    if key in ("ArrowUp", "ArrowDown"):
        row = unit + (1 if key == "ArrowDown" else -1)
        return (layer, row) if 0 <= row < columns[column].units else None
    if key in ("ArrowLeft", "ArrowRight"):
        other = column + (1 if key == "ArrowRight" else -1)
        if not 0 <= other < len(columns):
            return None
        here, there = columns[column].units, columns[other].units
        return names[other], unit if here == there else int((unit + 0.5) * there / here)
    return None
