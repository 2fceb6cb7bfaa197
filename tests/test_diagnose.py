"""Which mistake a function makes: told by its numbers, whatever it is written like."""
# ruff: noqa: E501

import inspect
import time

import mutants
import numpy as np
import pytest

import mlpkit
from mlpkit import Activation, Loss, Network, check, forward, gradient, sigmoid, tanh, train
from mlpkit.exercises.diagnose import diagnose
from mlpkit.exercises.tasks import TASKS, cases_alone
from mlpkit.widgets import Stepper

SIGN = "(D − o) for (o − D), or the sign of δ as in §1"
# What the check says of each mutant, by question.
NAMED = {
    "weights": {
        "biases in the last row": "biases in the last row",
        "column 0 all ones": "column 0 all ones",
        "column 0 all zeros": "column 0 all zeros",
        "biases forgotten": "biases forgotten",
        "sign of the biases": None,
        "turned where it fits": "rows and columns of w swapped",
        "transposed": "rows and columns of w swapped",
        "no column 0": "column 0 left out",
    },
    "activations": {
        "bias forgotten": "bias neuron forgotten",
        "σ applied": "σ applied",
        "neuron 0 left out": "neuron 0 left out",
        "products not summed": "products not summed",
        "turned, in loops": "rows and columns of w swapped",
        "turned where it fits": "rows and columns of w swapped",
        "transposed": "rows and columns of w swapped",
    },
    "forward": {
        "bias neuron computed": "bias neuron computed",
        "bias neuron 0": "bias neuron set to 0",
        "bias neuron set only at the end": "bias neuron set too late",
        "bias neuron forgotten": "bias neuron forgotten",
        "activation bent: a and o the same": "σ(a) kept as a",
        "σ left out": "σ left out",
        "σ left out at the output": "σ left out in the output layer",
        "σ of the layer before": "σ of another layer",
        "one σ for all layers": "σ of another layer",
        "σ twice": "σ applied twice",
        "weights of the wrong layer": "weights of the wrong layer",
        "transposed": "rows and columns of w swapped",
        "turned where it fits": "rows and columns of w swapped",
        "only one layer": "loop ends too early",
        "a[0] missing": "a[0] left out",
        "a[0] is the input": "a given for layer 0",
        "o and a exchanged": "a and o exchanged",
        "only o returned": "only a part returned",
        "only single examples": "1 put before the whole batch",
        "nothing appended": "layers not appended, or a loop that starts too late",
        "o not appended": "layers not appended, or a loop that starts too late",
        "a not appended": "layers not appended, or a loop that starts too late",
        "first turn left out": "layers not appended, or a loop that starts too late",
        "last turn left out": "loop ends too early",
        "o overwritten": "the list overwritten by one layer",
        "a and o overwritten": "the list overwritten by one layer",
        "only batches": "written for a batch only",
        "bias neuron of the first row only in a batch": None,
        "normalised over the batch": "a less its mean over the examples for a in a batch",
        "the input changed": None,
    },
    "output_delta": {
        "σ′ left out": "σ′ left out",
        "σ′(o) for σ′(a)": "σ′(o) for σ′(a)",
        "logistic σ′ for every σ": "logistic σ′ for every σ",
        "half squared error for every loss": "o − D for every loss",
        "(D - o) for (o - D)": SIGN,
        "factor 2": "the factor ½ lost",
        "δ_0 not zero": "δ₀ not set to 0",
        "neuron 0 left out": "neuron 0 left out",
        "σ of the layer before": "σ′ of another layer",
        "the loss instead of its gradient": "the loss for its slope",
    },
    "backward": {
        "σ′ left out at the output": "σ′ left out",
        "σ′ left out in the hidden layers": "σ′ left out",
        "σ′(o) for σ′(a) in the hidden layers": "σ′(o) for σ′(a)",
        "σ′(o) for σ′(a) at the output": "σ′(o) for σ′(a)",
        "logistic σ′ for every σ": "logistic σ′ for every σ",
        "σ for σ′": "σ for σ′",
        "(D - o) for (o - D)": SIGN,
        "half squared error for every loss": "o − D for every loss",
        "transpose missing": "transpose missing",
        "turned where it fits": "transpose missing",
        "weights of the wrong layer": "weights of the wrong layer on the way back",
        "δ of the wrong layer": "δ of the wrong layer",
        "activation of the wrong layer": "activation of the wrong layer",
        "σ of the next layer": "σ′ of another layer",
        "δ_0 not zero in the hidden layers": "δ₀ not set to 0",
        "δ_0 not zero at the output": "δ₀ not set to 0",
        "δ_0 by σ′ at the output": "δ₀ not set to 0",
        "first weight row left out": "all ways but the first for Σₖ wᵢₖ δₖ in the hidden layers",
        "sum over neurons instead of weights": "δ summed over the wrong index",
        "mean taken over the batch": "mean over the batch taken in δ",
        "factor 2": "the factor ½ lost",
        "stops one layer early": "loop leaves out a layer",
        "starts one layer early": "loop leaves out a layer",
        "neuron 0 cut off": "neuron 0 left out",
        "a list of L - 1": "list one entry too short",
        "loop runs forwards": "loop runs forwards",
        "loop runs forwards, w first": "loop runs forwards",
        "first row left out": "first example left out instead of neuron 0",
        "first row set to 0": "first example set to 0 instead of neuron 0",
        "only batches": "written for a batch only",
        "delta[0] missing": "delta[0] left out",
        "delta[0] given": "δ given for layer 0",
        "o changed": None,
    },
    "gradient": {
        "sum instead of mean": "sum for mean over a batch",
        "last example only": "one example of the batch only",
        "mean of each, then the product": "product of the means for mean of the products",
        "transposed": "gradient transposed",
        "o of the wrong layer": "o of the wrong layer",
        "bias row left out": "derivatives of the biases left out",
        "sign": "minus taken too early",
        "reversed": "list in the order of the way back",
        "column 0 not zero": "fixed column updated",
        "divided by the neurons": "divided by the number of neurons",
    },
    "step": {
        "plus instead of minus": "plus instead of minus",
        "α forgotten": "α forgotten",
        "α squared": "α counted twice",
        "twice": "Δw twice as large, or the factor ½ lost",
        "half": "Δw half as large, or a factor ½ too many",
        "α g − w": "w and Δw exchanged in the difference",
        "α g − w, column 0 put right": "w and Δw exchanged in the difference",
        "α g − w in a Network": "w and Δw exchanged in the difference",
        "only the last matrix": "one matrix moved only",
        "fixed column moved": "fixed column updated",
        "biases not moved": "biases not moved",
        "sum over the batch": "sum for mean over a batch",
        "Δw instead of w + Δw": "Δw returned, not w + Δw",
        "the new weights used too early": "δ from new weights",
        "layer by layer, everything computed anew": "layer by layer instead of at once",
        "net returned as it was": "old weights returned",
        "the network's arrays changed": None,
    },
    "train": {
        "one epoch only": "one epoch only, or always from the first weights",
        "one epoch too many": "one epoch too many",
        "2 α": "Δw twice as large, or the factor ½ lost",
        "always from the first weights": "one epoch only, or always from the first weights",
        "example by example": "example by example instead of at once",
        "row by row": "example by example instead of at once",
        "α times epochs in one step": "all epochs in one step",
    },
    "slope": {
        "ε instead of 2ε": "ε for 2ε",
        "sign": "sign of the difference",
        "not divided": "not divided by 2ε",
        "i and j exchanged": "another weight nudged",
        "all weights of the row": "all weights of a row nudged",
        "the loss of the hidden layer": None,
        "relative nudge": "nudge in proportion to the weight",
        "ε not used": "another ε, or another formula",
        "ε not used, a large one": "another ε, or another formula",
        "exact, by back-propagation": "another ε, or another formula",
        "further down than up": None,
        "nudged by half": "2ε for ε, or the weight moved down no further than to where it was",
        "moved by 2 ε": "nudged by 2ε to each side",
        "/ 2 * eps": "multiplied by ε instead of divided",
        "* 2 * eps": "multiplied by ε instead of divided",
        "no point": "no difference between the two losses",
        "the same loss twice": "no difference between the two losses",
        "both moved up": "no difference between the two losses",
        "the whole matrix moved": "the whole matrix nudged",
    },
}


