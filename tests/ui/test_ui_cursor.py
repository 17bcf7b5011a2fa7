"""The cursor of a view and the window that belongs to it."""

import itertools

import numpy as np
import pytest
from ui.cursor import FAR, Grid, Window

from pycnn import Convolution

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


# Window: (rows, columns, size, stride, padding, dilation)

WINDOWS = [
    (64, 64, (3, 3), (1, 1), (0, 0, 0, 0), (1, 1)),  # the article's example
    (60, 60, (2, 2), (2, 2), (0, 0, 0, 0), (1, 1)),
    (48, 40, (5, 5), (2, 2), (1, 1, 1, 1), (1, 1)),
    (11, 9, (3, 3), (1, 1), (1, 0, 1, 0), (1, 1)),
    (11, 9, (3, 3), (1, 1), (0, 2, 1, 3), (1, 1)),
    (12, 17, (4, 3), (3, 2), (2, 1, 0, 1), (1, 1)),
    (12, 17, (4, 2), (1, 1), (0, 0, 0, 0), (1, 1)),  # even sizes, whose middle lies between cells
    (10, 10, (2, 6), (5, 7), (1, 0, 0, 4), (1, 1)),  # gaps between windows
    (7, 5, (7, 5), (1, 1), (0, 0, 0, 0), (1, 1)),  # one place only
    (6, 6, (1, 1), (1, 1), (0, 0, 0, 0), (1, 1)),
    (6, 6, (1, 1), (3, 2), (0, 0, 0, 0), (1, 1)),
    (2, 2, (5, 5), (1, 1), (4, 4, 4, 4), (1, 1)),  # windows that lie in the padding alone
    (11, 9, (3, 3), (1, 1), (3, 2, 3, 0), (3, 2)),
    (12, 17, (2, 4), (2, 3), (2, 1, 0, 1), (5, 2)),
    (12, 17, (1, 2), (1, 1), (0, 0, 0, 0), (4, 3)),  # a row of one cell has none to be apart from
    (4, 4, (2, 2), (1, 1), (3, 3, 3, 3), (6, 6)),  # cells around the map, none on it
]


def make(rows, columns, size, stride, padding, dilation=(1, 1)):
    """The window, and the grid of its places as pycnn computes it."""
    layer = Convolution("any", np.zeros((1, 1, *size)), [0], stride, padding, dilation)
    window = Window(rows, columns, size, stride, padding, dilation)
    assert window.extent == layer.extent
    return window, Grid(*layer.output_shape((1, rows, columns))[1:])


@pytest.mark.parametrize("sizes", WINDOWS, ids=str)
def test_the_cells_of_a_window_are_those_that_pycnn_reads(sizes):
    window, grid = make(*sizes)
    rows, columns, size, stride, padding, dilation = sizes
    numbered = np.arange(1, rows * columns + 1, dtype=np.float32).reshape(1, rows, columns)
    # A kernel with a single one reads one cell of each window: all of them in turn read all cells.
    reader = np.eye(size[0] * size[1]).reshape(-1, 1, *size)
    read = Convolution("reader", reader, np.zeros(len(reader)), stride, padding, dilation).forward(numbered)
    for y, x in places(grid):
        expected = [divmod(int(number) - 1, columns) if number else None for number in read[:, y, x]]
        assert window.cells(y, x) == expected


@pytest.mark.parametrize("sizes", WINDOWS, ids=str)
def test_a_window_starts_at_its_first_cell_in_the_padding_or_not(sizes):
    window, grid = make(*sizes)
    _, _, size, stride, padding, dilation = sizes
    for y, x in places(grid):
        top, left = window.start(y, x)
        assert (top, left) == (y * stride[0] - padding[0], x * stride[1] - padding[2])
        cells = window.cells(y, x)
        assert len(cells) == size[0] * size[1]
        for index, cell in enumerate(cells):
            if cell:
                row, column = divmod(index, size[1])
                assert cell == (top + row * dilation[0], left + column * dilation[1])


@pytest.mark.parametrize("sizes", WINDOWS, ids=str)
def test_pointing_at_the_middle_of_a_window_leads_to_its_place(sizes):
    window, grid = make(*sizes)
    rows, columns = window.extent
    for y, x in places(grid):
        top, left = window.start(y, x)
        assert window.place(top + (rows - 1) // 2, left + (columns - 1) // 2) == (y, x)


@pytest.mark.parametrize("sizes", WINDOWS, ids=str)
def test_pointing_anywhere_leads_to_a_window_whose_middle_is_nearest(sizes):
    window, _ = make(*sizes)
    rows, columns, _, stride, padding, _ = sizes
    tall, wide = window.extent
    axes = [(rows, tall, stride[0], padding[0]), (columns, wide, stride[1], padding[2])]
    for row in range(-padding[0], rows + padding[1]):
        for column in range(-padding[2], columns + padding[3]):
            place = window.place(row, column)
            for at, found, (_, length, step, before) in zip((row, column), place, axes, strict=True):

                def away(place, at=at, length=length, step=step, before=before):
                    return abs(place * step - before + (length - 1) / 2 - at)

                assert away(found) <= min(away(found - 1), away(found + 1))


def test_pointing_at_an_edge_leads_outside_and_the_grid_brings_it_back():
    window, grid = make(64, 64, (3, 3), (1, 1), (0, 0, 0, 0))
    assert (grid.rows, grid.columns) == (62, 62)
    assert window.place(0, 63) == (-1, 62)
    assert grid.clamp(*window.place(0, 63)) == (0, 61)


def test_without_anything_said_a_window_is_one_pixel():
    window = Window(4, 6)
    assert window.start(3, 5) == (3, 5)
    assert window.cells(3, 5) == [(3, 5)]
    assert window.place(3, 5) == (3, 5)
    assert window.extent == (1, 1)
