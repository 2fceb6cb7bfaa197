"""Gradients from outside the kit, stored so that every run of the tests has them.

How they were made: by the complex step, ∂L̃/∂w = Im L̃(w + ih) / h with h = 10^-30, in arithmetic of 50 digits with
mpmath, by a forward pass over scalars that shares no code with the kit (`compute` below). PyTorch 2.13.0 gave the same
by automatic differentiation in float64, to 2e-15. `python tests/oracle.py` computes the table anew and
prints it; it needs mpmath.
"""

import math
from itertools import pairwise

# name: (sizes without bias neurons, σ of layers 1, 2, ..., loss)
CASES = {
    "2-3-1 sigmoid": ([2, 3, 1], ["sigmoid", "sigmoid"], "half squared error"),
    "2-3-2 sigmoid, cross-entropy": ([2, 3, 2], ["sigmoid", "sigmoid"], "cross-entropy"),
    "2-3-2 tanh": ([2, 3, 2], ["tanh", "tanh"], "half squared error"),
    "2-3-2 relu": ([2, 3, 2], ["relu", "identity"], "half squared error"),
    "2-3-2 softplus": ([2, 3, 2], ["softplus", "softplus"], "half squared error"),
    "4-2-3-2 mixed": ([4, 2, 3, 2], ["tanh", "softplus", "sigmoid"], "cross-entropy"),
    "4-2-3-2 mixed, squared": ([4, 2, 3, 2], ["identity", "relu", "tanh"], "half squared error"),
    "3-2 identity": ([3, 2], ["identity"], "half squared error"),
}


def numbers(sizes):
    """(w, I, D) of a case: w with its fixed column, as nested lists of floats with three decimals."""
    k = 0
    w = []
    for before, after in pairwise(sizes):
        rows = []
        for i in range(before + 1):
            rows.append([1.0 if i == 0 else 0.0])
            for _ in range(after):
                k += 1
                rows[-1].append(round(1.1 * math.sin(2.3 * k + 0.4), 3))
        w.append(rows)
    I = [round(math.cos(1.9 * k + 0.2), 3) for k in range(sizes[0])]
    D = [round(0.5 + 0.4 * math.sin(2.9 * k + 1), 3) for k in range(sizes[-1])]
    return w, I, D


