"""The one keeper of notices: what the page has to say of itself, one notice for each kind of matter.

page      a file of the page's own, or what was asked of the engine and failed
engine    the engine's start, long work, a restart
picture   the choosing and the reading of a picture
network   what the engine found about the network that the page was built for
update    a newer version of the page (keeping.js says so)
"""

from pyscript import document, window

from ui.dom import by_id, on


class Notices:
    """Each kind says one thing at a time and knows nothing of the others.

    The visitor may close a notice at any time (boot.js). An action is (text, name, callback); it becomes a
    button with the attribute data-NAME.
    """

    def __init__(self):
        self._callbacks = {}  # (kind, name of an action) -> what to call
        on(by_id("notices"), "click", self._clicked)

    def say(self, who, sentence, alert=True, reason="", actions=()):
        """Let the kind `who` say this in place of what it said. `reason`: what stands behind it, smaller."""
        notice = _find(who)
        had_focus = notice.contains(document.activeElement)
        notice.setAttribute("role", "alert" if alert else "status")
        notice.querySelector("[data-says]").textContent = sentence
        notice.querySelector("[data-reason]").textContent = reason
        self._offer(notice, who, actions)
        notice.hidden = False
        if had_focus and not notice.contains(document.activeElement):
            notice.querySelector("[data-actions] button, [data-dismiss]").focus()

    def change(self, who, sentence):
        """Change the sentence of what is said, as a count goes on; closed by the visitor, it stays closed."""
        _find(who).querySelector("[data-says]").textContent = sentence

    def remind(self, who):
        """Let a kind say again what it said last."""
        _find(who).hidden = False

    def is_saying(self, who, sentence):
        """Does a kind say this sentence, and has the visitor not closed it?"""
        notice = _find(who)
        return not notice.hidden and notice.querySelector("[data-says]").textContent == sentence

    def clear(self, who, sentence=None):
        """Let a kind say nothing any more; where a sentence is given, only if it still says that one."""
        notice = _find(who)
        if sentence is None or notice.querySelector("[data-says]").textContent == sentence:
            window.hideNotice(notice)

    def _offer(self, notice, who, actions):
        buttons = []
        for text, name, callback in actions:
            button = document.createElement("button")
            button.type, button.textContent = "button", text
            button.setAttribute("data-" + name, "")
            button.value = name
            self._callbacks[who, name] = callback
            buttons.append(button)
        notice.querySelector("[data-actions]").replaceChildren(*buttons)

    def _clicked(self, event):
        button = event.target.closest("[data-actions] button[value]")
        if button:
            self._callbacks[button.closest("[data-notice]").dataset.notice, button.value]()


def _find(who):
    return by_id("notices").querySelector(f"[data-notice={who}]")
