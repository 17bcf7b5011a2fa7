"""The private virtual environment: what the build computes with NumPy and Pillow, and a current pip, live here."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from builder.errors import BuildError

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


class Environment:
    """A virtual environment in `folder`, remade whenever its requirements or the Python that made it change."""

    def __init__(self, folder: Path, requirements: Path = REQUIREMENTS) -> None:
        self._folder = folder
        self._requirements = requirements
        self._stamp = folder / "made-from.txt"

    @property
    def python(self) -> Path:
        return self._folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def is_ready(self) -> bool:
        return self._stamp.is_file() and self._stamp.read_text(encoding="utf-8") == self._made_from()

    def make(self) -> None:
        """Make the environment unless it is ready. Raises BuildError with what pip or venv said."""
        if self.is_ready():
            return
        print("Making the build's private Python environment", flush=True)
        # The stamp goes first and comes last: an interrupted attempt is begun anew.
        self._stamp.unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)
        self._call([sys.executable, "-m", "venv", str(self._folder)], "Could not make a virtual environment")
        self._call(
            [*self.pip, "install", "--quiet", "--upgrade", "--requirement", str(self._requirements)],
            f"Could not install {self._requirements.name} into the build's private Python environment",
        )
        self._stamp.write_text(self._made_from(), encoding="utf-8")

    @property
    def pip(self) -> list[str]:
        return [str(self.python), "-m", "pip", "--disable-pip-version-check", "--no-input"]

    def run(self, arguments: list[str], import_from: list[Path], failure: str) -> None:
        """Run this environment's Python, importing from those folders; a BuildError begins with `failure`."""
        variables = {"PYTHONPATH": os.pathsep.join(map(str, import_from)), "PYTHONDONTWRITEBYTECODE": "1"}
        self._call([str(self.python), *arguments], failure, variables)

    def _made_from(self) -> str:
        return f"Python {sys.version}\n{self._requirements.read_text(encoding='utf-8')}"

    @staticmethod
    def _call(command: list[str], failure: str, variables: dict[str, str] | None = None) -> None:
        result = subprocess.run(
            command, capture_output=True, text=True, env={**os.environ, **(variables or {})}, check=False
        )
        if result.returncode:
            raise BuildError(f"{failure}:\n{(result.stderr or result.stdout).strip()}")
