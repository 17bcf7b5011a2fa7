"""What follows when the engine dies: another start, maybe with less, or an end. Pure: no browser module."""

# What the page asks by itself as soon as a picture is drawn, so that it would kill the next engine as well.
BY_ITSELF = ("quote", "play", "compare")


class Recovery:
    """Remembers at what the engine died, so that it does not die of the same for ever.

    `at` is a request and what it is about, or None: the engine died while nothing was asked.
    """

    def __init__(self):
        self.begin_anew()

    def begin_anew(self):
        """The visitor starts the engine: all may be tried again."""
        self._died_at = None  # at what the engine died last, until that is answered after all
        self._is_drawn = True  # was a picture drawn since the engine was started by itself?
        self._refused = []

    def answered(self, at):
        if at == self._died_at:
            self._died_at = None

    def drawn(self):
        """A picture went through the engine and is drawn."""
        self._is_drawn = True

    def refuses(self, request):
        """Did two engines die at this request, so that a third one is better not asked?"""
        return request in self._refused

    def died(self, at, can_fall_back):
        """Gives whether to start another engine, and whether without what the last two died at.

        `can_fall_back`: is there another picture to show in place of the one that was asked for?
        """
        again = at is not None and at == self._died_at
        if again and at[0] in BY_ITSELF:
            self._refused.append(at[0])
        starts = self._is_drawn or (again and at[0] == "show" and can_fall_back)
        self._died_at, self._is_drawn = at, False
        return starts, again
