"""The short code of a state: what it says, that it leads there, and what is told where it does not."""

import random
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mlpkit import Activation, Network, cross_entropy, data, forward, notation, tanh
from mlpkit.stepper.code import name_of, symbol_named
from mlpkit.widgets import Stepper


def stepper():
    net, _, _ = data.running_example()
    return Stepper(net, *data.xor())


def ask(s, **request):
    """What the browser sends when the hand has done this."""
    s._on_message(s, {"turn": s.answered.get("turn", 0) + 1, "asked": [request]}, [])


def seen(s):
    """All that is shown, but for the numbers around the picture, and for the states that it was reached through."""
    rows = [{name: value for name, value in row.items() if name != "trail"} for row in s.shown["updates"]["rows"]]
    apart = ("picked", "sliders", "foot", "code", "updates")
    return {name: value for name, value in s.shown.items() if name not in apart} | {
        "rows": rows,
        "w": [w.tolist() for w in s.net.w],
        "losses": s.losses,
        "example": s.example,
    }


def test_a_code_tells_the_way_in_the_order_in_which_it_was_gone():
    s = stepper()
    assert s.code == "@61"
    s.position = 0
    ask(s, do="move", values={"I-1": 0.7, "w-0-2-1": -0.25})
    ask(s, do="move", values={"I-1": 0.8})
    s.alpha = 2.0
    assert s.code == "w0.2.1=-0.25 I1=0.8 alpha=2 @0"
    s.next_example()
    s.next_example()
    s.example = 0
    s.example = 3
    s.broken = ["slope", "bias"]
    s.open(("delta", 1, 2))
    s.open(("delta", 2, 1))
    assert s.code == "w0.2.1=-0.25 I1=0.8 alpha=2 n2 e4 !slope,bias @21>delta2.1"
    s.next_example()
    s.broken = []
    assert s.code.startswith("w0.2.1=-0.25 I1=0.8 alpha=2 n2 e4 !slope,bias n1 ! @21")
    s.state = 1
    assert s.code.startswith("w0.2.1=-0.25 I1=0.8 alpha=2 n1 @21")
    s.reset()
    assert s.code == "@61"


@pytest.mark.parametrize("seed", range(8))
def test_whatever_was_done_another_stepper_comes_to_the_same_state_by_the_code(seed):
    rng = random.Random(seed)
    s = stepper()
    words = ["I-1", "I-2", "D-1", "alpha", *(notation.key(w.symbol) for w in s.steps if w.symbol[0] == "w")]
    movable = [word for word in words if word[0] != "w" or not word.endswith("-0")]
    for _ in range(30):
        what = rng.choice(["move", "move", "next", "epoch", "example", "broken", "position", "open", "state"])
        if what == "move":
            ask(s, do="move", values={rng.choice(movable): round(rng.uniform(-1, 1), 2)})
        elif what == "next":
            s.next_example()
        elif what == "epoch":
            s.next_epoch()
        elif what == "example":
            s.example = rng.randrange(4)
        elif what == "broken":
            s.broken = rng.sample(["bias", "slope", "sign", "late"], rng.randrange(3))
        elif what == "position":
            s.position = rng.randrange(62)
        elif what == "state":
            s.state = rng.randrange(len(s._states))
        else:
            s.open(rng.choice(s.steps).symbol)
    other = stepper()
    other.code = s.code
    # what was just done is marked, and the step just taken is shown: a code leads to the state alone
    s._taken, s._changed = None, frozenset()
    s._show()
    assert seen(other) == seen(s)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("hello", "'hello' is no move of a code: it is made of words such as I1=0.7, e2, n3 and @21"),
        ("I1=much @3", "'I1=much' needs a number after the sign =, such as I1=0.7"),
        ("n @3", "'n' needs a whole number after its first sign, such as n3 or @21"),
        ("n-2", "'n-2' needs a whole number"),
        ("@3>hat", "'hat' is no number of the stepper: write its letter and its indices, such as w0.2.1"),
        ("I3=1", r"The code sets I3, which is not of this network, with n = \(3, 4, 2\), and its 4 examples"),
        ("w0.1.0=1", "The code sets w0.1.0, which is not of this network"),
        ("@3>delta7.1", "The code opens delta7.1, which is not of this network"),
        ("e5", "The code goes to example 5, which is not"),
        ("!luck", "The code has the mistake luck, but there are bias, delta_0, slope, sign, late"),
        ("n10001", "The code takes 10001 steps, but a code may take 10000 at a time"),
        ("I1=1e7", r"I₁ was to be 1e\+07, but a number from −10⁶ to 10⁶ is needed here; it stays as it was"),
        ("I1=nan", "'I1=nan' needs a number after the sign ="),
    ],
)
def test_a_code_that_leads_nowhere_gets_a_sentence_and_leaves_everything_as_it_was(code, said):
    s = stepper()
    s.next_example()
    s.position = 5
    before = seen(s)
    with pytest.raises(ValueError, match=said):
        s.code = code
    assert seen(s) == before
    ask(s, do="go", code=code)
    assert s.shown["code_problem"].endswith((".", "run?"))


