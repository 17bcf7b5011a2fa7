"""Fill words and markup into the page."""

import html
import json
import re
from pathlib import Path

from builder.errors import BuildError

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def escape(text: str) -> str:
    """A text in HTML and in a quoted attribute; browsers take a carriage return itself for a line feed."""
    return html.escape(text).replace("\r", "&#13;")


def read_words(path: Path) -> dict[str, str]:
    """A catalogue: a flat JSON object of key -> text."""
    try:
        words = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise BuildError(f"{path} is not valid JSON: {error}.") from error
    if not isinstance(words, dict) or not all(isinstance(text, str) for text in words.values()):
        raise BuildError(f"{path} must be one JSON object whose values are all texts.")
    return words


def fill(page: str, words: dict[str, str], markup: dict[str, str], name: str) -> str:
    """The page called `name` with every {{key}} replaced by its word, escaped for HTML, and every {{!key}} by
    its markup, as it is.
    """
    texts = {key: html.escape(word) for key, word in words.items()}
    texts |= {f"!{key}": part for key, part in markup.items()}
    missing = sorted({key for key in PLACEHOLDER.findall(page) if key not in texts})
    if missing:
        raise BuildError(f"{name} asks for words or markup that the build lacks: {', '.join(missing)}.")
    return PLACEHOLDER.sub(lambda found: texts[found[1]], page)
