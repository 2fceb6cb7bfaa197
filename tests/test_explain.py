"""A wrong answer is explained from its own numbers: where it is, what stands there, and what belongs there."""
# ruff: noqa: E501

import re

import mutants
import numpy as np
import people
import pytest
import students
import ways
from test_mistakes import headings

from mlpkit import backward, check, gradient, step
from mlpkit import forward as kit_forward
from mlpkit.exercises import explain, search
from mlpkit.exercises.factors.backward import DELTA_HIDDEN, DELTA_OUT
from mlpkit.exercises.factors.forward import ACTIVATION, OUTPUT, OUTPUT_0
from mlpkit.exercises.factors.gradient import GRAD_ROW_0, GRAD_ROWS
from mlpkit.exercises.factors.names import NAMES
from mlpkit.exercises.factors.values import Values
from mlpkit.exercises.mistakes import MISTAKES
from mlpkit.exercises.search.cells import candidates_of, value_of
from mlpkit.exercises.search.places import AT_OUTPUT, PLACES, Found, change_of
from mlpkit.exercises.tasks import TASKS, Case, alone_and_in_batches

# What students write.


WRITTEN = students.FAULTS + people.FAULTS


@pytest.mark.parametrize(
    ("name", "mistake", "words", "text"),
    [(name, mistake, words, text) for name, _, mistake, words, text in WRITTEN],
    ids=[f"{name}: {wrong}" for name, wrong, *_ in WRITTEN],
)
def test_what_students_write_is_explained(name, mistake, words, text):
    r = getattr(check, name)(mutants.make(name, text))
    assert not r.passed
    assert r.first_difference is not None
    assert mistake is None or mistake in r.mistake
    assert words in r.message
    assert r.hints
    assert all(int(lesson) <= TASKS[name].lesson for lesson in re.findall(r"Look at lesson (\d)", r.message))


@pytest.mark.parametrize(
    ("name", "mistake", "text"),
    [(name, mistake, text) for name, _, mistake, text in ways.VARIANTS],
    ids=[f"{name}: {wrong}" for name, wrong, *_ in ways.VARIANTS],
)
def test_what_is_written_in_another_way_is_explained_alike(name, mistake, text):
    r = getattr(check, name)(mutants.make(name, text))
    assert mistake in r.mistake
    assert r.first_difference is not None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("backward", students.cut()),
        ("backward", students.loops()),
        ("step", students.step()),
        ("forward", students.forward()),
        ("gradient", students.gradient()),
        ("train", students.train()),
        *ways.RIGHT,
    ],
)
def test_they_are_right_but_for_that(name, text):
    assert getattr(check, name)(mutants.make(name, text)).passed


@pytest.mark.parametrize(
    ("name", "text", "mistake", "said"),
    [
        ("step", students.step(act="1 / (1 + np.exp(-zs[-1])) if l < net.L - 2 else net.sigma[l + 1](zs[-1])"), "the logistic function, whatever σ is, in place of σ(a), in the hidden layers", "In the hidden layers your outputs are the logistic function"),
        ("step", students.step(moveW="alpha * one + 0.01 * w[1:, 1:]"), "Δw − 0.01 · w, the biases as they are, in place of Δw", "A part of w goes as well (weight decay)"),
        ("backward", students.cut(out=students.OUT + " + 0.01 * o[-1]"), None, "What is too much is 0.01 times o."),
        ("backward", students.cut(hidden="1.7 * (" + students.HIDDEN + ")"), "1.7 · δ for δ in the hidden layers", "Your δ of the output is right. In the hidden layers your δ is 1.7"),
        ("backward", students.cut(hidden="np.clip(" + students.HIDDEN + ", -0.01, 0.01)"), None, "Your δ of the output is right. In the hidden layers your δ are not what follows"),
        ("backward", students.loops(term="net.w[l][i, k - 1] * delta[l + 1][k]"), "the sum of δₖ times the w one place before it, wᵢ,ₖ₋₁, in place of Σₖ wᵢₖ δₖ, in the hidden layers", "Each δₖ of the next layer meets the weight"),
        ("train", students.train(change="change = [alpha / epochs * x for x in g]"), "α divided by the number of epochs", "Every epoch takes a whole step"),
        ("train", students.train(change="change = [alpha * x for x in g]\n        if e: change = [c + alpha * (e + 0.3) * x ** 2 for c, x in zip(change, g)]"), None, "The first epoch is right."),
    ],
)  # fmt: skip
def test_what_is_certain_is_said_where_no_form_fits(name, text, mistake, said):
    r = getattr(check, name)(mutants.make(name, text))
    assert r.mistake == mistake
    assert said in r.message