@mutants.each_wrong
def test_every_mutant_gets_its_own_diagnosis(name, what):
    _, r = mutants.judged(name, what)
    assert r.mistake == NAMED[name][what]
    assert ("The mistake: " in r.message) == (r.mistake is not None)


# Right


@pytest.mark.parametrize(
    ("name", "text"),
    [*mutants.SOURCE.items(), *((name, text) for name, _, text in mutants.RIGHT)],
    ids=[*mutants.SOURCE, *(f"{name}: {style}" for name, style, _ in mutants.RIGHT)],
)
def test_a_right_function_makes_no_known_mistake(name, text):
    assert diagnose(TASKS[name], mutants.make(name, text), {}) == ()


# Wrong in another style than the mistakes are written in.

LOOPS = """
def forward(net, I):
    a, o = [None], [[1.0] + [float(x) for x in I]]
    for l in range(1, net.L):
        sums = []
        for i in range(net.n[l]):
            total = 0.0
            for j in range(net.n[l - 1]):
                total += o[l - 1][j] * net.w[l - 1][j, i]
            sums.append(total)
        a.append(sums)
        outputs = [float(net.sigma[l](x)) for x in sums]
        outputs[0] = 1.0
        o.append(outputs)
    return a, o
"""
BACK = """
def backward(net, activations, D):
    a, o = activations
    def of(l):
        if l == net.L - 1:
            slopes = net.loss.gradient(o[l][1:], D)
            return [[0] + [float(net.sigma[l].derivative(a[l][j])) * slopes[j - 1] for j in range(1, net.n[l])]]
        later = of(l + 1)
        here = [0.0] * net.n[l]
        for i in range(1, net.n[l]):
            for k in range(1, net.n[l + 1]):
                here[i] += net.w[l][i, k] * later[0][k]
            here[i] *= float(net.sigma[l].derivative(a[l][i]))
        return [here] + later
    return [None] + of(1)
"""
IN_PLACE = """
def step(net, I, D, alpha):
    a, o = forward(net, I)
    grad = gradient(o, backward(net, (a, o), D))
    w = [array.copy() for array in net.w]
    for l in range(net.L - 1):
        for i in range(net.n[l]):
            for j in range(1, net.n[l + 1]):
                w[l][i, j] -= alpha * grad[l][i, j]
    return Network(w, net.sigma, net.loss)
"""
ROWS = """
def gradient(o, delta):
    grad = []
    for l in range(len(o) - 1):
        x, d = np.atleast_2d(o[l]), np.atleast_2d(delta[l + 1])
        total = np.zeros((x.shape[1], d.shape[1]))
        for row, signal in zip(x, d):
            total += np.outer(row, signal)
        grad.append(total / len(x))
    return grad
"""


