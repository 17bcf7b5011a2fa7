"""Between the worker's JavaScript and `Session`: JSON text and typed arrays, nothing else."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from pyodide.ffi import JsProxy, to_js

from engine.session import Session
from pycnn import load_model


class Bridge:
    """Answers the worker's calls; `worker.js` makes one when the engine starts."""

    def __init__(self, model: str) -> None:
        self._session = Session(load_model(Path(model)))

    def call(self, request: str, arguments: Any) -> JsProxy:
        """Call the method `request` of the session.

        `arguments` is a JavaScript array of strings and typed arrays. The answer is a JavaScript array:
        the facts as JSON text, then the arrays, flat.
        """
        converted = [_to_python(argument) for argument in arguments]
        facts, arrays = getattr(self._session, request)(*converted)
        # What JSON cannot say would stop the page's Python, whose JSON also knows no signs in two escapes.
        text = json.dumps(facts, allow_nan=False, ensure_ascii=False)
        return to_js([text, *(array.ravel() for array in arrays)])


def _to_python(argument: Any) -> Any:
    return argument if isinstance(argument, str) else np.asarray(argument.to_py())
