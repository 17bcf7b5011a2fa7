"""What is drawn on the page. Pure: no browser module."""


class Shown:
    """The picture that is drawn and the facts of it (see `Session.show`); at first those of the build.

    picture    its name
    facts      its probabilities, ranges, scales, places
    sharing    which scales they share; None for those of the build
    computed   has the engine that is running computed this picture last, so that it can say more of it?
    """

    def __init__(self, first):
        self.picture = first["name"]
        self.facts = first
        self.sharing = None
        self.computed = False

    def take(self, picture, facts, sharing):
        """Another picture, or the same one anew, is drawn, and the engine has computed it."""
        self.picture, self.facts, self.sharing, self.computed = picture, facts, sharing, True

    def left(self):
        """The engine is another one, or has computed another picture; what is drawn stays."""
        self.computed = False

    def recolour(self, facts, sharing):
        """The same picture is coloured anew (see `Session.recolour`)."""
        self.facts["places"], self.facts["scales"] = facts["places"], facts["scales"]
        self.sharing = sharing
