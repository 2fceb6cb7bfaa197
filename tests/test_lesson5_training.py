"""What lesson 5 says of training on one's own step, and of the numbers that are opened meanwhile."""

import asyncio

import numpy as np
import pytest

from mlpkit import Network, backward, data, forward, gradient, step, train, train_epochs
from mlpkit.core.training import mean_loss
from mlpkit.explorers.playground.words import accuracy
from mlpkit.widgets import playground

I, D = data.two_moons()
EIGHT = Network.random([2, 8, 1], seed=0)


def my_step(net, I, D, alpha):
    a, o = forward(net, I)
    grad = gradient(o, backward(net, (a, o), D))
    return Network([net.w[l] - alpha * grad[l] for l in range(net.L - 1)], net.sigma, net.loss)


def first_layer_left(net, I, D, alpha):
    return Network([net.w[0], step(net, I, D, alpha).w[1]], net.sigma, net.loss)


def trained_on(function):
    return go_on(playground(EIGHT, I, D, alpha=5.0, batch_size=16, step=function), 400)


def go_on(widget, epochs):
    async def main():
        widget.start(epochs)
        while widget.running:
            await asyncio.sleep(0.001)

    asyncio.run(main())
    return widget


def test_on_a_right_step_the_losses_agree_to_about_14_digits():
    widget = trained_on(my_step)
    assert widget.loss == pytest.approx(widget.kit_loss, rel=1e-13)


def test_with_the_first_layer_left_as_it_is_the_loss_falls_all_the_same():
    widget = trained_on(first_layer_left)
    assert widget.shown["beside"][0].startswith("In step 1, w₀₁⁰ becomes ")
    assert mean_loss(EIGHT, I, D) == pytest.approx(0.122, abs=0.0005)
    loss = widget.loss
    assert loss == pytest.approx(0.047, abs=0.0006)
    assert round(100 * accuracy(widget.net, I, D)) == 87
    assert round(widget.kit_loss, 3) == 0.001
    assert go_on(widget, 100).loss > 0.9 * loss  # there it stays


def test_a_tenth_of_alpha_needs_ten_times_the_epochs():
    right = {
        epoch: accuracy(run.net, I, D)
        for epoch, run in enumerate(train_epochs(EIGHT, I, D, 0.5, 1600, 16, 0), 1)
        if epoch in (400, 1000, 1600)
    }
    assert right[400] < 0.9
    assert right[1000] < 0.9
    assert right[1600] > 0.97


def test_the_error_signal_of_example_21_rises_before_it_falls():
    example = 20
    assert D[example, 0] == 0
    outputs, deltas, sums = {}, {}, {}
    for epoch, run in enumerate(train_epochs(EIGHT, I, D, 5.0, 400, 16, 0), 1):
        activations = forward(run.net, I[example])
        outputs[epoch] = activations[1][2][1]
        sums[epoch] = np.stack([activations[1][1], run.net.w[1][:, 1]])
        deltas[epoch] = backward(run.net, activations, D[example])[2][1]
    assert [round(deltas[epoch], digits) for epoch, digits in ((50, 2), (140, 3), (400, 2))] == [0.07, 0.146, 0.04]
    assert round(outputs[50], 2) == 0.92
    assert all(0.8 < outputs[epoch] < 0.97 for epoch in range(20, 101))
    assert outputs[400] < 0.3
    steps = np.diff([deltas[epoch] for epoch in (80, 120, 140, 160, 200, 300, 400)])
    assert (steps[:2] > 0).all()
    assert (steps[2:] < 0).all()
    products = {epoch: sums[epoch].prod(axis=0).round(2) for epoch in (100, 400)}
    assert products[400].argmin() == 3
    assert (products[100][3], products[400][3]) == (-0.45, -2.71)
    assert (abs(sums[400][:, 3]) > 2 * abs(sums[100][:, 3])).all()  # both factors


def test_the_largest_error_signal_is_at_two_thirds():
    o = np.linspace(0, 1, 3001)
    delta = o * (1 - o) * o
    assert o[delta.argmax()] == pytest.approx(2 / 3)
    assert delta.max() == pytest.approx(4 / 27)
    assert round(4 / 27, 3) == 0.148
    d = backward(train(EIGHT, I, D, 5.0, 50, 16).net, forward(train(EIGHT, I, D, 5.0, 50, 16).net, I), D)[2][:, 1]
    assert abs(d).max() <= 4 / 27


def starts_that_differ_in_the_sixteenth_digit(count):
    start, rng = Network.random([2, 3, 1], seed=0), np.random.default_rng(0)
    for _ in range(count):
        w = [array.copy() for array in start.w]
        for array in w:
            array[:, 1:] *= 1 + 6e-16 * rng.uniform(-1, 1, array[:, 1:].shape)
        yield Network(w)


@pytest.mark.parametrize(("alpha", "learned"), [(70, {True}), (80, {False}), (95, {True}), (250, {False})])
def test_what_is_said_of_a_large_learning_rate_does_not_hang_on_the_last_digit(alpha, learned):
    runs = [train(start, *data.xor(), alpha, 2000) for start in starts_that_differ_in_the_sixteenth_digit(8)]
    assert {run.loss[-1] < 0.01 for run in runs} == learned
    if alpha == 80:  # in half of the epochs the loss rises
        assert all(np.mean(np.diff(run.loss) > 0) == pytest.approx(0.5, abs=0.01) for run in runs)


def test_with_150_whether_it_learns_hangs_on_the_last_digit():
    runs = [train(start, *data.xor(), 150, 2000) for start in starts_that_differ_in_the_sixteenth_digit(25)]
    assert 5 <= sum(run.loss[-1] < 0.01 for run in runs) <= 20  # about half of them
    assert all(np.sum(np.abs(np.array(run.loss) - 0.25) < 0.05) > 200 for run in runs)  # it lies there for hundreds
