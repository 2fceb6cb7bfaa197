"""The exercises of the lessons and their solutions: each exercise has one source, from which its stub is made.

The source is a cell of a notebook in lessons/solutions/; the stub is the cell with the same id in the lesson of the
same name. In the source, the lines between two marks are the solution, and the first mark holds the line that the
learner gets in their place:

    # your turn: w = ...  # np.zeros((how many rows, how many columns))
    w = np.zeros((rows + 1, columns + 1))
    # done

    python tests/exercises.py [--write]

prints the stubs in which a lesson differs from its solutions; with --write it puts the right ones into the lessons.
Run a lesson again after that, with the command in CONTRIBUTING.md: the output below a new stub is that of the old one.
"""

import argparse
import ast
import contextlib
import difflib
import io
import json
import re
from pathlib import Path

LESSONS = Path(__file__).parents[1] / "lessons"
# The lessons of the notes; there may be others beside them.
NAMES = ("00_start_here", "01_definitions", "02_forward", "03_derivations", "04_backward", "05_stepping", "06_digits")
YOUR_TURN = re.compile(r"( *)# your turn: (.+)")
DONE = re.compile(r" *# done")


def is_mark(line):
    """Whether a line of a solution is there for `stub` alone."""
    return bool(YOUR_TURN.fullmatch(line) or DONE.fullmatch(line))


def stub(solved):
    """The learner's cell: a solved cell with one line in the place of each solution and its marks."""
    lines, indentation = [], None  # indentation: that of the first mark, between two marks
    for number, line in enumerate(solved.split("\n"), 1):
        if opening := YOUR_TURN.fullmatch(line):
            if indentation is not None:
                raise ValueError(f"line {number}: `# done` is missing before {line.strip()!r}")
            indentation = opening[1]
            lines.append(indentation + opening[2])
        elif DONE.fullmatch(line):
            if indentation is None:
                raise ValueError(f"line {number}: `# done` without a `# your turn: ...` before it")
            indentation = None
        elif re.search(r"#\s*(your turn|done)\b", line, re.IGNORECASE):
            raise ValueError(f"line {number}: a mark that is not written as one: {line.strip()!r}")
        elif indentation is None:
            lines.append(line)
    if indentation is not None:
        raise ValueError("`# done` is missing at the end")
    return "\n".join(lines)


def notebook(path):
    """A notebook as the plain data of its file."""
    return json.loads(path.read_text("utf-8"))


def code_cells(path):
    """{cell id: source} for the cells of a notebook that hold code."""
    cells = notebook(path)["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"}


def lessons(folder=LESSONS):
    """The paths of the lessons, in order."""
    return sorted(folder.glob("[0-9]*.ipynb"))


def exercises(lesson):
    """{cell id: source} for the cells of a lesson that call a check, or say in a comment what is yours."""
    return {id: source for id, source in code_cells(lesson).items() if is_checked(source) or "yours" in source}


def is_checked(source):
    return bool(re.search(r"\bcheck\.\w+\(", source))


def solutions(lesson):
    """(the source of the setup cell, {cell id: solved source}) for a lesson; ("", {}) if it has no solutions."""
    path = lesson.parent / "solutions" / lesson.name
    cells = code_cells(path) if path.exists() else {}
    return cells.pop("setup", ""), cells


def run(source, names):
    """Run a cell; the value of its last line if that is an expression, and what it printed."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    value = None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, "cell", "exec"), names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    return value, printed.getvalue()


def drift(lesson):
    """{cell id: (source in the lesson, stub of the solution)} where the two differ; "" where one is missing.

    A cell among the solutions that has no marks has to be the lesson's as it is.
    """
    given = code_cells(lesson)
    derived = {id: stub(source) for id, source in solutions(lesson)[1].items()}
    pairs = {id: (given.get(id, ""), derived.get(id, "")) for id in exercises(lesson) | derived}
    return {id: pair for id, pair in pairs.items() if pair[0] != pair[1]}


def write(lesson):
    """Put the stubs of the solutions into a lesson; everything else in the file stays, byte for byte."""
    whole, solved = notebook(lesson), solutions(lesson)[1]
    for cell in whole["cells"]:
        if cell["id"] in solved and cell["cell_type"] == "code":
            cell["source"] = stub(solved[cell["id"]]).splitlines(keepends=True)
    lesson.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", "utf-8", newline="\n")


def main():
    parser = argparse.ArgumentParser(description="The stubs of the lessons, compared with the solutions.")
    parser.add_argument("--write", action="store_true", help="put the stubs into the lessons")
    wanted = parser.parse_args()
    for lesson in lessons():
        if wanted.write and drift(lesson):
            write(lesson)
        for id, (given, derived) in drift(lesson).items():
            print(f"{lesson.name}, cell {id}:" + ("" if given and derived else " in one of the two notebooks only"))
            print(
                *difflib.unified_diff(given.split("\n"), derived.split("\n"), "lesson", "stub", lineterm=""), sep="\n"
            )


if __name__ == "__main__":
    main()
