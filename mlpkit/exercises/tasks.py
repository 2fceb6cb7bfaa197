"""What the lessons ask: each task with the networks and examples on which an answer is tried.

A Task names a function that a lesson asks for, with its arguments and the kit's answer for a Case: a network, its
examples and what else the function is given. The widths of a network all differ, and from the batch as well, so that a
matrix that is turned around does not fit. One network has equal widths, for code that turns what does not fit around.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from mlpkit import data
from mlpkit.core import network
from mlpkit.core.functions import cross_entropy, half_squared_error, identity, relu, sigmoid, softplus, tanh
from mlpkit.core.network import Network

# The nudges that `slope` is called with. The second is so large that the slope is seen to depend on it.
SMALL, LARGE = 1e-4, 0.05


@dataclass(frozen=True, eq=False)
class Case:
    """A network and its examples, on which a function is tried. label: it in words."""

    net: Network
    I: np.ndarray
    D: np.ndarray
    alpha: float
    label: str
    place: tuple = ()  # of one weight: (l, i, j)
    epochs: int = 1
    eps: float = SMALL

    @property
    def batch(self):
        return self.I.shape[:-1]

    def with_batch(self, rows=7):
        """The same network with so many examples: no layer has seven neurons, so no axis is taken for another."""
        rng = np.random.default_rng(len(self.net.n))
        I = np.round(rng.uniform(-1, 1, (rows, self.net.n[0] - 1)), 2)
        D = np.round(rng.uniform(0, 1, (rows, self.net.n[-1] - 1)), 2)
        return replace(self, I=I, D=D)


@cache
def cases_alone():
    """One example on each of four networks; the running example of the lessons comes first."""
    cases = [Case(*data.running_example(), 0.5, "the running example")]
    for sizes, sigma, loss, alpha in (
        ([3, 2], (softplus,), half_squared_error, 0.3),
        ([4, 2, 3], (relu, identity), half_squared_error, 0.2),
        ([3, 5, 4, 2], (tanh, softplus, sigmoid), cross_entropy, 0.7),
    ):
        net = Network.random(sizes, (None, *sigma), loss, seed=4)
        net = Network([np.round(w, 2) for w in net.w], net.sigma, loss)
        names = ", ".join(one.name for one in sigma)
        label = f"a {'-'.join(map(str, sizes))} network with σ: {names} and L̃: {loss.name}"
        rng = np.random.default_rng(5)
        I, D = np.round(rng.uniform(-1, 1, sizes[0]), 2), np.round(rng.uniform(0, 1, sizes[-1]), 2)
        cases.append(Case(net, I, D, alpha, label))
    return tuple(cases)


@cache
def alone_and_in_batches():
    # All single examples first: what then goes wrong, goes wrong in batches only.
    return (*cases_alone(), *(case.with_batch() for case in cases_alone()))


@cache
def of_equal_widths():
    """Networks in which a matrix that is turned around fits, to see by its numbers what stops in the others.

    A batch has five examples and a training five epochs here, so that neither 7 nor 3 can be taken for granted.
    """
    cases = []
    for sizes, sigma, alpha in (
        ([3, 3], (sigmoid,), 0.5),
        ([2, 2, 2], (tanh, sigmoid), 0.4),
        ([3, 3, 3, 3], (softplus, tanh, identity), 0.3),
    ):
        net = Network.random(sizes, (None, *sigma), half_squared_error, seed=6)
        rng = np.random.default_rng(7)
        I, D = np.round(rng.uniform(-1, 1, sizes[0]), 2), np.round(rng.uniform(0, 1, sizes[-1]), 2)
        cases.append(Case(net, I, D, alpha, f"a {'-'.join(map(str, sizes))} network", (0, 1, 2), 5))
    return (*cases, *(case.with_batch(5) for case in cases))


def _single_weights(cases):
    """Two weights in each network for a numerical slope: the first has a bias and the last layer among them."""
    for case in cases:
        yield replace(case, place=(0, 1, case.net.n[1] - 1))
        yield replace(case, place=(case.net.L - 2, 0, 1), eps=LARGE)


def equal_and_alone():
    return tuple(case for case in of_equal_widths() if not case.batch)


def equal_and_in_batches():
    return tuple(case for case in of_equal_widths() if case.batch)


@cache
def _slopes():
    return tuple(_single_weights(cases_alone()))


@cache
def _epochs():
    first, *others = (case for case in alone_and_in_batches() if case.batch)
    return (first, *(replace(case, epochs=3) for case in (first, *others)))


@cache
def so_many_epochs(epochs, alone):
    """The cases of a training with so many epochs; alone: also those of one example, as a batch of one."""
    cases = [case for case in _epochs()[1:]]
    ones = [replace(case, I=case.I[:1], D=case.D[:1]) for case in cases if alone]
    return tuple(replace(case, epochs=epochs) for case in (*ones, *cases))


@dataclass(frozen=True, eq=False)
class Task:
    """What a lesson asks for.

    call: name and arguments as the lessons write them. section: of the notes. lesson: which asks for it.
    needed: what is to be returned, in words.
    cases: () to the cases; equal: to further ones, of equal widths, of which a right answer is tried on the last
    network. arguments: a Case to {name: value}.
    right: a Case to the kit's answer.
    kinds: the kinds of symbol in the answer, each a list by layer. single: a Case to (kind, l) or to a whole symbol
    where the answer is one array or one number. like, tried: what a right answer agrees with, and on what.
    """

    call: str
    section: str
    lesson: int
    needed: str
    arguments: Callable
    right: Callable
    kinds: tuple = ()
    single: Callable | None = None
    cases: Callable = alone_and_in_batches
    equal: Callable = of_equal_widths
    like: str = "the formula of §{section}"
    tried: str = "on {nets} networks of unequal widths and one of equal widths, with {sigmas} σ{batches}"

    @property
    def name(self):
        return self.call.split("(")[0]

    def all_cases(self):
        """On what a right answer is tried, in this order."""
        equal = self.equal()
        return (*self.cases(), *(case for case in equal if case.net is equal[-1].net))


def _phases(case):
    """(a, o, delta) of a case."""
    a, o = network.forward(case.net, case.I)
    return a, o, network.backward(case.net, (a, o), case.D)


def _trained(case):
    net = case.net
    for _ in range(case.epochs):
        net = network.step(net, case.I, case.D, case.alpha)
    return net


def _nudged(case, eps):
    """The loss with one weight moved by eps."""
    l, i, j = case.place
    w = [array.copy() for array in case.net.w]
    w[l][i, j] += eps
    _, o = network.forward(Network(w, case.net.sigma, case.net.loss), case.I)
    return case.net.loss.value(o[-1][1:], case.D)


def secant(case, up=1, down=-1):
    """The slope of the loss between w + up ε and w + down ε; by central differences if not told otherwise."""
    return (_nudged(case, up * case.eps) - _nudged(case, down * case.eps)) / ((up - down) * case.eps)


TASKS = {
    task.name: task
    for task in (
        Task(
            call="weights(W, b)",
            section="1",
            lesson=1,
            needed="the matrix w of shape (n, m): one row for each neuron before, the bias neuron included, and one "
            "column for each neuron after, neuron 0 included",
            cases=cases_alone,
            equal=equal_and_alone,
            arguments=lambda case: {"W": case.net.w[0][1:, 1:], "b": case.net.w[0][0, 1:]},
            right=lambda case: case.net.w[0],
            single=lambda case: ("w", 0),
            tried="for {nets} pairs of W and b of unequal widths and one of equal widths",
        ),
        Task(
            call="activations(o_before, w)",
            section="2",
            lesson=2,
            needed="the vector a of the next layer, one number for each of its neurons, neuron 0 included",
            cases=cases_alone,
            equal=equal_and_alone,
            arguments=lambda case: {"o_before": network.forward(case.net, case.I)[1][0], "w": case.net.w[0]},
            right=lambda case: network.forward(case.net, case.I)[0][1],
            single=lambda case: ("a", 1),
            tried="for {nets} pairs of layers of unequal widths and one of equal widths",
        ),
        Task(
            call="forward(net, I)",
            section="2",
            lesson=2,
            needed="the pair (a, o) of two lists, one entry for each layer",
            arguments=lambda case: {"net": case.net, "I": case.I},
            right=lambda case: network.forward(case.net, case.I),
            kinds=("a", "o"),
        ),
        Task(
            call="slope(net, I, D, l, i, j, eps)",
            section="3",
            lesson=3,
            needed="one number, the slope of the loss against w[l][i, j]",
            cases=_slopes,
            equal=equal_and_alone,
            arguments=lambda case: {
                "net": case.net,
                "I": case.I,
                "D": case.D,
                **dict(zip("lij", case.place, strict=True)),
                "eps": case.eps,
            },
            right=secant,
            single=lambda case: ("grad", *case.place),
            like="the central difference",
            tried="at two weights in each of {nets} networks, with {sigmas} σ and two ε",
        ),
        Task(
            call="output_delta(net, a, o, D)",
            section="4",
            lesson=4,
            needed="the vector δ of the output layer, one number for each of its neurons, neuron 0 included",
            cases=cases_alone,
            equal=equal_and_alone,
            arguments=lambda case: {"net": case.net, "a": _phases(case)[0], "o": _phases(case)[1], "D": case.D},
            right=lambda case: _phases(case)[2][-1],
            single=lambda case: ("delta", case.net.L - 1),
            tried="on {nets} networks of unequal widths and one of equal widths, with {outputs} σ at the output and "
            "both losses",
        ),
        Task(
            call="backward(net, (a, o), D)",
            section="4",
            lesson=4,
            needed="the list delta, one entry for each layer",
            arguments=lambda case: {"net": case.net, "(a, o)": _phases(case)[:2], "D": case.D},
            right=lambda case: _phases(case)[2],
            kinds=("delta",),
        ),
        Task(
            call="gradient(o, delta)",
            section="3",
            lesson=3,
            needed="the list grad, one matrix for each matrix of w, of the same shape",
            arguments=lambda case: {"o": _phases(case)[1], "delta": _phases(case)[2]},
            right=lambda case: network.gradient(*_phases(case)[1:]),
            kinds=("grad",),
        ),
        Task(
            call="step(net, I, D, alpha)",
            section="5",
            lesson=5,
            needed="a new Network, or the list of its new weights",
            arguments=lambda case: {"net": case.net, "I": case.I, "D": case.D, "alpha": case.alpha},
            right=lambda case: network.step(case.net, case.I, case.D, case.alpha),
            kinds=("w_new",),
        ),
        Task(
            call="train(net, I, D, alpha, epochs)",
            section="5",
            lesson=5,
            needed="the Network after that many steps, or the list of its weights",
            cases=_epochs,
            equal=equal_and_in_batches,
            arguments=lambda case: {
                "net": case.net,
                "I": case.I,
                "D": case.D,
                "alpha": case.alpha,
                "epochs": case.epochs,
            },
            right=_trained,
            kinds=("w_new",),
            tried="after 1, 3 and 5 epochs, on {nets} networks of unequal widths and one of equal widths, with "
            "{sigmas} σ{batches}",
        ),
    )
}
