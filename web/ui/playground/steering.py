"""Pointer, touch and keys move the window of the playground.

A mouse moves it as it passes over a grid. A press holds it, so that one can leave the grid without moving
it; a press on the same place lets it go again.
"""

from ui.dom import on


class Steering:
    """Listens on a grid for its `owner`, which has the `cursor` and moves it.

    `place(row, column)` tells to which of the cursor's places a cell of the grid belongs.
    """

    held = False  # of all grids

    def __init__(self, grid, owner, place):
        self._grid = grid
        self._owner = owner
        self._place = place
        on(grid.element, "pointerdown", self._pressed)
        on(grid.element, "pointermove", self._pointed)
        on(grid.element, "keydown", self._key_pressed)

    def _at(self, event):
        return self._place(*self._grid.cell_at(event.clientX, event.clientY))

    def _pressed(self, event):
        if event.button == 0:
            place = self._at(event)
            Steering.held = not (Steering.held and place == self._owner.cursor)
            self._owner.move(*place)

    def _pointed(self, event):
        if event.buttons or (event.pointerType == "mouse" and not Steering.held):
            place = self._at(event)
            if place != self._owner.cursor:
                self._owner.move(*place)

    def _key_pressed(self, event):
        if event.altKey or event.ctrlKey or event.metaKey:
            return
        place = self._owner.grid.moved(*self._owner.cursor, event.key, event.shiftKey)
        if place is not None:
            event.preventDefault()
            self._owner.move(*place)
