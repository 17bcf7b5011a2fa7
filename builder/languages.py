"""The languages of the page: each has a catalogue of words, and a page of its own."""

import re
from dataclasses import dataclass
from pathlib import Path

from builder.catalogues import check_catalogue, check_home, read_catalogue
from builder.words import escape

HOME = "en"  # the language of the site's index.html


@dataclass(frozen=True)
class Language:
    """`missing` counts the texts that the home page's language has to stand in for."""

    code: str
    words: dict[str, str]
    missing: int = 0

    @property
    def page(self) -> str:
        """The name of its page."""
        return "index.html" if self.code == HOME else f"{self.code}.html"

    def parts(self, languages: list["Language"]) -> dict[str, str]:
        """The HTML for the slots of index.html that tell this language from all of them."""
        return {
            "language": self.code,
            "direction": self.words["language.direction"],
            "alternates": "\n    ".join(
                f'<link rel="alternate" hreflang="{other.code}" href="{other.page}">' for other in languages
            ),
            "languages": "".join(self._entry(other) for other in languages),
        }

    def _entry(self, other: "Language") -> str:
        """A language by its own name, as a link where its page is another one."""
        name = escape(other.words["language.name"])
        known = f'lang="{other.code}" dir="{other.words["language.direction"]}"'
        if other is self:
            return f'<li><span {known} aria-current="true">{name}</span></li>'
        return f'<li><a {known} hreflang="{other.code}" href="{other.page}">{name}</a></li>'


def read_languages(folder: Path) -> list[Language]:
    """One for each catalogue in the folder, the home page's first; its words stand in for missing ones.

    Raises BuildError for a catalogue that no page can be made of.
    """
    paths = [path for path in folder.glob("*.json") if path.is_file() and not path.name.startswith(".")]
    home = read_catalogue(folder / f"{HOME}.json")
    check_home(folder / f"{HOME}.json", home)
    return [_language(path, home) for path in sorted(paths, key=lambda path: (path.stem != HOME, path.stem))]


def _language(path: Path, home: dict[str, str]) -> Language:
    own = read_catalogue(path)
    check_catalogue(path, own, home)
    missing = len(set(home) - set(own))
    return Language(path.stem, home | {"language.name": path.stem} | own, missing)


def words_of_script(words: dict[str, str], script: str) -> dict[str, str]:
    """The words that the page's own script says: those of the page as a whole."""
    return words_of_code({key: word for key, word in words.items() if key.startswith("page.")}, [script])


def words_of_code(words: dict[str, str], modules: list[str]) -> dict[str, str]:
    """The words that the sources of modules name, in whole or by how they begin: "kind." for "kind.relu"."""
    named = {text for module in modules for text in re.findall(r"""["']([\w.]+)["']""", module)}
    beginnings = tuple(text for text in named if text.endswith("."))
    return {key: word for key, word in words.items() if key in named or key.startswith(beginnings)}
