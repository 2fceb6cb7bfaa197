import hashlib
from importlib import resources

import numpy as np
import pytest

from mlpkit import Network, backward, cross_entropy, forward, sigmoid, tanh, train
from mlpkit.data import digits, digits_split, four_squares, running_example, spiral, two_circles, two_moons, xor

SETS = [two_circles, two_moons, spiral, four_squares]


def share_right(net, I, D):
    outputs = forward(net, I)[1][-1][:, 1:]
    right = outputs.argmax(1) == D.argmax(1) if D.shape[1] > 1 else ((outputs > 0.5) == (D > 0.5))[:, 0]
    return right.mean()


def test_the_running_example_has_the_numbers_of_all_lessons():
    net, I, D = running_example()
    assert net.w[0].tolist() == [[1, 0.1, -0.2, 0.3], [0, 0.5, -0.4, 0.2], [0, -0.3, 0.6, 0.8]]
    assert net.w[1].tolist() == [[1, -0.1], [0, 0.7], [0, -0.5], [0, 0.4]]
    assert (I.tolist(), D.tolist()) == ([0.5, 1.0], [1.0])
    a, o = forward(net, I)
    delta = backward(net, (a, o), D)
    assert net.n == (3, 4, 2)
    assert (net.sigma[1].name, net.loss.name) == ("sigmoid", "half squared error")
    np.testing.assert_allclose(a[1], [1, 0.05, 0.2, 1.2], rtol=1e-12)
    np.testing.assert_allclose(o[1], [1, 0.51249740, 0.54983400, 0.76852478], atol=5e-9)
    np.testing.assert_allclose((a[2][1], o[2][1], delta[2][1]), (0.29124109, 0.57229995, -0.10468930), atol=5e-9)
    np.testing.assert_allclose(delta[1], [0, -0.01830918, 0.01295617, -0.00744946], atol=5e-9)


def test_xor():
    I, D = xor()
    assert I.shape == (4, 2)
    assert D.shape == (4, 1)
    assert {(*map(int, inputs), int(d)) for inputs, (d,) in zip(I, D, strict=True)} == {
        (p, q, p ^ q) for p in (0, 1) for q in (0, 1)
    }


def test_xor_is_learned_from_every_seed_with_three_neurons():
    I, D = xor()
    for seed in range(10):
        run = train(Network.random([2, 3, 1], seed=seed), I, D, alpha=8, epochs=1000)
        assert share_right(run.net, I, D) == 1


@pytest.mark.parametrize("make", SETS)
@pytest.mark.parametrize("n", [2, 7, 200])
def test_small_sets_fit_each_other_and_the_range(make, n):
    I, D = make(n)
    assert I.shape == (n, 2)
    assert D.shape == (n, 1)
    assert D[:, 0].tolist() == [k % 2 for k in range(n)]
    assert abs(I).max() < 1.25
    assert abs(make(n, noise=0)[0]).max() <= 1
    if n == 200:
        assert (abs(make(n, noise=0)[0]).max(axis=0) > 0.45).all()


@pytest.mark.parametrize("make", SETS)
def test_small_sets_come_from_the_seed(make):
    (I, _), (again, _), (other, _) = make(seed=1), make(seed=1), make(seed=2)
    assert np.array_equal(I, again)
    assert not np.isclose(I, other).any(axis=1).any()


def test_noise_is_the_standard_deviation_of_what_is_added():
    for make in SETS:
        added = make(4000, noise=0.3)[0] - make(4000, noise=0)[0]
        np.testing.assert_allclose(added.std(axis=0), 0.3, rtol=0.05)
        np.testing.assert_allclose(added.mean(axis=0), 0, atol=0.02)


def test_the_shapes_are_what_their_names_say():
    I, D = two_circles(500, noise=0)
    np.testing.assert_allclose(np.hypot(*I.T), np.where(D[:, 0] == 0, 0.4, 0.9), rtol=1e-12)
    I, D = two_moons(500, noise=0)
    upper, lower = I[D[:, 0] == 0], I[D[:, 0] == 1]
    np.testing.assert_allclose(np.hypot(*(upper - [-1 / 3, -1 / 6]).T), 2 / 3, rtol=1e-12)
    np.testing.assert_allclose(np.hypot(*(lower - [1 / 3, 1 / 6]).T), 2 / 3, rtol=1e-12)
    assert upper[:, 1].min() > -1 / 6 - 1e-9
    assert lower[:, 1].max() < 1 / 6 + 1e-9
    I, D = spiral(500, noise=0)
    radius, angle = np.hypot(*I.T), np.arctan2(*I.T[::-1])
    turned = np.exp(1j * (angle - 3 * np.pi * radius / 0.9 - np.pi * D[:, 0]))
    np.testing.assert_allclose(turned, 1, atol=1e-9)
    I, D = four_squares(500, noise=0)
    assert np.array_equal(D[:, 0], (I[:, 0] > 0) ^ (I[:, 1] > 0))
    assert set(map(tuple, np.sign(I))) == {(-1, -1), (-1, 1), (1, -1), (1, 1)}
    assert abs(I).min() >= 0.1


