"""A wrong answer explained from its own numbers, in words: where it is, what stands there, and what belongs there.

search.py finds what stands there; here it becomes a name, a sentence, what is right before it, and where to look.
"""

import re
from dataclasses import dataclass, replace

import numpy as np

from mlpkit.core import network
from mlpkit.exercises.factors.backward import DELTA_HIDDEN, DELTA_OUT
from mlpkit.exercises.factors.forward import ACTIVATION, OUTPUT, OUTPUT_0
from mlpkit.exercises.factors.gradient import GRAD_ROW_0, GRAD_ROWS
from mlpkit.exercises.factors.names import NAMED, NAMES
from mlpkit.exercises.factors.scales import NUMBERS, RESHAPED
from mlpkit.exercises.factors.values import Values
from mlpkit.exercises.mistakes import MISTAKES, Mistake
from mlpkit.exercises.search import findings
from mlpkit.exercises.search.answers import CELLS
from mlpkit.exercises.search.cells import close, shape_of
from mlpkit.exercises.search.certain import Unknown, sentence
from mlpkit.exercises.search.merged import merged
from mlpkit.exercises.search.places import (
    ALONE,
    AT_OUTPUT,
    BIAS_HIDDEN,
    BIAS_OUT,
    EVERYWHERE,
    IN_A_BATCH,
    PLACES,
    STEPS,
    Found,
    change_of,
)


@dataclass(frozen=True)
class Explanation:
    """What explains an answer. known: the mistakes, several where they give the same numbers; () if there is no name.

    said: what is certain all the same, or "". hint: for that. at_the_output: whether the first cause lies there, in a
    step. whole: whether it explains all cases, the batches too.
    """

    known: tuple = ()
    said: str = ""
    hint: str = ""
    at_the_output: bool = False
    whole: bool = True


@np.errstate(all="ignore")
def explain(task, outcomes, right, own_delta=True):
    """The Explanation of the outcomes of a function, {case: Outcome}.

    right: (task, case) to the right Outcome. own_delta: whether the δ of a step may be the learner's own.
    """
    if task.name not in CELLS and task.name not in STEPS:
        return Explanation()
    answers = {}
    for case, outcome in outcomes.items():
        answer = fitting(outcome.answer, right(task, case).answer)
        if answer is not None:
            answers[case] = answer
    if not answers:
        return Explanation()
    found, whole = findings(task.name, answers), True
    alone = {case: answer for case, answer in answers.items() if not case.batch}
    if any(isinstance(one, Unknown) for one in found) and 0 < len(alone) < len(answers):
        in_singles = findings(task.name, alone)
        if in_singles and not any(isinstance(one, Unknown) for one in in_singles):
            found, whole = in_singles, False
    faults = [one for one in found if not isinstance(one, Unknown)]
    unknown = _rows_together([one for one in found if isinstance(one, Unknown)])
    others = [
        case for case, one in outcomes.items() if case not in answers and not case.batch and not _grows(one.answer)
    ]
    if not found or not all(any(_does_not_fit(one, case) for one, *_ in faults) for case in others):
        return Explanation()  # neuron 0 alone is wrong, or what no line says; or it stops where these would not
    before = _what_is_right(task.name, found)
    if task.name in STEPS and not faults and all(one.of_all for one in unknown):
        before, unknown = "", [_of_all_changes(unknown[0])]
    faults = merged(faults)
    if task.name in STEPS and not unknown and _is_a_factor_of_all(faults):
        before = ""
        faults = [tuple(Found(change_of(one.line), one.candidate, EVERYWHERE) for one in faults[0])]
    if task.name in STEPS:
        changes = [_as_change(fault, own_delta) for fault in faults]
        before = before if changes == faults else ""
        faults = changes
    first = faults[0][0] if faults else None
    return Explanation(
        _told(faults, before, () if _is_reshaped(faults) else _of_neuron_0(task, answers, right), task.lesson),
        _all_certain(unknown, "" if faults else before),
        unknown[0].hint if unknown else "",
        task.name in STEPS and bool(first) and first.line is DELTA_OUT and not first.candidate[0],
        whole and not unknown and all(case in answers for case in outcomes if case.batch),
    )


