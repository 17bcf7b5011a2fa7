"""The picture as the network reads it: one map of numbers for each channel."""

from ui.cursor import Grid
from ui.dom import by_id
from ui.figures import grouped, rounded, shape
from ui.ramp import cell_style
from ui.views.captions import captioned, name_of, way_to
from ui.views.panel import Panel
from ui.views.view import View
from ui.words import escape

BRIGHTEST = 255  # what 1 is in the picture's file


class Colours(Panel):
    """The picture in its colours, as the page shows it; its value is that of the opened channel."""

    def paint(self, canvas, _canvases):
        canvas.width, canvas.height = self.columns, self.rows
        canvas.getContext("2d").drawImage(by_id("picture"), 0, 0)


class PictureView(View):
    """The opened unit is one of the channels; all share one cursor."""

    article = "input"

    def __init__(self, scene):
        super().__init__(scene)
        self.channels, rows, columns = scene.shapes["inputs"]
        self.grid = Grid(rows, columns)
        for channel in range(self.channels):
            label = self.words("map.label", layer="input", unit=scene.name("input", channel))
            self.add_map("output", channel, "inputs", "input", channel, label)
        opened = self.panels[("output", scene.unit)]
        self.panels[("output", self.channels)] = Colours(
            "output",
            self.channels,
            opened.values,
            opened.offset,
            rows,
            columns,
            opened.ramp,
            1,
            self.words("picture"),
        )

    def sentence(self):
        sizes = shape(self.scene.shapes["inputs"][1:])
        if self.channels == 1:
            return self.words("view.input.one", shape=sizes)
        return self.words("view.input", channels=self.channels, shape=sizes)

    def html(self):
        sizes = self.scene.shapes["inputs"]
        count = grouped(sizes[0] * sizes[1] * sizes[2])
        note = escape(self.words("picture.shape", shape=shape(sizes), count=count))
        foot = ""
        if self.channels == 3:  # they make up the picture's colours
            foot = '<p class="pixel"><span class="swatch"></span><span class="mixed"></span></p>'
        return (
            '<div><div class="abreast channels">'
            + captioned(
                self.panels[("output", self.channels)], name_of(self.words("picture")), sizes[1:], foot
            )
            + "".join(self._channel(channel) for channel in range(self.channels))
            + f'</div><p class="note">{note}</p></div>'
        )

    def _channel(self, channel):
        opened = channel == self.scene.unit
        name = self.scene.name("input", channel)
        caption = name_of(name) if opened else way_to(self.scene, "input", channel, name)
        foot = '<p class="pixel"><span class="figure"></span><span class="byte"></span></p>'
        sizes, panel = self.scene.shapes["inputs"][1:], self.panels[("output", channel)]
        return captioned(panel, caption, sizes, foot, "opened" if opened else "")

    def fill(self, body):
        body.querySelector(".channels").style.setProperty("--channels", str(self.channels))
        self._swatch = body.querySelector(".swatch")
        self._mixed = body.querySelector(".mixed")
        self._figures = list(body.querySelectorAll(".pixel > .figure"))
        self._bytes = list(body.querySelectorAll(".byte"))

    def move(self, y, x):
        levels = self._levels(y, x)
        for channel in range(self.channels):
            panel = self.panels[("output", channel)]
            figure = self._figures[channel]
            self.write(figure, panel.value(y, x))
            figure.style.cssText = panel.style(y, x)
            self._bytes[channel].textContent = self.words("picture.byte", level=level_text(levels[channel]))
        if self.channels == 3:
            red, green, blue = [round(level) for level in levels]
            self._swatch.style.cssText = cell_style(red, green, blue)
            self._mixed.textContent = f"rgb({red}, {green}, {blue})"

    def numbers(self, y, x):
        levels = self._levels(y, x)
        return [
            self.words(
                "picture.numbers",
                name=self.scene.name("input", channel),
                value=rounded(self.panels[("output", channel)].value(y, x), self.scene.decimals),
                level=level_text(levels[channel]),
            )
            for channel in range(self.channels)
        ]

    def _levels(self, y, x):
        """The pixel's channels from 0 to 255."""
        return [self.panels[("output", channel)].value(y, x) * BRIGHTEST for channel in range(self.channels)]


def level_text(level):
    """A level of a colour, whole as in a picture's file; of a mixture of colours with one decimal."""
    whole = round(level)
    return str(whole) if abs(level - whole) < 0.01 else rounded(level, 1)
