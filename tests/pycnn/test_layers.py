"""Each layer kind against SciPy on random shapes, its shape rule, and what it refuses."""

import numpy as np
import oracle
import pytest
from scipy import special

from pycnn import (
    AveragePooling,
    Convolution,
    Dense,
    Flatten,
    MaxPooling,
    ReLU,
    ShapeError,
    Sigmoid,
    Softmax,
    layers,
    steps,
)

SEEDS = range(60)


def maps(rng, least=6, most=24):
    channels = int(rng.integers(1, 5))
    return oracle.random_values(rng, channels, *rng.integers(least, most, size=2))


def check(layer, x, expected):
    """In one step, and cut into as many as there can be."""
    for step in (steps.STEP, 1, 1000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(steps, "STEP", step)
            layer._cuts.clear()
            told = []
            output = layer.forward(x, lambda *news: told.append(news))  # noqa: B023
        assert output.dtype == np.float32
        assert output.flags.c_contiguous
        assert output.shape == layer.output_shape(x.shape)
        oracle.assert_equal(output, expected)
        count = {steps.STEP: 1, 1: output.size}.get(step, len(told))
        assert told == [(layer.name, done, count) for done in range(1, count + 1)]


@pytest.mark.parametrize("dilated", [False, True])
@pytest.mark.parametrize("has_blas", [True, False])
@pytest.mark.parametrize("seed", SEEDS)
def test_convolution_equals_scipy(seed, has_blas, dilated, monkeypatch):
    monkeypatch.setattr(layers, "_HAS_BLAS", has_blas)
    rng = np.random.default_rng(seed)
    x = maps(rng)
    layer = oracle.random_convolution(rng, "conv", x.shape[0], dilated)
    check(layer, x, oracle.correlate_layer(layer, x))


@pytest.mark.parametrize("seed", range(20))
def test_dilated_convolution_equals_its_definition_in_loops(seed):
    rng = np.random.default_rng(seed)
    x = maps(rng, most=12)
    layer = oracle.random_convolution(rng, "conv", x.shape[0], dilated=True)
    expected = oracle.correlate_in_loops(
        x, layer.kernel, layer.bias, layer.stride, layer.padding, layer.dilation
    )
    check(layer, x, expected)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("kind", "expected"), [(MaxPooling, oracle.max_pool), (AveragePooling, oracle.average_pool)]
)
def test_pooling_equals_scipy(kind, expected, seed):
    rng = np.random.default_rng(seed)
    x = maps(rng)
    layer = oracle.random_pooling(rng, "pool", kind)
    check(layer, x, expected(x, layer.size, layer.stride, layer.padding))


@pytest.mark.parametrize("seed", range(10))
def test_layers_without_windows(seed):
    rng = np.random.default_rng(seed)
    x = maps(rng)
    check(ReLU("relu"), x, x.clip(min=0))
    check(Flatten("flatten"), x, np.array([x[c, i, j] for c, i, j in np.ndindex(x.shape)]))
    vector = x[0, 0] * 10
    weights, bias = oracle.random_values(rng, 7, vector.size), oracle.random_values(rng, 7)
    check(Dense("dense", weights, bias), vector, weights.astype(np.float64) @ vector + bias)
    check(Softmax("softmax"), vector, special.softmax(vector.astype(np.float64)))
    check(Sigmoid("sigmoid"), x, special.expit(x.astype(np.float64)))
    check(Sigmoid("sigmoid"), vector, special.expit(vector.astype(np.float64)))


def test_a_sigmoid_is_right_at_any_number_and_at_both_ends():
    largest = np.finfo(np.float32).max
    x = np.float32(
        [-np.inf, -largest, -1e4, -103, -88, -17, -1, -0.0, 0, 1, 17, 88, 1e4, largest, np.inf, np.nan]
    )
    with np.errstate(all="raise", under="ignore"):
        output = Sigmoid("sigmoid").forward(x)
    expected = special.expit(x.astype(np.float64)).astype(np.float32)
    np.testing.assert_allclose(output, expected, rtol=3e-7, atol=0)
    import torch  # only this test needs it, and it takes seconds

    theirs = torch.sigmoid(torch.from_numpy(x.astype(np.float64))).numpy()
    np.testing.assert_allclose(output, theirs.astype(np.float32), rtol=3e-7, atol=0)


def test_a_convolution_by_hand():
    x = np.arange(9, dtype=np.float32).reshape(1, 3, 3)
    layer = Convolution("conv", [[[[1, 0], [0, 2]]]], [0.5])
    np.testing.assert_array_equal(layer.forward(x), [[[8.5, 11.5], [17.5, 20.5]]])


