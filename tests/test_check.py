"""The checks: right ways pass, wrong ones get the first number that differs, and nothing raises."""
# ruff: noqa: E501

import copy
import inspect
import math
import re
import sys
from collections import OrderedDict
from contextlib import suppress
from itertools import count

import mutants
import numpy as np
import pytest

import mlpkit
from mlpkit import (
    Activation,
    Loss,
    Network,
    check,
    cross_entropy,
    forward,
    half_squared_error,
    notation,
    relu,
    sigmoid,
    tanh,
    trace,
)
from mlpkit.core.functions import BUILT_IN_ACTIVATIONS
from mlpkit.exercises import sandbox, time_limit
from mlpkit.exercises.compare import order
from mlpkit.exercises.tasks import TASKS, alone_and_in_batches, cases_alone

pytestmark = pytest.mark.filterwarnings("error")

NAMES = list(TASKS)
BY_NAME = pytest.mark.parametrize("name", NAMES)


def ask(name, f):
    r = getattr(check, name)(f)
    holds(name, f, r)
    return r


def holds(name, f, r):
    """What holds for every result r of a check of f."""
    assert isinstance(r.passed, bool)
    assert r.mistake is None or (isinstance(r.mistake, str) and not r.passed)
    assert r.verdict in ("Right.", "Right for one example.", "Not yet.", "Not the same.")
    assert repr(r) == f"{r.verdict} {r.message}"
    assert f"<strong>{r.verdict}</strong>" in r._repr_html_()
    assert "<script" not in r._repr_html_()
    assert r.first_difference is None or r.verdict in ("Right for one example.", "Not the same.")
    for line in r.message.split("\n"):
        assert re.match(r"[A-Z`∂σL]", line), line
        assert line.count("`") % 2 == 0, line
        assert not re.search(r"np\.float|0x[0-9a-f]{6}", line), line
    assert repr(getattr(check, name)(f)) == repr(r)  # the same each time


def exact(answer):
    """What a function of the learner's gave, as plain data to the last digit."""
    if isinstance(answer, (list, tuple)):
        return [exact(one) for one in answer]
    return exact(answer.w) if isinstance(answer, Network) else None if answer is None else np.asarray(answer).tolist()


def learner(name):
    return mutants.make(name, mutants.SOURCE[name])


# Right


@BY_NAME
def test_a_right_function_passes(name):
    r = ask(name, learner(name))
    assert r.passed, r
    assert r.first_difference is None
    assert r.arguments == ()


@pytest.mark.parametrize(("name", "style", "text"), mutants.RIGHT, ids=lambda one: one if "\n" not in one else "")
def test_a_right_function_in_another_style_passes(name, style, text):
    r = ask(name, mutants.make(name, text))
    assert r.passed, r


@pytest.mark.parametrize("name", ["forward", "backward", "gradient", "step"])
def test_the_kits_own_function_passes(name):
    assert ask(name, getattr(mlpkit, name)).passed


@BY_NAME
def test_float32_is_near_enough(name):
    def shortened(value):
        if isinstance(value, Network):
            return Network([w.astype(np.float32) for w in value.w], value.sigma, value.loss)
        if isinstance(value, (list, tuple)):
            return type(value)(map(shortened, value))
        return np.asarray(value, np.float32) if isinstance(value, np.ndarray) else value

    f = learner(name)
    if name == "slope":  # a difference of losses loses float32's few digits, for any ε: only its result is shortened
        assert ask(name, lambda net, I, D, l, i, j, eps: np.float32(f(net, I, D, l, i, j, eps))).passed
        return

    def in_float32(*arguments):
        return shortened(f(*map(shortened, arguments)))

    r = ask(name, in_float32)
    assert r.passed, r


@pytest.mark.parametrize("by", [1 + 2e-5, 1 - 2e-5])
@BY_NAME
def test_a_relative_error_of_2e_5_is_seen(name, by):
    def off(value):
        if isinstance(value, Network):
            return [off(w) for w in value.w]
        if isinstance(value, (list, tuple)):
            return [off(one) for one in value]
        return None if value is None else value * by

    f = learner(name)
    r = ask(name, lambda *arguments: off(f(*arguments)))
    assert not r.passed
    shown = re.search("You have (.*), the kit has (.*).\n", r.message)
    assert shown[1] != shown[2]


def test_the_right_verdict_says_what_was_tried():
    nets = "on 4 networks of unequal widths and one of equal widths, with 5 σ, one example alone and in batches."
    said = {name: repr(ask(name, learner(name))) for name in NAMES}
    assert said == {
        "weights": "Right. The same as the formula of §1 for 4 pairs of W and b of unequal widths and one of equal widths.",
        "activations": "Right. The same as the formula of §2 for 4 pairs of layers of unequal widths and one of equal widths.",
        "forward": f"Right. The same as the formula of §2 {nets}",
        "slope": "Right. The same as the central difference at two weights in each of 4 networks, with 5 σ and two ε.",
        "output_delta": "Right. The same as the formula of §4 on 4 networks of unequal widths and one of equal widths, with 3 σ at the output "
        "and both losses.",
        "backward": f"Right. The same as the formula of §4 {nets}",
        "gradient": f"Right. The same as the formula of §3 {nets}",
        "step": f"Right. The same as the formula of §5 {nets}",
        "train": "Right. The same as the formula of §5 after 1, 3 and 5 epochs, on 4 networks of unequal widths and one of equal widths, with 5 σ, in batches.",
    }


