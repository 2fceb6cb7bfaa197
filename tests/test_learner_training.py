"""Training on the learner's functions: the same as train where they are right, told and gone on with where not."""

import numpy as np
import pytest
from learners_steps import loops_after, my_step, summed

from mlpkit import Network, backward, cross_entropy, data, forward, gradient, identity, notation, step, tanh, train
from mlpkit.core.training import mean_loss
from mlpkit.exercises import sandbox
from mlpkit.exercises.learner import Own
from mlpkit.exercises.learner_training import OwnTraining

I, D = data.two_moons()
NET = Network.random([2, 4, 1], (None, tanh, identity), seed=3)


def slope_left_out(net, a_and_o, D):
    delta = backward(net, a_and_o, D)
    delta[1] = delta[2] @ net.w[1].T
    delta[1][..., 0] = 0
    return delta


def trained(functions, epochs=6, alpha=0.1, batch_size=16, seed=0, net=NET, I=I, D=D, **options):
    """(the Epochs, what was told, the NotRight that ended it or None)"""
    told, done = [], []
    training = OwnTraining(Own(functions), I, D, batch_size, told.append)
    try:
        for finished in training.epochs(net, net, alpha, epochs, seed, **options):
            done += finished
    except sandbox.NotRight as problem:
        return done, told, problem
    return done, told, None


@pytest.mark.parametrize(("batch_size", "seed"), [(16, 0), (16, 5), (None, 0), (200, 0), (1000, 0), (1, 2)])
@pytest.mark.parametrize(
    "functions",
    [{"step": my_step}, {"forward": forward, "backward": backward, "gradient": gradient}, {"backward": backward}],
)
def test_right_functions_train_as_the_kit_does(functions, batch_size, seed):
    done, told, problem = trained(functions, batch_size=batch_size, seed=seed)
    run = train(NET, I, D, 0.1, 6, batch_size, seed)
    assert (told, problem) == ([], None)
    assert [epoch.loss for epoch in done] == pytest.approx(run.loss, rel=1e-12)
    assert [epoch.kit_loss for epoch in done] == run.loss
    for ours, theirs, kits in zip(run.net.w, done[-1].net.w, done[-1].kit.w, strict=True):
        np.testing.assert_allclose(theirs, ours, rtol=1e-12)
        np.testing.assert_array_equal(kits, ours)
    assert (done[-1].net.sigma, done[-1].net.loss) == (NET.sigma, NET.loss)


def test_what_an_epoch_takes_is_measured_where_no_step_was_watched():
    done, _, _ = trained({"step": my_step})
    assert done[0].seconds is None
    assert all(epoch.seconds > 0 and epoch.kit_seconds > 0 for epoch in done[1:])
    assert all(epoch.seconds for epoch in trained({"step": my_step}, watched=False)[0])


def test_the_first_weight_that_differs_is_told_once_and_training_goes_on():
    done, told, problem = trained({"step": summed}, alpha=0.01)
    assert problem is None
    rows = np.random.default_rng(0).permutation(len(I))[:16]
    theirs, kits = step(NET, I[rows], D[rows], 0.16), step(NET, I[rows], D[rows], 0.01)
    first = next((l, i, j) for l in (0, 1) for i, j in np.argwhere(theirs.w[l] != kits.w[l]))
    l, i, j = map(int, first)
    became, right = (notation.number_text(net.w[l][i, j]) for net in (theirs, kits))
    assert told == [
        f"In step 1, {notation.text(('w', l, i, j))} becomes {became} with summed, but {right} with the kit’s step: "
        "the first number that differs."
    ]
    slow, fast = train(NET, I, D, 0.01, 6, 16), train(NET, I, D, 0.16, 6, 16)
    assert [epoch.kit_loss for epoch in done] == slow.loss
    assert done[0].loss == pytest.approx(fast.loss[0], rel=0.2)  # the last batch is smaller
    assert done[-1].loss == pytest.approx(mean_loss(done[-1].net, I, D))


def test_of_an_error_signal_the_example_is_told():
    done, told, _ = trained({"backward": slope_left_out})
    example = np.random.default_rng(0).permutation(len(I))[0]
    activations = forward(NET, I[[example]])
    theirs = slope_left_out(NET, activations, D[[example]])[1][0, 1]
    right = backward(NET, activations, D[[example]])[1][0, 1]
    assert told == [
        f"In step 1, δ₁¹ of example {example + 1} is {notation.number_text(theirs)} with slope_left_out, but "
        f"{notation.number_text(right)} with the kit’s backward: the first number that differs."
    ]
    assert len(done) == 6


