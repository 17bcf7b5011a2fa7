"""The window's arithmetic, against what NumPy reads and against counting."""

import itertools

import numpy as np
import pytest

from pycnn import Convolution, ShapeError
from pycnn.window import Axis, Window, receptive_field
from tests.windows import HUGE, WINDOWS


def places(window):
    return list(itertools.product(*map(range, window.places)))


@pytest.mark.parametrize("sizes", WINDOWS, ids=str)
def test_a_window_has_the_places_that_the_layer_gives_values_for(sizes):
    rows, columns, size, stride, padding, dilation = sizes
    window = Window(*sizes)
    layer = Convolution("any", np.zeros((1, 1, *size)), [0], stride, padding, dilation)
    assert layer.extent == window.extent
    maps = np.zeros((1, rows, columns), np.float32)
    assert layer.output_shape(maps.shape)[1:] == layer.forward(maps).shape[1:] == window.places
    assert layer.window(maps.shape).places == window.places


@pytest.mark.parametrize("sizes", WINDOWS, ids=str)
def test_the_cells_of_a_window_are_those_that_pycnn_reads(sizes):
    window = Window(*sizes)
    rows, columns, size, stride, padding, dilation = sizes
    numbered = np.arange(1, rows * columns + 1, dtype=np.float32).reshape(1, rows, columns)
    # A kernel with a single one reads one cell of each window: all of them in turn read all cells.
    reader = np.eye(size[0] * size[1]).reshape(-1, 1, *size)
    read = Convolution("reader", reader, np.zeros(len(reader)), stride, padding, dilation).forward(numbered)
    for y, x in places(window):
        expected = [divmod(int(number) - 1, columns) if number else None for number in read[:, y, x]]
        assert window.cells(y, x) == expected


@pytest.mark.parametrize("sizes", WINDOWS, ids=str)
def test_a_window_starts_at_its_first_cell_in_the_padding_or_not(sizes):
    window = Window(*sizes)
    _, _, size, stride, padding, dilation = sizes
    for y, x in places(window):
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
    window = Window(*sizes)
    rows, columns = window.extent
    for y, x in places(window):
        top, left = window.start(y, x)
        assert window.place(top + (rows - 1) // 2, left + (columns - 1) // 2) == (y, x)


@pytest.mark.parametrize("sizes", WINDOWS, ids=str)
def test_pointing_anywhere_leads_to_a_window_whose_middle_is_nearest(sizes):
    window = Window(*sizes)
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


def test_pointing_at_an_edge_leads_outside():
    window = Window(64, 64, (3, 3))
    assert window.places == (62, 62)
    assert window.place(0, 63) == (-1, 62)


def test_without_anything_said_a_window_is_one_pixel():
    window = Window(4, 6)
    assert window.start(3, 5) == (3, 5)
    assert window.cells(3, 5) == [(3, 5)]
    assert window.place(3, 5) == (3, 5)
    assert window.extent == (1, 1)


@pytest.mark.parametrize(("length", "size", "before", "dilation"), [(4, 5, 0, 1), (4, 3, 0, 2), (2, 9, 3, 1)])
def test_a_window_that_does_not_fit_has_no_place(length, size, before, dilation):
    axis = Axis(length, size, 1, before, before, dilation)
    assert axis.places == 0
    assert axis.uncovered() == list(range(length))
    layer = Convolution("any", np.zeros((1, 1, size, 1)), [0], 1, (before, 0), dilation)
    with pytest.raises(ShapeError, match="room for its window"):
        layer.output_shape((1, length, 1))


@pytest.mark.parametrize("sizes", WINDOWS, ids=str)
def test_cells_are_uncovered_that_no_window_reads(sizes):
    window = Window(*sizes)
    read = {cell for place in places(window) for cell in window.cells(*place) if cell}
    for cell in itertools.product(range(window.rows), range(window.columns)):
        uncovered = cell[0] in window.down.uncovered() or cell[1] in window.across.uncovered()
        assert uncovered == (cell not in read)


@pytest.mark.parametrize("stride", [1, 2, 3, 7])
@pytest.mark.parametrize("size", [1, 2, 3, 6])
@pytest.mark.parametrize("dilation", [1, 2])
def test_the_same_padding_is_the_least_with_a_place_for_every_stride_begun(stride, size, dilation):
    for length in range(1, 20):
        before, after = Axis(length, size, stride, dilation=dilation).same_padding()
        wanted = len(range(0, length, stride))
        assert Axis(length, size, stride, before, after, dilation).places == wanted
        assert after - before in (0, 1)
        if before + after:
            less = Axis(length, size, stride, before, after - 1, dilation)
            assert less.places == wanted - 1


@pytest.mark.parametrize("sizes", HUGE, ids=str)
def test_numbers_beyond_any_map_are_exact(sizes):
    for axis in (Window(*sizes).down, Window(*sizes).across):
        assert axis.room == axis.before + axis.length + axis.after
        last = axis.places - 1
        if last >= 0:
            ends = [axis.start(place) + axis.extent for place in (last, last + 1)]
            assert ends[0] <= axis.length + axis.after < ends[1]
        for place in (0, 5, 10**25):
            assert axis.place(axis.start(place) + (axis.extent - 1) // 2) == place


@pytest.mark.parametrize(
    ("windows", "field"),
    [
        ([], (1, 1)),
        ([Window(9, 9, (3, 2))], (3, 2)),
        ([Window(64, 64, (3, 3)), Window(62, 62, (3, 3))], (5, 5)),
        ([Window(64, 64, (3, 3)), Window(62, 62, (2, 2), (2, 2)), Window(31, 31, (3, 3))], (8, 8)),
        ([Window(64, 64, (3, 3), (2, 1), dilation=(1, 4)), Window(31, 56, (2, 2))], (5, 10)),
        (
            [Window(4, 64, (3, 3)), Window(2, 62, (3, 3), padding=(1, 1, 0, 0))],
            (4, 5),
        ),  # cut to the map
    ],
)
def test_a_receptive_field_grows_by_each_window_in_steps_of_those_before(windows, field):
    assert receptive_field(windows) == field
