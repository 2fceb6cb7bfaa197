"""The theorems of §3 and what §4 and §5 add, as statement, assumptions and lines.

A theorem's lines all equal its left side. Each line is one tree: it is what is shown, what is worked out on networks
of numbers and what SymPy is given. theorem_1["1.2"] is one line; in a notebook, a theorem shows itself, line by line,
with what the checks found.
"""

from dataclasses import dataclass

from mlpkit.derivations.formulas import ALPHA, LOSS, D, Layers, Partial, Range, a, delta, o, slope, w
from mlpkit.derivations.verdict import Scope, Verdict, judge
from mlpkit.notation.expressions import ELL, LAST, Div, Kronecker, Neg, Node, Num, Ref, Sum, mul, sub

NEXT = ELL + 1


@dataclass(frozen=True)
class Line:
    """One line of a proof: tag, such as "1.2"; right, the tree; reason, in words."""

    tag: str
    right: Node
    reason: str


@dataclass(frozen=True)
class Theorem:
    """left = the last line's right side, for the indices in scope; every line equals the one before it."""

    name: str
    left: Node
    scope: Scope
    assumptions: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def right(self):
        return self.lines[-1].right

    def latex(self):
        """The statement."""
        return f"{self.left.latex()} = {self.right.latex()}"

    def __getitem__(self, tag):
        """The line with a tag, such as theorem_1["1.2"]."""
        for k, line in enumerate(self.lines):
            if line.tag == tag:
                return Step(self, k)
        raise KeyError(f"{self.name} has no line {tag!r}: its lines are {', '.join(line.tag for line in self.lines)}")

    def steps(self):
        return [Step(self, k) for k in range(len(self.lines))]

    def sums(self):
        """The ranges of the sums whose Σ does not show them, each once."""
        found = {}
        for line in self.lines:
            for node in line.right.nodes():
                if isinstance(node, Sum) and node.layer is None:
                    found[Range(node.letter, node.low, node.over())] = True
        return tuple(found)

    def conditions(self):
        """The ranges of all indices, those of the sums included, as Markdown."""
        sums = r", \quad ".join(one.latex() for one in self.sums())
        return f"for ${self.scope.latex()}$." + (f" In the sums, ${sums}$." if sums else "")

    @property
    def statement(self):
        """Statement, ranges and assumptions, to be shown."""
        return Statement(self)

    @property
    def proof(self):
        """All lines in one piece, to be shown below the statement."""
        return Proof(self)

    def judge(self, text, scope=None, without=()) -> Verdict:
        """The verdict on a line of one's own, in the syntax of typed.py: whether it equals the left side.

        scope: for other indices or layers than those of the theorem. without: what may not stand in it, such as
        "delta[l+1]"; the left side itself never may, nor the derivative that a δ there stands for.
        """
        is_delta = isinstance(self.left, Ref) and self.left.kind == "delta"
        means = Partial(LOSS, Ref(("a", *self.left.symbol[1:]))) if is_delta else None
        return judge(self.left, text, scope or self.scope, without=without, means=means)

    def _repr_markdown_(self):
        return f"{self.statement._repr_markdown_()}\n\n{self.proof._repr_markdown_()}"

    def __repr__(self):
        return f"{self.name}: {len(self.lines)} lines"


@dataclass(frozen=True)
class Statement:
    """What a theorem says, for which indices, and under which assumptions."""

    theorem: Theorem

    def _repr_markdown_(self):
        theorem = self.theorem
        words = f" *{' '.join(theorem.assumptions)}*" if theorem.assumptions else ""
        return f"**{theorem.name}.**\n\n$${theorem.latex()}$$\n\n{theorem.conditions()}{words}"

    def __repr__(self):
        return f"{self.theorem.name}: {self.theorem.left.speech()} equals {self.theorem.right.speech()}"