def test_dilation_by_hand():
    x = np.arange(25, dtype=np.float32).reshape(1, 5, 5)
    kernel = [[[[1, 0], [0, 2]]]]
    apart = Convolution("conv", kernel, [0.5], dilation=(3, 2))
    assert (apart.size, apart.extent) == ((2, 2), (4, 3))
    # Rows y and y + 3, columns x and x + 2: 0 + 2 * 17, 1 + 2 * 18, ...
    expected = [[[34.5, 37.5, 40.5], [49.5, 52.5, 55.5]]]
    np.testing.assert_array_equal(apart.forward(x), expected)
    assert apart.hyperparameters() == {"stride": [1, 1], "padding": [0] * 4, "dilation": [3, 2]}
    assert Convolution("conv", kernel, [0]).hyperparameters()["dilation"] == [1, 1]
    # One cell has no neighbour to be apart from.
    np.testing.assert_array_equal(Convolution("conv", [[[[2]]]], [0], dilation=9).forward(x), 2 * x)


def test_padding_by_hand():
    x = np.array([[[-1, -2], [-3, -4]]], dtype=np.float32)
    np.testing.assert_array_equal(MaxPooling("m", 2, 2, 1).forward(x), [[[-1, -2], [-3, -4]]])
    np.testing.assert_array_equal(AveragePooling("a", 3, 3, (1, 0, 0, 1)).forward(x), [[[-2.5]]])
    np.testing.assert_array_equal(MaxPooling("m").forward(x), [[[-1]]])


@pytest.mark.parametrize("kind", [MaxPooling, AveragePooling])
def test_pooling_windows_lie_side_by_side_unless_told_otherwise(kind):
    assert kind("pool").hyperparameters() == {"size": [2, 2], "stride": [2, 2], "padding": [0, 0, 0, 0]}
    assert kind("pool", (3, 2)).hyperparameters()["stride"] == [3, 2]


def test_paddings_are_written_in_three_ways():
    kernel, bias = np.ones((1, 1, 3, 3)), [0]
    assert Convolution("c", kernel, bias, 1, 2).padding == (2, 2, 2, 2)
    assert Convolution("c", kernel, bias, 1, (1, 2)).padding == (1, 1, 2, 2)
    assert Convolution("c", kernel, bias, 1, [1, 2, 3, 4]).padding == (1, 2, 3, 4)


def test_inputs_that_are_not_contiguous():
    rng = np.random.default_rng(0)
    x = oracle.random_values(rng, 9, 8, 3).transpose(2, 0, 1)
    for layer in (oracle.random_convolution(rng, "c", 3), MaxPooling("m"), ReLU("r"), Flatten("f")):
        output = layer.forward(x)
        assert output.flags.c_contiguous
        np.testing.assert_array_equal(output, layer.forward(np.ascontiguousarray(x)))


@pytest.mark.parametrize("scale", [1e-30, 1, 80, 1e4, 3e38])
def test_softmax_is_stable_and_sums_to_1(scale):
    rng = np.random.default_rng(1)
    for n in (1, 2, 10, 1000):
        logits = rng.uniform(-scale, scale, n).astype(np.float32)
        probabilities = Softmax("output").forward(logits)
        assert abs(float(probabilities.astype(np.float64).sum()) - 1) < 1e-6
        assert (probabilities >= 0).all()
        assert probabilities[logits.argmax()] == probabilities.max()


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_softmax_refuses_logits_that_are_not_finite(value):
    with pytest.raises(ValueError, match=r"'output'.*finite"):
        Softmax("output").forward(np.array([0, value], dtype=np.float32))


def test_signs_follow_the_layer():
    conv = Convolution("c", np.ones((1, 1, 1, 1)), [0])
    dense = Dense("d", [[1]], [0])
    assert [layer.signed(False) for layer in (conv, dense, MaxPooling("m"), Flatten("f"))] == [
        True,
        True,
        False,
        False,
    ]
    assert [layer.signed(True) for layer in (ReLU("r"), Softmax("s"), AveragePooling("a"))] == [
        False,
        False,
        True,
    ]


IMPOSSIBLE = [
    (Convolution("conv_7", np.ones((2, 3, 5, 5)), [0, 0]), (4, 9, 9), "(2, 3, 5, 5)"),
    (Convolution("conv_7", np.ones((2, 3, 5, 4)), [0, 0]), (3, 4, 9), "(5, 4)"),
    (Convolution("conv_7", np.ones((2, 3, 5, 5)), [0, 0], padding=(0, 0, 1, 0)), (3, 9, 3), "(5, 5)"),
    (
        Convolution("conv_7", np.ones((2, 3, 5, 2)), [0, 0], dilation=(2, 3)),
        (3, 8, 9),
        "(9, 4) (dilation (2, 3)",
    ),
    (
        Convolution("conv_7", np.ones((2, 3, 5, 2)), [0, 0], dilation=(2, 3)),
        (3, 9, 3),
        "(9, 4) (dilation (2, 3)",
    ),
    (Convolution("conv_7", np.ones((2, 3, 5, 5)), [0, 0]), (75,), "(channels, height, width)"),
    (Convolution("conv_7", np.ones((2, 3, 1, 1)), [0, 0], padding=1), (3, 0, 4), "(channels, height, width)"),
    (MaxPooling("pool_7"), (3, 1, 8), "(2, 2)"),
    (AveragePooling("pool_7", 9), (3, 8, 9), "(9, 9)"),
    (MaxPooling("pool_7"), (8,), "(channels, height, width)"),
    (Flatten("flatten_7"), (8,), "(channels, height, width)"),
    (Dense("dense_7", np.ones((4, 6)), np.ones(4)), (5,), "(4, 6)"),
    (Dense("dense_7", np.ones((4, 6)), np.ones(4)), (1, 2, 3), "(4, 6)"),
    (Softmax("softmax_7"), (1, 2, 3), "(n,)"),
    (Softmax("softmax_7"), (0,), "(n,)"),
]


