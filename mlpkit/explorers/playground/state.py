"""What is trained on what, and how: a State, and every change that a hand can make of it.

A State is never changed. What a hand changes gives another State, and everything else stays: the weights stay when the
points are exchanged, and those of the other neurons when one is added.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from numbers import Real

import numpy as np

from mlpkit.core.arguments import check_desired_outputs, check_inputs
from mlpkit.core.functions import (
    BUILT_IN_ACTIVATIONS,
    categorical_cross_entropy,
    cross_entropy,
    half_squared_error,
    sigmoid,
    softmax,
)
from mlpkit.core.given import short
from mlpkit.core.network import Network
from mlpkit.data import four_squares, spiral, two_circles, two_moons

SETS = {"xor": four_squares, "circles": two_circles, "moons": two_moons, "spiral": spiral, "own": None}
POINTS = 300  # in a set that is made
MOST_OWN = 1000  # points of one's own
MOST_LAYERS, MOST_NEURONS = 4, 8  # hidden ones
MOST_WITHOUT_PLANE = 128  # neurons of a hidden layer, where there is no plane and so no map in each of them
MOST_NOISE = MOST_TEST = 0.5
ALPHAS = (0.001, 30.0)
BATCHES = (1, 2, 4, 8, 16, 32, 64, None)
FARTHEST = 1e6  # an input of one's own
_SIDES = (1.2, 1.6, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)  # how far the plane reaches from 0, the first that holds every point
_GOLDEN = (5**0.5 - 1) / 2


def no_points():
    """(I, D) of no point."""
    return np.zeros((0, 2)), np.zeros((0, 1))


@dataclass(frozen=True, eq=False)
class Points:
    """data: a key of SETS. noise, test: of the set, and the share of its points that are for testing, 0 to 0.5.
    seed: of the set. own: (I, D) of the points of one's own, (m, 2) and (m, 1), which are kept while another is shown.
    given: (I, D) of the examples of a network that has no plane, in rows; there is no set then. apart: (I, D) of
    others, all for testing, which come after them; or None where `test` says how many of those given are.
    """

    data: str = "circles"
    noise: float = 0.05
    test: float = 0.0
    seed: int = 0
    own: tuple = field(default_factory=no_points)
    given: tuple | None = None
    apart: tuple | None = None

    @property
    def plane(self):
        """Whether they are points of a plane."""
        return self.given is None

    @cached_property
    def all(self):
        """(I, D, is_test): (m, 2), (m, 1) and (m,). Adding a point changes nothing in those before it."""
        if self.apart is not None:
            I, D = (np.concatenate(pair) for pair in zip(self.given, self.apart, strict=True))
            return I, D, np.arange(len(I)) >= len(self.given[0])
        I, D = self.given or (self.own if self.data == "own" else SETS[self.data](POINTS, self.noise, self.seed))
        # Along the golden ratio each part of the list has the share of test points that was asked for; the first has
        # none.
        return I, D, np.arange(len(I)) * _GOLDEN % 1 >= 1 - self.test if self.test else np.zeros(len(I), bool)

    @cached_property
    def training(self):
        """(I, D) of the points that are trained on."""
        I, D, is_test = self.all
        return I[~is_test], D[~is_test]

    @cached_property
    def testing(self):
        """(I, D) of the others, or None where there are none."""
        I, D, is_test = self.all
        return (I[is_test], D[is_test]) if is_test.any() else None

    @cached_property
    def classes(self):
        """Whether they fall into classes, so that an output is right or wrong: of several, one is the right one."""
        D = self.all[1]
        one = D.shape[1] == 1 or ((D.max() == D).sum(axis=1) == 1).all()
        return self.plane or bool(one and len(np.unique(D)) == 2)

    @cached_property
    def side(self):
        """The plane that is shown goes from -side to side in both inputs; None where there is no plane."""
        if not self.plane:
            return None
        I = self.all[0]
        farthest = float(np.abs(I).max()) if len(I) else 0.0
        return next((side for side in _SIDES if farthest <= side), float(f"{1.2 * farthest:.2g}"))


@dataclass(frozen=True, eq=False)
class State:
    """net: the Network reached. start: the one that Reset goes back to, and start_epochs its epochs.

    points: what there is to learn. alpha: the learning rate. batch: the examples for each step, or None for all. draw:
    the seed of the next new draw. epochs: how many there have been; each part of a training has its shuffles from the
    seed of the points and the epochs before it. left: the rows of each batch of this epoch that is still to come; ()
    where an epoch has come to its end.
    kit: where the training runs on a learner's functions, the Network of the kit's own training; None elsewhere.
    """

    net: Network
    start: Network
    points: Points = field(default_factory=Points)
    draw: int = 100
    alpha: float = 0.3
    batch: int | None = 16
    epochs: int = 0
    left: tuple = ()
    kit: Network | None = None
    start_epochs: int = 0

    @property
    def hidden(self):
        """The number of neurons in each hidden layer."""
        return [n - 1 for n in self.net.n[1:-1]]

    @property
    def most_neurons(self):
        """So many a hidden layer may have."""
        return MOST_NEURONS if self.points.plane else MOST_WITHOUT_PLANE


def first_state(net, I, D, data, noise, test, alpha, batch_size, seed):
    """The State that a playground begins with, or ValueError where an argument does not fit. I, D: points, or None.

    test: a share, or, where there is no plane, also (I, D) of others.
    """
    if not isinstance(net, Network):
        raise TypeError(f"net is {short(net)}, but a Network is needed: make one with Network.random([2, 4, 1])")
    if has_plane(net):
        own = no_points() if I is None else own_points(net, I, D)
        state = State(net, net, Points(seed=seed, own=own), draw=seed + 100)
        state = changed(state, data=data if I is None else "own", noise=noise, test=test)
    else:
        if I is None:
            raise ValueError(
                f"net is a {sizes_text(net)} network, and the sets of points are for one with 2 inputs, 1 output and "
                f"at most {MOST_LAYERS} hidden layers of at most {MOST_NEURONS} neurons: give its examples too, "
                "playground(net, I, D)"
            )
        most = max((n - 1 for n in net.n[1:-1]), default=0)
        if net.L - 2 > MOST_LAYERS or most > MOST_WITHOUT_PLANE:
            raise ValueError(
                f"net is a {sizes_text(net)} network, but at most {MOST_LAYERS} hidden layers of at most "
                f"{MOST_WITHOUT_PLANE} neurons are drawn here: train it with train(net, I, D)"
            )
        pair = isinstance(test, (tuple, list)) and len(test) == 2
        apart = examples(net, *test) if pair else None
        state = State(net, net, Points(seed=seed, given=examples(net, I, D), apart=apart), draw=seed + 100)
        state = state if pair else changed(state, test=test)
    return changed(state, alpha=alpha, batch=batch_size)


def sizes_text(net):
    """ "2-4-1": the neurons of each layer, without the constants."""
    return "-".join(str(n - 1) for n in net.n)


def has_plane(net):
    """Whether what a Network makes of the plane is drawn."""
    hidden = [n - 1 for n in net.n[1:-1]]
    small = len(hidden) <= MOST_LAYERS and max(hidden, default=0) <= MOST_NEURONS
    return (net.n[0], net.n[-1]) == (3, 2) and small


def examples(net, I, D):
    """(I, D) as rows, or ValueError."""
    I = check_inputs(net, I)
    D = check_desired_outputs(net, D, I.shape[:-1])
    return np.atleast_2d(I).astype(float), np.atleast_2d(D).astype(float)


def own_points(net, I, D):
    """(I, D) as rows, (m, 2) and (m, 1), or ValueError."""
    I, D = examples(net, I, D)
    if len(I) > MOST_OWN:
        raise ValueError(f"I has {len(I)} points, but no more than {MOST_OWN} are drawn here: take some of them")
    if not np.isin(D, (0, 1)).all():
        raise ValueError(f"D holds {D[~np.isin(D, (0, 1))][0]:g}, but here each point has D = 0 or D = 1")
    if (np.abs(I) > FARTHEST).any():
        raise ValueError(f"I holds {np.abs(I).max():g}, but no input beyond {FARTHEST:g} is drawn here: scale I first")
    return I, D


# What a hand changes.


def changed(state, **values):
    """The State with other values: data, noise, test, alpha, batch, hidden, sigma or loss. Raises ValueError."""
    for name, value in values.items():
        if name not in _CHANGES:
            raise ValueError(f"there is no {name!r} in a playground: take one of {', '.join(_CHANGES)}")
        state = _CHANGES[name](state, value)
    return state


def with_points(state, **what):
    """The State with other points. what: fields of Points. Raises ValueError where the examples are given."""
    if not state.points.plane and (state.points.apart is not None or set(what) != {"test"}):
        raise ValueError("the examples are those that were given to playground(net, I, D): no others can be put here")
    return replace(state, points=replace(state.points, **what), left=())


def _set_data(state, name):
    return with_points(state, data=_one_of("data", name, SETS))


def _set_noise(state, noise):
    return with_points(state, noise=_number("noise", noise, 0, MOST_NOISE))


def _set_test(state, share):
    return with_points(state, test=_number("test", share, 0, MOST_TEST))


def _set_alpha(state, alpha):
    return replace(state, alpha=_number("alpha", alpha, *ALPHAS))


def _set_batch(state, batch):
    if batch is not None and (isinstance(batch, bool) or not isinstance(batch, (int, np.integer)) or batch < 1):
        raise ValueError(f"batch is {short(batch)}, but a whole number from 1 up is needed, or None for all examples")
    most = max(MOST_OWN, len(state.points.all[0]))
    return replace(state, batch=None if batch is None else min(int(batch), most), left=())


def _set_hidden(state, hidden):
    """The weights between neurons that stay are kept; others are drawn anew."""
    hidden = list(hidden) if isinstance(hidden, (list, tuple)) else [hidden]
    most = state.most_neurons
    if len(hidden) > MOST_LAYERS or not all(
        isinstance(size, (int, np.integer)) and not isinstance(size, bool) and 1 <= size <= most for size in hidden
    ):
        raise ValueError(
            f"hidden is {short(hidden)}, but at most {MOST_LAYERS} layers of 1 to {most} neurons are needed: "
            "try hidden=[4, 2]"
        )
    seed = state.draw
    return _with_nets(replace(state, draw=seed + 1), lambda net: resized(net, hidden, seed))


def resized(net, hidden, seed):
    """A Network with other hidden layers, which keeps the weights between the neurons that stay.

    Where the number of layers changes, these are the weights into the first hidden layers; the output's are new. A new
    layer has the σ of the one before it.
    """
    before = net.L - 2
    sigma = [*net.sigma[1:-1]]
    last = sigma[-1] if sigma else sigmoid
    sigma = [None, *sigma[: len(hidden)], *[last] * (len(hidden) - before), net.sigma[-1]]
    sizes = [net.n[0] - 1, *map(int, hidden), net.n[-1] - 1]
    fresh = Network.random(sizes, tuple(sigma), net.loss, seed=seed)
    w = [array.copy() for array in fresh.w]
    kept = net.L - 1 if len(hidden) == before else min(len(hidden), before)
    for old, new in zip(net.w[:kept], w, strict=False):
        rows, columns = min(len(old), len(new)), min(old.shape[1], new.shape[1])
        new[:rows, :columns] = old[:rows, :columns]
    return Network(w, fresh.sigma, fresh.loss)


_FITS = {cross_entropy: sigmoid, categorical_cross_entropy: softmax}  # the σ of the output that each is made for


def _set_sigma(state, sigma):
    """sigma: the σ of each layer from layer 1 on. A cross-entropy has no place behind another than its own."""
    sigma = list(sigma) if isinstance(sigma, (list, tuple)) else [sigma]
    loss = state.net.loss
    if loss in _FITS and sigma[-1] is not _FITS[loss] and sigma[-1] in (*BUILT_IN_ACTIVATIONS, softmax):
        loss = next((loss for loss, own in _FITS.items() if sigma[-1] is own), half_squared_error)
    return _with_nets(state, lambda net: Network(net.w, (None, *sigma), loss))


def _set_loss(state, loss):
    """Where it is a cross-entropy, the output gets the σ that it is made for."""

    def with_loss(net):
        sigma = net.sigma
        if loss in _FITS and sigma[-1] in (*BUILT_IN_ACTIVATIONS, softmax):
            sigma = (*sigma[:-1], _FITS[loss])
        return Network(net.w, sigma, loss)

    state = _with_nets(state, with_loss)
    I, D, _ = state.points.all
    if len(I):
        check_desired_outputs(state.net, D, I.shape[:-1])  # not every loss takes every D
    return state


_CHANGES = {
    "data": _set_data,
    "noise": _set_noise,
    "test": _set_test,
    "alpha": _set_alpha,
    "batch": _set_batch,
    "hidden": _set_hidden,
    "sigma": _set_sigma,
    "loss": _set_loss,
}


def _with_nets(state, change):
    """The same change in every network of a State."""
    net, kit = change(state.net), None if state.kit is None else change(state.kit)
    return replace(state, net=net, start=net if state.start is state.net else change(state.start), kit=kit)


def _number(name, value, low, high):
    if isinstance(value, bool) or not isinstance(value, (Real, np.number)) or not low <= value <= high:
        raise ValueError(f"{name} is {short(value)}, but a number from {low:g} to {high:g} is needed")
    return float(value)


def _one_of(name, value, known):
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{name} is {short(value)}, but one of these is needed: {', '.join(known)}")
    return value


def drawn_anew(state):
    """The State with new weights, and no epoch yet."""
    old = state.net
    net = Network.random([n - 1 for n in old.n], old.sigma, old.loss, seed=state.draw)
    return begun(replace(state, draw=state.draw + 1), net)


def begun(state, net, epochs=0):
    """The State at the start of a training of `net`."""
    kit = None if state.kit is None else net
    return replace(state, net=net, start=net, kit=kit, epochs=epochs, start_epochs=epochs, left=())


def at_start(state):
    """The State with the weights that it began with."""
    return begun(state, state.start, state.start_epochs)


def with_point(state, I, D):
    """The State with one more point of one's own, which is then the set. I: (2,). D: 0 or 1. Raises ValueError."""
    net = state.net
    I, D = own_points(net, I, [D])
    all_I, all_D = (np.concatenate(pair) for pair in zip(state.points.own, (I, D), strict=True))
    return with_points(state, own=own_points(net, all_I, all_D), data="own")


def without_point(state, k):
    """The State without point k of one's own. Raises ValueError where there is none."""
    count = len(state.points.own[0])
    if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or not 0 <= k < count:
        raise ValueError(f"there is no point {short(k)} of your own: they go from 0 to {count - 1}")
    return with_points(state, own=tuple(np.delete(array, k, axis=0) for array in state.points.own))


def without_points(state):
    """The State without any point of one's own."""
    return with_points(state, own=no_points())
