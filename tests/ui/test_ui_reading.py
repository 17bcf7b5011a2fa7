"""The lesson is written for people who are new to the field: its sentences are short."""

import json
import re
from pathlib import Path
from statistics import mean

WORDS = json.loads((Path(__file__).parents[2] / "web/words/en.json").read_text(encoding="utf-8"))
LESSON = ("article.", "path.", "playground.")
TITLES = ("article.reading.", "article.credits.")  # of publications


def sentences():
    for key, text in WORDS.items():
        if key.startswith(LESSON) and not key.startswith(TITLES):
            shown = re.sub(r"\]\([^)]*\)|[\[*`]", "", text)
            yield from (found.split() for found in re.split(r"(?<=[.!?])\s+", shown))


def test_sentences_are_short():
    lengths = [len(words) for words in sentences() if len(words) > 3]
    assert len(lengths) > 300
    assert mean(lengths) <= 14
    assert max(lengths) <= 35
