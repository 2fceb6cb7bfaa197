"""What the lessons ask, and whether the learner's function gives the same numbers as the notes' formulas.

    r = check.forward(my_forward)
    r.passed, r.mistake, r.first_difference     # True, or False, a name or None, and a symbol such as ("o", 1, 0)
    r.hint()                                    # one hint at a time
    check.same(f, right, examples, mistakes)    # an exercise of one's own, on examples of one's own

In exercises/: tasks.py has what is asked, sandbox.py calls the learner's function on copies, compare.py holds its
numbers against the kit's in the order of the trace, diagnose.py looks for the known mistake that gives these numbers,
search/ and explain.py for what stands in which line of the algorithm (factors/) in the place of what, and
report.py says what was found. function_checks.py holds a σ′ or a ∂L̃/∂o against its own slopes, and where_right.py says
where it is right. A check never raises. One call may take 2 seconds, and all calls together PATIENCE.
Its verdicts: right; right for one example, where batches are not; not the same, where a number or a shape differs; not
yet, where there is nothing to compare.
"""

import inspect
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

from mlpkit.exercises.compare import compare, last_matrix_first, what_it_is
from mlpkit.exercises.diagnose import from_the_notebook, judge, outcome_of, outcome_of_stop
from mlpkit.exercises.explain import Explanation
from mlpkit.exercises.finding import Finding, NotRight
from mlpkit.exercises.function_checks import activation, loss
from mlpkit.exercises.mistakes.known import Mistake
from mlpkit.exercises.report import told, tried
from mlpkit.exercises.result import RIGHT, Result
from mlpkit.exercises.same import same
from mlpkit.exercises.sandbox import answer_of, seen
from mlpkit.exercises.tasks import TASKS, secant
from mlpkit.exercises.words import name_of

__all__ = [
    "Mistake",
    "Result",
    "activation",
    "activations",
    "backward",
    "forward",
    "gradient",
    "loss",
    "output_delta",
    "same",
    "slope",
    "step",
    "train",
    "weights",
]

PATIENCE = 6.0  # seconds for trying a function on all cases

# The other right slopes: up and down.
_TO_ONE_SIDE = tuple(
    replace(TASKS["slope"], right=right, like="the difference to one side")
    for right in (lambda case: secant(case, down=0), lambda case: secant(case, up=0))
)


def weights(f: Callable) -> Result:
    """§1: f(W, b) returns the notes' w, from another book's W of shape (inputs, outputs) and its biases b."""
    return _ask(TASKS["weights"], f)


def activations(f: Callable) -> Result:
    """§2: f(o_before, w) returns a of the next layer, for one example."""
    return _ask(TASKS["activations"], f)


def forward(f: Callable) -> Result:
    """§2: f(net, I) returns (a, o), as mlpkit.forward does."""
    return _ask(TASKS["forward"], f)


def slope(f: Callable) -> Result:
    """§3: f(net, I, D, l, i, j, eps) returns the numerical slope of the loss against w[l][i, j], for one example.

    Central differences are asked for; a difference to one side is right too.
    """
    result = _ask(TASKS["slope"], f)
    if result.first_difference is None:
        return result
    for task in _TO_ONE_SIDE:
        if _tried_on(task, f)[0] is None:
            remark = "Halve ε, and its error halves; that of the central difference becomes a quarter."
            return Result(RIGHT, f"{_said_of_right(task)} {remark}")
    return result


def output_delta(f: Callable) -> Result:
    """§4: f(net, a, o, D) returns δ of the output layer, for one example."""
    return _ask(TASKS["output_delta"], f)


def backward(f: Callable) -> Result:
    """§4: f(net, (a, o), D) returns the list delta, as mlpkit.backward does."""
    return _ask(TASKS["backward"], f)


def gradient(f: Callable) -> Result:
    """§3: f(o, delta) returns a list like w, as mlpkit.gradient does."""
    return _ask(TASKS["gradient"], f)


def step(f: Callable) -> Result:
    """§5: f(net, I, D, alpha) returns a new Network, or the list of its weights."""
    return _ask(TASKS["step"], f)


def train(f: Callable) -> Result:
    """§5: f(net, I, D, alpha, epochs) returns the Network, or its weights, after so many steps on all examples."""
    return _ask(TASKS["train"], f)


def _ask(task, f):
    """The function tried on every case, up to the first that is not right; then the mistake is looked for."""
    finding, case, outcomes = _tried_on(task, f)
    if finding is None:
        return Result(RIGHT, _said_of_right(task))
    comparable = finding.kind in ("number", "unfit", "stopped") and not finding.time_up
    explained = judge(task, f, outcomes, seen=bool(finding.mark)) if outcomes and comparable else Explanation()
    if outcomes and comparable and not finding.mark and not explained.known:
        explained = replace(explained, known=from_the_notebook(task, f))
    if explained.at_the_output and task.kinds == ("w_new",) and finding.kind == "number":
        finding = last_matrix_first(task, case, list(outcomes[case].answer)) or finding
    return told(task, f, finding, case, explained)


def _said_of_right(task):
    return f"The same as {task.like.format(section=task.section)} {tried(task)}."


def _tried_on(task, f):
    """(the first Finding or None, its case, {case: Outcome} of all up to it)"""
    outcomes, case, end = {}, None, perf_counter() + PATIENCE
    try:
        _require_function(task, f)
        for case in task.all_cases():
            if perf_counter() > end:
                return _too_slow(task, f, len(outcomes)), None, {}
            answer = answer_of(f, task.arguments(case))
            outcomes[case] = outcome_of(answer)
            if finding := compare(task, case, answer):
                return finding, case, outcomes
    except NotRight as problem:
        finding = problem.finding
        if finding.kind == "stopped" and case is not None:
            outcomes[case] = outcome_of_stop(finding)
        return finding, case, outcomes
    return None, case, outcomes


def _too_slow(task, f, count):
    return Finding(
        "stopped",
        f"{name_of(f)} is too slow to be tried on everything: {count} of {len(task.all_cases())} calls took more "
        f"than {PATIENCE:g} seconds. So far its numbers are right.",
        time_up=True,
        hint="Measure with %timeit. Which loop could be one operation on whole arrays?",
    )


def _require_function(task, f):
    if f is None or f is ...:
        raise NotRight(Finding("unwritten", "There is no function yet."))
    if not callable(f):
        raise NotRight(
            Finding(
                "unwritten",
                f"You gave {what_it_is(seen(f))}. Give the function itself, without calling it: "
                f"`check.{task.name}({task.name})`.",
            )
        )
    count = len(task.arguments(next(iter(task.cases()))))
    if hasattr(type(f), "__getattr__"):  # what answers to every name has any signature
        return
    try:
        signature = inspect.signature(f)
    except (TypeError, ValueError):  # none is known
        return
    try:
        signature.bind(*range(count))
    except TypeError:
        raise NotRight(
            Finding(
                "stopped",
                f"{name_of(f)} takes {signature}, but it is called as `{task.call}`.",
                hint="Compare the line that begins with def with the call: how many arguments, and in which order?",
            )
        ) from None
