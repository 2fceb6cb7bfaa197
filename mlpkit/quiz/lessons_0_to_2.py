"""The questions of lessons 0 to 2: what a network is, its definitions, the forward phase (§1, §2)."""

import numpy as np

from mlpkit import data
from mlpkit.core.functions import sigmoid
from mlpkit.core.network import forward, step
from mlpkit.core.training import train
from mlpkit.quiz.example import ALPHA, SIGMAS, example, loss_of, nearest, places
from mlpkit.quiz.kinds import Cells, Choice, Number
from mlpkit.quiz.symbols import Symbol
from mlpkit.tracing.micro_steps import trace


def _steps(broken=()):
    e = example()
    return trace(e.net, e.I, e.D, ALPHA, broken)


def _first_wrong(broken):
    """The symbol of the first number that a mistake makes wrong."""
    right = {step.symbol: step.value for step in _steps()}
    return next(step.symbol for step in _steps(broken) if step.value != right[step.symbol])


# Lesson 0


def _taken_off():
    """What each of six steps takes off the loss."""
    e = example()
    losses = [loss_of(e.net, e.I, e.D), *train(e.net, e.I, e.D, alpha=ALPHA, epochs=6).loss]
    return -np.diff(losses)


def _more_or_less():
    taken_off = _taken_off()
    if np.allclose(taken_off, taken_off[0]):
        return "as much"
    return "more" if (np.diff(taken_off) > 0).all() else "less"


def _unmoved_without_input():
    net, _, D = data.running_example()
    return places(step(net, [0.0, 1.0], D, ALPHA).w[0][:, 1:] == net.w[0][:, 1:])


def _delta_behind():
    """The δ from which the derivative by w_21^0 is made."""
    [made] = [step for step in _steps() if step.symbol == ("grad", 0, 2, 1)]
    return next(symbol for symbol in made.reads if symbol[0] == "delta")


_PHASES = {"a": "Forward", "o": "Forward", "loss": "Forward", "delta": "Backward"}

LESSON_0 = (
    Number(
        name="sum of three products",
        prompt="The neuron reads 1, 0.5 and 1, and weighs them with 0.3, 0.2 and 0.8. What is the sum?",
        decimals=1,
        answer=lambda: example().a[1][3],
        why="1 · 0.3 + 0.5 · 0.2 + 1 · 0.8, three products.",
        slips=(
            (
                lambda: example().a[1][3] - example().net.w[0][0, 3],
                "You left out the number that is always 1: 1 · 0.3 belongs to the sum.",
            ),
            (lambda: example().net.w[0][:, 3].sum(), "You added the weights: each belongs to a number that is read."),
        ),
    ),
    Choice(
        name="what later steps take off",
        prompt="The first step has taken about 0.012 off the loss. Does each later step take off more than the one "
        "before it, as much, or less?",
        options=("more", "as much", "less"),
        answer=_more_or_less,
        why="The nearer the answer comes to 1, the gentler is the slope of the loss.",
        slips=(("as much", "A slope is true only near where it was taken, and it changes from step to step."),),
    ),
    Number(
        name="answer of the network",
        prompt="In the Stepper press **Reset**, then **Forward** until the phase ends. What does the network answer?",
        decimals=3,
        predicts=False,
        answer=lambda: example().o[2][1],
        why="The answer is the output of the only neuron in the last layer that is no square, $o-2-1$.",
        slips=(
            (lambda: example().a[2][1], "This is its activation, $a-2-1$. The answer stands inside the circle."),
            (lambda: loss_of(example().net, example().I, example().D), "This is the loss: how wrong the answer is."),
            (lambda: example().D[0], "This is what the network should answer, not yet what it does."),
        ),
    ),
    Cells(
        name="weights that stay",
        prompt="With $I-1$ set to 0, which of the nine weights have the same value after the phase **Step** as before?",
        rows=("from 0 (the constant)", "from 1 ($I-1$)", "from 2 ($I-2$)"),
        columns=("to 1", "to 2", "to 3"),
        cell=lambda row, column: f"$w-0-{row}-{column + 1}$",
        predicts=False,
        answer=_unmoved_without_input,
        why="All three read $I-1$. The derivative by each is a δ times that input, and the input is 0.",
        slips=((frozenset({(0, 0), (1, 0), (2, 0)}), "These lead to one neuron. Look at where the three start."),),
    ),
    Symbol(
        name="the δ behind a change",
        prompt="In the Stepper click on the new value of $w-0-2-1$ at the end of **Step**, then on its change, then on "
        "the derivative. Which δ is that derivative made of?",
        of="delta",
        predicts=False,
        answer=_delta_behind,
        why="The weight ends at neuron 1 of layer 1, and the δ of that neuron stands in its derivative.",
        slips=(
            (("delta", 1, 2), "This is the δ of neuron 2. The weight starts at a neuron 2, and it ends at a neuron 1."),
            (("delta", 2, 1), "This is the δ of the output. It stands in the derivatives by $w^1$."),
        ),
    ),
    Choice(
        name="the first wrong number",
        prompt="Under **Break it** there is the mistake *σ′ left out*. When it is switched on, in which phase is the "
        "first wrong number?",
        options=("Forward", "Backward", "Step"),
        answer=lambda: _PHASES.get(_first_wrong(["slope"])[0], "Step"),
        why="σ′ is a slope, and slopes are read on the way back only. What is computed before it stays right; every "
        "change of a weight is wrong with it.",
        slips=(
            ("Forward", "On the way forward σ itself is used, not its slope σ′."),
            ("Step", "The changes are wrong too, but because of numbers before them."),
        ),
    ),
)


