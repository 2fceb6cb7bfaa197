"""The exercises at the lessons' ends: with the right answer put in, the cell says that it is right.

The answers stand here, so that no lesson prints them beside its questions.
"""

import ast
import contextlib
import io
from pathlib import Path

import matplotlib
import nbformat
import pytest

LESSONS = Path(__file__).parents[1] / "lessons"

# lesson: {cell id: (what is replaced by what, what the cell then prints or shows)}
ANSWERS = {
    "00_start_here": {"ex-alpha": ([("alpha = 0.5", "alpha = 2.1")], "True")},
    "01_definitions": {
        "ex-count": ([("(0, 0, 0), 0", "(785, 101, 11), 785 * 100 + 101 * 10")], "(True, True)"),
        "ex-translate-check": (
            [
                (
                    "nielsen, pytorch = net.w[0][0, 0], net.w[0][0, 0]",
                    "nielsen, pytorch = net.w[0][1, 3], net.w[1][3, 1]",
                )
            ],
            "True True",
        ),
        "ex-column-check": ([("my_a_0 = 0.0", "my_a_0 = 1.1")], "True"),
        "ex-softplus-check": ([("return 0 * o", "return 1 - np.exp(-o)")], "True"),
        "ex-rounded-check": (
            [("return 0 * a", "return np.log(1 + np.exp(beta * a)) / beta")],
            "1 furthest apart 0.6931471805599453 at 0.0",
        ),
    },
    "02_forward": {
        "ex-head": ([("[0, 0, 0, 0]", "[1, 0.6, -0.6, 0.5]")], "True"),
        "ex-and-check": (
            [("[[1, 0.0], [0, 0.0], [0, 0.0]]", "[[1, -1.5], [0, 1.0], [0, 1.0]]")],
            "array([False, False, False,  True])",
        ),
        "ex-xor-check": (
            [
                (
                    "w[0][0, 0] = w[1][0, 0] = 1",
                    "w[0][:, 1], w[0][:, 2], w[1][:, 1] = [-5, 10, 10], [-10, 7, 7], [-5, 10, -10]\n"
                    "w[0][0, 0] = w[1][0, 0] = 1",
                )
            ],
            "4 of 4, mean loss 4.7",
        ),
        "ex-linear-check": (
            [("np.array([[1, 0.0], [0, 0.0], [0, 0.0]])", "net.w[0] @ net.w[1]")],
            "True",
        ),
        "ex-order-check": (
            [
                (
                    "# yours to go on with",
                    "\nw[0][:, [1, 3]] = w[0][:, [3, 1]]\nw[1][[1, 3]] = w[1][[3, 1]]",
                )
            ],
            "(False, True)",
        ),
        "ex-twin-check": (
            [
                (
                    "# yours to change, column 0 left alone",
                    "\nw[0][:, 1:] *= 2\nw[1][0, 1:] -= w[1][1:, 1:].sum(axis=0)\nw[1][1:, 1:] *= 2",
                )
            ],
            "True",
        ),
    },
    "04_backward": {
        "04-40": ([("[9, 9, 9, 9]", "[0.140, 0.0245, -0.0173, 0.00997]")], "True"),
        "04-42": ([("return 0 * o", "return (1 - o**2) * (o - D)")], "True"),
        "04-43-check": (
            [("seed=1).w]", "seed=1).w]\nfor array in w:\n    array[1:, 1:] /= 10")],
            "4312.5",
        ),
        "04-ex-inputs-check": ([("[0.0, 0.0]", "net.w[0][1:, 1:] @ delta[1][1:]")], "True"),
    },
    "05_stepping": {
        "05-56": ([("mine = 0.0", "mine = 0.0047")], "True"),
        "05-58": ([("(0.5,)", "(0.5, 0.05, 0.005)")], "0.005 [ 0.00038324 -0.00057562  0.0010057 ]"),
        "05-ex-bisect": (
            [
                (
                    "    ...  # yours: middle, then low or high takes its value",
                    "    middle = (low * high) ** 0.5\n"
                    "    low, high = (middle, high) if learns(middle) else (low, middle)",
                )
            ],
            "135.",
        ),
        "05-ex-momentum-mine": (
            [
                (
                    "        ...  # yours: a, o; delta; the gradient; the new dw; the new net",
                    "        a, o = forward(net, I)\n"
                    "        grad = gradient(o, backward(net, (a, o), D))\n"
                    "        dw = [mu * d - alpha * g for d, g in zip(dw, grad)]\n"
                    "        net = Network([w + d for w, d in zip(net.w, dw)], net.sigma, net.loss)",
                )
            ],
            "",
        ),
        "05-ex-momentum-check": ([], "True\n[0.01 0.98 0.99 0.01] should be"),
        "05-ex-deep-check": (
            [("sizes, sigma = [2, 3, 1], sigmoid", "sizes, sigma = [2, 3, 3, 3, 1], sigmoid")],
            "1 None ",
        ),
        "05-ex-descent-check": (
            [
                (
                    "alpha_tried * 0.01  # yours: α times the sum of all squared derivatives",
                    "alpha_tried * sum((g**2).sum() for g in gradient(o, delta))",
                ),
                ("(1.0, 0.1)", "(1.0, 0.1, 0.001)"),
            ],
            "0.001 0.9999",
        ),
    },
}