# name: (loss, [∂L̃/∂w of each matrix, row by row, without column 0])
TABLE = {
    "2-3-1 sigmoid": (
        0.21098216296817987,
        [
            [
                -0.013060421127751083,
                -0.0038658441903419356,
                0.013853370850354176,
                -0.01279921270519606,
                -0.003788527306535097,
                0.013576303433347092,
                0.006595512669514297,
                0.0019522513161226774,
                -0.006995952279428859,
            ],
            [-0.09892498713688902, -0.0655997079449692, -0.015356469692449904, -0.08201166654615422],
        ],
    ),
    "2-3-2 sigmoid, cross-entropy": (
        2.223477132262085,
        [
            [
                -0.14094667762408716,
                -0.1022761236690533,
                0.11427803891172485,
                -0.13812774407160544,
                -0.10023060119567223,
                0.11199247813349035,
                0.07117807220016402,
                0.05164944245287192,
                -0.05771040965042105,
            ],
            [
                -0.5996211156277677,
                0.4577503931102646,
                -0.39762421205461235,
                0.30354608040712777,
                -0.09308127052216858,
                0.07105818501424441,
                -0.49710319315836243,
                0.3794882737683074,
            ],
        ],
    ),
    "2-3-2 tanh": (
        1.8627190896653498,
        [
            [
                -0.1132333797908368,
                -0.015699185502319066,
                0.031546265273873914,
                -0.11096871219502005,
                -0.015385201792272686,
                0.03091533996839644,
                0.05718285679437258,
                0.00792808867867113,
                -0.015930863963306327,
            ],
            [
                -0.06540815401055661,
                0.1559935471590173,
                -0.03857327886043681,
                0.09199438030344545,
                0.061135119087872,
                -0.14580267898963972,
                -0.06007137325761451,
                0.14326572487669076,
            ],
        ],
    ),
    "2-3-2 relu": (
        4.222264599958141,
        [
            [
                -2.1319203217,
                0.0,
                2.83178067273,
                -2.089281915266,
                0.0,
                2.7751450592754,
                1.0766197624585,
                0.0,
                -1.43004923972865,
            ],
            [-2.55318453, 1.38772402, -1.72915698886515, 0.9398430311651, 0.0, 0.0, -4.0308656085828, 2.1908831738152],
        ],
    ),
    "2-3-2 softplus": (
        1.118158387110253,
        [
            [
                -0.7253643165058642,
                -0.07957612493892331,
                1.0024102415983525,
                -0.7108570301757469,
                -0.07798460244014485,
                0.9823620367663854,
                0.3663089798354614,
                0.040185943094156275,
                -0.506217172007168,
            ],
            [
                -0.11467059830687863,
                1.0725551519755836,
                -0.12476684146926026,
                1.166988928194584,
                -0.019344355855616963,
                0.18093468457421,
                -0.20253813054352857,
                1.8944116329157927,
            ],
        ],
    ),
    "4-2-3-2 mixed": (
        1.3640799086209427,
        [
            [
                -0.002312211656911014,
                -0.007374541861741745,
                -0.0022659674237727936,
                -0.0072270510245069095,
                0.001167666886740062,
                0.003724143640179581,
                0.001512186423619803,
                0.004822950377579101,
                -0.0021434202059565097,
                -0.006836200305834597,
            ],
            [
                -0.09651669571499824,
                0.40999769402377334,
                0.0033723286615872906,
                -0.09607185186825307,
                0.40810802146489555,
                0.0033567856548235766,
                0.09576028822709985,
                -0.40678451599811427,
                -0.0033458995072074994,
            ],
            [
                -0.2602949278557471,
                0.3324340277650338,
                -0.2605207448853171,
                0.3327224285621461,
                -0.30927359254536385,
                0.3949868209041523,
                -0.04612460662746582,
                0.05890775085999312,
            ],
        ],
    ),
    "4-2-3-2 mixed, squared": (
        0.66408882392201,
        [
            [
                -1.1614550822809202,
                -1.8202358206133038,
                -1.1382259806353017,
                -1.7838311042010377,
                0.5865348165518647,
                0.9192190894097184,
                0.7595916238117217,
                1.1904342266811008,
                -1.0766688612744129,
                -1.6873586057085326,
            ],
            [
                -0.7167521061133633,
                1.168251181982122,
                0.0,
                -2.1755533671732548,
                3.5459858031632425,
                0.0,
                1.9847267199458452,
                -3.2349529449746863,
                0.0,
            ],
            [
                -1.0118339424987375,
                0.2455043178661551,
                -0.7268059972852605,
                0.17634712880248243,
                -1.6926929247153497,
                0.41070318397588984,
                0.0,
                0.0,
            ],
        ],
    ),
    "3-2 identity": (
        2.96145444754,
        [[1.404782, -1.987334, 1.37668636, -1.94758732, -0.70941491, 1.00360367, -0.918727428, 1.299716436]],
    ),
}


def compute(sizes, sigma, loss):
    """(loss, gradients) of a case in 50 digits."""
    from mpmath import mp, mpc, mpf

    mp.dps = 50
    functions = {
        "sigmoid": lambda a: 1 / (1 + mp.exp(-a)),
        "tanh": mp.tanh,
        "relu": lambda a: a if a.real > 0 else mpc(0),
        "softplus": lambda a: mp.log(1 + mp.exp(a)),
        "identity": lambda a: a,
    }
    losses = {
        "half squared error": lambda o, D: sum((x - d) ** 2 for x, d in zip(o, D, strict=True)) / 2,
        "cross-entropy": lambda o, D: -sum(d * mp.log(x) + (1 - d) * mp.log(1 - x) for x, d in zip(o, D, strict=True)),
    }
    w, I, D = numbers(sizes)
    w = [[[mpc(mpf(str(number))) for number in row] for row in matrix] for matrix in w]
    D = [mpf(str(number)) for number in D]

    def value():
        o = [mpc(1), *(mpc(mpf(str(number))) for number in I)]
        for matrix, name in zip(w, sigma, strict=True):
            columns = range(1, len(matrix[0]))
            o = [mpc(1), *(functions[name](sum(o[i] * matrix[i][j] for i in range(len(o)))) for j in columns)]
        return losses[loss](o[1:], D)

    h = mpf(10) ** -30
    gradients = []
    for matrix in w:
        flat = []
        for row in matrix:
            for j in range(1, len(row)):
                row[j] += mpc(0, h)
                flat.append(float(value().imag / h))
                row[j] -= mpc(0, h)
        gradients.append(flat)
    return float(value().real), gradients


if __name__ == "__main__":
    print("TABLE = {")
    for name, case in CASES.items():
        print(f"    {name!r}: {compute(*case)!r},".replace("'", '"'))
    print("}")
