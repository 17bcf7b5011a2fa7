"""The playground's sizes, presets and numbers: against brute force and pycnn, for every setting there is."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from ui.figures import trimmed
from ui.playground.kernels import LARGEST, PRESETS, START, Weights, pattern
from ui.playground.numbers import field_text, read, runs, stepped
from ui.playground.sizes import RANGES, Setting

from pycnn import Convolution
from pycnn.layer import ShapeError
from tests.made_up import COMMA, speaking

ARTICLE = (Path(__file__).parents[2] / "web/article.html").read_text(encoding="utf-8")
SECTION = ARTICLE[ARTICLE.index('<section id="article-playground">') :].split("</section>")[0]
NAMES = [name for name, _, _ in RANGES]
EVERY = [
    Setting(*values) for values in itertools.product(*(range(least, most + 1) for _, least, most in RANGES))
]
POSSIBLE = [setting for setting in EVERY if setting.possible]
IMPOSSIBLE = [setting for setting in EVERY if not setting.possible]


def values_of(setting):
    return [getattr(setting, name) for name in NAMES]


def test_there_are_settings_of_both_sorts():
    assert len(POSSIBLE) > 5000
    assert len(IMPOSSIBLE) > 5000


def test_a_setting_is_possible_where_pycnn_says_so_and_has_its_output_size():
    for setting in EVERY:
        kernel = np.zeros((1, 1, setting.kernel, setting.kernel))
        layer = Convolution("any", kernel, [0], setting.stride, setting.padding, setting.dilation)
        try:
            shape = layer.output_shape((1, setting.size, setting.size))
        except ShapeError:
            shape = None
        expected = (1, setting.places, setting.places) if setting.possible else None
        assert shape == expected, values_of(setting)


def test_rows_are_uncovered_that_no_window_reads():
    some = 0
    for setting in POSSIBLE:
        read_rows = np.zeros(setting.room, bool)
        first = 0
        while first + setting.extent <= setting.room:  # slide on for as long as the window fits
            read_rows[first : first + setting.extent : setting.dilation] = True
            first += setting.stride
        inside = read_rows[setting.padding : setting.padding + setting.size]
        assert setting.uncovered() == np.flatnonzero(~inside).tolist(), values_of(setting)
        some += not inside.all()
    assert some > 1000


def test_the_fix_of_an_impossible_setting_is_the_nearest_possible_one():
    for setting in IMPOSSIBLE:
        name, value = setting.nearest()
        assert setting.changed(name, value).possible
        steps = [
            (abs(other - getattr(setting, each)), NAMES.index(each))
            for each, least, most in RANGES
            for other in range(least, most + 1)
            if setting.changed(each, other).possible
        ]
        assert (abs(value - getattr(setting, name)), NAMES.index(name)) == min(steps), values_of(setting)


def test_a_changed_setting_is_another_one():
    assert values_of(START.changed("stride", 2)) == [8, 0, 3, 2, 1]
    assert values_of(START) == [8, 0, 3, 1, 1]


def test_presets_are_possible_and_do_what_they_are_called():
    assert all(setting.possible for setting, _ in PRESETS.values())
    same = PRESETS["same"][0]
    assert same.places == same.size
    assert PRESETS["stride"][0].places == 3
    assert PRESETS["dilation"][0].extent == 5
    sums = {name: np.sum(weights) for name, (_, weights) in PRESETS.items() if weights}
    assert sums == {"edges": 0, "blur": 1, "sharpen": 1, "identity": 1}
    assert Weights(PRESETS["identity"][1]).kernel(1) == [[1]]


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_a_kernel_keeps_its_weights_while_it_grows_and_shrinks(size):
    weights = Weights([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    kernel = weights.kernel(size)
    assert [len(kernel), *map(len, kernel)] == [size] * (size + 1)
    assert 5 in np.ravel(kernel)
    assert np.sum(kernel) == (45 if size >= 3 else 5 if size == 1 else 12)
    for row, column in itertools.product(range(size), repeat=2):
        weights.put(size, row, column, 10 * row + column)
    assert weights.kernel(size) == [[10 * row + column for column in range(size)] for row in range(size)]


@pytest.mark.parametrize("size", range(1, RANGES[0][2] + 1))
def test_the_pattern_is_a_square_with_edges_of_all_directions(size):
    rows = np.array(pattern(size))
    assert rows.shape == (size, size)
    assert set(rows.ravel()) <= {0, 1}
    assert rows.any()
    if size >= 8:
        assert (rows == rows.T).all()
        margin = (size + 1) // 4
        assert not rows[:margin].any()
        assert not rows[size - margin :].any()
        assert not rows[margin, margin]
        assert rows[size // 2, margin : size - margin].all()


@pytest.mark.parametrize(
    ("text", "whole", "answer"),
    [
        ("5", True, (5, None, None)),
        ("5.0", True, (5, None, None)),
        ("1e1", True, (10, None, None)),
        ("-2.5", False, (-2.5, None, None)),
        ("", True, (None, "empty", 7)),
        (None, True, (None, "number", 7)),
        ("17", True, (None, "range", 16)),
        ("-17", False, (None, "range", -3)),
        ("1e400", True, (None, "range", 16)),
        ("2.5", True, (None, "whole", 3)),
        ("2.4", True, (None, "whole", 2)),
        (" ", False, (None, "empty", 7)),
        ("nan", False, (None, "number", 7)),
        ("-", False, (None, "number", 7)),
        ("0,25", False, (0.25, None, None)),
        ("−2.5", False, (-2.5, None, None)),
    ],
)
def test_what_is_typed_is_taken_or_has_an_offer(text, whole, answer):
    assert read(text, 7, -3, 16, whole) == answer


def test_an_offer_for_what_is_typed_can_be_taken():
    for text in (None, "", "-99", "99", "1.5", "15.9"):
        _, problem, offer = read(text, 2, 1, 16, True)
        assert problem
        assert read(str(offer), 2, 1, 16, True) == (offer, None, None)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1.0, "1"), (-0.5, "−0.5"), (0.0625, "0.0625"), (1 / 3, "0.3333"), (100, "100"), (-1e-9, "0")],
)
def test_numbers_are_shown_without_zeros_at_their_end(value, text):
    assert trimmed(value, 4) == text


@pytest.mark.parametrize("value", [0, -1, 0.1, -2.5, 0.0625, 1 / 3])
def test_a_field_holds_a_number_that_reads_as_itself(value):
    assert np.float32(field_text(value)) == np.float32(value)
    with speaking(COMMA):
        assert "." not in field_text(value)
        assert np.float32(read(field_text(value), 7, -3, 16, False)[0]) == np.float32(value)


@pytest.mark.parametrize(
    ("key", "value", "there"),
    [("ArrowUp", 0.25, 1.25), ("ArrowDown", 0.25, -0.75), ("ArrowUp", 9.5, 10), ("ArrowDown", -10, -10)],
)
def test_arrow_keys_step_by_one_as_far_as_the_number_may_go(key, value, there):
    assert stepped(value, key, -10, 10) == there


def test_other_keys_leave_a_number_alone():
    assert [stepped(1, key, -10, 10) for key in ("Tab", "a", "ArrowLeft", "Enter")] == [None] * 4


def test_rows_that_follow_each_other_are_listed_as_runs():
    assert runs([]) == []
    assert runs([3]) == ["3"]
    assert runs([1, 2, 4, 5, 6, 9]) == ["1", "2", "4–6", "9"]


# What stands in the article before the playground comes to life


def test_the_fields_begin_with_the_first_setting_and_its_ranges():
    fields = re.findall(r'type="(\w+)" data-key="(\w+)" min="(\d+)" max="(\d+)" value="(\d+)"', SECTION)
    ranges = {name: (str(least), str(most), str(getattr(START, name))) for name, least, most in RANGES}
    assert [field[1] for field in fields] == [name for name in NAMES for _ in range(2)]
    assert all(tuple(field[2:]) == ranges[field[1]] for field in fields)
    assert [field[0] for field in fields] == ["range", "number"] * len(NAMES)


def test_the_formula_begins_with_the_first_setting():
    numbers = {name: str(getattr(START, name)) for name in NAMES} | {"output": str(START.places)}
    assert dict(re.findall(r'<mn data-is="(\w+)">(\d+)</mn>', SECTION)) == numbers


def test_presets_have_a_button_each():
    assert re.findall(r'data-preset="(\w+)"', SECTION) == list(PRESETS)


def test_nothing_can_be_used_before_scripts_run():
    controls = re.findall(r"<(?:input|select|button)[^>]*>", SECTION)
    assert len(controls) > 20
    assert [one for one in controls if "disabled" not in one] == [
        '<button id="try-retry" type="button" data-retry hidden>',
        '<button id="try-offer" type="button">',
    ]
    assert '<div id="try-trouble" role="alert" hidden>' in SECTION
    assert "{{playground.waits}}" in SECTION