@dataclass(frozen=True)
class Proof:
    """The lines of a proof with their reasons, short enough for one screen: what was found stands below them, once for
    all lines of which the same was found."""

    theorem: Theorem

    def _repr_markdown_(self):
        lines, found = [], {}
        for step in self.theorem.steps():
            lines.append(f"$${step.latex()}$$\n{step.line.reason}")
            found.setdefault(step.checked(), []).append(step.line.tag)
        checks = [f"{', '.join(tags)}: {checked}" for checked, tags in found.items()]
        return "<br>".join(["\n\n".join(lines), *checks])

    def __repr__(self):
        return "\n".join(step.speech() for step in self.theorem.steps())


@dataclass(frozen=True)
class Step:
    """One line where it stands: after the line before it, under the theorem's left side."""

    theorem: Theorem
    k: int

    @property
    def line(self):
        return self.theorem.lines[self.k]

    @property
    def before(self):
        return self.theorem.lines[self.k - 1].right if self.k else self.theorem.left

    def latex(self):
        """The line as it is shown: only the first has a left side."""
        left = self.theorem.left.latex() + " " if self.k == 0 else ""
        return rf"{left}= {self.line.right.latex()} \tag{{{self.line.tag}}}"

    def speech(self):
        """The line read aloud."""
        left = self.theorem.left.speech() if self.k == 0 else "this"
        return f"Line {self.line.tag}: {left} equals {self.line.right.speech()}."

    def numbers(self, networks=None) -> Verdict:
        """In numbers: against the line before it and against the theorem's left side, both with nudged networks."""
        found = judge(self.before, self.line.right, self.theorem.scope, networks)
        return found if not found.passed else judge(self.theorem.left, self.line.right, self.theorem.scope, networks)

    def symbols(self):
        """With SymPy, for any σ and any L̃ that the assumptions allow: a symbolic.Found. ImportError without SymPy."""
        try:
            from mlpkit.derivations.symbolic import prove  # SymPy takes its time: only where it is asked for
        except ModuleNotFoundError:
            raise ImportError('the proofs need SymPy, which is not here: python -m pip install "sympy>=1.13"') from None

        return prove(self.before, self.line.right, self.theorem.scope)

    def checked(self):
        """What was found of the line, in numbers and with SymPy, as Markdown."""
        numbers, symbols = self.numbers(), self.symbols()
        in_numbers = f"{_mark(numbers.passed)} numbers: {numbers.message if not numbers.passed else _counted(numbers)}"
        return f"{in_numbers} &nbsp; {_mark(symbols.holds)} SymPy: {symbols.message}"

    def _repr_markdown_(self):
        return f"$${self.latex()}$$\n\n{self.line.reason}\n\n{self.checked()}"

    def __repr__(self):
        return self.speech()


def _mark(holds):
    return "✓" if holds else "✗"


def _counted(verdict):
    return f"equal in {verdict.compared} places."


_ELEMENTWISE = "σ is elementwise: one number in, one number out."
_DIFFERENTIABLE = "σ and L̃ are differentiable where they are used."
_PLUS = "δ is +∂L̃/∂a."

fact_a = Theorem(
    "Fact A",
    Partial(a("k", NEXT), w("i", "j")),
    Scope((Range("i", 0), Range("j", 1, NEXT), Range("k", 0, NEXT)), Layers(0, 2)),
    ("The outputs of layer ℓ lie before this weight and do not depend on it.",),
    (
        Line(
            "A.1",
            Partial(Sum("m", mul(o("m"), w("m", "k"))), w("i", "j")),
            "*The definition* of the activation, §1.",
        ),
        Line(
            "A.2",
            Sum("m", mul(o("m"), Kronecker("i", "m"), Kronecker("j", "k"))),
            "*Term by term.* The derivative of one weight by another is 1 if they are the same weight, which takes "
            "both indices, and 0 if not.",
        ),
        Line("A.3", mul(o("i"), Kronecker("j", "k")), "*The sum collapses:* only $m = i$ is left."),
    ),
)

