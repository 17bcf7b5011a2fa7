"""Which unit is brought out, the one under the pointer or else the one in focus, and which is opened."""

from pyscript import window
from pyscript.ffi import create_proxy

from ui.columns import neighbour
from ui.dom import by_id, on

LEAVE = 80  # milliseconds; a shorter way between two units does not count as leaving


class Pointing:
    """Follows pointer, focus and keys over the network.

    `on_bring_out(unit)` is called with the (layer, unit) to bring out, or None; `on_open(layer, unit)` when
    the visitor opens one.
    """

    def __init__(self, overview, on_bring_out, on_open):
        self._overview = overview
        self._on_bring_out = on_bring_out
        self._on_open = on_open
        self._hovered = None
        self._focused = None
        self._leaving = None  # the timer that runs when the pointer has left a unit
        self._leave = create_proxy(lambda: self._hover(None))
        network = by_id("network")
        on(network, "pointerover", self._pointer_moved)
        on(network, "pointerleave", self._pointer_moved)
        on(network, "focusin", self._focus_moved)
        on(network, "focusout", self._focus_moved)
        on(network, "click", self._clicked)
        on(network, "keydown", self._key_pressed)
        on(by_id("skip"), "click", self._skip)

    def bring_out(self):
        self._on_bring_out(self._hovered or self._focused)

    def forget(self):
        """Bring out no unit until the visitor points at one again."""
        self._hovered = self._focused = None
        self.bring_out()

    def _pointer_moved(self, event):
        window.clearTimeout(self._leaving)
        unit = None if event.type == "pointerleave" else unit_of(event.target)
        if unit is None:
            self._leaving = window.setTimeout(self._leave, LEAVE)
        else:
            self._hover(unit)

    def _hover(self, unit):
        if unit != self._hovered:
            self._hovered = unit
            self.bring_out()

    def _focus_moved(self, event):
        self._focused = unit_of(event.target) if event.type == "focusin" else None
        if self._focused:
            self._overview.rove(*self._focused)
        self.bring_out()

    def _clicked(self, event):
        unit = unit_of(event.target)
        if unit:
            self._on_open(*unit)

    def _key_pressed(self, event):
        if event.altKey or event.ctrlKey or event.metaKey:
            return
        unit = unit_of(event.target)
        if unit is None:
            return
        there = neighbour(self._overview.columns, unit[0], unit[1], event.key)
        if there:
            event.preventDefault()
            self._overview.focus(*there)

    def _skip(self, event):
        event.preventDefault()  # the link's own fragment would replace the state
        if by_id("network").hidden:
            by_id("view-title").focus()
        else:
            self._overview.focus(self._overview.columns[0].name, 0)


def unit_of(element):
    """The (layer, unit) whose button holds this element, or None."""
    button = element.closest("button[data-unit]")
    return (button.dataset.layer, int(button.dataset.unit)) if button else None
