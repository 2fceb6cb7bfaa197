"""The teacher's guide and the hand-out: their numbers, and every heading, button, file and code that they name."""

import inspect
import json
import re
from pathlib import Path

import handout_network
import nbformat
import numpy as np
import pytest
from exercises import NAMES
from PIL import Image
from steppers import stepper_of

from mlpkit import Network, backward, data, forward, gradient, identity, sigmoid, step
from mlpkit.exercises.factors import names
from mlpkit.exercises.mistakes import MISTAKES, derivatives
from mlpkit.stepper.breaks import SWITCHES
from mlpkit.stepper.code import read
from mlpkit.widgets import Stepper

ROOT = Path(__file__).parents[1]
LESSONS = ROOT / "lessons"
GUIDE = (LESSONS / "teachers_guide.md").read_text(encoding="utf-8")
HANDOUT = (LESSONS / "handout.md").read_text(encoding="utf-8")
LABELS = [label for label, _ in SWITCHES.values()]
IN_THE_STEPPER = {*LABELS, "Break it", "Matrix form", "code"}
SCRIPTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "mlpkit" / "widgets" / "browser").glob("*.js"))
LABEL_SOURCES = SCRIPTS + (ROOT / "mlpkit" / "stepper" / "breaks.py").read_text(encoding="utf-8")


def sections(text, level):
    """{heading: what stands below it}, for the headings of one level."""
    parts = re.split(rf"^{'#' * level} (.+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def tables(text):
    """Every table of a Markdown text, as rows of cells; its head is the first row."""
    found = re.findall(r"(?:^\|.*\|\n)+", text, flags=re.MULTILINE)
    rows = [[[cell.strip() for cell in line[1:-1].split("|")] for line in table.splitlines()] for table in found]
    return [[table[0], *table[2:]] for table in rows]


def without_code(text):
    return re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)


def italics(text):
    return re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", re.sub(r"\$\$?[^$]*\$\$?", "", without_code(text)))


def headings(path):
    notebook = nbformat.read(path, as_version=4)
    return {
        line.lstrip("#").strip()
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("#")
    }


def printed(value, like):
    """A number with as many decimals as the text `like` has, as the guide writes it."""
    decimals = len(like.partition(".")[2])
    return f"{value + 0:.{decimals}f}".replace("-", "−")


GUIDES = sections(GUIDE, 2)
# {lesson: what stands in its section}. A lesson of one's own may have a section or none.
OF_LESSON = {
    LESSONS / re.search(r"\((\w+\.ipynb)\)", text)[1]: text
    for heading, text in GUIDES.items()
    if heading.startswith("Lesson ")
}
SOLUTIONS = GUIDES["The hand-out"]
ALPHA = 0.5


@pytest.fixture
def example():
    net, I, D = data.running_example()
    a, o = forward(net, I)
    delta = backward(net, (a, o), D)
    return net, I, D, a, o, delta, gradient(o, delta), step(net, I, D, ALPHA)


def test_the_handout_shows_the_running_example(example):
    _, I, D, *_ = example
    assert f"$I = ({I[0]}, {I[1]:.0f})$, $D_1 = {D[0]:.0f}$ and α = {ALPHA}" in HANDOUT
    [image] = re.findall(r'<img src="([^"]+)"', HANDOUT)
    assert LESSONS / image == handout_network.PLACE
    pixels, numbers = handout_network.drawn()
    with Image.open(handout_network.PLACE) as there:
        assert there.text["Description"] == numbers  # written into the file when it was drawn
        committed = np.asarray(there)
    assert committed.shape == np.shape(pixels)
    assert (committed[..., :3] == committed[..., :1]).all()  # grey at most
    assert (committed[0] == 255).all()  # the ground is white, and not transparent


def test_the_handouts_table_of_sigma():
    [table] = [table for table in tables(HANDOUT) if table[0][0] == "$a$"]
    for a, value in zip(table[0][1:], table[1][1:], strict=True):
        assert value == printed(sigmoid(float(a)), value)


def test_the_handouts_tables_are_those_of_the_solutions_and_empty():
    names = ("neuron", "weight")
    given = [table for table in tables(HANDOUT) if table[0][0] in names]
    solved = [table for table in tables(SOLUTIONS) if table[0][0] in names]
    assert len(given) == 3
    for empty, full in zip(given, solved, strict=True):
        assert [cell.replace("&emsp;", "").strip() for cell in empty[0]] == full[0]
        assert [row[0] for row in empty] == [row[0] for row in full]
        assert all(cell == "" or cell.endswith("=$") for row in empty[1:] for cell in row[1:])


def solution(name):
    """The table below a bold line of the solutions, without its head."""
    return tables(SOLUTIONS.partition(f"**{name}**\n")[2])[0][1:]


