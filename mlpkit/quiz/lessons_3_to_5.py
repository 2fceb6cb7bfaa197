"""The questions of lessons 3 to 5: the derivations, the backward phase, the step (§3, §4, §5)."""

import numpy as np

from mlpkit import data
from mlpkit.core.functions import cross_entropy, half_squared_error, sigmoid
from mlpkit.core.network import Network, backward, forward
from mlpkit.core.training import train
from mlpkit.quiz.example import SIGMAS, example, loss_of, nearest, places
from mlpkit.quiz.kinds import GAP, Cells, Choice, Number, Term
from mlpkit.quiz.symbols import Symbol


def _moved(l, i, j, by):
    """The running network with one weight moved."""
    w = [array.copy() for array in example().net.w]
    w[l][i, j] += by
    return Network(w, sigmoid, half_squared_error)


# Lesson 3


def _rise_or_fall():
    e = example()
    return "it rises" if loss_of(_moved(1, 2, 1, 0.1), e.I, e.D) > loss_of(e.net, e.I, e.D) else "it falls"


def _activations_that_move():
    e = example()
    return places([forward(_moved(0, 2, 1, 1.0), e.I)[0][1] != e.a[1]])


def _slope(l, i, j, eps=1e-5):
    e = example()
    up, down = (loss_of(_moved(l, i, j, by), e.I, e.D) for by in (eps, -eps))
    return (up - down) / (2 * eps)


def _slope_against_activation(eps=1e-5):
    e = example()
    up, down = (half_squared_error.value(sigmoid(e.a[2][1:] + by), e.D) for by in (eps, -eps))
    return float(up - down) / (2 * eps)


def _sign_of_delta():
    delta = _slope(1, 2, 1) / example().o[1][2]  # what Theorem 1 asks of it
    return _SIGNS[0 if delta * _slope_against_activation() > 0 else 1]


_SIGNS = ("that of the slope", "the opposite one")
_DEEP = (64, 32, 32, 32, 10)

LESSON_3 = (
    Choice(
        name="loss when a weight goes up",
        prompt="If $w-1-2-1$ goes up by 0.1, what does the loss do?",
        options=("it rises", "it falls", "it stays"),
        answer=_rise_or_fall,
        why="$o-1-2$ is positive, so $a-2-1$ goes up with the weight; σ rises, so $o-2-1$ goes up too, towards 1.",
        slips=(("it rises", "The weight's own sign is not asked. What counts is the output that it multiplies."),),
    ),
    Cells(
        name="activations that move",
        prompt="$w-0-2-1$ is raised by 1. Which activations of layer 1 move?",
        rows=("layer 1",),
        columns=("neuron 0", "neuron 1", "neuron 2", "neuron 3"),
        cell=lambda row, column: f"$a-1-{column}$",
        answer=_activations_that_move,
        why="The weight stands in the activation of the neuron at its end, once, times $o-0-2$, and in no other.",
        slips=((frozenset({(0, 2)}), "The second index says where the weight ends: at neuron 1."),),
    ),
    Term(
        name="how an activation depends on one before it",
        prompt="Which term is missing in the third fact?",
        equation=("partial(a[l+1][j], a[l][i])", "=", "sigma_prime(a[l][i])", "·", GAP),
        options=("w[l][i, j]", "w[l][j, i]", "(i == j)", "o[l][i]"),
        answer=lambda: "w[l][i, j]",
        why="Of the terms of $= a[l+1][j]$ only $= o[l][i] * w[l][i, j]$ depends on $= a[l][i]$.",
        slips=(
            ("w[l][j, i]", "This weight leads from j to i. The one from i to j is needed."),
            ("(i == j)", "Neuron i reaches every neuron j of the next layer, not only the one of its own number."),
            ("o[l][i]", "This would be the derivative by a weight. Here the activation is moved."),
        ),
    ),
    Choice(
        name="sign of δ",
        prompt="The slope of the loss against $w-1-2-1$ was −0.0576, and $o-1-2$ is positive. If Theorem 1 is to be "
        "true, has $delta-2-1$ the sign of the slope of the loss against $a-2-1$, or the opposite one?",
        options=_SIGNS,
        answer=_sign_of_delta,
        why="The slope against $a-2-1$, times $o-1-2$, is the slope against the weight. No minus is left over for δ.",
    ),
    Number(
        name="paths to the loss",
        prompt="A 64-32-32-32-10 network: how many paths lead from one weight of layer 0 to the loss?",
        answer=lambda: int(np.prod(_DEEP[2:])),
        why="32 neurons in each of two layers to choose from, then ten outputs: 32 · 32 · 10.",
        slips=(
            (lambda: int(np.prod(_DEEP[2:-1])), "Each path goes on through one of the ten outputs."),
            (
                lambda: int(np.prod(_DEEP[1:])),
                "The weight ends at one neuron: there is nothing to choose in its layer.",
            ),
            (lambda: int(np.prod(_DEEP)), "The weight is given: its start and its end are no choices any more."),
            (lambda: sum(_DEEP[2:]), "The choices are multiplied: each way on can follow each way before it."),
        ),
    ),
)


