"""The languages of the page: each has a catalogue of words, and a page of its own."""

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from builder.words import read_words

HOME = "en"  # the language of the site's index.html


@dataclass(frozen=True)
class Language:
    code: str
    words: dict[str, str]

    @property
    def page(self) -> str:
        """The name of its page."""
        return "index.html" if self.code == HOME else f"{self.code}.html"

    def parts(self, languages: list["Language"]) -> dict[str, str]:
        """The HTML for the slots of index.html that tell this language from all of them."""
        return {
            "language": self.code,
            "alternates": "\n    ".join(
                f'<link rel="alternate" hreflang="{other.code}" href="{other.page}">' for other in languages
            ),
            "languages": "".join(self._entry(other) for other in languages),
        }

    def _entry(self, other: "Language") -> str:
        """A language by its own name, as a link where its page is another one."""
        name = escape(other.words["language.name"])
        if other is self:
            return f'<li><span lang="{other.code}" aria-current="true">{name}</span></li>'
        return f'<li><a lang="{other.code}" hreflang="{other.code}" href="{other.page}">{name}</a></li>'


def read_languages(folder: Path) -> list[Language]:
    """One for each catalogue in the folder, the home page's first; its words stand in for missing ones."""
    paths = sorted(folder.glob("*.json"), key=lambda path: (path.stem != HOME, path.stem))
    home = read_words(folder / f"{HOME}.json")
    return [Language(path.stem, home | read_words(path)) for path in paths]


def words_of_code(words: dict[str, str], modules: list[str]) -> dict[str, str]:
    """The words that the sources of modules name, in whole or by how they begin: "kind." for "kind.relu"."""
    named = {text for module in modules for text in re.findall(r"""["']([\w.]+)["']""", module)}
    beginnings = tuple(text for text in named if text.endswith("."))
    return {key: word for key, word in words.items() if key in named or key.startswith(beginnings)}
