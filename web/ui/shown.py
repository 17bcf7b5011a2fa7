"""What is drawn on the page. Pure: no browser module."""


class Shown:
    """The picture that is drawn and the facts of it (see `Session.show`); at first those of the build.

    picture    its name
    facts      its probabilities, ranges, scales, places
    computed   has the engine that is running computed them, so that it can say more of the picture?
    """

    def __init__(self, first):
        self.picture = first["name"]
        self.facts = first
        self.computed = False

    def take(self, picture, facts):
        """Another picture, or the same one anew, is drawn, and the engine has computed it."""
        self.picture, self.facts, self.computed = picture, facts, True

    def engine_gone(self):
        """The engine that computed it is no longer there; what is drawn stays."""
        self.computed = False
