"""What layers say of how a value came about: its window, and what each input gave to it."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from pycnn import Convolution, Dense, MaxPooling, ShapeError, steps


def random_maps(*shape, seed=3):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("step", [steps.STEP, 1])
@pytest.mark.parametrize(
    ("size", "stride", "padding", "dilation"),
    [
        ((3, 3), 1, 0, 1),
        ((5, 5), 2, 1, 1),
        ((2, 4), (3, 1), (1, 0, 2, 1), 1),
        ((3, 3), 1, 0, 2),
        ((2, 3), (3, 1), (1, 0, 2, 1), (4, 3)),
    ],
)
def test_intermediate_maps_are_one_kernel_on_one_map_each_and_add_up(
    size, stride, padding, dilation, step, monkeypatch
):
    monkeypatch.setattr(steps, "STEP", step)
    x = random_maps(4, 11, 9)
    kernel, bias = random_maps(3, 4, *size, seed=4), random_maps(3, seed=5)
    layer = Convolution("c", kernel, bias, stride, padding, dilation)
    output = layer.forward(x)
    spread = np.zeros((3, 4, *layer.extent), np.float32)
    spread[:, :, :: layer.dilation[0], :: layer.dilation[1]] = kernel
    top, bottom, left, right = layer.padding
    for unit in range(3):
        intermediate = layer.intermediate(x, unit)
        assert intermediate.dtype == np.float32
        assert intermediate.shape == (4, *output.shape[1:])
        for channel in range(4):
            padded = np.pad(x[channel], ((top, bottom), (left, right)))
            alone = correlate2d(padded, spread[unit, channel], "valid")
            np.testing.assert_allclose(
                intermediate[channel], alone[:: layer.stride[0], :: layer.stride[1]], atol=1e-5
            )
        total = intermediate.sum(axis=0) + layer.bias[unit]
        np.testing.assert_allclose(total, output[unit], atol=1e-5)


def test_a_window_begins_where_stride_and_padding_put_it():
    layer = Convolution("c", random_maps(1, 1, 3, 3), [0], stride=(2, 3), padding=(1, 0, 2, 0))
    x = random_maps(1, 8, 10)
    padded = np.pad(x[0], ((1, 0), (2, 0)))
    output = layer.forward(x)
    for row, column in [(0, 0), (1, 2), (output.shape[1] - 1, output.shape[2] - 1)]:
        top, left = layer.window(x.shape).start(row, column)
        window = padded[top + 1 : top + 4, left + 2 : left + 5]
        assert output[0, row, column] == pytest.approx(float((window * layer.kernel[0, 0]).sum()), abs=1e-5)
    assert layer.window(x.shape).start(0, 0) == (-1, -2)
    assert MaxPooling("p", 2).window(x.shape).start(3, 4) == (6, 8)


def test_contributions_and_bias_add_up_to_the_output():
    layer = Dense("d", random_maps(5, 30), random_maps(5, seed=6))
    x = random_maps(30, seed=7)
    for unit in range(5):
        contributions = layer.contributions(x, unit)
        np.testing.assert_allclose(contributions, layer.weights[unit] * x)
        assert contributions.sum() + layer.bias[unit] == pytest.approx(
            float(layer.forward(x)[unit]), abs=1e-5
        )


def test_an_input_that_does_not_fit_is_refused():
    with pytest.raises(ShapeError, match="'c'"):
        Convolution("c", random_maps(1, 2, 3, 3), [0]).intermediate(random_maps(3, 8, 8), 0)
    with pytest.raises(ShapeError, match="'d'"):
        Dense("d", random_maps(2, 4), [0, 0]).contributions(random_maps(5), 0)
