"""The folder build/: one build works in it at a time, and a site is replaced only by a whole one."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: nothing keeps two builds apart there
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait until no other build works in `folder`, and keep others waiting."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Waiting for another build in the same folder to end", flush=True)
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def replace(folder: Path, make: Callable[[Path], None]) -> None:
    """Have `make` fill a new folder and put it in the place of `folder`, which stays as it was until then."""
    new = folder.with_name(f"{folder.name}.new")
    old = folder.with_name(f"{folder.name}.old")
    # A build that was killed between the two renames below left the last site under its other name.
    if old.exists() and not folder.exists():
        old.rename(folder)
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    new.mkdir()
    try:
        make(new)
    except BaseException:
        shutil.rmtree(new)
        raise
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def files_in(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in order, without hidden ones and compiled Python."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in parts):
            yield path
