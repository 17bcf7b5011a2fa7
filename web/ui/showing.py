"""Sends the chosen picture through the network, and has everything drawn that comes out."""

import asyncio

from pyscript import document, window

from ui import tasks
from ui.dom import mark
from ui.engine_link import EngineGone
from ui.reasons import reason


class Showing:
    """`page` gives the rooms that follow the picture: drawing, views, article."""

    def __init__(self, page):
        self._page = page
        self._words = page.words
        self._state = page.state
        self._shown = page.shown
        self._taken = 0  # counts pictures taken, so that only the last one is drawn
        self._drawn = 0  # which of them is drawn
        self._has_failed = False  # could the picture not be shown that was taken last?
        self._sharings = 0  # counts what the visitor wanted the scales to share

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
        self._begin()

    def why_not(self):
        """Why there are no numbers of the chosen picture yet, as a sentence."""
        return self._words("picture.none") if self._has_failed else self._page.status.waiting()

    def label(self, name):
        """What the picture `name` is called on the page."""
        own = self._page.pictures.files.get(name)
        return self._words("upload.name", name=own) if own else self._page.gallery.label(name)

    # The picture

    def _begin(self):
        if self._page.status.is_ready():
            tasks.run(self.show(), self.failed)
        else:  # it is shown as soon as there is an engine
            self._page.status.remind()

    async def show(self):
        """Send the chosen picture through the network and draw all that comes out.

        Raises:
            Exception: that could not be done, and no other picture was taken meanwhile; tell `failed` of it.
        """
        taken = self._taken
        self._has_failed = False
        try:
            await self._show(taken, self._state.picture)
        except Exception:
            if taken == self._taken:
                raise

    async def _show(self, taken, name):
        page = self._page
        pixels = await page.pictures.pixels(name)
        if taken != self._taken:
            return
        sharing = self._state.sharing
        facts, (colours,) = await page.engine.ask("show", pixels, sharing, about=name)
        if taken != self._taken:
            self._shown.left()
            if self._taken == self._drawn:  # the page stays with what is drawn, and no other picture comes
                self._begin()
        else:
            window.keepFirstAway()  # however late its maps come
            self._shown.take(name, facts, sharing)
            self._drawn = taken
            self._draw(name, colours.buffer)
            page.care.drawn()
            if sharing != self._state.sharing:
                self._begin_to_recolour()
            await asyncio.sleep(0)  # lets the browser answer between two long tasks
        if taken == self._taken:
            page.drawing.label_units()
            await page.views.refresh()
        if taken == self._taken:
            document.documentElement.dataset.picture = name
            mark("picture-drawn")
            if not window.performance.getEntriesByName("overview-drawn").length:
                mark("overview-drawn")
            page.care.back()
            page.article.refresh()

    def failed(self, error):
        """The chosen picture could not be shown: say so, and go back to the one that is drawn."""
        if isinstance(error, EngineGone):
            return  # the next engine is asked for the picture that is chosen then
        page, name = self._page, self._state.picture
        sentence = self._words("picture.failed", reason=reason(self._words, error))
        again = self._words("notices.retry"), "retry", lambda: page.choosing.choose(name)
        page.notices.say("picture", sentence, actions=[again])
        self.stay()
        if self._shown.computed:
            return
        if name == self._shown.picture:
            self._has_failed = True
            page.no_numbers()
            page.care.not_back()
        else:
            self._begin()  # the engine has not seen it yet

    def _draw(self, name, colours):
        page, label = self._page, self.label(name)
        page.drawing.draw(label, colours)
        if name in page.pictures.files and not page.gallery.has(name):
            page.gallery.add(name, label)

    def engine_gone(self):
        """Whoever still draws what the engine before computed stops."""
        self._taken += 1
        self._has_failed = False
        self._shown.left()

    def stay(self):
        """Go back to the picture that is drawn, after another one could not be."""
        self.turn_to(self._shown.picture)

    def turn_to(self, name):
        """Let the state say that the picture `name` is chosen; it is not computed for that."""
        self._taken += 1
        self._drawn = self._taken
        self._state.picture = name
        self._page.gallery.choose(name)
        self._page.places.write(new_entry=False)

    # The sharing of scales

    def share_scales(self):
        """Colour the maps anew, after the sharing of scales changed."""
        self._sharings += 1
        if self._shown.computed:
            self._begin_to_recolour()
        else:  # they are coloured so when they come
            self._page.status.remind()

    def _begin_to_recolour(self):
        sharings, sharing = self._sharings, self._state.sharing
        tasks.run(self._recolour(sharing), lambda error: self._not_recoloured(sharings, sharing, error))

    async def _recolour(self, sharing):
        page = self._page
        facts, (colours,) = await page.engine.ask("recolour", sharing)
        if self._shown.computed:  # else another picture is on its way, with this sharing
            self._shown.recolour(facts, sharing)
            page.drawing.recolour(colours.buffer)
            page.views.redraw()
            page.article.recolour()

    def _not_recoloured(self, sharings, sharing, error):
        """Let the setting say what is drawn, and say why."""
        if isinstance(error, EngineGone) or sharings != self._sharings:
            return
        page = self._page
        page.settings.put("sharing", self._shown.sharing)
        sentence = self._words("sharing.failed", reason=reason(self._words, error))
        again = self._words("notices.retry"), "retry", lambda: page.settings.change("sharing", sharing)
        page.notices.say("page", sentence, actions=[again])