def whole(s):
    """All that a Stepper is: its traits, what is behind them, and what it shows, but for the answer to the hand."""
    traits = {name: s.trait_values()[name] for name in s.trait_names(sync=True) if name != "answered"}
    traits["shown"] = {k: v for k, v in s.shown.items() if k not in ("code_problem", "problem")}
    behind = {name: getattr(s, name) for name in ("_now", "_start", "_scene", "_trained")}
    return traits, behind, list(s._states), list(s._losses), dict(s._reached)


def same(one, other):
    """Whether two Steppers are the same: what is behind must be the very same objects, since arrays are in there."""
    (traits, behind, states, *rest), (traits_2, behind_2, states_2, *rest_2) = one, other
    assert traits == traits_2
    assert rest == rest_2
    assert all(behind[name] is behind_2[name] for name in behind)
    assert len(states) == len(states_2)
    assert all(a is b for a, b in zip(states, states_2, strict=True))
    return True


def of_cross_entropy():
    net, _, _ = data.running_example()
    return Stepper(Network(net.w, loss=cross_entropy), *data.xor())


def without_hidden_layer():
    return Stepper(Network.random([2, 2], tanh, seed=1), [[0.5, 1], [1, 0]], [[1, 0], [0.5, 1]])


def of_two_hidden_layers():
    return Stepper(Network.random([2, 3, 2, 1], tanh, seed=3), *data.xor())


def own_code():
    def my_forward(net, I):
        a, o = forward(net, I)
        o[1] = o[1] * 1.5
        return a, o

    net, _, _ = data.running_example()
    return Stepper(net, *data.xor(), forward=my_forward)


def with_a_sigma_that_stops():
    def root(a):
        if np.min(a) < -1:
            raise ArithmeticError("below -1")
        return np.sqrt(a + 1)

    net, _, _ = data.running_example()
    return Stepper(Network(net.w, Activation("root", "x", root, lambda a: 0.5 / root(a))), *data.xor())