@pytest.mark.parametrize(("layer", "shape", "expected"), IMPOSSIBLE)
def test_impossible_shapes_are_refused_by_name_and_both_shapes(layer, shape, expected):
    for attempt in (lambda: layer.output_shape(shape), lambda: layer.forward(np.ones(shape, np.float32))):
        with pytest.raises(ShapeError) as refusal:
            attempt()
        sentence = str(refusal.value)
        assert repr(layer.name) in sentence
        assert layer.kind in sentence
        assert str(shape) in sentence
        assert expected in sentence
        assert sentence.endswith(".")


def test_another_number_type_is_refused():
    with pytest.raises(ShapeError, match=r"'r'.*float32.*float64"):
        ReLU("r").forward(np.ones((1, 2, 2)))


KERNEL, BIAS = np.ones((2, 3, 5, 5)), np.zeros(2)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Convolution("bad", np.ones((3, 5, 5)), BIAS),
        lambda: Convolution("bad", np.ones((2, 0, 5, 5)), BIAS),
        lambda: Convolution("bad", KERNEL, np.zeros(3)),
        lambda: Convolution("bad", KERNEL, 0),
        lambda: Convolution("bad", KERNEL * np.nan, BIAS),
        lambda: Convolution("bad", KERNEL, BIAS + np.inf),
        lambda: Convolution("bad", KERNEL * 1e300, BIAS),
        lambda: Convolution("bad", KERNEL, BIAS, stride=0),
        lambda: Convolution("bad", KERNEL, BIAS, stride=(1, -1)),
        lambda: Convolution("bad", KERNEL, BIAS, stride=1.5),
        lambda: Convolution("bad", KERNEL, BIAS, stride="12"),
        lambda: Convolution("bad", KERNEL, BIAS, stride=True),
        lambda: Convolution("bad", KERNEL, BIAS, padding=(0, 0, 0, False)),
        lambda: Convolution("bad", KERNEL, BIAS, stride=(1, 2, 3)),
        lambda: Convolution("bad", KERNEL, BIAS, padding=-1),
        lambda: Convolution("bad", KERNEL, BIAS, padding=(0, 0, 0, -1)),
        lambda: Convolution("bad", KERNEL, BIAS, padding=(0, 0, 0)),
        lambda: Convolution("bad", KERNEL, BIAS, padding="same"),
        lambda: Convolution("bad", KERNEL, BIAS, dilation=0),
        lambda: Convolution("bad", KERNEL, BIAS, dilation=(2, -1)),
        lambda: Convolution("bad", KERNEL, BIAS, dilation=1.5),
        lambda: Convolution("bad", KERNEL, BIAS, dilation=True),
        lambda: Convolution("bad", KERNEL, BIAS, dilation=(1, 2, 3)),
        lambda: MaxPooling("bad", 0),
        lambda: MaxPooling("bad", 2, 2, 2),
        lambda: AveragePooling("bad", (3, 2), 1, (0, 0, 2, 0)),
        lambda: Dense("bad", np.ones(4), np.ones(4)),
        lambda: Dense("bad", np.ones((4, 6)), np.ones(6)),
    ],
)
def test_bad_parameters_and_hyperparameters_are_refused(make):
    with pytest.raises(ValueError, match=r"^Layer 'bad' \(\w+\) .*\.$"):
        make()


@pytest.mark.parametrize("kind", [MaxPooling, AveragePooling])
@pytest.mark.parametrize("side", range(4))
def test_pooling_windows_cover_at_least_one_value(kind, side):
    size = (3, 4)
    padding = [0, 0, 0, 0]
    padding[side] = size[side // 2] - 1
    assert kind("pool", size, 1, padding).padding == tuple(padding)
    padding[side] += 1
    with pytest.raises(ValueError, match=r"'pool'.*padding smaller than its window of \(3, 4\)"):
        kind("pool", size, 1, padding)


@pytest.mark.parametrize("name", ["", None, 3])
def test_a_layer_needs_a_name(name):
    with pytest.raises(ValueError, match="name"):
        ReLU(name)
