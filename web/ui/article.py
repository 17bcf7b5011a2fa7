"""The article below the network: its links are followed here, its numbers follow the picture.

`a[data-article=NAME]` leads to the section on NAME, `a[data-state]` to the state of the page that its
fragment says, `a[data-back]` to the first screen. The page's own fragment holds the page's state.
"""

import json

from pyscript import document, window
from pyscript.ffi import to_js

from ui import address, tasks
from ui.dom import by_id, on
from ui.engine_link import EngineGone
from ui.quotes import read, written
from ui.reasons import reason


class Article:
    """`page` is what a link into a state is followed by; its engine answers for the numbers.

    Back on the first screen, the focus returns to the link that led to the article if it is still shown,
    else to the open view, else to the unit that Tab would reach. The way from a view back to its section
    leads to the link that opened the view, if the section has it.
    """

    def __init__(self, page):
        self._page = page
        self._left_at = None  # the link on the first screen that led here
        self._links = list(by_id("article").querySelectorAll("a[data-state]"))
        self._read_at = None  # the link into a state that was followed last
        self._quotes = list(by_id("article").querySelectorAll("[data-quote]"))
        self._tables = list(by_id("article").querySelectorAll("[data-ramp]"))
        self._points = list(by_id("article").querySelectorAll("[data-plot]"))
        self._maps = list(by_id("article").querySelectorAll("canvas[data-of]"))
        self._asked = 0  # counts what was asked of the engine, so that only the last answer is written
        self._written = 0  # which of them is written
        self._failure = None  # the sentence that says why the numbers are not those of the picture
        on(document, "click", self._clicked)

    def refresh(self):
        """Write every number anew, for the picture that the engine has shown last."""
        self._asked += 1
        asked = self._asked
        tasks.run(self._write(asked), lambda error: self._failed(asked, error))

    def _failed(self, asked, error):
        if asked == self._asked and not isinstance(error, EngineGone):  # the next one is asked anew
            words = self._page.words
            self._failure = words("article.failed", reason=reason(words, error))
            again = words("notices.retry"), "retry", self.refresh
            self._page.notices.say("page", self._failure, actions=[again])

    async def _write(self, number_asked):
        questions = [quote.dataset.quote for quote in self._quotes] + [
            point.dataset.plot for point in self._points
        ]
        asked = {question: json.loads(question) for question in questions}
        answers, _ = await self._page.engine.ask("quote", json.dumps(asked))
        if number_asked != self._asked or not self._page.shown.computed:
            return  # they are asked for anew when the picture is drawn
        if self._failure:
            self._page.notices.clear("page", self._failure)
            self._failure = None
        self._written = number_asked
        answers = read(answers)
        for quote in self._quotes:
            question = quote.dataset.quote
            number = answers[question]
            if quote.hasAttribute("data-index"):
                number = number[int(quote.dataset.index)]
            quote.setAttribute("data-value", str(number))
            quote.textContent = written(asked[question][0], number, self._page.class_names)
        for table in self._tables:
            self._colour(table)
        for point in self._points:
            _plot(point, answers[point.dataset.plot])
        self._draw_maps()

    def recolour(self):
        """Draw the maps in their new colours; those of another picture stay as its numbers do."""
        if self._written == self._asked:
            self._draw_maps()

    def _draw_maps(self):
        for canvas in self._maps:
            drawn = self._page.overview.canvases[(canvas.dataset.of, int(canvas.dataset.map))]
            canvas.getContext("2d").drawImage(drawn, 0, 0)

    def _colour(self, table):
        """Colour the cells of a figure: a window of the picture's first channel, or values of any sign."""
        ramps = self._page.ramps
        ramp = ramps["channels"][0] if table.dataset.ramp == "channel" else ramps["diverging"]
        quotes = list(table.querySelectorAll("[data-quote]"))
        numbers = [float(quote.dataset.value) for quote in quotes]
        limit = max([abs(number) for number in numbers if not number - number] + [0])
        for quote, number in zip(quotes, numbers):
            quote.parentElement.style.cssText = ramp.style(number, limit)

    def _clicked(self, event):
        link = event.target.closest("a[data-article], a[data-state], a[data-back]")
        if link is None or event.ctrlKey or event.metaKey or event.shiftKey:  # such a click opens a tab
            return
        event.preventDefault()
        if link.hasAttribute("data-back"):
            self._go_back()
        elif link.hasAttribute("data-state"):
            self._follow(link)
        else:
            if link.closest("#article") is None:
                self._left_at = link
            self._open(link.dataset.article)

    def _follow(self, link):
        """Show the state that a link leads to; going back in the history leads to the link again."""
        self._read_at = link
        self._page.places.write(new_entry=False)
        window.history.replaceState(to_js({"reading": self._links.index(link)}), "")
        self._page.places.go(address.parts_of(link.getAttribute("href")))
        by_id("screen").scrollIntoView()

    def came_back(self):
        """The visitor went through the history, maybe back to where a link of the article was followed."""
        state = window.history.state
        if state and hasattr(state, "reading"):
            _read_on(self._links[state.reading])

    def _open(self, name):
        section = by_id("article-" + name)
        if self._read_at and section.contains(self._read_at) and self._left_at == by_id("view-article"):
            _read_on(self._read_at)
            return
        heading = section.querySelector("h2, h3")
        heading.scrollIntoView()
        heading.focus(to_js({"preventScroll": True}))

    def _go_back(self):
        by_id("screen").scrollIntoView()
        unit = by_id("units").querySelector("[tabindex='0']")
        for place in (self._left_at, by_id("view-title"), unit):
            if place and place.offsetParent:  # it is shown
                place.focus()
                return


def _read_on(link):
    """Bring a link of the text back into sight, and the focus to it."""
    link.scrollIntoView(to_js({"block": "center"}))
    link.focus(to_js({"preventScroll": True}))


def _plot(point, number):
    """Put a point of ReLU's graph where this number is, or to the end of the graph that it is beyond."""
    step, reach = int(point.dataset.step), int(point.dataset.reach)
    x = min(max(number, -reach), reach) if number == number else 0  # it may be NaN
    point.setAttribute("cx", str(step * x))
    point.setAttribute("cy", str(-step * max(x, 0)))
