"""What all views have in common."""

from pycnn.window import Window
from ui.cursor import Grid
from ui.figures import relation, rounded, shown_number
from ui.views.panel import Panel
from ui.words import escape


class View:
    """One open unit. A kind of view says what it draws and what changes with the cursor.

    panels    its maps by (role, source); a role's maps all have the same size
    grid      the places of the cursor
    window    the Window between the maps of role "inputs" and the cursor's places, or None
    start     the cursor's place (y, x) at first
    """

    article = "network"  # the article's section on this kind
    plays = False  # does playback start by itself when the view opens?

    def __init__(self, scene):
        self.scene = scene
        self.words = scene.words
        self.panels = {}
        self.grid = Grid(1, 1)
        self.window = None
        self.start = (0, 0)

    def title(self):
        return self.words(
            "view.title", layer=self.scene.layer, unit=self.scene.name(self.scene.layer, self.scene.unit)
        )

    def sentence(self):
        """What happens here, in plain words and with the real shapes."""
        raise NotImplementedError

    def html(self):
        """The view's body. Its figures are filled in by `fill` and `move`."""
        raise NotImplementedError

    def fill(self, body):
        """`html()` stands in the element `body`: find what `move` changes, write what does not move."""

    def move(self, y, x):
        """The cursor is at (y, x): write every number that depends on it."""

    def place_name(self, y, x):
        """Where the cursor is, in words."""
        return self.words("view.place", row=y, column=x)

    def numbers(self, y, x):
        """The numbers at the cursor as text, one line for each sum or product: spoken, and copied."""
        raise NotImplementedError

    def place(self, role, _source, row, column):
        """The cursor's place, not yet clamped, when the visitor points at a cell of a map."""
        return self.window.place(row, column) if role == "inputs" and self.window else (row, column)

    def geometry(self):
        """CSS variables, as (name, value), with which the style sheet places windows on maps."""
        window = self.window or Window(self.grid.rows, self.grid.columns)
        return [
            ("in-rows", window.room[0]),
            ("in-columns", window.room[1]),
            ("pad-top", window.down.before),
            ("pad-left", window.across.before),
            ("map-rows", window.rows),
            ("map-columns", window.columns),
            ("size-x", window.size[1]),
            ("extent-y", window.extent[0]),
            ("extent-x", window.extent[1]),
            ("stride-y", window.stride[0]),
            ("stride-x", window.stride[1]),
            ("out-rows", self.grid.rows),
            ("out-columns", self.grid.columns),
        ]

    def legends(self):
        """The colour scales of the view, as (name, scale): the overview's, named after the layers shown."""
        found = []
        for key in sorted(self.panels):
            if self.panels[key].drawn_as:
                layer = self.panels[key].drawn_as[0]
                scale = self.scene.scale(layer)
                same = [entry for entry in found if entry[1]["layers"] == scale["layers"]]
                if not same:
                    found.append([[layer], scale])
                elif layer not in same[0][0]:
                    same[0][0].append(layer)
        return [(self.words.listed(layers), self._scale_of(layers, scale)) for layers, scale in found]

    def _scale_of(self, layers, scale):
        """The part of a scale that these layers can use: none below zero where their values never are."""
        signed = [self.scene.about[layer]["signed"] for layer in layers if layer in self.scene.about]
        if scale["signed"] and not any(signed):
            return {"layers": layers, "limit": scale["limit"], "signed": False}
        return scale

    def own_scale(self, limit):
        """A colour scale of the view's own, from -limit to limit."""
        return {"layers": [self.scene.layer], "limit": limit, "signed": True}

    def marked(self, role, y, x):
        """The rows and the columns of a role's maps that are marked while the cursor is at (y, x)."""
        if role == "inputs" and self.window:
            return self.window.down.read(y), self.window.across.read(x)
        return [y], [x]

    def extent(self, panel):
        """Rows above, columns before, rows and columns in all of a map as it is drawn, with its padding."""
        if panel.role == "inputs" and self.window:
            down, across = self.window.down, self.window.across
            return down.before, across.before, down.room, across.room
        return 0, 0, panel.rows, panel.columns

    def clicked(self, _element):
        """The visitor chose something inside the body, by pointer or keyboard. True if the view changed."""
        return False

    def parts(self):
        """What the fragment holds of the view besides its cursor, as (name, value) texts."""
        return []

    def take_parts(self, parts):
        """Take over such parts of a fragment, a dict of texts; ignore what is impossible."""

    # For the kinds of views

    def layer_window(self):
        """The window of the opened layer on the maps that it reads."""
        _, rows, columns = self.scene.shapes["inputs"]
        sizes = [self.scene.facts[name] for name in ("size", "stride", "padding", "dilation")]
        return Window(rows, columns, *sizes)

    def add_map(self, role, source, array, layer, unit, label):
        """Add a map that the overview draws as (layer, unit): the values of `array` at place `source`."""
        size, ramp, limit = (
            self.scene.shapes[array][-2:],
            self.scene.ramp(layer, unit),
            self.scene.limit(layer),
        )
        self._put(role, source, array, size, ramp, limit, label, drawn_as=(layer, unit))

    def add_coloured(self, role, source, array, shape, limit, label):
        """Add a map that the engine coloured on a scale of its own, from -limit to limit.

        Its values are those of `array` at place `source`, `shape` (rows, columns) each; its colours those
        of the array with the same name and "_colours".
        """
        ramp, colours = self.scene.ramps["diverging"], self.scene.arrays[array + "_colours"]
        self._put(role, source, array, shape, ramp, limit, label, colours=colours)

    def _put(self, role, source, array, size, ramp, limit, label, **drawing):
        rows, columns = size
        values, offset = self.scene.arrays[array], source * rows * columns
        self.panels[(role, source)] = Panel(
            role, source, values, offset, rows, columns, ramp, limit, label, **drawing
        )

    def figure(self, value, extra=""):
        """HTML of a number that comes from the network."""
        text = rounded(value, self.scene.decimals)
        return f'<span class="figure{extra}" data-value="{value}">{text}</span>'

    def write(self, element, value):
        """Write such a number into an element; gives the number that a visitor reads there."""
        text = rounded(value, self.scene.decimals)
        element.textContent = text
        element.setAttribute("data-value", str(value))
        return shown_number(text)

    def seen(self, value):
        """The number that a visitor reads for this value."""
        return shown_number(rounded(value, self.scene.decimals))

    def relation(self, shown, exact):
        """= or \u2248, between what follows from numbers as they are seen and the exact result."""
        return relation(shown, exact, self.scene.decimals)

    def map_figure(self, panel, name, sizes):
        """HTML of a big map with its name and shape over it."""
        return (
            f'<figure class="named"><figcaption><span class="name">{escape(name)}</span>'
            f' <span class="shape">{sizes}</span></figcaption>{panel.html("big")}</figure>'
        )

    def show_in(self, element, panel):
        """Show another map of the same role in this element."""
        element.setAttribute("data-source", str(panel.source))
        element.setAttribute("aria-label", panel.label)
        panel.paint(element.firstChild, self.scene.canvases)

    def paint(self, body):
        """Paint every map in the body."""
        for element in body.querySelectorAll(".map"):
            panel = self.panel_of(element)
            panel.paint(element.firstChild, self.scene.canvases)

    def panel_of(self, element):
        return self.panels[(element.dataset.map, int(element.dataset.source))]
