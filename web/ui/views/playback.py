"""Playback: a cursor scans its places in raster order."""

from pyscript import document, window
from pyscript.ffi import create_proxy

from ui.dom import by_id, on

SPEEDS = {"slow": 700, "medium": 150, "fast": 16}  # milliseconds from place to place


class Playback:
    """A bar whose elements' ids begin with `name`, that of its main button.

    `on_place(index)` when it moves the cursor, `on_rest()` when it stops.
    """

    def __init__(self, name, words, on_place, on_rest):
        self._words = words
        self._on_place = on_place
        self._on_rest = on_rest
        self._button = by_id(name)
        self._scrubber = by_id(name + "-place")
        self._speed = by_id(name + "-speed")
        self._at = by_id(name + "-at")
        self._count = 1
        self._index = 0
        self._timer = None
        self._tick = create_proxy(self._ticked)
        back, forward = by_id(name + "-back"), by_id(name + "-on")
        self._controls = [self._button, back, forward, self._scrubber]
        on(self._button, "click", lambda _: self.stop() if self.playing else self.play())
        on(back, "click", lambda _: self._step(-1))
        on(forward, "click", lambda _: self._step(1))
        on(self._scrubber, "input", lambda _: self._scrub())
        on(document, "visibilitychange", lambda _: self.stop())
        self._show()

    @property
    def playing(self):
        return self._timer is not None

    def enable(self, on):
        """Let the bar be used, once there is something to play."""
        for control in self._controls:
            control.disabled = not on

    def show(self, index, count):
        """The cursor is at place `index` of `count`."""
        if count != self._count:
            self._count = count
            self._scrubber.max = str(count - 1)
        self._index = index
        self._scrubber.value = str(index)

    def say(self, text):
        """What the scrubber's place is called."""
        self._scrubber.setAttribute("aria-valuetext", text)
        self._at.textContent = text

    def play(self):
        """Go on from where the cursor is; from the end, begin anew."""
        if self._index == self._count - 1:
            self._on_place(0)
        self._wait()
        self._show()

    def stop(self):
        """Stop, and let the cursor rest where it is."""
        if self.playing:
            self.halt()
            self._on_rest()

    def halt(self):
        """Stop without a word."""
        window.clearTimeout(self._timer)
        self._timer = None
        self._show()

    def _wait(self):
        self._timer = window.setTimeout(self._tick, SPEEDS[self._speed.value])

    def _ticked(self):
        if not self.playing:
            return  # a clock of large numbers, as tests have, cannot be stopped from here
        self._on_place(self._index + 1)
        if self._index == self._count - 1:
            self.stop()
        else:
            self._wait()

    def _step(self, by):
        self.stop()
        self._on_place(min(max(self._index + by, 0), self._count - 1))

    def _scrub(self):
        self.stop()
        self._on_place(int(self._scrubber.value))

    def _show(self):
        label = self._words("play.pause" if self.playing else "play.play")
        self._button.setAttribute("aria-label", label)
        self._button.title = label
        self._button.setAttribute("data-playing", "true" if self.playing else "false")