@pytest.mark.parametrize(
    ("name", "text", "right", "wrong", "mistake"),
    [
        ("forward", LOOPS, "        outputs[0] = 1.0\n", "", "bias neuron computed"),
        ("forward", LOOPS, "outputs[0] = 1.0", "outputs[0] = 0.0", "bias neuron set to 0"),
        ("forward", LOOPS, "for j in range(net.n[l - 1])", "for j in range(1, net.n[l - 1])", "bias neuron forgotten"),
        ("forward", LOOPS, "float(net.sigma[l](x))", "x", "σ left out"),
        ("forward", LOOPS, "net.sigma[l](x)", "net.sigma[-1](x)", "σ of another layer"),
        ("forward", LOOPS, "a.append(sums)", "a.append([1.0] + [float(net.sigma[l](x)) for x in sums[1:]])", "σ(a) kept as a"),
        ("forward", LOOPS, "net.w[l - 1][j, i]", "net.w[l - 1][i, j]", "rows and columns of w swapped"),
        ("forward", LOOPS, "net.w[l - 1][j, i]", "net.w[0][j, i]", "weights of the wrong layer"),
        ("forward", LOOPS, "for x in I]]", "for x in sigmoid(I)]]", "σ applied to the input layer"),
        ("forward", LOOPS, "a, o = [None],", "a, o = [np.nan],", "a given for layer 0"),
        ("backward", BACK, "derivative(a[l]", "derivative(o[l]", "σ′(o) for σ′(a)"),
        ("backward", BACK, "            here[i] *= float(net.sigma[l].derivative(a[l][i]))\n", "", "σ′ left out"),
        ("backward", BACK, "* slopes", "* -slopes", SIGN),
        ("backward", BACK, "net.w[l][i, k]", "net.w[l][k, i]", "transpose missing"),
        ("backward", BACK, "later[0][k]", "later[-1][k]", "δ of the wrong layer"),
        ("backward", BACK, "net.w[l][i, k]", "net.w[l - 1][i, k]", "weights of the wrong layer on the way back"),
        ("backward", BACK, "for i in range(1, net.n[l])", "for i in range(net.n[l])", "δ₀ not set to 0"),
        ("backward", BACK, "here[i] += ", "here[i] = ", "sum over k left out"),
        ("backward", BACK, "return [None] + of(1)", "return of(1)", "delta[0] left out"),
        ("gradient", ROWS, "total / len(x)", "total", "sum for mean over a batch"),
        ("gradient", ROWS, "total / len(x)", "total / len(x)**2", "mean over a batch taken twice"),
        ("gradient", ROWS, "total += np", "total = np", "one example of the batch only"),
        ("gradient", ROWS, "np.outer(row, signal)", "-np.outer(row, signal)", "minus taken too early"),
        ("step", IN_PLACE, "-= alpha", "+= alpha", "plus instead of minus"),
        ("step", IN_PLACE, "alpha * grad", "grad", "α forgotten"),
        ("step", IN_PLACE, "for i in range(net.n[l])", "for i in range(1, net.n[l])", "biases not moved"),
        ("step", IN_PLACE, "w[l][i, j] -= alpha * grad[l][i, j]", """
                now = Network(w, net.sigma, net.loss)
                a, o = forward(now, I)
                w[l][i, j] -= alpha * gradient(o, backward(now, (a, o), D))[l][i, j]""", "weight by weight instead of at once"),
        ("step", IN_PLACE, "range(1, net.n[l + 1]):", "range(1, net.n[l + 1]):\n                w[l][i, 0] = 0.25", None),
        ("step", IN_PLACE, "    return Network", "    w[0][:, 0] = 0.25\n    return w\n    return Network", "fixed column updated"),
    ],
    ids=str,
)  # fmt: skip
def test_loops_and_recursion_get_the_same_diagnosis(name, text, right, wrong, mistake):
    assert right in text
    f = mutants.make(name, text.replace(right, wrong))
    r = getattr(check, name)(f)
    if mistake is None:  # a Network of these weights is refused
        assert r.mistake == "fixed column updated"
    else:
        assert r.mistake == mistake


@pytest.mark.parametrize(
    "product",
    [
        "o[l].T @ delta[l+1] / len(o[l])",
        "o[l].T @ delta[l+1]",
        "np.dot(o[l].T, delta[l+1]) / o[l].shape[0]",
        "np.einsum('bi,bj->ij', o[l], delta[l+1]) / len(o[l])",
        "np.einsum('bi,bj->bij', o[l], delta[l+1]).mean(0)",
        "(o[l][..., :, None] * delta[l+1][..., None, :]).mean(0)",
        "(o[l][:, :, None] * delta[l+1][:, None, :]).mean(0)",
    ],
)
def test_a_gradient_for_a_batch_alone_is_named(product):
    r = check.gradient(
        mutants.make("gradient", f"def gradient(o, delta): return [{product} for l in range(len(o) - 1)]")
    )
    assert r.mistake == "written for a batch only"
    assert "One example alone is a vector with a single axis. `np.atleast_2d` makes a row of it." in r.message