def _all_certain(unknown, before):
    return " ".join(dict.fromkeys([before, *(one.certain for one in unknown)])).strip() if unknown else ""


def _rows_together(unknown):
    """Unknowns without that of row 0, where all that is certain of it is certain of the other rows."""
    [row_0] = [one for one in unknown if one.line is GRAD_ROW_0] or [None]
    [rows] = [one for one in unknown if one.line is GRAD_ROWS] or [None]
    if not row_0 or not rows:
        return unknown
    both = replace(GRAD_ROWS, what="derivatives")
    said = {one.certain.replace(one.line.what, both.what) for one in (row_0, rows)}
    if len(said) > 1:
        return unknown
    return [replace(rows, line=both, certain=said.pop()) if one is rows else one for one in unknown if one is not row_0]


def _of_all_changes(unknown):
    """One factor of all derivatives of a step, or of its δ, from which they follow, told of the changes."""
    said = unknown.certain.partition("In each")
    alone = IN_A_BATCH if IN_A_BATCH in said[0] else ALONE if ALONE in said[0] else ""
    where = sentence(f"{alone} your changes Δw are not what follows from the right gradient.".strip())
    return replace(unknown, certain=f"{where} {''.join(said[1:])}")


# The sum over the examples is told of the derivatives, where it is taken.
_OF_CHANGES = [k for k, scale in enumerate(NUMBERS) if scale.words != "m · {} with m examples"]


def _as_change(fault, own_delta):
    """A factor of all derivatives of a step, told of the changes: the derivatives are not seen there."""
    if not own_delta and _is_a_factor_of_all([fault]):
        return tuple(Found(change_of(one.line), one.candidate, EVERYWHERE) for one in fault)
    if not all(
        one.line.what == "derivatives" and not any(one.candidate[1:]) and one.candidate[0] in _OF_CHANGES
        for one in fault
    ):
        return fault
    return tuple(
        replace(one, line=change_of(replace(one.line, scales=NUMBERS), or_at="the one that makes the gradient"))
        for one in fault
    )


def _is_a_factor_of_all(faults):
    """Whether δ of the output has a number too many and all else follows: then every Δw has it."""
    return len(faults) == 1 and all(
        one.line.second is DELTA_OUT.second
        and one.place in AT_OUTPUT
        and not any(one.candidate[1:])
        and not len(NUMBERS) <= one.candidate[0] < len(DELTA_OUT.scales)  # a number, also one of the learner's own
        for one in faults[0]
    )


def _does_not_fit(found, case):
    """Whether what explains other cases has no number here, or only by an array of one that is spread over a layer."""
    x = Values(case)
    x.g = network.gradient(x.full_o, [None, *(np.pad(delta, ((0, 0), (1, 0))) for delta in x.delta[1:])])
    layers = range(1, x.L) if found.line not in (DELTA_OUT, BIAS_OUT) else (x.L - 1,)
    if found.line in (DELTA_HIDDEN, BIAS_HIDDEN):
        layers = range(1, x.L - 1)
    for l in layers:
        for factor, k in ((found.line.first, found.candidate[1]), (found.line.second, found.candidate[2])):
            try:
                array, needed = np.asarray(factor.options[k].of(x, l)), shape_of(factor, x, l)
            except (TypeError, ValueError, IndexError, AttributeError):
                return True
            if array.ndim and array.shape[-1] != needed[-1] and found.place.holds(x, l):
                return True
    return False


def _grows(answer):
    """Whether an answer holds a number that is infinite or none: such a case tells nothing."""
    if isinstance(answer, tuple):
        return any(map(_grows, answer))
    return isinstance(answer, np.ndarray) and not np.isfinite(answer).all()


