"""What a visitor may ask for later, in one file: the views, the playground, the guided path."""

import asyncio

from pyscript import window

from ui.dom import by_id
from ui.reasons import reason

PACK = "later.zip"
PAUSE = 0.004  # seconds between two modules; without it twice as many tasks are longer than 50 ms
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


class Later:
    """`page` has the rooms that need it; `unpack(text)` is how main.py unpacks modules."""

    def __init__(self, page, unpack):
        self._page = page
        self._unpack = unpack
        self._wanted = asyncio.Event()
        self._here = asyncio.Event()
        self._summary = ""

    async def summary(self):
        """The text of the build's summary of the first picture, once it is here."""
        await self._here.wait()
        return self._summary

    async def load(self, samples):
        """Load all of it while the engine starts, one module in each task, so that no view waits for it."""
        files = await self._fetched()
        page = self._page
        page.words.add(by_id("later-words").textContent)
        self._unpack(files["modules.json"])
        self._summary = files["summary.json"]
        self._here.set()
        page.views.come()
        for name in VIEWS:
            await asyncio.sleep(PAUSE)
            __import__("ui.views." + name)
        page.begin_playground()
        for name in PATH:
            await asyncio.sleep(PAUSE)
            __import__("ui.path." + name)
        page.begin_path(samples)

    async def _fetched(self):
        """The files of the pack. When it does not come, the page says so, and the visitor may try again."""
        page = self._page
        while True:
            try:
                files = await window.fetchPack(PACK)
            except Exception as error:
                self._lack(error, (page.words("notices.retry"), "retry", self._retry))
            else:
                page.notices.clear("page", page.words("later.again"))
                page.views.lack("")
                return {name: files[name] for name in window.Object.keys(files)}
            self._wanted.clear()
            await self._wanted.wait()

    def failed(self, error):
        """What has come cannot be used: the page has to be loaded again."""
        words = self._page.words
        self._lack(error, (words("page.reload"), "reload", lambda: window.location.reload()))

    def _lack(self, error, action):
        page = self._page
        sentence = page.words("later.failed", fault=reason(page.words, error))
        page.views.lack(sentence)
        page.notices.say("page", sentence, actions=[action])

    def _retry(self):
        self._page.notices.say("page", self._page.words("later.again"), alert=False)
        self._wanted.set()
