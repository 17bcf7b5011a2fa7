"""SVG out of boxes and computed styles. Pure: no browser module.

A box is a dict with left, top, width, height, right and bottom, as of a DOMRect.
"""

import re

ELLIPSIS = "\u2026"


def common(box, clip):
    """What two rectangles have in common: left, top, right, bottom. `clip` may be None."""
    if clip is None:
        return box
    return max(box[0], clip[0]), max(box[1], clip[1]), min(box[2], clip[2]), min(box[3], clip[3])


def place(left, top, width, height):
    """Where something stands, as attributes."""
    return f'x="{px(left)}" y="{px(top)}" width="{px(width)}" height="{px(height)}"'


def rectangle(left, top, width, height, radius=0):
    """The beginning of a rect, still without its colours."""
    corners = f' rx="{px(radius)}"' if radius else ""
    return f"<rect {place(left, top, width, height)}{corners}"


def frame(box, radius, out, thick, css, kind="solid"):
    """A line of this thickness all around a box, its inner edge `out` pixels outside of it."""
    stroke = colour("stroke", css)
    if not stroke or not thick:
        return ""
    out += thick / 2
    width, height = box["width"] + 2 * out, box["height"] + 2 * out
    line = rectangle(
        box["left"] - out, box["top"] - out, width, height, max(radius + out, 0) if radius else 0
    )
    dashes = f' stroke-dasharray="{px(2 * thick)} {px(thick)}"' if kind in ("dashed", "dotted") else ""
    return f'{line} fill="none"{stroke} stroke-width="{px(thick)}"{dashes}/>'


def pattern(name, turn, stops):
    """A repeating gradient as bars, each in the colour with which it begins."""
    period, bars = stops[-1][1], ""
    for at, (colour, start) in enumerate(stops[:-1]):
        bars += f"{rectangle(start, 0, stops[at + 1][1] - start, period)}{colour}/>"
    return (
        f'<pattern id="{name}" width="{px(period)}" height="{px(period)}" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate({px(turn)})">{bars}</pattern>'
    )


def stops(css):
    """The stops of a computed gradient: colours as attributes, and where they are in pixels."""
    found = [re.match(r"(a?\([^)]*\)) ?([0-9.]*)", part) for part in css.split("rgb")[1:]]
    return [(colour("fill", "rgb" + stop.group(1)), float(stop.group(2) or 0)) for stop in found]


def colour(name, css):
    """A computed colour as the attributes `name` and its opacity; empty for a transparent one."""
    found = re.match(r"rgba?\(([0-9.]+), ?([0-9.]+), ?([0-9.]+)(, ?([0-9.]+))?\)", css)
    if not found:
        return f' {name}="{css}"'
    alpha = found.group(5)
    if alpha and not float(alpha):
        return ""
    opacity = f' {name}-opacity="{alpha}"' if alpha else ""
    return f' {name}="rgb({found.group(1)},{found.group(2)},{found.group(3)})"{opacity}'


def rings(shadow):
    """The rings in a computed box-shadow, undermost first: (pixels outside, thickness, colour)."""
    found = []
    for part in shadow.replace(", rgb", "|rgb").split("|"):
        ring = re.match(r"(.+\)) 0px 0px 0px ([0-9.]+)px( inset)?", part)
        if ring:
            thick = float(ring.group(2))
            found.insert(0, (-thick if ring.group(3) else 0, thick, ring.group(1)))
    return found


def sides(css):
    """A computed shorthand's values for top, right, bottom and left."""
    values = css.replace(", ", ",").split()
    top, right = values[0], values[min(1, len(values) - 1)]
    bottom, left = values[2] if len(values) > 2 else top, values[3] if len(values) > 3 else right
    return [top, right, bottom, left]


def pixels(css):
    return float(css.replace("px", ""))


def radius(css, box):
    """A corner's radius in pixels."""
    css = css.split()[0]
    return float(css[:-1]) * box["width"] / 100 if css.endswith("%") else pixels(css)


def px(value):
    """A number of pixels, as short as it can be said."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def cut(line, box, right):
    """A line of text that ends before `right`, with the sign for what is left out; its box ends there too."""
    width, count = box["right"] - box["left"], len(line)
    kept = max(int(count * (right - box["left"]) / width) - 1, 0)
    box["right"] = box["left"] + width * (kept + 1) / count
    return line[:kept] + ELLIPSIS
