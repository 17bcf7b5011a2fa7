"""The playground's outputs, against pycnn and against a loop, for thousands of settings."""

import json

import numpy as np
import pytest
from engine.playground import liveliest, play
from engine.session import Session
from hypothesis import given, settings
from hypothesis import strategies as st
from ui.playground.sizes import RANGES, Setting

from pycnn import Convolution
from pycnn.layer import ShapeError
from tests.ui.networks import grey, tiny_vgg

POSSIBLE = st.builds(Setting, *(st.integers(least, most) for _, least, most in RANGES)).filter(
    lambda setting: setting.possible
)


def asked_for(setting, kernel, values):
    return {
        "input": None if values is None else values.tolist(),
        "size": setting.size,
        "kernel": kernel.tolist(),
        "padding": setting.padding,
        "stride": setting.stride,
        "dilation": setting.dilation,
    }


def close(found, exact):
    return np.abs(found - exact).max() <= 1e-5 * max(1, np.abs(exact).max())


@settings(max_examples=3000, deadline=None, derandomize=True)
@given(POSSIBLE, st.integers(0, 2**32 - 1))
def test_outputs_and_products_are_those_of_pycnn_and_of_a_loop(setting, seed):
    random = np.random.default_rng(seed)
    kernel = random.uniform(-10, 10, (setting.kernel,) * 2).astype(np.float32)
    values = random.uniform(0, 1, (setting.size,) * 2).astype(np.float32)
    facts, (inputs, output, products) = play(asked_for(setting, kernel, values), None)
    assert facts == {}
    assert (inputs == values).all()

    shape = (setting.places,) * 2
    assert output.shape == shape
    assert products.shape == (kernel.size, *shape)
    layer = Convolution(
        "any", kernel[np.newaxis, np.newaxis], [0], setting.stride, setting.padding, setting.dilation
    )
    assert (output == layer.forward(values[np.newaxis])[0]).all()

    padded = np.zeros((setting.room,) * 2)
    padded[setting.padding : setting.padding + setting.size, setting.padding :][:, : setting.size] = values
    expected = np.empty_like(products, np.float64)
    for y, x in np.ndindex(shape):
        expected[:, y, x] = (padded[np.ix_(setting.cells(y), setting.cells(x))] * kernel).ravel()
    assert close(products, expected)
    assert close(output, expected.sum(axis=0))


@pytest.mark.parametrize(
    ("network", "size"), [(tiny_vgg(), 8), (tiny_vgg(), 16), (tiny_vgg(), 1), (grey(), 3)]
)
def test_a_patch_of_the_picture_is_one_that_is_in_it(network, size):
    session = Session(network)
    _, height, width = network.input_shape
    pixels = np.random.default_rng(5).integers(0, 256, (height, width, 3), np.uint8)
    session.show(pixels, "layer")
    channel = network.picture_from_pixels(pixels)[0]
    setting = Setting(size, 1, 3, 1, 1)
    kernel = np.zeros((3, 3), np.float32)
    kernel[1, 1] = 1
    facts, (inputs, output, _) = session.play(json.dumps(asked_for(setting, kernel, None)))
    row, column = facts["row"], facts["column"]
    assert (inputs == channel[row : row + size, column : column + size]).all()
    assert (output == inputs).all()


def test_the_patch_is_the_one_with_most_to_see():
    channel = np.zeros((9, 12), np.float32)
    channel[5, 7] = 1
    row, column, patch = liveliest(channel, 2)
    assert (row, column) in {(4, 6), (4, 7), (5, 6), (5, 7)}
    assert patch.sum() == 1


def test_a_picture_that_is_smaller_than_the_patch_goes_on_at_its_edge():
    channel = np.arange(6, dtype=np.float32).reshape(2, 3)
    row, column, patch = liveliest(channel, 4)
    assert (row, column) == (0, 0)
    assert patch.tolist() == [[0, 1, 2, 2], [3, 4, 5, 5], [3, 4, 5, 5], [3, 4, 5, 5]]


def test_a_picture_that_is_smaller_in_one_direction_only():
    channel = np.arange(12, dtype=np.float32).reshape(2, 6) ** 2
    row, column, patch = liveliest(channel, 4)
    assert (row, column) == (0, 2)
    assert patch.tolist() == [channel[min(y, 1), 2:6].tolist() for y in range(4)]
    row, column, patch = liveliest(channel.T.copy(), 4)
    assert (row, column) == (2, 0)


def test_a_picture_that_is_large_enough_does_not_go_on():
    """Beyond its edge, the lower right corner would be livelier still."""
    channel = np.zeros((3, 3), np.float32)
    channel[2, 2] = 1
    row, column, patch = liveliest(channel, 2)
    assert (row, column) == (1, 1)
    assert patch.tolist() == [[0, 0], [0, 1]]
    assert liveliest(channel, 3)[:2] == (0, 0)


def test_what_cannot_be_played_is_refused():
    kernel = np.ones((3, 3), np.float32)
    with pytest.raises(ShapeError, match="window"):
        play(asked_for(Setting(2, 0, 3, 1, 1), kernel, np.ones((2, 2))), None)
    with pytest.raises(ValueError, match="no picture"):
        play(asked_for(Setting(4, 0, 3, 1, 1), kernel, None), None)
