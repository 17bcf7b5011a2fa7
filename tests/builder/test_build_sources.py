"""Each source gets its files, and says plainly why it cannot."""

import os
import socket
import stat
import zipfile
from pathlib import Path

import pytest
from stand_ins import npm_archive, runtime_file

from builder.archive import pack
from builder.errors import SourceError, SourceUnavailableError
from builder.manifest import Carrier
from builder.ranges import open_ranges
from builder.sources import CarrierSource, CdnSource, NpmSource

CONTENT = bytes(range(256)) * 2000
FILE = runtime_file(CONTENT)
ADDRESS = "/" + FILE.cdn_path
AT_ONCE = (0.0, 0.0)


class Counter:
    """Adds up what a source says that it received."""

    total = 0

    def __call__(self, count: int) -> None:
        self.total += count


def ignore(_: int) -> None:
    pass


def test_the_cdn_hands_over_a_file_and_counts_its_bytes(web_server):
    web_server.answers[ADDRESS] = [(200, CONTENT)]
    counter = Counter()
    assert CdnSource(web_server.url).fetch(FILE, counter) == CONTENT
    assert counter.total == len(CONTENT)


@pytest.mark.parametrize("passing", [(503, b""), (429, b""), (0, CONTENT)])
def test_the_cdn_is_asked_again_after_a_passing_failure(web_server, passing):
    web_server.answers[ADDRESS] = [passing, passing, (200, CONTENT)]
    assert CdnSource(web_server.url, waits=AT_ONCE).fetch(FILE, ignore) == CONTENT
    assert len(web_server.requests) == 3


def test_an_answer_that_stays_cut_short_is_no_file(web_server):
    web_server.answers[ADDRESS] = [(0, CONTENT)]
    with pytest.raises(SourceUnavailableError, match="IncompleteRead"):
        CdnSource(web_server.url, waits=AT_ONCE).fetch(FILE, ignore)


def test_a_file_that_the_cdn_has_not_got_is_asked_for_once(web_server):
    with pytest.raises(SourceError, match="HTTP status 404") as failure:
        CdnSource(web_server.url, waits=AT_ONCE).fetch(FILE, ignore)
    assert not isinstance(failure.value, SourceUnavailableError)
    assert len(web_server.requests) == 1


def test_a_silent_server_times_out_and_is_asked_three_times():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        source = CdnSource(f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.05, waits=AT_ONCE)
        with pytest.raises(SourceUnavailableError, match="timed out"):
            source.fetch(FILE, ignore)
        silent.settimeout(1)
        for _ in range(3):
            silent.accept()[0].close()


def test_a_name_that_does_not_resolve_is_tried_once(monkeypatch):
    tries = []

    def resolve(host, *_):
        tries.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    with pytest.raises(SourceUnavailableError, match="Name or service not known"):
        CdnSource("http://cdn.invalid/", waits=(60.0,)).fetch(FILE, ignore)
    assert tries == ["cdn.invalid"]


def executable(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """Put an npm on the path that does what `npm(script)` says."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return lambda script: executable(folder / "npm", script)


def test_npm_packs_a_package_once_for_all_its_files(npm, tmp_path):
    other = runtime_file(b"wasm", path="thing.wasm")
    archive = tmp_path / "thing-1.0.tgz"
    archive.write_bytes(npm_archive({FILE.path: CONTENT, other.path: b"wasm"}))
    calls = tmp_path / "calls"
    npm(
        f'echo "$1 $2" >> "{calls}"\n'
        f'while [ "$1" != --pack-destination ]; do shift; done; cp "{archive}" "$2"'
    )
    folder = tmp_path / "packages"
    folder.mkdir()
    source = NpmSource(folder)
    assert source.fetch(FILE, ignore) == CONTENT
    assert source.fetch(other, ignore) == b"wasm"
    assert calls.read_text() == "pack thing@1.0\n"
    with pytest.raises(SourceError, match="no such file"):
        source.fetch(runtime_file(b"", path="absent.js"), ignore)


def test_npm_says_why_it_failed(npm, tmp_path):
    npm("echo 'first line' >&2; echo 'npm error 404 Not Found' >&2; exit 1")
    with pytest.raises(SourceUnavailableError, match=r"^npm pack thing@1.0: npm error 404 Not Found$"):
        NpmSource(tmp_path).fetch(FILE, ignore)


def test_a_machine_without_npm_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceUnavailableError, match="npm is not installed"):
        NpmSource(tmp_path).fetch(FILE, ignore)


def test_a_range_reader_reads_what_the_file_holds(web_server):
    web_server.answers["/file"] = [(200, CONTENT)]
    with open_ranges(web_server.url + "file", ignore) as stream:
        assert stream.read(10) == CONTENT[:10]
        assert stream.seek(-7, 2) == len(CONTENT) - 7
        assert stream.read(100) == CONTENT[-7:]
        assert stream.read(1) == b""
        stream.seek(1000)
        stream.seek(24, 1)
        assert stream.read(300_000) == CONTENT[1024:301_024]


def test_one_member_of_a_large_zip_takes_few_requests_and_bytes(web_server):
    stored = {f"part-{index}": os.urandom(1 << 20) for index in range(12)}
    web_server.answers["/zip"] = [(200, pack(stored))]
    counter = Counter()
    with open_ranges(web_server.url + "zip", counter) as stream, zipfile.ZipFile(stream) as archive:
        assert archive.read("part-3") == stored["part-3"]
    assert len(web_server.requests) <= 7
    assert counter.total < 4 << 20


def test_a_server_without_ranges_is_an_error_not_a_whole_download(web_server):
    web_server.ranges = False
    web_server.answers["/file"] = [(200, CONTENT)]
    with pytest.raises(SourceError, match="does not answer range requests"):
        open_ranges(web_server.url + "file", ignore)


class FakePip:
    """An environment whose pip is a script."""

    def __init__(self, path: Path, script: str) -> None:
        executable(path, script)
        self.pip = [str(path)]


CARRIER = Carrier("carrier", "1.0", "front/wheels")


def test_the_carrier_is_found_by_pip_once_and_read_in_ranges(web_server, tmp_path):
    wheels = {
        "front/wheels/one.whl": CONTENT,
        "front/wheels/two.whl": b"two",
        "front/large.js": os.urandom(1 << 22),
    }
    web_server.answers["/carrier.whl"] = [(200, pack(wheels))]
    report = f'{{"install": [{{"download_info": {{"url": "{web_server.url}carrier.whl"}}}}]}}'
    calls = tmp_path / "calls"
    pip = FakePip(tmp_path / "pip", f"echo \"$@\" >> '{calls}'; echo '{report}'")
    source = CarrierSource(CARRIER, pip)
    counter = Counter()
    assert source.fetch(runtime_file(CONTENT, path="one.whl"), counter) == CONTENT
    assert source.fetch(runtime_file(b"two", path="two.whl"), counter) == b"two"
    assert calls.read_text().count("carrier==1.0") == 1
    assert "--dry-run" in calls.read_text()
    with pytest.raises(SourceError, match="no such file"):
        source.fetch(runtime_file(b"", path="absent.whl"), ignore)


def test_pip_says_why_it_failed(tmp_path):
    pip = FakePip(tmp_path / "pip", "echo 'ERROR: No matching distribution found' >&2; exit 1")
    with pytest.raises(SourceUnavailableError, match=r"^pip: ERROR: No matching distribution found$"):
        CarrierSource(CARRIER, pip).fetch(FILE, ignore)
