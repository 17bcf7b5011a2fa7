"""What the page has asked of the engine, and what the engine's silence means. Pure: no browser module.

Times are milliseconds of any clock that only goes forward. While the page sleeps, nobody looks: it has to say
`begin_anew` when it wakes, for what was not heard meanwhile says nothing of the engine.
"""

LONG, SILENT, DEAD = "long", "silent", "dead"
# Milliseconds until a request takes long, and without any news until the engine is silent, and then dead.
LONG_AFTER, SILENT_AFTER, DEAD_AFTER = 2_000, 10_000, 30_000
LATE = 5_000  # a look that comes so much later than it was meant to: the page was asleep
# What is being done for a request, as long as the engine has told no better.
DOING = {
    "describe": "describe",
    "decode": "read",
    "fit": "read",
    "show": "forward",
    "compare": "compare",
    "recolour": "colour",
    "open": "view",
    "quote": "quote",
    "play": "play",
    "save": "save",
    "csv": "save",
}


class Watch:
    """Requests that wait for an answer, oldest first, and the engine's last sign of life."""

    def __init__(self):
        self.forget()

    def forget(self):
        """Nothing is asked any more: there is another engine, or none."""
        self._open = []  # [number, request, what about, since when]
        self._news = None  # what is being done: (number, doing, name, done, total)
        self._life = 0  # when there was the last sign of life
        self._due = None  # when somebody should have looked

    @property
    def waits(self):
        """Is anything asked and not answered?"""
        return bool(self._open)

    def oldest(self):
        """Request and what it is about, both texts, of what the engine is busy with; or None."""
        return tuple(self._open[0][1:3]) if self._open else None

    def asked(self, number, request, about, now):
        """The engine was asked for `request`; `about` says of what."""
        if not self._open:
            self._life, self._due = now, None
        self._open.append([number, request, about, now])

    def answered(self, number, now):
        """The request of this number has its answer, whatever that is. Gives request and what it is about."""
        self._life = now
        if self._news and self._news[0] == number:
            self._news = None
        for one in self._open:
            if one[0] == number:
                self._open.remove(one)
                return tuple(one[1:3])
        return None

    def heard(self, number, doing, name, done, total, now):
        """The engine tells of a request that it is at `doing`, has `done` of `total`, and is in `name`."""
        if any(one[0] == number for one in self._open):
            self._life = now
            self._news = number, doing, name, done, total

    def doing(self):
        """What is being done for what is asked, as (doing, name, done, total); a total of 0 is unknown."""
        return self._news[1:] if self._news else (DOING[self._open[0][1]], "", 0, 0)

    def wait(self, now):
        """The visitor wants to wait: silence counts from now."""
        self._life = now

    def begin_anew(self, now):
        """The page was asleep: nothing that it did not hear counts."""
        self._life, self._due = now, None
        for one in self._open:
            one[3] = now

    def look(self, now, until):
        """What there is to say: LONG, SILENT, DEAD or None; the next look is meant to be at `until`."""
        if self._due is not None and now > self._due + LATE:
            self.begin_anew(now)
        self._due = until
        if not self._open:
            return None
        silence = now - self._life
        if silence >= DEAD_AFTER:
            return DEAD
        if silence >= SILENT_AFTER:
            return SILENT
        return LONG if now - self._open[0][3] >= LONG_AFTER else None
