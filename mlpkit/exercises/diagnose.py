"""Which known mistake a function makes, told by the numbers that it gives.

A mistake is recognised when one of its ways gives the learner's numbers in every case that was tried, and at least
once others than the right ones. Where a function stops or its answer has the wrong shape, networks of equal widths are
tried as well: there a matrix that is turned around fits, and shows itself by its numbers.
"""

import dis
import inspect
import re
from dataclasses import dataclass, replace
from functools import cache
from time import perf_counter

import numpy as np

from mlpkit.core import network
from mlpkit.core.network import Network
from mlpkit.core.training import Run
from mlpkit.exercises.answers import LARGEST
from mlpkit.exercises.compare import differing
from mlpkit.exercises.epochs import TWO_RIGHT, explain_training
from mlpkit.exercises.explain import STEPS, Explanation, explain
from mlpkit.exercises.factors.names import NAMES
from mlpkit.exercises.finding import NotRight
from mlpkit.exercises.mistakes import BY_MARK, MISTAKES
from mlpkit.exercises.mistakes.named import NOT_MOVED
from mlpkit.exercises.sandbox import copied, run
from mlpkit.exercises.tasks import so_many_epochs
from mlpkit.exercises.words import attribute

PATIENCE = 3.0  # seconds for all further calls of the learner's function


@dataclass(frozen=True)
class Outcome:
    """What a function gave in a case.

    answer: nested tuples of float arrays and None; None as well where it stopped. stopped: the message it stopped with.
    """

    answer: object = None
    stopped: str | None = None


def judge(task, f, known, seen=False):
    """The Explanation of a function that is not right. known: as in diagnose, and in the order of the calls.

    seen: whether something is seen in its answer at once, so that only a known mistake explains more.
    """
    first = next(iter(known))
    theirs = _outcomes(task, f, known, again=first)
    if theirs is None or (_left_over(task, theirs) and not from_the_notebook(task, f)):
        return Explanation((BY_MARK["not the same again"],))
    named = _possible(task, f, _named(task, theirs))
    if seen or not _are_enough(task, theirs) or (named and _in_all(task, named, theirs)):
        return Explanation(named)
    own_delta = not _calls(f, network.backward)
    if task.name != "train":
        explained = explain(task, theirs, _right, own_delta)
        # Named in one example alone: in a batch there may be another beside it.
        if named and not (explained.known and explained.whole):
            return Explanation(named)
        return replace(explained, known=_possible(task, f, explained.known))
    if named:
        return Explanation(named)
    first_epoch = _on(task, f, so_many_epochs(1, alone=True))
    explained = explain(task, first_epoch, _right, own_delta)
    if not explained.known and explained.said:
        counted = explain_training(task, first_epoch, _right)
        return counted if counted.known else explained
    if NOT_MOVED.name in {mistake.name for mistake in explained.known}:
        moves = any(not _same(outcome.answer, _arrays(case.net)) for case, outcome in theirs.items())
        return explain_training(task, first_epoch, _right) if moves else explained
    if explained.known:
        return replace(explained, known=_possible(task, f, explained.known))
    explained = explain_training(task, _on(task, f, so_many_epochs(2, alone=False)), _right)
    if explained.said != TWO_RIGHT:
        return explained
    third = explain_training(task, _on(task, f, so_many_epochs(3, alone=False)), _right)
    return third if third.known else explained


def diagnose(task, f, known):
    """The known mistakes that f may have made: one, several that give the same numbers, or none.

    known: {case: Outcome} of the cases that were tried already; the others are tried here.
    """
    return _named(task, _outcomes(task, f, known))


def _named(task, theirs):
    if not _are_enough(task, theirs):
        return ()
    mistakes = MISTAKES.get(task.name, ())
    for k, cases in enumerate(_views(task, theirs)):
        if k:
            mistakes = [mistake for mistake in mistakes if not mistake.everywhere]
        for ways in ("ways", "patterns"):
            found = [m for m in mistakes if any(_makes(task, way, theirs, cases) for way in getattr(m, ways))]
            if found:
                return tuple(found)
    return ()


def _possible(task, f, mistakes):
    """The mistakes without those of the backward phase, where others are left and f calls the kit's backward."""
    if task.name not in STEPS or len(mistakes) < 2 or not _calls(f, network.backward):
        return mistakes
    phase = {mistake.name for mistake in MISTAKES["backward"]}
    phase |= {mistake.name for key, mistakes in NAMES.items() if key[0].startswith("δ") for mistake in mistakes}
    return tuple(mistake for mistake in mistakes if mistake.name not in phase) or mistakes


