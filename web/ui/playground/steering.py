"""Pointer, touch and keys move the window of the playground.

A mouse moves it as it passes over a grid. A press holds it, so that one can leave the grid without moving
it; a press on the same place lets it go again.
"""

from ui.dom import on


class Steering:
    """Listens on grids for their `owner`, which has the `cursor` and moves it."""

    def __init__(self, owner):
        self._owner = owner
        self.held = False  # on all grids

    def listen(self, grid, place):
        """Follow what happens on a grid; `place(row, column)` is the cursor's place for a cell."""

        def at(event):
            return place(*grid.cell_at(event.clientX, event.clientY))

        on(grid.element, "pointerdown", lambda event: self._pressed(event, at))
        on(grid.element, "pointermove", lambda event: self._pointed(event, at))
        on(grid.element, "keydown", self._key_pressed)

    def _pressed(self, event, at):
        if event.button == 0:
            place = at(event)
            self.held = not (self.held and place == self._owner.cursor)
            self._owner.move(*place)

    def _pointed(self, event, at):
        if event.buttons or (event.pointerType == "mouse" and not self.held):
            place = at(event)
            if place != self._owner.cursor:
                self._owner.move(*place)

    def _key_pressed(self, event):
        if event.altKey or event.ctrlKey or event.metaKey:
            return
        place = self._owner.grid.moved(*self._owner.cursor, event.key, event.shiftKey)
        if place is not None:
            event.preventDefault()
            self._owner.move(*place)
