"""The layout: everything in its place, nothing on top of another, for any network and window."""

from itertools import combinations, pairwise

import pytest
from ui.columns import MAPS, columns
from ui.layout import lay_out, neighbour

from tests.ui.networks import ALL, conv, deep, ending, max_pool, network, relu, tiny_vgg, wide

# What a window of 1280x720 leaves to the stage, and one of 1600x1000.
LAPTOP, DESKTOP, PHONE = (963, 568), (1216, 848), (390, 434)
ROOMS = [LAPTOP, DESKTOP, PHONE, (2200, 1300), (600, 300), (100, 50), (0, 0)]
ROUNDED = 1  # the stage has whole pixels


def columns_of(network):
    return columns(network.describe())


def drawn(found, layout):
    """The boxes on the stage, column by column, without the classes beside it."""
    return [[layout.boxes[(column.name, unit)] for unit in range(column.units)] for column in found[:-1]]


def gaps(found, layout):
    """Free pixels in front of each column but the first, by its name."""
    boxes = drawn(found, layout)
    return {
        column.name: right[0].x - left[0].right
        for column, (left, right) in zip(found[1:], pairwise(boxes), strict=False)
    }


@pytest.mark.parametrize("details", [True, False])
@pytest.mark.parametrize("room", [LAPTOP, (970, 560), DESKTOP], ids=str)
def test_tiny_vgg_fits_without_scrolling(room, details):
    layout = lay_out(columns_of(tiny_vgg()), *room, details, True)
    assert layout.width <= room[0]
    assert layout.height <= room[1]
    assert layout.unit >= 30


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
@pytest.mark.parametrize("room", ROOMS, ids=str)
@pytest.mark.parametrize(("details", "beside"), [(True, True), (False, True), (True, False), (False, False)])
def test_boxes_stand_side_by_side_on_the_stage(maker, room, details, beside):
    found = columns_of(maker())
    layout = lay_out(found, *room, details, beside)
    assert set(layout.boxes) == {(column.name, unit) for column in found for unit in range(column.units)}
    boxes = [box for column in drawn(found, layout) for box in column]
    for box in boxes:
        assert box.width > 0
        assert box.height > 0
        assert box.x >= 0
        assert box.y >= 0
        assert box.right <= layout.width + ROUNDED
        assert box.y + box.height <= layout.height + ROUNDED
    for a, b in combinations(boxes, 2):
        assert a.right <= b.x or b.right <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
@pytest.mark.parametrize("room", [LAPTOP, PHONE], ids=str)
def test_columns_follow_each_other_and_their_units_stand_in_order(maker, room):
    found = columns_of(maker())
    layout = lay_out(found, *room, True, True)
    boxes = drawn(found, layout)
    assert all(left[0].right < right[0].x for left, right in pairwise(boxes))
    for column, units in zip(found, boxes, strict=False):
        assert {box.x for box in units} == {units[0].x}
        assert [box.y for box in units] == sorted(box.y for box in units)
        if column.form == MAPS:
            assert {(box.width, box.height) for box in units} == {(layout.unit, layout.unit)}
        steps = [below.y - above.y for above, below in pairwise(units)]
        assert steps == pytest.approx(steps[:1] * len(steps), abs=1)


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_columns_share_one_axis(maker):
    found = columns_of(maker())
    layout = lay_out(found, *LAPTOP, True, True)
    middles = [(units[0].y + units[-1].y + units[-1].height) / 2 for units in drawn(found, layout)]
    assert middles == pytest.approx(middles[:1] * len(middles), abs=1)


@pytest.mark.parametrize("room", [LAPTOP, DESKTOP, PHONE], ids=str)
@pytest.mark.parametrize("maker", [tiny_vgg, deep])
def test_columns_of_a_block_stand_closer_than_blocks(maker, room):
    found = columns_of(maker())
    before = gaps(found, lay_out(found, *room, True, True))
    starts = {
        column.name: column.block != previous.block
        for previous, column in pairwise(found[:-1])
        if column.block is not None
    }
    within = [before[name] for name, first in starts.items() if not first]
    between = [before[name] for name, first in starts.items() if first]
    assert len(between) == found[-3].block
    assert max(within) < min(between)


def test_units_that_read_one_map_stand_closer_to_it():
    found = columns_of(tiny_vgg())
    before = gaps(found, lay_out(found, *LAPTOP, True, True))
    assert before["relu_1_1"] == pytest.approx(before["max_pool_1"], abs=1)
    assert before["relu_1_1"] < before["conv_1_2"]


def test_heads_stand_over_their_columns():
    found = columns_of(tiny_vgg())
    layout = lay_out(found, *LAPTOP, True, True)
    assert set(layout.heads) == {column.name for column in found[:-1]}
    for column, units in zip(found, drawn(found, layout), strict=False):
        head = layout.heads[column.name]
        assert head.x + head.width / 2 == pytest.approx(units[0].x + units[0].width / 2, abs=1)
        assert head.width >= 60
        assert head.y + head.height <= units[0].y
    heads = [layout.heads[column.name] for column in found[:-1]]
    assert heads[0].x >= 0
    assert all(left.right <= right.x for left, right in pairwise(heads))


