"""What is certain of a σ′ or a ∂L̃/∂o of one's own that is not the slope of its own value."""
# ruff: noqa: E501

import numpy as np
import pytest

from mlpkit import Activation, Loss, check, sigmoid


def softmax(a):
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def matrix(o):
    """The slopes of softmax, of its outputs."""
    return o[..., :, None] * (np.eye(o.shape[-1]) - o[..., None, :])


def diagonal(a):
    return np.eye(a.shape[-1]) * (softmax(a) * (1 - softmax(a)))[..., None, :]


def of_layer(derivative, value=softmax):
    return check.activation(Activation("mine", "", value, derivative, elementwise=False))


def divided_over_the_batch(a):
    return matrix(np.exp(a) / np.exp(a).sum(axis=0)) if a.ndim > 1 else matrix(softmax(a))


def mean_less(a):
    """A σ of a whole layer whose matrix is not its own transpose."""
    return a - (a * np.arange(1, a.shape[-1] + 1)).mean(axis=-1, keepdims=True)


def turned(a):
    n = a.shape[-1]
    return np.broadcast_to((np.eye(n) - np.arange(1, n + 1) / n).T, (*a.shape, n))


@pytest.mark.parametrize(
    ("derivative", "value", "said"),
    [
        (diagonal, softmax, "The diagonal of your matrix is right: the slope of each o_k in its own a_k. Beside it all of yours are 0, but in a σ of a whole layer each o_k moves with every a_j."),
        (lambda a: 2 * diagonal(a) - matrix(softmax(a)), softmax, "Beside it every number has the opposite sign."),
        (lambda a: 0.5 * (matrix(softmax(a)) + diagonal(a)), softmax, "The diagonal of your matrix is right: the slope of each o_k in its own a_k. Beside it they are not."),
        (lambda a: matrix(softmax(a)) - diagonal(a), softmax, "Beside the diagonal your matrix is right."),
        (lambda a: 2 * matrix(softmax(a)), softmax, "Everywhere your σ′(a) is 2 times the slope."),
        (lambda a: matrix(softmax(a)) + 0.5, softmax, "Everywhere your σ′(a) is the slope and 0.5 more."),
        (lambda a: matrix(softmax(softmax(a))), softmax, "Your matrix is that of the slopes at o = σ(a), not at a."),
        (lambda a: matrix(softmax(a)) / softmax(a)[..., None], softmax, "Row k of your matrix is the slope of ln o_k: it is divided by o_k."),
        (divided_over_the_batch, softmax, "One example alone is right; in a batch it is not."),
        (lambda a: matrix(softmax(a)) ** 2, softmax, "For `a = ["),
    ],
    ids=range(10),
)  # fmt: skip
def test_a_matrix_of_slopes_is_told_where_it_is_right(derivative, value, said):
    r = of_layer(derivative, value)
    assert not r.passed
    assert said in r.message.split("\n")[0]
    assert "equation above" not in r.hint()


def test_a_matrix_on_its_side_is_told():
    r = of_layer(turned, mean_less)
    assert r.message.startswith("Your matrix lies on its side: row k belongs to o_k, column j to a_j.")
    assert of_layer(lambda a: np.swapaxes(turned(a), -1, -2), mean_less).passed


def test_what_stops_at_another_a_leaves_the_first_number_told():
    def for_three(a):
        if a.shape != (3,):
            raise ValueError("three, please")
        return diagonal(a)

    assert "your ∂o_1/∂a_2 is 0" in of_layer(for_three).message


def of_loss(value, gradient):
    return check.loss(Loss("mine", "", value, gradient))


def value(o, D):
    return -(D * np.log(softmax(o))).sum(axis=-1)


def entropy(o, D):
    return -(D * np.log(o) + (1 - D) * np.log(1 - o)).sum(axis=-1)


def sum_of(D):
    return D.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize(
    ("loss", "slope", "said"),
    [
        (value, lambda o, D: softmax(o) - D, "Where the D of an example add up to 1 your ∂L̃/∂o is right, and for other D it is not"),
        (value, lambda o, D: D - softmax(o), "Where the D of an example add up to 1 your ∂L̃/∂o is right but for its sign"),
        (value, lambda o, D: softmax(o) - np.eye(D.shape[-1])[D.argmax(axis=-1)], "Where one D is 1 and all others are 0 your ∂L̃/∂o is right"),
        (entropy, lambda o, D: (o - np.round(D)) / (o * (1 - o)), "Where every D is 0 or 1 your ∂L̃/∂o is right"),
        (entropy, lambda o, D: -D / o, "Where every D is 1 your ∂L̃/∂o is right"),
        (lambda o, D: (o - D).sum(axis=-1) ** 2, lambda o, D: 2 * (o - D), "With one output alone your ∂L̃/∂o is right; with more it is not."),
        (value, lambda o, D: np.exp(o) / np.exp(o).sum() * sum_of(D) - D, "One example alone is right; in a batch it is not."),
        (entropy, lambda o, D: 3 * (o - D) / (o * (1 - o)), "Everywhere your ∂L̃/∂o is 3 times the slope."),
        (entropy, lambda o, D: (o - D) / (o * (1 - o)) + 0.25, "Everywhere your ∂L̃/∂o is the slope and 0.25 more."),
        (lambda o, D: entropy(o, D) / o.shape[-1], lambda o, D: (o - D) / (o * (1 - o)), "The mistake: mean over the outputs in the loss alone."),
        (entropy, lambda o, D: o - D, "For `o = ["),
    ],
    ids=range(11),
)  # fmt: skip
def test_a_slope_of_a_loss_is_told_where_it_is_right(loss, slope, said):
    r = of_loss(loss, slope)
    assert not r.passed
    assert r.message.startswith(said)
    assert "equation above" not in r.hint()


def bent(derivative):
    return check.activation(Activation("mine", "", lambda a: np.where(a > 0, a, 0.1 * a), derivative))


@pytest.mark.parametrize(
    ("r", "said"),
    [
        (bent(lambda a: 1.0 * (a > 0)), "Where a is positive your σ′ is right. Look at what it does where a is negative."),
        (bent(lambda a: np.where(a > 0, 0.0, 0.1)), "Where a is negative your σ′ is right. Look at what it does where a is positive."),
        (check.activation(Activation("mine", "", sigmoid.value, lambda a: sigmoid.derivative(a) / 3)), "Everywhere your σ′(a) is 0.3333 times the slope."),
    ],
    ids=range(3),
)  # fmt: skip
def test_a_slope_of_a_neuron_is_told_where_it_is_right(r, said):
    assert not r.passed
    assert r.message.startswith(said)
    assert "equation above" not in r.hint()
