"""Where the page's Python begins: unpack its modules, make the page, say that it is ready."""

import asyncio
import json
import os

from pyscript import document, window

PAUSE = 0.004  # seconds between two views; without it twice as many tasks are longer than 50 ms
# What others of them begin with comes first, so that no task is long.
VIEWS = (
    "panel",
    "view",
    "convolution",
    "relu",
    "pooling",
    "picture",
    "vector",
    "flatten",
    "dense",
    "probabilities",
    "softmax",
    "sigmoid",
    "general",
    "kinds",
)
PATH = ("route", "step", "at_the_picture", "in_the_maps", "at_the_classes", "panel")


def read(name):
    with open(name) as file:
        return file.read()


def unpack(packed):
    """Write the modules that the build packed into one JSON text to where Python imports from."""
    modules = window.JSON.parse(packed)  # ten times as fast as MicroPython's own
    for path in window.Object.keys(modules):
        with open(path, "w") as file:
            file.write(modules[path])


async def fetched(path):
    """The text of a file of the site."""
    response = await window.fetch(window.fileAt(path))
    if not response.ok:
        raise OSError(f"{path}: HTTP {response.status}")
    return await response.text()


async def start():
    if document.documentElement.dataset.page == "failed":
        return  # boot.js found out that the engine cannot be started here
    try:
        os.mkdir("pycnn")
        os.mkdir("ui")
        os.mkdir("ui/views")
        os.mkdir("ui/path")
        os.mkdir("ui/playground")
        unpack(read("modules.json"))
        from ui.dom import mark, next_paint
        from ui.figures import SIGNS
        from ui.page import Page
        from ui.projector import Projector
        from ui.words import Words

        await asyncio.sleep(0)  # lets the browser answer between two long tasks
        network, samples = json.loads(read("network.json")), json.loads(read("samples.json"))
        first = json.loads(read("first.json"))
        ramps = await window.fetchZip("first/ramps.zip")
        words = Words(read("words.json"))
        SIGNS.speak(words)
        page = Page(words, network, samples, first, ramps)
        Projector()
    except Exception as error:
        window.cannotStart(str(error))
        raise
    document.documentElement.dataset.page = "ready"
    mark("page-ready")
    if await window.firstPainted:
        page.showing.first_painted()
    if window.clickedEarly:
        window.clickedEarly.click()
    await next_paint()  # what the page shows comes before what the engine needs
    page.start_engine()
    await load_views(page)
    await load_path(page, samples)


async def load_views(page):
    """Load the views while the engine still starts, one in each task, so that opening one does not wait."""
    try:
        page.words.add(await fetched(f"words/{document.documentElement.lang}.later.json"))
        unpack(await fetched("ui/views.json"))
    except Exception as error:
        window.cannotStart(str(error))
        raise
    page.views.loaded.set()
    for name in VIEWS:
        await asyncio.sleep(PAUSE)
        __import__("ui.views." + name)
    page.begin_playground()


async def load_path(page, samples):
    """Load the guided path, too, one module in each task."""
    for name in PATH:
        await asyncio.sleep(PAUSE)
        __import__("ui.path." + name)
    page.begin_path(samples)


asyncio.create_task(start())
