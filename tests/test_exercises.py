"""The exercises at the lessons' ends: with the right answer put in, the cell says that it is right.

The answers are the solutions in lessons/solutions/.
"""

import matplotlib
import pytest
from exercises import LESSONS, code_cells, is_checked, notebook, run, solutions

# lesson: {cell id: what the cell prints or shows when its solution is in it}
SAYS = {
    "00_start_here": {
        "ex-alpha": "True",
    },
    "01_definitions": {
        "ex-count": "n: right\nWeights that move: right",
        "ex-translate-check": "Nielsen: right\nPyTorch: right",
        "ex-column-check": "True",
        "ex-softplus-check": "True",
        "ex-rounded-check": "1 furthest apart 0.693147 at 0.0",
    },
    "02_forward": {
        "ex-head": "True",
        "ex-and-check": "array([False, False, False,  True])",
        "ex-xor-check": "4 of 4, mean loss 4.713e-05",
        "ex-linear-check": "True",
        "ex-order-check": "(False, True)",
        "ex-twin-check": "True",
    },
    "03_derivations": {
        "03-t1-mine": "It holds.",
        "03-t2-mine": "It holds.",
        "03-50": "True",
        "03-ex-5-code": "It holds.",
        "03-ex-6-code": "It holds.",
    },
    "04_backward": {
        "04-40": "True",
        "04-42": "True",
        "04-43-check": "4312.5",
        "04-ex-inputs-check": "True",
        "04-ex-found": "A True\nB False\nC False",
    },
    "05_stepping": {
        "05-56": "True",
        "05-open-largest": "True",
        "05-58": "0.005 [ 0.00038324 -0.00057562  0.0010057 ]",
        "05-ex-bisect": "True False 1.004",
        "05-ex-momentum-mine": "",
        "05-ex-momentum-check": "True\n[0.01 0.98 0.99 0.01] should be",
        "05-ex-deep-check": "1 None ",
        "05-ex-descent-check": "0.001 0.9999",
    },
    "06_digits": {
        "06-confusion": "True",
        "06-inputs": "",
        "06-inputs-try": "True",
        "06-ex-large": "True",
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


def text_of(source, names):
    """What a cell prints, and the repr of its last expression, as text."""
    value, printed = run(source, names)
    return printed if value is None else f"{printed}{value!r}\n"


def with_the_solutions(lesson):
    """{cell id: what it says} for the cells of a lesson that have a solution; all cells are run, in order."""
    said, names, (_, solved) = {}, {}, solutions(lesson)
    for id, source in code_cells(lesson).items():
        text = text_of(solved.get(id, source), names)
        if id in solved:
            said[id] = text
    return said, names


@pytest.mark.parametrize("name", SAYS)
def test_the_right_answers_are_said_to_be_right(name):
    lesson = LESSONS / f"{name}.ipynb"
    said, names = with_the_solutions(lesson)
    # those that a check looks at are in test_solutions.py
    assert {id for id in said if not is_checked(code_cells(lesson)[id])} == set(SAYS[name])
    for id, expected in SAYS[name].items():
        assert expected in said[id], (id, said[id])
    if name == "04_backward":
        start, rest = code_cells(lesson)["04-ex-found"].split("found = ")
        for person, mistake in MISTAKES.items():
            text = text_of(start + mistake + "\n" + rest.split("\n", 1)[1], names)
            assert [line.split() for line in text.splitlines()] == [[n, str(n == person)] for n in MISTAKES]


@pytest.mark.parametrize("name", SAYS)
def test_without_an_answer_no_exercise_is_right(name):
    for cell in notebook(LESSONS / f"{name}.ipynb")["cells"]:
        expected = SAYS[name].get(cell["id"])
        if expected:
            shown = [output.get("text") or output["data"]["text/plain"] for output in cell["outputs"]]
            assert expected not in "".join(line for lines in shown for line in lines), cell["id"]
