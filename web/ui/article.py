"""The article below the network. Its links are followed here: the page's fragment holds the page's state."""

from pyscript import document
from pyscript.ffi import to_js

from ui.dom import by_id, on


class Article:
    """Follows every `a[data-article=NAME]` to the section on NAME, and `a[data-back]` to the first screen.

    Back there, the focus returns to the link that led to the article if it is still shown, else to the
    open view, else to the unit that Tab would reach.
    """

    def __init__(self):
        self._left_at = None
        on(document, "click", self._clicked)

    def _clicked(self, event):
        link = event.target.closest("a[data-article], a[data-back]")
        if link is None or event.ctrlKey or event.metaKey or event.shiftKey:  # such a click opens a tab
            return
        event.preventDefault()
        if link.hasAttribute("data-back"):
            self._go_back()
        else:
            if link.closest("#article") is None:
                self._left_at = link
            self._open(link.dataset.article)

    def _open(self, name):
        heading = by_id("article-" + name).querySelector("h2, h3")
        heading.scrollIntoView()
        heading.focus(to_js({"preventScroll": True}))

    def _go_back(self):
        by_id("screen").scrollIntoView()
        unit = by_id("units").querySelector("[tabindex='0']")
        for place in (self._left_at, by_id("view-title"), unit):
            if place and place.offsetParent:  # it is shown
                place.focus()
                return