@pytest.mark.parametrize("make", SETS)
def test_small_sets_can_be_learned_and_not_by_a_straight_line(make):
    I, D = make()
    line = train(Network.random([2, 1], sigmoid, cross_entropy), I, D, 2.0, 500)
    assert share_right(line.net, I, D) < 0.95
    net = Network.random([2, 16, 16, 1], (None, tanh, tanh, sigmoid), cross_entropy, seed=1)
    run = train(net, I, D, alpha=0.5, epochs=400, batch_size=20)
    assert share_right(run.net, I, D) > 0.98


@pytest.mark.parametrize("make", SETS)
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 1}, "n is 1, but a whole number from 2 up is needed: try n=200"),
        ({"n": 2.5}, "n is 2.5, but a whole number from 2 up is needed: try n=200"),
        ({"noise": -1}, "noise is -1, but a number from 0 up is needed: try noise=0.05"),
        ({"noise": "little"}, "noise is 'little', but a number from 0 up is needed: try noise=0.05"),
        ({"noise": float("nan")}, "noise is nan, but a number from 0 up is needed: try noise=0.05"),
        ({"seed": "a"}, "seed is 'a', but a whole number from 0 up is needed: try seed=0"),
    ],
)
def test_bad_arguments_are_told(make, arguments, message):
    with pytest.raises(ValueError) as told:  # noqa: PT011 (the whole message is compared)
        make(**arguments)
    assert str(told.value) == message


# The digits


def test_the_digits_are_the_1797_of_the_uci_repository():
    d = digits()
    assert d.I.shape == (1797, 64)
    assert d.D.shape == (1797, 10)
    assert d.labels.shape == (1797,)
    pixels = d.I * 16
    table = np.column_stack([pixels, d.labels]).astype(np.uint8)
    assert (pixels == table[:, :64]).all()  # whole numbers
    assert np.bincount(d.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    digest = "68aea062d35a127749050fa0e52dca09d6569ac08092c925610e0954e172dde2"  # of scikit-learn's table, as uint8
    assert hashlib.sha256(table.tobytes()).hexdigest() == digest


def test_inputs_and_desired_outputs_of_the_digits():
    d = digits()
    assert (d.I.min(), d.I.max()) == (0, 1)
    assert set(np.unique(d.D)) == {0, 1}
    assert (d.D.sum(axis=1) == 1).all()
    assert np.array_equal(d.D.argmax(axis=1), d.labels)
    d.I[:] = 7  # one's own copy, to write to
    assert digits().I.max() == 1


def test_the_source_and_the_licence_are_beside_the_digits():
    text = resources.files("mlpkit.data").joinpath("optdigits", "SOURCE.txt").read_text(encoding="utf-8")
    for needed in ("Alpaydin", "Kaynak", "1998", "UCI Machine Learning Repository", "CC BY 4.0", "Changed"):
        assert needed in text


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_split_shares_no_example_loses_none_and_is_even(seed):
    d, split = digits(), digits_split(seed)
    for part in split:
        assert np.array_equal(part.D.argmax(axis=1), part.labels)
    together = np.vstack([split.train.I, split.test.I])
    assert sorted(map(tuple, np.column_stack([together, [*split.train.labels, *split.test.labels]]))) == sorted(
        map(tuple, np.column_stack([d.I, d.labels]))
    )
    assert len(np.unique(d.I, axis=0)) == 1797  # all differ, so none is in both parts
    of_each, of_each_test = np.bincount(d.labels), np.bincount(split.test.labels)
    assert (abs(of_each_test - of_each / 5) < 1).all()
    assert len(split.test.labels) == 355


def test_the_split_comes_from_the_seed_and_mixes_the_digits():
    first, again, other = digits_split(3), digits_split(3), digits_split(4)
    assert np.array_equal(first.test.I, again.test.I)
    assert not np.array_equal(first.test.I, other.test.I)
    assert not np.array_equal(np.sort(first.train.labels), first.train.labels)
    with pytest.raises(ValueError, match="seed is -2, but a whole number from 0 up is needed: try seed=0"):
        digits_split(-2)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_small_network_reads_the_digits_it_has_not_seen(seed):
    split = digits_split(seed)
    net = Network.random([64, 32, 10], sigmoid, cross_entropy, seed)
    run = train(net, split.train.I, split.train.D, alpha=1, epochs=30, batch_size=32, seed=seed)
    assert share_right(run.net, split.test.I, split.test.D) > 0.95