def test_what_is_certain_of_all_rows_is_said_once():
    f = mutants.make("gradient", people.changed("gradient", ("/ len(o_rows)", "/ len(o_rows) / (l + 2.5) ** 0.5")))
    message = check.gradient(f).message
    assert message.count("off by one and the same factor") == 1
    assert message.startswith("Your derivatives are not what follows from your own numbers before them.")


def test_where_no_factor_is_known_to_be_right_the_hint_names_both():
    r = check.output_delta(mutants.make("output_delta", people.output_delta("np.cosh(net.loss.gradient(o, D)) * s")))
    assert r.mistake is None
    assert "σ′(a) and ∂L̃/∂o" in r.hint()


# Single edits of the algorithm at random places, each explained as what it is.


def edited(line, candidate, holds):
    """(a backward phase, a step) with one line replaced at the layers that hold, for one example and for batches."""

    def phase(net, I, D, x=None):
        x = x or Values(Case(net, np.asarray(I), np.asarray(D), 0.5, ""))
        for l in range(net.L - 1, 0, -1):
            here = DELTA_OUT if l == net.L - 1 else DELTA_HIDDEN
            wrong = here is line and holds(x, l)
            x.delta[l] = value_of(here, candidate if wrong else (0, 0, 0), x, l)
        return [None, *(np.pad(layer, ((0, 0), (1, 0))) for layer in x.delta[1:])]

    def my_backward(net, activations, D):
        delta = phase(net, activations[1][0][..., 1:], D)
        return delta if np.ndim(D) > 1 else [None, *(layer[0] for layer in delta[1:])]

    def my_step(net, I, D, alpha):
        o = [np.atleast_2d(layer) for layer in kit_forward(net, I)[1]]
        return [w - alpha * g for w, g in zip(net.w, gradient(o, phase(net, I, D)), strict=True)]

    return my_backward, my_step


def differs(function, kit, arguments):
    """The cases in which the numbers are others than the kit's; none if some of them are not finite."""
    found = []
    for case in alone_and_in_batches():
        theirs, right = function(*arguments(case)), kit(*arguments(case))
        pairs = [pair for pair in zip(theirs, right, strict=True) if pair[1] is not None]
        if not all(np.isfinite(one).all() for one, _ in pairs):
            return []
        if any(not np.allclose(*pair, rtol=1e-4, atol=1e-9) for pair in pairs):
            found.append(case)
    return found


def edits(seed):
    """Some single edits: (line, candidate, place)."""
    rng = np.random.default_rng(seed)
    for line in (DELTA_OUT, DELTA_HIDDEN):
        candidates, cost = candidates_of(line)
        singles = [
            one for one, price in zip(candidates, cost, strict=True) if sum(map(bool, one)) == 1 and price <= 1.1
        ]
        for k in rng.permutation(len(singles))[:9]:
            places = AT_OUTPUT if line is DELTA_OUT else [place for place in PLACES[line] if not place.kind]
            yield line, singles[k], places[rng.integers(min(3, len(places)))]


def numbers_of(function):
    answers = {}
    for case in alone_and_in_batches():
        o = kit_forward(case.net, case.I)
        answers[case] = tuple(function(case.net, o, case.D))
    return answers


KNOWN = {mistake.name for mistakes in (*MISTAKES.values(), *NAMES.values()) for mistake in mistakes}


@pytest.mark.parametrize("seed", range(3))
def test_every_single_edit_of_the_backward_phase_is_explained_as_what_it_is(seed):
    told = 0
    for line, candidate, place in edits(seed):
        my_backward, my_step = edited(line, candidate, place.holds)
        try:
            with np.errstate(all="ignore"):
                shown = differs(my_backward, backward, lambda c: (c.net, kit_forward(c.net, c.I), c.D))
        except (TypeError, ValueError, IndexError, AttributeError):  # it fits no unequal widths
            continue
        if not shown:  # it is the same for all these networks
            continue
        told += 1
        name = explain._exchanged(Found(line, candidate, place))[0]
        candidates, cost = candidates_of(line)
        price = dict(zip(candidates, cost, strict=True))
        [same] = search.findings("backward", numbers_of(my_backward))
        assert all(found.line is line and price[found.candidate] <= price[candidate] for found in same)
        results = [check.backward(my_backward)]
        if all(case.batch for case in shown):  # then no δ is seen in a step: the mean may be one too many there as well
            assert check.step(my_step).mistake is not None
        else:
            results.append(check.step(my_step))
        for r in results:
            names = [name, *(other for found in same for other in explain._exchanged(found)), *KNOWN]
            names = [one.rstrip(",") for one in names]
            assert any(one.replace("δ", "Δw") in r.mistake or one in r.mistake for one in names), (
                name,
                place.words,
                r.mistake,
            )
    assert told >= 6


