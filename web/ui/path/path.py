"""The guided path: follows the step that the page's state names, and leads from one to the next."""

import json

from pyscript import document, window
from pyscript.ffi import create_proxy, to_js

from ui import tasks
from ui.dom import by_id, on
from ui.engine_link import EngineGone
from ui.path.panel import SHEET, Panel
from ui.path.route import Route
from ui.path.steps import make_steps
from ui.quotes import read
from ui.reasons import reason

KEPT = "path"  # the setting that holds the name of the step where the visitor was last


class Path:
    """`page` holds the state and shows what a step leads to; `samples` is the gallery."""

    def __init__(self, page, samples):
        self._page = page
        self._state = page.state
        self._samples = samples
        self._route = Route(page.network, page.class_names)
        self._panel = Panel(page.words, page.class_names, self._go, self._leave, self._return, self._answer)
        self._steps = []
        self._number = None  # of the step that the panel shows, from 1
        self._asked = 0  # counts what was asked of the engine, so that only the last answer is shown
        self._answered_on = None  # name of the picture on which a question was answered
        self._guess = None
        start = by_id("path-start")
        start.disabled = False
        on(start, "click", lambda _: self._start())
        observer = window.MutationObserver.new(create_proxy(lambda *_: self._picture_drawn()))
        watched = {"attributeFilter": ["data-picture", "data-engine"]}
        observer.observe(document.documentElement, to_js(watched))
        self.follow()

    def follow(self):
        """Show the step that the state names; one that there is not is ignored."""
        number = self._state.step
        steps = self._make()
        if number is not None and number > len(steps):
            number = self._state.step = None
        if number == self._number:
            return
        self._number = number
        if number is None:
            self._panel.close()
        else:
            self._enter(number, steps)

    # From step to step

    def _start(self):
        """Begin, or offer to go on from where the visitor left."""
        steps = self._make()
        names = [step.name for step in steps]
        kept = window.keptSettings.get(KEPT)
        if kept in names[1:]:
            number = names.index(kept) + 1
            self._panel.offer(number, steps[number - 1].title, len(steps))
        else:
            self._go(1)

    def _go(self, number):
        steps = self._make()
        if number > len(steps):
            window.keptSettings.set(KEPT, "")
            self._leave()
        else:
            self._go_to(steps[number - 1], number)

    def _return(self):
        """Show the step's place again, after the visitor has looked elsewhere."""
        self._go_to(self._steps[self._number - 1], self._number)
        self._panel.focus_heading()

    def _enter(self, number, steps):
        self._steps = steps
        self._answered_on = None
        window.keptSettings.set(KEPT, steps[number - 1].name)
        self._panel.show(number, steps)
        self._panel.focus_heading()
        self._begin_to_fill(arrive=True)

    def _leave(self):
        if self._state.step is not None:
            self._page.places.write(new_entry=False)
            self._state.step = None
            self._page.places.write(new_entry=True)
        self._number = None
        self._panel.close()
        start = by_id("path-start")
        (start if start.offsetParent else by_id("view-title")).focus()

    def _go_to(self, step, number):
        parts = {"step": str(number)}
        parts.update(step.at)
        self._page.places.go(parts)

    def _make(self):
        """The steps as the page is now: for the class that is open, or else the likeliest one."""
        state, shares = self._state, self._page.shown.facts["probabilities"]
        unit = max(range(len(shares)), key=lambda one: shares[one])
        if state.layer == self._route.classes.name:
            unit = state.unit
        return make_steps(self._route, self._page.words, self._samples, state.picture, unit)

    # Numbers

    def refresh(self):
        """Write what there is of the step's numbers, as the page has become another."""
        if self._number is not None:
            self._begin_to_fill()

    def _begin_to_fill(self, arrive=False):
        self._asked += 1
        asked, page = self._asked, self._page
        if not page.shown.computed or page.shown.picture != self._state.picture:
            self._panel.wait(page.showing.why_not())
            return  # it comes again when the picture is drawn
        tasks.run(self._fill(asked, arrive), lambda error: self._failed(asked, error))

    def _failed(self, asked, error):
        if asked != self._asked or self._number is None:
            return
        if isinstance(error, EngineGone):
            self._panel.wait(self._page.showing.why_not())  # it comes again with the next engine
        else:
            words = self._page.words
            self._panel.fail(words("path.failed", reason=reason(words, error)), self.refresh)

    async def _fill(self, asked, arrive):
        """Write the step's numbers for the picture on the page, and with them what is due of its question."""
        step = self._steps[self._number - 1]
        answers, _ = await self._page.engine.ask("quote", json.dumps(step.asks()))
        if asked != self._asked or self._number is None:
            return
        facts = step.facts(read(answers))
        self._panel.fill(facts)
        if self._answered_on:
            self._panel.judge(self._guess, facts)
        if arrive:
            self._bring_in_sight(step)

    def _answer(self, guess):
        """The visitor has answered, or for None wants to be shown: compute the answer, and show where."""
        question = self._steps[self._number - 1].question
        if question.shows:
            self._page.places.go(question.shows, new_entry=False)
            self._panel.focus_check()
        self._guess, self._answered_on = guess, self._state.picture
        self._begin_to_fill(arrive=True)

    def _picture_drawn(self):
        if self._number is not None and self._answered_on and self._answered_on != self._state.picture:
            self._answered_on = None
            self._panel.forget_verdict()
        self.refresh()

    def _bring_in_sight(self, step):
        """Scroll to what the step speaks of, where the panel does not cover it."""
        if window.matchMedia(SHEET).matches:
            place = by_id("view" if self._page.views.is_open else "network")
            part = step.part and place.querySelector(step.part)
            (part or place).scrollIntoView()
        elif window.scrollY:
            by_id("screen").scrollIntoView()
