"""What is drawn on the page. Pure: no browser module."""


class Shown:
    """The picture that is drawn and the facts of it (see `Session.show`); at first those of the build.

    picture    its name
    facts      its probabilities, ranges, scales, places
    computed   are they the engine's own, and no longer those that the build computed?
    """

    def __init__(self, first):
        self.picture = first["name"]
        self.facts = first
        self.computed = False

    def take(self, picture, facts):
        """Another picture, or the same one anew, is drawn, and the engine has computed it."""
        self.picture, self.facts, self.computed = picture, facts, True