def neuron(cell):
    """1 of layer 2 as (2, 1)."""
    i, l = map(int, re.fullmatch(r"(\d) of layer (\d)", cell).groups())
    return l, i


def weight(cell):
    """The indices l, i, j of a weight."""
    i, j, l = map(int, re.fullmatch(r"\$w_\{(\d)(\d)\}\^(\d)\$", cell).groups())
    return l, i, j


def test_solution_forward(example):
    net, _, _, a, o, *_ = example

    def factor(number):
        text = f"{number:.4f}".rstrip("0").rstrip(".").replace("-", "−")
        return f"({text})" if number < 0 else text

    rows = solution("Forward")
    assert [neuron(row[0]) for row in rows] == [(1, 1), (1, 2), (1, 3), (2, 1)]
    for place, terms, activation, output in rows:
        l, i = neuron(place)
        pairs = zip(o[l - 1], net.w[l - 1][:, i], strict=True)
        assert terms == " + ".join(f"{factor(x)} · {factor(w)}" for x, w in pairs)
        assert (activation, output) == (printed(a[l][i], "0.0000"), printed(o[l][i], "0.0000"))


def test_solution_loss(example):
    net, _, D, _, o, *_ = example
    assert solution("Loss") == [
        ["$o_1^2 - D_1$", printed(o[2][1] - D[0], "0.0000")],
        [r"$\tilde L$", printed(net.loss.value(o[2][1:], D), "0.0000")],
    ]


def test_solution_backward(example):
    net, _, D, a, o, delta, *_ = example
    rows = solution("Backward")
    assert [neuron(row[0]) for row in rows] == [(2, 1), (1, 1), (1, 2), (1, 3)]
    for place, slope, times, signal in rows:
        l, i = neuron(place)
        comes_back = o[2][1] - D[0] if l == 2 else net.w[1][i, 1] * delta[2][1]
        numbers = (net.sigma[l].derivative(a[l][i]), comes_back, delta[l][i])
        assert (slope, times, signal) == tuple(printed(number, "0.0000") for number in numbers)


def test_solution_step(example):
    net, *_, grad, after = example
    rows = solution("Step")
    assert [weight(row[0]) for row in rows] == [(1, 0, 1), (1, 2, 1), (0, 2, 2)]
    for place, old, *numbers in rows:
        l, i, j = weight(place)
        assert old == printed(net.w[l][i, j], old)
        slope, new = grad[l][i, j], after.w[l][i, j]
        assert numbers == [printed(number, "0.0000") for number in (slope, -ALPHA * slope, new)]


def answers():
    """{(question, what): number} for the table of the questions."""
    net, I, D = data.running_example()
    a, o = forward(net, I)
    delta = backward(net, (a, o), D)
    grad = gradient(o, delta)
    known = {("1", f"$w_{{{i}{j}}}^0$"): net.w[0][i, j] for i, j in ((1, 2), (2, 1), (0, 3))}
    known |= {("3", rf"$\Delta w_{{{i}1}}^1$"): -ALPHA * grad[1][i, 1] for i in range(4)}

    no_inputs = forward(net, [0, 0])
    slopes = gradient(no_inputs[1], backward(net, no_inputs, D))[0]
    known |= {("4", f"$a_{i}^1$"): no_inputs[0][1][i] for i in (1, 2, 3)}
    known["4", "weights that still move"] = np.count_nonzero(slopes[:, 1:])

    raised = net.w[1].copy()
    raised[2, 1] += 0.1
    loss = net.loss.value(o[2][1:], D)
    known["5", "estimated loss"] = loss + 0.1 * grad[1][2, 1]
    moved = forward(Network([net.w[0], raised]), I)[1][2][1:]
    known["5", "loss after another forward phase"] = net.loss.value(moved, D)

    computed = sigmoid(a[1][0])
    known["6", "$o_0^1$ computed"] = computed
    known["6", "$a_1^2$ with it"] = np.array([computed, *o[1][1:]]) @ net.w[1][:, 1]
    new = step(net, I, D, ALPHA).w[1][2, 1]
    known["6", r"$\delta_2^1$ from the new weight"] = sigmoid.derivative(a[1][2]) * new * delta[2][1]

    linear = Network(net.w, identity)
    known["7", r"$\delta_0^1$ by the formula, with the identity"] = (
        linear.w[1][0] @ backward(linear, forward(linear, I), D)[2]
    )
    return known


def test_solutions_of_the_questions():
    rows = solution("Questions")
    known = answers()
    assert [(question, what) for question, what, _ in rows] == list(known)
    for question, what, value in rows:
        assert value == printed(known[question, what], value)