@pytest.mark.parametrize("product", ["o[l] @ delta[l+1]", "np.outer(o[l], delta[l+1]).mean(0)"])
def test_a_gradient_that_no_batch_makes_right_is_not_called_one_for_a_batch(product):
    r = check.gradient(
        mutants.make("gradient", f"def gradient(o, delta): return [{product} for l in range(len(o) - 1)]")
    )
    assert not r.passed
    assert r.mistake != "written for a batch only"


def test_a_delta_of_the_output_for_a_batch_alone_is_named():
    text = """
def output_delta(net, a, o, D):
    delta = np.zeros_like(o[-1])
    delta[:, 1:] = net.sigma[-1].derivative(a[-1][:, 1:]) * net.loss.gradient(o[-1][:, 1:], D)
    return delta
"""
    assert check.output_delta(mutants.make("output_delta", text)).mistake == "written for a batch only"
    assert check.output_delta(mutants.make("output_delta", text.replace("[:, 1:]", "[..., 1:]"))).passed


@pytest.mark.parametrize(
    "sum_", ["o_before @ w[1:] + w[0]", "np.dot(o_before, w[1:]) + w[0]", "w[0] + o_before @ w[1:]"]
)
def test_biases_that_are_added_by_themselves_are_named(sum_):
    r = check.activations(mutants.make("activations", f"def activations(o_before, w): return {sum_}"))
    assert r.mistake == "row 0 of w, the biases, kept out of the product"
    assert "`o_before` begins with the 1 of neuron 0" in r.message


def test_the_loops_are_right_but_for_one_line():
    assert check.gradient(mutants.make("gradient", ROWS)).passed
    assert check.step(mutants.make("step", IN_PLACE)).passed
    for name, text in (("forward", LOOPS), ("backward", BACK)):  # written for one example
        r = getattr(check, name)(mutants.make(name, text))
        assert not r.passed
        assert r.mistake == {"forward": None, "backward": "first example left out instead of neuron 0"}[name]
        assert "One example alone is right everywhere" in r.message


def test_a_wrong_phase_is_named_in_the_step_that_runs_it():
    wrong = mutants.mutant("backward", [("net.sigma[l].derivative(a[l]) * back", "back")])

    def step(net, I, D, alpha):
        a, o = forward(net, I)
        return [w - alpha * g for w, g in zip(net.w, gradient(o, wrong(net, (a, o), D)), strict=True)]

    assert check.step(step).mistake == "σ′ left out"

    def train_with_it(net, I, D, alpha, epochs):
        for _ in range(epochs):
            net = Network(step(net, I, D, alpha), net.sigma, net.loss)
        return net

    assert check.train(train_with_it).mistake == "σ′ left out"


# Two mistakes at once are two findings, and unknown ones lead to the line that fails.


@pytest.mark.parametrize(
    ("name", "lines", "symbol", "mistake"),
    [
        ("forward", [("        out[..., 0] = 1\n", ""), ("net.sigma[l + 1](here)", "np.cos(here)")], ("o", 1, 0), None),
        ("forward", [("net.sigma[l + 1](here)", "here.copy()"), ("o[l] @ net.w[l]", "o[l] @ net.w[l] * 1.01")], ("a", 1, 0), "1.01 · a for a, and σ left out"),
        ("backward", [("rise = ", "rise = -"), ("net.sigma[l].derivative(a[l]) * back", "back")], ("delta", 2, 1), "−δ for δ at the output, and σ′(a) left out in the hidden layers"),
        ("backward", [("net.sigma[l].derivative(a[l])", "net.sigma[l].derivative(o[l])"), ("        delta[l][..., 0] = 0\n", "")], ("delta", 1, 0), "σ′(o) for σ′(a) in the hidden layers, and δ₀ not set to 0"),
        ("gradient", [("o_rows.T @", "-o_rows.T @"), ("    return grad", "    grad[0][0] = 0\n    return grad")], ("grad", 0, 0, 1), "0 for δⱼ in row 0, the biases, in w⁰, and −δⱼ for δⱼ in row 0, the biases, in the matrices after w⁰, and −oᵢ δⱼ for oᵢ δⱼ in rows 1, 2, ..."),
        ("step", [("w - alpha * g", "w + g")], ("w_new", 0, 0, 1), "−Δw / α for Δw"),
        ("train", [("range(epochs)", "range(2 * epochs)")], ("w_new", 0, 0, 1), "another number of steps than epochs"),
        ("slope", [("(2 * eps)", "eps"), ("losses[0] - losses[1]", "losses[1] - losses[0]")], ("grad", 0, 1, 3), None),
        ("output_delta", [("derivative(a[-1]", "derivative(o[-1]"), ("* net.loss", "* -net.loss")], ("delta", 2, 1), "σ′(o) for σ′(a) at the output and −δ for δ at the output"),
    ],
)  # fmt: skip
def test_two_mistakes_at_once_are_two_findings_and_the_first_number_leads_to_them(name, lines, symbol, mistake):
    r = getattr(check, name)(mutants.mutant(name, lines))
    assert r.mistake == mistake
    assert r.first_difference == symbol
    assert ("The mistake" in r.message) == (mistake is not None)
    if mistake is None:
        assert any(hint.startswith("Take the equation above") for hint in r.hints)


