"""The check of an exercise that is not the kit's: a function held against a right one, on examples of the teacher's.

What a function returns is taken apart into arrays by place: () for all of it, (1,) for its second entry, (1, 0, 2) for
a number in that. Whatever differs first, in this order, is told.
"""

import inspect
from collections.abc import Callable, Sequence
from numbers import Number
from time import perf_counter
from types import NoneType

import numpy as np

from mlpkit.core.functions import Activation, Loss
from mlpkit.core.network import Network
from mlpkit.exercises.compare import differing, what_it_is
from mlpkit.exercises.finding import Difference, Finding, NotRight
from mlpkit.exercises.mistakes.known import Mistake
from mlpkit.exercises.report import HINTS_OF, VERDICT_OF, known_words, names_of
from mlpkit.exercises.result import RIGHT, Result
from mlpkit.exercises.sandbox import CHANCE, answer_of, copied, run, seen
from mlpkit.exercises.words import name_of
from mlpkit.notation import number_text, two_numbers

PATIENCE = 6.0  # seconds for all calls together
_ROUNDING = 1e-12  # what may be left where 0 is right


def same(f: Callable, right: Callable, examples: Sequence[tuple], mistakes: Sequence[Mistake] = ()) -> Result:
    """Whether f, which a learner has written, gives the same numbers as right on each of the examples.

    right: the right function. Its docstring's first line says what is asked for, and is shown where f is not right.
    What it returns may be a number, an array, a Network (its weights count), None, and lists or tuples of these.
    examples: tuples of arguments, simple ones first; each call gets copies, also of a generator. mistakes: the known
    ones of this exercise; a Mistake is told where one of its ways gives the learner's numbers on every example. In the
    Result, first_difference is the place of the number in what f returns: (1, 0, 2) stands for f(...)[1][0, 2].

    Raises ValueError where right, examples or mistakes do not fit each other, and whatever right raises.
    """
    cases = _cases(right, examples)
    wrong = _made(mistakes, cases)
    answers, case = [], None
    try:
        _require_function(f)
        end = perf_counter() + PATIENCE
        for case in cases:
            if perf_counter() > end:
                case = None  # it was not tried
                raise NotRight(_too_slow(f, len(answers), len(cases)))
            answers.append(answer_of(f, cases[case][0]))
            if finding := _compare(answers[-1], cases[case][1], f):
                raise NotRight(finding)
    except NotRight as problem:
        finding = problem.finding
        known = () if finding.time_up or not answers else _known(f, wrong, cases, answers, end)
        return _told(f, right, finding, case, cases, known)
    return Result(RIGHT, f"It gives what is asked for on {_count(len(cases), 'example')}.")


# What the teacher gives.


def _cases(right, examples):
    """{number of an example: ({name: argument}, what right gives)}"""
    if not callable(right):
        raise ValueError(f"right is {what_it_is(right)}, but a function is needed: give it without calling it")
    if not isinstance(examples, (list, tuple)) or not examples:
        raise ValueError(
            f"examples is {what_it_is(examples)}, but a list of tuples of arguments is needed: [(0.5, 1.0), ...]"
        )
    if isinstance(examples, tuple) and not all(isinstance(example, tuple) for example in examples):
        raise ValueError(
            f"examples is {what_it_is(examples)}, as if it were one example: put the example in a list: [(x, 3)]"
        )
    cases = {}
    for number, example in enumerate(examples):
        if not isinstance(example, tuple):
            raise ValueError(
                f"examples[{number}] is {what_it_is(example)}, but a tuple of arguments is needed: "
                "write (x,) with a comma where there is one argument"
            )
        arguments = _named(right, example, number)
        for name, value in arguments.items():
            for uncopied in _uncopied(value):
                verb = "is" if uncopied is value else "holds"
                raise ValueError(
                    f"{name} of examples[{number}] {verb} {what_it_is(uncopied)}, which a learner's function could "
                    "change: give numbers, texts, arrays, lists, tuples, functions, a Network or a NumPy generator"
                )
        answer = right(*map(copied, example))
        _require_numbers(answer, number)
        cases[number] = arguments, answer
    return cases


_UNCHANGING = (Number, np.generic, str, bytes, NoneType, range, slice, type, np.ufunc, Activation, Loss)


def _uncopied(value):
    """Whatever in an argument could be changed and is not copied."""
    if type(value) in (list, tuple):
        return [one for entry in value for one in _uncopied(entry)]
    if isinstance(value, np.ndarray):
        return [value] if value.dtype.hasobject else []
    if isinstance(value, (*_UNCHANGING, *CHANCE, Network)):
        return []
    owner = getattr(value, "__self__", None)  # of a method, such as that of a generator
    return [] if inspect.isroutine(value) and (owner is None or inspect.ismodule(owner)) else [value]


