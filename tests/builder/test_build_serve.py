"""The site is served as browsers insist on, and a taken port is said plainly."""

import socket
import threading
import urllib.error
import urllib.request

import pytest

from builder.errors import BuildError
from builder.serve import DEFAULT_PORT, FreshHandler, make_server, serve


@pytest.fixture
def address(tmp_path):
    """The address of a server of a folder with one file of every type."""
    for suffix in (
        "html",
        "mjs",
        "js",
        "wasm",
        "json",
        "webp",
        "npz",
        "py",
        "rgb",
        "css",
        "svg",
        "unknown",
    ):
        (tmp_path / f"file.{suffix}").write_bytes(b"x")
    server = make_server(tmp_path, 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("suffix", "mime_type"),
    [
        ("html", "text/html; charset=utf-8"),
        ("mjs", "text/javascript; charset=utf-8"),
        ("js", "text/javascript; charset=utf-8"),
        ("wasm", "application/wasm"),
        ("json", "application/json"),
        ("webp", "image/webp"),
        ("npz", "application/zip"),
        ("py", "text/x-python; charset=utf-8"),
        ("rgb", "application/octet-stream"),
        ("css", "text/css; charset=utf-8"),
        ("svg", "image/svg+xml"),
        ("unknown", "application/octet-stream"),
    ],
)
def test_every_file_has_its_mime_type_and_is_never_stale(address, suffix, mime_type):
    with urllib.request.urlopen(f"{address}file.{suffix}") as response:
        assert response.headers["Content-Type"] == mime_type
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.read() == b"x"


def test_a_missing_file_is_a_404(address):
    with pytest.raises(urllib.error.HTTPError, match="404") as failure:
        urllib.request.urlopen(f"{address}absent.html")
    failure.value.close()


def test_a_taken_port_is_said_plainly(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            BuildError, match=rf"^Port {port} is in use or not allowed; choose another with --port\.$"
        ):
            make_server(tmp_path, port)


def test_the_next_port_is_taken_when_none_was_asked_for(tmp_path):
    with make_server(tmp_path, None) as first, make_server(tmp_path, None) as second:
        assert DEFAULT_PORT <= first.server_port < second.server_port


def test_the_address_is_printed_and_ctrl_c_ends_quietly(tmp_path, capsys, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("builder.serve.Server.serve_forever", interrupted)
    serve(tmp_path, None)
    assert "http://127.0.0.1:" in capsys.readouterr().out


def test_a_reload_is_never_answered_by_a_service_worker(tmp_path):
    (tmp_path / "sw.js").write_text("")
    with make_server(tmp_path, 0, FreshHandler) as server:
        threading.Thread(target=server.handle_request).start()
        with pytest.raises(urllib.error.HTTPError, match="404") as failure:
            urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/sw.js")
        failure.value.close()
