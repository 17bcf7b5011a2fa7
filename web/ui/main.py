"""Where the page's Python begins: unpack its modules, make the page, say that it is ready."""

import asyncio
import json
import os

from pyscript import document, window


def unpack(packed):
    """Write the modules that the build packed into one JSON text to where Python imports from."""
    modules = window.JSON.parse(packed)  # ten times as fast as MicroPython's own
    for path in window.Object.keys(modules):
        with open(path, "w") as file:
            file.write(modules[path])


async def start():
    window.startGoesOn()
    if document.documentElement.dataset.page == "failed":
        return  # start.js found out that the page cannot start
    files = window.startFiles
    try:
        os.mkdir("pycnn")
        os.mkdir("ui")
        os.mkdir("ui/views")
        os.mkdir("ui/path")
        os.mkdir("ui/playground")
        unpack(files.text("modules.json"))
        for name in ("dom", "drawing", "views.frame", "article", "page"):
            await asyncio.sleep(0)  # lets the browser answer between two long tasks
            __import__("ui." + name)
        from ui import tasks
        from ui.dom import by_id, mark, next_paint
        from ui.figures import SIGNS
        from ui.later import Later
        from ui.page import Page
        from ui.projector import Projector
        from ui.words import Words

        await asyncio.sleep(0)
        network, samples = json.loads(files.text("network.json")), json.loads(files.text("samples.json"))
        first = json.loads(files.text("first.json"))
        words = Words(by_id("words").textContent)
        SIGNS.speak(words)
        page = Page(words, network, samples, first, files.bytes("ramps.rgba"))
        Projector()
    except Exception as error:
        window.cannotStart(str(error))
        raise
    window.startIsOver()
    mark("page-ready")
    tasks.run(show_first(page), page.showing.failed)
    if window.clickedEarly:
        window.clickedEarly.click()
    await next_paint()  # what the page shows comes before what the engine needs
    page.start_engine()
    page.later = Later(page, unpack)
    await window.firstIsOver
    await next_paint()
    tasks.run(page.later.load(samples), page.later.failed)


async def show_first(page):
    if await window.firstPainted:
        page.showing.first_painted()


asyncio.create_task(start())
