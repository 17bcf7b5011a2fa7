"""Maps in a view, each under its name."""

from ui.figures import shape
from ui.words import escape


def captioned(panel, caption, sizes, foot="", extra=""):
    """HTML of a big map: `caption` (HTML) and its sizes over it, `foot` (HTML) under it; `extra` classes."""
    return (
        f'<figure class="named {extra}"><figcaption>{caption} <span class="shape">{shape(sizes)}</span>'
        f"</figcaption>{panel.html('big')}{foot}</figure>"
    )


def name_of(name):
    """HTML of a map's name."""
    return f'<span class="name">{escape(name)}</span>'


def way_to(scene, layer, unit, name):
    """HTML of a unit's name that leads to the unit's own view."""
    label = scene.words("view.way", layer=layer, unit=scene.name(layer, unit))
    return (
        f'<button type="button" class="to name" data-to-layer="{escape(layer)}" data-to-unit="{unit}"'
        f' title="{escape(label)}">{escape(name)}</button>'
    )


def lead_to(button, place):
    """Let such a way lead to this (row, column) of the unit."""
    button.setAttribute("data-to-y", str(place[0]))
    button.setAttribute("data-to-x", str(place[1]))
