"""The learning-rate laboratory: what it draws, against the kit's own functions, and what it says."""

import numpy as np
import pytest

from mlpkit import Network, data, identity, step, train
from mlpkit.core.training import mean_loss
from mlpkit.explorers.laboratory import along, losses_of, slope, walk
from mlpkit.notation import number_text
from mlpkit.widgets import step_laboratory, stuck_laboratory

I, D = data.xor()
NET = Network.random([2, 3, 1], seed=0)


def moved(net, l, i, j, number):
    w = [array.copy() for array in net.w]
    w[l][i, j] = number
    return Network(w, net.sigma, net.loss)


@pytest.mark.parametrize("batch_size", [None, 2, 1])
def test_without_momentum_the_walk_is_train(batch_size):
    nets = walk(NET, I, D, 2.0, 0.0, 7, batch_size)
    run = train(NET, I, D, 2.0, 7, batch_size)
    assert len(nets) == 8
    for w, v in zip(nets[-1].w, run.net.w, strict=True):
        np.testing.assert_allclose(w, v, rtol=1e-10, atol=1e-13)


def test_with_momentum_each_step_keeps_a_part_of_the_one_before():
    first, second, third = walk(NET, I, D, 2.0, 0.5, 2)
    for l in range(2):
        step_one, step_two = second.w[l] - first.w[l], third.w[l] - second.w[l]
        expected = -2.0 * slope(second, I, D)[l] + 0.5 * step_one
        np.testing.assert_allclose(step_two, expected, rtol=1e-12, atol=1e-15)


def test_a_walk_that_runs_away_ends():
    straight = Network.random([2, 1], identity)
    nets = walk(straight, I, D, 1e200, 0.0, 30)
    assert 1 <= len(nets) < 30
    assert all(np.isfinite(w).all() for net in nets for w in net.w)


def test_many_losses_at_once_are_the_mean_losses():
    dw = [-2.0 * g for g in slope(NET, I, D)]
    found = losses_of(NET, along(NET, dw, np.array([0.0, 1.0, 3.0])), I, D)
    after = step(NET, I, D, 2.0)
    third = Network([w + 3 * d for w, d in zip(NET.w, dw, strict=True)], NET.sigma, NET.loss)
    np.testing.assert_allclose(found, [mean_loss(net, I, D) for net in (NET, after, third)], rtol=1e-12)


def test_the_line_along_the_step_and_what_was_promised():
    lab = step_laboratory(NET, I, D, epochs=5)
    lab.values = {"alpha": 2.0, "epoch": 0}
    left = lab.shown["panels"][0]
    loss, promise = left["curves"]
    s = [at for at, _ in loss["points"]]
    assert s[0] == 0
    assert loss["points"][0][1] == pytest.approx(mean_loss(NET, I, D), rel=1e-4)
    one = [y for at, y in loss["points"] if at == 1]
    assert one == [pytest.approx(mean_loss(step(NET, I, D, 2.0), I, D), rel=1e-4)]
    promised = -2.0 * sum((g**2).sum() for g in slope(NET, I, D))
    rise = (promise["points"][3][1] - promise["points"][0][1]) / (promise["points"][3][0] - promise["points"][0][0])
    assert rise == pytest.approx(promised, rel=1e-2)
    places = {point["label"]: point["place"] for point in lab.shown["panels"][0]["points"]}
    assert places == {"now": "above", "the step": "below"}  # a short step leaves room for both
    pairs = dict(pair[:2] for pair in lab.shown["rows"][0]["pairs"])
    assert pairs["promised"] == number_text(promised)
    assert pairs["after the step"] == number_text(mean_loss(step(NET, I, D, 2.0), I, D))


def test_the_map_is_the_loss_over_the_two_weights():
    lab = step_laboratory(NET, I, D, epochs=5)
    lab.values = {"alpha": 5.0, "epoch": 4, "across": "w-0-1-2", "up": "w-1-0-1"}
    right = lab.shown["panels"][1]
    here = train(NET, I, D, 5.0, 4).net
    heat = right["heat"]
    across, up = np.linspace(*heat["x"], heat["columns"]), np.linspace(*heat["y"], heat["rows"])
    losses = np.array([[mean_loss(moved(moved(here, 0, 1, 2, a), 1, 0, 1, b), I, D) for a in across] for b in up])
    levels = np.rint(255 * (losses - losses.min()) / np.ptp(losses))
    shown = np.reshape(heat["levels"], levels.shape)
    assert abs(shown - levels).max() <= 1
    assert abs(shown.T - levels).max() > 20  # a swapped axis would be seen
    now = right["points"][0]
    assert (now["x"], now["y"]) == pytest.approx((here.w[0][1, 2], here.w[1][0, 1]))
    assert [curve["name"] for curve in right["curves"]] == ["all at once", "mini-batches of 2", "one by one"]
    assert [len(curve["points"]) for curve in right["curves"]] == [5, 5, 5]


def test_three_things_that_stand_still_are_told_with_their_number():
    lab = stuck_laboratory(I, D, epochs=20)
    assert "stands where σ is flat" in lab.shown["spoken"]  # it begins with what its title says
    lab.values = {"what": "dead"}
    assert "no weight into this neuron ever moves" in lab.shown["spoken"]
    for values, words in (
        ({"what": "saturated", "bias": 12}, "stands where σ is flat"),
        ({"what": "saturated", "bias": 0}, "stands where σ rises"),
        ({"what": "dead", "bias": -8}, "no weight into this neuron ever moves"),
        ({"what": "dead", "bias": 3}, "stands where σ rises"),
    ):
        lab.values = values
        assert words in lab.shown["spoken"]
    lab.values = {"what": "dead", "bias": -8}
    pairs = dict(pair[:2] for pair in lab.shown["rows"][0]["pairs"])
    assert (pairs["largest σ′"], pairs["its weights went"]) == ("0", "0")
    lab.values = {"what": "plateau"}
    flat = Network.random([2, 2, 1], seed=0)
    largest = max(abs(g).max() for g in slope(walk(flat, I, D, 1.0, 0.0, 20)[-1], I, D))
    assert number_text(largest) in lab.shown["spoken"]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: step_laboratory(NET, [[1, 2, 3]], D), "I "),
        (lambda: step_laboratory(NET, I, D, 0), "epochs is 0"),
        (lambda: stuck_laboratory(I, [[1, 2]] * 4), "D "),
    ],
)
def test_what_does_not_fit_is_told(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()
