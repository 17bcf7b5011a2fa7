"""Is the engine's network the one that the page was built for, and do its numbers agree with the build's?"""

from pyscript import window

from ui import tasks
from ui.engine_link import EngineGone
from ui.reasons import reason


class Check:
    """`page` gives the engine, and the notices in which a difference is told."""

    def __init__(self, page):
        self._page = page
        self.is_done = False  # were the numbers compared?
        self._begun = 0  # counts comparisons begun, so that of those that wait only the last one is made

    async def network(self):
        """Is the engine's network the page's?"""
        facts, _ = await self._page.engine.ask("describe")
        return facts["network"] == self._page.network

    def first_picture(self):
        """Let the engine compute the first picture anew, and say so if the build came to other values."""
        self._begun += 1
        tasks.run(self._compare(self._begun), self._unchecked)

    async def _compare(self, begun):
        page, words = self._page, self._page.words
        pixels = await page.pictures.pixels(page.pictures.samples[0])
        summary = await page.later.summary()
        if begun != self._begun:
            return  # another engine has come meanwhile
        facts, _ = await page.engine.ask("compare", pixels, summary)
        self.is_done = True
        if facts["differing"]:
            page.notices.say("network", words("first.differs", layers=words.listed(facts["differing"])))
        else:
            page.notices.clear("network")
            window.performance.mark("first-checked")

    def _unchecked(self, error):
        if isinstance(error, EngineGone):
            return  # the next one is asked
        words = self._page.words
        again = words("notices.retry"), "retry", self.first_picture
        sentence = words("first.unchecked", reason=reason(words, error))
        self._page.notices.say("network", sentence, actions=[again])