# Written for one example, and wrong there.


def test_a_function_for_one_example_is_named_too():
    def forward(net, I):
        a, o = [None], [np.append(1, I)]
        for l in range(net.L - 1):
            a.append(o[l] @ net.w[l])
            o.append(net.sigma[l + 1](a[-1]))
        return a, o

    r = check.forward(forward)  # np.append makes one long example of a batch
    assert r.mistake == "bias neuron computed"
    assert r.first_difference == ("o", 1, 0)


VECTORS = {
    "forward": """
def forward(net, I):
    a, o = [None], [np.insert(I, 0, 1)]
    for l in range(net.L - 1):
        a_next = o[l] @ net.w[l]
        o_next = net.sigma[l + 1](a_next)
        o_next[0] = 1
        a.append(a_next)
        o.append(o_next)
    return a, o
""",
    "backward": """
def backward(net, activations, D):
    a, o = activations
    delta = [None] * net.L
    delta[-1] = net.sigma[-1].derivative(a[-1]) * np.insert(net.loss.gradient(o[-1][1:], D), 0, 0)
    for l in range(net.L - 2, 0, -1):
        delta[l] = net.sigma[l].derivative(a[l]) * (net.w[l] @ delta[l + 1])
        delta[l][0] = 0
    return delta
""",
    "gradient": """
def gradient(o, delta):
    return [np.outer(o[l], delta[l + 1]) for l in range(len(o) - 1)]
""",
}


@pytest.mark.parametrize(
    ("name", "right", "wrong", "mistake"),
    [
        ("forward", "o[l] @ net.w[l]", "net.w[l] @ o[l]", "rows and columns of w swapped"),
        ("forward", "np.insert(I, 0, 1)", "I", "inputs not preceded by 1"),
        ("forward", "np.insert(I, 0, 1)", "np.append(I, 1)", "1 put behind the inputs"),
        ("forward", "a_next = o[l] @ net.w[l]", "a_next = o[l][1:] @ net.w[l][1:]", "bias neuron forgotten"),
        ("forward", "o_next[0] = 1", "o_next[0] = 0", "bias neuron set to 0"),
        ("forward", "np.insert(I, 0, 1)", "np.insert(I, 0, 1, axis=-1)", "first example set instead of neuron 0"),
        ("backward", "net.w[l] @", "net.w[l].T @", "transpose missing"),
        ("backward", "net.w[l] @", "net.w[l - 1] @", "weights of the wrong layer on the way back"),
        ("backward", "@ delta[l + 1]", "@ delta[-1]", "δ of the wrong layer"),
        ("backward", "net.sigma[-1].derivative(a[-1]) * np.insert(net.loss.gradient(o[-1][1:], D), 0, 0)", "o[-1] * (1 - o[-1]) * (o[-1] - np.insert(D, 0, 1))", "the notes' formula for every σ and every loss"),
        ("backward", "net.sigma[-1].derivative(a[-1]) * np.insert(net.loss.gradient(o[-1][1:], D), 0, 0)", "o[-1] * (1 - o[-1]) * (np.insert(D, 0, 1) - o[-1])", f"{SIGN}, and the notes' formula for every σ and every loss"),
        ("gradient", "np.outer(o[l], delta[l + 1])", "np.outer(delta[l + 1], o[l])", "gradient transposed"),
        ("gradient", "np.outer(o[l], delta[l + 1])", "o[l] * delta[l + 1]", "each with its own instead of each with each"),
        ("gradient", "np.outer(o[l], delta[l + 1])", "o[l] @ delta[l + 1]", "each with its own instead of each with each"),
        ("gradient", "np.outer(o[l], delta[l + 1])", "np.outer(o[l], delta[l + 1])", "batch taken for one long vector"),
    ],
)  # fmt: skip
def test_lines_for_one_vector_are_named(name, right, wrong, mistake):
    assert right in VECTORS[name]
    assert getattr(check, name)(mutants.make(name, VECTORS[name].replace(right, wrong))).mistake == mistake


# What does not fit, or stops.


def test_inputs_without_the_1_are_named_by_the_sizes_in_the_error():
    def forward(net, I):
        a, o = [None], [I]
        for l in range(net.L - 1):
            a.append(o[l] @ net.w[l])
            o.append(net.sigma[l + 1](a[-1]))
            o[-1][..., 0] = 1
        return a, o

    r = check.forward(forward)
    assert r.mistake == "inputs not preceded by 1"
    assert r.verdict == "Not yet."
    assert (
        "the two that @ multiplies do not fit: the left one has 2 numbers along its last axis, and the right one has 3"
        in r.message
    )


def test_an_error_of_numpy_that_speaks_of_an_ellipsis_is_no_stub():
    def gradient(o, delta):
        return [np.einsum("...i,...j->ij", o[l], delta[l + 1]) for l in range(len(o) - 1)]

    assert "stops in line" in check.gradient(gradient).message


def test_an_error_that_is_none_of_them_has_no_name():
    def forward(net, I):
        return nothing  # noqa: F821

    r = check.forward(forward)
    assert r.mistake is None
    assert "NameError" in r.message
    assert r.hint().startswith("Is the name in that line written as it is where it is made?")


