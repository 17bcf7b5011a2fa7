"""What a visitor reads of a fault: which file and how, or what else can be done something about."""

import re
from pathlib import Path

import pytest
from ui.reasons import FAULTS, reason
from ui.words import Words

WORDS = [
    Words((Path(__file__).parents[2] / f"web/words/{one}.json").read_text("utf-8")) for one in ("en", "ja")
]


class FromJavaScript(Exception):  # noqa: N818
    """As MicroPython hands over what JavaScript threw."""

    def __init__(self, name, message):
        super().__init__(object(), name, message)


PICTURE = "samples/pizza.zip"
SAID = [
    (FromJavaScript("missing", PICTURE), f"its file {PICTURE} is missing from this site"),
    (RuntimeError(f"{PICTURE}: wrong"), f"something else was sent in place of its file {PICTURE}"),
    (FromJavaScript("cut", PICTURE), f"its file {PICTURE} came cut short"),
    (FromJavaScript("still", PICTURE), f"its file {PICTURE} stopped arriving"),
    (FromJavaScript("TypeError", "Failed to fetch"), "a file could not be fetched (is there a connection?)"),
    (
        FromJavaScript("NotFoundError", "A requested file or directory could not be found"),
        "your device no longer lets the browser read it",
    ),
    (FromJavaScript("RangeError", "Invalid array length"), "the browser has no memory left for it"),
    (RuntimeError("numpy._ArrayMemoryError: Unable to"), "the browser has no memory left for it"),
    (MemoryError(), "the browser has no memory left for it"),
    *(
        (error, "the program came upon a fault of its own")
        for error in (
            RuntimeError("ValueError: no picture went through the network yet"),
            RuntimeError("TypeError: Session.open() missing 1 required positional argument: 'view'"),
            FromJavaScript("TypeError", "x is not a function"),
            KeyError("places"),
            RuntimeError(),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("error", "said"), SAID, ids=[f"{number}" for number in range(len(SAID))])
def test_a_fault_is_told_in_a_visitors_words(error, said):
    assert reason(WORDS[0], error) == said
    for words in WORDS:
        told = reason(words, error)
        assert not re.search(r"JsProxy|Error|HTTP|\(<|Traceback|line \d", told)


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_a_file_names_it(fault):
    for words in WORDS:
        assert PICTURE in reason(words, FromJavaScript(fault, PICTURE))
