"""Equations rendered: LaTeX, MathML and speech of the running example, and numbers that are true to what is shown."""

import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from mlpkit import Network, cross_entropy, identity, relu, sigmoid, softplus, tanh, trace
from mlpkit.derivations import theorem_1, theorem_2
from mlpkit.notation import number_text
from mlpkit.notation.expressions import ELL, Add, Div, Equation, Mul, Neg, Num, Power, Ref, Sum, sub

W = [
    [[1, 0.1, -0.2, 0.3], [0, 0.5, -0.4, 0.2], [0, -0.3, 0.6, 0.8]],
    [[1, -0.1], [0, 0.7], [0, -0.5], [0, 0.4]],
]


def latex_of(number):
    written = number_text(number).replace("−", "-")
    return f"({written})" if number < 0 else written


@pytest.fixture
def steps():
    return {s.symbol: s.equation for s in trace(Network(W), (0.5, 1), (1,), 0.5)}


@pytest.mark.parametrize(
    ("symbol", "in_symbols", "in_numbers"),
    [
        (("I", 1), "I_{1}", "I_{1} = 0.5"),
        (("o", 1, 0), "o_{0}^{1} = 1", "o_{0}^{1} = 1"),
        (
            ("a", 1, 1),
            r"a_{1}^{1} = \sum_{j=0}^{2} o_{j}^{0} \, w_{j1}^{0}",
            r"a_{1}^{1} = 1 \cdot 0.1 + 0.5 \cdot 0.5 + 1 \cdot (-0.3) = 0.05",
        ),
        (
            ("o", 1, 1),
            r"o_{1}^{1} = \sigma(a_{1}^{1}) = \frac{1}{1 + e^{-a_{1}^{1}}}",
            r"o_{1}^{1} = \frac{1}{1 + e^{-0.05}} = 0.5125",
        ),
        (
            ("loss",),
            r"\tilde{L} = \frac{1}{2} \, \sum_{j=1}^{1} {(o_{j}^{2} - D_{j})}^2",
            r"\tilde{L} = \frac{1}{2} \cdot {(0.5723 - 1)}^2 = 0.09146",
        ),
        (
            ("delta", 2, 1),
            r"\delta_{1}^{2} = \sigma'(a_{1}^{2}) \, (o_{1}^{2} - D_{1})"
            r" = o_{1}^{2} \, (1 - o_{1}^{2}) \, (o_{1}^{2} - D_{1})",
            r"\delta_{1}^{2} = 0.5723 \cdot (1 - 0.5723) \cdot (0.5723 - 1) = -0.1047",
        ),
        (
            ("delta", 1, 2),
            r"\delta_{2}^{1} = \sigma'(a_{2}^{1}) \, \sum_{k=1}^{1} w_{2k}^{1} \, \delta_{k}^{2}"
            r" = o_{2}^{1} \, (1 - o_{2}^{1}) \, \sum_{k=1}^{1} w_{2k}^{1} \, \delta_{k}^{2}",
            r"\delta_{2}^{1} = 0.5498 \cdot (1 - 0.5498) \cdot (-0.5) \cdot (-0.1047) = 0.01296",
        ),
        (
            ("dw", 0, 2, 1),
            r"\Delta w_{21}^{0} = -\alpha \, \frac{\partial \tilde{L}}{\partial w_{21}^{0}}",
            r"\Delta w_{21}^{0} = -0.5 \cdot (-0.01831) = 0.009155",
        ),
        (
            ("w_new", 0, 2, 1),
            r"w_{21}^{0,\,\text{new}} = w_{21}^{0} + \Delta w_{21}^{0}",
            r"w_{21}^{0,\,\text{new}} = -0.3 + 0.009155 = -0.2908",
        ),
    ],
)
def test_latex_of_the_running_example(steps, symbol, in_symbols, in_numbers):
    assert steps[symbol].latex() == in_symbols
    assert steps[symbol].latex(numbers=True) == in_numbers


