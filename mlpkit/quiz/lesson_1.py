"""The questions of lesson 1: the definitions (§1)."""

from mlpkit.quiz.example import example, loss_of, nearest, places
from mlpkit.quiz.kinds import Cells, Choice, Number
from mlpkit.quiz.symbols import Symbol


def _bias_of_the_output():
    return ("w", example().net.L - 2, 0, 1)


_GROW_OR_SHRINK = ("It would grow: δ is positive.", "It would shrink: δ is negative.")

LESSON_1 = (
    Symbol(
        name="the bias of the output",
        prompt="Which weight is the bias of the output neuron? Give its symbol.",
        of="w",
        answer=_bias_of_the_output,
        why="It leads from neuron 0 of layer 1 to neuron 1 of layer 2. First comes its start, then its end; the "
        "raised number is the layer where it starts.",
        slips=(
            (("w", 1, 1, 0), "You have turned it round: this one leads into a constant neuron."),
            (("w", 0, 0, 1), "This is the bias of neuron 1 in layer 1: $w^0$ leads away from layer 0."),
            (("w", 2, 0, 1), "No weight leads away from layer 2: the number of a weight is that of its first layer."),
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
            (frozenset((0, j) for j in range(4)), "You have marked row 0. What is fixed is a column."),
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
