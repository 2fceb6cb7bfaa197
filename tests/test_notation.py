"""The table of the notation and the numbers on the screen."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mlpkit
from mlpkit import Network, notation, trace
from mlpkit.notation import number_shown, number_text

ROOT = Path(mlpkit.__file__).parent


@pytest.mark.parametrize(
    ("symbol", "latex", "text", "spoken"),
    [
        (("I", 1), "I_{1}", "I₁", "input 1"),
        (("alpha",), r"\alpha", "α", "alpha"),
        (("w", 0, 1, 2), "w_{12}^{0}", "w₁₂⁰", "w 1 2 of layer 0"),
        (("w", 0, 1, 12), "w_{1,12}^{0}", "w₁,₁₂⁰", "w 1 12 of layer 0"),
        (("delta", 1, 2), r"\delta_{2}^{1}", "δ₂¹", "delta 2 of layer 1"),
        (
            ("grad", 0, 2, 1),
            r"\frac{\partial \tilde{L}}{\partial w_{21}^{0}}",
            "∂L\u0303/∂w₂₁⁰",
            "the derivative of the loss by w 2 1 of layer 0",
        ),
        (("w_new", 0, 1, 2), r"w_{12}^{0,\,\text{new}}", "w₁₂⁰ new", "the new w 1 2 of layer 0"),
        (("w", "l", "i", "j"), r"w_{ij}^{\ell}", "wᵢⱼˡ", "w i j of layer l"),
    ],
)
def test_a_symbol_in_each_writing(symbol, latex, text, spoken):
    assert (notation.latex(symbol), notation.text(symbol), notation.spoken(symbol)) == (latex, text, spoken)


@pytest.mark.parametrize(
    ("symbol", "words"),
    [
        (("w", 0, 1, 2), "the weight from neuron 1 of layer 0 to neuron 2 of layer 1"),
        (("w", 0, 0, 2), "the bias of neuron 2 in layer 1: its weight from the constant 1"),
        (("w", 1, 2, 0), "an entry of the fixed column 0 of w of layer 1"),
        (("o", 1, 0), "the bias neuron of layer 1: the constant 1"),
        (("delta", 1, 2), "the error signal of neuron 2 in layer 1"),
        (("D", 1), "the desired output of neuron 1"),
    ],
)
def test_meaning(symbol, words):
    assert notation.meaning(symbol) == words


def test_from_ten_neurons_on_a_number_stays_one_number():
    assert notation.spoken(("o", 1, 12)) == "o 12 of layer 1"
    assert notation.spoken(("w", 0, 1, 12)) == "w 1 12 of layer 0"
    assert "<mrow><mn>12</mn></mrow>" in notation.mathml(("o", 1, 12))
    assert "<mrow><mn>1</mn><mo>,</mo><mn>12</mn></mrow>" in notation.mathml(("w", 0, 1, 12))


@pytest.mark.parametrize(
    ("layer", "latex", "mathml", "spoken", "text"),
    [
        ("l", r"\ell", "<mi>ℓ</mi>", "l", "ˡ"),
        ("l+1", r"\ell+1", "<mrow><mi>ℓ</mi><mo>+</mo><mn>1</mn></mrow>", "l plus 1", "ˡ⁺¹"),
        ("L-1", "L-1", "<mrow><mi>L</mi><mo>−</mo><mn>1</mn></mrow>", "L minus 1", "ᴸ⁻¹"),
        (2, "2", "<mn>2</mn>", "2", "²"),
    ],
)
def test_a_layer_with_a_letter(layer, latex, mathml, spoken, text):
    symbol = ("o", layer, "i")
    assert notation.latex(symbol) == f"o_{{i}}^{{{latex}}}"
    assert notation.mathml(symbol).endswith(f"<mrow><mi>i</mi></mrow>{mathml}</msubsup>")
    assert notation.spoken(symbol) == f"o i of layer {spoken}"
    assert notation.text(symbol) == f"oᵢ{text}"


def test_every_symbol_of_a_trace_is_in_the_table_and_comes_back_from_its_key():
    for s in trace(Network.random([2, 12, 1]), [1, 2], [1], 0.5):
        assert notation.symbol_of(notation.key(s.symbol)) == s.symbol
        assert notation.meaning(s.symbol)
        assert notation.TABLE[s.symbol[0]].colour in notation.COLOURS


def test_the_glossary_has_a_row_for_each_entry():
    rows = notation.glossary().splitlines()
    assert len(rows) == 2 + len(notation.OTHER_ROWS) + len(notation.TABLE)
    assert all(row.count("|") == 6 for row in rows)


def test_the_glossary_names_the_section_that_defines_a_symbol():
    sections = {kind: entry.section for kind, entry in notation.TABLE.items()}
    assert {kind for kind, section in sections.items() if section == "1"} == {"w", "a", "o", "loss", "delta"}
    assert (sections["I"], sections["grad"], sections["D"], sections["dw"]) == ("2", "3", "4", "5")


def test_the_colours_of_the_style_sheet_are_the_tables():
    css = (ROOT / "widgets/browser/controls.css").read_text()
    for theme, block in enumerate(re.findall(r"\{[^}]*--mlpkit-fg[^}]*\}", css)[:2]):
        for name, colours in notation.COLOURS.items():
            assert f"--mlpkit-{name}: {colours[theme]};" in block


def _luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize(("theme", "ground"), [(0, "#ffffff"), (1, "#111111")])
def test_every_colour_stands_out_from_its_ground(theme, ground):
    for name, colours in notation.COLOURS.items():
        light, dark = sorted((_luminance(colours[theme]), _luminance(ground)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, name


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"),
        (0.50001, "0.5000"),
        (1.2000000000000002, "1.2"),
        (-0.1046893, "−0.1047"),
        (0.01295617, "0.01296"),
        (12.3456, "12.35"),
        (12345.678, "12346"),
        (123456.0, "123456"),
        (1.234e-7, "1.234·10⁻⁷"),
        (-1e7, "−1·10⁷"),
        (-0.0, "0"),
        (-3e-17, "0"),
        (999.96, "1000"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "not a number"),
    ],
)
def test_a_number_on_the_screen(value, text):
    assert number_text(value) == text


@given(st.floats(-1e9, 1e9))
def test_the_number_shown_is_the_one_written_and_close_to_the_value(value):
    shown, unit = number_shown(value)
    written = number_text(value).replace("−", "-")
    if "·10" in written:
        digits, exponent = written.split("·10")
        written = f"{digits}e{exponent.translate(str.maketrans('⁰¹²³⁴⁵⁶⁷⁸⁹⁻', '0123456789-'))}"
    assert float(written) == pytest.approx(shown, rel=1e-12, abs=0)
    assert abs(shown - value) <= 0.5000001 * unit + 1e-12 * abs(value) + 1e-15
    assert abs(shown - value) <= 0.00051 * abs(value) + 1e-15
