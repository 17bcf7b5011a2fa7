"""The page's end of the line to the engine's worker."""

import asyncio
import json

from pyscript import window
from pyscript.ffi import create_proxy, to_js

from ui import tasks

WORKER = "engine/worker.js"


class EngineError(Exception):
    """The engine could not answer, through a fault that is not the visitor's."""


class EngineGone(EngineError):  # noqa: N818 - it is more of a message than an error
    """The engine was ended before it had answered; another one is started, or was stopped for good."""


class EngineLink:
    """Starts the engine's worker, sends requests and hands out answers. There is one worker at most.

    Tells of the start through three callbacks: `on_stage(stage, loaded, total, waits)` with bytes and the
    file that is waited for, `on_ready()`, `on_failed(stage, reason)`. The `watcher` is told of all that is
    asked: `asked(number, request, about)`, `heard(number, news)`, `answered(number)`; `died(reason)` if a
    worker that was ready can answer nothing more, and `ended()` when there is none any longer. A request
    that it `refuses(request)` is not sent.
    """

    def __init__(self, on_stage, on_ready, on_failed):
        self._on_stage = on_stage
        self._on_ready = on_ready
        self._on_failed = on_failed
        self.watcher = None
        self._worker = None
        self._is_ready = False
        self._failure = None  # why there is no worker to ask, as long as there is none
        self._begun = asyncio.Event()
        self._asked = 0
        self._waiting = {}
        self._hear = create_proxy(lambda event: self._receive(event.data))
        self._break = create_proxy(self._broken)

    def start(self, renewed=False):
        """Start the engine, or another one in its place. `renewed`: with nothing that the browser kept."""
        self.end("another engine is started")
        self._failure = None
        name = "renewed" if renewed else "kept" if window.isSiteKept() else ""
        options = {"type": "module", "name": name}
        self._worker = window.Worker.new(window.fileAt(WORKER), to_js(options))
        self._worker.onmessage = self._hear
        self._worker.onerror = self._worker.onmessageerror = self._break
        self._begun.set()

    def end(self, reason):
        """End the worker and leave nothing of it behind; what it was asked fails with EngineGone."""
        if self._worker:
            self._worker.onmessage = self._worker.onerror = self._worker.onmessageerror = None
            self._worker.terminate()
            self._worker = None
        self._is_ready = False
        self._failure = reason
        self.watcher.ended()
        waiting, self._waiting = self._waiting, {}
        for arrived in waiting.values():
            arrived.answer = EngineGone(reason)
            arrived.set()

    async def ask(self, request, *parts, about="", transfer=()):
        """Ask for `request` with texts and typed arrays. Returns the facts and a list of typed arrays.

        `about` says of what it is asked, as far as the request can be for several things. `transfer`: buffers
        of those arrays that are handed over instead of copied.

        Raises:
            EngineGone: the engine was ended meanwhile.
            EngineError: the engine failed at it, or is not running.
        """
        await self._begun.wait()
        if self._failure:
            raise EngineError(self._failure)
        if self.watcher.refuses(request):
            raise EngineError("the engine stopped at it twice")
        self._asked += 1
        number = self._asked
        arrived = asyncio.Event()
        self._waiting[number] = arrived
        self.watcher.asked(number, request, about)
        message = to_js({"id": number, "request": request, "parts": list(parts)})
        self._worker.postMessage(message, to_js(list(transfer)))
        await arrived.wait()
        if isinstance(arrived.answer, EngineError):
            raise arrived.answer
        return json.loads(arrived.answer.facts), list(arrived.answer.arrays)

    def _receive(self, message):
        if hasattr(message, "news"):
            self.watcher.heard(message.id, message.news)
        elif hasattr(message, "id"):
            self._answer(message)
        elif hasattr(message, "ready"):
            self._is_ready = True
            self._on_ready()
        elif hasattr(message, "failed"):
            self._failed(message.failed, message.reason)
        elif hasattr(message, "died"):
            self.watcher.died(message.died)
        else:
            self._on_stage(message.stage, message.loaded, message.total, message.waits)

    def _answer(self, message):
        arrived = self._waiting.pop(message.id, None)
        if arrived:
            self.watcher.answered(message.id)
            arrived.answer = EngineError(message.broken) if hasattr(message, "broken") else message
            arrived.set()

    def _failed(self, stage, reason):
        """The engine could not be started."""
        self.end(reason)
        self._on_failed(stage, reason)

    def _broken(self, event):
        """Something in the worker failed that it did not expect, or its script could not be fetched."""
        event.preventDefault()
        reason = getattr(event, "message", None) or WORKER
        if self._is_ready:
            self.watcher.died(reason)
        else:
            tasks.run(self._look_into(self._worker, reason), lambda _: self._failed("fetch", reason))

    async def _look_into(self, worker, reason):
        """The worker's script could not be used: see whether it came as it should."""
        fault = await window.faultOf(WORKER)
        if worker is self._worker:
            self._failed("fetch", f"{WORKER}: {fault}" if fault else reason)
