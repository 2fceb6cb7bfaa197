"""What a learner types into a lesson: the solution and a wrong answer get their verdicts."""

import pytest
from exercises import solutions
from lab import LESSONS
from playwright.sync_api import expect

# (lesson, id of the learner's cell, the check in it, a wrong answer, what is said of it)
WRONG = [
    (
        "01_definitions",
        "my-weights",
        "check.weights(",
        "def mine(W, b):\n    w = np.zeros((len(W) + 1, len(b) + 1))\n    w[0, 1:] = b\n"
        "    w[1:, 1:] = W\n    return w",
        "w₀₀⁰",
    ),
    (
        "02_forward",
        "my-activations",
        "check.activations(",
        "def mine(o_before, w):\n    return o_before @ w - w[0]",
        "a₀¹",
    ),
    (
        "02_forward",
        "my-forward",
        "check.forward(",
        "def mine(net, I):\n    a, o = [None], [np.insert(np.asarray(I, float), 0, 1, axis=-1)]\n"
        "    for l in range(net.L - 1):\n        a.append(o[l] @ net.w[l])\n"
        "        o.append(net.sigma[l + 1](a[l + 1]))\n    return a, o",
        "o₀¹",
    ),
    (
        "03_derivations",
        "03-06",
        "check.slope(",
        "def mine(net, I, D, l, i, j, eps):\n    def loss(e):\n        w = [x.copy() for x in net.w]\n"
        "        w[l][i, j] += e\n        o = forward(Network(w, net.sigma, net.loss), I)[1]\n"
        "        return net.loss.value(o[-1][1:], D)\n    return (loss(eps) - loss(-eps)) / eps",
        "The first number that differs",
    ),
    (
        "03_derivations",
        "03-21",
        "check.gradient(",
        "def mine(o, delta):\n    rows = [np.atleast_2d(x) for x in o], [None, *map(np.atleast_2d, delta[1:])]\n"
        "    return [x.T @ d for x, d in zip(rows[0][:-1], rows[1][1:])]",
        "batch of 7",
    ),
    (
        "04_backward",
        "04-07",
        "check.output_delta(",
        "def mine(net, a, o, D):\n    delta = np.zeros_like(o[-1])\n    delta[1:] = net.loss.gradient(o[-1][1:], D)\n"
        "    return delta",
        "δ₁²",
    ),
    (
        "04_backward",
        "04-14",
        "check.backward(",
        "def mine(net, activations, D):\n    a, o = activations\n    delta = [None] * net.L\n"
        "    s = net.sigma[-1].derivative(a[-1][..., 1:]) * net.loss.gradient(o[-1][..., 1:], D)\n"
        "    delta[-1] = np.insert(s, 0, 0, axis=-1)\n    for l in range(net.L - 2, 0, -1):\n"
        "        delta[l] = delta[l + 1] @ net.w[l].T\n        delta[l][..., 0] = 0\n    return delta",
        "δ₁¹",
    ),
    (
        "05_stepping",
        "05-06",
        "check.step(",
        "def mine(net, I, D, alpha):\n    a, o = forward(net, I)\n    grad = gradient(o, backward(net, (a, o), D))\n"
        "    return Network([w + alpha * g for w, g in zip(net.w, grad)], net.sigma, net.loss)",
        "w₀₁⁰ new",
    ),
    (
        "05_stepping",
        "05-21",
        "check.train(",
        "def mine(net, I, D, alpha, epochs):\n    for _ in range(epochs):\n        last = step(net, I, D, alpha)\n"
        "    return last",
        "3 times",
    ),
]


@pytest.mark.parametrize("lesson", sorted({wrong[0] for wrong in WRONG}))
def test_a_stub_a_wrong_and_a_right_answer_get_their_verdicts(open_notebook, lesson):
    notebook = open_notebook(LESSONS / f"{lesson}.ipynb")
    notebook.cells()[0].run()  # the imports
    _, right = solutions(LESSONS / f"{lesson}.ipynb")
    for name, id, check, wrong, said in WRONG:
        if name != lesson:
            continue
        cell = notebook.cell(check)
        cell.run()
        verdict = cell.element.locator(".mlpkit-check")
        expect(verdict).to_contain_text("Not yet.")
        cell.run(f"{wrong}\n\n\n{check}mine)")
        expect(verdict).to_contain_text("Right for one example." if "batch" in said else "Not the same.")
        expect(verdict).to_contain_text(said)
        cell.run(right[id])
        expect(verdict).to_contain_text("Right.")


def test_a_folded_answer_unfolds_when_its_cell_is_run(open_notebook):
    notebook = open_notebook(LESSONS / "02_forward.ipynb")
    notebook.cells()[0].run()
    cell = notebook.cell("Activation and output of neuron two")
    cell.show()
    answer = cell.element.get_by_text("0.5498")
    expect(answer).to_have_count(0)
    cell.run()
    expect(answer).to_be_visible()
