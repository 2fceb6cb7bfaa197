"""What holds for any network: of every shape, σ and L̃, with tiny, usual and huge numbers. See also test_network.py.

A long run, with the seed printed: python tests/properties.py 100000
"""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from networks import PROPERTY

from mlpkit import (
    Network,
    backward,
    cross_entropy,
    forward,
    gradient,
    half_squared_error,
    sigmoid,
    step,
    trace,
    train,
)
from mlpkit.core.functions import BUILT_IN_ACTIVATIONS
from mlpkit.core.training import mean_loss

pytestmark = pytest.mark.filterwarnings("error")


@st.composite
def networks(draw, scales):
    """(net, I, D) for a few examples; the weights are normal numbers times one of the scales."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    sigma = [
        None,
        *draw(st.lists(st.sampled_from(BUILT_IN_ACTIVATIONS), min_size=len(sizes) - 1, max_size=len(sizes) - 1)),
    ]
    loss = draw(st.sampled_from([half_squared_error, cross_entropy]))
    if loss is cross_entropy:
        sigma[-1] = sigmoid
    dtype = draw(st.sampled_from(["float64", "float64", "float32"]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    w = []
    for array in Network.random(sizes, tuple(sigma), loss, int(rng.integers(2**32))).w:
        with np.errstate(over="ignore"):
            moved = (array[:, 1:] * draw(st.sampled_from(scales))).astype(dtype)
        w.append(np.column_stack([array[:, 0].astype(dtype), np.nan_to_num(moved)]))
    m = draw(st.integers(1, 5))
    I = rng.uniform(-1, 1, (m, sizes[0])).astype(dtype)
    D = rng.uniform(0, 1, (m, sizes[-1])).astype(dtype)
    return Network(w, tuple(sigma), loss), I, np.round(D) if draw(st.booleans()) else D


ORDINARY = networks([1e-6, 0.1, 1.0, 1.0, 10.0])
ANY = networks([1e-300, 1e-30, 1.0, 30.0, 1e20, 1e155, 1e300])


def near(one, other, dtype):
    """Whether they are the same but for rounding, beside the largest number of the array."""
    share = 1e-8 if dtype == np.float64 else 2e-3
    return np.abs(np.subtract(one, other)).max() <= share * max(np.abs(other).max(), np.finfo(dtype).tiny)


@PROPERTY
@given(ORDINARY)
def test_the_arrays_are_the_trace(example):
    net, I, D = example
    net = Network([w.astype(float) for w in net.w], net.sigma, net.loss)
    a, o = forward(net, I[0])
    assume(all(np.abs(x[1:]).min() > 1e-9 for x in a[1:]))  # the corner of relu
    delta = backward(net, (a, o), D[0])
    arrays = {"a": a, "o": o, "delta": delta, "grad": gradient(o, delta), "w_new": step(net, I[0], D[0], 0.5).w}
    values = {s.symbol: s.value for s in trace(net, I[0], D[0], 0.5)}
    for name, layers in arrays.items():
        for l, array in enumerate(layers):
            if array is not None:
                traced = [values[name, l, *place] for place in np.ndindex(array.shape)]
                assert near(array.ravel(), traced, np.float64), (name, l)
    assert values["loss",] == pytest.approx(mean_loss(net, I[0], D[0]), rel=1e-8)


@PROPERTY
@given(ORDINARY, st.integers(1, 4), st.floats(-0.2, 0.2))
def test_training_is_repeated_steps_with_either_loss(example, batch_size, alpha):
    net, I, D = example
    dtype = net.w[0].dtype
    run = train(net, I, D, alpha, 2, batch_size, seed=7)
    assume(not run.diverged and run.loss[-1] < 100)
    rng, here, losses = np.random.default_rng(7), net, []
    for _ in range(2):
        order = rng.permutation(len(I))
        for start in range(0, len(I), batch_size):
            some = order[start : start + batch_size]
            here = step(here, I[some], D[some], alpha)
        losses.append(mean_loss(here, I, D))
    for w, v in zip(run.net.w, here.w, strict=True):
        assert near(w, v, dtype)
    np.testing.assert_allclose(run.loss, losses, rtol=1e-6 if dtype == np.float64 else 1e-2, atol=1e-12)


@PROPERTY
@given(ANY)
def test_numbers_of_any_size_are_silent_and_end_in_finite_weights_or_one_sentence(example):
    net, I, D = example
    a, o = forward(net, I)
    delta = backward(net, (a, o), D)
    assert all((array[:, 0] == 1).all() for array in o)
    assert all((array[:, 0] == 0).all() for array in delta[1:])
    loss = mean_loss(net, I, D)
    if net.loss is cross_entropy and np.abs(a[-1]).max() < 1e30:
        assert np.isfinite(loss)
    assert np.shape(net.loss.value(o[-1][:, 1:], D)) == (len(I),)
    for alpha in (0, 1e-300, 0.5, 1e300):
        try:
            new = step(net, I, D, alpha)
        except ValueError as told:
            assert "overflows" in str(told)  # noqa: PT017
        else:
            assert all(np.isfinite(w).all() for w in new.w)
            assert all((w[:, 0] == v[:, 0]).all() for w, v in zip(new.w, net.w, strict=True))
        run = train(net, I, D, alpha, 2)
        assert all(np.isfinite(w).all() for w in run.net.w)
        assert run.diverged or alpha or all((w == v).all() for w, v in zip(run.net.w, net.w, strict=True))
    trace(net, I[0], D[0], 0.5)


@PROPERTY
@given(ANY)
def test_a_network_comes_back_from_a_pickle_or_a_copy_bit_for_bit(example):
    net, I, _ = example
    again = [pickle.loads(pickle.dumps(net, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)]
    for other in (*again, copy.copy(net), copy.deepcopy(net)):
        assert (other.n, other.L, other.sigma, other.loss) == (net.n, net.L, net.sigma, net.loss)
        for w, v in zip(other.w, net.w, strict=True):
            assert w.dtype == v.dtype
            assert w.tobytes() == v.tobytes()
            assert not w.flags.writeable
        for x, y in zip(forward(other, I)[1], forward(net, I)[1], strict=True):
            np.testing.assert_array_equal(x, y)


@PROPERTY
@given(ORDINARY)
def test_nothing_that_is_given_is_changed_or_handed_back(example):
    net, I, D = example
    a, o = forward(net, I)
    delta = backward(net, (a, o), D)
    grad = gradient(o, delta)
    new = step(net, I, D, 0.5)
    run = train(net, I, D, 0.1, 2)
    trace(net, I[0], D[0], 0.5)
    given = [I, D, *net.w]
    made = [*a[1:], *o, *delta[1:], *grad, *new.w, *run.net.w]
    before = copy.deepcopy(given + made)
    for array in given[:2] + made:
        if array.flags.writeable:
            array += 1  # each is an array of its own: no other one moves
    for k, (array, was) in enumerate(zip(given + made, before, strict=True)):
        np.testing.assert_array_equal(array, was + 1 if array.flags.writeable else was, err_msg=str(k))