def endless(net, I):
    return endless(net, I)


def read_only(net, I, D, alpha):
    net.w[0][1:] -= alpha


@pytest.mark.parametrize(
    ("name", "f", "hint"),
    [
        ("forward", lambda net, I: np.ones(99) @ net.w[0], "Print the shapes"),
        ("forward", lambda net, I: net.weights, "Print the type of what stands before the dot"),
        ("forward", lambda net, I: net + I, "Print the type of everything"),
        ("forward", lambda net, I: net.w[7], "Print the index"),
        ("forward", endless, "In which case does your function not call itself again?"),
        ("forward", lambda net: 1, "Compare the line that begins with def"),
        ("forward", lambda net, I: (x for x in I), "What stands behind return"),
        ("forward", lambda net, I: "a", "What stands behind return"),
        ("forward", lambda net, I: {"a": I}, "What stands behind return"),
        ("forward", lambda net, I: (*forward(net, I), I), "What stands behind return"),
        ("step", read_only, "Which line writes into an array that the function was given?"),
        ("gradient", lambda o, delta: [2 * g.T for g in gradient(o, delta)], "Print the shape of each array"),
    ],
)
def test_the_hint_fits_what_was_found(name, f, hint):
    r = getattr(check, name)(f)
    assert r.mistake is None
    assert r.hint().startswith(hint)


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("forward", "def forward(net, inputs): return kit(net, I)", ["I"]),
        ("backward", "def backward(network, ao, wanted): return kit(net, ao, D)", ["D", "net"]),
        ("step", "def step(net, I, D, rate): return [kit(net, I, D, alpha) for _ in '1'][0]", ["alpha"]),
    ],
)
def test_a_value_of_the_notebook_is_named(name, text, values):
    case = cases_alone()[0]
    names = {"kit": getattr(mlpkit, name), "net": case.net, "I": case.I, "D": case.D, "alpha": case.alpha}
    exec(text, names)
    r = getattr(check, name)(names[name])
    assert r.mistake == "a value of the notebook in place of what is given"
    assert f"Your function reads {' and '.join(f'`{value}`' for value in values)} of the notebook." in r.message


def test_a_list_that_contains_itself():
    r = check.forward(mutants.mutant("forward", [("a.append(here)", "a.append(a)")]))
    assert r.message.startswith("`forward` returns a list that contains itself")


def test_layers_of_different_widths_in_one_array():
    r = check.forward(mutants.mutant("forward", [("return a, o", "return np.array(a), np.array(o)")]))
    assert "The layers differ in width, so no single array holds them all: keep them in a list." in r.message


def test_the_line_on_a_batch_says_where_batches_are_taught():
    lines = [("here = o[l] @ net.w[l]", "here = o[l] @ net.w[l] * (1 + 0.1 * (o[l].ndim > 1))")]
    r = check.forward(mutants.mutant("forward", lines))
    assert r.mistake == "1.1 · a for a in a batch"
    assert "Lesson 2 has batches, in “Many examples, one in each row”." in r.message


def test_an_array_of_whole_numbers():
    def output_delta(net, a, o, D):
        delta = np.array([0] * net.n[-1])
        delta[1:] = net.sigma[-1].derivative(a[-1][1:]) * net.loss.gradient(o[-1][1:], D)
        return delta

    r = check.output_delta(output_delta)
    assert r.mistake == "array of whole numbers"
    assert r.first_difference == ("delta", 2, 1)

    for whole in (lambda a: np.argsort(a), lambda a: np.sign(a).astype(int)):  # and nothing here
        assert check.activations(lambda o_before, w, whole=whole: whole(o_before @ w)).mistake is None

    def as_a_list(net, a, o, D):  # nothing is cut off in a list
        return [0] * net.n[-1]

    assert check.output_delta(as_a_list).mistake == "0 for δ at the output"


def test_a_network_with_another_sigma():
    def step(net, I, D, alpha):
        return Network(mlpkit.step(net, I, D, alpha).w)

    r = check.step(step)
    assert r.mistake == "σ and L̃ not handed on"
    assert r.verdict == "Not the same."
    assert (
        "The Network that you return has σ: sigmoid and L̃: half squared error; the one that it is made from has σ: softplus"
        in r.message
    )


def test_a_training_run_in_place_of_its_network():
    def my_train(net, I, D, alpha, epochs):
        return train(net, np.atleast_2d(I), np.atleast_2d(D), alpha, epochs)

    r = check.train(my_train)
    assert r.mistake == "training run for its network"
    assert "`.net`" in r.message
    assert check.train(lambda *arguments: my_train(*arguments).net).passed


def test_an_answer_without_neuron_0_and_one_that_is_turned_are_told():
    def forward(net, I):
        a, o = mlpkit.forward(net, I)
        o[2] = times * o[2][..., 1:] if net.L > 2 else o[2]
        return a, o

    times = 1
    assert "There is one too few: where is neuron 0?" in check.forward(forward).message
    times = 2  # then it is not neuron 0 that is missing, or not it alone
    assert "There is one too few" not in check.forward(forward).message

    def gradient(o, delta):
        return [2 * g.T for g in mlpkit.gradient(o, delta)]

    r = check.gradient(gradient)
    assert r.mistake is None
    assert "The two axes are exchanged." in r.message


