"""Quoted numbers as they are written."""

import pytest
from ui.quotes import read, written

CLASSES = ["cat", "dog"]


@pytest.mark.parametrize(
    ("kind", "number", "text"),
    [
        ("value", -0.4242, "−0.42"),
        ("partial", 1.005, "1.00"),
        ("bias", -0.001, "0.00"),
        ("logit", 12.3456, "12.35"),
        ("probability", 0.97312, "97.3\u2009%"),
        ("cut", 0.5, "50.0\u2009%"),
        ("best", 1, "dog"),
    ],
)
def test_a_quote_is_written_as_its_kind_asks(kind, number, text):
    assert written(kind, number, CLASSES) == text


def test_answers_that_are_not_finite_are_read_from_their_words():
    answers = {"one": "inf", "list": [1.5, "-inf", "nan"], "count": 3, "value": -0.5}
    assert str(read(answers)) == str(
        {"one": float("inf"), "list": [1.5, -float("inf"), float("nan")], "count": 3, "value": -0.5}
    )
    assert written("value", read(answers)["one"], []) == "∞"
