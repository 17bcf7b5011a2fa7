"""Two computations of the same activations agree, and any other ones are told apart by layer."""

import json

import numpy as np
import pytest
from engine.session import Session
from engine.summary import TOLERANCE, differing, summarise

from tests.ui.networks import ALL, tiny_vgg


def activations_of(network, seed=3):
    _, height, width = network.input_shape
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    picture = network.picture_from_pixels(pixels)
    return pixels, {"input": picture, **network.forward(picture)}


@pytest.fixture(scope="module")
def activations():
    return activations_of(tiny_vgg())[1]


@pytest.mark.parametrize("maker", ALL.values(), ids=ALL)
def test_every_layer_is_in_the_summary_map_by_map(maker):
    _, activations = activations_of(maker())
    summary = summarise(activations)
    assert list(summary) == list(activations)
    for name, values in activations.items():
        maps = values if values.ndim == 3 else values[None]
        assert len(summary[name]) == len(maps)
        for row, one in zip(summary[name], maps, strict=True):
            assert row == pytest.approx([one.min(), one.max(), one.astype(np.float64).mean()], abs=1e-12)
    assert differing(summary, json.loads(json.dumps(summary))) == []


def test_a_sum_in_another_order_is_no_difference(activations):
    noise = np.random.default_rng(1)
    changed = {name: v * (1 + noise.uniform(-1e-6, 1e-6, v.shape)) for name, v in activations.items()}
    assert differing(summarise(changed), summarise(activations)) == []


@pytest.mark.parametrize("part", [np.min, np.max, np.mean])
@pytest.mark.parametrize("layer", ["input", "conv_1_2", "flatten", "output"])
def test_a_difference_beyond_the_tolerance_is_told_by_its_layer(activations, layer, part):
    step = 2 * TOLERANCE * np.abs(activations[layer]).max()
    values = activations[layer].copy()
    if part is np.mean:
        values += step
    elif part is np.min:
        values.flat[values.argmin()] -= step
    else:
        values.flat[values.argmax()] += step
    assert differing(summarise({**activations, layer: values}), summarise(activations)) == [layer]


def test_a_missing_layer_and_one_of_another_shape_differ(activations):
    fewer = {name: values for name, values in activations.items() if name != "conv_2_1"}
    summary = summarise(activations)
    assert differing(summarise(fewer), summary) == ["conv_2_1"]
    assert differing(summary, summarise(fewer)) == ["conv_2_1"]
    assert differing(summarise({**activations, "conv_1_1": activations["conv_1_1"][:3]}), summary) == [
        "conv_1_1"
    ]


def test_a_layer_of_zeros_agrees_with_itself():
    zeros = {"dead": np.zeros((2, 3, 3), np.float32)}
    assert differing(summarise(zeros), summarise(zeros)) == []
    assert differing(summarise({"dead": zeros["dead"] + 1}), summarise(zeros)) == ["dead"]


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_agrees_with_its_like_only(activations, odd):
    spoilt = {**activations, "relu_1_1": activations["relu_1_1"].copy()}
    spoilt["relu_1_1"][3, 5, 7] = odd
    told = json.loads(json.dumps(summarise(spoilt), allow_nan=False))
    assert differing(summarise(spoilt), summarise(activations)) == ["relu_1_1"]
    assert differing(summarise(activations), told) == ["relu_1_1"]
    assert differing(summarise(spoilt), told) == []
    spoilt["relu_1_1"][5] += 1
    assert differing(summarise(spoilt), told) == ["relu_1_1"]


def test_the_session_compares_a_picture_and_keeps_the_one_that_is_shown():
    network = tiny_vgg()
    pixels, activations = activations_of(network)
    expected = json.dumps(summarise(activations))
    session = Session(network)
    session.show(255 - pixels, "layer")
    shown = session.save()[1][0].tobytes()
    assert session.compare(pixels.ravel(), expected) == ({"differing": []}, [])
    assert session.compare(255 - pixels, expected)[0]["differing"] == list(activations)
    assert session.save()[1][0].tobytes() == shown
