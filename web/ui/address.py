"""The fragment of the page's address, which holds the state (see `ui.state`)."""

from pyscript import window
from pyscript.ffi import create_proxy


def read():
    """The parts of the page's own fragment as a dict of texts."""
    return parts_of(window.location.hash)


def parts_of(fragment):
    """The parts of a fragment, with its #, as a dict of texts."""
    parts = window.URLSearchParams.new(fragment[1:])
    return {pair[0]: pair[1] for pair in window.Array["from"](parts)}


def write(parts, new_entry):
    """Put (name, value) texts into the fragment, as a new entry of the history or in place of this one."""
    written = window.URLSearchParams.new()
    for name, value in parts:
        written.append(name, value)
    fragment = "#" + written.toString()
    if fragment == window.location.hash:
        return
    if new_entry:
        window.history.pushState(None, "", fragment)
    else:
        window.history.replaceState(None, "", fragment)


def on_change(handler):
    """Call `handler()` when the visitor goes back or forth in the history, or edits the fragment."""
    window.onpopstate = create_proxy(lambda _: handler())
