"""A picture of elements of the page as one standalone SVG: text stays text, canvases become embedded PNGs.

Painted are boxes (backgrounds, borders, outlines, rings of shadow), canvases, inline SVG and text, in the
order of the document. Not painted are pseudo-elements, boxes of buttons and controls of forms. Of gradients
hatches and dots are painted, others in their first colour. Fonts are embedded, and every line of text holds
its length, so that it fits with other fonts as well.
"""

import asyncio
import json
import re

from pyscript import document, window
from pyscript.ffi import create_proxy, to_js

from ui import svg
from ui.words import escape

MARGIN = 16  # pixels around the picture
TITLE = 16  # pixels from the title's line to the picture
CAPTION = 24  # pixels from the picture to the caption's line
FRAMING = "font:{font} {family};fill:{colour}"
SLICE = 20  # milliseconds of work after which the browser may answer
PAUSE = 0.004  # seconds for it; MicroPython does not give way for 0
PATIENCE = 10_000  # milliseconds for a font to come
UNPAINTED = ("SCRIPT", "STYLE", "INPUT", "SELECT", "TEXTAREA", "PROGRESS")
ELEMENT, TEXT = 1, 3  # types of nodes
FONT_FACE = 5  # type of a style sheet's rule
STYLES = (
    "display visibility opacity zIndex clipPath overflowX overflowY backgroundColor backgroundImage boxShadow"
    " borderStyle borderWidth borderColor borderTopLeftRadius outlineStyle outlineWidth outlineColor"
    " outlineOffset imageRendering color fontStyle fontWeight fontSize fontFamily fontVariantNumeric"
    " letterSpacing textTransform textOverflow"
)
# What style sheets can say of the parts of an inline SVG.
DRAWN = (
    "fill fill-opacity stroke stroke-width stroke-opacity stroke-dasharray stroke-linecap stroke-linejoin"
    " opacity display visibility transform font-family font-size font-weight text-anchor dominant-baseline"
)
DRAWN = DRAWN.split()


