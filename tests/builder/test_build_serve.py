"""The site is served as browsers insist on, and a taken port is said plainly."""

import contextlib
import http.client
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request

import pytest

from builder.errors import BuildError
from builder.serve import DEFAULT_PORT, FreshHandler, make_server, serve


@pytest.fixture
def address(tmp_path):
    """The address of a server of a folder with one file of every type."""
    for suffix in ("html", "js", "wasm", "json", "webp", "zip", "txt", "css", "svg", "unknown"):
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
        ("js", "text/javascript; charset=utf-8"),
        ("wasm", "application/wasm"),
        ("json", "application/json"),
        ("webp", "image/webp"),
        ("zip", "application/zip"),
        ("txt", "text/plain; charset=utf-8"),
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


@pytest.fixture
def answer_to(address, tmp_path):
    """Asks for a path just as it is; gives status, body and the redirection's target."""
    (tmp_path / "folder/inner").mkdir(parents=True)
    (tmp_path / "folder/inner/index.html").write_text("inner")
    (tmp_path / "folder/file.txt").write_text("file")

    def ask(path, method="GET"):
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc)
        connection.putrequest(method, path, skip_host=False)
        connection.endheaders()
        with contextlib.closing(connection):
            response = connection.getresponse()
            return response.status, response.read(), response.headers["Location"]

    return ask


@pytest.mark.parametrize(
    "path", ["/", "/folder", "/folder/", "//folder/", "/folder/.", "/folder/?x", "/folder#x"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_folder_is_not_listed(answer_to, path, method):
    status, body, _ = answer_to(path, method)
    assert status == 404
    assert b"file.txt" not in body


def test_a_folder_with_a_page_is_answered_with_it(answer_to):
    assert answer_to("/folder/inner/") == (200, b"inner", None)
    assert answer_to("/folder/inner") == (301, b"", "/folder/inner/")


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/file.html%00",
        "/%00/",
        "/folder%00/",
        "/%ff",
        "/%ed%a0%80",
        "/%ed%a0%80/file.html",
        "/" + "x" * 300,
        "/" + "x/" * 3000,
        "/..%2f..%2fetc%2fpasswd",
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%5c..%5cfile.html",
        "//[",
        "//[/folder/inner",
        "//[/folder",
        "/file.html/",
        "/file.html/x",
        "/%",
        "/%0a%0d",
    ],
)
def test_an_impossible_path_is_a_404_and_nothing_else(answer_to, capfd, path):
    for method in ("GET", "HEAD"):
        status, _, _ = answer_to(path, method)
        assert status == 404
    assert answer_to("/file.html") == (200, b"x", None)
    assert "Traceback" not in capfd.readouterr().err


def test_what_lies_beside_the_site_is_not_served(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    with make_server(site, 0) as server:
        for path in ("/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/x/..%2f../secret.txt"):
            thread = threading.Thread(target=server.handle_request)
            thread.start()
            connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
            connection.putrequest("GET", path)
            connection.endheaders()
            assert connection.getresponse().status == 404
            connection.close()
            thread.join()


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