def _named(right, example, number):
    """{name: argument} of an example, by the names of the right function, or x0, x1, ... where it has none."""
    try:
        signature = inspect.signature(right)
    except (TypeError, ValueError):  # such as one of NumPy's
        signature = None
    if signature is None or any(p.kind is p.VAR_POSITIONAL for p in signature.parameters.values()):
        return {f"x{at}": value for at, value in enumerate(example)}
    try:
        return dict(signature.bind(*example).arguments)
    except TypeError:
        raise ValueError(
            f"examples[{number}] has {_count(len(example), 'argument')}, but the right function takes "
            f"{signature}: give one value for each"
        ) from None


def _require_numbers(answer, number, place=()):
    answer = _entries(answer)
    if isinstance(answer, (list, tuple)):
        if not answer:
            raise ValueError(f"the right function gives an empty list for examples[{number}]: take another example")
        for at, entry in enumerate(answer):
            _require_numbers(entry, number, (*place, at))
        return
    where = f" at {_written(place)}" if place else ""
    if (answer is None and not place) or (answer is not None and _array(answer) is None):
        raise ValueError(
            f"the right function gives {what_it_is(answer)}{where} for examples[{number}], but numbers are compared: "
            "let it return a number, an array, a Network, or lists of these"
        )
    if answer is not None and np.isnan(_array(answer)).any():
        raise ValueError(f"the right function gives NaN{where} for examples[{number}]: take another example")


def _made(mistakes, cases):
    """[(a Mistake, what each of its ways gives: a list with an answer for each example)]"""
    _require_mistakes(mistakes)
    made = []
    for mistake in mistakes:
        called = f"of the mistake {mistake.name!r}"
        ways = [_answers(way, f"way {count} {called}", cases) for count, way in enumerate(mistake.ways, 1)]
        made.append((mistake, ways))
    return made


def _answers(way, called, cases):
    """What a way gives on each example, None where it stops; ValueError where nobody could be told its mistake."""
    made, problem = [], None
    for arguments, _ in cases.values():
        try:
            with np.errstate(all="ignore"):
                made.append(way(*map(copied, arguments.values())))
        except Exception as error:  # of a shape that does not fit
            made.append(None)
            problem = error
    if all(answer is None for answer in made):
        does = f"raises {type(problem).__name__} ({problem})" if problem else "returns nothing"
        raise ValueError(f"{called} {does} on every example, but what a learner's wrong function gives is needed")
    if all(_agree(answer, right) for answer, (_, right) in zip(made, cases.values(), strict=True)):
        raise ValueError(f"{called} gives the right numbers on every example: take another example")
    return made


def _require_mistakes(mistakes):
    if not isinstance(mistakes, (list, tuple)):
        raise ValueError(f"mistakes is {what_it_is(mistakes)}, but a list of Mistakes is needed: [Mistake(...)]")
    for mistake in mistakes:
        if not isinstance(mistake, Mistake):
            raise ValueError(f"mistakes holds {what_it_is(mistake)}: make each with check.Mistake(...)")
        for name, fits, kind in (
            ("hints", lambda hint: isinstance(hint, str), "texts"),
            ("ways", callable, "functions"),
        ):
            given = getattr(mistake, name)
            if not isinstance(given, (list, tuple)) or not given or not all(map(fits, given)):
                raise ValueError(
                    f"{name} of the mistake {mistake.name!r} is {what_it_is(given)}, but a tuple of {kind} is needed, "
                    f"each with a comma behind it: {name}=(one,)"
                )


# What the learner gives.


def _require_function(f):
    if f is None or f is ...:
        raise NotRight(Finding("unwritten", "There is no function yet."))
    if not callable(f):
        raise NotRight(
            Finding("unwritten", f"You gave {what_it_is(seen(f))}. Give the function itself, without calling it.")
        )


def _too_slow(f, tried, count):
    return Finding(
        "stopped",
        f"{name_of(f)} is too slow to be tried on everything: {tried} of {count} calls took more than {PATIENCE:g} "
        "seconds. So far its numbers are right.",
        time_up=True,
        hint="Measure with %timeit. Which loop could be one operation on whole arrays?",
    )