# Lesson 4


def _output_delta(desired):
    """δ_1^2 of the running network and inputs with another desired output."""
    e = example()
    return backward(e.net, (e.a, e.o), [desired])[2][1]


def _positive_delta():
    [i] = np.flatnonzero(example().delta[1] > 0)
    return ("delta", 1, int(i))


def _zero_slopes():
    one = np.array(1.0)
    return places(
        [[sigma.derivative_from_o(one) == 0 for sigma in SIGMAS], [sigma.derivative(one) == 0 for sigma in SIGMAS]]
    )


def _learns_from_its_mistake():
    """The name of the loss with the larger δ where a = 10 and D = 0."""
    w = [np.array([[1.0, 10.0], [0.0, 0.0]])]
    size = {}
    for loss in (half_squared_error, cross_entropy):
        net = Network(w, sigmoid, loss)
        size[loss.name] = abs(backward(net, forward(net, [0.0]), [0.0])[1][1])
    return max(size, key=size.get)


def _weights(of=slice(1, None), rows=slice(None)):
    """How many entries the matrices of a 64-32-10 network have in some rows and columns."""
    return sum(array[rows, of].size for array in Network.random([64, 32, 10]).w)


LESSON_4 = (
    Number(
        name="δ of the output",
        prompt="Estimate $delta-2-1$, with its sign, if $D-1$ were 0. $o-2-1$ is 0.5723.",
        within=0.01,
        answer=lambda: _output_delta(0.0),
        why="0.5723 · 0.4277 is about ¼, times 0.5723. Positive: raise $a-2-1$, and the loss rises.",
        slips=(
            (lambda: -_output_delta(0.0), "The third factor is o − D, and the output is too high."),
            (lambda: _output_delta(1.0), "This is the δ for D = 1."),
            (lambda: example().o[2][1], "This is o − D alone: σ′ is left out."),
            (lambda: example().o[2][1] * (1 - example().o[2][1]), "This is σ′ alone: the factor o − D is left out."),
        ),
    ),
    Symbol(
        name="the positive δ",
        prompt="Which δ of layer 1 is positive?",
        of="delta",
        answer=_positive_delta,
        why="Of the three weights that lead to the output one is negative. Raise its neuron, and the output sinks "
        "further from 1.",
        slips=(
            (("delta", 1, 1), "σ′ and this weight are positive, and the δ of the output is negative."),
            (("delta", 1, 3), "σ′ and this weight are positive, and the δ of the output is negative."),
            (("delta", 1, 0), "Neuron 0 is a constant, and its δ is 0."),
        ),
    ),
    Cells(
        name="σ′ of neuron 0",
        prompt="For which of the five is σ′ of neuron 0 exactly 0, in each of the two ways?",
        rows=("written in o, with o = 1", "computed from a = 1"),
        columns=tuple(sigma.name for sigma in SIGMAS),
        cell=lambda row, column: f"{SIGMAS[column].name} {('in o', 'from a')[row]}",
        shows=lambda row, column: "σ′",
        answer=_zero_slopes,
        why="o (1 − o) and 1 − o² have a zero at o = 1. No slope of the five is 0 at a = 1.",
        slips=(
            (
                frozenset((row, column) for row in (0, 1) for column in (0, 1)),
                "At a = 1 the slopes of sigmoid and tanh are not 0: their o is 0.73 and 0.76 there.",
            ),
        ),
    ),
    Choice(
        name="the loss that learns from a mistake",
        prompt="a is 10, so o is almost 1, and D is 0. With which loss will the neuron learn from its mistake?",
        options=(half_squared_error.name, cross_entropy.name),
        answer=_learns_from_its_mistake,
        why="With cross-entropy σ′ cancels, and δ is o − D. With half squared error the flat σ lets almost nothing "
        "through.",
    ),
    Number(
        name="forward phases by nudging",
        prompt="How many forward phases does nudging take for all weights of a 64-32-10 network that can move?",
        answer=lambda: 2 * _weights(),
        why="Two for each weight. The biases are weights too, and column 0 does not move.",
        slips=(
            (_weights, "This is the number of weights. Each is nudged up and down."),
            (lambda: 2 * _weights(rows=slice(1, None)), "The biases are missing: they are weights, too."),
            (lambda: _weights(rows=slice(1, None)), "The biases are missing, and each weight is nudged up and down."),
            (lambda: 2 * _weights(of=slice(None)), "Column 0 is fixed and need not be nudged."),
        ),
    ),
)


