"""A Finding told in words: what was found, which mistake it is, the number, its equation, and how to see it."""

import re
from dataclasses import replace

import numpy as np

from mlpkit.core.network import Network
from mlpkit.derivations.formulas import ALPHA, Partial
from mlpkit.derivations.proofs import base_case
from mlpkit.exercises.explain import Explanation
from mlpkit.exercises.learner import FUNCTIONS
from mlpkit.exercises.mistakes import BY_MARK
from mlpkit.exercises.result import NOT_THE_SAME, NOT_YET, RIGHT_ALONE, Result, Spot
from mlpkit.exercises.sandbox import copied
from mlpkit.exercises.stops import ONE_STILL_HOLDS_NEURON_0
from mlpkit.exercises.words import name_of
from mlpkit.notation import meaning, text, two_numbers
from mlpkit.notation.expressions import Neg, Num, Sum, mul
from mlpkit.tracing.right_sides import right_sides

# By the kind of a Finding. Where a function stops, there is nothing to compare.
VERDICT_OF = {
    "unwritten": NOT_YET,
    "stopped": NOT_YET,
    "unfit": NOT_THE_SAME,
    "changed": NOT_THE_SAME,
    "number": NOT_THE_SAME,
}


# Where no mistake is recognised.
HINTS_OF = {
    "number": (
        "Take the equation above, and write down the numbers on its right side. Which of them is the first that your "
        "function does not have?",
        "`Stepper.of(r)` shows these numbers, each with the equation that made it.",
    ),
    "unfit": ("Print the shape of each array in your function, line by line. Which is the first that does not fit?",),
    "stopped": ("Print the shapes of what stands in the line that stopped, in a line just before it.",),
    "changed": ("Which line writes into an array that the function was given? Let it make a new one.",),
    "unwritten": ("Begin with one neuron of the running example on paper, and then write what you did as code.",),
}


_NOTHING = Explanation()


def told(task, f, finding, case=None, explained=_NOTHING):
    """The Result for a Finding. explained: the Explanation of it."""
    known, certain = explained.known, explained.said
    if finding.kind == "unwritten":
        said = f"{finding.sentence} Needed: {task.needed} (§{task.section})."
        return Result(NOT_YET, said, hints=(finding.hint,) if finding.hint else HINTS_OF["unwritten"])
    if finding.mark and not known:
        known = (BY_MARK[finding.mark],)
    alone = case is not None and _right_alone(task, case) and BY_MARK["not the same again"] not in known
    if finding.kind == "stopped" and alone and not known:
        finding = _with_rows(finding)
    if finding.kind == "stopped" and (with_vectors := _with_vectors(task, finding, case)):
        finding, known = with_vectors, ()
    parts = [known_words(known), certain, finding.sentence]
    if finding.kind == "number":
        parts[2:] = [_difference(finding.differs), f"What makes it: {formula(finding.differs.symbol, task, case)}"]
    arguments, spot = (), None
    if case is not None:
        arguments = tuple(copied(value) for value in task.arguments(case).values())
        spot = _spot(task, f, finding, case)
        parts.append(_where(task, f, case, spot))
    verdict = VERDICT_OF[finding.kind]
    if alone:
        come_below = task.name == "forward" and verdict == NOT_YET
        verdict = RIGHT_ALONE
        parts.insert(0, "Batches come below." if come_below else "In a batch it is not yet.")
    return Result(
        verdict,
        "\n".join(filter(None, parts)),
        finding.differs and finding.differs.symbol,
        names_of(known),
        arguments,
        tuple(hint for mistake in known for hint in mistake.hints)
        or ((explained.hint,) if explained.hint else ()) + _hints(task, finding, case),
        spot,
    )


def _right_alone(task, case):
    """Whether all single examples were right before this case, a batch."""
    return bool(case.batch) and case in task.cases() and not task.cases()[0].batch


def _with_rows(finding):
    """A stop in batches alone; where its line takes a neuron by its number, what that is there."""
    found = re.search(r"\b((?:o|a|delta)\[[^][]*\])\[(\w+)\]", finding.sentence)
    if not found:
        return finding
    layer, i = found.groups()
    words = f"In a batch `{found[0]}` is the whole example {i}, and not neuron {i}: neuron {i} is `{layer}[..., {i}]`."
    return _and(replace(finding, sentence=finding.sentence.replace(ONE_STILL_HOLDS_NEURON_0, "")), words)


def _with_vectors(task, finding, case):
    """A stop with one example; where the gradient is that for rows of examples, what it is for vectors; else None."""
    found = re.search(r"(\bo\[[^][]*\])\.T *@ *(\bdelta\[[^][]*\])(?! */)", finding.sentence)
    if task.name != "gradient" or case is None or case.batch or not found:
        return None
    o, delta = found.groups()
    return _and(
        finding,
        f"With one example `{o}` and `{delta}` are vectors: `.T` changes nothing, and `@` wants one sum, not a table. "
        "Use `np.outer` first.",
    )


def _and(finding, words):
    """The Finding with these words before what the function was given, and as its hint."""
    stop, *given = finding.sentence.split("\n")
    return replace(finding, sentence="\n".join([f"{stop} {words}", *given]), hint=words)


def _hints(task, finding, case):
    """Where no mistake is recognised."""
    if finding.hint:
        return (finding.hint,)
    hints = HINTS_OF[finding.kind]
    return hints if finding.kind != "number" or _opens(task, case) else hints[:1]


def known_words(known):
    if not known:
        return ""
    same = ": the numbers are the same" if len(known) > 1 else ""
    return f"The mistake: {names_of(known)}{same}. {' Or: '.join(mistake.reason for mistake in known)}"