STEPPERS = (stepper, of_cross_entropy, without_hidden_layer, of_two_hidden_layers, own_code, with_a_sigma_that_stops)
GOOD = (
    "I1=0.7 I2=-3 D1=0.25 alpha=0.3 alpha=50 w0.1.1=0.5 w0.0.1=-2 e1 e2 n1 n2 n3 "
    "! !slope !delta_0 !late,sign !bias,bias @3 @40 @999 @0>I1 @40>o1.1>a1.1"
)
BAD = "I1=nan D1=2 alpha=-1 w0.1.0=1 I1=1e7 e9 e0 n0 n10001 hello !luck @x @9>delta9.1"
TOO_LONG = f"I{'9' * 5000}=1"
WORDS = [*GOOD.split(), *BAD.split(), TOO_LONG]
BEFORE = [
    {"do": "move", "values": {"alpha": 0.3}},
    {"do": "move", "values": {"I-1": 7.5, "w-0-1-1": -0.4}},
    {"do": "next_example"},
    {"do": "next_epoch"},
    {"do": "open", "symbol": "delta-1-1", "edge": False},
    {"do": "set", "name": "position", "value": 30},
    {"do": "set", "name": "picked", "value": "w-0-2-1"},
    {"do": "set", "name": "state", "value": 1},
    {"do": "set", "name": "example", "value": 1},
    {"do": "set", "name": "broken", "value": ["slope"]},
    {"do": "go", "code": "n2 alpha=0.4 @5"},
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    st.sampled_from(STEPPERS),
    st.lists(st.sampled_from(BEFORE), max_size=6),
    st.lists(st.sampled_from(WORDS), max_size=6),
)
@example(stepper, [], ["n1", "!delta_0", "n3"])
@example(stepper, BEFORE[:1], ["n1", "!delta_0", "n3"])
@example(of_two_hidden_layers, BEFORE[:8], ["n2", "!delta_0", "@9", "n1"])
@example(of_cross_entropy, BEFORE[:4], ["I1=0.3", "n1", "D1=2", "@9"])
@example(with_a_sigma_that_stops, BEFORE[3:5], ["n1", "w0.0.1=-2"])
@example(stepper, BEFORE[:1], [TOO_LONG])
def test_a_refused_code_leaves_the_stepper_exactly_as_it_was(make, before, words):
    s = make()
    for request in before:
        ask(s, **request)
    was, told = whole(s), []
    s.observe(told.append)
    code = " ".join(words)
    try:
        s.code = code
    except ValueError as problem:
        refused = str(problem)
    else:
        other = make()
        other.code = s.code
        assert seen(other) == seen(s)
        assert other.code == s.code
        return
    assert not re.search("list assignment|limit for integer", refused)  # Python's own words
    assert same(whole(s), was)
    assert told == []
    s.unobserve(told.append)
    ask(s, do="go", code=code)
    assert s.shown["code_problem"].startswith(refused)
    assert same(whole(s), was)


def test_what_a_learners_own_sigma_says_on_the_way_is_told_as_its_own():
    s = with_a_sigma_that_stops()
    with pytest.raises(ValueError, match="on its way σ or L̃ stops with ArithmeticError: below -1"):
        s.code = "w0.0.1=-2"


def test_a_sigma_that_stops_on_the_new_weights_is_told_in_the_widget():
    s = with_a_sigma_that_stops()
    ask(s, do="set", name="example", value=1)
    s.code = "n2 alpha=0.4 @5"
    ask(s, do="next_epoch")
    assert s.shown["problem"] == ""
    ask(s, do="next_example")
    assert s.shown["problem"] == "This could not be done: below -1."


def test_a_code_is_a_text():
    with pytest.raises(ValueError, match=r"a code is a text such as 'I1=0\.7 n3 @21', but this is 5"):
        stepper().code = 5


def test_all_words_of_a_code_share_one_time(monkeypatch):
    from mlpkit.widgets import stepper as module

    clock = iter(range(1000))
    monkeypatch.setattr(module, "monotonic", lambda: next(clock))
    s = stepper()
    was = whole(s)
    with pytest.raises(ValueError, match="stopped after 10 seconds, before example"):
        s.code = " ".join(["n1 I1=0.5"] * 20)
    assert same(whole(s), was)


def test_a_code_that_takes_too_long_leads_nowhere(monkeypatch):
    monkeypatch.setattr("mlpkit.widgets.stepper._PATIENCE_WITH_CODE", 1e-9)
    s = stepper()
    s.next_example()
    before = seen(s)
    with pytest.raises(ValueError, match="The code leads to no state: stopped after 1e-09 seconds, before example 2"):
        s.code = "n9000 I1=0.7 @3"
    assert seen(s) == before


def test_a_code_that_fails_on_its_way_leaves_everything_as_it_was():
    net, _, _ = data.running_example()
    s = Stepper(Network(net.w, loss=cross_entropy), *data.xor())
    s.next_example()
    s.next_example()
    s.state = 1
    s.position = 30
    s.open(("o", 1, 1))
    before = seen(s)
    with pytest.raises(ValueError, match="D holds 2, but cross_entropy needs"):
        s.code = "I1=0.3 n1 D1=2 @9"
    assert seen(s) == before
    s.state = 2
    assert len(s.losses) == 2


def test_names_and_symbols():
    for symbol in (("alpha",), ("w", 0, 2, 11), ("w_new", 1, 0, 1), ("delta", 10, 3), ("loss",)):
        assert symbol_named(name_of(symbol)) == symbol
