"""Maps that glide between their places in the overview and in a view."""

from pyscript.ffi import to_js

from ui.dom import calm

DURATION = 450  # milliseconds


def rectangles(elements):
    """Where the elements of a dict stand on the screen, by the same keys."""
    return {key: element.getBoundingClientRect() for key, element in elements.items()}


def glide(elements, before):
    """Let elements come from where the rectangles `before` of the same keys were; without motion, at once."""
    if calm():
        return
    timing = to_js({"duration": DURATION, "easing": "cubic-bezier(.3, 0, .2, 1)"})
    for key, element in elements.items():
        start, end = before.get(key), element.getBoundingClientRect()
        if start is None or not start.width or not end.width:
            continue
        moved = f"translate({start.left - end.left}px, {start.top - end.top}px)"
        scaled = f"scale({start.width / end.width}, {start.height / end.height})"
        element.style.transformOrigin = "0 0"
        frames = [{"transform": moved + " " + scaled, "zIndex": 1}, {"transform": "none", "zIndex": 1}]
        element.animate(to_js(frames), timing)


def fade_in(element):
    if not calm():
        frames = [{"opacity": 0}, {"opacity": 1}]
        element.animate(to_js(frames), to_js({"duration": DURATION}))
