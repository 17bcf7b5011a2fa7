"""Where the visitor is: the view that is open, the step of the path, and the address that says both."""

from pyscript import document

from ui import address
from ui.dom import on
from ui.state import read_fragment, read_place, read_step


class Places:
    """Opens and closes views, writes the state into the address, and follows the history.

    `page` gives the rooms that are led there: drawing, views, article, path, and the picture's.
    """

    def __init__(self, page):
        self._page = page
        self._state = page.state
        on(document, "keydown", self._key_pressed)
        address.on_change(self._go_through_history)

    def open(self, layer, unit, view=None, place=None):
        """The visitor opens a unit's view: a new entry of the history."""
        self._page.notices.clear("picture")
        self._page.status.remind()
        self.write(new_entry=False)  # so that one comes back to where the cursor is now
        self._show(layer, unit, view, place)
        self.write(new_entry=True)

    def close(self):
        """The visitor closes the view."""
        self.write(new_entry=False)
        self._hide()
        self.write(new_entry=True)

    def write(self, new_entry):
        """Let the address say the state, as a new entry of the history or in place of this one."""
        self._page.views.note_place()
        address.write(self._state.fragment(), new_entry)

    def go(self, parts, new_entry=True):
        """Show the state that a fragment's parts, a dict of texts, ask for; picture and step may stay."""
        if new_entry:
            self.write(new_entry=False)
        asked = dict(self._state.lasting())
        asked.update(parts)
        address.write([(name, asked[name]) for name in sorted(asked)], new_entry)
        self.follow_address()
        self.write(new_entry=False)

    def follow_address(self):
        """Take over what the fragment asks for; what it does not say stays, what is impossible is ignored."""
        parts, page, state = address.read(), self._page, self._state
        state.step = read_step(parts)
        picture, layer, unit, view = read_fragment(parts, page.pictures.known, page.columns)
        gone = picture is None and parts.get("picture", "").startswith("upload-")
        if gone:
            page.notices.say("picture", page.words("upload.gone"))
        elif picture and picture != state.picture:
            page.showing.take(picture)
        if layer is None:
            if page.views.is_open:
                self._hide()
        elif (layer, unit, view) == (state.layer, state.unit, state.view):
            page.views.take_place(read_place(parts), parts)
        else:
            self._show(layer, unit, view, read_place(parts), parts)
        if gone:
            self.write(new_entry=False)
        if page.path:
            page.path.follow()

    def _show(self, layer, unit, view, place=None, parts=None):
        self._state.open(layer, unit, view)
        if place:
            self._state.y, self._state.x = place
        self._page.views.open(place, parts)
        self._page.drawing.hide()

    def _hide(self):
        layer, unit = self._state.layer, self._state.unit
        self._state.open(None, None)
        before = self._page.views.close()
        self._page.drawing.show(layer, unit)
        self._page.views.glide_back(before)

    def _go_through_history(self):
        self.follow_address()
        self._page.article.came_back()

    def _key_pressed(self, event):
        if event.key == "Escape" and self._page.views.in_sight and not event.defaultPrevented:
            self.close()
