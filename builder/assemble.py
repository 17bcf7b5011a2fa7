"""Put the site together: a folder of static files out of the sources, the fetched runtime and what pycnn computes."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from builder.archive import pack
from builder.environment import Environment
from builder.errors import BuildError
from builder.fetch import Cache
from builder.manifest import Manifest
from builder.patch import without_eval
from builder.wheels import lock, trim
from builder.words import fill, read_words

MODEL = "weights/tiny_vgg.npz"
LICENCES = Path(__file__).with_name("LICENSES.md")
# Without these there is no site; said all at once, before any work.
NEEDED = (
    "web/index.html",
    "web/words/en.json",
    "web/samples/samples.json",
    "web/engine",
    "pycnn/__init__.py",
    MODEL,
)


def check_sources(root: Path) -> None:
    missing = [path for path in NEEDED if not (root / path).exists()]
    if missing:
        raise BuildError(f"The site cannot be built without {', '.join(missing)}.")


def assemble(root: Path, site: Path, cache: Cache, manifest: Manifest, environment: Environment) -> None:
    """Build the site of the source tree `root` in the folder `site`, whose last content stays until all is done."""
    check_sources(root)
    site.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="unfinished-", dir=site.parent) as work:
        new, old = Path(work) / "new", Path(work) / "old"
        new.mkdir()
        new.chmod(0o755)
        copy_web(root / "web", new)
        write_runtime(new / "runtime", cache, manifest)
        write_engine(root, new)
        (new / "samples").mkdir(exist_ok=True)
        environment.run(
            ["-m", "builder.compute", str(root / "web/samples"), str(new)],
            [root, Path(__file__).parents[1]],
            "Could not compute the gallery and the network's description",
        )
        write(new / "engine/sizes.json", engine_sizes(new, manifest))
        (new / ".nojekyll").touch()
        if site.exists():
            site.rename(old)
        new.rename(site)


def copy_web(web: Path, site: Path) -> None:
    """Copy what the page fetches as it is; words are filled into index.html, the engine's Python is packed elsewhere."""
    for source in files_in(web):
        path = source.relative_to(web)
        if path.parts[0] == "engine" and path.suffix == ".py":
            continue
        # The gallery's list goes to the site's root; the scripts that prepared the pictures stay at home.
        if path.parts[0] == "samples" and path.suffix in (".py", ".json"):
            continue
        if path == Path("index.html"):
            page = fill(
                source.read_text(encoding="utf-8"), read_words(web / "words/en.json"), "web/index.html"
            )
            write(site / path, page.encode("utf-8"))
        else:
            write(site / path, source.read_bytes())


def write_runtime(folder: Path, cache: Cache, manifest: Manifest) -> None:
    """PyScript, MicroPython and Pyodide with its wheels, without what the page never asks for."""
    for file in manifest.of("@pyscript/core"):
        content = cache.get(file)
        if file.path.startswith("dist/core-"):
            content = without_eval(content)
        write(folder / "pyscript" / Path(file.path).name, content)
    for file in manifest.of("@micropython/micropython-webassembly-pyscript"):
        write(folder / "micropython" / file.path, cache.get(file))
    wheels = {file.package: trim(cache.get(file)) for file in manifest.wheels}
    for file in manifest.of("pyodide"):
        content = cache.get(file)
        write(
            folder / "pyodide" / file.path,
            lock(content, wheels) if file.path == "pyodide-lock.json" else content,
        )
    for file in manifest.wheels:
        write(folder / "pyodide" / file.path, wheels[file.package])
    shutil.copyfile(LICENCES, folder / LICENCES.name)


def write_engine(root: Path, site: Path) -> None:
    """What the engine's worker adds to Pyodide: pycnn and the package `engine` in one archive, and the model."""
    members = {}
    for source, package in ((root / "pycnn", "pycnn"), (root / "web/engine", "engine")):
        for path in files_in(source):
            if path.suffix == ".py":
                members[f"{package}/{path.relative_to(source).as_posix()}"] = path.read_bytes()
    write(site / "engine/python.zip", pack(members))
    write(site / "engine/model.npz", (root / MODEL).read_bytes())


def engine_sizes(site: Path, manifest: Manifest) -> bytes:
    """The files that the engine fetches to start, and their bytes, for its progress bar: JSON."""
    fetched = [f"runtime/pyodide/{file.path}" for file in (*manifest.of("pyodide"), *manifest.of("numpy"))]
    fetched += ["engine/python.zip", "engine/model.npz"]
    return json.dumps({"files": {path: (site / path).stat().st_size for path in fetched}}, indent=1).encode(
        "utf-8"
    )


def files_in(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in order, without hidden ones and compiled Python."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in parts):
            yield path


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
