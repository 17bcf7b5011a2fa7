"""Numbers as a visitor reads them."""

import re

import numpy as np
import pytest
from ui.figures import (
    fragment_name,
    fragment_names,
    grouped,
    megabytes,
    number,
    percent,
    relation,
    rounded,
    shape,
    shown_number,
    trimmed,
    typed_number,
)

from tests.made_up import COMMA, LEFTWARDS, speaking


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, 2, "0.00"),
        (0.0, 2, "0.00"),
        (-0.0, 2, "0.00"),
        (1, 2, "1.00"),
        (3.14159, 2, "3.14"),
        (-3.14159, 2, "−3.14"),
        (-12.5, 1, "−12.5"),
        (2.71828, 4, "2.7183"),
        (1234567.875, 3, "1234567.875"),
        (0.0051, 2, "0.01"),
        (0.004, 2, "4.0e−3"),
        (-0.004, 2, "−4.0e−3"),
        (0.00123, 3, "0.001"),
        (0.00123, 2, "1.2e−3"),
        (1.26e-5, 2, "1.3e−5"),
        (-9.96e-4, 2, "−1.0e−3"),
        (2.5e-12, 2, "2.5e−12"),
        (1.4e-45, 2, "1.4e−45"),
        (99.999, 2, "100.00"),
        (0.04, 1, "4.0e−2"),
        (0.06, 1, "0.1"),
    ],
)
def test_number(value, decimals, text):
    assert number(value, decimals) == text


def test_a_number_has_two_decimals_unless_told_otherwise():
    assert number(0.456) == "0.46"


@pytest.mark.parametrize("decimals", [1, 2, 3, 4])
def test_a_number_reads_back_and_is_never_a_false_zero(decimals):
    rng = np.random.default_rng(1)
    for value in (rng.choice([-1, 1], 2000) * 10 ** rng.uniform(-12, 6, 2000)).tolist():
        text = number(value, decimals)
        read = float(text.replace("−", "-"))
        assert re.fullmatch(r"−?\d+\.\d+(e−[1-9]\d*)?", text), (value, text)
        assert np.sign(read) == np.sign(value), (value, text)
        tolerance = abs(value) * 0.051 if "e" in text else 0.501 * 10**-decimals
        assert abs(read - value) <= tolerance, (value, text)


def test_shapes_are_joined_with_a_multiplication_sign():
    assert shape([10, 62, 62]) == "10×62×62"
    assert shape((1690,)) == "1690"


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0, "0.0 %"),
        (1e-30, "< 0.1 %"),
        (0.0004, "< 0.1 %"),
        (0.00051, "0.1 %"),
        (0.0012, "0.1 %"),
        (0.1234, "12.3 %"),
        (0.5, "50.0 %"),
        (0.9731, "97.3 %"),
        (0.99944, "99.9 %"),
        (0.9996, "> 99.9 %"),
        (0.99999994, "> 99.9 %"),
        (1, "100.0 %"),
    ],
)
def test_percent(probability, text):
    assert percent(probability).replace("\u2009", " ") == text


def test_percent_never_claims_a_false_0_or_100():
    near = 10 ** np.random.default_rng(2).uniform(-9, -0.3, 2000)
    edges = [np.nextafter(edge, side) for edge in (0.0005, 0.9995) for side in (0, 1)]
    for probability in [*near, *(1 - near), *edges, 0.0005, 0.9995]:
        assert percent(float(probability)) not in ("0.0\u2009%", "100.0\u2009%"), probability


def test_megabytes():
    assert megabytes(12_345_678) == "12.3\u2009MB"
    assert megabytes(0) == "0.0\u2009MB"


def test_a_class_in_a_fragment_has_no_space():
    assert fragment_name("bell pepper") == "bell_pepper"
    assert fragment_name("koala") == "koala"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1,000"),
        (12288, "12,288"),
        (1000000, "1,000,000"),
        (1002003, "1,002,003"),
    ],
)
def test_grouped(count, text):
    assert grouped(count) == text


@pytest.mark.parametrize("decimals", [0, 2, 4, None])
def test_numbers_that_are_not_finite_have_words(decimals):
    for value, text in ((np.inf, "∞"), (-np.inf, "−∞"), (np.nan, "NaN")):
        assert rounded(value, decimals) == text
        assert str(shown_number(text)) == str(float(value))
        assert decimals is None or number(value, decimals) == text