# Lesson 1


def _named_weight():
    [(i, j)] = np.argwhere(example().net.w[0] == -0.4).tolist()
    return ("w", 0, i, j)


_GROW_OR_SHRINK = ("It would grow: δ is positive.", "It would shrink: δ is negative.")

LESSON_1 = (
    Symbol(
        name="from 1 to 2",
        prompt="The weight −0.4 leads from neuron 1 of layer 0 to neuron 2 of layer 1. Which symbol has it?",
        of="w",
        answer=_named_weight,
        why="The first index says where it comes from, the second where it goes. $w-0-2-1$ is another weight, −0.3.",
        slips=(
            (("w", 0, 2, 1), "You have turned it round."),
            (("w", 1, 1, 2), "$w^0$ leads away from layer 0: its number is that of the layer where it starts."),
        ),
    ),
    Cells(
        name="entries that are fixed",
        prompt="Which entries of $w^0$ can learning never move?",
        rows=("from 0 (the constant)", "from 1 ($I-1$)", "from 2 ($I-2$)"),
        columns=("to 0 (the constant)", "to 1", "to 2", "to 3"),
        cell=lambda row, column: f"$w-0-{row}-{column}$",
        shows=lambda row, column: f"{example().net.w[0][row, column]:g}".replace("-", "−"),
        answer=lambda: places(example().after.w[0] == example().net.w[0]),
        why="All of column 0, what leads into the constant neuron. Row 0 holds the biases, and they learn.",
        slips=(
            (frozenset((0, j) for j in range(4)), "Row 0 holds the biases, and they learn. What is fixed is a column."),
            (frozenset({(0, 0)}), "The two zeros below it lead into the constant neuron as well."),
        ),
    ),
    Number(
        name="terms of the printed sum",
        prompt="For the output neuron, $a-2-1$, take the upper end as it is printed, `n[2] - 1`. How many of the four "
        "terms does the sum keep?",
        answer=lambda: len(range(example().net.n[2])),
        why="As printed, the index stops at `n[2] - 1`, which is 1, and 0 and 1 are two terms. It should run over the "
        "layer before.",
        slips=(
            (lambda: example().net.n[2] - 1, "The last index is 1. But the first is 0: that makes two terms."),
            (lambda: example().net.n[1], "This is the right sum, over the layer before. The printed one ends earlier."),
            (lambda: example().net.n[1] - 1, "This is the last index of the layer before. The printed end is smaller."),
        ),
    ),
    Choice(
        name="size of the loss",
        prompt="Without a calculator: the output is 0.5723. If it should be 0, to which number is the loss nearest?",
        options=("0.57", "0.33", "0.16"),
        answer=lambda: nearest(loss_of(example().net, example().I, [0.0]), ("0.57", "0.33", "0.16")),
        why="The error is 0.57, its square 0.33, and the loss is half of that.",
        slips=(
            ("0.57", "This is the error itself. The loss is half its square."),
            ("0.33", "This is the square of the error. The half is missing."),
        ),
    ),
    Choice(
        name="loss against the activation",
        prompt="The network answers 0.5723 and should answer 1. If $a-2-1$ grew a little, what would the loss do?",
        options=_GROW_OR_SHRINK,
        answer=lambda: _GROW_OR_SHRINK[0 if example().delta[2][1] > 0 else 1],
        why="More activation gives a larger output. A larger output is nearer to 1.",
    ),
)


