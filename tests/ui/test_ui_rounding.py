"""Numbers as terms of a sum: rounded as the visitor chose, and = only where what is seen adds up."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from ui.figures import MINUS, relation, rounded, shown_number

APPROXIMATELY = "≈"
DECIMALS = (2, 4, None)
RANDOM = np.random.default_rng(11)
VALUES = (RANDOM.choice([-1, 1], 3000) * 10 ** RANDOM.uniform(-9, 5, 3000)).tolist()


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (0.0, ("0.00", "0.0000", "0")),
        (-0.0, ("0.00", "0.0000", "0")),
        (0, ("0.00", "0.0000", "0")),
        (1, ("1.00", "1.0000", "1")),
        (-12.5, ("−12.50", "−12.5000", "−12.5")),
        (-0.004, ("0.00", "−0.0040", "−0.004")),
        (-0.006, ("−0.01", "−0.0060", "−0.006")),
        (0.00004, ("0.00", "0.0000", "4e−05")),
        (-1e-30, ("0.00", "0.0000", "−1e−30")),
        (99.99999, ("100.00", "100.0000", "99.99999")),
        (0.125, ("0.12", "0.1250", "0.125")),  # a tie goes to the even digit
        (0.375, ("0.38", "0.3750", "0.375")),
        (123456.789, ("123456.79", "123456.7890", "123456.789")),
    ],
)
def test_rounded(value, texts):
    assert tuple(rounded(value, decimals) for decimals in DECIMALS) == texts


@pytest.mark.parametrize("decimals", [2, 4])
def test_a_rounded_number_is_the_nearest_one_with_so_many_decimals(decimals):
    for value in VALUES:
        text = rounded(value, decimals)
        assert re.fullmatch(rf"{MINUS}?\d+\.\d{{{decimals}}}", text), (value, text)
        exact = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
        assert Decimal(text.replace(MINUS, "-")) == exact, (value, text)


def test_all_decimals_tell_every_float32_from_all_others():
    bits = RANDOM.integers(0, 2**32, 20_000, np.uint32)
    near_one = RANDOM.normal(size=20_000).astype(np.float32)
    values = np.concatenate([bits.view(np.float32), near_one])
    for value in values[np.isfinite(values)]:
        assert np.float32(shown_number(rounded(float(value), None))) == value


@pytest.mark.parametrize("decimals", DECIMALS)
def test_no_number_is_a_negative_zero(decimals):
    for value in (-0.0, -1e-300, *VALUES):
        text = rounded(value, decimals)
        assert "-" not in text
        assert shown_number(text) != 0 or MINUS not in text.partition("e")[0], (value, text)


@pytest.mark.parametrize("decimals", DECIMALS)
def test_what_is_shown_reads_back(decimals):
    for value in VALUES:
        tolerance = 0.501 * 10**-decimals if decimals else 5.01e-9 * abs(value)
        assert abs(shown_number(rounded(value, decimals)) - value) <= tolerance


@pytest.mark.parametrize(
    ("terms", "exact", "decimals", "sign"),
    [
        ([0.5, 0.25], 0.75, 2, "="),
        ([0.33, 0.33, 0.33], 1.0, 2, APPROXIMATELY),
        ([0.33, 0.33, 0.33], 0.99, 2, "="),
        ([0.33, 0.33, 0.34], 1.0, 2, "="),
        ([0.1, 0.2], 0.3, 4, "="),  # 0.1 + 0.2 is 0.30000000000000004, which nobody sees
        ([0.1, 0.2], 0.3, None, "="),
        ([0.1, 0.2], 0.3001, 2, "="),
        ([0.1, 0.2], 0.3001, 4, APPROXIMATELY),
        ([1.0, -1.0], -0.001, 2, "="),  # both are seen as 0.00
        ([1.0, -1.0], -0.006, 2, APPROXIMATELY),
        ([1.0, 0.00000001], 1.00000001, None, "="),
        ([1.0, 0.0000001], 1.0, None, APPROXIMATELY),
    ],
)
def test_the_sign_before_a_result(terms, exact, decimals, sign):
    assert relation(sum(terms), exact, decimals) == sign
    assert relation(-sum(terms), -exact, decimals) == sign


@pytest.mark.parametrize("decimals", [2, 4])
def test_the_sign_is_right_for_all_who_add_up_what_they_see(decimals):
    found = set()
    for terms in RANDOM.normal(size=(500, 9)).tolist():
        seen = sum(Decimal(rounded(term, decimals).replace(MINUS, "-")) for term in terms)
        result = rounded(sum(terms), decimals)
        sign = relation(sum(shown_number(rounded(term, decimals)) for term in terms), sum(terms), decimals)
        assert (sign == "=") == (seen == Decimal(result.replace(MINUS, "-")))
        found.add(sign)
    assert found == {"=", APPROXIMATELY}
