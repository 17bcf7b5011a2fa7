"""The packs in build/site/: what the engine imports, nothing else, and no more bytes than it may have."""

import gzip
from pathlib import PurePosixPath

import pytest

from builder.archive import only, unpack
from builder.packs import PACKS
from tests.browser import FILES
from tests.packed import engine_sizes

# Of the 6 MB until the engine is ready, the overview is given the rest.
BUDGET = 5_400_000
# What a server compresses; all else is sent as it is.
COMPRESSED = (".html", ".css", ".js", ".json", ".wasm")


@pytest.fixture(scope="module")
def packed():
    """The paths in each pack."""
    return {part: set(unpack(only((FILES / path).read_bytes()))) for part, path in PACKS.items()}


def extensions(paths):
    return {PurePosixPath(path).name.split(".")[0] for path in paths if path.endswith(".so")}


def test_the_packs_hold_compiled_modules_alone(packed):
    for paths in packed.values():
        assert {PurePosixPath(path).suffix for path in paths} <= {".pyc", ".so"}


def test_the_compiled_extensions_are_those_that_are_imported(packed):
    assert extensions(packed["stdlib"]) == set()
    assert extensions(packed["numpy"]) == {"_multiarray_umath"}
    assert extensions(packed["pil"]) == {"_imaging", "_imagingmath", "_webp"}


def test_nothing_is_packed_that_the_engine_does_not_import(packed):
    folders = {part: {path.rsplit("/", 1)[0] for path in paths} for part, paths in packed.items()}
    unneeded = ("tests", "testing", "f2py", "random", "fft", "ma", "polynomial", "ctypeslib", "distutils")
    assert folders["numpy"].isdisjoint(f"numpy/{folder}" for folder in unneeded)
    assert folders["engine"] == {"engine", "pycnn"}
    assert {"pycnn/cli.pyc", "pycnn/__main__.pyc"}.isdisjoint(packed["engine"])
    assert {"ssl.pyc", "bz2.pyc", "pydoc.pyc", "unittest/__init__.pyc"}.isdisjoint(packed["stdlib"])
    # Formats that a visitor may not choose.
    assert {f"PIL/{name}ImagePlugin.pyc" for name in ("Avif", "Pdf", "Psd", "Eps")}.isdisjoint(packed["pil"])
    assert packed["stdlib"].isdisjoint(packed["pil"])


def test_what_the_engine_needs_stays_within_its_bytes():
    paths = [FILES / path for path in (*engine_sizes(), "engine/worker.js")]
    contents = [(path, path.read_bytes()) for path in paths]
    sent = [len(gzip.compress(data, 6) if path.suffix in COMPRESSED else data) for path, data in contents]
    assert sum(sent) <= BUDGET
