"""A network's model card, read with care: anybody may write one, and what is not as expected is not told."""

import re
from collections.abc import Mapping
from typing import Any

from ui.provenance import is_count, is_share

Confusion = dict[str, dict[str, int]]  # true class -> class that it was taken for -> number of photos


class Card:
    """Answers with None for what the card does not say, or says in another form."""

    def __init__(self, data: Any) -> None:
        self._data: Mapping[str, Any] = data if isinstance(data, dict) else {}

    def share(self, key: str) -> float | None:
        """A number from 0 to 1."""
        value = self._data.get(key)
        return value if is_share(value) else None

    def count(self, key: str) -> int | None:
        """A whole number above zero."""
        value = self._data.get(key)
        return value if is_count(value) else None

    def interval(self, key: str) -> tuple[float, float] | None:
        """Two numbers from 0 to 1."""
        ends = self._data.get(key)
        return (
            (ends[0], ends[1])
            if isinstance(ends, list) and len(ends) == 2 and all(map(is_share, ends))
            else None
        )

    def shares(self, key: str) -> dict[str, float]:
        """Numbers from 0 to 1 by class; empty if one of them is none."""
        found = self._data.get(key)
        return dict(found) if isinstance(found, dict) and all(map(is_share, found.values())) else {}

    def epochs(self) -> str | None:
        """How often each photo was seen, of the recipe's words."""
        recipe = self._data.get("recipe")
        found = re.search(r"(\d+) epochs", recipe) if isinstance(recipe, str) else None
        return found[1] if found else None

    def confusion(self) -> Confusion:
        """How many photos of each class were taken for which; empty unless the table is whole."""
        names, rows = self._data.get("confusion_classes"), self._data.get("held_out_confusion")
        if (
            not isinstance(names, list)
            or not isinstance(rows, list)
            or len(names) != len(rows)
            or len(names) < 2
        ):
            return {}
        whole = all(isinstance(row, list) and len(row) == len(names) for row in rows)
        if not whole or not all(isinstance(name, str) for name in names) or len({*names}) < len(names):
            return {}
        if not all(count == 0 or is_count(count) for row in rows for count in row):
            return {}
        return {name: dict(zip(names, row, strict=True)) for name, row in zip(names, rows, strict=True)}