# Lesson 5


def _equal_rows():
    change = example().grad[0]
    return next(
        f"rows {i} and {k}"
        for i, k in ((0, 1), (0, 2), (1, 2))
        if np.allclose(change[i], change[k], rtol=1e-12, atol=0)
    )


def _late_delta():
    """δ^1 from the weights that have been moved already, without neuron 0."""
    e = example()
    return sigmoid.derivative(e.a[1][1:]) * (e.delta[2] @ e.after.w[1].T)[1:]


def _too_large():
    return places([abs(_late_delta()) > abs(example().delta[1][1:])])


_FATES = ("they stay equal", "they part, slowly", "one of them takes over")


def _after_an_equal_start():
    w = [np.full(array.shape, 0.5) for array in example().net.w]
    for array in w:
        array[:, 0] = np.eye(len(array))[0]
    trained = train(Network(w), *data.xor(), alpha=5, epochs=1000).net.w[0]
    return _FATES[0] if np.allclose(trained[:, 1], trained[:, 2]) and np.allclose(trained[:, 2], trained[:, 3]) else ""


def _delta_after_training():
    I, D = data.xor()
    net = train(Network.random([2, 3, 1], seed=2), I, D, alpha=5, epochs=2000).net
    delta = backward(net, forward(net, I[0]), D[0])
    return "smaller" if abs(delta[2][1]) < abs(example().delta[2][1]) else "larger"


LESSON_5 = (
    Number(
        name="the new weight",
        prompt="$w-1-2-1$ is −0.5, $delta-2-1$ is −0.1047, $o-1-2$ is 0.5498 and α is 0.5. What is the weight after "
        "the step?",
        decimals=2,
        answer=lambda: example().after.w[1][2, 1],
        why="Its change is −α δ o, and δ is negative: the weight goes up. A larger weight raises the output, and the "
        "output was too low.",
        slips=(
            (
                lambda: 2 * example().net.w[1][2, 1] - example().after.w[1][2, 1],
                "The minus of the step was lost: −α δ o is positive.",
            ),
            (lambda: example().net.w[1][2, 1] - example().grad[1][2, 1], "α was left out: it halves the change."),
            (
                lambda: example().after.w[1][2, 1] - example().net.w[1][2, 1],
                "This is the change. It is added to the old weight.",
            ),
            (lambda: -example().after.w[1][2, 1], "The old weight is −0.5: its sign was lost."),
        ),
    ),
    Choice(
        name="output after one step",
        prompt="The output was 0.5723 and should be 1. To which number is the new output nearest?",
        options=("0.6", "0.8", "1"),
        answer=lambda: nearest(forward(example().after, example().I)[1][2][1], ("0.6", "0.8", "1")),
        why="Steps are small because slopes change: they are true only near where they were taken.",
    ),
    Choice(
        name="two equal rows",
        prompt="Which two rows of Δw of layer 0 are equal?",
        options=("rows 0 and 1", "rows 0 and 2", "rows 1 and 2"),
        answer=_equal_rows,
        why="Row i is the same δ times $= o[0][i]$, and two of the three outputs are 1. A bias is the weight of an "
        "input that is always 1.",
        slips=(("rows 1 and 2", "The two inputs differ: 0.5 and 1."),),
    ),
    Cells(
        name="δ that come out too large",
        prompt="Computed from the weights already moved, which δ come out larger in size than they should?",
        rows=("layer 1",),
        columns=("neuron 1", "neuron 2", "neuron 3"),
        cell=lambda row, column: f"$delta-1-{column + 1}$",
        answer=_too_large,
        why="All three weights went up. Two were positive and are larger in size now; one was negative and is smaller.",
        slips=(
            (frozenset({(0, 0), (0, 1), (0, 2)}), "One of the weights is negative: going up makes it smaller in size."),
        ),
    ),
    Choice(
        name="after an equal start",
        prompt="Three hidden neurons start with equal weights. What are these weights like after 1000 epochs on XOR?",
        options=_FATES,
        answer=_after_an_equal_start,
        why="Equal neurons have equal δ, get equal Δw, and stay equal for ever.",
        slips=(("they part, slowly", "What should part them? Their δ are equal in every epoch."),),
    ),
    Choice(
        name="δ after training",
        prompt="The first network had a δ of −0.1047 at its output. Is that of the trained network larger or smaller "
        "in size?",
        options=("larger", "smaller"),
        answer=_delta_after_training,
        why="Two factors of it are small: o − D, because the output is nearly right, and σ′, because an output near 0 "
        "or 1 stands where σ is flat.",
    ),
)
