"""Wheels without what a running page never needs, and the lock file that names their new hashes."""

import json
import re
from collections.abc import Mapping

from builder.archive import pack, unpack
from builder.manifest import sha256

# Tests and what only they use, compilers, headers, static libraries, examples, and what type checkers read.
UNNEEDED = re.compile(
    r"(^|/)(tests|testing|f2py|distutils|_pyinstaller|_examples|include|pkgconfig|npy-pkg-config)/"
    r"|(^|/)(conftest|testutils|mypy_plugin|_.*_tests|_simd)\.[^/]*$"
    r"|\.(pyi|typed|pyx|pxd|h|a|c)$"
)
# A wheel's own papers, its licences among them, stay with it.
PAPERS = re.compile(r"^[^/]+\.dist-info/")


def trim(wheel: bytes) -> bytes:
    """The wheel without its unneeded files, its RECORD following."""
    members = unpack(wheel)
    kept = {name: members[name] for name in members if PAPERS.match(name) or not UNNEEDED.search(name)}
    for name in kept:
        if name.endswith(".dist-info/RECORD"):
            rows = kept[name].decode("utf-8").splitlines()
            kept[name] = "".join(f"{row}\n" for row in rows if row.rsplit(",", 2)[0] in kept).encode("utf-8")
    return pack(kept)


def lock(original: bytes, wheels: Mapping[str, bytes]) -> bytes:
    """Pyodide's lock file reduced to `wheels` (package -> the wheel's content), with their hashes."""
    data = json.loads(original)
    packages = {name: {**data["packages"][name], "sha256": sha256(wheel)} for name, wheel in wheels.items()}
    return json.dumps({**data, "packages": packages}, indent=1, sort_keys=True).encode("utf-8")
