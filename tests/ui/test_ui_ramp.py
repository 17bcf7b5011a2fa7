"""Single values get the colours of the maps they stand in, and ink that can be read on them."""

import re

import numpy as np
import pytest
from engine.colours import CHANNEL_TINTS, DIVERGING, GREY_TINT, colour_channel, colour_signed
from ui.ramp import Ramp, Tint, cell_style

from tests.engine.colour_oracle import puor
from tests.engine.colour_oracle import tinted as tinted_exactly

RGBA = DIVERGING.view(np.uint8).ravel()
RAMP = Ramp(RGBA, len(DIVERGING))
STEPS = 256
CHANNELS = np.concatenate(
    [colour_channel(np.linspace(0, 1, STEPS, dtype=np.float32), tint).ravel() for tint in CHANNEL_TINTS]
)
INKS = {"#000": (0, 0, 0), "#fff": (255, 255, 255)}


def read(style):
    """Background and ink of a cell's CSS, as RGB."""
    red, green, blue, ink = re.fullmatch(r"background:rgb\((\d+),(\d+),(\d+)\);color:(#\w+)", style).groups()
    return (int(red), int(green), int(blue)), INKS[ink]


def backgrounds(ramp, values, limit):
    return np.array([read(ramp.style(value, limit))[0] for value in values.tolist()])


def brightness(rgb):
    """Relative luminance of an sRGB colour (WCAG 2)."""
    parts = np.array(rgb) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def contrast(one, other):
    darker, lighter = sorted((brightness(one), brightness(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("limit", [1, 0.003, 7.25, 4e4, 1e-30])
def test_values_get_the_engines_colours(limit):
    values = (np.random.default_rng(5).uniform(-1, 1, 3000) * limit).astype(np.float32)
    shown = backgrounds(RAMP, values, limit)
    assert np.abs(shown - colour_signed(values, limit)[:, :3].astype(int)).max() <= 1
    assert np.abs(shown - puor(values, limit)[:, :3]).max() <= 1


def test_ends_middle_and_beyond():
    values = np.float32([-99, -2, -0.0, 0, 2, 99])
    assert np.array_equal(backgrounds(RAMP, values, 2), colour_signed(values, 2)[:, :3])


@pytest.mark.parametrize("limit", [2, 0])
def test_what_is_not_finite_has_the_engines_colour(limit):
    values = np.float32([-np.inf, np.nan, 0, np.inf])
    engines = colour_signed(values, limit)[:, :3]
    assert engines.tolist() == [[127, 59, 8], [247, 247, 247], [247, 247, 247], [45, 0, 75]]
    assert np.array_equal(backgrounds(RAMP, values, limit), engines)


def test_where_the_limit_is_zero_all_is_white():
    assert read(RAMP.style(0.0, 0))[0] == (247, 247, 247)


@pytest.mark.parametrize("channel", range(3))
def test_a_channels_values_get_its_tint(channel):
    values = np.linspace(0, 1, 1001, dtype=np.float32)
    shown = backgrounds(Tint(CHANNELS, STEPS, channel), values, 1)
    engines = colour_channel(values, CHANNEL_TINTS[channel])[:, :3].astype(int)
    assert np.abs(shown - engines).max() <= 1
    assert np.abs(shown - tinted_exactly(values, CHANNEL_TINTS[channel])[:, :3]).max() <= 1
    assert tuple(shown[-1]) == CHANNEL_TINTS[channel]
    assert tuple(shown[0]) == (0, 0, 0)


def test_a_channel_beyond_0_and_1_is_clipped():
    tint = Tint(CHANNELS, STEPS, 1)
    assert read(tint.style(1.5, 1)) == read(tint.style(1.0, 1))
    assert read(tint.style(-0.5, 1)) == read(tint.style(0.0, 1))


def test_the_ink_can_be_read_on_every_colour():
    grey = colour_channel(np.linspace(0, 1, STEPS, dtype=np.float32), GREY_TINT)
    colours = np.unique(np.concatenate([ramp.reshape(-1, 4) for ramp in (RGBA, CHANNELS, grey)]), axis=0)
    assert len(colours) > 1000
    for red, green, blue, _ in colours.tolist():
        background, ink = read(cell_style(red, green, blue))
        assert background == (red, green, blue)
        assert contrast(background, ink) >= 4.5, background  # WCAG 2, level AA