def names_of(known):
    return ", or ".join(mistake.name for mistake in known) or None


def _spot(task, f, finding, case):
    if finding.differs is None:
        return None
    return Spot(
        case.net,
        case.I,
        case.D,
        case.alpha,
        finding.differs.symbol,
        functions={task.name: f} if task.name in FUNCTIONS else {},
    )


def _difference(differs):
    symbol, place = differs.symbol, f" (`{differs.place}`)" if differs.place else ""
    theirs, right = two_numbers(differs.theirs, differs.right)
    theirs = "NaN (not a number)" if np.isnan(differs.theirs) else theirs
    example = f" in example {differs.example[0]} of the batch" if differs.example else ""
    return (
        f"The first number that differs is {text(symbol)}{place}, {meaning(symbol)}{example}. "
        f"You have {theirs}, the kit has {right}."
    )


def formula(symbol, task, case):
    """The formula that makes a number, with its section, in plain text."""
    kind, l, *place = symbol
    net, left, section = case.net, text(symbol), _SECTION[kind]
    if kind == "w":
        return f"§{section}: row 0 of w holds the biases, and column 0 is fixed at (1, 0, ..., 0)."
    if kind == "w_new" and place[1] == 0:
        return f"§{section}: column 0 is never changed."
    if kind == "grad" and task.name == "slope":
        w = text(("w", *case.place))
        return f"§{section}: {left} ≈ (L̃({w} + ε) − L̃({w} − ε)) / 2ε, all other weights as they are."
    right = right_sides(net, symbol, ())[0]
    if kind == "delta" and l == net.L - 1 and place[0]:
        right = base_case.right.at({"j": place[0], "L": net.L})  # for any L̃
    return f"§{section}: {left} = {right.text()}{_besides(symbol, right, case)}."


_SECTION = {"w": "1", "a": "2", "o": "2", "delta": "4", "grad": "3", "w_new": "5"}


def _besides(symbol, right, case):
    """What a formula does not say: why it is a constant, the bounds of its sum, which σ and L̃, which weights."""
    kind, l, *place = symbol
    net, mean = case.net, ", the mean of it over the examples" if case.batch else ""
    if kind == "grad":
        return mean
    if kind == "w_new":
        change = Neg(mul(ALPHA, right_sides(net, ("grad", l, *place), ())[0])).text()
        times = f"; here {case.epochs} times, from the new weights each time" if case.epochs > 1 else ""
        return f", where {text(('dw', l, *place))} = {change}{mean}, all from the old weights{times}"
    if isinstance(right, Num):
        return ", as in every layer" if kind == "o" else f", since {text(('o', l, 0))} is a constant"
    parts = {type(node): node for node in right.nodes()}
    bounds = f", {parts[Sum].letter} from {parts[Sum].low} to {parts[Sum].high}" if Sum in parts else ""
    sigma = f", here with σ: {net.sigma[l].name}" if kind in ("o", "delta") and l else ""
    return bounds + sigma + (f" and L̃: {net.loss.name}" if Partial in parts else "")


def _opens(task, case):
    """Whether a Stepper shows more than the message: w has no equation, and of a batch it shows one example."""
    return task.name != "weights" and not case.batch


def _where(task, f, case, spot):
    """On what it was, how to see it, and how to do it again."""
    name = name_of(f).strip("`") if name_of(f)[0] == "`" else "f"
    how = [f"`{name}(*r.arguments)` runs it again", "`r.hint()` gives a hint"]
    if _opens(task, case) and spot:
        number = "this number" if spot.functions else "the kit's number there"
        how.insert(0, f"`Stepper.of(r)` opens {number}")
    again = f"After `r = check.{task.name}({name})`: {', '.join(how)}."
    if case.label == "the running example" and not case.batch:
        given = ", ".join(
            f"`{name} = {value.tolist() if isinstance(value, np.ndarray) else value}`"
            for name, value in task.arguments(case).items()
            if not isinstance(value, (Network, list, tuple))
        )
        return f"This is the running example{': ' + given if given else ''}. {again}"
    where = case.label
    if case.batch:
        net = case.label.replace("the running example", "the network of the running example")
        where = f"a batch of {case.batch[0]}, an example in each row, on {net}"
        if not task.cases()[0].batch:
            again = f"Lesson 2 has batches, in “Many examples, one in each row”. {again}"
    return f"{_right_before(task, case)} {where}. {again}"


def _right_before(task, case):
    """What was tried before a case, and was right; up to "this is"."""
    before = task.all_cases()[: task.all_cases().index(case)]
    if case in task.equal():
        sizes = {one.batch[0] for one in before if one.batch} - {*case.batch}
        batches = f", also in batches of {sizes.pop()}" if sizes else ""
        return f"Networks of unequal widths are right{batches}; this is one in which a turned matrix fits too:"
    if not before or (case.net is before[0].net and case.batch == before[0].batch):
        return "This is"
    if case.batch and not before[0].batch:
        return "One example alone is right everywhere; this is"
    return "The running example agrees; this is"


def tried(task):
    """On what a right answer was tried, in words."""
    cases = tuple(task.cases())
    nets = {id(case.net): case.net for case in cases}.values()
    return task.tried.format(
        nets=len(nets),
        sigmas=len({sigma for net in nets for sigma in net.sigma[1:]}),
        outputs=len({net.sigma[-1] for net in nets}),
        batches=_batches(cases),
    )


def _batches(cases):
    if not any(case.batch for case in cases):
        return ""
    return ", in batches" if all(case.batch for case in cases) else ", one example alone and in batches"
