"""What the lessons ask, and whether the learner's function gives the same numbers as the notes' formulas.

    r = check.forward(my_forward)
    r.passed, r.first_difference        # True, or False and a symbol such as ("o", 1, 0)

What is asked stands in questions.py; running.py calls the learner's function on copies, comparing.py holds its numbers
against the kit's in the order of the trace, and _say, here, tells what was found. A check never raises.
Its three verdicts: right; not the same, where a number or a shape differs; not yet, where there is nothing to compare.
"""

import html
import inspect
import re
from dataclasses import dataclass, replace

import numpy as np

from mlpkit.comparing import compare, differing, what_it_is
from mlpkit.functions import Activation, Loss
from mlpkit.network import Network
from mlpkit.notation import meaning, number_shown, number_text, text
from mlpkit.questions import QUESTIONS, one_sided_error
from mlpkit.running import Finding, copied, name_of, run, short

__all__ = [
    "Result",
    "activation",
    "activations",
    "backward",
    "forward",
    "gradient",
    "loss",
    "output_delta",
    "slope",
    "step",
    "train",
    "weights",
]


RIGHT, NOT_YET, NOT_THE_SAME = "Right.", "Not yet.", "Not the same."

# (colour, line): the verdict is a word first; the line at the box's edge differs in style as well as in colour.
_LOOK = {
    RIGHT: ("var(--jp-success-color1, #388e3c)", "solid"),
    NOT_YET: ("var(--jp-ui-font-color2, #7b7b7b)", "dotted"),
    NOT_THE_SAME: ("var(--jp-warn-color1, #d2691e)", "dashed"),
}


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """What a check found.

    passed: bool. mistake: the name of the known mistake, or None. first_difference: the symbol of the first number
    that differs, in the order of the trace, or None. verdict, message: what is shown. arguments: what the function
    was called with when it differed, so that f(*r.arguments) does it again; () if it did not.
    """

    verdict: str
    message: str
    first_difference: tuple | None = None
    mistake: str | None = None
    arguments: tuple = ()

    @property
    def passed(self):
        return self.verdict == RIGHT

    def __repr__(self):
        return f"{self.verdict} {self.message}"

    def _repr_html_(self):
        colour, line = _LOOK[self.verdict]
        first, *others = (
            re.sub("`([^`]*)`", r"<code>\1</code>", html.escape(part, quote=False)) for part in self.message.split("\n")
        )
        paragraphs = [f'<p style="margin:0"><strong>{self.verdict}</strong> {first}</p>']
        paragraphs += [f'<p style="margin:0.4em 0 0">{part}</p>' for part in others]
        return (
            f'<div class="mlpkit-check" style="border-left:4px {line} {colour};padding:0.3em 0.9em;margin:0.3em 0;'
            "max-width:48em;line-height:1.5;color:var(--jp-content-font-color1, inherit);"
            f'font-family:var(--jp-content-font-family, inherit)">{"".join(paragraphs)}</div>'
        )


# By the kind of a Finding. Where a function stops, there is nothing to compare.
_VERDICT_OF = {
    "unwritten": NOT_YET,
    "stopped": NOT_YET,
    "unfit": NOT_THE_SAME,
    "changed": NOT_THE_SAME,
    "number": NOT_THE_SAME,
}


def weights(f):
    """§1: f(W, b) returns the notes' w, from another book's W of shape (inputs, outputs) and its biases b."""
    return _ask(QUESTIONS["weights"], f)


def activations(f):
    """§2: f(o_before, w) returns a of the next layer, for one example."""
    return _ask(QUESTIONS["activations"], f)


def forward(f):
    """§2: f(net, I) returns (a, o), as mlpkit.forward does."""
    return _ask(QUESTIONS["forward"], f)


def slope(f):
    """§3: f(net, I, D, l, i, j, eps) returns the numerical slope of the loss against w[l][i, j], for one example.

    Central differences are asked for; a difference to one side is right too, within its own larger error.
    """
    result = _ask(QUESTIONS["slope"], f)
    exact = replace(QUESTIONS["slope"], slack=lambda case: 0.0)
    if result.passed and not _ask(exact, f).passed:
        remark = "Halve ε, and its error halves; that of the central difference becomes a quarter."
        to_one_side = replace(
            exact, like="the central difference, within the error of one to one side,", slack=one_sided_error
        )
        result = _ask(to_one_side, f)
        result = replace(result, message=f"{result.message} {remark}")
    return result


