"""The places of a cursor."""

import itertools

import numpy as np
import pytest
from ui.cursor import FAR, Grid

GRID = Grid(26, 13)


def places(grid):
    return list(itertools.product(range(grid.rows), range(grid.columns)))


# Grid


def test_places_are_counted_in_raster_order():
    grid = Grid(3, 5)
    assert grid.count == 15
    assert [grid.place(index) for index in range(15)] == places(grid)
    assert [grid.index(*place) for place in places(grid)] == list(range(15))


@pytest.mark.parametrize("count", [1, 7, 1690])
def test_a_vector_is_a_grid_of_one_column(count):
    grid = Grid(count, 1)
    assert grid.count == count
    assert grid.place(count - 1) == (count - 1, 0)


@pytest.mark.parametrize(
    ("place", "nearest"),
    [
        ((4, 7), (4, 7)),
        ((-1, 7), (0, 7)),
        ((4, -3), (4, 0)),
        ((26, 13), (25, 12)),
        ((-9, 999_999), (0, 12)),
        ((999_999, -9), (25, 0)),
    ],
)
def test_a_place_outside_is_brought_to_the_nearest_one(place, nearest):
    assert GRID.clamp(*place) == nearest


@pytest.mark.parametrize(
    ("key", "down", "right"),
    [("ArrowUp", -1, 0), ("ArrowDown", 1, 0), ("ArrowLeft", 0, -1), ("ArrowRight", 0, 1)],
)
def test_arrows_move_by_one_and_with_shift_by_ten_and_stay_inside(key, down, right):
    assert FAR == 10
    for y, x in places(GRID):
        for shift, step in ((False, 1), (True, 10)):
            expected = np.clip((y + step * down, x + step * right), 0, (25, 12))
            assert GRID.moved(y, x, key, shift) == tuple(expected)


def test_home_and_end_lead_to_the_ends_of_the_row_and_with_shift_of_all():
    for y, x in places(GRID):
        assert GRID.moved(y, x, "Home", False) == (y, 0)
        assert GRID.moved(y, x, "End", False) == (y, 12)
        assert GRID.moved(y, x, "Home", True) == (0, 0)
        assert GRID.moved(y, x, "End", True) == (25, 12)


def test_home_and_end_of_a_vector_are_its_ends_with_shift_only():
    vector = Grid(10, 1)
    assert vector.moved(4, 0, "Home", False) == vector.moved(4, 0, "End", False) == (4, 0)
    assert vector.moved(4, 0, "Home", True) == (0, 0)
    assert vector.moved(4, 0, "End", True) == (9, 0)


@pytest.mark.parametrize("key", ["Enter", " ", "Escape", "Tab", "a", "Shift", "PageDown", "arrowup", ""])
def test_other_keys_are_none_of_the_cursors(key):
    assert GRID.moved(4, 7, key, False) is None
    assert GRID.moved(4, 7, key, True) is None
