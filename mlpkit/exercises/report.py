"""A Finding told in words: what was found, which mistake it is, the number, its equation, and how to see it."""

import numpy as np

from mlpkit.core.network import Network
from mlpkit.exercises.learner import FUNCTIONS
from mlpkit.exercises.mistakes import BY_MARK
from mlpkit.exercises.result import NOT_THE_SAME, NOT_YET, Result, Spot
from mlpkit.exercises.sandbox import copied, name_of
from mlpkit.notation import meaning, text, two_numbers

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


def told(task, f, finding, case=None, known=()):
    """The Result for a Finding. known: the mistakes that were recognised; several if their numbers are the same."""
    if finding.kind == "unwritten":
        said = f"{finding.sentence} Needed: {task.needed} (§{task.section})."
        return Result(NOT_YET, said, hints=HINTS_OF["unwritten"])
    if finding.mark and not known:
        known = (BY_MARK[finding.mark],)
    parts = [known_words(known), finding.sentence]
    if finding.kind == "number":
        parts[1:] = [_difference(finding), f"What makes it: {formula(finding.symbol, task, case)}"]
    arguments, spot = (), None
    if case is not None:
        arguments = tuple(copied(value) for value in task.arguments(case).values())
        spot = _spot(task, f, finding, case)
        parts.append(_where(task, f, case, spot))
    return Result(
        VERDICT_OF[finding.kind],
        "\n".join(filter(None, parts)),
        finding.symbol,
        names_of(known),
        arguments,
        tuple(hint for mistake in known for hint in mistake.hints) or _hints(task, finding, case),
        spot,
    )


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
    if finding.symbol is None:
        return None
    return Spot(
        case.net,
        case.I,
        case.D,
        case.alpha,
        finding.symbol,
        functions={task.name: f} if task.name in FUNCTIONS else {},
    )


def _difference(finding):
    symbol, place = finding.symbol, f" (`{finding.place}`)" if finding.place else ""
    theirs, right = two_numbers(finding.theirs, finding.right)
    theirs = "NaN (not a number)" if np.isnan(finding.theirs) else theirs
    example = f" in example {finding.example[0]} of the batch" if finding.example else ""
    return (
        f"The first number that differs is {text(symbol)}{place}, {meaning(symbol)}{example}. "
        f"You have {theirs}, the kit has {right}."
    )


def formula(symbol, task, case):
    """The formula that makes a number, with its section, in plain text."""
    kind, l, *place = symbol
    net, left = case.net, text(symbol)
    sigma = net.sigma[l].name if kind in ("o", "delta") and l else ""
    i = place[0]
    if kind == "w":
        return "§1: row 0 of w holds the biases, and column 0 is fixed at (1, 0, ..., 0)."
    if kind == "a":
        terms = f"{text(('o', l - 1, 'j'))} {text(('w', l - 1, 'j', i))}"
        return f"§2: {left} = Σⱼ {terms}, j from 0 to {net.n[l - 1] - 1}."
    if kind == "o":
        if i == 0:
            return f"§2: {left} = 1, as in every layer."
        return f"§2: {left} = " + (f"σ({text(('a', l, i))}), here with σ: {sigma}." if l else f"{text(('I', i))}.")
    if kind == "delta":
        if i == 0:
            return f"§4: {left} = 0, since {text(('o', l, 0))} is a constant."
        slope = f"σ′({text(('a', l, i))})"
        if l == net.L - 1:
            return f"§4: {left} = {slope} · ∂L̃/∂{text(('o', l, i))}, here with σ: {sigma} and L̃: {net.loss.name}."
        back = f"Σₖ {text(('w', l, i, 'k'))} {text(('delta', l + 1, 'k'))}"
        return f"§4: {left} = {slope} {back}, k from 1 to {net.n[l + 1] - 1}, here with σ: {sigma}."
    j = place[1]
    product = f"{text(('delta', l + 1, j))} {text(('o', l, i))}"
    mean = ", the mean of it over the examples" if case.batch else ""
    if kind == "grad":
        if task.name == "slope":
            w = text(("w", *case.place))
            return f"§3: {left} ≈ (L̃({w} + ε) − L̃({w} − ε)) / 2ε, all other weights as they are."
        return f"§3: {left} = {product}{mean}."
    if j == 0:
        return "§5: column 0 is never changed."
    old, change = text(("w", l, i, j)), text(("dw", l, i, j))
    times = f"; here {case.epochs} times, from the new weights each time" if case.epochs > 1 else ""
    return f"§5: {left} = {old} + {change}, where {change} = −α {product}{mean}, all from the old weights{times}."


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
