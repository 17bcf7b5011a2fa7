"""Says which stage the engine's start is in, how far it has come, and what to do if it fails."""

from pyscript import document, window
from pyscript.ffi import create_proxy

from ui.dom import by_id
from ui.engine_link import WORKER
from ui.figures import megabytes
from ui.reasons import of_a_file

STAGES = ("fetch", "start", "numpy", "network")


class EngineStatus:
    """A line with a progress bar while the engine starts, and a notice where that stands still or fails.

    `on_retry()` when the visitor tries again.
    """

    def __init__(self, words, notices, on_retry):
        self._words = words
        self._notices = notices
        self._on_retry = on_retry
        self._line = by_id("engine-status")
        self._text = by_id("engine-stage")
        self._count = by_id("engine-bytes")
        self._progress = by_id("engine-progress")
        self._stage = None
        self._loaded = 0
        self._waits = ""  # the file that is waited for
        self._watch = None  # of start.js
        self._still = create_proxy(self._stands_still)
        self._moves = create_proxy(lambda: notices.clear("engine"))

    def is_ready(self):
        return document.documentElement.dataset.engine == "ready"

    def is_failed(self):
        return document.documentElement.dataset.engine == "failed"

    def begin(self):
        """An engine is being started."""
        self._end_watch()
        document.documentElement.dataset.engine = "starting"
        self._line.hidden = False
        self._stage = None
        self._loaded = 0
        self._watch = window.watch(self._still, self._moves)
        self.stage("fetch", 0, 0, WORKER)

    def stage(self, name, loaded, total, waits):
        """The start is at stage `name`: `loaded` of `total` bytes are here; `waits` names the next file."""
        if name != self._stage or (self._waits and not waits):
            self._watch.next()
        self._watch.came(loaded - self._loaded)
        self._loaded, self._waits = loaded, waits
        if name != self._stage:
            self._stage = name
            self._text.textContent = self._words("engine." + name)
        # Bytes are the first half of the way, the stages after them the second.
        done = loaded / total if total else 0
        self._progress.value = (done + STAGES.index(name) / len(STAGES)) / 2
        self._count.textContent = (
            self._words("engine.bytes", loaded=megabytes(loaded), total=megabytes(total))
            if name == "fetch"
            else ""
        )

    def answers(self):
        """The engine has started, and is asked whether it is the page's."""
        self._end_watch()

    def ready(self):
        document.documentElement.dataset.engine = "ready"
        self._line.hidden = True

    def waiting(self):
        """Why the numbers that an engine gives are not there yet."""
        if self.is_failed():
            return self._words("engine.not_running")
        if self.is_ready():
            return self._words("view.computing")
        return self._words("view.restarting" if self.restarts() else "view.waiting")

    def remind(self):
        """The visitor asks for what only an engine can do: is there none, offer again to start it."""
        if self.is_failed():
            self._notices.remind("engine")

    def restarts(self):
        """How often an engine was started in the place of another."""
        return int(document.documentElement.dataset.restarts)

    def end(self):
        """There is no engine, and none is being started."""
        self._end_watch()
        document.documentElement.dataset.engine = "failed"
        self._line.hidden = True

    def failed(self, stage, reason):
        """The start ended at a stage; the reason may be a file's fault, see reasons.py."""
        self.end()
        fault = of_a_file(self._words, reason)
        if fault:
            self._say(self._words("engine.lacks", fault=fault))
        else:
            stage = self._words("engine." + stage)
            self._say(self._words("engine.failed", stage=stage), self._words("engine.reason", reason=reason))

    def _stands_still(self):
        if self._waits:
            self._say(self._words("engine.still", file=self._waits))
        else:
            self._say(self._words("engine.slow", stage=self._words("engine." + self._stage)))

    def _say(self, sentence, reason=""):
        again = self._words("notices.retry"), "restart", self._retry
        self._notices.say("engine", sentence, reason=reason, actions=[again])

    def _end_watch(self):
        if self._watch:
            self._watch.end()
            self._watch = None

    def _retry(self):
        self._notices.clear("engine")
        self._on_retry()
        self._line.focus()