def output_delta(f):
    """§4: f(net, a, o, D) returns δ of the output layer, for one example."""
    return _ask(QUESTIONS["output_delta"], f)


def backward(f):
    """§4: f(net, (a, o), D) returns the list delta, as mlpkit.backward does."""
    return _ask(QUESTIONS["backward"], f)


def gradient(f):
    """§3: f(o, delta) returns a list like w, as mlpkit.gradient does."""
    return _ask(QUESTIONS["gradient"], f)


def step(f):
    """§5: f(net, I, D, alpha) returns a new Network, or the list of its weights."""
    return _ask(QUESTIONS["step"], f)


def train(f):
    """§5: f(net, I, D, alpha, epochs) returns the Network, or its weights, after so many steps on all examples."""
    return _ask(QUESTIONS["train"], f)


def _ask(question, f):
    """The function tried on every case, up to the first that is not right."""
    case = None
    try:
        _require_function(question, f)
        cases = tuple(question.cases())
        for case in cases:
            compare(question, case, _answer(f, question.arguments(case)))
    except Finding as finding:
        return _say(question, f, finding, case)
    return Result(RIGHT, f"The same as {question.like.format(section=question.section)} {_tried(question, cases)}.")


# Running the learner's function.


def _answer(f, arguments):
    """What f gives. What it prints is printed."""
    try:
        ran = run(f, arguments)
    except Finding as finding:
        print(finding.printed, end="")
        raise
    print(ran.printed, end="")
    return ran.answer


def _require_function(question, f):
    if f is None or f is ...:
        raise Finding("unwritten", "There is no function yet.")
    if not callable(f):
        raise Finding(
            "unwritten",
            f"You gave {what_it_is(f)}. Give the function itself, without calling it: "
            f"`check.{question.name}({question.name})`.",
        )
    count = len(question.arguments(next(iter(question.cases()))))
    try:
        inspect.signature(f).bind(*range(count))
    except TypeError:
        raise Finding(
            "stopped", f"{name_of(f)} takes {inspect.signature(f)}, but it is called as `{question.call}`."
        ) from None
    except ValueError:  # no signature is known
        pass


# Saying what was found.


def _say(question, f, finding, case=None):
    arguments = () if case is None else tuple(copied(value) for value in question.arguments(case).values())
    parts = [finding.sentence]
    if finding.kind == "unwritten":
        return Result(NOT_YET, f"{finding.sentence} Needed: {question.needed} (§{question.section}).")
    if finding.kind == "number":
        parts = [_difference(finding), f"What makes it: {formula(finding.symbol, question, case)}"]
    if case is not None:
        parts.append(_where(question, f, case))
    return Result(_VERDICT_OF[finding.kind], "\n".join(parts), finding.symbol, None, arguments)


def _difference(finding):
    symbol, place = finding.symbol, f" (`{finding.place}`)" if finding.place else ""
    theirs, right = two_numbers(finding.theirs, finding.right)
    example = f" in example {finding.example[0]} of the batch" if finding.example else ""
    return (
        f"The first number that differs is {text(symbol)}{place}, {meaning(symbol)}{example}. "
        f"You have {theirs}, the kit has {right}."
    )


def two_numbers(theirs, right):
    """Two numbers as texts, with as many digits as it takes to see that they differ."""
    if number_shown(theirs)[0] != number_shown(right)[0]:
        return number_text(theirs), number_text(right)
    texts = ("", "")
    for digits in range(5, 18):
        texts = tuple(f"{number:.{digits}g}".replace("-", "−") for number in (theirs, right))
        if texts[0] != texts[1]:
            break
    return texts


