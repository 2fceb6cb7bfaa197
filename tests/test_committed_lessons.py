"""The lessons as they are committed: run once from top to bottom, and nothing in them that a re-run would change.

CONTRIBUTING.md has the command that brings a lesson into this state.
"""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from exercises import NAMES, is_mark

from mlpkit import derivations
from mlpkit.derivations import THEOREMS

LESSONS = Path(__file__).parents[1] / "lessons"
PATHS = sorted(LESSONS.rglob("[!.]*.ipynb"))
WIDGET = "application/vnd.jupyter.widget-view+json"
NEGATIVE_ZERO = re.compile(r"(?<![\w.)\]])[-−]0(?:\.0*)?(?:e[+-]\d+)?(?![\w.])")
NUMBER = re.compile(r"(?<![\w.])(\d+\.\d*)(?:e([+-]\d+))?(?!\w)")
ARITHMETIC = ast.Expr | ast.BinOp | ast.UnaryOp | ast.Constant | ast.operator | ast.unaryop


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def data(cell):
    """The data of every output of a cell that shows something: dicts from MIME type to content."""
    return [output.data for output in cell.outputs if "data" in output]


def folded_line(cell):
    """What JupyterLab shows of a folded output: the first line of its first output, if that is text."""
    if not cell.outputs:
        return ""
    first = cell.outputs[0]
    kinds = ["text/html", "image/svg+xml", "application/pdf", "text/markdown", "text/plain"]
    text = first.get("text") or next((first.data[kind] for kind in kinds if kind in first.get("data", {})), "")
    return next(filter(None, text.split("\n")), "")


def texts(cell):
    """Everything that a cell's outputs say in letters."""
    shown = [output.text for output in cell.outputs if "text" in output]
    return shown + [text for one in data(cell) for kind, text in one.items() if kind.startswith("text/")]


def is_the_same_everywhere(source):
    """Whether a cell computes with nothing but Python's own numbers, as they stand in it, and + − · /.

    Python does one operation after the other, in an order that is fixed, and IEEE 754 fixes every digit of each. The
    order in which NumPy adds up, and the last digit of exp, depend on the processor.
    """
    statements = ast.parse(source).body
    said = [one for one in statements if re.fullmatch(r"print\(('[^']*')\)", ast.unparse(one))]
    parts = [part for one in statements if one not in said for part in ast.walk(one)]
    powers = [part for part in parts if isinstance(part, ast.Pow)]
    return not powers and all(isinstance(part, ARITHMETIC) for part in parts)


def depends_on_the_processor(cell):
    """The numbers in a cell's outputs whose sign or last digit another processor may print otherwise."""
    zeros = [zero for text in texts(cell) for zero in NEGATIVE_ZERO.findall(text)]
    numbers = [number for text in texts(cell) for number in NUMBER.finditer(text)]
    digits = [number for number in numbers if len(number[1].replace(".", "").lstrip("0")) > 15]
    tiny = [number for number in numbers if int(number[2] or 0) < -12]  # what is left where 0 should be
    if not (digits or tiny) or is_the_same_everywhere(cell.source):
        return zeros
    return zeros + [number[0] for number in digits + tiny]


def asks(cell):
    """Whether what a cell shows is a question in a box."""
    return cell.cell_type == "code" and re.search(r"^(\w+ = )?ask\(", cell.source, re.MULTILINE) is not None


