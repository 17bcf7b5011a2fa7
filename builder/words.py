"""Fill words and markup into the page."""

import html
import re

from builder.errors import BuildError

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def escape(text: str) -> str:
    """A text in HTML and in a quoted attribute; browsers take a carriage return itself for a line feed."""
    return html.escape(text).replace("\r", "&#13;")


def fill(page: str, words: dict[str, str], markup: dict[str, str], name: str) -> str:
    """The page called `name` with every {{key}} replaced by its word, escaped for HTML, and every {{!key}} by
    its markup, as it is.
    """
    asked = set(PLACEHOLDER.findall(page))
    texts = {key: in_html(words[key]) for key in asked & set(words)}
    texts |= {f"!{key}": part for key, part in markup.items()}
    missing = sorted(asked - set(texts))
    if missing:
        raise BuildError(f"{name} asks for words or markup that the build lacks: {', '.join(missing)}.")
    return PLACEHOLDER.sub(lambda found: texts[found[1]], page)


def in_html(word: str) -> str:
    """HTML of a text without places, in which {{ and }} stand for braces."""
    return escape(word.format())
