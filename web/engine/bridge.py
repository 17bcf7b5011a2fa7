"""Between the worker's JavaScript and `Session`: JSON text and typed arrays, nothing else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from pyodide.ffi import JsProxy, to_js

from engine.session import Session
from pycnn import load_model

# What the page may ask for; each is a method of `Session`.
REQUESTS = (
    "describe",
    "decode",
    "fit",
    "show",
    "compare",
    "recolour",
    "open",
    "quote",
    "play",
    "save",
    "csv",
)


class Bridge:
    """Answers the worker's calls; `worker.js` makes one when the engine starts.

    `news(doing, name, done, total)` is called while an answer is computed, see `Session`.
    """

    def __init__(self, model: str, news: Callable[[str, str, int, int], object]) -> None:
        self._session = Session(load_model(Path(model)), news=news)

    def call(self, request: str, arguments: Any) -> JsProxy:
        """Call the method `request` of the session.

        `arguments` is a JavaScript array of strings and typed arrays. The answer is a JavaScript array:
        the facts as JSON text, then the arrays, flat.

        Raises:
            ValueError: the page may not ask for this.
        """
        if request not in REQUESTS:
            raise ValueError(f"the engine answers no request {request!r}")
        converted = [_to_python(argument) for argument in arguments]
        facts, arrays = getattr(self._session, request)(*converted)
        # What JSON cannot say would stop the page's Python, whose JSON also knows no signs in two escapes.
        text = json.dumps(facts, allow_nan=False, ensure_ascii=False)
        return to_js([text, *(array.ravel() for array in arrays)])


def _to_python(argument: Any) -> Any:
    return argument if isinstance(argument, str) else np.asarray(argument.to_py())