def test_what_is_tried_is_what_it_says():
    nets = [case.net for case in cases_alone()]
    assert len({net.n for net in nets}) == 4
    for net in nets:
        assert len(set(net.n)) == net.L  # all widths differ
    assert {net.L for net in nets} == {2, 3, 4}
    assert {sigma for net in nets for sigma in net.sigma[1:]} == set(BUILT_IN_ACTIVATIONS)
    assert {net.loss for net in nets} == {half_squared_error, cross_entropy}
    for case in alone_and_in_batches():
        a, _ = forward(case.net, case.I)
        assert all(7 not in array.shape[-1:] for array in a[1:])
        assert abs(np.concatenate([array[..., 1:].ravel() for array in a[1:]])).min() > 1e-3  # no corner of relu
        for l, sigma in enumerate(case.net.sigma):
            if sigma is relu and case.batch:
                assert 0.1 < (a[l][..., 1:] > 0).mean() < 0.9  # on for some, off for others


# Not the same


@mutants.each_wrong
def test_every_mutant_is_caught(name, what):
    f, r = mutants.judged(name, what)
    holds(name, f, r)
    assert not r.passed
    assert r.arguments
    if r.first_difference is not None:
        assert mlpkit.notation.text(r.first_difference) in r.message
        assert re.search(r"You have .*, the kit has .*\.\nWhat makes it: §\d: ", r.message)
        # The arguments show it again: the learner's number and the right one are not the same there.
        assert exact(f(*copy.deepcopy(r.arguments))) != exact(learner(name)(*r.arguments))


def test_seven_rows_and_three_epochs_are_not_taken_for_granted():
    r = ask("gradient", mutants.mutant("gradient", [("len(o_rows))", "(7 if len(o_rows) > 1 else 1))")]))
    assert (
        "Networks of unequal widths are right, also in batches of 7; this is one in which a turned matrix fits too: a "
        "batch of 5, an example in each row, on a 3-3-3-3 network."
    ) in r.message
    assert not ask("train", mutants.mutant("train", [("range(epochs)", "range(min(epochs, 3))")])).passed


def test_the_first_difference_comes_in_the_order_of_the_trace():
    kinds = {"forward": "ao", "backward": ("delta",), "gradient": ("grad",), "step": ("w_new",), "train": ("w_new",)}
    for net in (case.net for case in cases_alone()):
        written = [s.symbol for s in trace(net, np.ones(net.n[0] - 1), np.ones(net.n[-1] - 1), 0.1)]
        for name, of_kind in kinds.items():
            assert TASKS[name].kinds == tuple(of_kind)
            symbols = [s for s in written if s[0] in of_kind and s[:2] != ("o", 0)]
            assert sorted(symbols, key=order) == symbols
    every = ask("backward", lambda net, ao, D: [None, *(d + 1 for d in mlpkit.backward(net, ao, D)[1:])])
    assert every.first_difference == ("delta", 2, 0)
    hidden = ask(
        "backward",
        lambda net, ao, D: [
            None,
            *((d + 1) * (d + 1) ** 0 for d in mlpkit.backward(net, ao, D)[1:-1]),
            mlpkit.backward(net, ao, D)[-1],
        ],
    )
    assert hidden.first_difference == ("delta", 1, 0)


def test_the_running_example_when_o_0_is_computed():
    forward = mutants.mutant("forward", [("        out[..., 0] = 1\n", "")])
    r = ask("forward", forward)
    assert r.first_difference == ("o", 1, 0)
    assert repr(r) == (
        "Not the same. The mistake: bias neuron computed. The output of neuron 0 comes out of σ here. It is the constant 1 in "
        "every layer, and σ(1) need not be 1. Look at lesson 2, “The neuron that must not be computed”.\n"
        "The first number that differs is o₀¹ (`o[1][0]`), the bias neuron of layer 1: the constant 1. "
        "You have 0.7311, the kit has 1.\n"
        "What makes it: §2: o₀¹ = 1, as in every layer.\n"
        "This is the running example: `I = [0.5, 1.0]`. After `r = check.forward(forward)`: `Stepper.of(r)` opens this "
        "number, `forward(*r.arguments)` runs it again, `r.hint()` gives a hint."
    )


