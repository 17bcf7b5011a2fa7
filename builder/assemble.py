"""Put the site together out of the sources, the fetched runtime and what pycnn computes."""

import json
import re
import shutil
from pathlib import Path

from builder.archive import unpack
from builder.environment import Environment
from builder.errors import BuildError
from builder.fetch import Cache
from builder.folders import files_in
from builder.inline import WORKER_SCRIPTS, joined_scripts
from builder.manifest import Manifest
from builder.modules import pack_modules
from builder.packs import PACKS, PackMaker
from builder.page_packs import ENGINE_WORKER, MODULES, START, add_to_pack
from builder.patch import HANDED_OVER, patched
from builder.version import AS_IT_IS, UNSEALED, WORKER, seal

BUILDER = Path(__file__).parent
LICENCE = "LICENSE"
# Endings that every web server knows, in place of those that some do not: such a file they send as something
# else, or not at all.
SERVED_AS = {"": ".txt", ".md": ".txt", ".mjs": ".js"}
LICENCES = BUILDER / "LICENSES.txt"
WHEEL_LICENCE = re.compile(r"[^/]+\.dist-info/licenses/(.+)")
# The service worker of a site that is to be kept no longer.
FORGETTER = BUILDER / "forget.js"
# Served as a pack, see builder.packs.
LIBRARY = "python_stdlib.zip"
MODEL = "weights/tiny_vgg.npz"
SERVED_MODEL = "engine/model.zip"
PYSCRIPT = "@pyscript/core"
MICROPYTHON = "@micropython/micropython-webassembly-pyscript"
CARD = "weights/tiny_vgg.json"
# The one module of pycnn that the page's Python has, too.
SHARED = "pycnn/window.py"
WORDS = "web/words/en.json"
SAMPLES = "web/samples/samples.json"
# Without these there is no site; said all at once, before any work.
NEEDED = (
    "web/index.html",
    "web/article.html",
    f"web/{WORKER}",
    WORDS,
    SAMPLES,
    "web/engine",
    "pycnn/__init__.py",
    SHARED,
    MODEL,
    CARD,
    LICENCE,
)


def check_sources(root: Path) -> None:
    """Raise BuildError unless the source tree `root` has all that a site is made of."""
    missing = [path for path in NEEDED if not (root / path).exists()]
    if missing:
        raise BuildError(f"The site cannot be built without {', '.join(missing)}.")


def assemble(
    root: Path,
    site: Path,
    cache: Cache,
    manifest: Manifest,
    environment: Environment,
    packs: PackMaker,
    keeper: Path | None = None,
) -> None:
    """Build the site of the source tree `root` in the new folder `site`.

    `keeper`: a service worker in place of the tree's own.
    """
    files = site / UNSEALED
    copy_web(root / "web", files)
    for name, content in pack_modules(page_sources(root)).items():
        add_to_pack(files / name, {MODULES: content})
    add_to_pack(files / START, page_runtime(cache, manifest))
    write_runtime(files / "runtime", cache, manifest)
    for path, content in packs.make(engine_sources(root), cache, manifest).items():
        write(files / path, content)
    write(files / SERVED_MODEL, (root / MODEL).read_bytes())
    write(files / ENGINE_WORKER, worker(root / "web", files))
    environment.run(
        ["-m", "builder.compute", str(root / "web"), str(root / CARD), str(site)],
        [root, root / "web", BUILDER.parent],
        "Could not compute the page of the network and the gallery",
    )
    write(files / served_name(Path(LICENCE)), (root / LICENCE).read_bytes())
    write(site / WORKER, (keeper or root / "web" / WORKER).read_bytes())
    write(site / AS_IT_IS, b"")
    seal(site)


def copy_web(web: Path, files: Path) -> None:
    """Copy what the page asks for as it is, without what the build makes something else of."""
    for source in files_in(web):
        path = source.relative_to(web)
        folder = path.parts[0]
        packed = folder in ("engine", "ui") and path.suffix == ".py"
        only_for_the_build = folder == "words" or (
            folder == "samples" and path.suffix in (".py", ".json", ".webp")
        )
        if packed or only_for_the_build or path.suffix in (".css", ".html", ".js"):
            continue
        write(files / served_name(path), source.read_bytes())


def served_name(path: Path) -> Path:
    """A file's path among the site's."""
    return path.with_suffix(SERVED_AS.get(path.suffix, path.suffix))


def page_sources(root: Path) -> dict[str, str]:
    """The modules of the page's Python: path -> source."""
    web = root / "web"
    paths = {path.relative_to(web).as_posix(): path for path in files_in(web / "ui") if path.suffix == ".py"}
    paths[SHARED] = root / SHARED
    return {name: path.read_text(encoding="utf-8") for name, path in paths.items()}


def page_runtime(cache: Cache, manifest: Manifest) -> dict[str, bytes]:
    """The scripts that the page's Python starts with, by their names in the pack."""
    content = {Path(file.path).suffix: cache.get(file) for file in manifest.of(MICROPYTHON)}
    (core,) = (cache.get(file) for file in manifest.of(PYSCRIPT) if file.path != LICENCE)
    return {"micropython.js": content[".mjs"] + HANDED_OVER, "core.js": patched(core)}


def write_runtime(folder: Path, cache: Cache, manifest: Manifest) -> None:
    """What the page and the engine ask for by itself of MicroPython and Pyodide, and all licences."""
    for file in manifest.of(PYSCRIPT):
        if file.path == LICENCE:
            write(folder / "pyscript" / served_name(Path(LICENCE)), cache.get(file))
    for file in manifest.of(MICROPYTHON):
        if not file.path.endswith(".mjs"):
            write(folder / "micropython" / file.path, cache.get(file))
    for file in manifest.of("pyodide"):
        if file.path != LIBRARY:
            write(folder / "pyodide" / served_name(Path(file.path)), cache.get(file))
    for file in manifest.wheels:
        write(folder / file.package / served_name(Path(LICENCE)), wheel_licences(cache.get(file)))
    shutil.copyfile(LICENCES, folder / LICENCES.name)


def wheel_licences(wheel: bytes) -> bytes:
    """A wheel's licence and those of what it holds, one after the other below their paths."""
    papers = {WHEEL_LICENCE.match(name): content for name, content in unpack(wheel).items()}
    return b"\n".join(f"{found[1]}\n\n".encode() + content for found, content in papers.items() if found)


def engine_sources(root: Path) -> dict[str, bytes]:
    """The packages pycnn and engine, which the worker adds to Pyodide: path -> content."""
    members = {}
    for source, package in ((root / "pycnn", "pycnn"), (root / "web/engine", "engine")):
        for path in files_in(source):
            if path.suffix == ".py":
                members[f"{package}/{path.relative_to(source).as_posix()}"] = path.read_bytes()
    return members


def worker(web: Path, files: Path) -> bytes:
    """The engine's script, with the sizes of what it fetches to start: path among the files -> bytes."""
    paths = [path.relative_to(files).as_posix() for path in files_in(files / "runtime/pyodide")]
    paths += [PACKS["numpy"], PACKS["engine"], SERVED_MODEL]
    sizes = {path: (files / path).stat().st_size for path in paths}
    return f"const sizes = {json.dumps(sizes)};\n{joined_scripts(web, WORKER_SCRIPTS)}".encode()


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
