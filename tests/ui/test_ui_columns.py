"""Which columns the page draws for a network, and what reads what."""

from itertools import pairwise

import pytest
from ui.columns import CLASSES, MAPS, STRIP, columns, neighbour

from tests.ui.networks import ALL, grey, tiny_vgg, wide, without_blocks, without_maps


def columns_of(network):
    return columns(network.describe())


def sources(found, name, unit):
    index = [column.name for column in found].index(name)
    return found[index].sources(unit, found[index - 1] if index else None)


def test_tiny_vgg():
    found = columns_of(tiny_vgg())
    assert [(column.name, column.kind, column.units, column.block) for column in found] == [
        ("input", "input", 3, None),
        ("conv_1_1", "convolution", 10, 1),
        ("relu_1_1", "relu", 10, 1),
        ("conv_1_2", "convolution", 10, 1),
        ("relu_1_2", "relu", 10, 1),
        ("max_pool_1", "max_pooling", 10, 1),
        ("conv_2_1", "convolution", 10, 2),
        ("relu_2_1", "relu", 10, 2),
        ("conv_2_2", "convolution", 10, 2),
        ("relu_2_2", "relu", 10, 2),
        ("max_pool_2", "max_pooling", 10, 2),
        ("flatten", "flatten", 1, None),
        ("output", "softmax", 10, None),
    ]
    assert [column.form for column in found] == [MAPS] * 11 + [STRIP, CLASSES]
    assert found[1].shape == [10, 62, 62]
    assert found[11].shape == [1690]


def test_what_the_units_of_tiny_vgg_read():
    found = columns_of(tiny_vgg())
    assert sources(found, "input", 2) == []
    assert sources(found, "conv_1_1", 4) == [0, 1, 2]
    assert sources(found, "relu_1_1", 4) == [4]
    assert sources(found, "conv_1_2", 0) == list(range(10))
    assert sources(found, "max_pool_1", 9) == [9]
    assert sources(found, "flatten", 0) == list(range(10))
    assert sources(found, "output", 6) == [0]


def test_hidden_dense_layers_are_strips_of_their_own():
    found = columns_of(grey())
    assert [(column.name, column.form, column.units) for column in found] == [
        ("input", MAPS, 1),
        ("conv_a", MAPS, 8),
        ("relu_a", MAPS, 8),
        ("mean_a", MAPS, 8),
        ("conv_b", MAPS, 16),
        ("mean_b", MAPS, 16),
        ("flatten", STRIP, 1),
        ("hidden_1", STRIP, 1),
        ("hidden_1/relu", STRIP, 1),
        ("hidden_2", STRIP, 1),
        ("hidden_2/relu", STRIP, 1),
        ("output", CLASSES, 7),
    ]
    # 28 pixels padded by 1, a 5x5 window moving by 2: floor((28 + 2 - 5) / 2) + 1 = 13 places; then 6, 4, 2.
    assert [column.shape for column in found[1:6]] == [
        [8, 13, 13],
        [8, 13, 13],
        [8, 6, 6],
        [16, 4, 4],
        [16, 2, 2],
    ]
    assert sources(found, "conv_a", 5) == [0]
    assert sources(found, "conv_b", 15) == list(range(8))
    assert sources(found, "hidden_1", 0) == [0]
    assert sources(found, "hidden_1/relu", 0) == [0]


def test_many_maps():
    found = columns_of(wide())
    assert [column.units for column in found] == [3, 64, 64, 64, 1, 3]
    assert sources(found, "flatten", 0) == list(range(64))


def test_a_softmax_without_a_dense_layer_leaves_no_layer_out():
    found = columns_of(without_blocks())
    assert [column.name for column in found] == ["input", "conv", "relu", "flatten", "output"]
    assert sources(found, "flatten", 0) == [0]


def test_a_network_without_maps():
    found = columns_of(without_maps())
    assert [(column.name, column.form) for column in found] == [
        ("input", MAPS),
        ("flatten", STRIP),
        ("hidden", STRIP),
        ("output", CLASSES),
    ]
    assert sources(found, "flatten", 0) == [0, 1, 2]


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_units_read_units_that_there_are(maker):
    found = columns_of(maker())
    for before, column in pairwise(found):
        read = [column.sources(unit, before) for unit in range(column.units)]
        assert {source for units in read for source in units} == set(range(before.units))


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