def test_the_other_products_in_words():
    def with_dot(o_before, w):
        return np.dot(w, o_before)

    assert (
        "np.dot multiplies do not fit: they have the shapes (3,4) and (3,), and 4 is not 3."
        in check.activations(with_dot).message
    )

    def with_a_number(o_before, w):
        return o_before @ 2.0

    assert (
        "one of the two that @ multiplies is no array. It is None, where a layer is not computed yet, or"
        in check.activations(with_a_number).message
    )


def test_an_error_in_another_function_of_the_learners_is_told_with_its_name():
    def one_layer(o, w):
        return o @ w.T

    def forward(net, I):
        return one_layer(np.append(1, I), net.w[0])

    line = inspect.getsourcelines(one_layer)[1] + 1
    assert f"`forward` stops in line {line} of `one_layer`, `return o @ w.T`" in check.forward(forward).message


# Activation and Loss


def squared(o, D):
    return 0.5 * ((o - D) ** 2).sum(-1)


@pytest.mark.parametrize(
    ("value", "derivative", "mistake"),
    [
        (sigmoid.value, lambda o: o * (1 - o), "σ′ written in o, but given a"),
        (tanh.value, lambda a: 1 - a**2, "σ′ written in o, but given a"),
        (tanh.value, lambda a: 1 - np.tanh(np.tanh(a)) ** 2, "σ′(o) for σ′(a)"),
        (tanh.value, np.tanh, "σ for σ′"),
        (tanh.value, lambda a: np.tanh(a) ** 2 - 1, "sign of σ′"),
        (lambda a: a**2, lambda a: a, "a factor 2 lost"),
        (lambda a: a**2, lambda a: 4 * a, "a factor 2 too many"),
        (tanh.value, lambda a: 1 - np.tanh(a), None),
        (np.sinh, lambda a: np.where(abs(a) < 4, a, np.nan), None),  # no numbers at σ(a)
    ],
)
def test_slips_of_a_derivative(value, derivative, mistake):
    r = check.activation(Activation("s", "", value, derivative))
    assert "but the slope of your σ there is" in r.message
    assert r.mistake == mistake
    assert r.hint()


@pytest.mark.parametrize(
    ("loss_gradient", "mistake"),
    [
        (lambda o, D: D - o, "(D − o) for (o − D)"),
        (lambda o, D: 2 * (o - D), "a factor 2 too many"),
        (lambda o, D: (o - D) / 2, "a factor 2 lost"),
        (lambda o, D: (o - D) / o.shape[-1], "mean over the outputs"),
        (lambda o, D: (o - D) / (len(o) if o.ndim > 1 else 1), "mean over a batch taken in the slope"),
        (lambda o, D: (o - D) ** 2, None),
    ],
)
def test_slips_of_a_loss(loss_gradient, mistake):
    r = check.loss(Loss("s", "", squared, loss_gradient))
    assert not r.passed
    assert r.mistake == mistake


# The result


def test_the_message_names_the_mistake_first_and_then_the_number_its_equation_and_how_to_see_it():
    r = check.backward(mutants.mutant("backward", [("net.sigma[l].derivative(a[l]) * back", "back")]))
    mistake, number, equation, where = r.message.split("\n")
    assert mistake == (
        "The mistake: σ′ left out. Your δ of the output is right. In the hidden layers your δ is Σₖ wᵢₖ δₖ. δ is the "
        "slope against the activation a, not against the output o: between the two lies σ, with its own slope. Look at lesson 4, “Where it begins: the output”."
    )
    assert number.startswith("The first number that differs is δ₁¹")
    assert equation.startswith("What makes it: §4: δ₁¹ = ")
    assert where.endswith(
        "`Stepper.of(r)` opens this number, `backward(*r.arguments)` runs it again, `r.hint()` gives a hint."
    )


def uphill(backward):
    """A step with plus for minus that calls this backward phase."""

    def step(net, I, D, alpha):
        a, o = forward(net, I)
        return [w + alpha * g for w, g in zip(net.w, gradient(o, backward(net, (a, o), D)), strict=True)]

    return step


def test_two_mistakes_with_the_same_numbers_are_both_named():
    r = check.step(uphill(mutants.mutant("backward", [])))
    assert r.message.startswith(
        f"The mistake: plus instead of minus, or {SIGN}: the numbers are the same. Your changes Δw are +α δⱼ oᵢ. "
        "The step goes uphill"
    )
    assert "“One weight”. Or: Every δ has the wrong sign." in r.message


def test_nothing_is_blamed_that_is_the_kits():
    r = check.step(mutants.mutant("step", [("w - alpha", "w + alpha")]))  # it calls the kit's backward
    assert r.message.startswith("The mistake: plus instead of minus. Your changes Δw are +α δⱼ oᵢ. The step")

    def step(net, I, D, alpha):
        a, o = mlpkit.forward(net, I)
        return [w + alpha * g for w, g in zip(net.w, gradient(o, mlpkit.backward(net, (a, o), D)), strict=True)]

    assert check.step(step).mistake == "plus instead of minus"


def test_the_box_has_the_name_in_bold():
    box = check.step(uphill(mutants.mutant("backward", [])))._repr_html_()
    assert f"<strong>Not the same.</strong> The mistake: <strong>plus instead of minus, or {SIGN}</strong>: the" in box


