"""Files come verified and whole, from the first source that has them, and only once."""

import os

import pytest
from stand_ins import FakeSource, runtime_file

from builder.errors import BuildError, SourceError, SourceUnavailableError
from builder.fetch import Cache, fetch_all
from builder.manifest import sha256

GOOD = b"what was pinned"
FILE = runtime_file(GOOD)


def everything_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_comes_from_the_first_source_and_stays_in_the_cache(cache):
    first, second = FakeSource("first", {FILE.label: GOOD}), FakeSource("second", {FILE.label: GOOD})
    fetch_all(cache, [(FILE, [first, second])])
    assert cache.get(FILE) == GOOD
    assert (first.asked, second.asked) == ([FILE.label], [])


def test_a_second_run_asks_nobody(cache):
    source = FakeSource("source", {FILE.label: GOOD})
    for _ in range(2):
        fetch_all(cache, [(FILE, [source])])
    assert source.asked == [FILE.label]


def test_a_file_that_changed_in_the_cache_is_fetched_again(cache):
    source = FakeSource("source", {FILE.label: GOOD})
    fetch_all(cache, [(FILE, [source])])
    cache.path(FILE).write_bytes(b"tampered")
    assert cache.read(FILE) is None
    fetch_all(cache, [(FILE, [source])])
    assert cache.get(FILE) == GOOD


def test_a_folder_in_a_files_place_is_no_file(cache):
    cache.path(FILE).mkdir(parents=True)
    assert cache.read(FILE) is None


def test_the_next_source_is_asked_when_one_fails(cache):
    first = FakeSource("first", error=SourceError("HTTP status 404 Not Found"))
    fetch_all(cache, [(FILE, [first, FakeSource("second", {FILE.label: GOOD})])])
    assert cache.get(FILE) == GOOD


def test_a_source_that_cannot_be_reached_is_tried_once_for_all_files(cache):
    other = runtime_file(b"other", path="other.js")
    away = FakeSource("away", error=SourceUnavailableError("Name or service not known"))
    here = FakeSource("here", {FILE.label: GOOD, other.label: b"other"})
    fetch_all(cache, [(FILE, [away, here]), (other, [away, here])])
    assert away.asked == [FILE.label]
    assert here.asked == [FILE.label, other.label]


def test_the_error_names_the_file_every_source_and_every_reason(cache):
    away = FakeSource("the CDN", error=SourceUnavailableError("Name or service not known"))
    empty = FakeSource("the npm client", error=SourceError("npm is not installed"))
    other = runtime_file(b"other", path="other.js")
    with pytest.raises(BuildError) as failure:
        fetch_all(cache, [(FILE, [away, FakeSource("x", {FILE.label: GOOD})]), (other, [away, empty])])
    assert str(failure.value).splitlines() == [
        "Could not fetch thing@1.0/other.js.",
        "  the CDN: Name or service not known",
        "  the npm client: npm is not installed",
    ]


def test_a_wrong_hash_is_an_error_that_names_file_source_and_both_hashes(cache, tmp_path):
    wrong = FakeSource("the CDN", {FILE.label: b"evil"})
    right = FakeSource("the npm client", {FILE.label: GOOD})
    with pytest.raises(BuildError) as failure:
        fetch_all(cache, [(FILE, [wrong, right])])
    for part in (FILE.label, "the CDN", sha256(b"evil"), FILE.sha256):
        assert part in str(failure.value)
    assert everything_in(tmp_path) == []
    assert right.asked == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError("No space left on device")])
def test_an_interrupted_write_leaves_no_half_file(tmp_path, monkeypatch, stop):
    def interrupted(*_):
        raise stop

    cache = Cache(tmp_path / "cache")
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.replace", interrupted)
        with pytest.raises((KeyboardInterrupt, OSError)):
            cache.write(FILE, GOOD)
    assert everything_in(tmp_path) == []
    assert cache.read(FILE) is None


def test_what_a_killed_run_left_behind_is_not_taken_for_the_file(cache):
    target = cache.path(FILE)
    target.parent.mkdir(parents=True)
    (target.parent / ".abc.part").write_bytes(GOOD[:5])
    assert cache.read(FILE) is None


def test_progress_is_one_line_a_file_where_there_is_no_terminal(cache, capsys):
    fetch_all(cache, [(FILE, [FakeSource("the CDN", {FILE.label: GOOD})])])
    assert capsys.readouterr().out.splitlines() == [
        "Fetching 1 runtime files, 0.0 kB",
        "  thing@1.0/dist/thing.js, 0.0 kB, from the CDN",
    ]


def test_progress_is_one_moving_line_on_a_terminal(cache, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((80, 24)))
    fetch_all(cache, [(FILE, [FakeSource("the CDN", {FILE.label: GOOD})])])
    drawn = capsys.readouterr().out.split("\n")[1].split("\r\033[K")
    assert drawn[1].startswith("[........................] 0.0 kB")
    assert drawn[-2].startswith("[########################] 0.0 kB")
    assert drawn[-1] == ""