@pytest.mark.parametrize("batches", [False, True], ids=["one example", "batches"])
def test_an_edit_of_one_branch_is_explained_as_what_it_is(batches):
    told = 0
    for line, candidate, place in edits(0):
        my_backward, _ = edited(line, candidate, place.holds)
        try:
            with np.errstate(all="ignore"):
                wrong, right = numbers_of(my_backward), numbers_of(backward)
                shown = differs(my_backward, backward, lambda c: (c.net, kit_forward(c.net, c.I), c.D))
        except (TypeError, ValueError, IndexError, AttributeError):  # it fits no unequal widths
            continue
        if not any(bool(case.batch) == batches for case in shown):
            continue
        told += 1
        answers = {case: (wrong if bool(case.batch) == batches else right)[case] for case in wrong}
        candidates, cost = candidates_of(line)
        price = dict(zip(candidates, cost, strict=True))
        [same] = search.findings("backward", answers)
        assert all(found.line is line and price[found.candidate] <= price[candidate] for found in same)
        if not batches:
            assert all(found.place.words.endswith("for one example alone") for found in same)
    assert told >= 6


def answer_with(line, candidate, holds, case):
    """The answer of gradient or forward with one line replaced where it holds."""
    x = Values(case)
    if line in (ACTIVATION, OUTPUT):
        for l in range(1, x.L):
            for here in (ACTIVATION, OUTPUT):
                wrong = here is line and holds(x, l)
                value = value_of(here, candidate if wrong else (0, 0, 0), x, l)
                whole, alone = (x.full_a, x.a) if here is ACTIVATION else (x.full_o, x.o)
                alone[l], whole[l] = value, np.pad(value, ((0, 0), (1, 0)), constant_values=1)
        layers = (
            tuple(None if layer is None else layer.reshape(*case.batch, -1) for layer in part)
            for part in (x.full_a, x.full_o)
        )
        return tuple(layers)
    grad = []
    for l in range(1, x.L):
        rows = [
            value_of(here, candidate if here is line and holds(x, l) else (0, 0, 0), x, l)
            for here in (GRAD_ROW_0, GRAD_ROWS)
        ]
        grad.append(np.pad(np.concatenate(rows), ((0, 0), (1, 0))))
    return tuple(grad)


def same_numbers(one, other, cases):
    """Whether two Found give the same numbers wherever the second one is."""
    layers = [(Values(case), l) for case in cases for l in range(1, case.net.L)]
    return all(np.allclose(one.value(x, l), other.value(x, l)) for x, l in layers if other.place.holds(x, l))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("name", "line"), [("gradient", GRAD_ROWS), ("gradient", GRAD_ROW_0), ("forward", ACTIVATION), ("forward", OUTPUT)], ids=["rows", "row 0", "activations", "outputs"])  # fmt: skip
def test_every_single_edit_of_the_other_lines_is_explained_as_what_it_is(name, line, seed):
    rng = np.random.default_rng(seed)
    candidates, cost = candidates_of(line)
    price = dict(zip(candidates, cost, strict=True))
    singles = [one for one in candidates if sum(map(bool, one)) == 1 and price[one] <= 1.1]
    places = [place for place in PLACES[line] if not place.kind][:4]
    told = 0
    for k in rng.permutation(len(singles))[:14]:
        place = places[rng.integers(len(places))]
        answers, shown = {}, False
        try:
            with np.errstate(all="ignore"):
                for case in alone_and_in_batches():
                    answers[case] = answer_with(line, singles[k], place.holds, case)
                    flat, right = (
                        np.concatenate(
                            [
                                part.ravel()
                                for several in (one if name == "forward" else [one])
                                for part in several
                                if part is not None
                            ]
                        )
                        for one in (answers[case], answer_with(line, (0, 0, 0), place.holds, case))
                    )
                    shown |= not np.allclose(flat, right, rtol=1e-4, atol=1e-9) or not np.isfinite(flat).all()
                    assert np.isfinite(flat).all()
        except (TypeError, ValueError, IndexError, AttributeError, AssertionError):  # it fits no unequal widths
            continue
        if not shown:  # it is the same for all these networks
            continue
        told += 1
        faults = search.findings(name, answers)
        assert len(faults) == 1, (singles[k], place.words, faults)
        assert all(found.line is line and price[found.candidate] <= price[singles[k]] for found in faults[0]), (
            place.words
        )
        assert any(same_numbers(found, Found(line, singles[k], place), answers) for found in faults[0]), place.words
    assert told >= 4