@pytest.mark.parametrize("room", [LAPTOP, DESKTOP], ids=str)
def test_without_details_the_maps_take_the_room_of_names_and_legends(room):
    found = columns_of(tiny_vgg())
    with_details, without = (lay_out(found, *room, details, True) for details in (True, False))
    assert without.unit > with_details.unit
    assert min(box.y for box in without.boxes.values()) < min(box.y for box in with_details.boxes.values())


def test_a_larger_window_makes_larger_maps():
    found = columns_of(tiny_vgg())
    assert lay_out(found, *DESKTOP, True, True).unit > lay_out(found, *LAPTOP, True, True).unit


def test_many_maps_make_a_taller_stage():
    layout = lay_out(columns_of(wide()), *LAPTOP, True, True)
    assert layout.unit >= 30
    assert layout.height >= 64 * 30
    assert layout.width <= LAPTOP[0]


def test_many_layers_make_a_wider_stage():
    found = columns_of(deep())
    layout = lay_out(found, *LAPTOP, True, True)
    assert layout.unit >= 30
    assert layout.width >= (len(found) - 2) * 30
    assert layout.height <= LAPTOP[1]


def test_a_phone_scrolls_sideways():
    layout = lay_out(columns_of(tiny_vgg()), *PHONE, True, False)
    assert layout.unit >= 30
    assert layout.width > PHONE[0]


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_classes_share_the_height_at_the_stages_right_edge(maker):
    found = columns_of(maker())
    layout = lay_out(found, *LAPTOP, True, True)
    classes = [layout.boxes[(found[-1].name, unit)] for unit in range(found[-1].units)]
    assert {box.x for box in classes} == {layout.width}
    for above, below in pairwise(classes):
        assert above.y + above.height == pytest.approx(below.y, abs=1)
    assert len({round(box.height, 6) for box in classes}) == 1
    maps = [box for column in drawn(found, layout) for box in column]
    assert classes[0].y <= min(box.y for box in maps)
    assert classes[-1].y + classes[-1].height >= max(box.y + box.height for box in maps)
    assert classes[0].y >= 0
    assert classes[-1].y + classes[-1].height <= layout.height + ROUNDED


def test_more_classes_than_maps_have_room_too():
    found = columns_of(network((3, 8, 8), {"conv": conv(2), "relu": relu, "pool": max_pool, **ending(40)}))
    layout = lay_out(found, *LAPTOP, True, True)
    assert layout.boxes[("output", 39)].height >= 30
    assert layout.height >= 40 * 30


# The arrow keys


def test_arrows_walk_through_tiny_vgg():
    found = columns_of(tiny_vgg())
    assert neighbour(found, "conv_1_1", 3, "ArrowRight") == ("relu_1_1", 3)
    assert neighbour(found, "conv_1_1", 3, "ArrowUp") == ("conv_1_1", 2)
    assert neighbour(found, "conv_1_1", 3, "ArrowDown") == ("conv_1_1", 4)
    assert neighbour(found, "conv_1_1", 3, "Home") == ("conv_1_1", 0)
    assert neighbour(found, "conv_1_1", 3, "End") == ("conv_1_1", 9)
    assert neighbour(found, "max_pool_2", 8, "ArrowRight") == ("flatten", 0)


def test_between_columns_of_different_sizes_arrows_keep_the_height():
    found = columns_of(tiny_vgg())
    # A third of ten units is 3 1/3: the middles of the thirds lie in units 1, 5 and 8.
    assert [neighbour(found, "input", unit, "ArrowRight")[1] for unit in range(3)] == [1, 5, 8]
    assert [neighbour(found, "conv_1_1", unit, "ArrowLeft")[1] for unit in (0, 2, 4, 6, 9)] == [0, 0, 1, 1, 2]
    assert neighbour(found, "flatten", 0, "ArrowRight") == ("output", 5)


def test_arrows_stop_at_the_borders():
    found = columns_of(tiny_vgg())
    assert neighbour(found, "input", 0, "ArrowLeft") is None
    assert neighbour(found, "output", 0, "ArrowRight") is None
    assert neighbour(found, "conv_1_1", 0, "ArrowUp") is None
    assert neighbour(found, "conv_1_1", 9, "ArrowDown") is None
    assert neighbour(found, "flatten", 0, "ArrowDown") is None


@pytest.mark.parametrize("key", ["Enter", " ", "Escape", "Tab", "a", "PageDown"])
def test_other_keys_lead_nowhere(key):
    assert neighbour(columns_of(tiny_vgg()), "conv_1_1", 3, key) is None


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_arrows_reach_every_unit_and_nothing_else(maker):
    found = columns_of(maker())
    reached, waiting = set(), [(found[0].name, 0)]
    while waiting:
        unit = waiting.pop()
        if unit not in reached:
            reached.add(unit)
            keys = ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End")
            waiting += [there for key in keys if (there := neighbour(found, *unit, key))]
    assert reached == {(column.name, unit) for column in found for unit in range(column.units)}