def test_speech(steps):
    assert steps["a", 1, 1].speech() == (
        "a 1 of layer 1 equals the sum over j from 0 to 2 of o j of layer 0 times w j 1 of layer 0, which is 0.05"
    )
    assert (
        steps["delta", 2, 1]
        .speech()
        .endswith("open bracket o 1 of layer 2 minus desired output 1 close bracket, which is minus 0.1047")
    )
    assert steps["o", 1, 0].speech() == "o 0 of layer 1 is set to 1"
    assert steps["w", 0, 1, 2].speech() == "w 1 2 of layer 0 is minus 0.4"


@pytest.mark.parametrize("sigma", [sigmoid, tanh, relu, softplus, identity])
@pytest.mark.parametrize("loss", ["half", "cross"])
def test_mathml_is_well_formed_and_names_its_symbols(sigma, loss):
    if loss == "cross":
        net = Network.random([2, 3, 2], (None, sigma, sigmoid), cross_entropy, seed=2)
    else:
        net = Network.random([2, 3, 2], sigma, seed=2)
    for s in trace(net, [0.3, -0.6], [1, 0], 0.5):
        in_symbols, in_numbers = ET.fromstring(s.equation.mathml()), ET.fromstring(s.equation.mathml(numbers=True))
        assert in_symbols.tag == in_numbers.tag == "math"
        shown = {node.get("data-symbol"): node.text for node in in_numbers.iter("mn") if node.get("data-symbol")}
        assert "-".join(map(str, s.symbol)) in shown
        assert not any("-" in text for text in shown.values()), "a minus on the screen is U+2212"


def test_a_negative_number_in_a_product_a_power_or_behind_a_minus_has_brackets():
    net = Network([[[1, -1.0], [0, 2.0]]])
    steps = {s.symbol: s.equation for s in trace(net, [-1.0], [-0.5], 0.5)}
    assert steps["a", 1, 1].latex(numbers=True) == r"a_{1}^{1} = 1 \cdot (-1) + (-1) \cdot 2 = -3"
    assert r"e^{-(-3)}" in steps["o", 1, 1].latex(numbers=True)
    assert "- (-0.5)" in steps["loss",].latex(numbers=True)


def test_a_long_sum_shows_its_first_terms_and_its_last():
    net = Network.random([64, 2], seed=0)
    equation = next(s.equation for s in trace(net, np.ones(64), [0, 1], 0.5) if s.symbol == ("a", 1, 1))
    w = net.w[0][:, 1]
    terms = [f"1 \\cdot {latex_of(w[k])}" for k in (0, 1, 2)] + [r"\cdots", f"1 \\cdot {latex_of(w[64])}"]
    assert equation.latex(numbers=True).startswith(f"a_{{1}}^{{1}} = {' + '.join(terms)}")
    assert equation.value() == pytest.approx(w.sum())  # the hidden terms count all the same


def test_the_sign_says_whether_the_shown_numbers_give_the_shown_result():
    rng = np.random.default_rng(5)
    signs = set()
    for seed in range(20):
        net = Network.random([2, 3, 2], seed=seed)
        for s in trace(net, rng.normal(size=2), rng.uniform(size=2), 0.5):
            equation = s.equation
            signs.add(equation.exact())
            assert (r"\approx" in equation.latex(numbers=True)) == (bool(equation.right) and not equation.exact())
    assert signs == {True, False}


def test_exact_is_decided_by_the_shown_digits():
    values = {("a", 1, 1): 0.33333333, ("o", 1, 1): 3.0, ("loss",): 0.33333333 * 3.0}
    product = Mul((Ref(("a", 1, 1)), Ref(("o", 1, 1))))
    assert Equation(("loss",), (product,), values).exact() is True  # 0.3333 · 3 and 0.9999...: shown as 1.000
    assert Equation(("loss",), (product,), values | {("loss",): 1.5}).exact() is False