def test_every_name_belongs_to_a_form():
    forms = {
        (line.what, *form)
        for line in (*LINES, OUTPUT_0, change_of(DELTA_OUT))
        for form in (
            *((scale.words, None, None) for scale in line.scales),
            *((None, first.words, second.words) for first in line.first.options for second in line.second.options),
            *((None, first.words, None) for first in line.first.options),
            *((None, None, second.words) for second in line.second.options),
        )
    }
    forms |= {("derivatives", *form) for what, *form in forms if what == GRAD_ROWS.what}
    for what, *form in NAMES:
        assert any((whole, *form) in forms for whole, *_ in forms if what.startswith(whole)), (what, form)


# How far it is right.


ALONE = """
def {name}(net, {arguments}):
    if np.ndim({given}) > 1:
        raise ValueError("one example, please")
    return kit.{name}(net, {arguments})
"""


@pytest.mark.parametrize(
    ("name", "arguments", "given", "said"),
    [("forward", "I", "I", "Batches come below."), ("backward", "ao, D", "D", "In a batch it is not yet.")],
)
def test_what_stops_in_batches_alone_is_right_for_one_example(name, arguments, given, said):
    f = mutants.make(name, "import mlpkit as kit\n" + ALONE.format(name=name, arguments=arguments, given=given))
    r = getattr(check, name)(f)
    assert repr(r).startswith(f"Right for one example. {said}\n")
    assert not r.passed


def test_what_differs_in_batches_alone_is_right_for_one_example():
    def long_vectors(o, delta):
        return [np.outer(o[l], delta[l + 1]) for l in range(len(o) - 1)]

    r = check.gradient(long_vectors)
    assert repr(r).startswith("Right for one example. In a batch it is not yet.\nThe mistake: batch taken for one long")
    assert "dotted" in r._repr_html_()
    assert not r.passed

    def first_example(net, I):
        a, o = [None], [np.concatenate([np.ones((*np.shape(I)[:-1], 1)), I], axis=-1)]
        for l in range(net.L - 1):
            a.append(o[l] @ net.w[l])
            o.append(net.sigma[l + 1](a[-1]))
            o[-1][0] = 1
        return a, o

    said = "Right for one example. In a batch it is not yet.\nThe mistake: first example set instead of neuron 0."
    assert repr(check.forward(first_example)).startswith(said)


# What a function keeps, and what it does not hand back.


MEMORY = "something kept from one call to the next"


def test_a_momentum_that_lives_longer_than_a_call_is_told():
    velocity = {}

    def step(net, I, D, alpha):
        a, o = kit_forward(net, I)
        for l, g in enumerate(gradient(o, backward(net, (a, o), D))):
            before = velocity.get(l)
            velocity[l] = alpha * g + (0.9 * before if np.shape(before) == g.shape else 0)
        return [w - velocity[l] for l, w in enumerate(net.w)]

    r = check.step(step)
    assert r.mistake == MEMORY
    assert "Called twice with the same arguments" in r.message


def test_a_list_that_is_a_default_argument_is_told():
    def forward(net, I, kept=[]):  # noqa: B006
        a, o = kit_forward(net, I)
        kept.append(a)
        return kept[0], o

    assert check.forward(forward).mistake == MEMORY


def test_random_numbers_are_told():
    rng = np.random.default_rng(0)
    assert (
        check.forward(
            lambda net, I: [[x if x is None else x + rng.random() for x in part] for part in kit_forward(net, I)]
        ).mistake
        == MEMORY
    )


class Learner:
    def forward(self, net, I):
        self.a, self.o = kit_forward(net, I)


def in_place(o, delta):
    for l in range(len(o) - 1):
        delta[l] = np.outer(o[l], delta[l + 1])