@pytest.mark.parametrize(
    ("name", "lines", "symbol", "said"),
    [
        ("weights", [("= b", "= -b")], ("w", 0, 0, 1), ["w₀₁⁰ (`[0, 1]`)", "You have −0.1, the kit has 0.1.", "§1: row 0 of w holds the biases", "`b = [0.1, -0.2, 0.3]`"]),
        ("activations", [("o_before @ w", "o_before[1:] @ w[1:]")], ("a", 1, 0), ["a₀¹ (`[0]`)", "You have 0, the kit has 1.", "§2: a₀¹ = Σⱼ oⱼ⁰ wⱼ₀⁰, j from 0 to 2."]),
        ("forward", [("net.sigma[l + 1](here)", "here.copy()")], ("o", 1, 1), ["o₁¹ (`o[1][1]`), the output of neuron 1 in layer 1", "You have 0.05, the kit has 0.5125.", "§2: o₁¹ = σ(a₁¹), here with σ: sigmoid."]),
        ("output_delta", [("* net.loss", "* -net.loss")], ("delta", 2, 1), ["δ₁² (`[1]`)", "You have 0.1047, the kit has −0.1047.", "§4: δ₁² = σ′(a₁²) · ∂L̃/∂o₁², here with σ: sigmoid and L̃: half squared error."]),
        ("backward", [("net.sigma[l].derivative(a[l]) * back", "back")], ("delta", 1, 1), ["δ₁¹ (`delta[1][1]`)", "You have −0.07328, the kit has −0.01831.", "§4: δ₁¹ = σ′(a₁¹) Σₖ w₁ₖ¹ δₖ², k from 1 to 1, here with σ: sigmoid."]),
        ("backward", [("        delta[l][..., 0] = 0\n", "")], ("delta", 1, 0), ["δ₀¹ (`delta[1][0]`)", "the kit has 0.\n", "§4: δ₀¹ = 0, since o₀¹ is a constant."]),
        ("gradient", [("o_rows.T @", "-o_rows.T @")], ("grad", 0, 0, 1), ["∂L̃/∂w₀₁⁰ (`grad[0][0, 1]`)", "You have 0.01831, the kit has −0.01831.", "§3: ∂L̃/∂w₀₁⁰ = δ₁¹ o₀⁰."]),
        ("step", [("w - alpha", "w + alpha")], ("w_new", 0, 0, 1), ["w₀₁⁰ new (`w[0][0, 1]`)", "You have 0.09085, the kit has 0.1092.", "§5: w₀₁⁰ new = w₀₁⁰ + Δw₀₁⁰, where Δw₀₁⁰ = −α δ₁¹ o₀⁰, all from the old weights.", "`alpha = 0.5`"]),
        ("step", [("    return [", "    for g in grad:\n        g[:, 0] = 0.1\n    return [")], ("w_new", 0, 0, 0), ["w₀₀⁰ new", "You have 0.95, the kit has 1.", "§5: column 0 is never changed."]),
        ("train", [("range(epochs)", "range(1)")], ("w_new", 0, 0, 1), ["here 3 times, from the new weights each time"]),
        ("slope", [("(2 * eps)", "eps")], ("grad", 0, 1, 3), ["∂L̃/∂w₁₃⁰, how fast", "You have −0.007449, the kit has −0.003725.", "§3: ∂L̃/∂w₁₃⁰ ≈ (L̃(w₁₃⁰ + ε) − L̃(w₁₃⁰ − ε)) / 2ε"]),
    ],
)  # fmt: skip
def test_the_running_example_in_words(name, lines, symbol, said):
    r = ask(name, mutants.mutant(name, lines))
    assert r.first_difference == symbol
    batch = "This is a batch of 7, an example in each row, on the network of the running example."
    for words in (*said, batch if name == "train" else "This is the running example"):
        assert words in r.message


def test_a_difference_in_another_network_and_how_to_see_it_again():
    lines = [("net.sigma[l].derivative(a[l])", "(o[l] * (1 - o[l]))")]
    backward = mutants.mutant("backward", lines)
    r = ask("backward", backward)
    assert r.first_difference == ("delta", 1, 1)
    assert (
        "The running example agrees; this is a 4-2-3 network with σ: relu, identity and L̃: half squared error. "
        "After `r = check.backward(backward)`: `Stepper.of(r)` opens this number, `backward(*r.arguments)` runs it again, "
        "`r.hint()` gives a hint."
    ) in r.message
    net, (a, o), D = r.arguments
    theirs = backward(net, (a, o), D)[1][1]
    right = mlpkit.backward(net, (a, o), D)[1][1]
    assert (
        f"You have {mlpkit.notation.number_text(theirs)}, the kit has {mlpkit.notation.number_text(right)}."
        in r.message
    )
    assert "(*r.arguments)" in ask("forward", lambda net, I: [x * 2 for x in ([1], [2])] and _one_wrong(net, I)).message


def _one_wrong(net, I):
    a, o = forward(net, I)
    if net.L == 4:
        o[3] = o[3] * 1.5
    return a, o


def test_a_difference_in_batches_only():
    gradient = mutants.mutant("gradient", [(" / len(o_rows)", "")])
    r = ask("gradient", gradient)
    assert r.first_difference == ("grad", 0, 0, 1)
    assert (
        "One example alone is right everywhere; this is a batch of 7, an example in each row, on the network of the running example."
        in r.message
    )
    assert "the mean of it over the examples" in r.message

    def third(net, I):
        a, o = forward(net, I)
        if o[0].ndim > 1:
            o[1][3, 2] += 1
        return a, o

    r = ask("forward", third)
    assert r.first_difference == ("o", 1, 2)
    assert "o₂¹ (`o[1][3, 2]`), the output of neuron 2 in layer 1 in example 3 of the batch." in r.message


def test_the_slope_to_one_side_is_right_and_told_apart():
    name, _, text = next(one for one in mutants.RIGHT if one[:2] == ("slope", "to one side"))
    r = ask(name, mutants.make(name, text))
    assert repr(r) == (
        "Right. The same as the difference to one side at two weights in each of 4 networks, with 5 σ and two ε. Halve ε, and its error halves; that of the central difference becomes a quarter."
    )


