"""The notes' own lines, as they are printed: which of them hold, and what a mended line has to equal.

printed("N3") puts the line on trial; mended("N3", "...") does so with a line of one's own in its place, in the syntax
of typed.py. Whatever is equal for all indices counts, in whatever form it is written.
"""

from dataclasses import dataclass, replace

from mlpkit.derivations.formulas import LOSS, D, Layers, Misprint, Partial, Range, a, delta, o, slope, w
from mlpkit.derivations.typed import NotRead, read
from mlpkit.derivations.verdict import HOLDS, NOTATION, UNREAD, Scope, Verdict, judge
from mlpkit.notation import in_parentheses
from mlpkit.notation.expressions import ELL, LAST, MATHML, Kronecker, Neg, Node, Num, Sum, mul, sub

_NEXT = ELL + 1


@dataclass(frozen=True)
class Printed:
    """A line of the notes. left, right: as printed. scope: the indices as the notes have them. mended: the scope in
    which a mended line is tried, where it is another one. where: of the notes. say: what a mended line is made of, in
    words; without: what it may not be made of, beside the left side itself. asked: what a mended line has to equal,
    where it is not left: N2 is mended under the derivative."""

    name: str
    where: str
    left: Node
    right: Node
    scope: Scope
    mended: Scope | None = None
    say: str = ""
    without: tuple[str, ...] = ()
    asked: Node | None = None

    def left_of(self, right):
        """What a mended right side has to equal."""
        return self.left if self.asked is None or isinstance(right, Partial) else self.asked

    def latex(self):
        return f"{self.left.latex()} = {self.right.latex()}"

    def mathml(self):
        return f'<math display="block"><mrow>{self.left.mathml()}<mo>=</mo>{self.right.mathml()}</mrow></math>'

    def speech(self):
        return f"{self.left.speech()} equals {self.right.speech()}"


def _kronecker(i, j, latex, mathml, complaint):
    """The Kronecker delta as the notes write it, with something on top."""
    top = f"<msubsup><mi>δ</mi><mrow><mi>{i}</mi><mi>{j}</mi></mrow>{mathml}</msubsup>"
    return Misprint(Kronecker(i, j), rf"\delta_{{{i}{j}}}^{{{latex}}}", top, complaint)


def _kronecker_k(i, j):
    complaint = "the k at the top of δ is no index: meant is the Kronecker delta, which is not the error signal"
    return _kronecker(i, j, "k", "<mi>k</mi>", complaint)


_SIGMA_PRIME = Misprint(
    slope("i"),
    rf"\text{{sigma}}'({a('i').latex()})",
    f"<mtext>sigma′</mtext>{in_parentheses(MATHML.ref(a('i').symbol))}",
    "the name of σ is spelled out: σ' is meant",
)
_ACTIVATION_BY_ACTIVATION = Scope((Range("i", 1), Range("j", 1, _NEXT)), Layers(1, 2))
_ERROR_SIGNAL = Scope((Range("i", 1),), Layers(1, 2))
_THEOREM_2 = "sum, delta[l+1], w and sigma_prime"
_KRONCKER = _kronecker(
    "j",
    "k",
    r"(\text{kroncker})",
    "<mtext>(kroncker)</mtext>",
    "a Kronecker delta written like the error signal: [j = k] keeps the two apart",
)
_D_A = Partial(a("k", _NEXT), a("i"))

LINES = {
    line.name: line
    for line in (
        Printed(
            "§1",
            "§1, the definition of δ",
            delta("i"),
            Neg(Partial(LOSS, a("i"))),
            Scope((Range("i", 1),), Layers(1, 1)),
            say="partial(loss, ...)",
        ),
        Printed(
            "N1",
            "§3, first line of the second proof",
            Partial(o("j"), a("i")),
            mul(slope("i"), _kronecker_k("i", "j")),
            Scope((Range("i", 0), Range("j", 0)), Layers(1, 1)),
            Scope((Range("i", 1), Range("j", 1)), Layers(1, 1)),
            "sigma_prime and [i = j]",
            ("partial",),
        ),
        Printed(
            "N2",
            "§3, second proof",
            Partial(a("j", _NEXT), a("i")),
            Partial(Sum("k", mul(o("k"), w("k", "i"))), a("i")),
            _ACTIVATION_BY_ACTIVATION,
            say="sum, o and w",
            asked=a("j", _NEXT),
        ),
        Printed(
            "N3",
            "§3, second proof",
            Partial(a("j", _NEXT), a("i")),
            mul(_SIGMA_PRIME, _kronecker_k("i", "j")),
            _ACTIVATION_BY_ACTIVATION,
            say="sigma_prime and w",
            without=("partial",),
        ),
        Printed("N4", "§3, the expansion", delta("i"), Partial(LOSS, a("i")), _ERROR_SIGNAL, say="partial(loss, ...)"),
        Printed(
            "N5",
            "§3, the expansion",
            delta("i"),
            Sum("k", mul(Partial(LOSS, a("k", _NEXT)), _D_A)),
            _ERROR_SIGNAL,
            say="sum and partial",
        ),
        Printed(
            "N6",
            "§3, the expansion",
            delta("i"),
            Sum("k", mul(delta("k", _NEXT), _D_A)),
            _ERROR_SIGNAL,
            say="sum, delta[l+1] and partial",
        ),
        Printed(
            "N7",
            "§3, the expansion",
            delta("i"),
            Sum("k", mul(delta("k", _NEXT), o("i"), _KRONCKER)),
            _ERROR_SIGNAL,
            say=_THEOREM_2,
            without=("partial",),
        ),
        Printed(
            "N8",
            "§3, the last line",
            delta("i"),
            mul(delta("j", _NEXT), o("i")),
            _ERROR_SIGNAL,
            say=_THEOREM_2,
            without=("partial",),
        ),
        Printed(
            "§4",
            "§4, the base case, for any σ and L̃",
            delta("j", LAST),
            mul(o("j", LAST), sub(Num(1), o("j", LAST)), sub(o("j", LAST), D("j"))),
            Scope((Range("j", 0, LAST),)),
            Scope((Range("j", 1, LAST),)),
            "sigma_prime and partial(loss, o[L-1][j])",
            ("partial by an a",),
        ),
    )
}


def line(name: str) -> "Printed":
    if name not in LINES:
        raise ValueError(f"there is no line {name!r} here: take one of {', '.join(LINES)}")
    return LINES[name]


def printed(name: str) -> Verdict:
    """The verdict on a line as the notes print it: printed("N3")."""
    one = line(name)
    return judge(one.left, one.right, one.scope)


def mended(name: str, text: str) -> Verdict:
    """The verdict on a line of one's own in the place of the notes' line: mended("N3", "...")."""
    one = line(name)
    try:
        right = read(text)
    except NotRead as problem:
        return Verdict(UNREAD, str(problem))
    verdict = judge(one.left_of(right), right, one.mended or one.scope, without=one.without, say=one.say)
    if verdict.kind in (HOLDS, NOTATION) and one.mended and not judge(one.left, right, one.scope).passed:
        low = {range_.low for range_ in one.mended.ranges}
        condition = f"{', '.join(one.mended.letters)} ≥ {min(low)}"
        message = f"{verdict.message} It holds only for {condition}: this condition is what was missing."
        return replace(verdict, message=message)
    return verdict


def needs_mending(name: str) -> bool:
    """Whether the line as printed does not simply hold."""
    return printed(name).kind != HOLDS


__all__ = ["LINES", "NOTATION", "Printed", "line", "mended", "needs_mending", "printed"]
