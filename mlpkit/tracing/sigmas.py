"""Each built-in σ for one number: all that the trace, the equations and the theorems know of it.

It is written a second time here, with the math module, so that the trace checks the core and shares no code with it.
A further built-in σ has an entry here and an Activation in core/functions.py. A learner's own σ has none.
"""

import cmath
import math
from collections.abc import Callable
from dataclasses import dataclass

from mlpkit.core.functions import identity, relu, sigmoid, softplus, tanh
from mlpkit.notation.expressions import Add, Call, Div, Exp, Neg, Num, Power, sub


@dataclass(frozen=True)
class Sigma:
    """σ and σ′ of one number, and how they are written out.

    value, slope: σ(a) and σ′(a), right at every a. term: from the term of a to that of σ(a).
    formula: σ of a complex number, as the notes write it; None where σ has a corner.
    slope_terms: from the terms of a and o to the factors of σ′; None where they are not written out.
    slope_in_o: σ′ as a function of o, where it is written in o alone, else None.
    """

    value: Callable
    slope: Callable
    term: Callable
    formula: Callable | None = None
    slope_terms: Callable | None = None
    slope_in_o: Callable | None = None


def _logistic(a):
    return 1 / (1 + math.exp(-a)) if a >= 0 else math.exp(a) / (1 + math.exp(a))


def _logistic_term(a):
    return Div(Num(1), Add((Num(1), Exp(Neg(a)))))


def _ln_or_inf(x):
    return math.log(x) if math.isfinite(x) else x


SIGMAS = {
    sigmoid: Sigma(
        value=_logistic,
        slope=lambda a: _logistic(a) * _logistic(-a),
        term=_logistic_term,
        formula=lambda a: 1 / (1 + cmath.exp(-a)),
        slope_terms=lambda a, o: (o, sub(Num(1), o)),
        slope_in_o=lambda o: o * (1 - o),
    ),
    tanh: Sigma(
        value=math.tanh,
        slope=lambda a: 4 * _logistic(2 * a) * _logistic(-2 * a),
        term=lambda a: Call("tanh", (a,), math.tanh),
        formula=cmath.tanh,
        slope_terms=lambda a, o: (sub(Num(1), Power(o, 2)),),
        slope_in_o=lambda o: 1 - o * o,
    ),
    relu: Sigma(
        value=lambda a: max(0.0, a),
        slope=lambda a: float(a > 0),
        term=lambda a: Call("max", (Num(0), a), max),
    ),
    softplus: Sigma(
        value=lambda a: max(0.0, a) + math.log1p(math.exp(-abs(a))),
        slope=_logistic,
        term=lambda a: Call("ln", (Add((Num(1), Exp(a))),), _ln_or_inf),
        formula=lambda a: cmath.log(1 + cmath.exp(a)),
        slope_terms=lambda a, o: (_logistic_term(a),),
    ),
    identity: Sigma(
        value=lambda a: a,
        slope=lambda a: 1.0,
        term=lambda a: a,
        formula=lambda a: a,
        slope_terms=lambda a, o: (Num(1),),
    ),
}
