"""A wrong answer explained from its own numbers: which line fails first, and what stands there in the place of what.

Each number is held against what its line gives from the learner's own numbers before it, so that a fault is found
where it is, and what only follows from it is right. For a line that fails, every factor of it is tried in the forms
that factors/ lists, one by one and then two at once. What explains is the simplest form that gives the numbers of all
cases tried, at one place: everywhere, at the output, in hidden layers, in one layer.

    cells       an array of an answer, held against every form of its line
    places      where in a network
    one_line    what explains one line; lines: some lines, one after the other; merged: faults of two lines that are one
    certain     what is certain where nothing explains
    answers     what the answer of a task is made of
    steps       a step taken apart; changes: what is done to all changes alike; batches: what shows only there
"""

from mlpkit.exercises.search.answers import CELLS
from mlpkit.exercises.search.batches import with_examples
from mlpkit.exercises.search.lines import of_lines
from mlpkit.exercises.search.places import STEPS
from mlpkit.exercises.search.steps import of_steps


def findings(name, answers):
    """The faults in the order of their causes: each a list of Found that give the same numbers, or an Unknown.

    answers: {case: the answer as nested tuples of arrays}, of such as have the form that is asked for.
    """
    if name in STEPS:
        return of_steps(answers)
    cells = [cell for case, answer in answers.items() for cell in CELLS[name](case, answer)]
    found = of_lines(cells)
    if name == "gradient" and all(cell.is_right for cell in cells if not cell.batch):
        return with_examples(found, [(case, answer) for case, answer in answers.items() if case.batch])
    return found
