"""The pinned list of every runtime file: which package it comes from, how long it is and its SHA-256."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

RUNTIME_JSON = Path(__file__).with_name("runtime.json")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class RuntimeFile:
    """One file that the site is made of and that is not in the repository.

    `path` is relative to its package, `cdn_path` to the CDN's root; `size` is in bytes, `sha256` hexadecimal.
    """

    package: str
    version: str
    path: str
    size: int
    sha256: str
    cdn_path: str

    @property
    def label(self) -> str:
        return f"{self.package}@{self.version}/{self.path}"

    def matches(self, content: bytes) -> bool:
        return sha256(content) == self.sha256


@dataclass(frozen=True)
class Carrier:
    """A package on PyPI that holds the wheels made for Pyodide, in `folder`."""

    name: str
    version: str
    folder: str


@dataclass(frozen=True)
class Manifest:
    """All runtime files: those of npm packages, and the wheels with the package that also carries them."""

    npm_files: tuple[RuntimeFile, ...]
    wheels: tuple[RuntimeFile, ...]
    carrier: Carrier

    @property
    def files(self) -> tuple[RuntimeFile, ...]:
        return self.npm_files + self.wheels

    def of(self, package: str) -> tuple[RuntimeFile, ...]:
        """The files of one package, in the manifest's order; raises KeyError when there are none."""
        found = tuple(file for file in self.files if file.package == package)
        if not found:
            raise KeyError(package)
        return found


def read_manifest(path: Path = RUNTIME_JSON) -> Manifest:
    data = json.loads(path.read_text(encoding="utf-8"))
    npm_files = tuple(
        RuntimeFile(
            package["name"],
            package["version"],
            cdn_path=f"npm/{package['name']}@{package['version']}/{file['path']}",
            **file,
        )
        for package in data["npm"]
        for file in package["files"]
    )
    release = data["wheels"]["release"]
    wheels = tuple(
        RuntimeFile(cdn_path=f"pyodide/v{release}/full/{file['path']}", **file)
        for file in data["wheels"]["files"]
    )
    return Manifest(npm_files, wheels, Carrier(**data["wheels"]["carrier"]))
