"""Languages that nobody speaks: English with other letters, and numbers in signs of their own."""

import json
import re
from pathlib import Path

from ui.words import Words

from builder.compute import numbers_of

WORDS = Path(__file__).parents[1] / "web/words"
ENGLISH = json.loads((WORDS / "en.json").read_text(encoding="utf-8"))
# What stays as it is in any language: places, code, where links lead.
KEPT = re.compile(r"\{\w+\}|`[^`]*`|\]\([^)]*\)|https?:\S+")
LETTERS = str.maketrans("aeiouAEIOU", "äëïöüÄËÏÖÜ")
# Keys whose texts are signs or codes, or the same in every language.
SIGNS = ("number.", "language.", "list")
# Numbers as in 1.234,5 and 12 %.
COMMA = {
    "number.decimal": ",",
    "number.group": ".",
    "number.between": "; ",
    "number.percent": "{number}\xa0%",
    "list.numbers": "{before}; {item}",
}
# Numbers as in 12’34’567·8 and %12, written from right to left.
LEFTWARDS = {
    "language.direction": "rtl",
    "number.decimal": "·",
    "number.group": "’",
    "number.groups": "3 2",
    "number.minus": "\u200e-",
    "number.about": "~",
    "number.percent": "%{number}",
    "number.below": "{number} & less",
    "number.megabytes": "{number} <M>",
}


def speaking(signs):
    """A context in which numbers are written in these signs, in place of the English ones."""
    return numbers_of(Words(json.dumps(ENGLISH | signs)))


def translated(text):
    """A text with umlauts for its vowels, but for what has to stay."""
    kept = KEPT.findall(text)
    parts = [part.translate(LETTERS) for part in KEPT.split(text)]
    return "".join(part + keep for part, keep in zip(parts, [*kept, ""], strict=True))


def catalogue(code, signs, share=1.0):
    """A made-up language's texts by key; only the first `share` of the texts is there."""
    texts = {key: text if key.startswith(SIGNS) else translated(text) for key, text in ENGLISH.items()}
    kept = list(texts)[: round(share * len(texts))]
    return {key: texts[key] for key in kept} | signs | {"language.name": f"<{code}> & more"}


def write(folder, catalogues):
    """Write catalogues, by language code, beside those of the site."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in WORDS.glob("*.json"):
        (folder / path.name).write_bytes(path.read_bytes())
    for code, words in catalogues.items():
        text = json.dumps(words, ensure_ascii=False, indent=2)
        (folder / f"{code}.json").write_text(text, encoding="utf-8")
