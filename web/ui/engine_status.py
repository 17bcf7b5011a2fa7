"""Says which stage the engine's start is in, how far it has come, and what to do if it fails."""

from pyscript import document, window
from pyscript.ffi import create_proxy

from ui.dom import by_id
from ui.figures import megabytes

SLOW = 20_000  # milliseconds without news after which the page says that it takes long
STAGES = ("fetch", "start", "numpy", "network")


class EngineStatus:
    """A line with a progress bar while the engine starts; `on_retry()` when the visitor tries again."""

    def __init__(self, words, notices, on_retry):
        self._words = words
        self._notices = notices
        self._on_retry = on_retry
        self._line = by_id("engine-status")
        self._text = by_id("engine-stage")
        self._count = by_id("engine-bytes")
        self._progress = by_id("engine-progress")
        self._stage = None
        self._slow = None
        self._say_slow = create_proxy(self._slowed)

    def is_ready(self):
        return document.documentElement.dataset.engine == "ready"

    def is_failed(self):
        return document.documentElement.dataset.engine == "failed"

    def stage(self, name, loaded, total):
        """`loaded` of `total` bytes are here, and the start is at stage `name`."""
        document.documentElement.dataset.engine = "starting"
        self._line.hidden = False
        window.clearTimeout(self._slow)
        self._slow = window.setTimeout(self._say_slow, SLOW)
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

    def ready(self):
        window.clearTimeout(self._slow)
        document.documentElement.dataset.engine = "ready"
        self._line.hidden = True

    def waiting(self):
        """Why the numbers that an engine gives are not there yet."""
        if self.is_failed():
            return self._words("engine.not_running")
        return self._words("view.restarting" if self.restarts() else "view.waiting")

    def restarts(self):
        """How often an engine was started in the place of another."""
        return int(document.documentElement.dataset.restarts)

    def end(self):
        """There is no engine, and none is being started."""
        window.clearTimeout(self._slow)
        document.documentElement.dataset.engine = "failed"
        self._stage = None
        self._line.hidden = True

    def failed(self, stage, reason):
        self.end()
        self._notices.say(
            "engine",
            self._words("engine.failed", stage=self._words("engine." + stage)),
            reason=self._words("engine.reason", reason=reason),
            actions=[(self._words("notices.retry"), "retry", self._retry)],
        )

    def _slowed(self):
        self._text.textContent = self._words("engine.slow", stage=self._words("engine." + self._stage))
        self._stage = None  # so that the next news is said again

    def _retry(self):
        self._notices.clear("engine")
        self._on_retry()
        self._line.focus()
