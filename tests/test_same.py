"""check.same: the check of an exercise of one's own, on examples of one's own."""

import re
import warnings
from itertools import count

import numpy as np
import pytest

from mlpkit import Network, check, cross_entropy, data, step
from mlpkit.exercises import same as module
from mlpkit.exercises import sandbox
from mlpkit.widgets import Stepper

V, SLOPE = np.array([1.0, 2.0]), np.array([0.5, -0.5])
EXAMPLES = [(V, SLOPE, 0.9), (np.linspace(-1, 2, 6).reshape(2, 3), np.linspace(3, -2, 6).reshape(2, 3), 0.7)]


def right(v, grad, beta):
    """The new v is β v + ∂L̃/∂w.

    What stands further down is not shown.
    """
    return beta * v + grad


TURNED = check.Mistake(
    "β at the wrong term",
    "It belongs to v.",
    ("Which of the two is kept?",),
    6,
    "Momentum",
    (lambda v, g, b: v + b * g,),
)
LEFT_OUT = check.Mistake("β left out", "v is kept whole.", ("Where is β?",), 7, "Momentum", (lambda v, g, b: v + g,))
MISTAKES = (TURNED, LEFT_OUT)


def tried(f):
    return check.same(f, right, EXAMPLES, MISTAKES)


def test_a_right_function_however_it_is_written():
    def velocity(v, grad, beta):
        return np.add(grad, np.multiply(v, beta)).tolist()

    r = tried(velocity)
    assert (r.passed, r.mistake, r.first_difference) == (True, None, None)
    assert repr(r) == "Right. It gives what is asked for on 2 examples."


def test_a_wrong_number_is_told_with_its_place_and_what_is_asked_for():
    def velocity(v, grad, beta):
        return beta * v + grad + 0.1 * (v == 2)

    r = tried(velocity)
    assert not r.passed
    assert (r.mistake, r.first_difference) == (None, (1,))
    assert repr(r).splitlines() == [
        "Not the same. The first number that differs is `velocity(...)[1]`. You have 1.4, and 1.3 is right.",
        "Asked for: The new v is β v + ∂L̃/∂w.",
        "This is example 1 of 2: `v = [1.0, 2.0]`, `grad = [0.5, -0.5]`, `beta = 0.9`. With the check's result as r, "
        "`velocity(*r.arguments)` runs it again, and `r.hint()` gives a hint.",
    ]
    assert velocity(*r.arguments)[1] == pytest.approx(1.4)
    assert r.hint() == "Work the example out on paper. Which line of your function is the first to give another number?"
    with pytest.raises(ValueError, match="there is no number to open"):
        Stepper.of(r)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_known_mistake_is_named(mistake):
    [way] = mistake.ways
    r = tried(lambda v, grad, beta: way(v, grad, beta))
    assert (r.mistake, r.hint()) == (mistake.name, mistake.hints[0])
    assert mistake.reason in repr(r)


def test_what_is_a_mistake_on_the_first_example_alone_is_not_named():
    r = tried(lambda v, grad, beta: v + grad if v.ndim == 1 else 0 * v)
    assert (r.passed, r.mistake) == (False, None)


def test_mistakes_with_the_same_numbers_are_both_named():
    other = check.Mistake("β is 1", "It is given.", ("What is β?",), 7, "Momentum", (lambda v, g, b: 1 * v + g,))
    r = check.same(lambda v, grad, beta: grad + v, right, EXAMPLES, [*MISTAKES, other])
    assert r.mistake == "β left out, or β is 1"


def test_a_way_may_stop_on_an_example_and_then_names_nothing():
    stops = check.Mistake("?", "?", ("?",), 7, "?", (lambda v, g, b: v[1] * g if v.ndim == 2 else v.no_name,))
    assert check.same(lambda v, grad, beta: grad, right, EXAMPLES, [stops]).mistake is None


USELESS = {
    "of one argument": (lambda v: v, r"way 2 of the mistake 'β' raises TypeError \(.*\) on every example, but what a"),
    "stops": (lambda v, g, b: v.no_name, "way 2 of the mistake 'β' raises AttributeError .* on every example, but"),
    "nothing": (lambda v, g, b: None, "way 2 of the mistake 'β' returns nothing on every example, but what a learner"),
    "right": (lambda v, g, b: g + v * b, "way 2 of the mistake 'β' gives the right numbers on every example: take ano"),
}


@pytest.mark.parametrize("name", USELESS)
def test_a_way_that_nobody_could_be_told_is_refused_also_where_the_function_is_right(name):
    way, said = USELESS[name]
    mistake = check.Mistake("β", "?", ("?",), 7, "?", (*TURNED.ways, way))
    for f in (right, lambda v, grad, beta: grad):
        with pytest.raises(ValueError, match=said):
            check.same(f, right, EXAMPLES, [mistake])