def test_every_question_has_a_solution_and_no_number_stands_outside_the_tables():
    questions = re.findall(r"^\*\*(\d)\.\*\*", HANDOUT, flags=re.MULTILINE)
    assert questions == list("1234567")
    assert re.findall(r"^\*\*(\d)\.\*\*", SOLUTIONS, flags=re.MULTILINE) == questions
    prose = "\n".join(line for line in SOLUTIONS.splitlines() if not line.startswith("|"))
    [sigma] = [table[0] for table in tables(HANDOUT) if table[0][0] == "$a$"]
    assert set(re.findall(r"\d*\.\d+", prose)) <= set(sigma)


def test_the_numbers_of_the_wrong_answers(example):
    net, I, D, _, o, delta, *_ = example
    loss = net.loss.value(o[2][1:], D)
    run = [loss]
    now = net
    for _ in range(6):
        now = step(now, I, D, ALPHA)
        run.append(now.loss.value(forward(now, I)[1][2][1:], D))
    change = ALPHA * delta[2][1] * o[1][2]
    numbers = {
        "The sum is {}. The number": (0.5 * 0.2 + 0.8, "0.0"),
        "It goes from {} to": (loss, "0.0000"),
        "to {}. A slope": (run[1], "0.0000"),
        "{} the first time": (run[0] - run[1], "0.0000"),
        "the first time, {} the sixth": (run[5] - run[6], "0.0000"),
        "$o_0^1 = {}$: “bias neuron computed”": (sigmoid(1.0), "0.000"),
        "too large by {}.": (-0.1 * (sigmoid(1.0) - 1), "0.0000"),
        "$\\delta_1^2 = {}$: “(D": (-delta[2][1], "0.0000"),
        "$\\delta_1^2 = {}$: “σ′": (o[2][1] - D[0], "0.0000"),
        "$\\delta_0^1 = {}$: “δ₀": (sigmoid.derivative(1.0) * net.w[1][0, 1] * delta[2][1], "0.0000"),
        "The new $w_{21}^1$ is {}: “plus": (net.w[1][2, 1] + change, "0.0000"),
        "−0.5 + 0.0288 = {}": (net.w[1][2, 1] - change, "0.0000"),
    }
    plain = " ".join(GUIDE.split()).replace("−", "-")
    for words, (number, like) in numbers.items():
        assert words.replace("{}", printed(number, like)).replace("−", "-") in plain


def test_there_is_a_section_for_each_lesson():
    assert list(OF_LESSON)[: len(NAMES)] == [LESSONS / f"{name}.ipynb" for name in NAMES]
    for text in OF_LESSON.values():
        assert list(sections(text, 3)) == [
            "Plan of 45 minutes",
            "Plan of 90 minutes",
            "Codes",
            "Wrong answers to expect",
            "On the board",
            "When time runs out",
        ]
        assert 3 <= len(re.findall(r"^- ", sections(text, 3)["Wrong answers to expect"], flags=re.MULTILINE)) <= 4


each_lesson = pytest.mark.parametrize("path", OF_LESSON, ids=lambda path: path.stem)


@pytest.mark.parametrize("minutes", [45, 90])
@each_lesson
def test_a_plans_minutes_and_headings(path, minutes):
    [plan] = tables(sections(OF_LESSON[path], 3)[f"Plan of {minutes} minutes"])
    assert plan[0] == ["minutes", "project", "ask before the reveal"]
    assert sum(int(row[0]) for row in plan[1:]) == minutes
    there = headings(path)
    for _, projected, ask in plan[1:]:
        assert projected.startswith("*")
        assert set(italics(projected)) <= there
        assert ask


@each_lesson
def test_every_heading_that_a_lessons_section_names_is_in_that_lesson(path):
    named = set(italics(OF_LESSON[path])) - IN_THE_STEPPER - {"plus or minus?"}
    assert named <= headings(path)


def test_everything_else_in_italics_stands_on_the_stepper():
    rest = [text for heading, text in GUIDES.items() if not heading.startswith("Lesson ")]
    assert set(italics("\n".join(rest))) <= IN_THE_STEPPER
    for label in IN_THE_STEPPER:
        assert re.search(rf'"{re.escape(label)} ?"', LABEL_SOURCES)


def test_every_button_it_names_is_there():
    bold = set(re.findall(r"\*\*([^*\n]+)\*\*", GUIDE.partition("## The hand-out")[0]))
    buttons = {label for label in bold if not label.endswith(".")}
    assert buttons == {"Present", "First"}
    for label in (*buttons, "▶"):
        assert re.search(rf'"{label}[":]', LABEL_SOURCES)
    for key in ("ArrowRight", "ArrowLeft", "PageDown", "PageUp", "Home", "End"):
        assert f"{key}:" in SCRIPTS


