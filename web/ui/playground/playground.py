"""The playground itself: what the visitor chose, what the engine makes of it, and where the window is."""

import json

from pyscript import document, window
from pyscript.ffi import create_proxy, to_js

from ui import tasks
from ui.cursor import Grid
from ui.dom import by_id, calm, on
from ui.engine_link import EngineGone
from ui.playground.board import Board
from ui.playground.fields import Fields, Troubles
from ui.playground.kernels import EDGES, PRESETS, START, Weights, pattern
from ui.playground.sizes import RANGES
from ui.playground.steering import Steering
from ui.reasons import reason
from ui.views.playback import Playback

LARGEST_WEIGHT = 10
REST = 500  # milliseconds without a move after which the window rests


class Playground:
    """Brings the section to life. `page` gives words, engine and colours."""

    def __init__(self, page):
        self._page = page
        self._words = page.words
        self._wanted = START  # what the fields say; it may be impossible
        self._setting = START  # what is shown: the last possible one
        self._weights = Weights(EDGES)
        self._source = by_id("try-source")
        self._shown = None  # question and picture of the numbers that are shown, if there are any
        self._asked = 0  # counts what was asked of the engine, so that only the last answer is shown
        self._goes_on = not calm()  # shall it play as soon as it can?
        self._in_sight = False
        self._resting = None
        self._rest = create_proxy(self._rested)
        self.cursor = (0, 0)
        self.grid = Grid(1, 1)

        self._board = Board(page)
        self._troubles = Troubles()
        self._sizes = self._fields("try-sizes", self._describe_size, self._choose_size)
        self._kernel = self._fields("try-kernel", self._describe_weight, self._choose_weight)
        self._playback = Playback("try-play", self._words, self._play_to, self._rested)
        self._steering = Steering(self)
        self._steering.listen(self._board.input, self._place_at)
        self._steering.listen(self._board.output, lambda row, column: (row, column))
        on(by_id("try-presets"), "click", self._preset_clicked)
        on(self._source, "change", lambda _: self.refresh())
        on(by_id("try-retry"), "click", lambda _: self.refresh())
        self._listen()
        for control in by_id("playground").querySelectorAll("[disabled]"):
            control.disabled = False
        self._board.show_kernel(self._rows())
        self.refresh()

    def _fields(self, name, describe, on_value):
        return Fields(by_id(name), self._words, self._troubles, describe, on_value)

    def _listen(self):
        """Follow the engine and the picture, and rest while out of sight."""
        changed = create_proxy(lambda records, _: self._page_changed(records))
        attributes = to_js({"attributeFilter": ["data-engine", "data-picture"]})
        window.MutationObserver.new(changed).observe(document.documentElement, attributes)
        seen = create_proxy(lambda entries, _: self._seen(list(entries)[-1].isIntersecting))
        window.IntersectionObserver.new(seen).observe(by_id("try-stage"))

    def _page_changed(self, records):
        """Compute anew after a picture was drawn, and tell when the engine fails."""
        drawn = any(record.attributeName == "data-picture" for record in records)
        if drawn or self._page.status.is_failed():
            self.refresh()

    def _rows(self):
        return self._weights.kernel(self._setting.kernel)

    # What the visitor chooses

    def _describe_size(self, name):
        for each, least, most in RANGES:
            if each == name:
                return self._name(name), getattr(self._wanted, name), least, most, True
        raise ValueError(f"no hyperparameter is called {name!r}")

    def _choose_size(self, name, value):
        self._choose(self._wanted.changed(name, value))

    def _choose(self, setting):
        """Show a setting, or say why it is impossible and offer the nearest one that is not."""
        self._wanted = setting
        if setting.possible:
            self._troubles.clear("fit")
            other_kernel = setting.kernel != self._setting.kernel
            self._setting = setting
            if other_kernel:
                self._renew_kernel()
            self.refresh()
            return
        name, value = setting.nearest()
        sentence = self._words("playground.impossible", extent=setting.extent, room=setting.room)
        offer = self._words("playground.offer.size", name=self._name(name), value=value)
        self._troubles.show("fit", sentence, offer, lambda: self._mend(name, value))

    def _mend(self, name, value):
        self._sizes.put(name, value)
        self._sizes.focus(name)
        self._choose_size(name, value)

    def _name(self, name):
        return self._words("playground.size." + name)

    def _describe_weight(self, key):
        row, column = place_of(key)
        name = self._words("playground.weight", row=row, column=column)
        return name, self._rows()[row][column], -LARGEST_WEIGHT, LARGEST_WEIGHT, False

    def _choose_weight(self, key, weight):
        row, column = place_of(key)
        self._weights.put(self._setting.kernel, row, column, weight)
        self.refresh()

    def _renew_kernel(self):
        self._troubles.clear("weight-")
        self._board.show_kernel(self._rows())

    def _preset_clicked(self, event):
        button = event.target.closest("[data-preset]")
        if button is None:
            return
        self._setting, rows = PRESETS[button.dataset.preset]
        if rows:
            self._weights = Weights(rows)
        for name, _, _ in RANGES:
            self._sizes.put(name, getattr(self._setting, name))
        self._renew_kernel()
        self._choose(self._setting)

    # What is shown

    def refresh(self):
        """Show what there is, and ask the engine for the output if it is running."""
        self._asked += 1
        asked, page, of_picture = self._asked, self._page, self._source.value == "picture"
        question = self._question(of_picture), page.shown.picture if of_picture else None
        if page.shown.computed and page.status.is_ready():
            tasks.run(self._compute(asked, question), lambda error: self._failed(asked, question, error))
        else:
            self._show(question, self._waiting())

    async def _compute(self, asked, question):
        facts, arrays = await self._page.engine.ask("play", question[0])
        if asked == self._asked:
            self._show(question, "", facts, arrays)

    def _failed(self, asked, question, error):
        if asked != self._asked:
            return
        if isinstance(error, EngineGone):
            self._show(question, self._waiting())  # it comes again when the next engine has the picture
            return
        self._show(question, self._words("playground.failed", reason=reason(self._words, error)))
        by_id("try-retry").hidden = False

    def _show(self, question, trouble, facts=None, arrays=None):
        """Show the setting with what the engine made of it; `trouble` says why it made nothing."""
        by_id("try-status").textContent = trouble
        by_id("try-retry").hidden = True
        if arrays is None and question == self._shown:
            return  # what is shown still holds
        self._shown = question if arrays else None
        setting = self._setting
        if arrays:
            values, answer = arrays[0], arrays[1:]
        elif question[1]:
            values, answer = [None] * setting.size * setting.size, None
        else:
            values, answer = [value for row in pattern(setting.size) for value in row], None
        self._board.show(setting, self._rows(), values, answer)
        self._board.show_origin((facts["row"], facts["column"]) if facts and "row" in facts else None)
        self.grid = Grid(setting.places, setting.places)
        by_id("playground").dataset.computed = "true" if arrays else "false"
        self._playback.enable(True)
        self._move(*self.cursor)
        self._go_on()

    def _waiting(self):
        """Why there are no numbers."""
        status = self._page.status
        if status.is_failed():
            return self._words("playground.stopped")
        if status.is_ready():
            return self._page.showing.why_not()
        return self._words("playground.restarting" if status.restarts() else "playground.starting")

    def _question(self, of_picture):
        setting = self._setting
        return json.dumps(
            {
                "input": None if of_picture else pattern(setting.size),
                "size": setting.size,
                "kernel": self._rows(),
                "padding": setting.padding,
                "stride": setting.stride,
                "dilation": setting.dilation,
            }
        )

    # The window

    def _place_at(self, row, column):
        """The window's place, not yet clamped, that is nearest to a cell of the padded input."""
        return self._setting.place(row), self._setting.place(column)

    def move(self, y, x):
        """The visitor moves the window."""
        self._goes_on = False
        self._playback.stop()
        self._move(y, x)

    def _play_to(self, index):
        self._move(*self.grid.place(index))

    def _move(self, y, x):
        """Lay the window over the place nearest to (y, x), and write every number that depends on it."""
        y, x = self.cursor = self.grid.clamp(y, x)
        self._board.move(y, x)
        self._board.keep_in_sight()
        self._playback.show(self.grid.index(y, x), self.grid.count)
        place = self._words("view.place", row=y, column=x)
        self._playback.say(self._words("view.held", place=place) if self._steering.held else place)
        window.clearTimeout(self._resting)
        if not self._playback.playing:
            self._resting = window.setTimeout(self._rest, REST)

    def _rested(self):
        """The window has come to rest: say its arithmetic."""
        if not self._playback.playing:
            place = self._words("view.place", row=self.cursor[0], column=self.cursor[1])
            by_id("try-live").textContent = self._words("numbers.of", name=place, numbers=self._board.text())

    def _seen(self, in_sight):
        """The grids came into sight, or left it."""
        self._in_sight = in_sight
        if in_sight:
            self._go_on()
        elif self._playback.playing:
            self._playback.halt()
            self._goes_on = True

    def _go_on(self):
        """Play, if that waits for nothing any more."""
        if self._goes_on and self._in_sight and by_id("playground").dataset.computed == "true":
            self._goes_on = False
            self._playback.play()


def place_of(key):
    """Row and column of the weight whose fields have this key."""
    _, row, column = key.split("-")
    return int(row), int(column)
