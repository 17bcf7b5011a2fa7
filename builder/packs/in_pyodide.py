"""Runs in Pyodide, started by node.mjs: finds the modules that the engine imports and compiles them.

In the folder /build lie packages.zip with NumPy and Pillow, engine.zip with the packages pycnn and engine,
and pictures.zip. Written there is packed.zip: each part's files (see builder.packs) in a folder of its own.
"""

import sys
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined]
from pathlib import Path
from types import CodeType

LIBRARY = f"/lib/python{sys.version_info.major}{sys.version_info.minor}.zip/"
PACKAGES = f"/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages/"
ENGINE = "/engine/"


def unpack(name: str, folder: str) -> None:
    with zipfile.ZipFile(f"/build/{name}") as archive:
        archive.extractall(folder)


def imported() -> dict[str, str]:
    """The modules that were read from files: name -> path."""
    specs = [getattr(module, "__spec__", None) for module in list(sys.modules.values())]
    return {spec.name: spec.origin or "" for spec in specs if spec and spec.has_location}


def part_of(name: str, path: str, always: dict[str, str]) -> tuple[str, str]:
    """A module's part, and its path there; `always` are the modules that not only `decode` needs."""
    if path.startswith(ENGINE):
        return "engine" if name in always else "pil", path.removeprefix(ENGINE)
    if path.startswith(PACKAGES):
        return path.removeprefix(PACKAGES).split("/")[0].lower(), path.removeprefix(PACKAGES)
    if name in always:
        return "stdlib", path.removeprefix(LIBRARY)
    # Unpacked beside Pillow; there Python finds a module, but not one of a package that lies elsewhere.
    assert "." not in name, f"{name} would have to be in the stdlib's part"
    return "pil", path.removeprefix(LIBRARY)


def compiled(source: bytes, path: str, with_lines: bool) -> bytes:
    """A .pyc that is never checked against a source, without docstrings and assertions."""
    code = compile(source, path, "exec", dont_inherit=True, optimize=2)
    pyc: bytes = _code_to_hash_pyc(code if with_lines else without_lines(code), bytes(8), False)
    return pyc


def without_lines(code: CodeType) -> CodeType:
    """The code without the line numbers of its instructions."""
    units = len(code.co_code) // 2
    # The entry "no location" holds for up to eight instructions: as many of eight as there are, and the rest.
    table = b"\xff" * (units // 8) + (bytes([0xF8 | (units % 8 - 1)]) if units % 8 else b"")
    constants = (without_lines(value) if isinstance(value, CodeType) else value for value in code.co_consts)
    return code.replace(co_linetable=table, co_consts=tuple(constants))


def main() -> None:
    unpack("packages.zip", PACKAGES)
    unpack("engine.zip", ENGINE)
    sys.path[:0] = ["/build", ENGINE]
    import exercise  # type: ignore[import-not-found]

    bridge = exercise.make_bridge()
    exercise.show_all(bridge)
    always = imported()
    with zipfile.ZipFile("/build/pictures.zip") as archive:
        exercise.read_all(bridge, [archive.read(name) for name in archive.namelist()])
    library = zipfile.ZipFile(LIBRARY.rstrip("/"))
    with zipfile.ZipFile("/build/packed.zip", "w") as packed:
        for name, path in imported().items():
            if not path.startswith((LIBRARY, PACKAGES, ENGINE)):
                continue
            part, place = part_of(name, path, always)
            content = library.read(place) if path.startswith(LIBRARY) else Path(path).read_bytes()
            if place.endswith(".py"):
                content, place = compiled(content, place, path.startswith(ENGINE)), f"{place}c"
            packed.writestr(f"{part}/{place}", content)


main()