class Snapshot:
    """`take` paints elements as they stand on the page, `write` then makes the SVG."""

    def __init__(self):
        self._parts = []  # SVG, and what `_image` needs in the places of images
        self._waiting = []  # what is still to be painted, as calls (function, arguments), the next one last
        self._looks = {}  # (name of the class, ascent, descent) of text by its CSS
        self._hatches = {}  # their fills by CSS
        self._clips = 0
        self._edges = None  # left, top, right and bottom of all that is painted
        self._pen = document.createElement("canvas").getContext("2d")
        self._range = document.createRange()
        self._names = to_js(STYLES.split())

    async def take(self, elements):
        """Paint these elements and all in them, with all motion at its end.

        It works in slices, between which the browser may answer.
        """
        for element in elements:
            for motion in element.getAnimations(to_js({"subtree": True})):
                motion.finish()
        self._wait_for([(self._paint, element, None) for element in elements])
        latest = window.performance.now() + SLICE
        while self._waiting:
            call = self._waiting.pop()
            call[0](*call[1:])
            if window.performance.now() > latest:
                await asyncio.sleep(PAUSE)
                latest = window.performance.now() + SLICE

    async def write(self, title, caption):
        """The SVG's text, with a title over the picture and a caption below."""
        page = self._style(document.body)
        family, colour = page["fontFamily"], page["color"]
        left, top, right, bottom = self._edges
        top, bottom = top - TITLE, bottom + CAPTION
        words = (
            f'<text x="{svg.px(left)}" y="{svg.px(top)}" class="title">{_xml(title)}</text>'
            f'<text x="{svg.px(left)}" y="{svg.px(bottom)}" class="caption">{_xml(caption)}</text>'
        )
        left, top, right, bottom = left - MARGIN, top - MARGIN - CAPTION / 2, right + MARGIN, bottom + MARGIN
        width, height = right - left, bottom - top
        looks = [(look, name) for look, (name, _, _) in self._looks.items()]
        looks.append((FRAMING.format(font="600 20px", family=family, colour=colour), "title"))
        looks.append((FRAMING.format(font="12px", family=family, colour=colour), "caption"))
        css = await _font_faces([look for look, _ in looks])
        css += "".join(f".{name}{{{look}}}" for look, name in looks)
        return "".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{svg.px(width)}" height="{svg.px(height)}"',
                f' viewBox="{svg.px(left)} {svg.px(top)} {svg.px(width)} {svg.px(height)}">',
                f"<title>{_xml(title)}</title><style>{escape(css)}</style>",
                svg.rectangle(left, top, width, height) + svg.colour("fill", page["backgroundColor"]) + "/>",
            ]
            + [part if isinstance(part, str) else _image(*part) for part in self._parts]
            + [words, "</svg>\n"]
        )

    # Elements

    def _style(self, element):
        """The computed style that is needed, read in one go, since every single read is slow."""
        return json.loads(window.JSON.stringify(window.getComputedStyle(element), self._names))

    def _wait_for(self, calls):
        """Let these calls wait, the first one first; each gets the place of what is to come after them."""
        last = len(self._waiting)
        self._waiting += [call + (last,) for call in reversed(calls)]

    def _paint(self, element, clip, last):
        """Paint an element; what is in it waits. `clip`: left, top, right, bottom of what is seen of it."""
        style, tag = self._style(element), element.tagName
        cut_away = style["clipPath"].startswith("inset(50%")
        if tag in UNPAINTED or style["display"] == "none" or style["opacity"] == "0" or cut_away:
            return
        if style["zIndex"] not in ("auto", "0") and last is not None:  # it lies over its neighbours
            self._waiting.insert(last, (self._paint, element, clip, None))
            return
        if style["opacity"] != "1":
            self._parts.append(f'<g opacity="{style["opacity"]}">')
            self._waiting.append((self._parts.append, "</g>"))
        visible = style["visibility"] == "visible"
        if visible and tag != "BUTTON":
            self._paint_box(element, style, clip, last)
        if tag == "CANVAS":
            if visible:
                self._paint_canvas(element, style, clip)
        elif tag == "svg":
            self._paint_drawing(element, style, clip)
        else:
            inner = self._clip_to(element, style, clip)
            if inner != clip:
                self._waiting.append((self._parts.append, "</g>"))
            calls = []
            for node in element.childNodes:
                kind = node.nodeType
                if kind == ELEMENT:
                    calls.append((self._paint, node, inner))
                elif kind == TEXT and visible:
                    calls.append((self._paint_text, node, style, inner))
            self._wait_for(calls)

    def _clip_to(self, element, style, clip):
        """What is seen of an element's content: less than all where it scrolls or is cut off."""
        if style["overflowX"] == style["overflowY"] == "visible":
            return clip
        width, height = element.clientWidth, element.clientHeight
        # A pixel more is often but the height of a line's letters.
        if element.scrollWidth <= width + 1 and element.scrollHeight <= height + 1:
            return clip
        box = element.getBoundingClientRect()
        left, top = box.left + element.clientLeft, box.top + element.clientTop
        inner = svg.common((left, top, left + width, top + height), clip)
        self._clips += 1
        shape = svg.rectangle(inner[0], inner[1], max(inner[2] - inner[0], 0), max(inner[3] - inner[1], 0))
        self._parts.append(
            f'<clipPath id="clip-{self._clips}">{shape}/></clipPath><g clip-path="url(#clip-{self._clips})">'
        )
        return inner

    def _sees(self, box, clip):
        """Is something of this rectangle seen? If so, the picture grows to hold it."""
        left, top, right, bottom = svg.common((box["left"], box["top"], box["right"], box["bottom"]), clip)
        if left >= right or top >= bottom:
            return False
        edges = self._edges or (left, top, right, bottom)
        self._edges = min(left, edges[0]), min(top, edges[1]), max(right, edges[2]), max(bottom, edges[3])
        return True

    def _paint_box(self, element, style, clip, last):
        fill, gradient = svg.colour("fill", style["backgroundColor"]), style["backgroundImage"]
        bordered, outlined = style["borderStyle"] != "none", style["outlineStyle"] != "none"
        rings = svg.rings(style["boxShadow"])
        if not (fill or gradient != "none" or rings or bordered or outlined):
            return
        for box in _boxes(element.getClientRects()):
            if not self._sees(box, clip):
                continue
            radius = svg.radius(style["borderTopLeftRadius"], box)
            whole = svg.rectangle(box["left"], box["top"], box["width"], box["height"], radius)
            if fill:
                self._parts.append(f"{whole}{fill}/>")
            if gradient != "none":
                self._paint_gradient(gradient, box, whole)
            if bordered:
                self._paint_border(style, box, radius)
            for out, thick, colour in rings:
                self._parts.append(svg.frame(box, radius, out, thick, colour))
            if outlined:
                out, thick = svg.pixels(style["outlineOffset"]), svg.pixels(style["outlineWidth"])
                frame = svg.frame(box, radius, out, thick, style["outlineColor"], style["outlineStyle"])
                # An outline lies over what comes after its element.
                self._waiting.insert(0 if last is None else last, (self._parts.append, frame))

    def _paint_gradient(self, css, box, whole):
        hatch = re.match(r"repeating-linear-gradient\((-?[0-9.]+)deg", css)
        if hatch:
            if css not in self._hatches:
                self._hatches[css] = f"hatch-{len(self._hatches)}"
                self._parts.append(
                    svg.pattern(self._hatches[css], float(hatch.group(1)) - 90, svg.stops(css))
                )
            self._parts.append(f'{whole} fill="url(#{self._hatches[css]})"/>')
        elif css.startswith("radial-gradient(circle"):
            x, y = box["left"] + box["width"] / 2, box["top"] + box["height"] / 2
            for colour, radius in reversed(svg.stops(css)):
                if colour:
                    self._parts.append(
                        f'<circle cx="{svg.px(x)}" cy="{svg.px(y)}" r="{svg.px(radius)}"{colour}/>'
                    )
        else:
            self._parts += [f"{whole}{colour}/>" for colour, _ in svg.stops(css)[:1] if colour]

    def _paint_border(self, style, box, radius):
        """A border that is the same on all sides as a frame, any other one as a bar on each side."""
        widths, kinds, colours = (
            svg.sides(style["borderWidth"]),
            svg.sides(style["borderStyle"]),
            svg.sides(style["borderColor"]),
        )
        if all(len(set(values)) == 1 for values in (widths, kinds, colours)):
            thick = svg.pixels(widths[0])
            self._parts.append(svg.frame(box, radius, -thick, thick, colours[0], kinds[0]))
            return
        left, top, width, height = box["left"], box["top"], box["width"], box["height"]
        up, right, down, before = [svg.pixels(thick) for thick in widths]
        bars = (
            (left, top, width, up),
            (left + width - right, top, right, height),
            (left, top + height - down, width, down),
            (left, top, before, height),
        )
        for bar, colour in zip(bars, colours):
            fill = svg.colour("fill", colour)
            if fill and bar[2] and bar[3]:
                self._parts.append(svg.rectangle(*bar) + fill + "/>")

    def _paint_canvas(self, canvas, style, clip):
        box = _box(canvas)
        if canvas.width and canvas.height and self._sees(box, clip):
            self._parts.append((canvas, box, style["imageRendering"]))

    def _paint_drawing(self, drawing, style, clip):
        """An inline SVG, with what style sheets say of its parts as their attributes."""
        box = _box(drawing)
        if not self._sees(box, clip):
            return
        copy = drawing.cloneNode(True)
        names = to_js(DRAWN)
        originals = [drawing] + list(drawing.querySelectorAll("*"))
        for part, original in zip([copy] + list(copy.querySelectorAll("*")), originals):
            part.removeAttribute("style")
            part.removeAttribute("class")
            look = json.loads(window.JSON.stringify(window.getComputedStyle(original), names))
            for name, value in look.items():
                if name != "transform" or value != "none":  # as an attribute it has no such word
                    part.setAttribute(name, value)
        for name, side in (("x", "left"), ("y", "top"), ("width", "width"), ("height", "height")):
            copy.setAttribute(name, svg.px(box[side]))
        copy.setAttribute("overflow", style["overflowX"])
        self._parts.append(window.XMLSerializer.new().serializeToString(copy))

    # Text

    def _paint_text(self, node, style, clip, _last):
        text = node.data
        fill = svg.colour("fill", style["color"])
        if not fill or not text.strip():
            return
        name, ascent, descent = self._look(style)
        for line, box in self._lines(node, text):
            if not self._sees(box, clip):
                continue
            if style["textTransform"] == "uppercase":
                line = line.upper()
            if style["textOverflow"] == "ellipsis" and clip and box["right"] > clip[2]:
                line = svg.cut(line, box, clip[2])
            base = (box["top"] + box["bottom"] + ascent - descent) / 2
            length = svg.px(box["right"] - box["left"])
            self._parts.append(
                f'<text x="{svg.px(box["left"])}" y="{svg.px(base)}" textLength="{length}"'
                f' lengthAdjust="spacingAndGlyphs" class="{name}"{fill}>{_xml(line)}</text>'
            )

    def _lines(self, node, text):
        """The lines in which a text stands on the page, each with its box."""
        start = len(text) - len(text.lstrip())
        boxes = self._boxes_of(node, start, node.length - len(text) + len(text.rstrip()))
        if len(boxes) == 1:
            return [(" ".join(text.split()), boxes[0])]
        lines = []
        for sign in text.strip():
            units = 2 if ord(sign) > 0xFFFF else 1  # JavaScript counts in units of 16 bits
            for box in self._boxes_of(node, start, start + units)[
                :1
            ]:  # where it is cut short, there are more
                if lines and abs(lines[-1][1]["top"] - box["top"]) < box["height"] / 2:
                    line, whole = lines[-1]
                    whole["right"] = max(whole["right"], box["right"])
                    lines[-1] = line + sign, whole
                elif sign.strip() and box["width"]:
                    lines.append((sign, box))
            start += units
        return [(line.rstrip(), box) for line, box in lines]

    def _boxes_of(self, node, start, end):
        self._range.setStart(node, start)
        self._range.setEnd(node, end)
        return _boxes(self._range.getClientRects())

    def _look(self, style):
        """The class of text in this style, and how far its letters reach above and below their line."""
        font = f"{style['fontStyle']} {style['fontWeight']} {style['fontSize']} {style['fontFamily']}"
        spacing, numeric = style["letterSpacing"], style["fontVariantNumeric"]
        look = f"font:{font};letter-spacing:{spacing};font-variant-numeric:{numeric}"
        if look not in self._looks:
            self._pen.font = font
            metrics = self._pen.measureText("x")
            reach = metrics.fontBoundingBoxAscent, metrics.fontBoundingBoxDescent
            self._looks[look] = f"text-{len(self._looks)}", reach[0], reach[1]
        return self._looks[look]