# Wrong in type, shape or length


def answer_with(change):
    """forward with its answer changed."""

    def f(net, I):
        return change(*forward(net, I))

    return f


def with_entry(l, value):
    def change(a, o):
        o[l] = value(o[l])
        return a, o

    return answer_with(change)


N_COUNTS = "here n = (3, 4, 2), and n counts the bias neuron."


@pytest.mark.parametrize(
    ("f", "sentence"),
    [
        (answer_with(lambda a, o: o), "You return a list of 3. Needed: the pair (a, o) of two lists, one entry for each layer."),
        (answer_with(lambda a, o: 3), "You return the number 3. Needed: the pair (a, o) of two lists, one entry for each layer."),
        (answer_with(lambda a, o: "a, o"), "You return 'a, o'. Needed: the pair (a, o) of two lists, one entry for each layer."),
        (answer_with(lambda a, o: {"a": a, "o": o}), "You return a dict of 2. Needed: the pair (a, o) of two lists, one entry for each layer."),
        (answer_with(lambda a, o: (x for x in (a, o))), "You return a generator. Needed: the pair (a, o) of two lists, one entry for each layer."),
        (answer_with(lambda a, o: (a[-1], o[-1])), "For `a` you give an array of shape (2,). Needed: a list a with one entry for each layer."),
        (answer_with(lambda a, o: (a[1:], o)), "`a` has 2 entries, but L = 3 are needed, with a[0] = None, since layer 0 has no activation."),
        (answer_with(lambda a, o: (a, o[1:])), "`o` has 2 entries, but L = 3 are needed."),
        (answer_with(lambda a, o: ([o[0], *a[1:]], o)), "`a[0]` is an array of shape (3,), but None is needed: layer 0 has no activation."),
        (answer_with(lambda a, o: ([None, None, a[2]], o)), "`a[1]` is None, but numbers are needed."),
        (with_entry(1, lambda o: o[1:]), f"`o[1]` has the shape (3,), but (n^1,) = (4,) is needed: {N_COUNTS}"),
        (with_entry(1, lambda o: o[:, None]), f"`o[1]` has the shape (4, 1), but (n^1,) = (4,) is needed: {N_COUNTS}"),
        (with_entry(0, lambda o: 1.0), f"`o[0]` has the shape (), but (n^0,) = (3,) is needed: {N_COUNTS}"),
        (with_entry(2, lambda o: "x"), "`o[2]` is 'x', but numbers are needed."),
        (with_entry(2, lambda o: [1.0, "x"]), "`o[2]` holds 'x', but numbers are needed."),
        (with_entry(2, lambda o: [1, 10**30]), "`o[2]` holds a whole number of 31 digits, too long for an array, but numbers"),
        (answer_with(lambda a, o: (a[:1], o)), "The mistake: layers not appended"),
        (answer_with(lambda a, o: ([], o)), "`a` has 0 entries, but"),
        (answer_with(lambda a, o: iter(o)), "You return a list_iterator. Needed: the pair"),
        (answer_with(lambda a, o: OrderedDict(a=a)), "You return an OrderedDict of 1. Needed: the pair"),
        (answer_with(lambda a, o: (a[:1], o[:1] * 2)), "`a` has 1 entry, but L = 3 are needed"),
        (with_entry(2, lambda o: [1, [2, 3]]), "`o[2]` has rows of different lengths, but an array is needed."),
        (with_entry(2, lambda o: o * 1j), "`o[2]` is an array of dtype complex128, but numbers are needed."),
        (with_entry(1, lambda o: o.astype(object)), "`o[1]` is an array of dtype object, but numbers are needed."),
    ],
    ids=range(24),
)  # fmt: skip
def test_what_does_not_fit_is_told_in_one_sentence(f, sentence):
    r = ask("forward", f)
    assert r.verdict == "Not the same."
    assert r.first_difference is None
    assert any(line.startswith(sentence) for line in r.message.split("\n")[:2])


@pytest.mark.parametrize(
    ("name", "f", "sentence"),
    [
        ("forward", with_entry(1, lambda o: o[:1] if o.ndim > 1 else o), "`o[1]` has the shape (1, 4), but (7, n^1) = (7, 4) is needed for a batch of 7: here n = (3, 4, 2), and n counts the bias neuron."),
        ("backward", lambda net, ao, D: mlpkit.backward(net, ao, D)[1:], "`delta` has 2 entries, but L = 3 are needed, with delta[0] = None, since layer 0 has no activation, and so no δ."),
        ("gradient", lambda o, delta: [g.T for g in mlpkit.gradient(o, delta)], f"`grad[0]` has the shape (4, 3), but (n^0, n^1) = (3, 4) is needed: {N_COUNTS}"),
        ("gradient", lambda o, delta: mlpkit.gradient(o, delta)[0], "For `grad` you give an array of shape (3, 4). Needed: the list grad, one matrix for each matrix of w, of the same shape."),
        ("gradient", lambda o, delta: [None, *mlpkit.gradient(o, delta)], "`grad` has 3 entries, but L - 1 = 2 are needed."),
        ("step", lambda net, I, D, alpha: 0.5, "For `w` you give the number 0.5. Needed: a new Network, or the list of its new weights."),
        ("slope", lambda net, I, D, l, i, j, eps: [1.0, 2.0], "What you return has the shape (2,), but one number is needed."),
        ("slope", lambda net, I, D, l, i, j, eps: "1", "What you return is '1', but one number is needed."),
        ("output_delta", lambda net, a, o, D: o[-1][1:], f"What you return has the shape (1,), but (n^2,) = (2,) is needed: {N_COUNTS}"),
        ("weights", lambda W, b: W, f"What you return has the shape (2, 3), but (n^0, n^1) = (3, 4) is needed: {N_COUNTS}"),
    ],
    ids=range(10),
)  # fmt: skip
def test_what_does_not_fit_elsewhere(name, f, sentence):
    r = ask(name, f)
    assert r.verdict == ("Right for one example." if "a batch of" in sentence else "Not the same.")
    assert any(line.startswith(sentence) for line in r.message.split("\n")[:2])


