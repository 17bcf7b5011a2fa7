"""A small source tree and a small runtime to build a site from, without a network."""

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image
from stand_ins import NUMPY, PILLOW, SHARED, SMALL, OwnEnvironment, WebServer, runtime_file

from builder.archive import pack
from builder.environment import Environment
from builder.fetch import Cache
from builder.inline import PAGE_SCRIPTS, WORKER_SCRIPTS
from builder.manifest import Carrier, Manifest
from builder.packs import PackMaker
from builder.patch import COMPILED, IMPORTED, PLUGINS
from pycnn import save_model

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
# A page with the parts that the build fills in.
INDEX = """<title>{{title}}</title>{{!classes-name}} {{!files}}
<meta content="script-src 'self' 'wasm-unsafe-eval'; style-src 'self';">
<script type="application/json" id="start">{{!start}}</script>
<script>{{!keeping}}</script>
<script>{{!script}}</script>
<style>{{!style}}</style>
<script type="application/json" id="words">{{!words}}</script>
<script type="application/json" id="later-words">{{!later-words}}</script>
"""


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The servers of these tests are on this machine, whatever way its requests usually take."""
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def web_server():
    server = WebServer()
    yield server
    server.close()


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return OwnEnvironment(tmp_path / "venv")


@pytest.fixture
def packs(tmp_path: Path, environment: Environment) -> PackMaker:
    return PackMaker(tmp_path / "packs", environment)


@pytest.fixture
def runtime() -> tuple[Manifest, dict[str, bytes]]:
    """A small runtime of the real one's form: its manifest, and the content of every file by label."""
    contents = [
        ("@pyscript/core", "LICENSE", b"Apache"),
        ("@pyscript/core", "dist/core-1.js", f"{PLUGINS}const a=()=>{{{COMPILED}}};{IMPORTED}".encode()),
        ("@micropython/micropython-webassembly-pyscript", "micropython.mjs", b"mpy"),
        ("@micropython/micropython-webassembly-pyscript", "micropython.wasm", b"wasm"),
        ("pyodide", "pyodide.mjs", b"pyodide"),
        ("pyodide", "python_stdlib.zip", pack({"os.py": b"", "bz2.py": b""})),
        ("numpy", "numpy.whl", pack(NUMPY)),
        (
            "pillow",
            "pillow.whl",
            pack(PILLOW),
        ),
    ]
    files = [runtime_file(content, package, path) for package, path, content in contents]
    manifest = Manifest(tuple(files[:-2]), tuple(files[-2:]), Carrier("carrier", "1.0", "wheels"))
    by_label = {file.label: content for file, (_, _, content) in zip(files, contents, strict=True)}
    return manifest, by_label


@pytest.fixture
def filled_cache(cache: Cache, runtime) -> Cache:
    manifest, contents = runtime
    for file in manifest.files:
        cache.write(file, contents[file.label])
    return cache


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree as small as a site allows, with things lying about that must not be shipped."""
    root = tmp_path / "tree"
    gallery = [
        {"name": "koala", "class": "koala", "file": "koala.webp", "credit": "somebody", "instructive": False}
    ]
    words = json.loads((WEB / "words/en.json").read_text(encoding="utf-8")) | {"title": "Cats & dogs"}
    files = {
        "LICENSE": "MIT License",
        "pycnn/__pycache__/pictures.cpython-311.pyc": "",
        "web/index.html": INDEX,
        "web/sw.js": "",
        "web/article.html": "<article>{{title}}</article>",
        "web/words/en.json": json.dumps(words),
        "web/words/ja.json": json.dumps({"title": "猫と犬"}),
        "web/words/pt-BR.json": json.dumps({"title": "Gatos", "number.decimal": ",", "number.group": "."}),
        "web/styles/all.css": '@import "page.css";\n@import "columns.css";\n@import "view.css";\n',
        "web/styles/page.css": "p {}",
        "web/styles/view.css": "q {}",
        "web/ui/main.py": "print()",
        "web/ui/views/view.py": "print('view')",
        "web/ui/__pycache__/main.cpython-311.pyc": "",
        "web/.DS_Store": "",
        **{f"web/{name}": "// script" for name in (*PAGE_SCRIPTS, *WORKER_SCRIPTS)},
        "web/samples/samples.json": json.dumps(gallery),
        "web/samples/CREDITS.md": "# Credits",
        "web/samples/prepare.py": "",
    }
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")
    for source in (*(ROOT / "pycnn").glob("*.py"), *(WEB / "engine").glob("*.py")):
        shutil.copyfile(source, root / source.relative_to(ROOT))
    for module in SHARED:
        shutil.copyfile(WEB / f"ui/{module}.py", root / f"web/ui/{module}.py")
    (root / "weights").mkdir()
    (root / "weights/tiny_vgg.json").write_text("{}")
    save_model(SMALL, root / "weights/tiny_vgg.npz")
    Image.new("RGB", (192, 192), "grey").save(root / "web/samples/koala.webp")
    return root
