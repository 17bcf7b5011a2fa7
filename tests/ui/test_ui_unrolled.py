"""The elements of a vector and the cells of the maps that unroll into it."""

import numpy as np
import pytest
from ui.unrolled import LONGEST, Unrolled

SHAPES = [
    (10, 13, 13),
    (3, 64, 48),
    (12, 5, 4),
    (512, 1, 1),
    (1, 2, 7),
    (20, 1, 1),
    (509, 1, 1),
    (2, 300, 1),
    (1, 1, 1),
]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_element_comes_from_the_cell_that_numpy_flattens_into_it(shape):
    vector = Unrolled(*shape)
    assert (vector.rows, vector.columns, vector.count) == (np.prod(shape), 1, np.prod(shape))
    cells = list(np.ndindex(shape))
    assert [vector.origin(index) for index in range(vector.count)] == cells
    assert [vector.element(*cell) for cell in cells] == list(range(vector.count))


@pytest.mark.parametrize("shape", SHAPES)
def test_lines_come_out_even_and_hold_whole_rows(shape):
    vector = Unrolled(*shape)
    assert vector.lines * vector.line == vector.count
    assert vector.line % vector.width == 0
    area = vector.height * vector.width
    assert vector.line % area == 0 or area % vector.line == 0


@pytest.mark.parametrize(
    ("shape", "line"),
    [
        ((10, 13, 13), 169),  # a map to a line
        ((12, 5, 4), 240),  # all maps in one
        ((40, 5, 4), 200),  # ten maps to a line, the next divisor would be too long
        ((3, 64, 64), 256),  # four rows to a line
        ((10, 26, 26), 52),
        ((2, 2, 1000), 1000),  # never less than a row
        ((4096, 1, 1), 256),
        ((509, 1, 1), 509),  # a prime number of elements has no other even lines
    ],
)
def test_length_of_a_line(shape, line):
    assert Unrolled(*shape).line == line
    assert line <= LONGEST or line in (shape[2], np.prod(shape))


def test_beside_a_map_its_nearest_cell_is_meant():
    vector = Unrolled(10, 13, 13)
    assert vector.element(4, -3, 20) == vector.element(4, 0, 12)
    assert vector.element(4, 99, -1) == vector.element(4, 12, 0)


@pytest.mark.parametrize(
    ("index", "count", "near"),
    [
        (100, 5, range(98, 103)),
        (0, 5, range(5)),
        (1, 5, range(5)),
        (238, 5, range(235, 240)),
        (239, 4, range(236, 240)),
        (7, 300, range(240)),
    ],
)
def test_neighbours_are_as_many_as_asked_for_even_at_the_ends(index, count, near):
    assert Unrolled(12, 5, 4).near(index, count) == near


@pytest.mark.parametrize(
    ("key", "shift", "place"),
    [
        ("ArrowRight", False, 201),
        ("ArrowLeft", False, 199),
        ("ArrowDown", False, 213),
        ("ArrowUp", False, 187),
        ("ArrowRight", True, 210),
        ("ArrowUp", True, 70),
        ("ArrowDown", True, 330),
        ("Home", False, 195),  # 200 is the map 1's row 2, column 5
        ("End", False, 207),
        ("Home", True, 0),
        ("End", True, 1689),
        ("Enter", False, None),
    ],
)
def test_keys_move_along_rows_and_on_into_the_next_map(key, shift, place):
    vector = Unrolled(10, 13, 13)
    assert vector.moved(200, 0, key, shift) == (None if place is None else (place, 0))


@pytest.mark.parametrize(
    ("key", "at", "place"),
    [("ArrowLeft", 0, 0), ("ArrowUp", 5, 0), ("ArrowRight", 1689, 1689), ("ArrowDown", 1680, 1689)],
)
def test_keys_stop_at_the_ends(key, at, place):
    assert Unrolled(10, 13, 13).moved(at, 0, key, False) == (place, 0)


@pytest.mark.parametrize(
    ("key", "place"), [("ArrowDown", 456), ("ArrowRight", 201), ("Home", 0), ("End", 255)]
)
def test_keys_in_a_vector_that_comes_from_no_maps_move_along_its_lines(key, place):
    assert Unrolled(4096, 1, 1).moved(200, 0, key, False) == (place, 0)


@pytest.mark.parametrize("key", ["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End"])
@pytest.mark.parametrize("shift", [False, True])
def test_keys_in_a_vector_of_one_value_stay_there(key, shift):
    assert Unrolled(1, 1, 1).moved(0, 0, key, shift) == (0, 0)


@pytest.mark.parametrize(
    ("shape", "key", "place"),
    [
        # Rows of one value are passed by in lines, of 150 values here.
        ((2, 300, 1), "ArrowDown", 350),
        ((2, 300, 1), "ArrowUp", 50),
        ((2, 300, 1), "End", 299),
        ((100, 2, 2), "ArrowDown", 202),
        ((100, 2, 2), "ArrowUp", 198),
        ((100, 2, 2), "End", 201),
    ],
)
def test_keys_in_narrow_maps(shape, key, place):
    assert Unrolled(*shape).moved(200, 0, key, False) == (place, 0)
