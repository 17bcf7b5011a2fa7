from __future__ import annotations
from pathlib import Path
from typing import Any
from pycnn.network import Network


def read_tfjs(model: Any, folder: Path, max_bytes: int) -> Network:
    raise ValueError("TF.js models cannot be read yet.")
