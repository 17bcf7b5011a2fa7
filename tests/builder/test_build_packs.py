"""Python's modules are packed once, and anew when anything that they are made from changes."""

import pytest

from builder.archive import only, unpack
from builder.errors import BuildError
from builder.packs import PACKS
from builder.packs.stand_ins import STAND_INS, stand_in

ENGINE = {"pycnn/__init__.py": b"import numpy", "engine/__init__.py": b""}


@pytest.fixture
def make(packs, filled_cache, runtime):
    return lambda engine: packs.make(engine, filled_cache, runtime[0])


def test_every_part_has_its_pack(make):
    made = make(ENGINE)
    assert set(made) == set(PACKS.values())
    assert set(unpack(only(made[PACKS["stdlib"]]))) == {"os.pyc"}
    engine = unpack(only(made[PACKS["engine"]]))
    assert engine == {f"{path}c": source for path, source in ENGINE.items()}


def test_numpy_comes_without_docstrings_and_linear_algebra(make):
    numpy = unpack(only(make(ENGINE)[PACKS["numpy"]]))
    assert set(numpy) == {
        "numpy/__init__.pyc",
        "numpy/_core/_add_newdocs.pyc",
        "numpy/linalg/_umath_linalg.pyc",
    }
    assert numpy["numpy/_core/_add_newdocs.pyc"] == b""
    assert b"without linear algebra" in numpy["numpy/linalg/_umath_linalg.pyc"]


def test_what_was_packed_is_used_again(make, environment, capsys):
    first = make(ENGINE)
    assert "Compiling what the engine imports" in capsys.readouterr().out
    assert make(ENGINE) == first
    assert environment.runs == 1
    assert capsys.readouterr().out == ""


def test_a_changed_source_is_packed_anew_and_the_last_packs_go(make, environment, tmp_path):
    make(ENGINE)
    changed = {**ENGINE, "engine/__init__.py": b"pass"}
    assert unpack(only(make(changed)[PACKS["engine"]]))["engine/__init__.pyc"] == b"pass"
    assert environment.runs == 2
    assert len(list((tmp_path / "packs").iterdir())) == 1


def test_what_goes_wrong_in_pyodide_is_shown_and_nothing_is_kept(make, environment, tmp_path):
    environment.fault = "ModuleNotFoundError: No module named 'typing'"
    with pytest.raises(BuildError, match=r"(?s)^Could not compile what the engine imports.*'typing'"):
        make(ENGINE)
    assert not (tmp_path / "packs").exists()
    environment.fault = ""
    assert make(ENGINE)


def test_stand_ins_come_only_where_something_stood():
    library = {"asyncio/streams.py": b"socket", "ssl.py": b"", "sslproto.py": b"", "lib/bz2.py": b""}
    expected = {**library, "asyncio/streams.py": STAND_INS["asyncio/streams.py"].encode()}
    del expected["ssl.py"]
    assert stand_in(library) == expected


def test_the_stand_in_for_linear_algebra_says_what_is_missing():
    module: dict = {}
    exec(STAND_INS["numpy/linalg/_umath_linalg.py"], module)
    with pytest.raises(NotImplementedError, match="without linear algebra"):
        module["__getattr__"]("solve")
    with pytest.raises(AttributeError, match="__path__"):
        module["__getattr__"]("__path__")