def _calls(f, function):
    """Whether f reads a name of the notebook that is this function, or a module that has it under its name."""
    code, names = attribute(f, "__code__", None), attribute(f, "__globals__", {})
    read = [names.get(name) for name in _globals_in(code)]
    within = {name for part in _parts(code) for name in part.co_names}
    return any(one is function for one in read) or (
        function.__name__ in within
        and any(inspect.ismodule(one) and getattr(one, function.__name__, None) is function for one in read)
    )


def _parts(code):
    """A code object and those inside it."""
    if not inspect.iscode(code):
        return []
    return [code, *(part for constant in code.co_consts for part in _parts(constant))]


def _in_all(task, mistakes, theirs):
    """Whether one of the mistakes gives the numbers of every case, the batches too."""
    cases = list(theirs)
    return any(_makes(task, way, theirs, cases) for m in mistakes for way in (*m.ways, *m.patterns))


def _are_enough(task, theirs):
    """Whether there are enough numbers to tell the mistakes apart."""
    return all(case in theirs for case in _enough(task))


def from_the_notebook(task, f):
    """The mistake that f reads I, say, from the notebook, since its own argument has another name; () if not."""
    asked = set(re.findall(r"\w+", task.call.partition("(")[2])) & attribute(f, "__globals__", {}).keys()
    names = sorted(asked & _globals_in(attribute(f, "__code__", None)))
    mistake = BY_MARK["from the notebook"]
    why = f"Your function reads {' and '.join(f'`{name}`' for name in names)} of the notebook. {mistake.why}"
    return (replace(mistake, why=why),) if names else ()


def _globals_in(code):
    """The names that a code object reads as globals, also in the functions inside it."""
    return {line.argval for part in _parts(code) for line in dis.get_instructions(part) if line.opname == "LOAD_GLOBAL"}


def _enough(task):
    cases = task.cases()
    return [case for case in cases if not case.batch] or cases


def _views(task, theirs):
    """The lists of cases in which a mistake may show itself: all of them, and then a part."""
    yield list(theirs)
    # A function may be written for one example alone so far: in a batch it then does something else, or stops.
    yield [case for case in theirs if not case.batch]
    # Or turn a matrix around where it does not fit, and so be wrong in equal widths only.
    if all(case in theirs and _is_right(task, case, theirs[case]) for case in task.cases()):
        yield [case for case in task.equal() if case in theirs]


def outcome_of(answer):
    return Outcome(_arrays(answer))


def outcome_of_stop(finding):
    return Outcome(stopped=finding.said)


def _outcomes(task, f, known, again=None):
    """{case: Outcome}, up to the first call that does not end.

    again: a case of the known ones that is tried once more. None if f then gives something else.
    """
    theirs, end = dict(known), perf_counter() + PATIENCE

    ends = True

    def ask(cases):
        nonlocal ends
        ends = ends and _ask(task, f, cases, theirs, end)

    def once_more(case, before):
        now = {}
        nonlocal ends
        ends = ends and _ask(task, f, [case], now, end)
        return now.get(case, before)

    if again is not None and not _has_no_memory(again, theirs[again], once_more):
        return None
    ask(task.cases())
    turned = any(case in known for case in task.equal())
    if turned or any(not _fits(outcome, _right(task, case)) for case, outcome in theirs.items()):
        ask(task.equal())
    return theirs


def _has_no_memory(case, before, ask):
    """Whether f gives the same for a case as the first time, and once more."""
    return all(_as_before(ask(case, before), before) for _ in range(2))


def _left_over(task, theirs):
    """Whether a part of an answer is that of the first call, in a case in which it should be another."""
    (first, before), *others = theirs.items()
    right = _right(task, first).answer
    if not isinstance(before.answer, tuple) or len(task.kinds) < 2:
        return False
    if _form(before.answer) != _form(right):
        return False
    return any(
        isinstance(outcome.answer, tuple)
        and len(outcome.answer) == len(before.answer)
        and any(
            isinstance(part, tuple) and _same(part, old) and not _same(part, ours) and not _same(ours, kit)
            for part, old, ours, kit in zip(
                outcome.answer, before.answer, _right(task, case).answer, right, strict=False
            )
        )
        for case, outcome in others
    )


def _on(task, f, cases):
    """{case: Outcome} of these cases, up to the first call that does not end."""
    theirs = {}
    _ask(task, f, cases, theirs, perf_counter() + PATIENCE)
    return theirs


def _ask(task, f, cases, theirs, end):
    """Adds the outcomes of the cases to theirs; returns False as soon as a call does not end."""
    for case in cases:
        if perf_counter() > end:
            break
        if case not in theirs:
            try:
                theirs[case] = outcome_of(run(f, task.arguments(case)).answer)
            except NotRight as problem:
                if problem.finding.time_up:
                    return False
                theirs[case] = outcome_of_stop(problem.finding)
    return True


