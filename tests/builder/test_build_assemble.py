"""A site is put together from a source tree: whole or not at all, and the same every time."""

import base64
import hashlib
import json
import re
import shutil

import pytest
from PIL import Image
from stand_ins import SHARED, SMALL

from builder.archive import only, unpack
from builder.assemble import assemble, check_sources
from builder.errors import BuildError
from builder.folders import replace
from builder.packs import PackMaker
from builder.page_packs import read_pack
from builder.version import files_of, seal


def content_of(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def site(tree, tmp_path, filled_cache, runtime, environment, packs):
    folder = tmp_path / "site"
    assemble(tree, folder, filled_cache, runtime[0], environment, packs)
    return folder


def test_a_site_holds_what_it_needs_and_nothing_else(site):
    beside = {path.name for path in site.iterdir() if path.is_file()}
    assert beside == {
        ".nojekyll",
        "files.js",
        "index.html",
        "ja.html",
        "pt-BR.html",
        "sw.js",
    }
    assert set(content_of(files_of(site))) == {
        "LICENSE.txt",
        "engine/model.zip",
        "engine/python.zip",
        "engine/worker.js",
        "first/maps.webp",
        "later.zip",
        "runtime/LICENSES.txt",
        "runtime/micropython/micropython.wasm",
        "runtime/numpy/LICENSE.txt",
        "runtime/numpy/numpy.zip",
        "runtime/pillow/LICENSE.txt",
        "runtime/pillow/pillow.zip",
        "runtime/pyodide/pyodide.js",
        "runtime/pyodide/stdlib.zip",
        "runtime/pyscript/LICENSE.txt",
        "samples/CREDITS.txt",
        "samples/koala.zip",
        "samples/koala.webp",
        "start.zip",
    }


def block(page, name):
    """The data of a block of JSON in a page."""
    return json.loads(re.search(f'id="{name}">(.*?)</script>', page.read_text(encoding="utf-8"))[1])


def test_the_page_has_its_words_its_network_and_the_folder_of_its_files(site):
    files = files_of(site).name
    titles = {"index": "Cats &amp; dogs", "ja": "猫と犬", "pt-BR": "Gatos"}
    for name, title in titles.items():
        text = (site / f"{name}.html").read_text(encoding="utf-8")
        assert text.startswith(f"<title>{title}</title>output {files}\n")


def test_the_pages_python_gets_the_words_that_its_modules_name(site):
    assert block(site / "index.html", "words") == {}
    later = block(site / "index.html", "later-words")
    assert later["unit.strip"] == "all values"
    assert "title" not in later
    for code in ("ja", "pt-BR"):
        assert set(block(site / f"{code}.html", "later-words")) == set(later)


def test_the_style_sheets_are_one_in_their_order(site):
    text = (site / "index.html").read_text()
    assert text.index("p {}") < text.index("--classes: 3;") < text.index("q {}")
    assert "@import" not in text


def test_the_page_knows_how_large_the_files_are_that_it_starts_with(site):
    sizes = block(site / "index.html", "start")["sizes"]
    assert set(sizes) == {"start.zip", "runtime/micropython/micropython.wasm", "engine/worker.js"}
    assert all((files_of(site) / path).stat().st_size == size for path, size in sizes.items())


def test_each_licence_is_served_where_its_owner_is(site):
    assert (files_of(site) / "LICENSE.txt").read_text() == "MIT License"
    assert (files_of(site) / "runtime/pyscript/LICENSE.txt").read_text() == "Apache"
    numpys = (files_of(site) / "runtime/numpy/LICENSE.txt").read_text()
    assert numpys == "LICENSE.txt\n\nBSD\ninclude/LICENSE\n\nCopyright"


def test_the_engine_is_packed_as_two_packages(site):
    packed = set(unpack(only((files_of(site) / "engine/python.zip").read_bytes())))
    assert {path.partition("/")[0] for path in packed} == {"engine", "pycnn"}
    assert {"engine/bridge.pyc", "pycnn/__init__.pyc", "pycnn/pictures.pyc"} < packed


def test_the_modules_of_the_page_stand_in_two_packs(site, tree):
    first, later = (
        json.loads(read_pack(files_of(site) / name)["modules.json"]) for name in ("start.zip", "later.zip")
    )
    assert first == {}
    assert set(later) == {"pycnn/window.py", "ui/views/view.py"} | {f"ui/{name}.py" for name in SHARED}
    assert later["ui/views/view.py"] == "print('view')"
    assert later["pycnn/window.py"] == (tree / "pycnn/window.py").read_text()


def test_the_service_worker_is_told_of_every_file_and_of_every_change(
    site, tree, tmp_path, filled_cache, runtime, environment, packs
):
    kept = json.loads((site / "files.js").read_text().removeprefix("self.site = ").removesuffix(";\n"))
    assert {*kept["pages"], *kept["files"]} == set(content_of(site)) - {".nojekyll", "files.js", "sw.js"}
    model = f"{kept['version']}/engine/model.zip"
    digest = base64.b64encode(hashlib.sha256((site / model).read_bytes()).digest()).decode()
    assert kept["files"][model] == f"sha256-{digest}"
    (tree / "web/styles/page.css").write_text("p { margin: 0 }")
    assemble(tree, tmp_path / "again", filled_cache, runtime[0], environment, packs)
    assert kept["version"] not in (tmp_path / "again/files.js").read_text()


def test_a_changed_site_is_sealed_anew_and_an_unchanged_one_stays_as_it_is(site):
    before, content = files_of(site).name, content_of(site)
    seal(site)
    assert content_of(site) == content
    (site / "sw.js").write_text("// other")
    seal(site)
    assert files_of(site).name != before
    assert files_of(site).name in (site / "index.html").read_text()
    assert not any(before in path for path in content_of(site))


def test_the_sizes_are_those_of_what_the_engine_fetches(site):
    worker = (files_of(site) / "engine/worker.js").read_text()
    sizes = json.loads(worker.splitlines()[0].removeprefix("const sizes = ").removesuffix(";"))
    assert set(sizes) == {
        "runtime/pyodide/pyodide.js",
        "runtime/pyodide/stdlib.zip",
        "runtime/numpy/numpy.zip",
        "engine/python.zip",
        "engine/model.zip",
    }
    assert all((files_of(site) / path).stat().st_size == size for path, size in sizes.items())


def test_the_gallery_has_pixels_at_the_networks_size(site):
    packed = read_pack(files_of(site) / "start.zip")
    assert json.loads(packed["samples.json"])[0]["name"] == "koala"
    assert len(only((files_of(site) / "samples/koala.zip").read_bytes())) == 6 * 8 * 3
    assert json.loads(packed["network.json"]) == json.loads(json.dumps(SMALL.describe()))


def test_the_same_sources_make_the_same_bytes(site, tree, tmp_path, filled_cache, runtime, environment):
    packs = PackMaker(tmp_path / "other packs", environment)
    assemble(tree, tmp_path / "again", filled_cache, runtime[0], environment, packs)
    assert content_of(tmp_path / "again") == content_of(site)


def test_all_that_is_missing_is_said_at_once(tree):
    (tree / "web/index.html").unlink()
    shutil.rmtree(tree / "weights")
    missing = r"web/index\.html, weights/tiny_vgg\.npz, weights/tiny_vgg\.json"
    with pytest.raises(BuildError, match=rf"^The site cannot be built without {missing}\.$"):
        check_sources(tree)


def test_the_gallery_has_small_pictures(site):
    with Image.open(files_of(site) / "samples/koala.webp") as picture:
        assert picture.size == (88, 88)


def test_what_the_page_asks_for_in_vain_is_named(tree, tmp_path, filled_cache, runtime, environment, packs):
    (tree / "web/index.html").write_text("<p>{{titel}}{{!colums}}</p>")
    with pytest.raises(
        BuildError, match=r"^Could not .*:\nweb/index.html asks for .* lacks: !colums, titel\.$"
    ):
        assemble(tree, tmp_path / "site", filled_cache, runtime[0], environment, packs)


def test_what_goes_wrong_in_pycnn_is_shown(tree, tmp_path, filled_cache, runtime, environment, packs):
    (tree / "web/samples/koala.webp").unlink()
    with pytest.raises(BuildError, match=r"(?s)^Could not compute the page.*FileNotFoundError"):
        assemble(tree, tmp_path / "site", filled_cache, runtime[0], environment, packs)


def test_a_file_missing_from_the_cache_is_named(tree, tmp_path, cache, runtime, environment, packs):
    with pytest.raises(BuildError, match=r"@1\.0/micropython\.mjs is not in the cache"):
        assemble(tree, tmp_path / "site", cache, runtime[0], environment, packs)


@pytest.fixture
def last_site(tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("last")
    return folder


def test_a_new_site_replaces_the_last_one_whole(last_site, tmp_path):
    (last_site / "gone.html").touch()
    replace(last_site, lambda new: (new / "index.html").write_text("new"))
    assert content_of(tmp_path) == {"site/index.html": b"new"}


@pytest.mark.parametrize("stop", [KeyboardInterrupt, BuildError("no words")])
def test_an_interrupted_build_leaves_the_last_site_whole(last_site, tmp_path, stop):
    def interrupted(new):
        (new / "index.html").write_text("half")
        raise stop

    with pytest.raises((KeyboardInterrupt, BuildError)):
        replace(last_site, interrupted)
    assert content_of(tmp_path) == {"site/index.html": b"last"}


def test_a_build_that_was_killed_while_replacing_is_put_right(last_site, tmp_path):
    last_site.rename(tmp_path / "site.old")
    (tmp_path / "site.new").mkdir()
    (tmp_path / "site.new/index.html").write_text("half")

    def failing(_):
        raise BuildError("no words")

    with pytest.raises(BuildError):
        replace(last_site, failing)
    assert content_of(tmp_path) == {"site/index.html": b"last"}