# Lesson 2


def _with_bias_neuron_computed():
    """a_1^2 where the output of neuron 0 in layer 1 is σ(1)."""
    e = example()
    return (sigmoid(e.a[1]) @ e.net.w[1])[1]


def _xor_untrained():
    I, D = data.xor()
    answers = forward(example().net, I)[1][-1][:, 1:]
    if (abs(answers - D) < 0.2).all():
        return "near 0, 1, 1, 0"
    return "all near 0.5" if (abs(answers - 0.5) < 0.2).all() else "all over the place"


LESSON_2 = (
    Number(
        name="activation of neuron 2",
        prompt="What is $a-1-2$, in your head?",
        decimals=2,
        answer=lambda: example().a[1][2],
        why="−0.2 − 0.5 · 0.4 + 1 · 0.6, from column 2 of $w^0$.",
        slips=(
            (
                lambda: example().a[1][2] - example().net.w[0][0, 2],
                "You left out the bias: $o-0-0$ is 1, and its weight is −0.2.",
            ),
            (
                lambda: example().a[1][2] - 2 * example().net.w[0][0, 2],
                "A sign was lost: the bias is −0.2, and $w-0-1-2$ is −0.4.",
            ),
            (lambda: example().o[0] @ abs(example().net.w[0][:, 2]), "Two signs were lost: −0.2 and −0.4."),
            (lambda: example().net.w[0][:, 2].sum(), "You added the weights: each belongs to an output, 1, 0.5 or 1."),
            (
                lambda: np.dot(example().o[0], example().net.w[0][2, 1:]),
                "You went along row 2. What goes into neuron 2 stands in column 2.",
            ),
        ),
    ),
    Choice(
        name="the first to differ",
        prompt="Neuron 0 is computed like all others. Where is the first number that differs from the right ones?",
        options=("in $a^1$", "in $o^1$", "in $a^2$", "in $o^2$"),
        answer=lambda: "in ${}^{}$".format(*_first_wrong(["bias"])[:2]),
        why="Only $o-1-0$ is wrong in its layer: σ(1) is not 1. The activations $a^1$ are all right, $a-1-0$ included.",
        slips=(("in $a^1$", "$a-1-0$ is 1 through the fixed column, whatever is computed after it."),),
    ),
    Number(
        name="activation with the bias neuron computed",
        prompt="$a-2-1$ should be 0.2912. What does it come to when $o-1-0$ is 0.731, and its weight is −0.1?",
        decimals=3,
        answer=_with_bias_neuron_computed,
        why="The bias counts for 73 % of what it should. It is negative, so the sum becomes larger.",
        slips=(
            (
                lambda: 2 * example().a[2][1] - _with_bias_neuron_computed(),
                "The bias is negative: where less of it counts, the sum is larger.",
            ),
            (lambda: example().a[2][1], "One of the four products has changed, so the sum has as well."),
            (
                lambda: example().a[2][1] - example().net.w[1][0, 1],
                "The bias is not gone: its product is now 0.731 · (−0.1).",
            ),
            (
                lambda: example().a[2][1] + sigmoid(1.0) * example().net.w[1][0, 1],
                "The new product takes the place of the old one, 1 · (−0.1): it is not added to it.",
            ),
        ),
    ),
    Cells(
        name="σ without harm",
        prompt="For which σ would it do no harm to compute the output of neuron 0?",
        rows=("neuron 0",),
        columns=tuple(sigma.name for sigma in SIGMAS),
        cell=lambda row, column: SIGMAS[column].name,
        shows=lambda row, column: "$o-1-0$",
        answer=lambda: places([[sigma(1.0) == 1.0 for sigma in SIGMAS]]),
        why="The activation of neuron 0 is 1. It does no harm where σ(1) = 1.",
    ),
    Choice(
        name="XOR before any learning",
        prompt="The right answers to the four examples are 0, 1, 1, 0. Where do you expect the four outputs?",
        options=("near 0, 1, 1, 0", "all near 0.5", "all over the place"),
        answer=_xor_untrained,
        why="The weights are small, and so are the activations. σ of a small number is near ½.",
    ),
)