def test_terms_evaluate():
    values = {("a", 1, 1): 2.0, ("a", 1, 2): 5.0}
    x, y = Ref(("a", 1, 1)), Ref(("a", 1, 2))
    terms = Sum("j", Ref(("a", 1, "j")), 1, high=2)
    for term, expected in (
        (Add((x, y)), 7),
        (sub(x, y), -3),
        (Neg(x), -2),
        (Mul((x, y)), 10),
        (Div(x, y), 0.4),
        (Power(y, 2), 25),
        (terms, 7),
        (Num(3), 3),
    ):
        assert math.isclose(term.value(values), expected)
    assert list(terms.refs()) == [("a", 1, 1), ("a", 1, 2)]


def test_a_long_product_is_broken_before_a_dot():
    net = Network.random([2, 8, 1], seed=0)
    [step] = [one for one in trace(net, [-0.6407, 0.4156], [0.0], 5.0) if one.symbol == ("delta", 1, 8)]
    lines = [re.sub("<[^>]*>", "", line) for line in step.equation.mathml_sides()[2]]
    assert len(lines) == 2
    assert all(len(line) <= 35 for line in lines)
    assert lines[1].startswith("·")
    assert "".join(lines) == re.sub("<[^>]*>", "", step.equation.mathml(numbers=True)).split("=")[1]


@pytest.mark.parametrize(
    ("symbol", "texts"),
    [
        (("a", 1, 1), ["Σⱼ oⱼ⁰ wⱼ₁⁰"]),
        (("o", 1, 1), ["σ(a₁¹)", "ln(1 + exp(a₁¹))"]),
        (("o", 2, 1), ["σ(a₁²)", "1 / (1 + exp(−a₁²))"]),
        (("loss",), ["−Σⱼ (Dⱼ ln(oⱼ²) + (1 − Dⱼ) ln(1 − oⱼ²))"]),
        (
            ("delta", 2, 1),
            [
                "σ′(a₁²) · ((1 − D₁) / (1 − o₁²) − D₁ / o₁²)",
                "o₁² (1 − o₁²) · ((1 − D₁) / (1 − o₁²) − D₁ / o₁²)",
                "o₁² − D₁",
            ],
        ),
        (("dw", 0, 1, 1), ["−α · ∂L̃/∂w₁₁⁰"]),
    ],
)
def test_plain_text(symbol, texts):
    net = Network.random([2, 3, 1], (None, softplus, sigmoid), cross_entropy, seed=1)
    steps = {s.symbol: s.equation for s in trace(net, [0.3, -0.6], [1], 0.5)}
    assert [side.text() for side in steps[symbol].right] == texts


def test_a_power_in_plain_text():
    assert Power(Div(Num(1), Ref(("o", 1, 2))), 3).text() == "(1 / o₂¹)³"


def test_the_theorems_at_a_place_are_the_equations_of_the_trace():
    net = Network.random([2, 3, 2], seed=3)
    for s in trace(net, [0.3, -0.6], [1, 0], 0.5):
        kind, *place = s.symbol
        general = s.equation.right[:1]
        if kind == "grad":
            l, i, j = place
            assert (theorem_1.right.at({"l": l, "i": i, "j": j}),) == general
        if kind == "delta" and place[0] == 1 and place[1]:
            at = theorem_2.right.at({"l": 1, "i": place[1]})
            assert at.text() == general[0].text()
            assert at.speech() == general[0].speech().replace(" from 1 to 2", "")


def test_a_letter_that_a_sum_binds_is_not_filled_in():
    inner = Mul((Ref(("w", ELL, "i", "k")), Ref(("delta", ELL + 1, "k"))))
    tree = Mul((Ref(("o", ELL, "k")), Sum("k", inner)))
    assert tree.free() == ("k", "i")
    assert tree.at({"k": 2, "i": 1, "l": 0}).text() == "o₂⁰ Σₖ w₁ₖ⁰ δₖ¹"


def test_a_letter_without_a_number_is_no_number():
    values = {("o", 1, 2): 0.5}
    assert Ref(("o", ELL, "i")).value(values, {"l": 1, "i": 2}) == 0.5
    with pytest.raises(KeyError, match=r"^.i.$"):
        Ref(("o", ELL, "i")).value(values, {"l": 1})
