"""What `python build.py` left in build/site/: complete, verified, and with relative addresses alone."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from builder.archive import only
from builder.assemble import served_name
from builder.manifest import read_manifest
from builder.page_packs import START, read_pack
from builder.patch import CHANGES, HANDED_OVER
from tests.browser import FILES, SITE
from tests.hosts import KNOWN
from tests.packed import engine_sizes, in_start

OURS = [
    path
    for path in SITE.rglob("*")
    if path.suffix in (".html", ".css", ".js", ".json", ".svg") and "runtime" not in path.parts
]
# Elements that make the browser fetch something, and the attribute with its address.
LOADS = {"script": "src", "link": "href", "img": "src", "source": "src", "mpy-script": "src", "iframe": "src"}
# The names of XML's vocabularies look like addresses and are none.
NAMESPACE = re.compile(r"https?://www\.w3\.org/")


class Loads(HTMLParser):
    """Collects in `addresses` what a page makes the browser fetch, PyScript's files included; in `links`
    where else a visitor may go from it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag in LOADS and (address := given.get(LOADS[tag])):
            self.addresses.append(address)
        if tag == "a" and (address := given.get("href")):
            self.links.append(address)
        if config := given.get("config"):
            settings = json.loads(config)
            # PyScript's way to MicroPython: its WebAssembly lies beside the script that the page hands over.
            self.addresses.append(settings["interpreter"].replace(".js", ".wasm"))


def is_in_the_site(address: str, page: Path) -> bool:
    """Whether an address on `page` is relative and leads to a file of the site."""
    parts = urlsplit(address)
    if parts.scheme == "data":
        return True
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        return False
    path = urlsplit(urljoin(page.as_uri(), address)).path
    return Path(path).is_file() and SITE in Path(path).parents


def test_the_site_was_built():
    assert (SITE / "index.html").is_file(), "run `python build.py` before the tests, as `make test` does"


def test_everything_the_page_loads_is_in_the_site():
    pages = list(SITE.glob("*.html"))
    assert len(pages) > 1
    for page in pages:
        addresses = Loads(page.read_text(encoding="utf-8")).addresses
        assert f"./{FILES.name}/runtime/micropython/micropython.wasm" in addresses
        assert [address for address in addresses if not is_in_the_site(address, page)] == []


def test_every_link_to_a_file_of_the_site_finds_it():
    for page in SITE.glob("*.html"):
        links = [one for one in Loads(page.read_text(encoding="utf-8")).links if not urlsplit(one).scheme]
        assert {
            f"{FILES.name}/{one}" for one in ("samples/CREDITS.txt", "runtime/LICENSES.txt", "LICENSE.txt")
        } <= {*links}
        assert [one for one in links if not is_in_the_site(one, page)] == []


def test_every_file_that_the_licences_name_is_in_the_site():
    text = (FILES / "runtime/LICENSES.txt").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w./]+\.txt)`", text))
    ours = {"../LICENSE.txt", "../fonts/OFL.txt", "../fonts/CREDITS.txt", "../samples/CREDITS.txt"}
    assert named == {*ours, *(f"{package}/LICENSE.txt" for package in ("pyscript", "numpy", "pillow"))}
    assert [path for path in named if not (FILES / "runtime" / path).is_file()] == []


def test_nothing_but_the_pages_and_the_service_worker_lies_beside_the_versions_files():
    assert {path.name for path in SITE.iterdir()} == {
        *(".nojekyll", "files.js", "sw.js", "index.html", "ja.html", FILES.name)
    }


def test_the_sites_files_have_names_that_a_server_knows():
    names = [path.name for path in SITE.rglob("*") if path.is_file()]
    names.remove(".nojekyll")  # for GitHub Pages, which serves no such file
    assert [name for name in names if Path(name).suffix not in KNOWN] == []


@pytest.mark.parametrize("page", ["index.html", "ja.html"])
def test_the_pages_policy_allows_what_the_page_needs_and_no_more(page):
    (policy,) = re.findall(
        r'"Content-Security-Policy"\s+content="(.*?)"', (SITE / page).read_text(encoding="utf-8")
    )
    hashed = re.findall(r" 'sha256-[A-Za-z0-9+/]{43}='", policy)
    assert len(hashed) == 5  # two scripts that the page starts with, two of its own, and its style
    assert re.sub(r" 'sha256-.*?'", "", policy).split("; ") == [
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_no_word_is_left_open():
    assert "{{" not in (SITE / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", OURS, ids=[path.relative_to(SITE).as_posix() for path in OURS])
def test_our_files_name_no_other_host_and_no_absolute_address(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        # A link that a visitor may follow is no request of the page's.
        text = re.sub(r"<a\s[^>]*>", "", text)
    assert re.findall(r"https?://\S+", NAMESPACE.sub("", text)) == []
    assert re.findall(r"""(?:fetch|import|URL|Worker)\(\s*["'`]/.*""", text) == []
    assert re.findall(r"""(?:src|href|action)\s*=\s*["']?/.*""", text) == []
    if path.suffix == ".html":
        addresses = re.findall(r"""url\(\s*["']?([^"')]+)""", text)
        assert addresses
        assert [address for address in addresses if not is_in_the_site(address, path)] == []


def test_the_runtime_is_the_pinned_one_but_for_the_documented_changes():
    manifest = read_manifest()
    folders = {
        "@pyscript/core": FILES / "runtime/pyscript",
        "@micropython/micropython-webassembly-pyscript": FILES / "runtime/micropython",
        "pyodide": FILES / "runtime/pyodide",
    }
    packed = read_pack(FILES / START)
    scripts = {file.path: "core.js" for file in manifest.npm_files if file.path.startswith("dist/")}
    scripts["micropython.mjs"] = "micropython.js"
    changed = []
    for file in manifest.npm_files:
        if file.path == "python_stdlib.zip":
            continue  # served as a pack
        if file.path in scripts:
            content = packed[scripts[file.path]].removesuffix(HANDED_OVER)
        else:
            content = (folders[file.package] / served_name(Path(file.path)).name).read_bytes()
        if not file.matches(content):
            changed.append(file.path)
    core = next(file for file in manifest.npm_files if file.path.startswith("dist/core-"))
    assert changed == [core.path]
    restored = packed["core.js"].decode()
    for place, replacement in CHANGES.items():
        assert place not in restored
        restored = restored.replace(replacement, place)
    assert core.matches(restored.encode())


def test_nothing_is_shipped_that_no_page_asks_for():
    names = [path.relative_to(FILES).as_posix() for path in FILES.rglob("*") if path.is_file()]
    unwanted = re.compile(
        r"\.map$|\.d\.ts$|codemirror|xterm|service-worker|__pycache__|\.pyc$|^engine/.*\.py$|^samples/.*\.py$"
    )
    assert [name for name in names if unwanted.search(name)] == []


def test_the_engines_sizes_are_true():
    sizes = engine_sizes()
    assert {path: (FILES / path).stat().st_size for path in sizes} == sizes
    assert not any("pillow" in path for path in sizes)


def test_every_gallery_picture_is_prepared():
    _, height, width = in_start("network.json")["input"]["shape"]
    gallery = in_start("samples.json")
    assert len(gallery) >= 8
    for sample in gallery:
        assert (FILES / "samples" / sample["file"]).is_file()
        pixels = only((FILES / "samples" / f"{sample['name']}.zip").read_bytes())
        assert len(pixels) == height * width * 3
