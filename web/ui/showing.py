"""Sends the chosen picture through the network, and has everything drawn that comes out."""

import asyncio

from pyscript import document, window

from ui.dom import mark
from ui.engine_link import EngineGone


class Showing:
    """`page` gives the rooms that follow the picture: drawing, views, article."""

    def __init__(self, page):
        self._page = page
        self._state = page.state
        self._shown = page.shown
        self._taken = 0  # counts pictures taken, so that only the last one is drawn

    def first_painted(self):
        """The first picture is on the page, and the page answers."""
        page = self._page
        page.drawing.tell(page.gallery.label(self._shown.picture))
        document.documentElement.dataset.picture = self._shown.picture
        mark("overview-drawn")

    def take(self, name):
        """Make `name` the picture; it is drawn as soon as the engine has answered."""
        self._taken += 1
        self._state.picture = name
        self._page.gallery.choose(name)
        if self._page.status.is_ready():
            asyncio.create_task(self.show())

    async def show(self):
        """Send the chosen picture through the network and draw all that comes out."""
        page = self._page
        taken, name = self._taken, self._state.picture
        try:
            pixels = await page.pictures.pixels(name)
            facts, (colours,) = await page.engine.ask("show", pixels, self._state.sharing, about=name)
        except EngineGone:
            return  # the next one is asked for the picture that is chosen then
        except Exception as error:
            if taken == self._taken:
                page.notices.say("picture", page.words("picture.failed", reason=error))
                self.stay()
            return
        if taken == self._taken:
            self._shown.take(name, facts)
            self._draw(name, colours.buffer)
            await asyncio.sleep(0)  # lets the browser answer between two long tasks
        if taken == self._taken:
            page.drawing.label_units()
            await page.views.refresh()
        if taken == self._taken:
            document.documentElement.dataset.picture = name
            mark("picture-drawn")
            if not window.performance.getEntriesByName("overview-drawn").length:
                mark("overview-drawn")
            page.care.drawn()
            await page.article.refresh()

    def _draw(self, name, colours):
        page, label = self._page, self.label(name)
        page.drawing.draw(label, colours)
        if name in page.pictures.files and not page.gallery.has(name):
            page.gallery.add(name, label)

    def label(self, name):
        """What the picture `name` is called on the page."""
        own = self._page.pictures.files.get(name)
        return self._page.words("upload.name", name=own) if own else self._page.gallery.label(name)

    def engine_gone(self):
        """Whoever still draws what the engine before computed stops."""
        self._taken += 1
        self._shown.engine_gone()

    def stay(self):
        """Go back to the picture that is drawn, after another one could not be."""
        self.turn_to(self._shown.picture)

    def turn_to(self, name):
        """Let the state say that the picture `name` is chosen; it is not computed for that."""
        self._state.picture = name
        self._page.gallery.choose(name)
        self._page.places.write(new_entry=False)

    def share_scales(self):
        """Colour the maps anew, after the sharing of scales changed."""
        if self._shown.computed:
            asyncio.create_task(self._recolour())

    async def _recolour(self):
        page, drawn = self._page, self._shown.facts
        try:
            facts, (colours,) = await page.engine.ask("recolour", self._state.sharing)
        except EngineGone:
            return  # the next one colours the whole picture
        drawn["places"], drawn["scales"] = facts["places"], facts["scales"]
        page.drawing.recolour(colours.buffer)
        page.views.redraw()
