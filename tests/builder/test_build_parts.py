"""The parts of a build that need nothing else: patch, words, archives, manifest."""

import time

import pytest

from builder.archive import pack
from builder.errors import BuildError
from builder.manifest import read_manifest
from builder.patch import CHANGES, COMPILED, GIVEN, IMPORTED, PLUGINS, patched
from builder.words import fill


def test_an_archive_depends_on_its_content_alone(monkeypatch):
    first = pack({"a": b"1", "b": b"2"})
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert pack({"b": b"2", "a": b"1"}) == first


def test_the_patch_changes_its_places_alone():
    core = patched(f"before;{PLUGINS}between;{COMPILED};{IMPORTED};after".encode()).decode()
    assert "Function(" not in core
    assert "import(" not in core
    assert core.startswith("before;var Ns={};between;return{toString:")
    assert core.endswith(f"}};{GIVEN};after")


@pytest.mark.parametrize("place", CHANGES)
@pytest.mark.parametrize("count", [0, 2])
def test_a_core_with_another_number_of_places_is_refused(place, count):
    others = "".join(other for other in CHANGES if other != place)
    with pytest.raises(BuildError, match=f"but has it in {count}"):
        patched((others + place * count).encode())


def test_words_are_filled_in_and_escaped():
    page = "<p title='{{ hint }}'>{{title}}</p>{{braces}}"
    words = {"title": "Cats & <dogs>", "hint": "'quoted'", "braces": "{{{{title}}}} {{x}}", "unused": "{x}"}
    filled = fill(page, words, {}, "page")
    assert filled == "<p title='&#x27;quoted&#x27;'>Cats &amp; &lt;dogs&gt;</p>{{title}} {x}"


def test_markup_is_filled_in_as_it_is():
    filled = fill("<ol>{{!rows}}</ol>{{rows}}", {"rows": "<words>"}, {"rows": "<li>{{a}}</li>"}, "page")
    assert filled == "<ol><li>{{a}}</li></ol>&lt;words&gt;"


def test_missing_words_and_markup_are_all_named():
    with pytest.raises(BuildError, match=r"^web/index\.html asks for .*: !four, one, two\.$"):
        fill("{{two}} {{one}} {{two}} {{three}} {{!four}}", {"three": "", "four": ""}, {}, "web/index.html")


def test_the_pinned_manifest_is_complete():
    manifest = read_manifest()
    assert [file.path for file in manifest.of("pyodide")][:2] == ["pyodide.mjs", "pyodide.asm.mjs"]
    assert {wheel.package for wheel in manifest.wheels} == {"numpy", "pillow"}
    for file in manifest.files:
        assert len(file.sha256) == 64
        assert file.size > 0
    assert manifest.wheels[0].cdn_path.startswith("pyodide/v")
    with pytest.raises(KeyError):
        manifest.of("scipy")
