"""The page: holds the state, asks the engine, and tells the drawing modules what to show."""

import asyncio

from pyscript import document, window
from pyscript.ffi import create_proxy

from ui import address
from ui.article import Article
from ui.classes import ClassList
from ui.columns import columns as columns_of
from ui.dom import by_id, mark, on, put_pixels
from ui.engine_link import EngineLink
from ui.engine_status import EngineStatus
from ui.figures import number
from ui.gallery import Gallery
from ui.legends import Legends
from ui.notices import Notices
from ui.overview import Overview
from ui.pictures import Pictures
from ui.pointing import Pointing
from ui.ramp import Ramp, Tint
from ui.settings import Settings
from ui.state import State, read_fragment, read_place, read_step
from ui.telling import Telling
from ui.unit_facts import class_names, unit_label
from ui.views.frame import ViewFrame

ABOVE = "(max-width: 759px)"  # there the style sheet puts picture and classes above the network


class Page:
    """The page as the build left it comes to life.

    `network` is what `describe()` says of it, `samples` the gallery, `first` the facts of the first picture,
    which the build has computed, and `ramps` the RGBA bytes of the legends' ramps.
    """

    def __init__(self, words, network, samples, first, ramps):
        self.words = words
        self.network = network
        self.columns = columns_of(network)
        self.class_names = class_names(network, words)
        self.state = State(samples[0]["name"])
        self.choices = 0  # counts what the visitor chose, so that a file decoded too late is dropped
        self.taken = 0  # counts pictures taken, so that only the last one is drawn
        self.drawn = first["name"]  # name of the picture that is drawn
        self.shown = first  # the facts of it
        self.computed = False  # are these the engine's own, and no longer those that the build computed?

        Settings(self.state, self.setting_changed)
        self.gallery = Gallery(self.choose, self.choose_file)
        self.overview = Overview(self.columns)
        self.classes = ClassList(self.overview.buttons_of(self.columns[-1]))
        self.pointing = Pointing(self.overview, self.bring_out, self.open_view)
        self.notices = Notices()
        self.status = EngineStatus(words, self.notices, self.restart_engine)
        self.engine = EngineLink(self.status.stage, self.engine_ready, self.status.failed)
        self.pictures = Pictures(samples, self.engine)
        self.telling = Telling(words, network, self.columns)
        self.views = ViewFrame(self)
        self.article = Article(self)
        self.path = None  # the guided path; its modules come later
        diverging, channels = split(ramps, first["ramps"])
        self.legends = Legends(diverging, channels, self.columns[0].units, words)
        self.ramps = self.read_ramps(diverging, channels)
        self.place()
        self.listen()
        self.follow_address()

    # The engine and the picture

    def first_painted(self):
        """The first picture is on the page, and the page answers."""
        self.telling.result(self.gallery.label(self.drawn), self.shown["probabilities"])
        document.documentElement.dataset.picture = self.drawn
        mark("overview-drawn")

    def engine_ready(self):
        asyncio.create_task(self.greet_engine())

    async def greet_engine(self):
        facts, _ = await self.engine.ask("describe")
        if facts["network"] != self.network:
            self.status.failed("network", self.words("engine.other_network"))
            return
        self.status.ready()
        mark("engine-ready")
        await self.show_picture()
        window.keepSite()
        await self.check_first()

    async def check_first(self):
        """Let the engine compute the first picture anew, and say so if the build came to other values."""
        try:
            pixels = await self.pictures.pixels(self.pictures.samples[0])
            summary = await window.fetch("first/summary.json")
            if not summary.ok:
                raise OSError(f"first/summary.json: HTTP {summary.status}")
            facts, _ = await self.engine.ask("compare", pixels, await summary.text())
        except Exception as error:
            self.notices.say("network", self.words("first.unchecked", reason=error))
            return
        if facts["differing"]:
            self.notices.say("network", self.words("first.differs", layers=self.words.listed(facts["differing"])))
        else:
            window.performance.mark("first-checked")

    def read_ramps(self, diverging, channels):
        count = self.columns[0].units
        steps = channels.length // (4 * count)
        return {
            "diverging": Ramp(diverging, diverging.length // 4),
            "channels": [Tint(channels, steps, channel) for channel in range(count)],
        }

    def start_engine(self):
        self.status.stage("fetch", 0, 0)
        self.engine.start()

    def restart_engine(self):
        self.say("")
        self.start_engine()

    def choose(self, name):
        """The visitor chose the picture `name`."""
        window.performance.mark("picture-chosen")
        self.choices += 1
        self.say(self.words("engine.not_running") if self.status.is_failed() else "")
        self.take(name)
        self.write_state(new_entry=False)

    def take(self, name):
        """Make `name` the picture; it is drawn as soon as the engine has answered."""
        self.taken += 1
        self.state.picture = name
        self.gallery.choose(name)
        if self.status.is_ready():
            asyncio.create_task(self.show_picture())

    async def show_picture(self):
        """Send the chosen picture through the network and draw all that comes out."""
        taken, name = self.taken, self.state.picture
        try:
            pixels = await self.pictures.pixels(name)
            facts, (colours,) = await self.engine.ask("show", pixels, self.state.sharing)
        except Exception as error:
            if taken == self.taken:
                self.say(self.words("picture.failed", reason=error))
                self.stay()
            return
        if taken == self.taken:
            self.drawn, self.shown, self.computed = name, facts, True
            self.draw(name, colours.buffer)
            await asyncio.sleep(0)  # lets the browser answer between two long tasks
        if taken == self.taken:
            self.label_units()
            self.pointing.bring_out()
            await self.views.refresh()
        if taken == self.taken:
            document.documentElement.dataset.picture = name
            mark("picture-drawn")
            if not window.performance.getEntriesByName("overview-drawn").length:
                mark("overview-drawn")
            await self.article.refresh()

    def stay(self):
        """Go back to the picture that is drawn, after another one could not be."""
        self.state.picture = self.drawn
        self.gallery.choose(self.drawn)
        self.write_state(new_entry=False)

    def choose_file(self, file):
        if self.status.is_failed():
            self.say(self.words("engine.not_running"))
        else:
            asyncio.create_task(self.show_file(file))

    async def show_file(self, file):
        """Decode the visitor's own picture and show it; if that fails, say why and leave all as it is."""
        self.notices.say("picture", self.words("upload.reading", name=file.name), alert=False)
        self.choices += 1
        choice = self.choices
        try:
            pixels, refusal = await self.pictures.decode(file)
        except Exception as error:
            self.say(self.words("upload.failed", name=file.name, reason=error))
            return
        if choice != self.choices:
            return  # another picture was chosen meanwhile
        if refusal:
            self.say(self.refused(file.name, refusal))
        else:
            self.choose(self.pictures.keep(file, pixels))

    def refused(self, name, refusal):
        """Why the file of this name gives no picture, see Pictures.decode."""
        if "format" in refusal:
            return self.words("upload.unread." + refusal["error"], name=name, format=refusal["format"])
        return self.words("upload.error." + refusal["error"], name=name)

    def begin_playground(self):
        """Let the article's playground come to life when the visitor comes near it."""
        from ui.playground.begin import begin  # loaded with the views

        begin(self)

    # Drawing

    def draw(self, name, colours):
        """Draw the picture `name`, every map, the probabilities and the legends."""
        place = self.shown["picture"]
        put_pixels(by_id("picture"), colours, place["offset"], place["width"], place["height"])
        files = self.pictures.files
        if name in files and not self.gallery.has(name):
            self.gallery.add(name, self.words("upload.name", name=files[name]), by_id("picture"))
        self.overview.paint(self.shown["places"], colours)
        self.classes.show(self.shown["probabilities"])
        self.telling.result(self.gallery.label(name), self.shown["probabilities"])
        self.legends.show(self.shown["scales"], self.overview.boxes)
        forward = by_id("forward")
        forward.setAttribute("data-value", str(self.shown["forward_ms"]))
        forward.textContent = self.words("forward", ms=number(self.shown["forward_ms"], 1))

    async def recolour(self):
        """Colour the maps anew after the sharing of scales changed."""
        facts, (colours,) = await self.engine.ask("recolour", self.state.sharing)
        self.shown["places"], self.shown["scales"] = facts["places"], facts["scales"]
        self.overview.paint(self.shown["places"], colours.buffer)
        self.legends.show(self.shown["scales"], self.overview.boxes)
        self.views.redraw()

    def resized(self, *_):
        if not self.views.is_open and self.room() != self.placed_in:
            self.place()

    def room(self):
        """Width and height of the stage in pixels, and whether picture and classes stand beside it."""
        stage = by_id("stage")
        return stage.offsetWidth, stage.offsetHeight, not window.matchMedia(ABOVE).matches

    def place(self):
        """Draw what follows the places of the units; while a view hides them, that waits."""
        if self.views.is_open:
            self.placed_in = None
            return
        self.placed_in = self.room()
        self.overview.place(beside=self.placed_in[-1])
        self.legends.show(self.shown["scales"], self.overview.boxes)
        self.pointing.bring_out()

    def label_units(self):
        for column in self.columns:
            for unit in range(column.units):
                button = self.overview.buttons[(column.name, unit)]
                button.setAttribute("aria-label", self.unit_label(column, unit))

    def unit_label(self, column, unit):
        return unit_label(column, unit, self.class_names, self.words, self.shown)

    def bring_out(self, unit):
        """Bring out a unit, (layer, unit), with what there is to say of it; or show all alike for None."""
        if unit is None:
            self.overview.quiet()
            self.telling.nothing(self.shown["probabilities"], self.pictures.truth(self.drawn))
        else:
            self.overview.bring_out(*unit)
            label = self.overview.buttons[unit].getAttribute("aria-label")
            self.telling.unit(self.find(unit[0]), unit[1], label)

    def say(self, sentence):
        if sentence:
            self.notices.say("picture", sentence)
        else:
            self.notices.clear("picture")

    # The visitor

    def listen(self):
        on(document, "dragover", lambda event: event.preventDefault())
        on(document, "drop", self.dropped)
        on(document, "keydown", self.key_pressed)
        window.ResizeObserver.new(create_proxy(self.resized)).observe(by_id("stage"))
        address.on_change(self.go_through_history)

    def dropped(self, event):
        event.preventDefault()
        if event.dataTransfer.files.length:
            self.choose_file(event.dataTransfer.files[0])

    def setting_changed(self, name):
        if name == "details":
            self.place()
        elif name == "decimals":
            self.views.redraw()
        elif name == "sharing" and self.computed:
            asyncio.create_task(self.recolour())

    def begin_path(self, samples):
        """The guided path's modules are here: let the visitor take it. `samples` is the gallery."""
        from ui.path.path import Path

        self.path = Path(self, samples)

    # The open view and the address

    def find(self, layer):
        """The column of a layer."""
        for column in self.columns:
            if column.name == layer:
                return column
        raise ValueError(f"the page has no column for the layer {layer!r}")

    def open_view(self, layer, unit, view=None, place=None):
        """The visitor opens a unit's view: a new entry of the history."""
        self.say("")
        self.write_state(new_entry=False)  # so that one comes back to where the cursor is now
        self.show_view(layer, unit, view, place)
        self.write_state(new_entry=True)

    def close_view(self):
        self.write_state(new_entry=False)
        self.hide_view()
        self.write_state(new_entry=True)

    def show_view(self, layer, unit, view, place=None, parts=None):
        self.state.open(layer, unit, view)
        if place:
            self.state.y, self.state.x = place
        self.views.open(place, parts)
        by_id("network").hidden = by_id("about").hidden = True
        self.pointing.forget()

    def hide_view(self):
        unit = self.state.layer, self.state.unit
        self.state.open(None, None)
        before = self.views.close()
        by_id("network").hidden = by_id("about").hidden = False
        self.resized()
        self.overview.focus(*unit)
        self.views.glide_back(before)

    def write_state(self, new_entry):
        self.views.note_place()
        address.write(self.state.fragment(), new_entry)

    def go(self, parts, new_entry=True):
        """Show the state that a fragment's parts, a dict of texts, ask for; picture and step may stay."""
        if new_entry:
            self.write_state(new_entry=False)
        asked = dict(self.state.lasting())
        asked.update(parts)
        address.write([(name, asked[name]) for name in sorted(asked)], new_entry)
        self.follow_address()
        self.write_state(new_entry=False)

    def go_through_history(self):
        self.follow_address()
        self.article.came_back()

    def follow_address(self):
        """Take over what the fragment asks for; what it does not say stays, what is impossible is ignored."""
        parts = address.read()
        self.state.step = read_step(parts)
        picture, layer, unit, view = read_fragment(parts, self.pictures.known, self.columns)
        gone = picture is None and parts.get("picture", "").startswith("upload-")
        if gone:
            self.say(self.words("upload.gone"))
        elif picture and picture != self.state.picture:
            self.take(picture)
        if layer is None:
            if self.views.is_open:
                self.hide_view()
        elif (layer, unit, view) == (self.state.layer, self.state.unit, self.state.view):
            self.views.take_place(read_place(parts), parts)
        else:
            self.show_view(layer, unit, view, read_place(parts), parts)
        if gone:
            self.write_state(new_entry=False)
        if self.path:
            self.path.follow()

    def key_pressed(self, event):
        if event.key == "Escape" and self.views.in_sight and not event.defaultPrevented:
            self.close_view()


def split(ramps, sizes):
    """The ramps that stand one after the other in an array of bytes, each as an array of its own."""
    end = 0
    found = []
    for size in sizes:
        found.append(ramps.slice(end, end + size))
        end += size
    return found