def fitting(theirs, right):
    """An answer of the form that is asked for, or of that form without neuron 0, which is then put in; else None."""
    if isinstance(right, tuple):
        if not isinstance(theirs, tuple) or len(theirs) != len(right):
            return None
        entries = tuple(fitting(*pair) if pair[1] is not None else () for pair in zip(theirs, right, strict=True))
        return None if any(entry is None for entry in entries) else tuple(None if len(e) == 0 else e for e in entries)
    if not isinstance(theirs, np.ndarray) or not np.isfinite(theirs).all():
        return None
    if theirs.shape == right.shape:
        return theirs
    if theirs.shape == right[..., 1:].shape and theirs.shape[:-1] == right.shape[:-1]:
        return np.concatenate([right[..., :1], theirs], axis=-1)
    return None


def _is_reshaped(faults):
    """Whether numbers of other neurons come into the place of neuron 0 by the fault itself."""
    return any(found.line.scales[found.candidate[0]].why == RESHAPED for found, *_ in faults)


def _of_neuron_0(task, answers, right):
    """The known mistake where neuron 0 is wrong as well; () if it is right."""
    kind = {
        "backward": "δ₀ not set to 0",
        "output_delta": "δ₀ not set to 0",
        "gradient": "fixed column updated",
    }
    if task.name not in kind:
        return ()

    def wrong(theirs, ours):
        if isinstance(ours, tuple):
            return any(map(wrong, theirs, ours))
        return ours is not None and not close(theirs[..., :1], ours[..., :1] + 0 * theirs[..., :1], 1e-9)

    if any(wrong(answer, right(task, case).answer) for case, answer in answers.items()):
        return tuple(mistake for mistake in MISTAKES[task.name] if mistake.name == kind[task.name])
    return ()


def _told(faults, before, extra, lesson):
    """The known mistakes of faults, as diagnose gives them: alternatives each alone, several faults as one.

    lesson: no later one is told to look at.
    """
    if len(faults) == 1 and not extra:
        mistakes = [mistake for found in faults[0] for mistake in _mistakes(found, before, lesson)]
        return tuple({mistake.name: mistake for mistake in mistakes}.values())
    several = [_mistakes(alternatives[0], "", lesson)[0] for alternatives in faults]
    if not several:
        return ()
    names, words = _names([alternatives[0] for alternatives in faults]), [before]
    several += extra
    for mistake, after in zip(several, [*several[1:], None], strict=True):
        words.append(mistake.why)
        if after and (after.lesson, after.heading) != (mistake.lesson, mistake.heading):
            words.append(f"Look at lesson {mistake.lesson}, “{mistake.heading}”.")
    last = several[-1]
    return (
        Mistake(
            ", and ".join([*names, *(mistake.name for mistake in extra)]),
            " ".join(dict.fromkeys(filter(None, words))),
            tuple(hint for mistake in several for hint in mistake.hints),
            last.lesson,
            last.heading,
            (),
        ),
    )


def _names(faults):
    """What is exchanged, with its place: once where it is the same at the output and in the hidden layers."""
    names = {}
    for found in faults:
        rows = {GRAD_ROW_0.what: " in row 0, the biases,", GRAD_ROWS.what: " in rows 1, 2, ..."}.get(
            found.line.what, ""
        )
        for name in _exchanged(found):
            names.setdefault(name, []).append(f"{rows} {found.place.words}".rstrip(" ,"))
    hidden, out = " in the hidden layers", " at the output"
    return [
        (name + (" in every layer" if {hidden, out} == set(places) else " and".join(dict.fromkeys(places)))).rstrip(",")
        for name, places in names.items()
    ]


def _exchanged(found):
    """What stands in the place of what, a name for each."""
    line, (s, k, j) = found.line, found.candidate
    scale, first, second = line.scales[s], line.first.options[k], line.second.options[j]
    if not s and (first.words, second.words) in NAMED:
        return [NAMED[first.words, second.words][0]]
    names = [
        _for(option.words, factor.name)
        for factor, option, other in ((line.first, first, k), (line.second, second, j))
        if other
    ]
    return names + [_for(scale.words.format(line.symbol), line.symbol)] * bool(s)


def _for(words, name):
    if not words:
        return f"{name} left out"
    return f"{words.rstrip(',')}, in place of {name}," if "," in words else f"{words} for {name}"


