"""The places that runtime files come from. Each hands over a file's bytes; whoever asked checks them."""

import http.client
import json
import shutil
import subprocess
import tarfile
import tempfile
import urllib.error
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from builder.environment import Environment
from builder.errors import SourceError, SourceUnavailableError
from builder.http import FAILURES, TIMEOUT, WAITS, open_url, reason, retry
from builder.manifest import Carrier, RuntimeFile
from builder.ranges import open_ranges

CDN = "https://cdn.jsdelivr.net/"
CHUNK = 1 << 16

OnBytes = Callable[[int], None]


class Source(Protocol):
    """`fetch` returns a file's content and tells `on_bytes` how many bytes came, or raises SourceError."""

    name: str

    def fetch(self, file: RuntimeFile, on_bytes: OnBytes) -> bytes: ...


class CdnSource:
    """Plain HTTPS from the CDN: the one source that needs nothing but Python."""

    def __init__(self, root: str = CDN, timeout: float = TIMEOUT, waits: Sequence[float] = WAITS) -> None:
        self.name = f"the CDN {root}"
        self._root = root
        self._timeout = timeout
        self._waits = waits

    def fetch(self, file: RuntimeFile, on_bytes: OnBytes) -> bytes:
        try:
            return retry(lambda: self._fetch_once(file, on_bytes), self._waits)
        except urllib.error.HTTPError as error:
            raise SourceError(reason(error)) from error
        except FAILURES as error:
            raise SourceUnavailableError(reason(error)) from error

    def _fetch_once(self, file: RuntimeFile, on_bytes: OnBytes) -> bytes:
        content = bytearray()
        with open_url(self._root + file.cdn_path, {}, self._timeout) as response:
            while chunk := response.read(CHUNK):
                content += chunk
                on_bytes(len(chunk))
            # Read piece by piece, a body that was cut short ends like a whole one.
            if response.length:
                raise http.client.IncompleteRead(bytes(content), response.length)
        return bytes(content)


class NpmSource:
    """The npm client: it knows the registry, or the mirror of it, that this machine uses."""

    name = "the npm client"

    def __init__(self, folder: Path) -> None:
        """Packages are put into `folder`, which the caller makes and removes."""
        self._folder = folder

    def fetch(self, file: RuntimeFile, on_bytes: OnBytes) -> bytes:
        with tarfile.open(self._package(f"{file.package}@{file.version}")) as package:
            try:
                member = package.extractfile(f"package/{file.path}")
            except KeyError:
                member = None
            if member is None:
                raise SourceError("the package has no such file")
            content = member.read()
        on_bytes(len(content))
        return content

    def _package(self, name: str) -> Path:
        """The package's archive, which the first call has npm bring."""
        folder = self._folder / name.replace("/", "+")
        if not folder.is_dir():
            npm = shutil.which("npm")
            if npm is None:
                raise SourceUnavailableError("npm is not installed (on Debian: apt-get install npm)")
            attempt = Path(tempfile.mkdtemp(dir=self._folder))
            result = _run([npm, "pack", name, "--silent", "--pack-destination", str(attempt)], attempt)
            if result.returncode or not any(attempt.glob("*.tgz")):
                raise SourceUnavailableError(f"npm pack {name}: {_last_words(result)}")
            attempt.rename(folder)
        return next(folder.glob("*.tgz"))


class CarrierSource:
    """A PyPI package that holds Pyodide's wheels: pip finds it, range requests read the wheels alone."""

    def __init__(self, carrier: Carrier, environment: Environment) -> None:
        """`environment` is one that was made: its pip is used."""
        self.name = f"the PyPI package {carrier.name} {carrier.version}"
        self._carrier = carrier
        self._environment = environment
        self._url: str | None = None

    def fetch(self, file: RuntimeFile, on_bytes: OnBytes) -> bytes:
        if self._url is None:
            self._url = self._find()
        try:
            with open_ranges(self._url, on_bytes) as stream, zipfile.ZipFile(stream) as package:
                return package.read(f"{self._carrier.folder}/{file.path}")
        except KeyError as error:
            raise SourceError("the package has no such file") from error
        except zipfile.BadZipFile as error:
            raise SourceError(str(error)) from error
        except FAILURES as error:
            raise SourceError(reason(error)) from error

    def _find(self) -> str:
        """The package's address, from pip's report; fast-deps keeps pip from downloading all of it."""
        requirement = f"{self._carrier.name}=={self._carrier.version}"
        options = ["--quiet", "--dry-run", "--ignore-installed", "--no-deps", "--ignore-requires-python"]
        options += ["--only-binary=:all:", "--use-feature=fast-deps", "--report=-"]
        result = _run([*self._environment.pip, "install", *options, requirement])
        if result.returncode:
            raise SourceUnavailableError(f"pip: {_last_words(result)}")
        url: str = json.loads(result.stdout)["install"][0]["download_info"]["url"]
        return url


def _run(command: list[str], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def _last_words(result: subprocess.CompletedProcess[str]) -> str:
    said = (result.stderr or result.stdout).strip().splitlines()
    return said[-1] if said else f"exit status {result.returncode}"
