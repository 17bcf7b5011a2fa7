"""The page's end of the line to the engine's worker."""

import asyncio
import json

from pyscript import window
from pyscript.ffi import create_proxy, to_js

WORKER = "engine/worker.js"


class EngineError(Exception):
    """The engine could not answer, through a fault that is not the visitor's."""


class EngineLink:
    """Starts the engine's worker, sends requests and hands out answers.

    Tells of the start through three callbacks: `on_stage(stage, loaded, total)` with bytes, `on_ready()`,
    `on_failed(stage, reason)`.
    """

    def __init__(self, on_stage, on_ready, on_failed):
        self._on_stage = on_stage
        self._on_ready = on_ready
        self._on_failed = on_failed
        self._worker = None
        self._is_ready = False
        self._begun = asyncio.Event()
        self._asked = 0
        self._waiting = {}
        self._hear = create_proxy(lambda event: self._receive(event.data))
        self._break = create_proxy(self._broken)

    def start(self):
        """Start the engine, or start it anew after it failed; what was asked before is forgotten."""
        if self._worker:
            self._worker.terminate()
        self._waiting = {}
        self._is_ready = False
        self._worker = window.Worker.new(WORKER, to_js({"type": "module"}))
        self._worker.onmessage = self._hear
        self._worker.onerror = self._break
        self._begun.set()

    async def ask(self, request, *parts, transfer=()):
        """Ask for `request` with texts and typed arrays. Returns the facts and a list of typed arrays.

        `transfer`: buffers of those arrays that are handed over instead of copied.

        Raises:
            EngineError: the engine failed at it.
        """
        await self._begun.wait()
        self._asked += 1
        number = self._asked
        arrived = asyncio.Event()
        self._waiting[number] = arrived
        message = to_js({"id": number, "request": request, "parts": list(parts)})
        self._worker.postMessage(message, to_js(list(transfer)))
        await arrived.wait()
        message = arrived.message
        if hasattr(message, "broken"):
            raise EngineError(message.broken)
        if hasattr(message, "failed"):
            raise EngineError(message.reason)
        return json.loads(message.facts), list(message.arrays)

    def _receive(self, message):
        if hasattr(message, "id"):
            arrived = self._waiting.pop(message.id, None)
            if arrived:
                arrived.message = message
                arrived.set()
        elif hasattr(message, "ready"):
            self._is_ready = True
            self._on_ready()
        elif hasattr(message, "failed"):
            for arrived in self._waiting.values():
                arrived.message = message
                arrived.set()
            self._waiting = {}
            self._on_failed(message.failed, message.reason)
        else:
            self._on_stage(message.stage, message.loaded, message.total)

    def _broken(self, event):
        """The worker's script could not be fetched, or something in it failed that it did not expect."""
        event.preventDefault()
        reason = getattr(event, "message", None) or WORKER
        self._receive(to_js({"failed": "run" if self._is_ready else "fetch", "reason": reason}))