def _mistakes(found, before, lesson):
    """What a Found is told as: the mistakes that lessons know it by, or one that is made from its own words."""
    line, (s, k, j) = found.line, found.candidate
    form = (
        line.scales[s].words if s else None,
        line.first.options[k].words if k else None,
        line.second.options[j].words if j else None,
    )
    here = f"{line.what} {found.place.words or 'everywhere'}"
    known = NAMES.get((here, *form)) or NAMES.get((line.what, *form))
    if not known:
        return [_mistake(found, before)]
    said = replace(known[0], why=" ".join(filter(None, [before, f"{_said(found)}.", known[0].why])))
    at_line = {"lesson": line.lesson, "heading": line.heading}
    return [replace(one, **at_line) if one.lesson > lesson else one for one in (said, *known[1:])]


def _said(found):
    """What stands there, as a sentence without its point."""
    line, (s, k, j) = found.line, found.candidate
    where = f" {found.place.words}" if found.place.words else ""
    is_or_are = "is" if line.what == "δ" else "are"
    product = line.scales[s].words.format(_product(line, line.first.options[k].words, line.second.options[j].words))
    product = product.replace("−(−α δⱼ oᵢ)", "+α δⱼ oᵢ")
    return sentence(f"{where} your {line.what} {is_or_are} {product}".strip().rstrip(","))


def _mistake(found, before):
    line, (s, k, j) = found.line, found.candidate
    scale, first, second = line.scales[s], line.first.options[k], line.second.options[j]
    exchanged = [(line.first, first)] * bool(k) + [(line.second, second)] * bool(j)
    why = dict.fromkeys([option.why or factor.belongs for factor, option in exchanged] + [scale.why] * bool(s))
    where = f" {found.place.words}" if found.place.words else ""
    hints = [factor.hint.replace("{place}", where) for factor, _ in exchanged]
    if not s and (first.words, second.words) in NAMED:
        _, reason, *own_hint = NAMED[first.words, second.words]
        why, hints = [reason], own_hint or hints
    if s:
        hints.append(
            scale.hint
            or f"Divide your {line.what} by the kit's: which factor do you find, and where does your code multiply or "
            "divide by it?"
        )
    return Mistake(
        " and ".join(_names([found])),
        " ".join(filter(None, [before, f"{_said(found)}.", *why])),
        tuple(hints),
        line.lesson,
        line.heading,
        (),
    )


def _product(line, *words):
    """The factors of a line, one times the other; in words where one of them is."""
    words = [word for word in words if word]
    if len(words) < 2:
        return "".join(words) or "1"
    in_words = any(re.search("[a-z]{3}", word) for word in words)
    return (line.form.replace("·", "times") if in_words else line.form).format(*words)


def _what_is_right(name, found):
    """What is right before the first fault, or beside it, or follows from it as it should."""
    if all(not isinstance(one, Unknown) and one[0].place.words.endswith(ALONE) for one in found):
        return (
            "Batches are right. One example alone is a vector: its first axis counts neurons, where that of a batch "
            "counts examples."
        )
    lines = {_plain(one.line if isinstance(one, Unknown) else one[0].line) for one in found}
    rows = lines & {GRAD_ROWS, GRAD_ROW_0, BIAS_OUT, BIAS_HIDDEN}
    if lines == {DELTA_HIDDEN}:
        return "Your δ of the output is right."
    if lines == {DELTA_OUT} and name != "output_delta":
        return "The δ of the hidden layers follow from yours at the output as they should."
    if lines == rows and GRAD_ROWS not in rows:
        return "Rows 1, 2, ... are right: only row 0, the biases, is not."
    if lines == {GRAD_ROWS}:
        return "Row 0, the biases, is right."
    if lines == rows and name in ("step", "train"):
        return "Your δ are right."
    if lines == {ACTIVATION} and name == "forward":
        return "Your outputs are σ of your activations, as they should be."
    if lines == {OUTPUT_0}:
        return "Neurons 1, 2, ... are right."
    if lines == {OUTPUT}:
        return "Your activations follow from your outputs as they should."
    return ""


def _plain(line):
    """The line that a line with a number of the learner's own is made from."""
    return next((one for one in PLACES if one.what == line.what and one.second is line.second), line)