def problems(notebook):
    """Everything about a notebook that does not belong in a commit, as sentences."""
    found = []
    if "widgets" in notebook.metadata:
        found.append("the widgets' state is saved")
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        found.append("the kernel is not python3")
    if "version" in notebook.metadata.get("language_info", {}):
        found.append("the version of somebody's Python is saved")
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        found.append("no cell ids: the format is older than 4.5")
    counts = [cell.execution_count for cell in code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        found.append(f"the cells were not run once from the top: {counts}")
    for cell in notebook.cells:
        name = f"cell {cell.get('id')}"
        if extra := set(cell.metadata) - {"tags", "jupyter"}:
            found.append(f"{name}: metadata {sorted(extra)}")
        if set(cell.metadata.get("jupyter", {"outputs_hidden": True}).items()) != {("outputs_hidden", True)}:
            found.append(f"{name}: metadata jupyter {dict(cell.metadata['jupyter'])}")
        if cell.get("attachments"):
            found.append(f"{name}: a picture is pasted into it")
    for cell in code_cells(notebook):
        name = f"cell {cell.get('id')}"
        lines = [line for line in cell.source.splitlines() if not is_mark(line)]
        if not cell.source.strip():
            found.append(f"{name}: empty")
        if len(lines) > 15 or any(len(line) > 100 for line in lines):
            found.append(f"{name}: more than 15 lines, or a line of more than 100 characters")
        if re.search(r"^\s*[%!]|\bsys\.path\b|\bsubprocess\b|\bos\.system\b|\bpip\b", cell.source, re.MULTILINE):
            found.append(f"{name}: sets up the machine instead of teaching")
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"{name}: raised {output.ename}")
            if output.get("name") == "stderr":
                found.append(f"{name}: wrote to stderr: {output.text[:80]}")
        for number in depends_on_the_processor(cell):
            found.append(f"{name}: on another processor {number} may come out otherwise: round it, or print its size")
        for shown in data(cell):
            if WIDGET in shown and not {"image/png", "text/plain"} <= set(shown):
                found.append(f"{name}: a widget without a picture and a text for a page without a kernel")
        if "jupyter" in cell.metadata and any(character.isdigit() for character in folded_line(cell)):
            found.append(f"{name}: folded, but JupyterLab shows its first line: {folded_line(cell)!r}")
    for before, cell in zip(notebook.cells, notebook.cells[1:], strict=False):
        on_paper = before.cell_type == "markdown" and "before you run the next cell" in before.source.lower()
        in_a_box = asks(before) and cell.cell_type == "code"
        if (on_paper or in_a_box) and not asks(cell) and cell.metadata.get("jupyter") is None:
            found.append(f"cell {cell.get('id')}: an answer that is not folded")
    return found


@pytest.mark.skipif(not PATHS, reason="there is no lesson yet")
def test_the_seven_lessons_are_there():
    assert set(NAMES) <= {path.stem for path in LESSONS.glob("*.ipynb")}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.relative_to(LESSONS).as_posix())
def test_committed_state(path):
    notebook = nbformat.read(path, 4)
    nbformat.validate(notebook)
    assert problems(notebook) == []


def test_the_command_for_running_again_runs_and_cleans_every_notebook():
    contributing = (LESSONS.parent / "CONTRIBUTING.md").read_text("utf-8")
    run_again, of_one = [line for line in contributing.splitlines() if "nbconvert" in line]
    assert " -m nbconvert " in run_again  # `-m jupyter nbconvert` looks for a command that may not be on the path
    assert of_one == run_again.replace("lessons/*.ipynb lessons/solutions/*.ipynb", "lessons/07_name.ipynb")
    for command in run_again.split(" && "):
        named = {path for word in command.split() if "*" in word for path in LESSONS.parent.glob(word)}
        assert named == set(PATHS)


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "lessons/make_your_own.md"])
def test_the_line_for_the_form_of_one_lesson_is_told(page):
    text = (LESSONS.parent / page).read_text("utf-8")
    assert "python -m pytest tests/test_committed_lessons.py -k 07_\n" in text


def words(cells):
    """How many words of prose the Markdown cells among some have, without tables and what is folded."""
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    text = re.sub(r"<details>.*?</details>|<br>|^\|[^\n]*", "", text, flags=re.DOTALL | re.MULTILINE)
    return sum(any(map(str.isalnum, word)) for word in text.split())


@pytest.mark.parametrize(("name", "most"), [("00_start_here", 100), ("05_stepping", 120)])
def test_a_stepper_stands_alive_after_a_few_words(name, most):
    cells = nbformat.read(LESSONS / f"{name}.ipynb", 4).cells
    first = next(index for index, cell in enumerate(cells) if cell.cell_type == "code")
    assert words(cells[:first]) <= most
    assert cells[first].source.splitlines()[-1].startswith("Stepper(net, ")
    assert "position" not in cells[first].source


def without_exercises(cells):
    """The cells of a lesson but for its section of exercises."""
    kept, skipped = [], False
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            skipped = cell.source.startswith("## Exercises")
        if not skipped:
            kept.append(cell)
    return kept


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("00_start_here", 900),
        ("01_definitions", 1800),
        ("02_forward", 1600),
        ("05_stepping", 2200),
        ("06_digits", 1300),
    ],
)
def test_a_lesson_is_short(name, most):
    cells = nbformat.read(LESSONS / f"{name}.ipynb", 4).cells
    told = without_exercises(cells)
    assert len(told) < len(cells)
    assert 0 < words(told) <= most