# The three people of lesson 4, exercise 6: their numbers, computed with their mistakes.
MISTAKES = {
    "A": "d = sigmoid.derivative(o[2][1]) * (o[2][1] - 1)\n"
    "found = [d, *(sigmoid.derivative(o[1][1:]) * net.w[1][1:, 1] * d)]",
    "B": "d = delta[2][1]\nfound = [d, *(sigmoid.derivative(a[1][1:]) * net.w[1][:-1, 1] * d)]",
    "C": "d = delta[2][1]\nfound = [d, *(sigmoid.derivative(a[2][1]) * net.w[1][1:, 1] * d)]",
}


@pytest.fixture(scope="module", autouse=True)
def without_a_screen():
    matplotlib.use("Agg")


def run(source, names):
    """What a cell prints, and the repr of its last expression, as text."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, "cell", "exec"), names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
            if value is not None:
                print(repr(value))
    return printed.getvalue()


def with_the_answers(lesson, answers):
    """{cell id: what it says} for the cells of a lesson that have an answer; all cells are run, in order."""
    said, names = {}, {}
    for cell in nbformat.read(LESSONS / f"{lesson}.ipynb", 4).cells:
        if cell.cell_type != "code":
            continue
        source = cell.source
        for old, new in answers.get(cell.id, ([], ""))[0]:
            assert source.count(old) == 1, f"{cell.id}: {old!r} is not there"
            source = source.replace(old, new)
        text = run(source, names)
        if cell.id in answers:
            said[cell.id] = text
    return said, names


@pytest.mark.parametrize("lesson", ANSWERS)
def test_the_right_answers_are_said_to_be_right(lesson):
    answers = ANSWERS[lesson]
    said, names = with_the_answers(lesson, answers)
    assert set(said) == set(answers)
    for id, (_, expected) in answers.items():
        assert expected in said[id], (id, said[id])
    if lesson == "04_backward":
        cell = next(cell for cell in nbformat.read(LESSONS / f"{lesson}.ipynb", 4).cells if cell.id == "04-ex-found")
        start, rest = cell.source.split("found = ")
        for name, mistake in MISTAKES.items():
            text = run(start + mistake + "\n" + rest.split("\n", 1)[1], names)
            assert [line.split() for line in text.splitlines()] == [[n, str(n == name)] for n in MISTAKES]


@pytest.mark.parametrize("lesson", ANSWERS)
def test_without_an_answer_no_exercise_is_right(lesson):
    for cell in nbformat.read(LESSONS / f"{lesson}.ipynb", 4).cells:
        _, expected = ANSWERS[lesson].get(cell.id, (None, ""))
        if expected:
            text = "".join(output.get("text", "") or output["data"]["text/plain"] for output in cell.outputs)
            assert expected not in text, cell.id
