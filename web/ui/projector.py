"""The projector mode: F2 or a button enters and leaves it. Kept as long as the browser's tab is open."""

from pyscript import document, window

from ui.dom import by_id, on

KEY = "F2"  # a letter would get in the way of those who speak to their computer


class Projector:
    """`data-projector` on the page's root says whether it is on; the style sheet does the rest."""

    def __init__(self):
        self._enter, self._leave = by_id("projector"), by_id("projector-leave")
        for button in (self._enter, self._leave):
            button.disabled = False
            on(button, "click", lambda _: self._toggle())
        on(document, "keydown", self._key_pressed)

    def _key_pressed(self, event):
        modified = event.altKey or event.ctrlKey or event.metaKey or event.shiftKey
        if event.key == KEY and not modified:
            event.preventDefault()
            self._toggle()

    def _toggle(self):
        page, focused = document.documentElement.dataset, document.activeElement
        entering = page.projector != "on"
        page.projector = "on" if entering else "off"
        window.sessionSettings.set("projector", page.projector)
        if focused.matches("button, a, select, input, summary") and not focused.checkVisibility():
            (self._leave if entering else self._enter).focus()