def test_not_a_number_is_a_difference():
    r = ask("forward", with_entry(1, lambda o: np.where(np.arange(4) == 2, np.nan, o) if o.shape == (4,) else o))
    assert r.first_difference == ("o", 1, 2)
    assert "You have NaN (not a number), the kit has 0.5498." in r.message
    r = ask("forward", with_entry(1, lambda o: o * np.inf))
    assert "You have ∞, the kit has 1." in r.message


def test_warnings_inside_are_kept_quiet():
    def loud(net, I):
        np.exp(1000.0 * np.ones(2))
        import warnings

        warnings.warn("careful", stacklevel=1)
        return forward(net, I)

    assert ask("forward", loud).passed


# Changed arguments


def test_changed_arguments_are_a_difference():
    def changes_I(net, I):
        a, o = forward(net, I)
        I += 1
        return a, o

    def changes_o(net, ao, D):
        delta = mlpkit.backward(net, ao, D)
        ao[1][1][0] = 7
        return delta

    def changes_list(o, delta):
        grad = mlpkit.gradient(o, delta)
        delta.pop()
        return grad

    def changes_net(net, I):
        object.__setattr__(net, "w", (net.w[0], net.w[1] + 1, *net.w[2:]))  # the arrays themselves cannot be opened
        return forward(Network(cases_alone()[0].net.w), I)

    for name, f, what in (
        ("forward", changes_I, "`changes_I` changed `I`"),
        ("backward", changes_o, "`changes_o` changed `o[1]`"),
        ("gradient", changes_list, "`changes_list` changed the length of `delta`"),
        ("forward", changes_net, "`changes_net` changed `net.w[1]`"),
    ):
        r = ask(name, f)
        assert r.verdict == "Not the same."
        assert r.message.split("\n")[0] == f"{what}, which it is given to read: let it use a copy."
        # The kit's own cases are as they were.
        assert getattr(check, name)(learner(name)).passed


def test_the_arguments_are_fresh_copies():
    r = check.forward(mutants.mutant("forward", [("        out[..., 0] = 1\n", "")]))
    r.arguments[1][:] = 99
    assert cases_alone()[0].I.tolist() == [0.5, 1.0]
    assert check.forward(learner("forward")).passed


# Not yet


def stub(*arguments): ...


@BY_NAME
@pytest.mark.parametrize(
    "empty", [None, ..., [...], [None, ...], (None, None), [[None], [None, ...]], np.array([..., 1])], ids=repr
)
def test_an_empty_function_gets_a_nudge(name, empty):
    question = TASKS[name]
    r = ask(name, lambda *arguments: empty)
    assert r.verdict == "Not yet."
    assert r.message.endswith(f"Needed: {question.needed} (§{question.section}).")


@BY_NAME
def test_no_function_at_all(name):
    question = TASKS[name]
    for f in (None, ...):
        r = ask(name, f)
        assert repr(r) == f"Not yet. There is no function yet. Needed: {question.needed} (§{question.section})."
    r = ask(name, [1, 2])
    assert r.message.startswith(
        f"You gave a list of 2. Give the function itself, without calling it: `check.{name}({name})`."
    )
    assert r.verdict == "Not yet."


def test_a_stub_returns_nothing_yet():
    assert ask("forward", stub).message == (
        "`stub` returns nothing yet. Needed: the pair (a, o) of two lists, one entry for each layer (§2)."
    )


def test_dots_that_still_stand_inside():
    def backward(net, ao, D):
        delta = ...
        return delta * 2

    assert ask("backward", backward).message == (
        f"In `backward` a `...` still stands in line {inspect.getsourcelines(backward)[1] + 2}, `return delta * 2`. "
        "Needed: the list delta, one entry for each layer (§4)."
    )


def test_where_neuron_0_is_on_one_side_only_it_is_said():
    def forward_with_D(net, I):
        return np.ones((7, 3)) - np.ones((7, 2))

    r = ask("forward", forward_with_D)
    assert "no number for number. One of them may still hold neuron 0, and the other not." in r.message
    hint = "Are the two arrays of one layer, and does one of them still hold neuron 0? `[..., 1:]` leaves it out."
    assert r.hints == (hint,)
    r = ask("forward", lambda net, I: np.ones(4) - np.ones(2))
    assert "neuron 0" not in r.message