async def _font_faces(looks):
    """CSS that brings the page's own fonts of these looks, with those files in it that can be had."""
    rules = [rule for sheet in document.styleSheets for rule in sheet.cssRules if rule.type == FONT_FACE]
    files, faces = {}, []
    for rule in rules:
        family = rule.style.getPropertyValue("font-family")
        if not any(family in look for look in looks):
            continue
        source = re.search(r'url\("?([^")]+)', rule.cssText).group(1)
        address = window.URL.new(source, document.baseURI).href
        if address not in files:
            try:
                files[address] = await _data_url(address)
            except Exception:  # the site's server is gone, and the browser has not kept the file
                continue
        faces.append(rule.cssText.replace(source, files[address]))
    return "".join(faces)


async def _data_url(address):
    """A file of the site as an address that holds all of it.

    Raises:
        Exception: it cannot be had, or not in time.
    """
    response = await window.fetch(address, to_js({"signal": window.AbortSignal.timeout(PATIENCE)}))
    if not response.ok:
        raise OSError(f"{address}: HTTP {response.status}")
    blob = await response.blob()
    read, reader = asyncio.Event(), window.FileReader.new()
    reader.onloadend = create_proxy(lambda _: read.set())
    reader.readAsDataURL(blob)
    await read.wait()
    return reader.result


def _image(canvas, box, rendering):
    place = svg.place(box["left"], box["top"], box["width"], box["height"])
    # What draws no pages knows but the older word for crisp.
    crisp = "optimizeSpeed;image-rendering:pixelated" if rendering == "pixelated" else rendering
    look = f'preserveAspectRatio="none" style="image-rendering:{crisp}"'
    return f'<image {place} {look} href="{canvas.toDataURL()}"/>'


def _box(element):
    return json.loads(window.JSON.stringify(element.getBoundingClientRect()))


def _boxes(rectangles):
    """A list of DOMRect as dicts; those without any extent are left out."""
    boxes = json.loads(window.JSON.stringify(window.Array["from"](rectangles)))
    return [box for box in boxes if box["width"] or box["height"]]


def _xml(text):
    """A text in XML, without the control characters that XML does not allow."""
    return escape("".join(sign for sign in text if sign >= " "))
