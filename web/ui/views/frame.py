"""The open view: one section with a heading, the view's body, playback, and what is said aloud."""

from pyscript import document, window
from pyscript.ffi import create_proxy

from ui import tasks
from ui.columns import find, neighbour
from ui.dom import by_id, calm, mark, on
from ui.engine_link import EngineGone
from ui.reasons import reason
from ui.taking import Taking
from ui.unit_facts import unit_name
from ui.views import glide
from ui.views.cells import show_cells
from ui.views.loupe import Loupe
from ui.views.playback import Playback
from ui.views.scene import Scene
from ui.views.steering import Steering
from ui.words import escape

REST = 500  # milliseconds without a move after which the cursor rests
WAYS = (("ArrowLeft", "left"), ("ArrowUp", "up"), ("ArrowDown", "down"), ("ArrowRight", "right"))


class ViewFrame:
    """Opens and closes the view of the unit that the page's state names; there is at most one.

    `page` gives what a Scene needs, and writes the address when the cursor rests.
    """

    def __init__(self, page):
        self.page = page
        self.words = page.words
        self.state = page.state
        self._has_kinds = False  # are the modules of the views here?
        self._lacking = ""  # why they are not, where that is no matter of time
        self.view = None
        self.cursor = None  # its place (y, x); None before the view has said where it begins
        self._answer = None  # the engine's facts and arrays of the view that is open
        self._parts = {}  # what a fragment says of the view that is being opened
        self._failure = None  # the sentence that says why there is none
        self._asked = 0  # counts what was asked of the engine, so that only the last answer is shown
        self._section = by_id("view")
        self._body = by_id("view-body")
        self._resting = None
        self._rest = create_proxy(self.rested)
        self._loupe = Loupe()
        on(by_id("view-close"), "click", lambda _: page.places.close())
        on(by_id("view-article"), "click", lambda _: self.pause())  # the view goes out of sight
        self._playback = Playback("play", self.words, self._play_to, self.rested)
        self._steering = Steering(self, self._loupe)
        self._taking = Taking(self.words, page.notices, page.engine, self)
        window.ResizeObserver.new(create_proxy(lambda *_: self._resized())).observe(self._body)

    @property
    def is_open(self):
        return not self._section.hidden

    @property
    def in_sight(self):
        """Is it open, and not scrolled away by a visitor who reads the article?"""
        return self.is_open and self._section.getBoundingClientRect().bottom > 0

    def open(self, place=None, parts=None):
        """Show the unit that the state names. `place`: the cursor's, else it is where the view has it start.

        `parts`: what a fragment says of the view itself.
        """
        self._before = None if self.is_open else glide.rectangles(self.page.overview.canvases)
        if not self.is_open:
            self._section.hidden = False
            document.documentElement.dataset.viewing = "true"
        self._clear()
        self._forget_failure()
        self._start_at(place)
        self._steering.held = False
        self._name()
        by_id("view-title").focus()
        self._section.scrollTop = 0
        self._parts = parts or {}
        self.begin()

    def close(self):
        """Show the whole network again; gives the maps' last places, from which they glide back."""
        before = glide.rectangles(self._shown_maps())
        self._clear()
        self._forget_failure()
        self._section.hidden = True
        document.documentElement.removeAttribute("data-viewing")
        return before

    def glide_back(self, before):
        """Let the overview's maps come from where the view had them."""
        canvases = self.page.overview.canvases
        glide.glide({key: canvases[key] for key in before}, before)

    def begin(self):
        """Begin to show what there is to show."""
        tasks.run(self.refresh(), self._fail)

    async def refresh(self):
        """Ask the engine what there is to show, as the picture or the unit has changed, and show it."""
        self._asked += 1
        asked = self._asked
        if not self.is_open:
            return
        if self._lacking or not self._has_kinds or not self.page.shown.computed:
            self.wait()  # it comes again with what is lacking
            return
        try:
            await self._ask(asked)
        except EngineGone:
            self.wait()  # the next engine is asked again
        except Exception as error:
            if asked == self._asked:
                self._fail(error)

    async def _ask(self, asked):
        question = self._question()
        answer = await self.page.engine.ask("open", *question, about=" ".join(question))
        if asked == self._asked and self.page.shown.computed:  # else it comes again with the picture
            self._show(*answer)
            self._forget_failure()

    def _question(self):
        """Layer, unit and view that are open, as the engine is asked for them."""
        return self.state.layer, str(self.state.unit), self.state.view or ""

    def is_about(self, about):
        """Is the view open that the engine was asked for `about` this?"""
        return self.is_open and about == " ".join(self._question())

    def wait(self):
        """Say why a view that is open has no numbers yet."""
        if self.is_open and self.view is None:
            by_id("view-sentence").textContent = self._why_not()

    def _why_not(self):
        if self._lacking:
            return self._lacking
        if self.page.shown.computed and not self._has_kinds:
            return self.words("view.coming")
        return self.page.showing.why_not()

    def come(self):
        """The modules of the views are here."""
        self._has_kinds = True
        self.begin()

    def lack(self, sentence):
        """Let views say why they cannot be shown, as their modules are not here; "" takes it back."""
        self._lacking = sentence
        self.wait()

    def _fail(self, error):
        """Say that the view cannot be shown, and why; what it may have shown is of another picture."""
        self._clear()
        self._failure = self.words("view.failed", reason=reason(self.words, error))
        by_id("view-sentence").textContent = self._failure
        again = self.words("notices.retry"), "retry", self.begin
        self.page.notices.say("page", self._failure, actions=[again])

    def _forget_failure(self):
        if self._failure:
            self.page.notices.clear("page", self._failure)
            self._failure = None

    def redraw(self):
        """Draw the view anew with what it has, as scales or decimals have changed."""
        if self.view:
            self._build(dict(self.view.parts()))

    def move(self, y, x):
        """The visitor moves the cursor."""
        self._playback.stop()
        self._move(y, x)

    def pause(self):
        """Let the cursor stay where it is."""
        self._playback.stop()

    def take_place(self, place, parts):
        """Take over the cursor and what else a fragment says of the view that is open."""
        self._playback.halt()
        if self.view is None:
            self._start_at(place)
            self._parts = parts
        else:
            if place and self._is_place(place):
                self.cursor = place
            self._build(parts)

    def follow(self, button):
        """Go where a button inside the view leads: to another unit, or another view of this one."""
        data = {name: button.getAttribute("data-to-" + name) for name in ("layer", "unit", "view", "y", "x")}
        place = None if data["y"] is None else (int(data["y"]), int(data["x"]))
        self.page.places.open(data["layer"], int(data["unit"]), data["view"], place)

    def rested(self):
        """The cursor has come to rest: say its numbers, and let the address hold its place."""
        if self.view and not self._playback.playing:
            by_id("view-live").textContent = "\n".join([self.place_name()] + self.view.numbers(*self.cursor))
            self.write_address()

    def write_address(self):
        """Let the address hold the cursor's place as it is now."""
        self.page.places.write(new_entry=False)

    def note_place(self):
        """Let the state hold the cursor's place, and what else the view wants to be kept."""
        if self.view:
            self.state.y, self.state.x = self.cursor
            self.state.parts = self.view.parts()

    def place_name(self):
        return self.view.place_name(*self.cursor)

    def numbers(self):
        """The numbers at the cursor as text."""
        return "\n".join([self.view.title(), self.place_name()] + self.view.numbers(*self.cursor))

    # Showing

    def _show(self, facts, arrays):
        self._answer = facts, arrays
        self._build(dict(self.view.parts()) if self.view else self._parts)
        section = self._section.dataset
        section.view, section.layer, section.unit = facts["view"], facts["layer"], str(facts["unit"])
        if self._before:
            glide.glide(self._shown_maps(), self._before)
            self._before = None
        mark("view-opened")
        if self._autoplay and self.view.plays:
            self._playback.play()
        self._autoplay = False

    def _build(self, parts):
        """Make the view, draw it, and put the cursor where it was."""
        from ui.views.kinds import KINDS  # the page loads the views after it has become ready

        facts, arrays = self._answer
        self.view = KINDS[facts["view"]](Scene(self.page, facts, arrays))
        self.view.take_parts(parts)
        by_id("view-title").textContent = self.view.title()
        by_id("view-sentence").textContent = self.view.sentence()
        article = by_id("view-article")
        article.setAttribute("data-article", self.view.article)
        article.setAttribute("href", "#article-" + self.view.article)
        article.hidden = False
        self.page.legends.show_in(by_id("view-legends"), self.view.legends())
        self._loupe.hide()
        self._body.dataset.decimals = "all" if self.state.decimals is None else str(self.state.decimals)
        self._body.innerHTML = self.view.html()
        for name, value in self.view.geometry():
            self._body.style.setProperty("--" + name, str(value))
        self.view.paint(self._body)
        self.view.fill(self._body)
        show_cells(self.view, self._body)
        if self.cursor is None or not self._is_place(self.cursor):
            self.cursor = self.view.start
        self._playback.enable(True)
        self._move(*self.cursor)

    def _start_at(self, place):
        """Let the view that is being opened begin at this place; for None at its own first one, and play."""
        self.cursor = place
        self._autoplay = place is None and not calm()

    def _is_place(self, place):
        return self.view.grid.clamp(*place) == place

    def _name(self):
        """The heading and the ways to the neighbours, before the engine has answered."""
        column = find(self.page.columns, self.state.layer)
        name = unit_name(column, self.state.unit, self.page.class_names, self.words)
        by_id("view-title").textContent = self.words("view.title", layer=column.name, unit=name)
        by_id("view-ways").innerHTML = "".join(self._way(key, direction) for key, direction in WAYS)

    def _way(self, key, direction):
        """HTML of the button to the neighbour in one direction."""
        state, words = self.state, self.words
        there = neighbour(self.page.columns, state.layer, state.unit, key)
        view, second = "", find(self.page.columns, state.layer).second_view
        if direction in ("left", "right") and second:
            # From left to right: the layer before, the class's logit, its probability.
            if direction == "right":
                there, view = (None, "") if state.view else ((state.layer, state.unit), second)
            elif state.view:
                there = state.layer, state.unit
        if there is None:
            return f'<button type="button" class="to {direction}" disabled></button>'
        layer, unit = there
        name = unit_name(find(self.page.columns, layer), unit, self.page.class_names, words)
        if layer == state.layer and unit == state.unit:
            label = words("view.way." + view if view else "view.way.logit", unit=name)
            text = words("way." + view if view else "way.logit")
        else:
            label, text = words("view.way", layer=layer, unit=name), layer
        label, text = escape(label), escape(text) if direction in ("left", "right") else ""
        target = f' data-to-view="{view}"' if view else ""
        return (
            f'<button type="button" class="to {direction}" data-to-layer="{escape(layer)}"'
            f' data-to-unit="{unit}"{target} aria-label="{label}" title="{label}">'
            f"<span>{text}</span></button>"
        )

    def _clear(self):
        window.clearTimeout(self._resting)
        self._playback.halt()
        self._loupe.hide()
        self._taking.close()
        self.view = None
        self._asked += 1
        for name in ("view", "layer", "unit"):
            self._section.removeAttribute("data-" + name)
        by_id("view-sentence").textContent = ""
        by_id("view-article").hidden = True
        by_id("view-live").textContent = ""
        self._playback.enable(False)

    def _shown_maps(self):
        """The maps in the view that the overview has as well, the first of each, by (layer, unit)."""
        found = {}
        for element in self._body.querySelectorAll(".map"):
            at = self.view.panel_of(element).drawn_as if self.view else None
            if at and at not in found:
                found[at] = element
        return found

    def _play_to(self, index):
        self._move(*self.view.grid.place(index))

    def _move(self, y, x):
        """Put the cursor at the place nearest to (y, x), and write every number that depends on it."""
        view = self.view
        y, x = self.cursor = view.grid.clamp(y, x)
        self._loupe.show(view, y, x)  # first, as it measures, which is quick before anything is written
        self._body.style.setProperty("--y", str(y))
        self._body.style.setProperty("--x", str(x))
        view.move(y, x)
        self._playback.show(view.grid.index(y, x), view.grid.count)
        name = self.place_name()
        self._playback.say(self.words("view.held", place=name) if self._steering.held else name)
        window.clearTimeout(self._resting)
        if not self._playback.playing:
            self._resting = window.setTimeout(self._rest, REST)

    def _resized(self):
        if self.view:
            show_cells(self.view, self._body)
