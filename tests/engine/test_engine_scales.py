"""Which layers share a colour scale."""

import pytest
from engine.scales import SHARINGS, groups, limit

from tests.ui.networks import (
    ALL,
    conv,
    dense,
    ending,
    flatten,
    grey,
    identity,
    max_pool,
    network,
    relu,
    softmax,
    tiny_vgg,
    without_blocks,
    without_maps,
)


def shared(built, sharing):
    return groups(built.describe(), sharing)


def test_tiny_vgg_by_layer():
    assert shared(tiny_vgg(), "layer") == [
        ["conv_1_1", "relu_1_1"],
        ["conv_1_2", "relu_1_2", "max_pool_1"],
        ["conv_2_1", "relu_2_1"],
        ["conv_2_2", "relu_2_2", "max_pool_2", "flatten"],
    ]


def test_tiny_vgg_by_block():
    assert shared(tiny_vgg(), "block") == [
        ["conv_1_1", "relu_1_1", "conv_1_2", "relu_1_2", "max_pool_1"],
        ["conv_2_1", "relu_2_1", "conv_2_2", "relu_2_2", "max_pool_2", "flatten"],
    ]


def test_hidden_layers_by_layer():
    assert shared(grey(), "layer") == [
        ["conv_a", "relu_a", "mean_a"],
        ["conv_b", "mean_b", "flatten"],
        ["hidden_1", "hidden_1/relu"],
        ["hidden_2", "hidden_2/relu"],
    ]


def test_hidden_layers_by_block():
    first, second, *hidden = shared(grey(), "block")
    assert first == ["conv_a", "relu_a", "mean_a"]
    assert second == ["conv_b", "mean_b", "flatten"]
    assert [name for names in hidden for name in names] == [
        "hidden_1",
        "hidden_1/relu",
        "hidden_2",
        "hidden_2/relu",
    ]


def test_without_pooling_all_maps_are_one_block():
    layers = {"conv_1": conv(2), "relu_1": relu, "conv_2": conv(3), "relu_2": relu, **ending(4)}
    built = network((3, 12, 12), layers)
    assert shared(built, "layer") == [["conv_1", "relu_1"], ["conv_2", "relu_2", "flatten"]]
    assert shared(built, "block") == [["conv_1", "relu_1", "conv_2", "relu_2", "flatten"]]


def test_layers_behind_the_last_pooling_are_a_block_too():
    layers = {"conv_1": conv(2), "pool": max_pool, "conv_2": conv(3), "relu_2": relu, **ending(4)}
    assert shared(network((3, 12, 12), layers), "block") == [
        ["conv_1", "pool"],
        ["conv_2", "relu_2", "flatten"],
    ]


def test_a_network_may_begin_with_a_layer_without_parameters():
    built = network((3, 12, 12), {"pool": max_pool, "conv": conv(2), "relu": relu, **ending(4)})
    assert shared(built, "layer") == [["pool"], ["conv", "relu", "flatten"]]
    assert shared(built, "block") == [["pool"], ["conv", "relu", "flatten"]]


@pytest.mark.parametrize("first", [relu, identity])
def test_a_first_layer_without_parameters_has_a_scale_of_its_own(first):
    built = network(
        (3, 12, 12), {"first": first, "second": first, "conv": conv(2), "relu": relu, **ending(4)}
    )
    assert shared(built, "layer") == [["first", "second"], ["conv", "relu", "flatten"]]
    assert shared(built, "block") == [["first", "second", "conv", "relu", "flatten"]]
    assert shared(built, "network") == [["first", "second", "conv", "relu", "flatten"]]


def test_a_softmax_without_a_dense_layer_leaves_no_layer_out():
    for sharing in SHARINGS:
        assert shared(without_blocks(), sharing) == [["conv", "relu", "flatten"]]


def test_a_network_without_maps():
    assert shared(without_maps(), "layer") == [["flatten"], ["hidden"]]


def test_a_softmax_within_the_network_is_a_layer_like_others():
    steps = {
        "flatten": flatten,
        "gate": dense(5),
        "soft": softmax,
        "output/logits": dense(4),
        "output": softmax,
    }
    assert shared(network((1, 4, 4), steps), "layer") == [["flatten"], ["gate", "soft"]]


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
@pytest.mark.parametrize("sharing", SHARINGS)
def test_every_layer_that_is_coloured_is_in_one_group(maker, sharing):
    built = maker()
    names = [layer["name"] for layer in built.describe()["layers"]]
    found = shared(built, sharing)
    assert [name for group in found for name in group] == [
        name for name in names if name not in ("output", "output/logits")
    ]
    assert all(found)


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_over_the_whole_network_there_is_one_scale(maker):
    assert len(shared(maker(), "network")) == 1


@pytest.mark.parametrize("sharing", ["", "Layer", "unit", "blocks"])
def test_an_unknown_sharing_is_refused(sharing):
    with pytest.raises(ValueError, match=f"layer, block, network, not {sharing!r}"):
        shared(tiny_vgg(), sharing)


def test_a_scale_ends_at_the_largest_magnitude_of_its_layers():
    ranges = {
        "conv": [[-4.5, 1], [2, 3]],
        "relu": [[0, 1], [2, 3]],
        "flatten": [[0, 3.5]],
        "far": [[99, 99]],
    }
    assert limit(["conv", "relu", "flatten"], ranges) == 4.5
    assert limit(["relu", "flatten"], ranges) == 3.5
    assert limit(["far"], ranges) == 99


def test_a_scale_of_zeros_ends_at_zero():
    assert str(limit(["relu"], {"relu": [[-0.0, 0.0]]})) == "0.0", "not minus zero"