def _as_before(now, before):
    if now.stopped is not None or before.stopped is not None:
        return now.stopped == before.stopped
    return _form(now.answer) == _form(before.answer) and (_is_unread(now.answer) or _same(now.answer, before.answer))


def _is_unread(answer):
    return any(map(_is_unread, answer)) if isinstance(answer, tuple) else isinstance(answer, str)


def _makes(task, way, theirs, cases):
    """Whether the learner's outcomes are this wrong function's, in all of these cases, and not only the right ones."""
    shown = False
    for case in cases:
        verdict = _verdict(task, case, theirs[case], _of_way(task, way, case))
        if verdict == "different":
            return False
        shown = shown or (verdict == "same" and not _is_right(task, case, theirs[case]))
    return shown


def _verdict(task, case, theirs, wrong):
    """Whether two outcomes are the "same" by their numbers, "alike" in that both stop, or "different"."""
    if theirs.stopped is not None and wrong.stopped is not None:
        return _verdict_on_errors(theirs.stopped, wrong.stopped)
    if theirs.stopped is not None and "column 0 is fixed" in theirs.stopped:
        return "same" if _no_network(wrong, theirs.stopped, case) else "different"
    if theirs.stopped is not None or wrong.stopped is not None:
        return "different"
    return "same" if _same(theirs.answer, wrong.answer) else "different"


def _is_right(task, case, theirs):
    return theirs.stopped is None and _same(theirs.answer, _right(task, case).answer)


def _verdict_on_errors(theirs, wrong):
    """The same for two messages: the sizes in the message of a product tell which product it was."""
    if theirs == wrong:
        return "same" if re.search(r"\d", wrong) else "alike"
    told_by_sizes = any(words in theirs and words in wrong for words in ("matmul", "column 0 is fixed"))
    turned = sorted(re.findall(r"\d+", theirs)) == sorted(re.findall(r"\d+", wrong))  # the factors in the other order
    # Where neuron 0 is cut off first, all sizes are one less.
    cut_off = sorted(size + 1 for size in _sizes(theirs)) == sorted(_sizes(wrong)) != []
    return "different" if told_by_sizes and not turned and not cut_off else "alike"


def _sizes(message):
    """The two sizes that matmul found different."""
    return [int(size) for size in re.findall(r"(?:size|from) (\d+)", message)]


def _fits(outcome, right):
    return outcome.stopped is None and _form(outcome.answer) == _form(right.answer)


def _form(answer):
    if isinstance(answer, tuple):
        return tuple(_form(entry) for entry in answer)
    return answer.shape if isinstance(answer, np.ndarray) else answer


def _same(theirs, wrong):
    if isinstance(theirs, tuple) and isinstance(wrong, tuple):
        return len(theirs) == len(wrong) and all(_same(*pair) for pair in zip(theirs, wrong, strict=True))
    if not isinstance(theirs, np.ndarray) or not isinstance(wrong, np.ndarray):
        return theirs is None and wrong is None
    if theirs.shape != wrong.shape:
        return False
    fixed = ~np.isnan(wrong)  # NaN stands for any number
    return not differing(theirs[fixed], wrong[fixed])


def _no_network(wrong, message, case):
    """Whether a Network of these weights is refused with this message."""
    try:
        if any(np.isnan(w[:, 0]).any() for w in wrong.answer):
            return True
        Network([np.array(w) for w in wrong.answer], case.net.sigma, case.net.loss)
    except Exception as error:  # it has no weights, or such ones
        return " ".join(str(error).split()) == message
    return False


@cache
def _arguments(task, case):
    return task.arguments(case)


@cache
def _of_way(task, way, case):
    """The Outcome of a wrong function of the kit's own."""
    try:
        with np.errstate(all="ignore"):
            return outcome_of(way(*map(copied, _arguments(task, case).values())))
    except Exception as error:  # of a shape that does not fit
        return Outcome(stopped=" ".join(str(error).split()))


@cache
def _right(task, case):
    return outcome_of(task.right(case))


def _arrays(answer):
    """An answer as nested tuples of float arrays and None, whatever it was made of; "?" for what is neither."""
    if isinstance(answer, Run):
        answer = answer.net
    if isinstance(answer, Network):
        answer = list(answer.w)
    if answer is None:
        return None
    try:
        array = np.asarray(answer)
    except Exception:  # arrays of different shapes, or an object that is no array at all
        array = np.array("?")
    if array.dtype.kind in "fiub":
        return array.astype(float) if array.size <= LARGEST else "?"
    return tuple(map(_arrays, answer)) if isinstance(answer, (list, tuple)) else "?"