def _compare(theirs, right, f=None, place=()):
    """The Finding of where two answers differ first, or None. f: whose answer it is, for the words."""
    theirs, right = _entries(theirs), _entries(right)
    what = f"`{_called(f)}{_written(place)}` is"
    if right is None:
        if theirs is not None:
            return Finding("unfit", f"{what} {what_it_is(theirs)}, but None is needed.")
        return None
    if isinstance(right, (list, tuple)) and not all(map(np.isscalar, right)):
        fits = isinstance(theirs, (list, tuple)) or (isinstance(theirs, np.ndarray) and theirs.ndim)
        if not fits or len(theirs) != len(right):
            return Finding("unfit", f"{what} {what_it_is(theirs)}, but a list of {len(right)} is needed.")
        for at, pair in enumerate(zip(theirs, right, strict=True)):
            if finding := _compare(*pair, f, (*place, at)):
                return finding
        return None
    numbers, needed = _array(theirs), _array(right)
    if numbers is None or numbers.shape != needed.shape:
        shape = "one number" if needed.shape == () else f"an array of shape {needed.shape}"
        found = what_it_is(theirs) if numbers is None or numbers.shape == () else f"an array of shape {numbers.shape}"
        return Finding("unfit", f"{what} {found}, but {shape} is needed.")
    for index in differing(numbers, needed, _ROUNDING)[:1]:
        differs = Difference(
            (*place, *index), float(numbers[index]), float(needed[index]), place=_written(place, index)
        )
        return Finding("number", differs=differs)
    return None


def _entries(answer):
    return list(answer.w) if isinstance(answer, Network) else answer


def _array(answer):
    """An answer as one array of floats, or None where it is no such thing: None, a text, layers of unequal widths."""
    if answer is None:
        return None
    try:
        array = np.asarray(answer)
    except Exception:  # rows of different lengths, or an object that cannot be made an array
        return None
    return array.astype(float) if array.dtype.kind in "fiub" else None


def _written(place, index=()):
    """A place as code: [1][0, 2]."""
    return "".join(f"[{at}]" for at in place) + (f"[{', '.join(map(str, index))}]" if index else "")


# What is said.


def _known(f, wrong, cases, answers, end):
    """The mistakes one of whose ways gives the learner's answers on all examples, and not only right ones."""
    theirs = answers[:]
    for case in list(cases)[len(answers) :]:
        try:
            if perf_counter() > end:
                return ()
            theirs.append(run(f, cases[case][0]).answer)
        except NotRight:  # a way is compared by its numbers alone
            return ()
    return tuple(mistake for mistake, ways in wrong if any(all(map(_agree, theirs, made)) for made in ways))


def _agree(theirs, wrong):
    return _compare(theirs, wrong) is None


def _told(f, right, finding, case, cases, known):
    documented = inspect.isfunction(right) or inspect.ismethod(right)  # others have the docstring of their class
    asked = (inspect.getdoc(right) or "").partition("\n")[0] if documented else ""
    parts = [known_words(known), finding.sentence]
    if finding.kind == "number":
        differs = finding.differs
        theirs, needed = two_numbers(differs.theirs, differs.right)
        theirs = "NaN (not a number)" if np.isnan(differs.theirs) else theirs
        where = f"The first number that differs is `{_called(f)}{differs.place}`. " if differs.place else ""
        parts[1] = f"{where}You have {theirs}, and {needed} is right."
    if asked:
        parts.append(f"Asked for: {asked}")
    arguments = ()
    if case is not None:
        arguments = tuple(copied(value) for value in cases[case][0].values())
        name = _called(f).removesuffix("(...)")
        parts.append(
            f"This is example {case + 1} of {len(cases)}{_given(cases[case][0])}. With the check's result as r, "
            f"`{name}(*r.arguments)` runs it again, and `r.hint()` gives a hint."
        )
    hints = tuple(hint for mistake in known for hint in mistake.hints)
    usual = (finding.hint,) if finding.hint else HINTS_OF[finding.kind][:1]
    if not finding.hint and finding.kind in ("number", "unwritten"):
        usual = ("Work the example out on paper. Which line of your function is the first to give another number?",)
    return Result(
        VERDICT_OF[finding.kind],
        "\n".join(filter(None, parts)),
        finding.differs and finding.differs.symbol,
        names_of(known),
        arguments,
        hints or usual,
    )


def _called(f):
    name = name_of(f)
    return f"{name.strip('`') if name[0] == '`' else 'f'}(...)"


def _given(arguments):
    """The arguments that are short enough to be read."""
    said = []
    for name, value in arguments.items():
        if isinstance(value, np.ndarray) and value.size <= 6:
            said.append(f"`{name} = {value.tolist()}`")
        elif isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
            said.append(f"`{name} = {number_text(float(value))}`")
    return f": {', '.join(said)}" if said else ""


def _count(number, word):
    return f"{number} {word}" + ("" if number == 1 else "s")