def test_its_switches_are_those_of_break_it():
    [table] = [table for table in tables(GUIDE) if table[0][0] == "switch"]
    named = {code.strip("`"): label.strip("*") for label, code, _ in table[1:]}
    assert named == {f"!{name}": label for name, (label, _) in SWITCHES.items()}


def test_every_file_it_names_exists():
    for text in (GUIDE, HANDOUT):
        for place in re.findall(r'\]\(([^)#]+)\)|src="([^"]+)"', text):
            assert (LESSONS / "".join(place)).is_file()
    for place in re.findall(r"`([\w/]+\.(?:md|py|ipynb))`", GUIDE):
        assert (ROOT / place).is_file()


def test_its_codes_lead_where_they_say():
    text = re.sub(r"```.*?```|^### Codes\n.*?(?=^###)", "", GUIDE, flags=re.DOTALL | re.MULTILINE)
    inline = re.findall(r"`([^`\n]+)`", text)
    codes = [text for text in inline if re.match(r"[!@]|[en]\d|(I1|D1|alpha|w[\d.]+)=", text)]
    assert {"I1=0.7 n3 @21", "!bias @16", "@21>delta1.2", "w0.2.1=-0.3", "e2", "!"} <= set(codes)
    net, I, D = data.running_example()
    for code in codes:
        assert read(code)
        if "@" in code:
            stepper = Stepper(net, I, D, alpha=ALPHA)
            stepper.code = code
            assert stepper.code == code
    stepper.code = "I1=0.7 n3 @21"
    assert (stepper.position, stepper.shown["foot"]["steps"]) == (21, "3 steps taken")
    stepper.code = "!late @26"
    marked = [symbol for symbol in stepper._scene.off if symbol[0] == "delta"]
    assert marked == [("delta", 1, 1), ("delta", 1, 2), ("delta", 1, 3)]


def steppers_below(path, heading):
    """The Steppers below a heading of a lesson."""
    names, here = {}, None
    for cell in nbformat.read(path, as_version=4).cells:
        for line in cell.source.splitlines() if cell.cell_type == "markdown" else ():
            here = line.lstrip("#").strip() if line.startswith("#") else here
        if here == heading and (stepper := stepper_of(cell, names)):
            yield stepper


@each_lesson
def test_the_codes_of_a_lesson_bring_its_steppers_to_that_state(path):
    [table] = tables(sections(OF_LESSON[path], 3)["Codes"])
    assert table[0] == ["Stepper below", "code", "on all screens"]
    assert len(table) > 2
    for heading, code, seen in table[1:]:
        found = list(steppers_below(path, heading.strip("*")))
        assert found, f"there is no Stepper below {heading}"
        for stepper in found:
            stepper.code = code.strip("`")
            shown = stepper.shown
            assert (stepper.code, shown["code_problem"]) == (code.strip("`"), "")
            there = json.dumps([shown[part] for part in ("spoken", "caption", "foot", "damage")], ensure_ascii=False)
            for number in re.findall(r"−?\d+\.\d+|\d+ of \d+", seen):
                assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.]*\d)", there.replace("minus ", "−")), number


def test_the_stepper_runs_a_learners_functions():
    call = "Stepper(net, I, D, forward=my_forward, backward=my_backward)"
    assert f"\n{call}\n" in GUIDE
    for lesson, name in (("02_forward", "my_forward"), ("04_backward", "my_backward")):
        assert f"def {name}(" in (LESSONS / f"{lesson}.ipynb").read_text(encoding="utf-8")
    assert {"forward", "backward", "gradient", "step"} <= set(inspect.signature(Stepper).parameters)
    net, I, D = data.running_example()

    def without_slope(net, activations, D):
        return [None, *(one + 0.01 for one in backward(net, activations, D)[1:])]

    names = {"Stepper": Stepper, "net": net, "I": I, "D": D, "my_forward": forward, "my_backward": without_slope}
    damage = eval(call, names).shown["damage"]
    assert "≠" in damage["words"]
    assert damage["switches"] == []


def test_nothing_is_left_to_be_written():
    assert "..." not in GUIDE
    assert "TODO" not in GUIDE + HANDOUT


def test_the_readme_links_both():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(lessons/teachers_guide.md)" in readme
    assert "(lessons/handout.md)" in readme


def test_a_mistake_is_named_as_the_check_names_it():
    known = {mistake.name for mistakes in (*MISTAKES.values(), *names.NAMES.values()) for mistake in mistakes}
    known |= {mistake.name for mistake in (*derivatives.ACTIVATION, *derivatives.LOSS)}
    named = [
        " ".join(name.split())
        for text in OF_LESSON.values()
        for name in re.findall("“(.*?)”", sections(text, 3)["Wrong answers to expect"], flags=re.DOTALL)
    ]
    assert len(named) == 13
    assert set(named) <= known
