"""The verdict on a line: its two sides, each a tree, compared for all their indices on several networks."""

from dataclasses import dataclass, field, replace
from itertools import product
from math import isfinite

from mlpkit.derivations.formulas import Layers, Partial, Range
from mlpkit.derivations.instances import instances
from mlpkit.derivations.typed import NotRead, read, read_forbidden
from mlpkit.notation import as_html, number_text
from mlpkit.notation.expressions import Node, Ref, Undefined, index_at

HOLDS, NUMBERS, INDEX, NOTATION, UNREAD, RESTATED = (
    "It holds.",
    "Wrong in numbers.",
    "An index is lost.",
    "Mere notation.",
    "Not read.",
    "No answer yet.",
)
_LOOK = {
    HOLDS: ("var(--jp-success-color1, #388e3c)", "solid"),
    NOTATION: ("var(--jp-ui-font-color2, #7b7b7b)", "dotted"),
    UNREAD: ("var(--jp-ui-font-color2, #7b7b7b)", "dotted"),
    RESTATED: ("var(--jp-ui-font-color2, #7b7b7b)", "dotted"),
}
_WRONG = ("var(--jp-warn-color1, #d2691e)", "dashed")


@dataclass(frozen=True)
class Verdict:
    """What was found of a line.

    kind: HOLDS, NUMBERS, INDEX, NOTATION, UNREAD or RESTATED. message: sentences. place, left, right: where the two
    sides differ first, {"l": 1, "i": 2}, and the two numbers there. compared: how many pairs of numbers were equal.
    """

    kind: str
    message: str
    place: dict = field(default_factory=dict)
    left: float | None = None
    right: float | None = None
    compared: int = 0

    @property
    def passed(self):
        return self.kind == HOLDS

    def __repr__(self):
        return f"{self.kind} {self.message}"

    def _repr_html_(self):
        colour, line = _LOOK.get(self.kind, _WRONG)
        return (
            f'<div class="mlpkit-verdict" style="border-left:4px {line} {colour};padding:0.3em 0.9em;margin:0.3em 0;'
            "max-width:48em;line-height:1.5;color:var(--jp-content-font-color1, inherit);"
            f'font-family:var(--jp-content-font-family, inherit)"><strong>{self.kind}</strong> '
            f"{as_html(self.message)}</div>"
        )


@dataclass(frozen=True)
class Scope:
    """For which indices a statement is made: part of the statement.

    ranges: a Range for each free index letter. layers: of ℓ, or None where no ℓ stands in it. which: the networks,
    as in instances().
    """

    ranges: tuple[Range, ...]
    layers: Layers | None = None
    which: str = "any"

    def places(self, instance):
        """Every choice of ℓ and of the indices that the ranges allow on a network."""
        layers = range(self.layers.low, instance.L - self.layers.below + 1) if self.layers else (None,)
        for l in layers:
            at = {"L": instance.L} | ({"l": l} if self.layers else {})
            sizes = [range(one.low, instance.size(index_at(one.layer, at))) for one in self.ranges]
            for indices in product(*sizes):
                yield at | dict(zip((one.letter for one in self.ranges), indices, strict=True))

    @property
    def letters(self):
        return tuple(one.letter for one in self.ranges)

    def latex(self):
        parts = ([self.layers.latex()] if self.layers else []) + [one.latex() for one in self.ranges]
        return r", \quad ".join(parts)

    def mathml(self):
        parts = ([self.layers.mathml()] if self.layers else []) + [one.mathml() for one in self.ranges]
        return '<mo>,</mo><mspace width="0.7em"></mspace>'.join(parts)


def judge(left, right, scope: Scope, networks=None, without=(), say="", means=None) -> Verdict:
    """Whether left = right for all indices in scope, on every network.

    left, right: trees, or lines in the syntax of typed.py. A right side that holds and has the left side in it says
    nothing and is no answer. without: what the right side must not be made of either, such as "delta[l+1]" or
    ("delta[l+1]", "partial"). say: what it is to be made of, in words. means: the derivative that the left side, a δ,
    stands for, where that is no answer either.
    """
    try:
        left, right = (side if isinstance(side, Node) else read(side) for side in (left, right))
    except NotRead as problem:
        return Verdict(UNREAD, str(problem))
    forbidden = read_forbidden(without)
    verdict = _judged(left, right, scope, networks)
    if verdict.kind not in (HOLDS, NOTATION):
        return verdict
    say = f": say it with {say}." if say else "."
    if any(_family(node) == _family(left) for node in right.nodes()):
        return replace(verdict, kind=RESTATED, message=f"It is true, but it is the left side itself{say}")
    if means and any(_family(node) == _family(means) for node in right.nodes()):
        message = "It is true, but it is the left side itself: ∂L̃/∂a is what δ stands for."
        return replace(verdict, kind=RESTATED, message=message)
    for name, test in forbidden.items():
        if any(test(node) for node in right.nodes()):
            return replace(verdict, kind=RESTATED, message=f"It is true, but {name} is not to stand in it{say}")
    return verdict