def test_classes_that_differ_in_nothing_but_a_space_keep_their_names():
    names = ["bell pepper", "bell_pepper", "red panda", " a", "_a", "a", "b c d", "b_c d"]
    short = fragment_names(names)
    assert short == [None, None, "red_panda", None, None, "a", None, None]


# In other languages


def test_a_language_with_a_decimal_comma():
    with speaking(COMMA):
        assert (number(-3.14159), number(0.004)) == ("−3,14", "4,0e−3")
        assert [rounded(-0.5, decimals) for decimals in (2, 4, None)] == ["−0,50", "−0,5000", "−0,5"]
        assert (rounded(1234.5, 1), rounded(-1e-30, None)) == ("1234,5", "−1e−30")
        assert (trimmed(0.5, 4), trimmed(100, 4), trimmed(-2.25, 1)) == ("0,5", "100", "−2,2")
        assert (grouped(999), grouped(1002003)) == ("999", "1.002.003")
        assert (percent(0.9731), percent(0.0001), percent(0.9999)) == (
            "97,3\xa0%",
            "<\u20090,1\xa0%",
            ">\u200999,9\xa0%",
        )
        assert megabytes(12_345_678) == "12,3\u2009MB"
        assert (relation(0.5, 0.5001, 2), relation(0.5, 0.51, 2)) == ("=", "≈")


def test_a_language_with_signs_of_its_own():
    with speaking(LEFTWARDS):
        assert (number(-3.14159), rounded(-0.5, None)) == ("\u200e-3·14", "\u200e-0·5")
        assert (percent(0.9731), percent(0.0001)) == ("%97·3", "%0·1 & less")
        assert [grouped(count) for count in (12, 1234, 123456, 12345678)] == [
            "12",
            "1’234",
            "1’23’456",
            "1’23’45’678",
        ]
        assert megabytes(12_345_678) == "12·3 <M>"
        assert relation(0.5, 0.51, 2) == "~"


def test_a_language_that_does_not_group_digits():
    with speaking({"number.group": ""}):
        assert grouped(1234567) == "1234567"


def test_afterwards_all_is_as_before():
    with speaking(COMMA), speaking(LEFTWARDS):
        pass
    assert rounded(0.5, 2) == "0.50"


@pytest.mark.parametrize("signs", [{}, COMMA, LEFTWARDS], ids=["english", "comma", "leftwards"])
def test_what_is_shown_and_what_a_field_holds_reads_back_in_every_language(signs):
    values = (np.random.default_rng(5).normal(size=500) * 10.0 ** np.arange(-5, 5).repeat(50)).tolist()
    with speaking(signs):
        for value in values:
            for decimals in (2, 4, None):
                text = rounded(value, decimals)
                tolerance = 0.501 * 10**-decimals if decimals else 5.01e-9 * abs(value)
                assert abs(shown_number(text) - value) <= tolerance
                assert typed_number(text) == shown_number(text)


@pytest.mark.parametrize(
    ("text", "whole", "value"),
    [
        ("12,288", True, 12288),
        ("12 288", True, 12288),
        ("12\u202f288", True, 12288),
        ("12’288", True, 12288),
        ("0,42", False, 0.42),
        ("0.42", False, 0.42),
        ("1,234.5", False, 1234.5),
        ("\u22120.42", False, -0.42),
        ("-1e-3", False, -0.001),
        (" .5 ", False, 0.5),
        ("+.5", False, 0.5),
        ("－１．５", False, -1.5),  # as a Japanese keyboard may give it
        ("", False, None),
        ("-", False, None),
        ("many", True, None),
        ("nan", False, None),
        ("inf", False, None),
        ("0x10", True, None),
        ("1_000", True, None),
        ("1.2.3", False, None),
    ],
)
def test_numbers_are_read_as_people_type_them(text, whole, value):
    assert typed_number(text, whole) == value


@pytest.mark.parametrize(
    ("text", "whole", "value"),
    [
        ("12.288", True, 12288),
        ("0,42", False, 0.42),
        ("0.42", False, 0.42),
        ("1.234,5", False, 1234.5),
        ("−0,42", False, -0.42),
        ("-0,42", False, -0.42),
        ("1,2,3", False, None),
    ],
)
def test_numbers_are_read_as_people_type_them_with_a_decimal_comma(text, whole, value):
    with speaking(COMMA):
        assert typed_number(text, whole) == value
