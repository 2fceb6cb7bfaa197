"""The equation of each micro-step as a tree of terms: the same formulas a third time, now as something to be shown."""

import math

import numpy as np

from mlpkit.core.functions import (
    categorical_cross_entropy,
    cross_entropy,
    half_squared_error,
    sigmoid,
    softmax,
)
from mlpkit.notation.expressions import Add, Call, Div, Exp, Mul, Neg, Num, Power, Ref, Sum, mul, sub
from mlpkit.tracing.scalars import (
    scalar_loss,
    scalar_rises,
    scalar_slope_in_a,
    scalar_slope_in_layer,
    scalar_value,
    scalar_value_in_layer,
)
from mlpkit.tracing.sigmas import SIGMAS


def right_sides(net, symbol, broken):
    kind, *indices = symbol
    if kind in ("o", "delta"):
        return {"o": _o, "delta": _delta}[kind](net, *indices, broken)
    return _RIGHT_SIDES[kind](net, *indices) if kind in _RIGHT_SIDES else ()


def _a(net, l, i):
    return (Sum("j", Mul((Ref(("o", l - 1, "j")), Ref(("w", l - 1, "j", i)))), 0, high=net.n[l - 1] - 1),)


def _o(net, l, i, broken):
    if i == 0 and (l == 0 or "bias" not in broken or not net.sigma[l].elementwise):
        return (Num(1),)
    if l == 0:
        return (Ref(("I", i)),)
    sigma, a = net.sigma[l], Ref(("a", l, i))
    if sigma is softmax:
        return (Div(Exp(a), Sum("k", Exp(Ref(("a", l, "k"))), 1, high=net.n[l] - 1)),)
    if not sigma.elementwise:
        value = scalar_value_in_layer(sigma)
        return (Call("sigma", _all("a", l, net), lambda *a: value(i - 1, list(a))),)
    general = Call("sigma", (a,), scalar_value(sigma))
    return (general, SIGMAS[sigma].term(a)) if sigma in SIGMAS else (general,)


def _slope(net, l, i):
    """(σ'(a) in general, the factors that σ' is written with for this σ)."""
    sigma, a, o = net.sigma[l], Ref(("a", l, i)), Ref(("o", l, i))
    general = Call("sigma_prime", (a,), scalar_slope_in_a(sigma))
    written_out = SIGMAS[sigma].slope_terms if sigma in SIGMAS else None
    return general, written_out(a, o) if written_out else (general,)


def _delta(net, l, i, broken):
    if i == 0 and not delta_0_computed(net, l, broken):
        return (Num(0),)
    if l == net.L - 1 and not net.sigma[l].elementwise:
        return _delta_of_layer(net, i, broken)
    general, factors = _slope(net, l, i)
    if i == 0:
        factors = (general,)
    slopes = ((), ()) if "slope" in broken else ((general,), factors)
    if l < net.L - 1:
        ks = k_range(net, l, broken)
        term = Mul((Ref(weight_back(l, i, "k", broken)), Ref(("delta", l + 1, "k"))))
        back = Sum("k", term, ks.start, high=ks.stop - 1)
        return _without_repeats(*(mul(*slope, back) for slope in slopes))
    signed = Neg if "sign" in broken else lambda side: side
    o, D = Ref(("o", l, i)), Ref(("D", i))
    if net.loss is half_squared_error:
        return _without_repeats(*(signed(mul(*slope, sub(o, D))) for slope in slopes))
    outputs = tuple(Ref(("o", l, j)) for j in range(1, net.n[l]))
    desired = tuple(Ref(("D", j)) for j in range(1, net.n[l]))
    rise = Call("loss_slope", (*outputs, *desired), _rise(net.loss, len(outputs), i))
    if net.loss is cross_entropy and net.sigma[l] is sigmoid:
        rise = sub(Div(sub(Num(1), D), sub(Num(1), o)), Div(D, o))
        if "slope" not in broken:
            sides = (mul(general, rise), mul(o, sub(Num(1), o), rise), sub(o, D))
            return tuple(signed(side) for side in sides)
    return _without_repeats(*(signed(mul(*slope, rise)) for slope in slopes))


