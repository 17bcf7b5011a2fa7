"""Catalogues of words: one JSON file for each language, read and checked before anything is built of them."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from string import Formatter

from builder.errors import BuildError

# A language, and where that is not enough, its script and its region: de, pt-BR, zh-Hant.
CODE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
PLACE = re.compile(r"[a-z][a-z0-9_]*")
CONTROLS = ("Cc", "Cs")  # control characters, and halves of characters
MAY_BE_EMPTY = "number.group"
# Of the signs in numbers: what must not be in them, as it means something else there or in HTML.
NO_SIGN = re.compile(r"""[\w\s+&<>"'{}]""")
GROUPS = re.compile(r"[1-9]( [1-9])*")

Words = dict[str, str]


def read_catalogue(path: Path) -> Words:
    """The texts of a catalogue by key, without those that are still empty.

    Raises BuildError, naming the file, for what is no catalogue.
    """
    if CODE.fullmatch(path.stem) is None:
        raise BuildError(
            f"{path}: {path.stem!r} is no language code that the site can use. A catalogue is called after"
            " its language, as in de.json, pt-BR.json or zh-Hant.json."
        )
    try:
        pairs = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=tuple)
    except UnicodeDecodeError as error:
        raise BuildError(f"{path} is not in UTF-8: please save it as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise BuildError(f"{path} is not valid JSON: {error}.") from error
    except RecursionError as error:
        raise BuildError(f"{path} must be one JSON object whose values are all texts.") from error
    refuse(path, list(faults_of_form(pairs)))
    return {key: text for key, text in pairs if text or key == MAY_BE_EMPTY}


def faults_of_form(pairs: object) -> Iterator[str]:
    """What is wrong with a JSON value, an object being a tuple of pairs, in place of a catalogue."""
    if not isinstance(pairs, tuple):
        yield "it must be one JSON object whose values are all texts"
        return
    for key, count in Counter(key for key, _ in pairs).items():
        if count > 1:
            yield f'"{key}" is there {count} times'
    for key, text in pairs:
        if not isinstance(text, str):
            yield f'"{key}" is no text: its value must stand in quotation marks'
        elif any(unicodedata.category(sign) in CONTROLS for sign in key + text):
            yield f"{json.dumps(key)} has a control character or half of a character in it"


def check_home(path: Path, home: Words) -> None:
    """Raise BuildError, naming all that is wrong, unless other catalogues can be checked against this one."""
    found = [f'"{key}" {fault}' for key, text in home.items() for fault in faults_of_places(text)]
    refuse(path, found or list(faults_of_signs(home)))


def check_catalogue(path: Path, words: Words, home: Words) -> None:
    """Raise BuildError, naming all that is wrong, unless the words can stand for those of `home`."""
    found = []
    for key, text in words.items():
        if key in home:
            faults = list(faults_of_places(text)) or faults_against(text, home[key])
            found += [f'"{key}" {fault}' for fault in faults]
        else:
            close = get_close_matches(key, home, 1)
            found.append(
                f'no text is called "{key}"' + (f', but one is called "{close[0]}"' if close else "")
            )
    refuse(path, found or list(faults_of_signs(home | words)))


def faults_of_places(text: str) -> Iterator[str]:
    """What is wrong with how a text's places are written: {name} is the only way."""
    try:
        places = [part[1:] for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        yield "has a brace without its other half; a brace that a visitor reads is written twice, {{ or }}"
        return
    for name, form, conversion in places:
        if form or conversion or PLACE.fullmatch(str(name)) is None:
            whole = f"{name}{(conversion and '!' + conversion) or ''}{form and ':' + form}"
            yield (
                f"has {{{whole}}} in it, but a place is a name in braces and nothing else; a brace that a"
                " visitor reads is written twice, {{ or }}"
            )


def places_of(text: str) -> set[str]:
    """The names of the places in a text that has no such fault."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def faults_against(text: str, home: str) -> Iterator[str]:
    """Which places a text has that `home`, which says the same, has not, and which it lacks."""
    names, wanted = places_of(text), places_of(home)
    for name in sorted(names - wanted):
        known = ", ".join(f"{{{one}}}" for one in sorted(wanted)) or "none"
        yield f"has a place {{{name}}} that nothing fills; its places are: {known}"
    for name in sorted(wanted - names):
        yield f"lacks its place {{{name}}}"


def faults_of_signs(words: Words) -> Iterator[str]:
    """What is wrong with the signs in which a language writes numbers, and with its direction."""
    decimal, group, minus, about = (
        words.get(f"number.{name}", "") for name in ("decimal", "group", "minus", "about")
    )
    if len(decimal) != 1 or NO_SIGN.search(decimal):
        yield f'"number.decimal" must be one sign that is neither letter, digit nor space, not {decimal!r}'
    if len(group) > 1 or NO_SIGN.search(group.strip()):
        yield f'"number.group" must be one sign, a space or nothing, not {group!r}'
    if group == decimal:
        yield f'"number.group" and "number.decimal" are both {group!r}, so that nobody could tell them apart'
    if not minus or NO_SIGN.search(minus) or set(minus) & {decimal, group}:
        yield f'"number.minus" must be a sign of its own, not {minus!r}'
    if not about or NO_SIGN.search(about):
        yield f'"number.about" must be a sign, not {about!r}'
    if GROUPS.fullmatch(words.get("number.groups", "")) is None:
        yield '"number.groups" must be the digits of a group, as in 3, or of groups from the right, as in 3 2'
    if words.get("language.direction") not in ("ltr", "rtl"):
        yield '"language.direction" must be ltr, from left to right, or rtl, from right to left'


def refuse(path: Path, found: list[str]) -> None:
    """Raise BuildError if anything wrong was found."""
    if found:
        raise BuildError(f"{path}: {found[0]}." if len(found) == 1 else f"{path}:\n" + _listed(found))


def _listed(found: list[str]) -> str:
    return "\n".join(f"  {fault}" for fault in found)
