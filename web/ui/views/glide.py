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
    after = rectangles(elements)  # all are measured before any moves: else each would be laid out anew
    for key, element in elements.items():
        start, end = before.get(key), after[key]
        if start is None or not start.width or not end.width:
            continue
        moved = f"translate({start.left - end.left}px, {start.top - end.top}px)"
        scaled = f"scale({start.width / end.width}, {start.height / end.height})"
        still = {"transformOrigin": "0 0", "zIndex": 1}
        first, last = dict(still, transform=moved + " " + scaled), dict(still, transform="none")
        element.animate(to_js([first, last]), timing)