fact_b = Theorem(
    "Fact B",
    Partial(o("j"), a("i")),
    Scope((Range("i", 1), Range("j", 1)), Layers(1, 1)),
    (_ELEMENTWISE,),
    (
        Line(
            "B.1",
            mul(slope("i"), Kronecker("i", "j")),
            "*Its own activation and no other's.* For $i = j$ this is the derivative of $\\sigma(a_i^\\ell)$; for "
            "$i \\ne j$ the activation does not occur in $o_j^\\ell$.",
        ),
    ),
)

fact_c = Theorem(
    "Fact C",
    Partial(a("j", NEXT), a("i")),
    Scope((Range("i", 1), Range("j", 1, NEXT)), Layers(1, 2)),
    (_ELEMENTWISE,),
    (
        Line(
            "C.1",
            Partial(Sum("k", mul(o("k"), w("k", "j"))), a("i")),
            "*The definition* of the activation, §1.",
        ),
        Line(
            "C.2",
            Sum("k", mul(slope("i"), Kronecker("i", "k"), w("k", "j"))),
            "*Fact B,* in each term. The weights stay as they are. ($k = 0$ gives 0 on both sides, since $i \\ge 1$ "
            "and $o_0^\\ell$ is a constant.)",
        ),
        Line("C.3", mul(slope("i"), w("i", "j")), "*The sum collapses:* only $k = i$ is left."),
    ),
)

theorem_1 = Theorem(
    "Theorem 1",
    Partial(LOSS, w("i", "j")),
    Scope((Range("i", 0), Range("j", 1, NEXT)), Layers(0, 2)),
    (_DIFFERENTIABLE, _PLUS),
    (
        Line(
            "1.1",
            Sum("k", mul(Partial(LOSS, a("k", NEXT)), Partial(a("k", NEXT), w("i", "j")))),
            "*The chain rule.* The weight can reach the loss only through the activations of layer $\\ell + 1$. The "
            "loss is a function of these, each of them is a function of the weight, and what comes along the different "
            "ways adds up.",
        ),
        Line(
            "1.2",
            Sum("k", mul(delta("k", NEXT), o("i"), Kronecker("j", "k"))),
            "*Two replacements.* The first factor is $\\delta_k^{\\ell+1}$, by its definition. The second is fact A.",
        ),
        Line("1.3", mul(delta("j", NEXT), o("i")), "*The sum collapses.* Only $k = j$ is left. ∎"),
    ),
)

theorem_2 = Theorem(
    "Theorem 2",
    delta("i"),
    Scope((Range("i", 1),), Layers(1, 2)),
    (_DIFFERENTIABLE, _ELEMENTWISE, _PLUS),
    (
        Line("2.1", Partial(LOSS, a("i")), "*The definition,* with the plus sign."),
        Line(
            "2.2",
            Sum("k", mul(Partial(LOSS, a("k", NEXT)), Partial(a("k", NEXT), a("i")))),
            "*The chain rule.* Neuron $i$ feeds every neuron $k$ of the next layer, and the loss hears of it through "
            "all of them.",
        ),
        Line(
            "2.3",
            Sum("k", mul(delta("k", NEXT), Partial(a("k", NEXT), a("i")))),
            "*The definition again,* one layer further on.",
        ),
        Line(
            "2.4",
            Sum("k", mul(delta("k", NEXT), slope("i"), w("i", "k"))),
            "*Fact C,* with $k$ in the place of $j$. (Its $j$ starts at 1; the term with $k = 0$ is 0 on both sides, "
            "because $\\delta_0^{\\ell+1} = 0$.)",
        ),
        Line(
            "2.5",
            mul(slope("i"), Sum("k", mul(w("i", "k"), delta("k", NEXT)))),
            "*$\\sigma'(a_i^\\ell)$ does not depend on $k$* and may stand in front of the sum. ∎",
        ),
    ),
)

_OUTPUT = Scope((Range("j", 1, LAST),))
_SLOPE_OF_LOSS = Partial(LOSS, o("j", LAST))
_O = o("j", LAST)
_ONE_LESS_O = sub(Num(1), _O)

