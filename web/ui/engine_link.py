"""The page's end of the line to the engine's worker."""

import asyncio
import json

from pyscript import window
from pyscript.ffi import create_proxy, to_js


class EngineError(Exception):
    """The engine could not answer, through a fault that is not the visitor's."""


class EngineLink:
    """Sends requests and hands out answers; tells of the engine's start through three callbacks.

    `on_stage(stage, loaded, total)` with bytes, `on_ready()`, `on_failed(stage, reason)`. The worker
    itself was started by boot.js, before there was any Python; it keeps messages until one listens.
    """

    def __init__(self, on_stage, on_ready, on_failed):
        self._on_stage = on_stage
        self._on_ready = on_ready
        self._on_failed = on_failed
        self._asked = 0
        self._waiting = {}

    def listen(self):
        """Hear from now on what the worker says, and first what it has said already."""
        window.engineStart.listen(create_proxy(self._receive))

    def restart(self):
        """Start the engine anew after it failed; what was asked before is forgotten."""
        self._waiting = {}
        window.engineStart.start()

    async def ask(self, request, *parts, transfer=()):
        """Ask for `request` with texts and typed arrays. Returns the facts and a list of typed arrays.

        `transfer`: buffers of those arrays that are handed over instead of copied.

        Raises:
            EngineError: the engine failed at it.
        """
        self._asked += 1
        number = self._asked
        arrived = asyncio.Event()
        self._waiting[number] = arrived
        message = to_js({"id": number, "request": request, "parts": list(parts)})
        window.engineStart.worker.postMessage(message, to_js(list(transfer)))
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
            self._on_ready()
        elif hasattr(message, "failed"):
            for arrived in self._waiting.values():
                arrived.message = message
                arrived.set()
            self._waiting = {}
            self._on_failed(message.failed, message.reason)
        else:
            self._on_stage(message.stage, message.loaded, message.total)
