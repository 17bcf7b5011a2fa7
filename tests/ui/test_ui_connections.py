"""Connections: as many as there are, each from a source's right edge to its unit's left edge."""

import re

import pytest
from ui import connections
from ui.columns import STRIP, columns

from tests.ui.networks import ALL, grey, tiny_vgg

NUMBER = r"(-?\d+(?:\.\d+)?)"
CURVE = re.compile(rf"M{NUMBER} {NUMBER}C{NUMBER} {NUMBER} {NUMBER} {NUMBER} {NUMBER} {NUMBER}")
NEAR = 0.5001  # x is written in whole pixels


def drawn(network):
    """The columns of a network, and boxes for their units: in a grid, strips narrow and high."""
    found = columns(network.describe())
    boxes = {}
    for index, column in enumerate(found):
        width, height = (14, 400) if column.form == STRIP else (41, 40.4)
        for unit in range(column.units):
            boxes[(column.name, unit)] = connections.Box(80.3 * index + 20, 47.7 * unit + 50.1, width, height)
    return found, boxes


def curves(path):
    """The curves of a path as (x0, y0, x1, y1, x2, y2, x3, y3); the path holds nothing else."""
    assert CURVE.sub("", path) == ""
    return [tuple(float(text) for text in numbers) for numbers in CURVE.findall(path)]


def inside(y, box):
    return box.y - NEAR <= y <= box.y + box.height + NEAR


def test_how_many_connections_tiny_vgg_has():
    found, boxes = drawn(tiny_vgg())
    counts = [len(curves(connections.into_column(found, boxes, i))) for i in range(1, len(found))]
    assert counts == [30, 10, 100, 10, 10, 100, 10, 100, 10, 10, 10, 100]
    assert len(curves(connections.from_picture(found, boxes))) == 3


def test_how_many_connections_a_network_with_hidden_layers_has():
    found, boxes = drawn(grey())
    counts = [len(curves(connections.into_column(found, boxes, i))) for i in range(1, len(found))]
    assert counts == [8, 8, 8, 128, 16, 16, 100, 10, 100, 10, 70]
    assert len(curves(connections.from_picture(found, boxes))) == 1


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_curves_lead_from_sources_to_their_unit(maker):
    found, boxes = drawn(maker())
    for index in range(1, len(found)):
        before, column = found[index - 1], found[index]
        for unit in range(column.units):
            box = boxes[(column.name, unit)]
            read = column.sources(unit, before)
            paths = curves(connections.into_unit(found, boxes, index, unit))
            if before.form == STRIP:  # a curve for each tenth of a strip; all pairs where all is read
                all_pairs = column.form == STRIP and column.inputs == "all"
                read = [0] * (100 if all_pairs else 10)
            assert len(paths) == len(read)
            for source, (x0, y0, x1, y1, x2, y2, x3, y3) in zip(read, paths, strict=True):
                other = boxes[(before.name, source)]
                assert x0 == pytest.approx(other.right, abs=NEAR)
                assert x3 == pytest.approx(box.x, abs=NEAR)
                assert inside(y0, other)
                assert inside(y3, box)
                assert (y1, y2) == (y0, y3), "a curve leaves and arrives level"
                assert x0 <= x1 <= x3
                assert x0 <= x2 <= x3


def test_between_maps_a_connection_joins_their_middles():
    found, boxes = drawn(tiny_vgg())
    paths = curves(connections.into_unit(found, boxes, 3, 7))
    starts = [boxes[("relu_1_1", unit)] for unit in range(10)]
    assert [path[1] for path in paths] == pytest.approx([box.y + box.height / 2 for box in starts], abs=0.06)
    end = boxes[("conv_1_2", 7)]
    assert [path[7] for path in paths] == pytest.approx([end.y + end.height / 2] * 10, abs=0.06)


def test_into_a_strip_connections_spread_in_the_order_of_the_maps():
    found, boxes = drawn(tiny_vgg())
    index = [column.form for column in found].index(STRIP)
    strip = boxes[("flatten", 0)]
    ends = [path[7] for path in curves(connections.into_unit(found, boxes, index, 0))]
    # Map 4's values stand from 4/10 to 5/10 of the strip.
    assert ends == pytest.approx([strip.y + strip.height * (i + 0.5) / 10 for i in range(10)], abs=0.06)


def test_from_the_picture_connections_part_at_one_point():
    found, boxes = drawn(tiny_vgg())
    paths = curves(connections.from_picture(found, boxes))
    assert {path[:2] for path in paths} == {(0.0, paths[1][1])}
    for unit, path in enumerate(paths):
        box = boxes[("input", unit)]
        assert path[6:] == pytest.approx((box.x, box.middle), abs=NEAR)
