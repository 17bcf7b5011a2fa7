"""Says which stage the engine's start is in, how far it has come, and what to do if it fails."""

from pyscript import document

from ui.dom import by_id, on
from ui.figures import megabytes

STAGES = ("fetch", "start", "numpy", "network")


class EngineStatus:
    """A line with a progress bar while the engine starts; `on_retry()` when the visitor tries again."""

    def __init__(self, words, on_retry):
        self._words = words
        self._line = by_id("engine-status")
        self._text = by_id("engine-stage")
        self._count = by_id("engine-bytes")
        self._progress = by_id("engine-progress")
        self._retry = by_id("engine-retry")
        self._stage = None
        on(self._retry, "click", lambda _: on_retry())

    def stage(self, name, loaded, total):
        """`loaded` of `total` bytes are here, and the start is at stage `name`."""
        document.documentElement.dataset.engine = "starting"
        self._line.hidden = False
        self._retry.hidden = True
        self._progress.hidden = False
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
        document.documentElement.dataset.engine = "ready"
        self._line.hidden = True

    def failed(self, stage, reason):
        document.documentElement.dataset.engine = "failed"
        self._stage = None
        self._line.hidden = False
        self._progress.hidden = True
        self._retry.hidden = False
        self._count.textContent = ""
        self._text.textContent = self._words(
            "engine.failed", stage=self._words("engine." + stage), reason=reason
        )