def test_a_step_that_goes_wrong_only_later_in_the_first_epoch_is_found():
    def last_batch_summed(net, I, D, alpha):
        return step(net, I, D, alpha if len(I) == 16 else 2 * alpha)

    assert trained({"step": last_batch_summed})[1][0].startswith("In step 13, w₀₁⁰ becomes ")


def stops(net, I, D, alpha):
    return net.w[7]


def writes(net, I, D, alpha):
    I *= 2
    return step(net, I, D, alpha)


def drifts(net, I, D, alpha):
    w = [w.copy() for w in net.w]
    w[0][1, 0] = 0.5
    return w


def not_a_number(net, I, D, alpha):
    return [np.where(w == 0, 0, np.nan) for w in net.w]


@pytest.mark.parametrize(
    ("functions", "sentence"),
    [
        ({"step": lambda net, I, D, alpha: ...}, "returns `...`"),
        ({"step": stops}, "`stops` stops in line"),
        ({"step": writes}, "`writes` changed `I`"),
        ({"step": lambda net, I, D, alpha: net.w[:1]}, "`w` has 1 entry, but L - 1 = 2 are needed"),
        ({"step": lambda net, I, D, alpha: [w.T for w in net.w]}, r"`w\[0\]` has the shape \(5, 3\)"),
        ({"step": drifts}, r"What drifts gives is no network: w\[0\]\[1, 0\] is 0.5, but column 0 is fixed"),
        ({"step": not_a_number}, r"What not_a_number gives is no network: w\[0\]\[0, 0\] is nan"),
        ({"forward": lambda net, I: 3}, "You return the number 3. Needed: the pair"),
        ({"gradient": lambda o, delta: [None] * 2}, "a list that is not filled yet"),
    ],
)
def test_where_there_is_nothing_to_go_on_with_it_says_why(functions, sentence):
    done, _, problem = trained(functions)
    assert done == []
    with pytest.raises(sandbox.NotRight, match=sentence):
        raise problem


def test_a_loop_without_end_is_stopped_and_what_was_finished_before_it_counts(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.8)  # the calls before it end in it, on a busy machine too
    done, _, problem = trained({"step": loops_after(30)})
    assert problem.finding.time_up
    assert "`loops_later` was stopped after 0.8 seconds" in problem.finding.sentence
    assert len(done) == 2  # 13 steps each
    assert done[-1].loss == pytest.approx(train(NET, I, D, 0.1, 2, 16).loss[-1])


def test_where_alpha_is_too_large_for_the_kit_too_it_says_so():
    net = Network.random([2, 3, 1], identity, seed=0)
    done, _, problem = trained({"step": step}, net=net, alpha=500.0, epochs=100, batch_size=None)
    assert (
        problem.finding.sentence == "The next step is so large that a weight is no longer a number: take a smaller α."
    )
    assert all(np.isfinite(w).all() for w in done[-1].net.w)


def test_where_the_kit_diverges_alone_theirs_goes_on():
    def cautious(net, I, D, alpha):
        return step(net, I, D, alpha / 1e4)

    net = Network.random([2, 3, 1], identity, seed=0)
    done, told, problem = trained({"step": cautious}, net=net, alpha=500.0, epochs=60)
    assert (len(done), problem, len(told)) == (60, None, 1)
    assert train(net, I, D, 500.0, 60, 16).diverged
    assert np.isnan(done[-1].kit_loss)
    assert np.isfinite(done[-1].loss)


def test_others_have_their_turn_within_an_epoch_of_many_steps():
    turns = list(OwnTraining(Own({"step": step}), I, D, 1, print).epochs(NET, NET, 0.1, 1, 0))
    assert len(turns) >= 200  # each watched step
    assert [epoch.loss for finished in turns for epoch in finished] == train(NET, I, D, 0.1, 1, 1).loss


def test_cross_entropy_and_float32():
    net = Network.random([2, 3, 1], loss=cross_entropy, dtype=np.float32)
    done, told, problem = trained({"step": step}, net=net, alpha=0.5)
    assert (told, problem) == ([], None)
    assert done[-1].loss == pytest.approx(train(net, I, D, 0.5, 6, 16).loss[-1], rel=1e-4)
