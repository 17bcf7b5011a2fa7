"""What Python and NumPy import in vain here: left out where they can do without it, else stood in for."""

import re
from collections.abc import Mapping

# Imported by asyncio, zipfile, shutil and NumPy if they are there.
LEFT_OUT = re.compile(r"^(_?ssl|bz2|lzma)\.py$|^(compression|ctypes)/")

STAND_INS = {
    # Pyodide's loader of wheels: nothing is installed while the page runs.
    "pyodide/_package_loader.py": """
from pathlib import Path
from site import getsitepackages

SITE_PACKAGES = Path(getsitepackages()[0])
DSO_DIR = Path("/usr/lib")


def init_loaded_packages():
    pass
""",
    # Event loops with sockets and processes: Pyodide brings the browser's.
    "asyncio/base_events.py": "__all__ = ()",
    "asyncio/streams.py": "__all__ = ()",
    "asyncio/subprocess.py": "__all__ = ()",
    "asyncio/unix_events.py": """
from .events import _BaseDefaultEventLoopPolicy as _DefaultEventLoopPolicy

__all__ = ()
""",
    # Docstrings, which would be most of NumPy's start.
    "numpy/_core/_add_newdocs.py": "",
    "numpy/_core/_add_newdocs_scalars.py": "",
    # Linear algebra, which `import numpy` loads; pycnn uses none.
    "numpy/linalg/_umath_linalg.py": """
def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError("this NumPy comes without linear algebra")
""",
}


def stand_in(library: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a library (path -> content) without what is left out, and with the stand-ins."""
    kept = {}
    for path, content in library.items():
        # A compiled module is called NAME.PLATFORM.so.
        module = f"{path.split('.', 1)[0]}.py"
        if module in STAND_INS:
            kept[module] = STAND_INS[module].encode()
        elif not LEFT_OUT.search(path):
            kept[path] = content
    return kept
