"""build.py as a person runs it: its messages, its exit status, and what it does the second time."""

import ast
import runpy
import sys
import threading
from pathlib import Path

import pytest
from stand_ins import FakeSource

from builder import main as command
from builder.fetch import Cache
from builder.folders import locked

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tree, runtime, environment, monkeypatch):
    """The command at work on the small tree. Gives the source that stands in for all of them."""
    manifest, contents = runtime
    source = FakeSource("the CDN", contents)
    monkeypatch.setattr(command, "ROOT", tree)
    monkeypatch.setattr(command, "read_manifest", lambda: manifest)
    monkeypatch.setattr(command, "Environment", lambda _: environment)
    monkeypatch.setattr(command, "CdnSource", lambda: source)
    return source


def test_the_first_run_builds_and_the_second_fetches_nothing(project, tree, runtime, capsys):
    assert command.main([]) == 0
    assert project.asked == [file.label for file in runtime[0].files]
    assert (tree / "build/site/index.html").is_file()
    assert "Fetching 8 runtime files" in capsys.readouterr().out
    assert command.main([]) == 0
    assert command.main(["--offline"]) == 0
    assert len(project.asked) == 8
    assert "Fetching" not in capsys.readouterr().out


@pytest.mark.usefixtures("project")
def test_the_end_of_a_run_is_the_sites_size(tree, capsys):
    command.main(["-v"])
    lines = capsys.readouterr().out.splitlines()
    files = [path for path in (tree / "build/site").rglob("*") if path.is_file()]
    assert lines[-1].startswith(f"{tree / 'build/site'}: {len(files)} files, ")
    index = next(line.split() for line in lines if line.endswith("  index.html"))
    assert int(index[0]) == (tree / "build/site/index.html").stat().st_size


def test_offline_says_all_that_is_missing(project, tree, runtime, environment, capsys, monkeypatch):
    manifest, contents = runtime
    here = manifest.files[0]
    Cache(tree / "build/cache/files").write(here, contents[here.label])
    monkeypatch.setattr(type(environment), "is_ready", lambda _: False)
    assert command.main(["--offline"]) == 1
    said = capsys.readouterr().err
    assert here.label not in said
    assert all(file.label in said for file in manifest.files[1:])
    assert "private Python environment" in said
    assert project.asked == []


@pytest.mark.usefixtures("project")
def test_an_error_is_one_sentence_and_exit_status_1(tree, capsys):
    (tree / "web/index.html").write_text("{{absent}}", encoding="utf-8")
    assert command.main([]) == 1
    expected = "build.py: web/index.html asks for words that the catalogue lacks: absent.\n"
    assert capsys.readouterr().err == expected


@pytest.mark.usefixtures("project")
def test_ctrl_c_ends_with_the_last_site_in_place(tree, capsys, monkeypatch):
    assert command.main([]) == 0

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "assemble", interrupted)
    assert command.main([]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert (tree / "build/site/index.html").is_file()


def test_a_second_build_waits_for_the_first(tmp_path, capsys):
    ended = threading.Event()

    def second():
        with locked(tmp_path):
            ended.set()

    thread = threading.Thread(target=second)
    with locked(tmp_path):
        thread.start()
        assert not ended.wait(0.2)
    thread.join(10)
    assert ended.is_set()
    assert "Waiting for another build" in capsys.readouterr().out


def test_a_port_without_a_server_is_refused(capsys):
    with pytest.raises(SystemExit):
        command.parse(["--port", "8000"])
    assert "--port needs --serve" in capsys.readouterr().err


def test_an_old_python_is_told_so(monkeypatch):
    ast.parse((ROOT / "build.py").read_text(encoding="utf-8"), feature_version=(3, 4))
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; this is Python 3\.9\."):
        runpy.run_path(str(ROOT / "build.py"))