def _delta_of_layer(net, i, broken):
    """§4 where σ is not elementwise: δ_i = Σ_k ∂o_k/∂a_i ∂L̃/∂o_k. For softmax ∂o_k/∂a_i = o_k ([k = i] - o_i)."""
    last, high = net.L - 1, net.n[-1] - 1
    o_i, D_i, o_k, D_k = Ref(("o", last, i)), Ref(("D", i)), Ref(("o", last, "k")), Ref(("D", "k"))
    signed = Neg if "sign" in broken else lambda side: side
    o, D = _all("o", last, net), _all("D", None, net)
    if net.loss is half_squared_error:
        rise, rise_k = sub(o_i, D_i), sub(o_k, D_k)
    elif net.loss is categorical_cross_entropy:
        rise, rise_k = Neg(Div(D_i, o_i)), Neg(Div(D_k, o_k))
    else:
        rise, rise_k = Call("loss_slope", (*o, *D), _rise(net.loss, high, i)), None
    if "slope" in broken:
        return (signed(rise),)
    if net.sigma[-1] is not softmax or rise_k is None:
        return (signed(Call("delta_of_layer", (*_all("a", last, net), *o, *D), _back_through(net, i))),)
    sides = (mul(o_i, sub(rise, Sum("k", mul(rise_k, o_k), 1, high=high))),)
    if net.loss is categorical_cross_entropy:
        sides += (sub(mul(o_i, Sum("k", D_k, 1, high=high)), D_i),)
    return tuple(signed(side) for side in sides)


def _all(kind, l, net):
    """The symbols of a kind, of all neurons of a layer but neuron 0."""
    place = () if l is None else (l,)
    return tuple(Ref((kind, *place, j)) for j in range(1, net.n[-1 if l is None else l]))


def _back_through(net, i):
    """Σ_k ∂o_k/∂a_i ∂L̃/∂o_k as a function of all a, all o and all D."""
    slope, count = scalar_slope_in_layer(net.sigma[-1]), net.n[-1] - 1

    def value(*numbers):
        a, o, D = (list(numbers[start : start + count]) for start in (0, count, 2 * count))
        return sum(slope(k, i - 1, a, o) * rise for k, rise in enumerate(scalar_rises(net.loss, o, D)))

    return value


def _without_repeats(*sides):
    return tuple(dict.fromkeys(sides))


def _rise(loss, count, i):
    def derivative(*numbers):
        return float(np.asarray(loss.gradient(np.array(numbers[:count]), np.array(numbers[count:])))[i - 1])

    return derivative


def _loss(net):
    last, neurons = net.L - 1, range(1, net.n[net.L - 1])
    o, D = Ref(("o", last, "j")), Ref(("D", "j"))
    if net.loss is half_squared_error:
        return (Mul((Div(Num(1), Num(2)), Sum("j", Power(sub(o, D), 2), 1, high=neurons[-1]))),)
    if net.loss is cross_entropy:
        on = Mul((D, Call("ln", (o,), _ln_or_minus_inf)))
        off = Mul((sub(Num(1), D), Call("ln", (sub(Num(1), o),), _ln_or_minus_inf)))
        return (Neg(Sum("j", Add((on, off)), 1, high=neurons[-1])),)
    if net.loss is categorical_cross_entropy:
        return (Neg(Sum("j", Mul((D, Call("ln", (o,), _ln_or_minus_inf))), 1, high=neurons[-1])),)
    value = scalar_loss(net.loss)
    arguments = tuple(term.at({"j": j}) for term in (o, D) for j in neurons)
    return (Call("loss", arguments, lambda *v: value(list(v[: len(neurons)]), list(v[len(neurons) :]))),)


def _ln_or_minus_inf(x):
    return math.log(x) if x > 0 else -math.inf


_RIGHT_SIDES = {
    "a": _a,
    "loss": _loss,
    "grad": lambda net, l, i, j: (Mul((Ref(("delta", l + 1, j)), Ref(("o", l, i)))),),
    "dw": lambda net, l, i, j: (Neg(Mul((Ref(("alpha",)), Ref(("grad", l, i, j))))),),
    "w_new": lambda net, l, i, j: (Add((Ref(("w", l, i, j)), Ref(("dw", l, i, j)))),),
}


# Where the mistakes that are made on purpose bear on the way back: also for the equations.


def delta_0_computed(net, l, broken):
    """In the output layer there is nothing to compute δ_0 from: there is no D_0."""
    return "delta_0" in broken and l < net.L - 1


def k_range(net, l, broken):
    return range(0 if delta_0_computed(net, l + 1, broken) else 1, net.n[l + 1])


def weight_back(l, i, k, broken):
    return ("w_new" if "late" in broken else "w", l, i, k)
