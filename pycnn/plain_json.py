"""JSON out of files that anybody may have made, as plain data of a bounded size."""

from __future__ import annotations

import codecs
import json
import math
from typing import Any, NoReturn

from pycnn import limits

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def is_json_object(data: bytes) -> bool:
    """Do these bytes begin like a JSON object, whichever Unicode encoding and byte order mark they have?"""
    encoding = "utf-16" if data.startswith(_WIDE) else "utf-8-sig"
    return data[:4096].decode(encoding, errors="ignore").lstrip().startswith("{")


def parse_json(data: str | bytes) -> Any:
    """JSON as Python data; raises ValueError for what is too large, or no JSON, as NaN and Infinity are."""
    if len(data) > limits.MAX_JSON_BYTES:
        most = limits.megabytes(limits.MAX_JSON_BYTES)
        raise ValueError(f"its JSON of {len(data) / 2**20:.1f} MB is larger than {most}.")
    try:
        value = json.loads(data, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"its JSON is broken ({error}).") from error
    if _count(value, limits.MAX_JSON_VALUES) > limits.MAX_JSON_VALUES:
        raise ValueError(f"its JSON holds more than {limits.MAX_JSON_VALUES} values.")
    return value


def _count(value: Any, most: int) -> int:
    """How many values there are in one another; more than `most` are not counted to the end."""
    level, count = [value], 0
    while level and count <= most:
        level = [part for whole in level for part in _parts(whole)]
        count += len(level)
    return count


def is_small(value: Any) -> bool:
    """Is parsed JSON within the limits for plain data that is kept, copied and written again as it is?"""
    level, count = [value], 0
    for _ in range(limits.MAX_DEPTH + 1):
        level = [part for whole in level for part in _parts(whole)]
        count += len(level)
    return not level and count <= limits.MAX_VALUES


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text[:20]} is too large")
    return number
