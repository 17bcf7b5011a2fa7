"""Waits until the visitor comes near the playground."""

import asyncio

from pyscript import window
from pyscript.ffi import create_proxy, to_js

from ui import tasks
from ui.dom import by_id
from ui.reasons import reason

PARTS = ("numbers", "sizes", "kernels", "grids", "fields", "steering", "arithmetic", "board", "playground")
PAUSE = 0.004  # seconds between two modules, so that no task is long


def begin(page):
    """Make the playground of the page once its section is less than a screen away."""
    section = by_id("article-playground")

    def seen(entries, observer):
        if any(entry.isIntersecting for entry in entries):
            observer.disconnect()
            tasks.run(make(page), failed)

    def failed(error):
        words = page.words
        again = words("page.reload"), "reload", lambda: window.location.reload()
        page.notices.say("page", words("playground.unmade", reason=reason(words, error)), actions=[again])

    options = to_js({"rootMargin": "100%"})
    window.IntersectionObserver.new(create_proxy(seen), options).observe(section)


async def make(page):
    for name in PARTS:
        await asyncio.sleep(PAUSE)
        __import__("ui.playground." + name)
    from ui.playground.playground import Playground

    page.playground = Playground(page)