@pytest.mark.parametrize("name", ["00_start_here", "01_definitions", "02_forward"])
def test_within_120_words_something_moves_or_is_answered(name):
    cells = nbformat.read(LESSONS / f"{name}.ipynb", 4).cells
    alive = next(
        index
        for index, cell in enumerate(cells)
        if cell.cell_type == "code" and any(WIDGET in shown for shown in data(cell))
    )
    assert words(cells[:alive]) <= 120
    assert sum(cell.cell_type == "code" for cell in cells[: alive + 1]) <= 2  # it is one or two cells away


# The lessons with the most to read.


# In lesson 3 it stands before the backward phase: the changes of the weights would answer its question.
@pytest.mark.parametrize(
    ("name", "positions"),
    [
        ("03_derivations", ["position=16"]),
        ("04_backward", []),
    ],
)
def test_a_slider_moves_the_weights_within_120_words(name, positions):
    cells = nbformat.read(LESSONS / f"{name}.ipynb", 4).cells
    first = next(index for index, cell in enumerate(cells) if cell.cell_type == "code")
    assert 0 < words(cells[:first]) <= 120
    *above, last = cells[first].source.splitlines()
    assert last.startswith("Stepper(net, [0.2, 0.6], [0], ")  # no answer of the running example stands there
    assert "task=" in last
    assert re.findall(r"position\W*\w*", "".join([*above, last])) == positions


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("03_derivations", 2600),
        ("04_backward", 1600),
    ],
)
def test_a_lesson_is_short_before_its_exercises(name, most):
    cells = nbformat.read(LESSONS / f"{name}.ipynb", 4).cells
    exercises = next(index for index, cell in enumerate(cells) if cell.source.startswith("## Exercises"))
    assert 0 < words(cells[:exercises]) <= most


# The checks above, each on a notebook that has just that fault.


def lesson():
    """A small lesson in the committed state: a question, its folded answer, a widget."""
    v4 = nbformat.v4
    answer = v4.new_code_cell("print('The output is:')\nprint(0.5)", execution_count=1, id="answer")
    answer.metadata.jupyter = {"outputs_hidden": True}
    answer.outputs = [v4.new_output("stream", text="The output is:\n0.5\n")]
    widget = v4.new_code_cell("Stepper(net, I, D)", execution_count=2, id="widget")
    shown = {WIDGET: {"model_id": "1"}, "image/png": "iVBO", "text/plain": "Stepper"}
    widget.outputs = [v4.new_output("execute_result", shown, execution_count=2)]
    question = v4.new_markdown_cell("> **Before you run the next cell.** Which?", id="question")
    notebook = v4.new_notebook(cells=[question, answer, widget])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata.language_info = {"name": "python"}
    return notebook


def test_a_clean_lesson_has_no_problem():
    assert problems(lesson()) == []


def test_the_marks_of_a_solution_are_not_counted():
    notebook = lesson()
    notebook.cells[2].source = "# your turn: ...\n1\n# done\n" * 15
    assert problems(notebook) == []


def set_item(find, key, value):
    return lambda notebook: find(notebook).__setitem__(key, value)


