"""The settings: details, sharing of colour scales, theme, decimals. Kept in the browser."""

from pyscript import document, window

from ui.dom import by_id, on
from ui.state import DECIMALS, SHARINGS, THEMES


class Settings:
    """Reads the kept settings into `state` and calls `on_change(name)` when one is changed."""

    def __init__(self, state, on_change):
        self._state = state
        self._on_change = on_change
        self._details = by_id("details")
        self._sharing = by_id("sharing")
        self._theme = by_id("theme")
        self._decimals = by_id("decimals")
        state.details = _kept("details", ("on", "off"), "on") == "on"
        state.sharing = _kept("sharing", SHARINGS, state.sharing)
        state.theme = _kept("theme", THEMES, state.theme)
        state.decimals = _decimals(_kept("decimals", DECIMALS, DECIMALS[0]))
        self._show()
        for control in (self._details, self._sharing, self._theme, self._decimals):
            control.disabled = False
        on(self._details, "click", lambda _: self.change("details", not state.details))
        on(self._sharing, "change", lambda _: self.change("sharing", self._sharing.value))
        on(self._theme, "change", lambda _: self.change("theme", self._theme.value))
        on(self._decimals, "change", lambda _: self.change("decimals", _decimals(self._decimals.value)))

    def change(self, name, value):
        """The visitor wants a setting to be so."""
        self.put(name, value)
        self._on_change(name)

    def put(self, name, value):
        """Let a setting say what is so."""
        setattr(self._state, name, value)
        window.keptSettings.set(name, {True: "on", False: "off", None: "all"}.get(value, str(value)))
        self._show()

    def _show(self):
        self._details.setAttribute("aria-checked", "true" if self._state.details else "false")
        self._sharing.value = self._state.sharing
        self._theme.value = self._state.theme
        self._decimals.value = "all" if self._state.decimals is None else str(self._state.decimals)
        page = document.documentElement
        page.dataset.details = "on" if self._state.details else "off"
        page.dataset.theme = self._state.theme


def _kept(name, allowed, otherwise):
    value = window.keptSettings.get(name)
    return value if value in allowed else otherwise


def _decimals(choice):
    return None if choice == "all" else int(choice)
