"""Activations become the colours that the legends promise."""

import numpy as np
import pytest
from colour_oracle import assert_colours, puor, tinted
from engine.colours import CHANNEL_TINTS, DIVERGING, GREY_TINT, colour_channel, colour_signed

RAMP = np.linspace(-1, 1, 4001, dtype=np.float32)


def lightness(rgba):
    """CIE 1976 L* of sRGB colours (..., 4), from 0 to 100."""
    rgb = rgba[..., :3] / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    y = linear @ np.array([0.2126, 0.7152, 0.0722])
    return np.where(y > 216 / 24389, 116 * np.cbrt(y) - 16, y * 24389 / 27)


@pytest.mark.parametrize("limit", [1, 0.003, 7.25, 4e4, 1e-30])
def test_signed_values_get_the_colours_of_puor(limit):
    values = (np.random.default_rng(3).uniform(-1, 1, (7, 40, 50)) * limit).astype(np.float32)
    assert_colours(colour_signed(values, limit), puor(values, limit))


def test_zero_is_exactly_the_middle():
    middle = colour_signed(np.zeros(1, np.float32), 2.5)[0].tolist()
    assert middle == [247, 247, 247, 255]
    assert DIVERGING.view(np.uint8).reshape(-1, 4)[len(DIVERGING) // 2].tolist() == middle
    assert len(DIVERGING) % 2 == 1
    assert colour_signed(np.float32([-0.0]), 2.5)[0].tolist() == middle


def test_the_ends_are_those_of_puor_and_values_beyond_them_are_clipped():
    values = np.float32([-300, -3.01, -3, 3, 3.01, 300])
    assert colour_signed(values, 3).tolist() == [[127, 59, 8, 255]] * 3 + [[45, 0, 75, 255]] * 3


def test_where_all_values_are_zero_all_are_white():
    assert colour_signed(np.zeros((2, 3), np.float32), 0).tolist() == [[[247, 247, 247, 255]] * 3] * 2


def test_a_value_has_the_same_colour_before_and_after_a_relu():
    before = np.random.default_rng(4).normal(size=1000).astype(np.float32)
    after = np.maximum(before, 0)
    positive = before > 0
    assert np.array_equal(colour_signed(before, 3)[positive], colour_signed(after, 3)[positive])


def test_larger_magnitudes_are_darker():
    light = lightness(colour_signed(RAMP, 1))
    negative, positive = light[:2001], light[2000:]
    assert (np.diff(negative) > -0.1).all()  # the darkest orange holds a trace of blue that fades first
    assert (np.diff(positive) <= 0).all()
    assert light[2000] > 97
    assert max(light[0], light[-1]) < 35


def test_orange_is_negative_and_purple_positive():
    red, _, blue, _ = colour_signed(RAMP, 1).T.astype(int)
    assert (red > blue)[:1900].all()
    assert (blue > red)[2100:].all()


def test_shape_and_opacity():
    for shape in [(5,), (0,), (2, 3), (4, 2, 3)]:
        for colours in (
            colour_signed(np.ones(shape, np.float32), 1),
            colour_channel(np.ones(shape, np.float32), GREY_TINT),
        ):
            assert colours.shape == (*shape, 4)
            assert (colours[..., 3] == 255).all()


@pytest.mark.parametrize("tint", [*CHANNEL_TINTS, GREY_TINT])
def test_channels_go_from_black_to_their_tint(tint):
    assert colour_channel(np.float32([0, 1, -0.1, 1.1]), tint)[:, :3].tolist() == [
        [0, 0, 0],
        list(tint),
        [0, 0, 0],
        list(tint),
    ]
    values = np.random.default_rng(5).random((30, 40), dtype=np.float32)
    assert_colours(colour_channel(values, tint), tinted(values, tint))


def test_every_byte_of_a_channel_has_a_shade_of_its_own():
    bytes_of_a_channel = np.arange(256, dtype=np.float32) / np.float32(255)
    assert colour_channel(bytes_of_a_channel, GREY_TINT)[:, 0].tolist() == list(range(256))


def test_tints_are_red_green_and_blue():
    assert [int(np.argmax(tint)) for tint in CHANNEL_TINTS] == [0, 1, 2]
    assert len(set(GREY_TINT)) == 1