FAULTS = {
    "the widgets' state": set_item(lambda n: n.metadata, "widgets", {}),
    "kernel is not python3": set_item(lambda n: n.metadata.kernelspec, "name", "conda-env"),
    "somebody's Python": set_item(lambda n: n.metadata.language_info, "version", "3.11.7"),
    "no cell ids": set_item(lambda n: n, "nbformat_minor", 4),
    "once from the top: [None, 2]": set_item(lambda n: n.cells[1], "execution_count", None),
    "once from the top: [3, 2]": set_item(lambda n: n.cells[1], "execution_count", 3),
    "metadata ['execution']": set_item(lambda n: n.cells[2].metadata, "execution", {"iopub.status.busy": "now"}),
    "metadata ['collapsed']": set_item(lambda n: n.cells[1].metadata, "collapsed", True),
    "metadata jupyter {'source_hidden'": set_item(lambda n: n.cells[1].metadata, "jupyter", {"source_hidden": True}),
    "a picture is pasted": set_item(lambda n: n.cells[0], "attachments", {"a.png": {"image/png": "iVBO"}}),
    "widget: empty": set_item(lambda n: n.cells[2], "source", " \n"),
    "more than 15 lines": set_item(lambda n: n.cells[2], "source", "1\n" * 16),
    "100 characters": set_item(lambda n: n.cells[2], "source", "1" * 101),
    "sets up the machine": set_item(lambda n: n.cells[2], "source", "import numpy\n%pip install mlpkit"),
    "raised ValueError": set_item(
        lambda n: n.cells[2], "outputs", [nbformat.v4.new_output("error", ename="ValueError", evalue="")]
    ),
    "wrote to stderr": set_item(lambda n: n.cells[1].outputs[0], "name", "stderr"),
    "without a picture": lambda n: n.cells[2].outputs[0].data.pop("image/png"),
    "another processor -0.0 may": set_item(lambda n: n.cells[1].outputs[0], "text", "The output is:\n-0.0 1\n"),
    "another processor -0. may": set_item(lambda n: n.cells[2].outputs[0].data, "text/plain", "array([1., -0.])"),
    "another processor −0 may": set_item(lambda n: n.cells[2].outputs[0].data, "text/html", "<td>−0</td>"),
    "another processor 0.57229": set_item(
        lambda n: n.cells[1].outputs[0], "text", "The output is:\n0.5722999456849647"
    ),
    "another processor 4.53": set_item(lambda n: n.cells[1].outputs[0], "text", "It is:\n4.539374686303243e-05\n"),
    "another processor 5.6e-17": set_item(lambda n: n.cells[1].outputs[0], "text", "It is:\n5.6e-17\n"),
    "JupyterLab shows its first line: '0.5'": set_item(lambda n: n.cells[1].outputs[0], "text", "\n0.5\n"),
    "an answer that is not folded": lambda n: n.cells[1].metadata.pop("jupyter"),
}


@pytest.mark.parametrize("source", ['ask("Which?")', "from my_course import which\n\nbox = ask(which)\nbox"])
@pytest.mark.parametrize("on_paper", [False, True])
def test_what_comes_after_a_question_in_a_box_is_folded_and_the_box_is_not(source, on_paper):
    notebook = lesson()
    box = nbformat.v4.new_code_cell(source, execution_count=1, id="box")
    notebook.cells[on_paper:1] = [box]
    for count, cell in enumerate(code_cells(notebook), 1):
        cell.execution_count = count
    assert problems(notebook) == []
    notebook.cells[-2].metadata.pop("jupyter")
    assert problems(notebook) == ["cell answer: an answer that is not folded"]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("print('The sum:')\n0.1 * 1 + -0.2 / 3", "0.30000000000000004"),
        ("net.w[0]", "[-0.5, -10, -0.05, 2-0, 1e-05, 0.572299946, 1.25e-12]"),
    ],
)
def test_a_number_that_is_the_same_everywhere_may_stand(source, shown):
    notebook = lesson()
    notebook.cells[2].source, notebook.cells[2].outputs[0].data["text/plain"] = source, shown
    assert problems(notebook) == []


@pytest.mark.parametrize("source", ["np.sum([0.1, 0.2])", "w @ o", "0.1 + x", "0.3 ** 2.5", "print(0.1 + exp(0.2))"])
def test_what_numpy_or_a_library_computes_has_no_sixteenth_digit(source):
    notebook = lesson()
    notebook.cells[2].source, notebook.cells[2].outputs[0].data["text/plain"] = source, "0.30000000000000004"
    assert len(problems(notebook)) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault):
    notebook = lesson()
    FAULTS[fault](notebook)
    found = problems(notebook)
    assert any(fault in problem for problem in found), found


def test_lesson_3_shows_every_line_of_every_proof_as_the_proof_has_it():
    notebook = nbformat.read(LESSONS / "03_derivations.ipynb", 4)
    shown = "".join(one.get("text/markdown", "") for cell in code_cells(notebook) for one in data(cell))
    for theorem in THEOREMS:
        assert theorem.latex() in shown
        for step in theorem.steps():
            assert f"$${step.latex()}$$" in shown
            assert step.line.reason in shown
    assert "✓" in shown
    assert "✗" not in shown


@pytest.mark.parametrize("theorem", ["theorem_1", "theorem_2"])
def test_the_proof_of_a_theorem_stands_whole_below_one_cell(theorem):
    cells = code_cells(nbformat.read(LESSONS / "03_derivations.ipynb", 4))
    [cell] = [cell for cell in cells if cell.source.endswith(f"proofs.{theorem}.proof")]
    assert [one["text/markdown"] for one in data(cell)] == [getattr(derivations, theorem).proof._repr_markdown_()]
    assert not any(f"proofs.{theorem}[" in cell.source for cell in cells)