def formula(symbol, question, case):
    """The formula that makes a number, with its section, in plain text."""
    kind, l, *place = symbol
    net, left = case.net, text(symbol)
    sigma = net.sigma[l].name if kind in ("o", "delta") and l else ""
    i = place[0]
    if kind == "w":
        return "§1: row 0 of w holds the biases, and column 0 is fixed at (1, 0, ..., 0)."
    if kind == "a":
        terms = f"{text(('o', l - 1, 'j'))} {text(('w', l - 1, 'j', i))}"
        return f"§1: {left} = Σⱼ {terms}, j from 0 to {net.n[l - 1] - 1}."
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
        return f"§4: {left} = {slope} {back}, k from 0 to {net.n[l + 1] - 1}, here with σ: {sigma}."
    j = place[1]
    product = f"{text(('delta', l + 1, j))} {text(('o', l, i))}"
    mean = ", the mean of it over the examples" if case.batch else ""
    if kind == "grad":
        if question.name == "slope":
            w = text(("w", *case.place))
            return f"§3: {left} ≈ (L̃({w} + ε) − L̃({w} − ε)) / 2ε, all other weights as they are."
        return f"§3: {left} = {product}{mean}."
    if j == 0:
        return "§5: column 0 is never changed."
    old, change = text(("w", l, i, j)), text(("dw", l, i, j))
    times = f"; here {case.epochs} times, from the new weights each time" if case.epochs > 1 else ""
    return f"§5: {left} = {old} + {change}, where {change} = −α {product}{mean}, all from the old weights{times}."


def _where(question, f, case):
    """On what it was, and how to do it again."""
    name = name_of(f).strip("`") if name_of(f)[0] == "`" else "f"
    again = f"`r = check.{question.name}({name})` and then `{name}(*r.arguments)` runs it again."
    if case.label == "the running example" and not case.batch:
        given = ", ".join(
            f"`{name} = {value.tolist() if isinstance(value, np.ndarray) else value}`"
            for name, value in question.arguments(case).items()
            if not isinstance(value, (Network, list, tuple))
        )
        return f"This is the running example{': ' + given if given else ''}."
    if not case.batch:
        return f"This is {case.label}; the running example agrees. {again}"
    return (
        f"One example alone is right everywhere; this is a batch of {case.batch[0]}, an example in each row, on "
        f"{case.label.replace('the running example', 'the network of the running example')}. {again}"
    )


def _tried(question, cases):
    nets = {id(case.net): case.net for case in cases}.values()
    return question.tried.format(
        nets=len(nets),
        sigmas=len({sigma for net in nets for sigma in net.sigma[1:]}),
        outputs=len({net.sigma[-1] for net in nets}),
        batches=", one example alone and in batches" if any(case.batch for case in cases) else "",
    )


# An Activation and a Loss: held against their own values, not against the kit's.


def activation(sigma):
    """§1: an Activation whose derivative is the slope of its own value, at many a, for arrays of any shape."""
    # The running example's own a first; none where a piecewise σ is likely to have its corner.
    a = np.array([0.05, 0.2, 1.2, *np.arange(-29.5, 30, 3) / 10])
    try:
        _require_made(sigma, Activation, "Activation(name, latex, value, derivative)")
        _elementwise("σ(a)", sigma.value, a)
        derivatives = {"σ′(a)": sigma.derivative}
        if sigma.derivative_from_o:
            derivatives["σ′ written in o"] = lambda a: sigma.derivative_from_o(sigma.value(a))
        for name, derivative in derivatives.items():
            found = _elementwise(name, derivative, a)
            right = _central(lambda a: _numbers("σ(a)", sigma.value, {"a": a}, a.shape, "one number for each a"), a)
            for at in differing(found, right, _SLACK)[:1]:
                theirs, slope = two_numbers(found[at], right[at])
                raise Finding(
                    "number",
                    f"At a = {number_text(a[at])} your {name} is {theirs}, but the slope of your σ there is {slope}.\n"
                    "The slope is [σ(a + h) − σ(a − h)] / 2h with h = 10⁻⁵: σ′ is the derivative of the same σ (§1).",
                )
    except Finding as finding:
        return Result(_VERDICT_OF[finding.kind], finding.sentence)
    return Result(RIGHT, f"σ′ is the slope of σ at {a.size} values of a from −3 to 3, in arrays of any shape.")