def test_one_hint_at_a_time():
    r = check.forward(mutants.mutant("forward", [("        out[..., 0] = 1\n", "")]))
    first, second, third = r.hint(), r.hint(), r.hint()
    assert repr(first) == "What is the output of neuron 0 in layer 1 of your network, and what should it be?"
    assert first != second
    assert third == f"{second} That was the last hint."
    right = check.forward(forward)
    assert right.hint() == right.hint() == "It is right: there is nothing to hint at."
    assert check.forward(...).hint().startswith("Begin with one neuron")


# In the Stepper


@pytest.mark.parametrize(
    ("name", "lines", "text"),
    [
        ("forward", [("        out[..., 0] = 1\n", "")], "First: o₀¹ = 0.7311 instead of 1"),
        ("backward", [("rise = ", "rise = -")], "First: δ₁² = 0.1047 instead of −0.1047"),
        ("gradient", [("o_rows.T @", "-o_rows.T @")], "First: ∂L̃/∂w₀₁⁰ = 0.01831 instead of −0.01831"),
        ("step", [("w - alpha", "w + alpha")], "First: w₀₁⁰ new = 0.09085 instead of 0.1092"),
    ],
)
def test_the_stepper_opens_the_number_with_theirs_beside_it(name, lines, text):
    r = getattr(check, name)(mutants.mutant(name, lines))
    stepper = Stepper.of(r)
    assert stepper.shown["damage"]["first"]["text"] == text
    assert stepper.shown["panel"]["rows"][-1][1] == "≠"
    assert stepper._open_symbol() == r.first_difference


@mutants.each_wrong
def test_the_stepper_opens_what_every_check_found(name, what):
    _, r = mutants.judged(name, what)
    if r.first_difference is None:
        with pytest.raises(ValueError, match=r"^there is no number to open: its message says what to mend first$"):
            Stepper.of(r)
    elif np.ndim(r.spot.I) > 1:
        assert "Stepper.of" not in r.message
        with pytest.raises(ValueError, match=r"^the number differs in a batch, and a Stepper shows one example"):
            Stepper.of(r)
    else:
        assert Stepper.of(r)._open_symbol() == r.first_difference


@pytest.mark.parametrize(
    ("name", "lines", "said"),
    [
        ("forward", [("        out[..., 0] = 1\n", "")], "`Stepper.of(r)` opens this number"),
        ("output_delta", [("* net.loss", "* 2 * net.loss")], "`Stepper.of(r)` opens the kit's number there"),
        ("activations", [("o_before @ w", "o_before @ w * 2")], "`Stepper.of(r)` opens the kit's number there"),
        ("slope", [("(2 * eps)", "eps")], "`Stepper.of(r)` opens the kit's number there"),
        ("weights", [("= b", "= -b")], "After `r = check.weights(weights)`: `weights(*r.arguments)` runs it"),
        ("train", [("range(epochs)", "range(1)")], "After `r = check.train(train)`: `train(*r.arguments)` runs it"),
    ],
)
def test_the_message_offers_a_stepper_where_it_shows_more(name, lines, said):
    assert said in getattr(check, name)(mutants.mutant(name, lines)).message


def test_a_right_result_has_nothing_to_open():
    with pytest.raises(ValueError, match=r"^there is no number to open: the function is right$"):
        Stepper.of(check.forward(forward))
    with pytest.raises(ValueError, match=r"^there is no number to open"):
        Stepper.of(None)


# Nothing raises, and nothing takes long.


class Nasty:
    def __array__(self, *args, **kwargs):
        raise RuntimeError("no")

    def __getattr__(self, name):
        raise KeyError(name)


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize(
    "answer",
    [Nasty(), [Nasty()] * 3, (Nasty(), [1]), object(), {"a": 1}, "text", [[1, 2], [3]], [np.zeros((2, 0))], 1j, [[[]]], np.array(["a"]), iter([1]), [None, "x"]],
    ids=range(13),
)  # fmt: skip
def test_nothing_raises_whatever_is_returned(name, answer):
    r = getattr(check, name)(lambda *arguments: answer)
    assert not r.passed
    assert r.mistake is None
    assert r.hint()


def test_a_function_that_stops_only_later_is_not_asked_for_ever(monkeypatch):
    monkeypatch.setattr("mlpkit.exercises.sandbox.SECONDS", 0.05)
    calls = []

    def slow(net, I):
        calls.append(net)
        while len(calls) > 2:
            pass
        return forward(net, I)[::-1]

    r = check.forward(slow)
    assert len(calls) <= 4  # the first is wrong; the third does not end
    assert not r.passed


def test_a_slow_function_is_asked_for_a_few_seconds_in_all(monkeypatch):
    monkeypatch.setattr("mlpkit.exercises.diagnose.PATIENCE", 0.1)
    calls = []

    def slow(net, I):
        calls.append(net)
        time.sleep(0.06)
        return forward(net, I)[::-1]

    r = check.forward(slow)
    assert len(calls) <= 3
    assert r.mistake is None  # so few numbers are those of more than one mistake


def test_a_function_that_does_not_end_is_not_called_again(monkeypatch):
    monkeypatch.setattr("mlpkit.exercises.sandbox.SECONDS", 0.05)
    calls = []

    def never_ends(net, I):
        calls.append(net)
        while True:
            pass

    assert check.forward(never_ends).mistake is None
    assert len(calls) == 1