def test_a_place_with_too_little_room_is_told_in_numbers():
    def b_in_columns_alone(W, b):
        w = np.zeros((3, 3))
        w[0, 1:] = b
        return w

    said = "into shape (2,). The right side has 3 numbers, the place on the left has room for 2.\n"
    assert said in ask("weights", b_in_columns_alone).message


def test_a_neuron_taken_for_its_layer_is_told():
    def layer_of_inputs(net, I):
        a, o = forward(net, I)
        return a, [1, *o[1:]]

    def delta_of_layer_0(net, ao, D):
        return [0, *mlpkit.backward(net, ao, D)[1:]]

    assert (
        "`o[0]` is all of layer 0. Neuron 0 of the new layer is `o_next[0]`." in ask("forward", layer_of_inputs).message
    )
    assert "and so no δ. Neuron 0 of layer l is `delta[l][0]`.\n" in ask("backward", delta_of_layer_0).message


def test_the_product_for_rows_is_told_with_one_example():
    def gradient(o, delta):
        grad = []
        for l in range(len(o) - 1):
            grad.append(o[l].T @ delta[l + 1])
        return grad

    r = ask("gradient", gradient)
    said = (
        "With one example `o[l]` and `delta[l + 1]` are vectors: `.T` changes nothing, and `@` wants one sum, not a "
        "table. Use `np.outer` first."
    )
    assert said in r.message
    assert r.hints == (said,)
    assert r.mistake is None


def test_a_neuron_by_its_number_is_an_example_in_a_batch():
    def gradient(o, delta):
        grad = []
        for l in range(len(o) - 1):
            g = np.zeros((o[l].shape[-1], delta[l + 1].shape[-1]))
            for i, j in np.ndindex(g.shape):
                g[i, j] = o[l][i] * delta[l + 1][j]
            grad.append(g)
        return grad

    r = ask("gradient", gradient)
    said = "In a batch `o[l][i]` is the whole example i, and not neuron i: neuron i is `o[l][..., i]`."
    assert r.verdict == "Right for one example."
    assert said in r.message
    assert r.hints == (said,)
    assert "still hold neuron 0" not in r.message


def test_where_a_layer_is_not_there_the_hint_asks_for_it():
    r = ask("gradient", lambda o, delta: [np.outer(o[l], delta[l]) for l in range(len(o) - 1)])
    assert "`a[0]`, `delta[0]` and `net.sigma[0]` are None, since layer 0 has none (§1)." in r.message
    assert r.hints == ("Which layer does the line that stopped ask for, and what is there of it?",)


def test_an_exception_is_reported_with_the_learners_own_line():
    def helper(x):
        return np.ones((2, 3)) @ x  # theirs too

    def forward(net, I):
        return helper(I)

    r = ask("forward", forward)
    line = inspect.getsourcelines(helper)[1] + 1
    first, given, where = r.message.split("\n")
    assert r.verdict == "Not yet."
    assert first.startswith(
        f"`forward` stops in line {line} of `helper`, `return np.ones((2, 3)) @ x # theirs too`, with ValueError: the two "
        "that @ multiplies do not fit: the left one has 3 numbers along its last axis, and the right one has 2 along its first."
    )
    assert given == "It was given `net` with n = (3, 4, 2), `I` of shape (2,)."
    assert where == (
        "This is the running example: `I = [0.5, 1.0]`. After `r = check.forward(forward)`: `forward(*r.arguments)` runs it "
        "again, `r.hint()` gives a hint."
    )


def test_an_exception_inside_the_kit_is_put_down_to_the_learners_line():
    def step(net, I, D, alpha):
        w = list(net.w)
        return Network(w[1:], net.sigma, net.loss)

    r = ask("step", step)
    line = inspect.getsourcelines(step)[1] + 2
    assert r.message.startswith(
        f"`step` stops in line {line}, `return Network(w[1:], net.sigma, net.loss)`, with ValueError: sigma has 3"
    )


