"""Colour legends under the columns that share a scale, each with its end values."""

from ui.dom import by_id, put_pixels
from ui.figures import number
from ui.words import escape

CHANNELS = "channels"  # the ramp of the scale that names it; all others are on the diverging one
INPUT_SCALE = {"layers": ["input"], "limit": 1, "signed": False, "ramp": CHANNELS}
LONGEST = 260  # pixels; over many columns a longer ramp says no more


class Legends:
    """`diverging` is the ramp from -limit to +limit, `channels` one ramp for each channel of the picture.

    Both are typed arrays of RGBA bytes from the engine, `channels` with as many rows as channels.
    """

    def __init__(self, diverging, channels, channel_count, words):
        self._words = words
        self._diverging = diverging
        self._channels = channels
        self._channel_count = channel_count
        self._row = by_id("legends")

    def show(self, scales, boxes):
        """Draw one legend for each scale (`layers`, `limit`, `signed`) under the layers it is for.

        `boxes`: where the units stand.
        """
        scales = [INPUT_SCALE] + scales
        self._row.innerHTML = "".join(self._html(scale) for scale in scales)
        for scale, element in zip(scales, self._row.children):
            first, last = boxes[(scale["layers"][0], 0)], boxes[(scale["layers"][-1], 0)]
            width = min(max(last.right - first.x, 64), LONGEST)
            left = (first.x + last.right - width) / 2
            element.style.cssText = f"left:{left:.0f}px;width:{width:.0f}px"
            self.draw(element.firstChild, scale)

    def show_in(self, row, scales):
        """Draw legends into another row; `scales` are (name, scale)."""
        row.innerHTML = "".join(
            f'<div class="named-legend"><span>{escape(name)}</span>{self._html(scale)}</div>'
            for name, scale in scales
        )
        for (_, scale), element in zip(scales, row.children):
            self.draw(element.querySelector("canvas"), scale)

    def draw(self, canvas, scale):
        """Draw the ramp of a scale on a canvas."""
        if scale.get("ramp") == CHANNELS:
            rows = self._channel_count
            put_pixels(canvas, self._channels.buffer, 0, self._channels.length // (4 * rows), rows)
            return
        entries = self._diverging.length // 4
        middle = entries // 2
        if scale["signed"]:
            put_pixels(canvas, self._diverging.buffer, 0, entries, 1)
        else:
            put_pixels(canvas, self._diverging.buffer, middle * 4, entries - middle, 1)

    def _html(self, scale):
        ends = [number(-scale["limit"]), "0"] if scale["signed"] else ["0"]
        ends.append("1" if scale.get("ramp") == CHANNELS else number(scale["limit"]))
        texts = "".join(f"<span>{end}</span>" for end in ends)
        layers = self._words.listed(scale["layers"])
        label = escape(self._words("legend.label", layers=layers, low=ends[0], high=ends[-1]))
        return f'<div class="legend" role="img" aria-label="{label}"><canvas></canvas><p>{texts}</p></div>'
