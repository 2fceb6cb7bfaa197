"""The questions of lesson 0: what a network is and what a step does."""

import numpy as np

from mlpkit import data
from mlpkit.core.network import step
from mlpkit.core.training import train
from mlpkit.notation import number_text
from mlpkit.quiz.example import ALPHA, example, first_wrong, loss_of, micro_steps, places
from mlpkit.quiz.kinds import Cells, Choice, Number
from mlpkit.quiz.symbols import Symbol


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
    [made] = [step for step in micro_steps() if step.symbol == ("grad", 0, 2, 1)]
    return next(symbol for symbol in made.reads if symbol[0] == "delta")


def _loss_after(alpha):
    """The loss after a step with this α, where 0.8 is the desired output."""
    e, D = example(), np.array([0.8])
    return loss_of(step(e.net, e.I, D, alpha), e.I, D)


def _best_alpha():
    """The α, to a tenth and up to 16, whose step leaves the smallest loss."""
    tried = np.arange(161) / 10
    return float(tried[np.argmin([_loss_after(alpha) for alpha in tried])])


def _where_it_falls(alpha):
    """In which direction of this α the loss after the step gets smaller."""
    if alpha < 0:
        return "With an α below 0 every weight goes the wrong way: a larger one is needed."
    direction = "larger" if alpha < _best_alpha() else "smaller"
    return (
        f"With α = {number_text(alpha)} the loss after the step is {number_text(_loss_after(alpha))}, and it falls "
        f"further with a {direction} α."
    )


def _turned_round():
    """Which weights move the other way with 0 for the desired output instead of 1."""
    e = example()
    ways = [
        [after - before for after, before in zip(step(e.net, e.I, D, ALPHA).w, e.net.w, strict=True)]
        for D in (e.D, 0 * e.D)
    ]
    turned = [int((up * down < 0).sum()) for up, down in zip(*ways, strict=True)]
    return {(0, 4): "those that lead to the output", (9, 4): "all thirteen"}.get(tuple(turned), "none")


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
    Number(
        name="the best α",
        prompt="The network should answer 0.8. With which α is the loss after the step smallest?",
        within=0.5,
        predicts=False,
        answer=_best_alpha,
        toward=_where_it_falls,
        why="There the step brings the answer to 0.8. A smaller α leaves it short of 0.8, a larger one carries it "
        "past, and either way a loss is left.",
        slips=(
            (16.0, "This is the right end of the slider. Drag on to the left, and watch the loss after the step."),
            (0.0, "With α = 0 no weight moves, and the loss stays what it was."),
        ),
    ),
    Choice(
        name="the way of the weights",
        prompt="If the network should answer 0 instead of 1, which of the thirteen weights move the other way?",
        options=("none", "those that lead to the output", "all thirteen"),
        answer=_turned_round,
        why="What moves the answer up with $D-1$ = 1 has to move it down with $D-1$ = 0, and each weight has a "
        "share in that.",
        slips=(
            ("none", "Then the answer would go on rising, away from 0."),
            (
                "those that lead to the output",
                "These do, and so do the other nine: what those change reaches the answer by way of the middle.",
            ),
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
        prompt="In the Stepper press **↺** (reset), then **Forward** until the phase ends. What does the network "
        "answer?",
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
        answer=lambda: _PHASES.get(first_wrong(["slope"])[0], "Step"),
        why="σ′ is a slope, and slopes are read on the way back only. What is computed before it stays right; every "
        "change of a weight is wrong with it.",
        slips=(
            ("Forward", "On the way forward σ itself is used, not its slope σ′."),
            ("Step", "The changes are wrong too, but because of numbers before them."),
        ),
    ),
)
