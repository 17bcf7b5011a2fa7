"""The private virtual environment: a current pip, and the NumPy and Pillow that the build computes with."""

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from builder.errors import BuildError

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


class Environment:
    """A virtual environment in `folder`, remade when its requirements or the Python that made it change."""

    def __init__(self, folder: Path, requirements: Path = REQUIREMENTS) -> None:
        self._folder = folder
        self._requirements = requirements
        self._stamp = folder / "made-from.txt"

    @property
    def python(self) -> Path:
        return self._folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def pip(self) -> list[str]:
        """The beginning of a pip command."""
        return [str(self.python), "-m", "pip", "--disable-pip-version-check", "--no-input"]

    def is_ready(self) -> bool:
        return self._stamp.is_file() and self._stamp.read_text(encoding="utf-8") == self._made_from()

    def make(self) -> None:
        """Make the environment unless it is ready. Raises BuildError with what venv or pip said.

        Only wheels whose hashes the requirements name are installed: to build one would run other packages.
        """
        if self.is_ready():
            return
        print("Making the build's private Python environment", flush=True)
        # The stamp goes first and comes last: an interrupted attempt is begun anew.
        self._stamp.unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)
        _call([sys.executable, "-m", "venv", str(self._folder)], "Could not make a virtual environment")
        only_these = ["--require-hashes", "--only-binary=:all:"]
        _call(
            [*self.pip, "install", "--upgrade", *only_these, "--requirement", str(self._requirements)],
            f"Could not install what {self._requirements.name} asks for. This is {_this_python()}: if pip"
            " finds no version that fits it, run build.py with another CPython, 3.11 or newer",
            show=sys.stdout.isatty(),
        )
        self._stamp.write_text(self._made_from(), encoding="utf-8")

    def run(self, arguments: Sequence[str], import_from: Sequence[Path], failure: str) -> None:
        """Run this environment's Python, importing from those folders; a BuildError begins with `failure`."""
        variables = {"PYTHONPATH": os.pathsep.join(map(str, import_from)), "PYTHONDONTWRITEBYTECODE": "1"}
        # -P: what happens to lie in the current folder is not imported.
        _call([str(self.python), "-P", *arguments], failure, variables)

    def _made_from(self) -> str:
        return f"Python {sys.version}\n{self._requirements.read_text(encoding='utf-8')}"


def _this_python() -> str:
    """What wheels depend on, for people."""
    return f"{platform.python_implementation()} {platform.python_version()} on {sysconfig.get_platform()}"


def _call(
    command: Sequence[str], failure: str, variables: dict[str, str] | None = None, show: bool = False
) -> None:
    """Run a command. Its output is shown at once, progress bars and all, or only when it fails."""
    result = subprocess.run(
        command,
        stdout=None if show else subprocess.PIPE,
        stderr=None if show else subprocess.STDOUT,
        text=True,
        env={**os.environ, **(variables or {})},
        check=False,
    )
    if result.returncode:
        raise BuildError(f"{failure}:\n{(result.stdout or 'see above').strip()}")
