"""The menu of what a visitor can take along from an open view: its address, picture, numbers and values."""

import re

from pyscript import document, window
from pyscript.ffi import create_proxy, to_js

from ui import tasks
from ui.dom import by_id, on
from ui.engine_link import EngineGone
from ui.reasons import reason

BRIEF = 5_000  # milliseconds for which the page says what was done
LONGEST = 60  # signs of a layer's name in that of a file; most systems allow 255 bytes in all
OF_THE_ENGINE = ("activations", "map")  # what is taken and does not stand on the page
HELD = 10_000  # milliseconds for which a file's data is held for the browser to save it


class Taking:
    """`frame` is the ViewFrame whose open view is meant."""

    def __init__(self, words, notices, engine, frame):
        self.words = words
        self._notices = notices
        self._engine = engine
        self._frame = frame
        self._menu = by_id("taking")
        self._items = list(self._menu.querySelectorAll("[data-take]"))
        self._by_hand = by_id("taking-by-hand")
        self._text = by_id("taking-text")
        self._news = by_id("taking-news")
        self._wiping = None  # the timer that runs while something is told
        self._wipe = create_proxy(lambda: self._tell(""))
        self._actions = {
            "link": self._copy_link,
            "numbers": self._copy_numbers,
            "picture": self._save_picture,
            "activations": self._save_activations,
            "map": self._save_map,
        }
        on(self._menu, "toggle", self._toggled)
        on(self._menu, "click", self._clicked)
        on(self._menu, "keydown", self._key_pressed)
        on(self._menu, "focusout", self._left)
        on(document, "click", self._clicked_elsewhere)

    def close(self):
        self._menu.open = False
        self._news.textContent = ""

    # The visitor

    def _toggled(self, _):
        self._by_hand.hidden = True
        if self._menu.open:
            self._news.textContent = ""
            self._items[0].focus()

    def _clicked(self, event):
        item = event.target.closest("[data-take]")
        if item:
            page = self._frame.page
            if self._frame.view is None or page.shown.picture != page.state.picture:
                self._tell(self.words("taking.wait"))
            elif item.dataset.take in OF_THE_ENGINE and not page.shown.computed:
                self._tell(page.showing.why_not())
            else:
                self._actions[item.dataset.take]()

    def _key_pressed(self, event):
        """Escape closes the menu, and only the menu; up and down lead through it."""
        if not self._menu.open:
            return
        if event.key == "Escape":
            event.preventDefault()
            self._leave()
        elif event.key in ("ArrowUp", "ArrowDown") and event.target in self._items:
            event.preventDefault()
            event.stopPropagation()  # the view's cursor stays
            step = 1 if event.key == "ArrowDown" else -1
            self._items[(self._items.index(event.target) + step) % len(self._items)].focus()

    def _left(self, event):
        there = event.relatedTarget
        if there and not self._menu.contains(there):
            self._menu.open = False

    def _clicked_elsewhere(self, event):
        if not self._menu.contains(event.target):
            self._menu.open = False

    def _leave(self):
        """Close the menu and put the focus where it was."""
        self._menu.open = False
        self._menu.querySelector("summary").focus()

    # Copying

    def _copy_link(self):
        self._frame.write_address()
        self._copy(window.location.href, self.words("taking.link.copied"))

    def _copy_numbers(self):
        self._copy(self._frame.numbers(), self.words("taking.numbers.copied"))

    def _copy(self, text, done):
        if getattr(window.navigator, "clipboard", None) is None:  # so it is if the page came over plain http
            self._offer(text)
            return
        copied = create_proxy(lambda *_: self._finish(done))
        refused = create_proxy(lambda *_: self._offer(text))
        window.navigator.clipboard.writeText(text).then(copied, refused)

    def _offer(self, text):
        """Show the text, selected, so that the visitor can copy it."""
        self._menu.open = True
        self._by_hand.hidden = False
        self._text.value = text
        self._text.focus()
        self._text.select()

    # Saving

    def _save_picture(self):
        self._save(self._unit_name() + ".svg", "image/svg+xml", self._draw)

    async def _draw(self):
        """The open view as a picture; None if it was closed meanwhile."""
        from ui.snapshot import Snapshot  # only who saves a picture needs it

        frame = self._frame
        frame.pause()
        drawn = None
        while drawn != self._drawn():  # what changes meanwhile must not be half in the picture
            drawn = self._drawn()
            picture = frame.page.gallery.label(frame.page.shown.picture)
            title = self.words("taking.title", view=frame.view.title(), picture=picture)
            caption = self.words("taking.caption", picture=picture, place=frame.place_name())
            snapshot = Snapshot()
            await snapshot.take([by_id(name) for name in ("view-sentence", "view-body", "view-legends")])
            if frame.view is None:
                return None
        return await snapshot.write(title, caption)

    def _drawn(self):
        """What decides how the view is drawn."""
        view = self._frame.view
        return view, self._frame.cursor, view.parts() if view else None

    def _save_activations(self):
        name = file_name(["pycnn", self._frame.page.shown.picture]) + ".npz"
        self._save(name, "application/octet-stream", lambda: self._ask("save"))

    def _save_map(self):
        state = self._frame.state
        asked = "csv", state.layer, str(state.unit)
        self._save(self._unit_name() + ".csv", "text/csv", lambda: self._ask(*asked))

    async def _ask(self, *request):
        _, (data,) = await self._engine.ask(*request)
        return data

    def _save(self, name, kind, make):
        """Hand over to the browser, as a file of a name and a kind, what `make()` gives when awaited."""
        self._tell(self.words("taking.saving", file=name))
        tasks.run(self._saved(name, kind, make), lambda error: self._unsaved(name, kind, make, error))

    def _unsaved(self, name, kind, make, error):
        self._finish("")
        if isinstance(error, EngineGone):
            sentence = self.words("taking.ended", file=name)
        else:
            sentence = self.words("taking.failed", file=name, reason=reason(self.words, error))
        again = self.words("notices.retry"), "retry", lambda: self._save_again(sentence, name, kind, make)
        self._notices.say("page", sentence, actions=[again])

    def _save_again(self, sentence, name, kind, make):
        self._notices.clear("page", sentence)
        self._save(name, kind, make)

    async def _saved(self, name, kind, make):
        data = await make()
        if data is None:
            self._tell("")
            return
        address = window.URL.createObjectURL(window.Blob.new(to_js([data]), to_js({"type": kind})))
        link = document.createElement("a")
        link.href, link.download = address, name
        link.click()
        self._finish(self.words("taking.saved", file=name))
        window.setTimeout(create_proxy(lambda: window.URL.revokeObjectURL(address)), HELD)

    def _unit_name(self):
        """The beginning of the name of a file on the open unit."""
        state = self._frame.state
        parts = ["pycnn", self._frame.page.shown.picture, state.layer, str(state.unit)]
        return file_name(parts + [state.view] if state.view else parts)

    # Telling

    def _finish(self, done):
        if self._menu.open:
            self._leave()
        self._tell(done)

    def _tell(self, sentence):
        window.clearTimeout(self._wiping)
        self._news.textContent = sentence
        if sentence:
            self._wiping = window.setTimeout(self._wipe, BRIEF)


def file_name(parts):
    """The parts of a file's name, none too long, without the signs that some system does not allow in it."""
    return "-".join(re.sub('[\x01-\x1f\\\\/:*?"<>|\\s]', "_", part)[:LONGEST] for part in parts)
