"""build.py as a person runs it: its messages, its exit status, and what it does the second time."""

import ast
import errno
import json
import runpy
import sys
import threading
from pathlib import Path

import pytest
from stand_ins import FakeSource

from builder import main as command
from builder.fetch import Cache
from builder.folders import locked
from builder.version import files_of

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


@pytest.mark.usefixtures("project")
def test_a_site_that_is_to_be_forgotten_differs_in_its_service_worker_alone(tree, capsys):
    assert command.main([]) == 0
    site = tree / "build/site"
    files = {path.name for path in files_of(site).iterdir()}
    kept = files_of(site).name
    assert command.main(["--forget"]) == 0
    assert "unregister" in (site / "sw.js").read_text(encoding="utf-8")
    assert {path.name for path in files_of(site).iterdir()} == files
    assert files_of(site).name != kept, "browsers see that it is another version"
    capsys.readouterr()
    with pytest.raises(SystemExit):
        command.main(["--help"])
    assert "stuck" in capsys.readouterr().out


@pytest.mark.usefixtures("project")
def test_a_build_says_how_much_is_still_to_be_translated(tree, capsys):
    count = len(json.loads((tree / "web/words/en.json").read_text(encoding="utf-8")))
    assert command.main([]) == 0
    said = capsys.readouterr().out
    assert f"ja.json lacks {count - 1} of {count} texts; English ones stand in for them\n" in said
    assert f"pt-BR.json lacks {count - 3} of {count} texts" in said
    assert "en.json" not in said


def test_a_wrong_catalogue_ends_the_build_before_anything_is_fetched(project, tree, capsys):
    path = tree / "web/words/ja.json"
    path.write_text('{"title": "{x!r:>10}"}', encoding="utf-8")
    assert command.main([]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f'build.py: {path}: "title" has {{x!r:>10}} in it')
    assert project.asked == []


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
    (tree / "web/index.html").unlink()
    assert command.main([]) == 1
    expected = "build.py: The site cannot be built without web/index.html.\n"
    assert capsys.readouterr().err == expected


@pytest.mark.usefixtures("project")
def test_ctrl_c_ends_with_the_last_site_in_place(tree, capsys, monkeypatch):
    assert command.main([]) == 0

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "assemble", interrupted)
    assert command.main([]) == 130
    said = capsys.readouterr().err
    assert said == "\nbuild.py: interrupted; build/site/ has the last site that was finished\n"
    assert (tree / "build/site/index.html").is_file()


@pytest.mark.usefixtures("project")
def test_ctrl_c_in_the_first_build_speaks_of_no_site(capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "assemble", interrupted)
    assert command.main([]) == 130
    assert capsys.readouterr().err == "\nbuild.py: interrupted\n"


@pytest.mark.usefixtures("project")
def test_a_file_in_the_place_of_the_build_folder_is_named(tree, capsys):
    (tree / "build").write_text("mine", encoding="utf-8")
    assert command.main([]) == 1
    assert capsys.readouterr().err == f"build.py: cannot read or write {tree / 'build'}: File exists\n"
    assert (tree / "build").read_text(encoding="utf-8") == "mine"


@pytest.mark.usefixtures("project")
def test_a_folder_in_the_place_of_a_cached_file_is_named(tree, runtime, capsys):
    place = Cache(tree / "build/cache/files").path(runtime[0].files[0])
    place.mkdir(parents=True)
    assert command.main([]) == 1
    assert capsys.readouterr().err == f"build.py: cannot read or write {place}: Is a directory\n"


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "build/lock"), "build/lock: Permission denied"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
    ],
)
def test_what_the_machine_refuses_is_one_line_and_exit_status_1(error, said, capsys, monkeypatch):
    def refused(*_):
        raise error

    monkeypatch.setattr(command, "assemble", refused)
    assert command.main([]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("build.py: ")
    assert lines[0].endswith(said)


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


@pytest.mark.parametrize("port", ["-1", "65536", "80a", ""])
def test_what_is_no_port_is_refused(port, capsys):
    with pytest.raises(SystemExit) as stop:
        command.parse(["--serve", f"--port={port}"])
    assert stop.value.code == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == f"build.py: error: argument --port: a port is a whole number from 0 to 65535, not {port!r}"


@pytest.mark.parametrize("port", [0, 65535])
def test_the_first_and_the_last_port_are_ports(port):
    assert command.parse(["--serve", "--port", str(port)]).port == port


def test_an_old_python_is_told_so(monkeypatch):
    ast.parse((ROOT / "build.py").read_text(encoding="utf-8"), feature_version=(3, 4))
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; this is Python 3\.9\."):
        runpy.run_path(str(ROOT / "build.py"))