@pytest.mark.parametrize(
    "error",
    [ValueError(), KeyError("x"), ZeroDivisionError("by zero!"), SystemExit(3), RecursionError("deep"), MemoryError(), StopIteration("`x`"), AssertionError("a\nb" * 300), Exception("ends.")],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
@BY_NAME
def test_no_exception_gets_out(name, error):
    def stops(*arguments):
        raise error

    r = ask(name, stops)
    assert r.verdict == "Not yet."
    assert f"with {type(error).__name__}" in r.message
    assert len(r.message) < 700


def test_hints_for_what_numpy_says():
    def step(net, I, D, alpha):
        net.w[0][:] -= alpha

    assert (
        "The arrays of a Network cannot be written to: make a copy, and a new Network from it."
        in ask("step", step).message
    )
    ramp = Activation("ramp", "", lambda a: a if a > 0 else 0 * a, lambda a: 1.0)
    assert "It is given a whole array: choose number by number, with np.where." in check.activation(ramp).message
    # Of an array of one number an older NumPy makes a number.
    alone = Activation("alone", "", lambda a: np.array([math.tanh(a)]), lambda a: 1.0)
    assert "one number alone: take np.tanh for math.tanh." in check.activation(alone).message


def test_a_function_with_other_arguments():
    def backward(net, D): ...

    assert ask("backward", backward).message == (
        "`backward` takes (net, D), but it is called as `backward(net, (a, o), D)`."
    )
    assert ask("forward", lambda: 1).message == "Your function takes (), but it is called as `forward(net, I)`."
    assert ask("forward", sigmoid).verdict == "Not yet."
    assert ask("gradient", max).verdict == "Not yet."
    assert not ask("forward", dict).passed


def test_printing_is_let_be(capsys):
    def forward(net, I):
        print("here")
        return mlpkit.forward(net, I)

    assert check.forward(forward).passed
    assert "here" in capsys.readouterr().out


# An Activation and a Loss

swish = Activation("swish", r"a \sigma(a)", lambda a: a * sigmoid(a), lambda a: sigmoid(a) + a * sigmoid.derivative(a))
leaky = Activation("leaky", "", lambda a: np.where(a > 0, a, 0.1 * a), lambda a: np.where(a > 0, 1, 0.1))
hard = Activation("hard", "", lambda a: np.clip(a, -1, 1), lambda a: 1.0 * (abs(a) < 1))
line = Activation("line", "2a", lambda a: 2 * a, lambda a: 2.0)


@pytest.mark.parametrize("sigma", [*BUILT_IN_ACTIVATIONS, swish, leaky, hard, line], ids=lambda sigma: sigma.name)
def test_a_right_activation(sigma):
    r = ask("activation", sigma)
    assert repr(r) == "Right. σ′ is the slope of σ at 23 values of a from −3 to 3, in arrays of any shape."


def from_o(f):
    return Activation("tanh", "", tanh.value, tanh.derivative, f)


@pytest.mark.parametrize(
    ("sigma", "verdict", "said"),
    [
        (Activation("s", "", swish.value, sigmoid.value), "Not the same.", "At a = 0.05 your σ′(a) is 0.5125, but the slope of your σ there is 0.5250."),
        (Activation("s", "", tanh.value, lambda a: 1 - a**2), "Not the same.", "At a = 0.05 your σ′(a) is 0.9975, but the slope of your σ there is 0.997504."),
        (Activation("s", "", sigmoid.value, lambda o: o * (1 - o)), "Not the same.", "At a = 0.05 your σ′(a) is 0.0475, but the slope"),
        (Activation("s", "", leaky.value, lambda a: 1.0 * (a > 0)), "Not the same.", "At a = −2.95 your σ′(a) is 0, but the slope of your σ there is 0.1"),
        (from_o(lambda o: 1 - o), "Not the same.", "At a = 0.05 your σ′ written in o is 0.95"),
        (Activation("s", "", lambda a: np.exp(a) / np.exp(a).sum(), tanh.derivative), "Not the same.", "In an array, σ(a) is"),
        (Activation("s", "", lambda a: np.sqrt(a), tanh.derivative), "Not the same.", "σ(a) is not a number for `a = [-2.95]`."),
        (Activation("s", "", lambda a: a.sum(), tanh.derivative), "Not the same.", "For a of shape (1,), σ(a) is the number 0.05, but one number for each a is needed."),
        (Activation("s", "", tanh.value, lambda a: "1"), "Not the same.", "For a of shape (1,), σ′(a) is '1', but one number for each a is needed."),
        (Activation("s", "", tanh.value, lambda a: [[1], [1, 2]]), "Not the same.", "For a of shape (1,), σ′(a) is a list of 2, but one number for each a is needed."),
        (Activation("s", "", np.tanh, lambda a: np.add(a, 1, out=a)), "Not the same.", "Your function changed `a`, which it is given to read"),
        (Activation("s", "", tanh.value, ...), "Not yet.", "There is nothing to try yet: make it with `Activation(name, latex, value, derivative)` (§1)."),
        (Activation("s", "", tanh.value, lambda a: ...), "Not yet.", "Your function returns `...`."),
        (Activation("s", "", tanh.value, lambda a: None), "Not yet.", "Your function returns nothing yet."),
        (Activation("s", "", tanh.value, None), "Not yet.", "with TypeError: 'NoneType' object is not callable."),
        (Activation("s", "", tanh.value, lambda a: a.nothing), "Not yet.", "with AttributeError: 'numpy.ndarray' object has no attribute 'nothing'."),
        (..., "Not yet.", "There is nothing to try yet"),
        (None, "Not yet.", "There is nothing to try yet"),
        (np.tanh, "Not the same.", "<ufunc 'tanh'> is no Activation: make it with"),
    ],
    ids=range(19),
)  # fmt: skip
def test_a_wrong_activation(sigma, verdict, said):
    r = ask("activation", sigma) if sigma is not np.tanh else check.activation(sigma)
    assert (r.verdict, said in r.message) == (verdict, True), r
    assert r.first_difference is None


quartic = Loss("quartic", "", lambda o, D: ((o - D) ** 4).sum(-1), lambda o, D: 4 * (o - D) ** 3)
coupled = Loss(
    "coupled", "", lambda o, D: (o - D).sum(-1) ** 2, lambda o, D: 2 * (o - D).sum(-1, keepdims=True) + 0 * o
)


@pytest.mark.parametrize("loss", [half_squared_error, cross_entropy, quartic, coupled], ids=lambda loss: loss.name)
def test_a_right_loss(loss):
    r = ask("loss", loss)
    assert repr(r) == "Right. ∂L̃/∂o is the slope of L̃ for 1, 2 and 3 outputs, one example alone and in batches."


def squared(o, D):
    return ((o - D) ** 2).sum(-1)


@pytest.mark.parametrize(
    ("loss", "verdict", "said"),
    [
        (Loss("s", "", squared, lambda o, D: o - D), "Not the same.", "For `o = [0.5723]` and `D = [1.0]` your ∂L̃/∂o by output 1 is −0.4277, but the slope of your L̃ there is −0.8554."),
        (Loss("s", "", squared, lambda o, D: 2 * (D - o)), "Not the same.", "is 0.8554, but the slope of your L̃ there is −0.8554."),
        (Loss("s", "", squared, lambda o, D: 2 * (o - D) / o.shape[-1]), "Not the same.", "your ∂L̃/∂o by output 1 is"),
        (Loss("s", "", squared, lambda o, D: 2 * (o - D) / len(o) ** (o.ndim > 1)), "Not the same.", "(example 0 of a batch of 7)"),
        (Loss("s", "", lambda o, D: squared(o, D).mean(), lambda o, D: 2 * (o - D)), "Not the same.", "For o of shape (7, 2) and D of shape (7, 2), L̃ is the number"),
        (Loss("s", "", lambda o, D: (o - D) ** 2, lambda o, D: 2 * (o - D)), "Not the same.", "For o of shape (1,) and D of shape (1,), L̃ is an array of shape (1,), but one number for each example is needed."),
        (Loss("s", "", squared, lambda o, D: 2 * (o - D).sum(-1)), "Not the same.", "∂L̃/∂o is the number −0.8554, but one number for each output is needed."),
        (Loss("s", "", lambda o, D: squared(o, D) * np.nan, squared), "Not the same.", "L̃ is not a number for `o = [0.5723]` and `D = [1.0]`."),
        (Loss("s", "", squared, ...), "Not yet.", "There is nothing to try yet: make it with `Loss(name, latex, value, gradient)` (§1)."),
        (Loss("s", "", squared, lambda o, D: 1 / 0), "Not yet.", "with ZeroDivisionError: division by zero."),
        (Loss("s", "", squared, lambda o: o), "Not yet.", "with TypeError: "),
        (None, "Not yet.", "There is nothing to try yet"),
        (tanh, "Not the same.", "Activation(tanh) is no Loss: make it with"),
    ],
    ids=range(13),
)  # fmt: skip
def test_a_wrong_loss(loss, verdict, said):
    r = ask("loss", loss)
    assert (r.verdict, said in r.message) == (verdict, True), r


# What is shown


def test_the_box_has_a_word_a_line_and_no_colour_alone():
    right = check.forward(forward)._repr_html_()
    wrong = ask("forward", mutants.mutant("forward", [("        out[..., 0] = 1\n", "")]))._repr_html_()
    empty = check.forward(...)._repr_html_()
    for box, word, line in (
        (right, "Right.", "solid"),
        (wrong, "Not the same.", "dashed"),
        (empty, "Not yet.", "dotted"),
    ):
        assert f"<strong>{word}</strong>" in box
        assert f"border-left:4px {line} var(--jp-" in box
        assert "<code>" in box or box is not wrong
        assert "`" not in box
    assert "<code>o[1][0]</code>" in wrong


def test_what_the_learner_wrote_is_escaped():
    def forward(net, I):
        raise ValueError("<b>1 & 2</b> `code`")

    assert "&lt;b&gt;1 &amp; 2&lt;/b&gt; 'code'" in check.forward(forward)._repr_html_()


def test_two_numbers_that_differ_are_shown_different():
    assert notation.two_numbers(0.5, 0.25) == ("0.5", "0.25")
    assert notation.two_numbers(0.123456789, 0.123456) == ("0.123457", "0.123456")
    assert notation.two_numbers(-1.00001, -1.0) == ("−1.00001", "−1")
    assert notation.two_numbers(1 + 2**-52, 1.0)[0] != "1"


@pytest.mark.parametrize("watch", ["at_every_line", "by_a_thread"])
def test_a_loop_without_end_is_stopped(monkeypatch, watch):
    if watch == "at_every_line" and not hasattr(sys, "monitoring"):
        pytest.skip("sys.monitoring is new in Python 3.12")
    monkeypatch.setattr(sandbox, "SECONDS", 0.05)
    monkeypatch.setattr(time_limit, "at_every_line", getattr(time_limit, watch))
    monkeypatch.setattr(time_limit, "by_a_thread", getattr(time_limit, watch))

    def never_ends(net, I):
        while True:
            with suppress(Exception):  # also one that catches what it can
                I = I + 1

    result = check.forward(never_ends)
    assert not result.passed
    assert "was stopped after 0.05 seconds" in result.message
    assert "it had not ended" in result.message
    assert result.hint().startswith("Print, in each turn of the loop")


def test_a_slow_function_is_stopped_for_all_calls_together(monkeypatch):
    monkeypatch.setattr(check, "perf_counter", count(step=2).__next__)
    monkeypatch.setattr(check, "PATIENCE", 6.0)
    calls = []

    def slow(net, I):
        calls.append(net)
        return forward(net, I)

    r = check.forward(slow)
    assert repr(r) == (
        "Not yet. `slow` is too slow to be tried on everything: 3 of 10 calls took more than 6 seconds. So far its "
        "numbers are right."
    )
    assert len(calls) == 3
