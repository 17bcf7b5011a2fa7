"""Between worker and session, with stand-ins for what Pyodide brings."""

import ast
import importlib
import json
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from engine.session import Session
from ui.engine_watch import DOING

from pycnn import save_model
from tests.ui.networks import grey


class TypedArray:
    """In place of a JavaScript Uint8Array: Python sees it through `to_py()`, as a memoryview."""

    def __init__(self, data):
        self._data = bytes(data)

    def to_py(self):
        return memoryview(self._data)


@pytest.fixture
def bridge(tmp_path, monkeypatch):
    ffi = ModuleType("pyodide.ffi")
    ffi.JsProxy = object
    ffi.to_js = list
    pyodide = ModuleType("pyodide")
    pyodide.ffi = ffi
    monkeypatch.setitem(sys.modules, "pyodide", pyodide)
    monkeypatch.setitem(sys.modules, "pyodide.ffi", ffi)
    monkeypatch.delitem(sys.modules, "engine.bridge", raising=False)
    module = importlib.import_module("engine.bridge")
    save_model(grey(), tmp_path / "model.npz")
    made = module.Bridge(str(tmp_path / "model.npz"), lambda *told: made.told.append(told))
    made.told = []
    yield made
    sys.modules.pop("engine.bridge")


PIXELS = np.random.default_rng(9).integers(0, 256, 28 * 28 * 3, np.uint8)


def test_describe(bridge):
    (facts,) = bridge.call("describe", [])
    assert json.loads(facts) == Session(grey()).describe()[0]


def test_show_and_recolour(bridge):
    session = Session(grey())
    facts, colours = bridge.call("show", [TypedArray(PIXELS), "layer"])
    expected, (expected_colours,) = session.show(PIXELS, "layer")
    facts = json.loads(facts)
    assert {**facts, "forward_ms": 0} == {**expected, "forward_ms": 0}
    assert np.array_equal(colours, expected_colours)
    facts, colours = bridge.call("recolour", ["network"])
    expected, (expected_colours,) = session.recolour("network")
    assert json.loads(facts) == expected
    assert np.array_equal(colours, expected_colours)


def test_decode_of_no_picture(bridge):
    answer = bridge.call("decode", [TypedArray(b"no picture at all")])
    assert [json.loads(part) for part in answer] == [{"error": "unknown"}]


def test_arrays_go_over_flat_and_contiguous(bridge):
    for request, arguments in [
        ("describe", []),
        ("show", [TypedArray(PIXELS), "block"]),
        ("recolour", ["layer"]),
    ]:
        facts, *arrays = bridge.call(request, arguments)
        assert isinstance(facts, str)
        for array in arrays:
            assert (array.dtype, array.ndim, array.flags.c_contiguous) == (np.uint8, 1, True)


def test_a_view_goes_over_in_three_types_of_array(bridge):
    bridge.call("show", [TypedArray(PIXELS), "layer"])
    types = set()
    for arguments in (["conv_b", "3", ""], ["output", "6", ""], ["output", "0", "softmax"]):
        facts, *arrays = bridge.call("open", arguments)
        for (name, shape), array in zip(json.loads(facts)["arrays"], arrays, strict=True):
            assert (array.ndim, array.flags.c_contiguous) == (1, True), name
            assert array.size == np.prod(shape), name
            types.add(str(array.dtype))
    assert types == {"uint8", "float32", "float64"}


def test_files_to_take_along_go_over_as_bytes(bridge):
    bridge.call("show", [TypedArray(PIXELS), "layer"])
    for request, arguments in [("save", []), ("csv", ["conv_b", "3"])]:
        facts, data = bridge.call(request, arguments)
        assert json.loads(facts) == {}
        assert (data.dtype, data.ndim, data.flags.c_contiguous) == (np.uint8, 1, True)


def test_a_fault_is_raised_for_the_worker_to_report(bridge):
    with pytest.raises(ValueError, match="not 'unit'"):
        bridge.call("show", [TypedArray(PIXELS), "unit"])


def test_the_page_can_ask_for_what_it_asks_for_and_for_nothing_else(bridge):
    web = Path(__file__).parents[2] / "web/ui"
    nodes = [
        node
        for path in web.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if path.name != "engine_watch.py"
    ]
    calls = [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "ask"]
    asked = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    requests = set(sys.modules["engine.bridge"].REQUESTS)
    assert asked <= requests <= {node.value for node in nodes if isinstance(node, ast.Constant)}
    assert requests == set(DOING)
    for request in ("vanish", "summary", "ramps", "_last", "__init__", "network", ""):
        with pytest.raises(ValueError, match="answers no request"):
            bridge.call(request, [])


def test_news_of_the_session_go_on(bridge):
    bridge.call("show", [TypedArray(PIXELS), "layer"])
    assert bridge.told[0][0] == "forward"
    assert {type(value) for told in bridge.told for value in told} == {str, int}