# What a call may change is copied for each, and what is not copied is refused.


def drawn(x, rng):
    return x + rng.normal(size=x.shape)


@pytest.mark.parametrize("made", [np.random.default_rng, np.random.RandomState], ids=["Generator", "RandomState"])
def test_who_draws_from_a_generator_as_is_asked_is_right(made):
    examples = [(np.arange(4.0), made(0)), (np.zeros((2, 3)), made(1))]
    forgot = check.Mistake("x left out", "It is moved.", ("Where is x?",), 7, "Chance", (lambda x, r: drawn(0 * x, r),))
    assert check.same(drawn, drawn, examples, [forgot]).passed
    assert check.same(drawn, drawn, examples, [forgot]).passed  # the generators of the examples are where they were
    r = check.same(lambda x, rng: drawn(np.zeros(x.shape), rng), drawn, examples, [forgot])
    assert r.mistake == "x left out"
    assert np.array_equal(drawn(*r.arguments), drawn(np.arange(4.0), made(0)))
    assert not check.same(lambda x, rng: drawn(drawn(x, rng), rng), drawn, examples).passed


@pytest.mark.parametrize("value", [0.5, 2, "adam", None, np.float32(1), [np.ones(2), (1, [2])], np.sin, np.sum, max, V])
def test_what_does_not_change_or_is_copied_may_be_given(value):
    assert check.same(lambda x: 1.0, lambda x: 1.0, [(value,)]).passed


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (iter([1.0]), "x of examples[0] is a list_iterator, which a learner's function could change: give numbers"),
        (np.random.default_rng(0).normal, "x of examples[0] is a method, which a learner's function could change"),
        ([1, {"v": V}], "x of examples[0] holds a dict of 1, which a learner's function could change: give numbers"),
        (np.array([{}, None]), "x of examples[0] is an array of dtype object, which"),
    ],
)
def test_what_could_change_unseen_is_refused(value, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        check.same(lambda x: 1.0, lambda x: 1.0, [(value,)])


def changes(v, grad, beta):
    v *= beta
    v += grad
    return v


STOPS = {
    "nothing": (None, "Not yet. There is no function yet."),
    "called": (3.0, "Not yet. You gave the number 3. Give the function itself, without calling it."),
    "empty": (lambda v, grad, beta: None, "Not yet. Your function returns nothing yet."),
    "stops": (lambda v, grad, beta: v @ np.ones(9), "Not yet. Your function stops in line"),
    "two arguments": (lambda v, grad: v, "Not yet. Your function stops with TypeError"),
    "changes": (changes, "Not the same. `changes` changed `v`, which it is given to read: let it use a copy."),
    "shape": (
        lambda v, grad, beta: 1.0,
        "Not the same. `f(...)` is the number 1, but an array of shape (2,) is needed.",
    ),
    "words": (lambda v, grad, beta: "v", "Not the same. `f(...)` is 'v', but an array of shape (2,) is needed."),
    "NaN": (
        lambda v, grad, beta: v * np.nan,
        "Not the same. The first number that differs is `f(...)[0]`. You have NaN",
    ),
}


@pytest.mark.parametrize("name", STOPS)
def test_whatever_a_learner_gives_is_told(name):
    f, said = STOPS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        r = tried(f)
    assert repr(r).startswith(said)
    assert "Asked for: The new v is β v + ∂L̃/∂w." in repr(r)
    assert r.hint()
    assert np.array_equal(EXAMPLES[0][0], [1, 2])


def test_a_loss_may_be_asked_for():
    examples = [(np.array([0.5723]), np.array([1.0])), (np.array([0.2, 0.7]), np.array([0.0, 1.0]))]
    assert check.same(
        lambda o, D: -(D * np.log(o) + (1 - D) * np.log(1 - o)).sum(), cross_entropy.value, examples
    ).passed
    r = check.same(lambda o, D: 0.5 * np.sum((o - D) ** 2), cross_entropy.value, examples)
    assert r.first_difference == ()
    assert "Not the same. You have 0.09146, and 0.5581 is right." in repr(r)


def test_a_network_and_lists_of_layers_may_be_asked_for():
    net, I, D = data.running_example()
    examples = [(net, I, D, 0.5)]

    def clipped(net, I, D, alpha):
        return Network([np.clip(w, -0.45, 1) for w in step(net, I, D, alpha).w], net.sigma, net.loss)

    assert check.same(lambda *given: [w.tolist() for w in clipped(*given).w], clipped, examples).passed
    r = check.same(step, clipped, examples)
    assert r.first_difference == (1, 2, 1)
    assert "`step(...)[1][2, 1]`" in repr(r)
    r = check.same(lambda *given: clipped(*given).w[:1], clipped, examples)
    assert "`f(...)` is a tuple of 1, but a list of 2 is needed." in repr(r)
    r = check.same(lambda a: [1, 2], lambda a: [None, np.ones(2)], [(1,)])
    assert "`f(...)[0]` is the number 1, but None is needed." in repr(r)


def test_what_rounding_leaves_of_zero_is_right():
    assert check.same(lambda x: [x, 3 * 0.1 - 0.3], lambda x: [x, 0.0], [(1.0,)]).passed
    assert check.same(lambda x: 3 * 0.1 - 0.3, lambda x: 0.0, [(1.0,)]).passed


def test_a_list_as_an_argument_is_told_where_the_function_stops():
    r = check.same(lambda x, sizes: sizes["n"], lambda x, sizes: x, [(1.0, [2, 3]), (2.0, [])])
    assert "with TypeError" in repr(r)


def test_all_calls_together_have_a_limit(monkeypatch):
    monkeypatch.setattr(module, "perf_counter", count(step=4).__next__)
    monkeypatch.setattr(module, "PATIENCE", 6.0)
    r = tried(right)
    assert "too slow to be tried on everything: 1 of 2 calls took more than 6 seconds" in repr(r)
    assert r.arguments == ()


BAD = {
    "right": ((3.0, EXAMPLES), "right is the number 3, but a function is needed: give it without calling it"),
    "no examples": ((right, []), "examples is a list of 0, but a list of tuples of arguments is needed"),
    "one example": (
        (right, EXAMPLES[0]),
        r"examples is a tuple of 3, as if it were one example: put the example in a list: \[\(x, 3\)\]",
    ),
    "no tuple": ((right, [V]), r"examples\[0\] is an array of shape \(2,\), but a tuple of arguments is needed: write"),
    "count": ((right, [(V, SLOPE)]), r"examples\[0\] has 2 arguments, but the right function takes \(v, grad, beta\)"),
    "dict": ((lambda state: 1.0, [({},)]), r"state of examples\[0\] is a dict of 0, which a learner's function could"),
    "text": ((lambda: "v", [()]), r"the right function gives 'v' for examples\[0\], but numbers are compared"),
    "none": ((lambda: None, [()]), r"the right function gives None for examples\[0\], but numbers are compared"),
    "empty": ((list, [()]), r"gives an empty list for examples\[0\]: take another example"),
    "NaN": ((lambda: [V, [np.nan]], [()]), r"gives NaN at \[1\]\[0\] for examples\[0\]: take another example"),
    "mistakes": ((right, EXAMPLES, TURNED), r"mistakes is .*, but a list of Mistakes is needed: \[Mistake"),
    "a mistake": ((right, EXAMPLES, ["β"]), r"mistakes holds 'β': make each with check.Mistake"),
    "ways": (
        (right, EXAMPLES, [check.Mistake("β", "?", ("?",), 7, "?", right)]),
        "ways of the mistake 'β' is a function, but a tuple of functions is needed, each with a comma behind it",
    ),
    "hints": (
        (right, EXAMPLES, [check.Mistake("β", "?", "?", 7, "?", (right,))]),
        r"hints of the mistake 'β' is '\?', but a tuple of texts is needed",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_a_teacher_gives_wrongly_gets_one_sentence(name):
    given, said = BAD[name]
    with pytest.raises(ValueError, match=said) as problem:
        check.same(right, *given)
    assert "\n" not in str(problem.value)


def test_a_right_function_may_work_in_place():
    assert check.same(right, changes, EXAMPLES).passed
    assert np.array_equal(EXAMPLES[0][0], [1, 2])


def test_a_list_of_arrays_may_be_given_as_one_array():
    assert check.same(lambda x: np.full((2, 3), x), lambda x: [np.full(3, x), np.full(3, x)], [(2.0,)]).passed


def test_what_does_not_end_is_stopped_once(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.5)  # the first call ends in it
    calls = []

    def loops(v, grad, beta):
        calls.append(v.ndim)
        while v.ndim == 2:
            pass
        return v + grad + beta * (v == 9)

    r = check.same(loops, lambda v, grad, beta: v + grad, EXAMPLES, [TURNED])
    assert "`loops` was stopped after 0.5 seconds" in repr(r)
    assert calls == [1, 2]


@pytest.mark.parametrize("largest", [max, np.maximum, lambda *given: max(given)], ids=["Python", "NumPy", "any number"])
def test_a_right_function_need_not_name_its_arguments(largest):
    r = check.same(lambda a, b: a, largest, [(1.0, 2.0)])
    assert r.arguments == (1.0, 2.0)
    assert repr(r).count("\n") == 1  # nothing that is asked for
    assert re.search(r"This is example 1 of 1: `\w+ = 1`, `\w+ = 2`\.", repr(r))
