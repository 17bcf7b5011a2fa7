"""Pointer, touch and keys move the cursor of the open view.

A mouse moves it as it passes over a big map. A press on any map holds it there, so that one can leave the
map without moving it; a press on the same place lets it go again.
"""

from pyscript import document, window
from pyscript.ffi import create_proxy

from ui.dom import by_id, on

TYPED = "input, select, textarea"  # elements that need the arrow keys themselves


class Steering:
    """Listens once, for all views, and draws at most one move in a frame."""

    def __init__(self, frame, loupe):
        self._frame = frame
        self._loupe = loupe
        self._pending = None  # the latest pointer event that is not drawn yet
        self.held = False
        self._dragged = None  # the map on which the pointer was pressed
        self._draw = create_proxy(lambda _: self._drawn())
        section, body = by_id("view"), by_id("view-body")
        on(body, "pointerdown", self._pressed)
        on(body, "pointermove", self._pointed)
        on(document, "pointerup", lambda _: self._released())
        on(document, "pointercancel", lambda _: self._released())
        on(body, "pointerleave", self._left)
        on(section, "click", self._clicked)
        on(section, "focusin", self._focused)
        on(section, "focusout", self._left)
        on(section, "keydown", self._key_pressed)

    def _pressed(self, event):
        element = map_of(event.target)
        if element and event.button == 0 and self._frame.view:
            self._dragged = element
            self._frame.view.clicked(element)
            place = self._place(element, event.clientX, event.clientY)
            self.held = not (self.held and place == self._frame.cursor)
            self._point(element, event)

    def _released(self):
        self._dragged = None

    def _pointed(self, event):
        element = self._dragged or map_of(event.target)
        # A mouse moves the cursor on big maps as it passes, on small ones only when it is pressed.
        hovered = element and event.pointerType == "mouse" and element.classList.contains("big")
        if element and (self._dragged or (hovered and not self.held)):
            self._point(element, event)
        elif element is None and event.pointerType == "mouse" and not self.held:
            self._go_to(event.target)

    def _point(self, element, event):
        if self._pending is None:
            window.requestAnimationFrame(self._draw)
        self._pending = element, event.clientX, event.clientY

    def _drawn(self):
        (element, across, down), self._pending = self._pending, None
        view = self._frame.view
        if view is None or not element.isConnected:
            return
        if element.classList.contains("big"):
            self._loupe.follow(element)
        self._frame.move(*self._place(element, across, down))

    def _place(self, element, across, down):
        """The cursor's place for a point of the screen on a map."""
        view = self._frame.view
        panel = view.panel_of(element)
        box = element.getBoundingClientRect()
        above, before, rows, columns = view.extent(panel)
        row = int((down - box.top) / box.height * rows // 1) - above
        column = int((across - box.left) / box.width * columns // 1) - before
        return view.grid.clamp(*view.place(panel.role, panel.source, row, column))

    def _left(self, _):
        self._loupe.hide()

    def _go_to(self, target):
        """Bring the cursor to the place that an element stands for, if it stands for one."""
        element = target.closest("[data-cursor-y]")
        if element and self._frame.view:
            place = int(element.dataset.cursorY), int(element.getAttribute("data-cursor-x") or 0)
            if place != self._frame.cursor:
                self._frame.move(*place)

    def _clicked(self, event):
        button = event.target.closest("button.to")
        if button:
            self._frame.follow(button)
        elif self._frame.view and map_of(event.target) is None:
            self._go_to(event.target)
            if self._frame.view.clicked(event.target):
                self._frame.move(*self._frame.cursor)

    def _focused(self, event):
        self._go_to(event.target)
        element = map_of(event.target)
        if element and self._frame.view and element.matches(":focus-visible"):
            self._loupe.follow(element)
            self._loupe.show(self._frame.view, *self._frame.cursor)

    def _key_pressed(self, event):
        view = self._frame.view
        if event.altKey or event.ctrlKey or event.metaKey or view is None or event.target.matches(TYPED):
            return
        place = view.grid.moved(*self._frame.cursor, event.key, event.shiftKey)
        if place is None:
            return
        event.preventDefault()
        element = map_of(event.target)
        if element:
            self._loupe.follow(element)
        self._frame.move(*place)


def map_of(element):
    """The map that holds this element, or None."""
    return element.closest(".map")