@pytest.mark.parametrize(
    ("name", "f", "said"),
    [
        ("forward", Learner().forward, "`forward` returns nothing: it computes something, and it ends there."),
        (
            "gradient",
            in_place,
            "`in_place` returns nothing: it has written into `delta[0]`, which it is given to read.",
        ),
    ],
)
def test_what_works_without_return_is_asked_for_it(name, f, said):
    r = getattr(check, name)(f)
    assert f"{said} What it makes has to stand behind `return`." in r.message
    assert "`return`" in r.hint()


def apart(w):
    return w[1:, 1:], w[0, 1:]


@pytest.mark.parametrize(
    "form",
    [
        lambda w: [apart(one) for one in w],
        lambda w: tuple(zip(*map(apart, w), strict=True)),
        lambda w: [array for one in w for array in apart(one)],
    ],
)
def test_W_and_b_apart_are_told_how_they_go_together(form):
    r = check.step(lambda net, I, D, alpha: form(step(net, I, D, alpha).w))
    assert "You give W and b apart. The notes' w holds both: b in row 0, W below it" in r.message


def test_W_and_b_given_back_as_they_came_are_told_how_they_go_together():
    r = check.weights(lambda W, b: (W, b))
    assert "You give W and b apart." in r.message


def test_a_transpose_that_is_missing_where_neuron_0_is_cut_off_is_named():
    r = check.backward(mutants.make("backward", students.cut(hidden="d[l + 1] @ W[l] * net.sigma[l].derivative(a[l])")))
    assert r.mistake == "transpose missing"


def test_a_bracket_that_is_closed_too_early_is_told():
    wrong = students.cut(hidden="(np.dot(np.transpose(W[l])), d[l + 1])[0] * net.sigma[l].derivative(a[l])")
    r = check.backward(mutants.make("backward", wrong))
    assert "np.dot was given one array alone: a bracket is closed before the second." in r.message
    assert r.hint().startswith("Count the brackets")


def test_a_row_of_biases_for_each_example_is_told():
    wrong = students.step().replace(
        "        new.append(w)", "        new.append(np.vstack([np.repeat(w[:1], m, axis=0), w[1:]]))"
    )
    r = check.step(mutants.make("step", wrong))
    assert r.mistake == "a row of biases for each example"


def test_in_a_step_a_fault_of_the_output_is_told_at_the_output():
    r = check.step(mutants.make("step", students.step(out="net.loss.gradient(outs[-1], Y)", hidden="delta @ W[l].T")))
    assert r.first_difference[:2] == ("w_new", 1)


def test_a_fault_at_the_output_of_a_network_of_one_matrix_is_told_by_its_number():
    out = "np.sum(net.sigma[-1].derivative(zs[-1]), axis=-1, keepdims=True) * net.loss.gradient(outs[-1], Y)"
    r = check.step(mutants.make("step", students.step(out=out)))
    assert "the sum of σ′(a) over the layer" in r.mistake
    assert r.first_difference[:2] == ("w_new", 0)


# The data.


LINES = (DELTA_OUT, DELTA_HIDDEN, GRAD_ROWS, GRAD_ROW_0, ACTIVATION, OUTPUT)


def test_the_right_forms_are_the_algorithm():
    for case in alone_and_in_batches():
        x = Values(case)
        o, delta = kit_forward(case.net, np.atleast_2d(case.I))[1], x.right_delta
        g = gradient(o, [None, *(np.pad(layer, ((0, 0), (1, 0))) for layer in delta[1:])])
        for l in range(1, x.L):
            here = DELTA_OUT if l == x.L - 1 else DELTA_HIDDEN
            for line, right in (
                (here, delta[l]),
                (GRAD_ROWS, g[l - 1][1:, 1:]),
                (GRAD_ROW_0, g[l - 1][:1, 1:]),
                (ACTIVATION, x.a[l]),
                (OUTPUT, x.o[l]),
            ):
                np.testing.assert_allclose(value_of(line, (0, 0, 0), x, l), right, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("line", [*LINES, OUTPUT_0, change_of(DELTA_OUT)], ids=lambda line: line.what)
def test_the_words_of_a_line_are_whole_and_lead_to_a_paragraph(line):
    assert line.heading in headings(line.lesson)
    for factor in (line.first, line.second):
        words = [option.words for option in factor.options]
        assert len(words) == len(set(words))
        assert [option.cost for option in factor.options].index(0) == 0
        for text in (factor.belongs, *(option.why for option in factor.options)):
            assert re.fullmatch(r"([^!]*[.])?", text)
    assert all("{}" in scale.words or scale.words == "0" for scale in line.scales)
    assert all(re.fullmatch(r"[^!]*[.]", scale.why) for scale in line.scales[1:])