def loss(loss):
    """§1: a Loss whose gradient is the slope of its own value in each output, alone and in batches."""
    rng = np.random.default_rng(3)
    points = [(np.array([0.5723]), np.array([1.0]))]  # the running example's output
    points += [tuple(np.round(rng.uniform(0.1, 0.9, (2, *shape)), 2)) for shape in ((2,), (3,), (1,), (7, 2), (7, 3))]
    try:
        _require_made(loss, Loss, "Loss(name, latex, value, gradient)")
        for o, D in points:

            def value(o, D=D):
                return _numbers("L̃", loss.value, {"o": o, "D": D}, o.shape[:-1], "one number for each example")

            value(o)
            found = _numbers("∂L̃/∂o", loss.gradient, {"o": o, "D": D}, o.shape, "one number for each output")
            directions = np.eye(o.shape[-1])
            right = np.stack([_central(value, o, along) for along in directions], axis=-1)
            for at in differing(found, right, _SLACK)[:1]:
                theirs, slope = two_numbers(found[at], right[at])
                batch = f" (example {at[0]} of a batch of {len(o)})" if o.ndim > 1 else ""
                raise Finding(
                    "number",
                    f"For `o = {o[at[:-1]].tolist()}` and `D = {D[at[:-1]].tolist()}`{batch} your ∂L̃/∂o by output "
                    f"{at[-1] + 1} is {theirs}, but the slope of your L̃ there is {slope}.\nThe slope is the central "
                    "difference with h = 10⁻⁵: ∂L̃/∂o is the derivative of the same L̃ by each output (§1).",
                )
    except Finding as finding:
        return Result(_VERDICT_OF[finding.kind], finding.sentence)
    return Result(RIGHT, "∂L̃/∂o is the slope of L̃ for 1, 2 and 3 outputs, one example alone and in batches.")


_SLACK = 1e-8  # how far rounding may put a central difference off


def _central(f, at, along=1.0):
    """The slope of f by central differences."""
    h = 1e-5
    with np.errstate(all="ignore"):
        return (f(at + h * along) - f(at - h * along)) / (2 * h)


def _require_made(given, kind, call):
    fields = vars(given).values() if isinstance(given, kind) else (given,)
    if given is None or any(value is ... for value in fields):
        raise Finding("unwritten", f"There is nothing to try yet: make it with `{call}` (§1).")
    if not isinstance(given, kind):
        raise Finding("unfit", f"{short(given)} is no {kind.__name__}: make it with `{call}` (§1).")


def _elementwise(name, f, a):
    """f of each number of a, after a look at whether it is the same in arrays of any shape."""
    needed = "one number for each a"
    alone = np.array([_numbers(name, f, {"a": one}, (1,), needed)[0] for one in a.reshape(-1, 1)])
    for shape in (a.shape, (1, a.size), (a.size, 1)):
        together = _numbers(name, f, {"a": a.reshape(shape)}, shape, needed).ravel()
        for at in differing(together, alone)[:1]:
            raise Finding(
                "number",
                f"In an array, {name} is {number_text(together[at])} at a = {number_text(a[at])}, and alone it is "
                f"{number_text(alone[at])}: σ takes each number on its own (§1).",
            )
    return alone


def _numbers(name, f, arguments, shape, needed):
    """What a part of an Activation or a Loss gives, as an array of this shape. A constant may be one number."""
    answer = _answer(f, arguments)
    try:
        numbers = np.asarray(answer)
    except (ValueError, TypeError):
        numbers = np.array("no numbers")
    constant = numbers.shape == () and name.startswith("σ′")
    if numbers.dtype.kind not in "fiub" or (numbers.shape != shape and not constant):
        given = " and ".join(f"{argument} of shape {value.shape}" for argument, value in arguments.items())
        raise Finding("unfit", f"For {given}, {name} is {what_it_is(answer)}, but {needed} is needed.")
    if not np.isfinite(numbers).all():
        at = " and ".join(f"`{argument} = {value.ravel()[:3].tolist()}`" for argument, value in arguments.items())
        raise Finding("unfit", f"{name} is {what_it_is(numbers.ravel()[0].item())} for {at}.")
    return np.broadcast_to(numbers.astype(float), shape)