base_case = Theorem(
    "The base case",
    delta("j", LAST),
    _OUTPUT,
    (_DIFFERENTIABLE, _ELEMENTWISE, _PLUS),
    (
        Line("3.1", Partial(LOSS, a("j", LAST)), "*The definition.*"),
        Line(
            "3.2",
            Sum("k", mul(Partial(LOSS, o("k", LAST)), Partial(o("k", LAST), a("j", LAST))), 1, LAST),
            "*The chain rule.* The activation can reach the loss only through the outputs, and the loss takes those "
            "from $k = 1$ on.",
        ),
        Line(
            "3.3",
            Sum("k", mul(Partial(LOSS, o("k", LAST)), slope("j", LAST), Kronecker("j", "k")), 1, LAST),
            "*Fact B,* in the last layer.",
        ),
        Line("3.4", mul(slope("j", LAST), _SLOPE_OF_LOSS), "*The sum collapses.* ∎"),
    ),
)

base_case_logistic = Theorem(
    "The base case of §4",
    delta("j", LAST),
    Scope((Range("j", 1, LAST),), None, "half"),
    ("The last layer's σ is the logistic function.", "L̃ is half the squared error.", _PLUS),
    (
        Line("4.1", mul(slope("j", LAST), _SLOPE_OF_LOSS), "*The base case.*"),
        Line(
            "4.2",
            mul(_O, _ONE_LESS_O, _SLOPE_OF_LOSS),
            "*The logistic function:* $\\sigma' = \\sigma\\,(1 - \\sigma)$, and $o_j = \\sigma(a_j)$.",
        ),
        Line(
            "4.3",
            mul(_O, _ONE_LESS_O, sub(_O, D("j"))),
            "*The loss:* of $\\frac12 \\sum_k (o_k - D_k)^2$ only the term $k = j$ holds $o_j$. ∎",
        ),
    ),
)

_ONE_LESS_D = sub(Num(1), D("j"))

pairing = Theorem(
    "Logistic outputs and cross-entropy",
    delta("j", LAST),
    Scope((Range("j", 1, LAST),), None, "cross"),
    ("The last layer's σ is the logistic function.", "L̃ is the cross-entropy.", _PLUS),
    (
        Line("5.1", mul(slope("j", LAST), _SLOPE_OF_LOSS), "*The base case.*"),
        Line(
            "5.2",
            mul(_O, _ONE_LESS_O, sub(Div(_ONE_LESS_D, _ONE_LESS_O), Div(D("j"), _O))),
            "*Both derivatives:* that of the logistic function, and that of "
            "$-\\sum_k [D_k \\ln o_k + (1 - D_k) \\ln(1 - o_k)]$.",
        ),
        Line(
            "5.3",
            sub(mul(_O, _ONE_LESS_D), mul(D("j"), _ONE_LESS_O)),
            "*Multiplied out:* each fraction loses its denominator.",
        ),
        Line("5.4", sub(_O, D("j")), "*$o_j D_j$ cancels.* The slope of σ is gone. ∎"),
    ),
)

bias_column = Theorem(
    "The column of the constants",
    Ref(("dw", ELL, "i", 0)),
    Scope((Range("i", 0),), Layers(0, 2)),
    ("The output of neuron 0 is set to 1, whatever its activation.", _PLUS),
    (
        Line("6.1", Neg(mul(ALPHA, delta(0, NEXT), o("i"))), "*The step of §5,* with $j = 0$."),
        Line("6.2", Neg(mul(ALPHA, Partial(LOSS, a(0, NEXT)), o("i"))), "*The definition* of δ."),
        Line(
            "6.3",
            Neg(mul(ALPHA, Num(0), o("i"))),
            "*A constant.* $o_0^{\\ell+1}$ is set to 1 and does not depend on $a_0^{\\ell+1}$, so the loss does not "
            "either, whatever σ is.",
        ),
        Line("6.4", Num(0), "∎"),
    ),
)

THEOREMS = (
    fact_a,
    fact_b,
    fact_c,
    theorem_1,
    theorem_2,
    base_case,
    base_case_logistic,
    pairing,
    bias_column,
)
