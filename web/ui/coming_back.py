"""What another engine begins with: the visitor's state, but for what ended the engine before."""

from ui.dom import by_id
from ui.engine_recovery import BY_ITSELF


class ComingBack:
    """The page holds the state and draws it as soon as an engine is ready; what is drawn stays until then."""

    def __init__(self, page):
        self._page = page

    def start(self):
        """Start another engine, which knows of no picture yet."""
        self._page.showing.engine_gone()
        self._page.start_engine()

    def stopped(self):
        """There is no other engine."""
        self._page.showing.engine_gone()
        self._page.status.end()
        self._page.no_numbers()

    def other_picture(self):
        """One to show in place of the chosen one: the drawn one, else the gallery's first; or None."""
        page = self._page
        for name in (page.shown.picture, page.pictures.samples[0]):
            if name != page.state.picture:
                return name
        return None

    def give_up(self, at):
        """Go back to the picture that is drawn, and from the view if `at`, (request, about), computes it."""
        page = self._page
        if page.state.picture != page.shown.picture:
            page.showing.stay()
        if at and at[0] == "open" and page.views.is_about(at[1]):
            page.places.close()

    def leave_out(self, at):
        """Take out of the state what `at`, (request, about), asked for; gives a sentence on it.

        That is empty where the visitor has turned to something else already.
        """
        page, (request, about) = self._page, at
        if request == "show":
            if about != page.state.picture:
                return ""
            other = self.other_picture()
            if other:
                page.showing.turn_to(other)
            return page.words("engine.left.picture", name=page.showing.label(about))
        if request == "open":
            if not page.views.is_about(about):
                return ""
            title = by_id("view-title").textContent
            page.places.close()
            return page.words("engine.left.view", name=title)
        if request in BY_ITSELF:
            return page.words("engine.left.check" if request == "compare" else "engine.left.numbers")
        return ""  # it is not asked again by itself
