"""The page: makes the rooms and introduces them to each other."""

from pyscript import window

from ui import ramp, tasks
from ui.article import Article
from ui.check import Check
from ui.choosing import Choosing
from ui.columns import columns as columns_of
from ui.coming_back import ComingBack
from ui.dom import mark
from ui.drawing import Drawing
from ui.engine_care import EngineCare
from ui.engine_link import EngineGone, EngineLink
from ui.engine_status import EngineStatus
from ui.gallery import Gallery
from ui.legends import Legends
from ui.notices import Notices
from ui.pictures import Pictures
from ui.places import Places
from ui.reasons import reason
from ui.settings import Settings
from ui.showing import Showing
from ui.shown import Shown
from ui.state import State
from ui.unit_facts import class_names
from ui.views.frame import ViewFrame


class Page:
    """The page as the build left it comes to life.

    `network` is what `describe()` says of it, `samples` the gallery, `first` the facts of the first picture,
    which the build has computed, and `ramps` the RGBA bytes of the legends' ramps.

    Rooms that are given the page find each other in it, and the facts that all share.
    """

    def __init__(self, words, network, samples, first, ramps):
        self.words = words
        self.network = network
        self.columns = columns_of(network)
        self.class_names = class_names(network, words)
        self.state = State(samples[0]["name"])
        self.shown = Shown(first)
        self.settings = Settings(self.state, self._setting_changed)

        self.notices = Notices()
        self.status = EngineStatus(words, self.notices, self._retry_engine)
        self.engine = EngineLink(self.status.stage, self._engine_ready, self._engine_failed)
        self.care = EngineCare(words, self.notices, self.engine, ComingBack(self))
        self.check = Check(self)

        channels = self.columns[0].units
        diverging, tints = ramp.split(ramps, first["ramps"])
        self.ramps = ramp.read(diverging, tints, channels)
        self.legends = Legends(diverging, tints, channels, words)
        self.pictures = Pictures(samples, *network["input"]["shape"][1:], self.engine)
        self.choosing = Choosing(self)
        self.gallery = Gallery(self.choosing.choose, self.choosing.choose_file)
        self.places = Places(self)
        self.drawing = Drawing(
            words, network, self.columns, self.shown, self.legends, self.pictures.truth, self.places.open
        )
        self.overview = self.drawing.overview
        self.views = ViewFrame(self)
        self.article = Article(self)
        self.showing = Showing(self)
        self.path = self.playground = None  # their modules come later
        self.later = None  # what fetches them
        self.places.follow_address()

    # The engine

    def start_engine(self, renewed=False):
        self.status.begin()
        self.engine.start(renewed)

    def _retry_engine(self):
        """The visitor starts the engine once more, as its start failed or stood still."""
        self.notices.clear("picture")
        self.care.begin_anew()
        self.start_engine(renewed=True)

    def _engine_ready(self):
        self.status.answers()
        self.care.ready()
        tasks.run(self._greet_engine(), self._not_greeted)

    def _engine_failed(self, stage, cause):
        self.status.failed(stage, cause)
        self.no_numbers()

    async def _greet_engine(self):
        if not await self.check.network():
            self._engine_failed("network", self.words("engine.other_network"))
            return
        self.status.ready()
        mark("engine-ready")
        self.views.wait()  # for the picture now
        try:
            await self.showing.show()
        except Exception as error:
            self.showing.failed(error)
        if self.status.is_ready() and not self.check.is_done:
            window.keepSite()
            self.check.first_picture()

    def _not_greeted(self, error):
        if not isinstance(error, EngineGone):  # else another one is greeted
            self._engine_failed("network", reason(self.words, error))

    def no_numbers(self):
        """There are no numbers of the chosen picture: let those who wait for them say why."""
        self.views.wait()
        for room in (self.path, self.playground):
            if room:
                room.refresh()

    # The visitor

    def _setting_changed(self, name):
        if name == "details":
            self.drawing.place()
        elif name == "decimals":
            self.views.redraw()
        elif name == "sharing":
            self.showing.share_scales()

    # What comes later

    def begin_playground(self):
        """Let the article's playground come to life when the visitor comes near it."""
        from ui.playground.begin import begin  # loaded with the views

        begin(self)

    def begin_path(self, samples):
        """The guided path's modules are here: let the visitor take it. `samples` is the gallery."""
        from ui.path.path import Path

        self.path = Path(self, samples)
