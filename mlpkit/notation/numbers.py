"""Numbers as they stand on the screen, and as they are read aloud."""

from functools import lru_cache
from math import floor, isfinite, isnan, log10

_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

_kept = lru_cache(maxsize=50_000)  # the same few numbers are written again at every move of a slider


@_kept
def number_text(value: float) -> str:
    """A number as it stands on the screen: four significant digits, the same wherever the number stands.

    A number that needs fewer digits is written with fewer, so 0.5 is exactly 0.5 and 0.5000 is rounded. Whole parts
    are never rounded away, and very small or large numbers are written with a power of ten. There is no -0.
    """
    if isnan(value):
        return "not a number"
    if not isfinite(value):
        return "∞" if value > 0 else "−∞"
    if abs(value) < 1e-15:  # what rounding leaves where exact arithmetic gives 0
        return "0"
    exponent = floor(log10(float(f"{abs(value):.3e}")))
    if -5 < exponent < 6:
        written = _shortest(f"{abs(value):.{max(0, 3 - exponent)}f}", abs(value))
    else:
        digits = _shortest(f"{abs(value) / 10.0**exponent:.3f}", abs(value) / 10.0**exponent)
        written = f"{digits}·10{str(exponent).translate(_RAISED)}"
    return ("−" if value < 0 else "") + written


def _shortest(written, value):
    """`written` without the zeros at its end, where they say nothing because the number is exact."""
    if "." in written and abs(float(written) - value) <= 1e-12 * value:
        return written.rstrip("0").rstrip(".")
    return written


@_kept
def number_shown(value: float) -> tuple[float, float]:
    """(x, unit): the number that `number_text(value)` shows, and the unit of its last digit (0 if it is exact)."""
    if not isfinite(value) or abs(value) < 1e-15:
        return (value if not isfinite(value) else 0.0), 0.0
    exponent = floor(log10(float(f"{abs(value):.3e}")))
    decimals = max(0, 3 - exponent) if exponent < 6 else 3 - exponent
    shown = round(value, decimals)
    return shown, 0.0 if abs(shown - value) <= 1e-12 * abs(value) else 10.0**-decimals


def two_numbers(theirs: float, right: float) -> tuple[str, str]:
    """Two numbers as texts, with as many digits as it takes to see that they differ."""
    if number_shown(theirs)[0] != number_shown(right)[0]:
        return number_text(theirs), number_text(right)
    texts = ("", "")
    for digits in range(5, 18):
        texts = tuple(f"{number:.{digits}g}".replace("-", "−") for number in (theirs, right))
        if texts[0] != texts[1]:
            break
    return texts


def spoken_number(value: float) -> str:
    """A number read aloud, with the digits of the screen."""
    written = number_text(value).replace("−", "minus ").replace("∞", "infinity")
    if "·10" in written:
        digits, exponent = written.split("·10")
        plain = exponent.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")).replace("⁻", "minus ")
        return f"{digits} times 10 to the power of {plain}"
    return written