def _family(node):
    """What a node shares with those that differ from it in the indices alone: with a sum, either says the other."""
    if isinstance(node, Ref):
        return node.kind, node.layer
    if isinstance(node, Partial):
        return "partial", _family(node.top), _family(node.bottom)
    return node


def _judged(left: Node, right: Node, scope, networks):
    networks = networks or instances(scope.which)
    unbound = [letter for letter in right.free() if letter not in scope.letters]
    if unbound:
        return _unbound(left, right, scope, networks[0], unbound)
    if scope.layers is None and right.uses_ell():
        return Verdict(INDEX, "ℓ is bound nowhere: the left side has only the last layer, L−1.")
    try:
        return _compared(left, right, scope, networks)
    except RecursionError:
        return Verdict(UNREAD, "The line is nested too deeply to be worked out: write it shorter.")


def _compared(left, right, scope, networks):
    lost, compared = None, 0
    for instance in networks:
        for place in scope.places(instance):
            on_left = left.value(instance.forward, place)
            try:
                on_right = right.value(instance.forward, place)
            except Undefined as problem:
                lost = lost or Verdict(INDEX, f"For {_where(place)} in a {instance.name} network: {problem}.", place)
                continue
            except ZeroDivisionError:
                return Verdict(NUMBERS, f"For {_where(place)} the right side divides by 0.", place, on_left)
            except OverflowError:
                on_right = float("inf")
            if isinstance(on_right, complex) or not isfinite(on_right) or not instance.agree(on_left, on_right):
                # an index that leaves its matrix explains more than a number that differs
                if lost or (lost := _first_lost(right, scope, networks)):
                    return lost
                message = (
                    f"For {_where(place)} in a {instance.name} network the left side is {number_text(on_left)}, "
                    f"the right side {_number(on_right)}."
                )
                if besides := _complaints(right):
                    message += f" Besides: {besides}."
                return Verdict(NUMBERS, message, place, on_left, on_right, compared)
            compared += 1
    if lost:
        return lost
    if complaints := _complaints(right):
        return Verdict(NOTATION, f"In numbers it holds, but {complaints}.", compared=compared)
    count = f"{compared} places" if compared != 1 else "1 place"
    names = ", ".join(instance.name for instance in networks)
    return Verdict(HOLDS, f"Both sides are equal in {count}, on networks of the sizes {names}.", compared=compared)


def _complaints(right):
    """What is to be said against the notation of a line."""
    return "; ".join(dict.fromkeys(node.complaint for node in right.nodes() if getattr(node, "complaint", "")))


def _first_lost(right, scope, networks):
    for instance in networks:
        for place in scope.places(instance):
            try:
                right.value(instance.forward, place)
            except Undefined as problem:
                return Verdict(INDEX, f"For {_where(place)} in a {instance.name} network: {problem}.", place)
            except ArithmeticError:
                continue
    return None


def _unbound(left, right, scope, instance, unbound):
    """No index in the scope gives the letter a value; with one letter, every value it could have is tried."""
    letter = unbound[0]
    bound = " and ".join(scope.letters) if scope.letters else "no index"
    are = "are" if len(scope.letters) > 1 else "is"
    message = f"{letter} is bound nowhere: on the left there {are} {'only ' if scope.letters else ''}{bound}."
    place = next(scope.places(instance), None)
    if len(unbound) == 1 and place:
        tried = []
        for value in range(max(instance.n)):
            try:
                number = right.value(instance.forward, place | {letter: value})
            except (LookupError, ArithmeticError):
                continue
            if not isinstance(number, complex):
                tried.append(f"{_number(number)} for {letter} = {value}")
        if tried:
            message += f" For {_where(place)} in a {instance.name} network the left side is "
            message += f"{number_text(left.value(instance.forward, place))}, the right side {', '.join(tried)}."
    return Verdict(INDEX, message, place or {})


def _number(value):
    return "no real number" if isinstance(value, complex) else number_text(value)


def _where(place):
    named = [("ℓ" if name == "l" else name, value) for name, value in place.items() if name != "L"]
    return ", ".join(f"{name} = {value}" for name, value in named) or "this network"
