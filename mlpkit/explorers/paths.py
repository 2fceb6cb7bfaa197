"""Why the chain rule sums: every path from one weight to the loss, as plain data. And why nobody walks them all.

A path goes from the neuron at the weight's end through one neuron of each layer to an output. Along it the derivatives
are multiplied; over all paths the products are added up, and the sum is ∂L̃/∂w.
"""

from itertools import pairwise, product
from math import prod
from time import perf_counter

from mlpkit.core.arguments import check_one_example
from mlpkit.core.network import Network
from mlpkit.derivations.formulas import LOSS, Partial, Sigma
from mlpkit.derivations.instances import Instance
from mlpkit.explorers.controls import Exploration, button, slider
from mlpkit.explorers.panels import axis, curve, numbers, panel, point, sentence, table
from mlpkit.notation import in_parentheses, key, number_text, spoken, text
from mlpkit.notation.expressions import MATHML, Ref

MOST = 4096  # paths that are listed
SHOWN = 40  # of these, in the table


def one_case(net, I, D):
    """The case of one example, or ValueError."""
    return Instance.of(net, *check_one_example(net, I, D))


def count(n, l):
    """How many paths lead from a weight of layer l to the loss. n: as Network.n."""
    return prod(size - 1 for size in n[l + 2 :])


def weights(net):
    """The weights that can be chosen: those that move and have at most MOST paths."""
    return [
        ("w", l, i, j)
        for l in range(net.L - 1)
        if count(net.n, l) <= MOST
        for i in range(net.n[l])
        for j in range(1, net.n[l + 1])
    ]


def paths(case, weight):
    """Every path of a weight: tuples of one neuron for each layer from its end to the output."""
    _, l, _, j = weight
    return [(j, *rest) for rest in product(*(range(1, case.n[layer]) for layer in range(l + 2, case.L)))]


def factors(case, weight, path):
    """What is multiplied along a path, from the weight to the loss: (MathML, spoken, number) of each."""
    _, l, i, _ = weight
    terms = [Ref(("o", l, i))]
    for k, neuron in enumerate(path):
        layer = l + 1 + k
        if k:
            terms.append(Ref(("w", layer - 1, path[k - 1], neuron)))
        terms.append(Sigma(Ref(("a", layer, neuron)), prime=True))
    terms.append(Partial(LOSS, Ref(("o", case.L - 1, path[-1]))))
    return [(term.write(MATHML), term.speech(), term.value(case.forward)) for term in terms]


def picture(net):
    """Where the neurons stand: {"width", "height", "neurons": [...]}, each with id, x, y, name and constant."""
    across, margin = 118, 46
    up = min(78, max(46, 340 / (max(net.n) - 1)))  # so far apart as there is room, down to where neurons would touch
    width = 2 * margin + across * (net.L - 1) + across
    height = 2 * margin + up * (max(net.n) - 1)
    neurons = []
    for l, size in enumerate(net.n):
        shown = size - (l == net.L - 1)  # the last layer's neuron 0 leads nowhere
        first = (height - up * (shown - 1)) / 2
        for place in range(shown):
            i = place + (l == net.L - 1)
            here = {"id": f"{l}-{i}", "x": margin + across * l, "y": first + up * place, "name": text(("o", l, i))}
            neurons.append(here | {"constant": i == 0})
    loss = {"id": "loss", "x": width - margin, "y": height / 2, "name": text(("loss",)), "constant": False}
    return {"width": width, "height": height, "neurons": [*neurons, loss]}


def weight_ends(weight):
    """Where the edge of a weight starts and ends: ids of the picture's neurons."""
    _, l, i, j = weight
    return [f"{l}-{i}", f"{l + 1}-{j}"]


def edges(net):
    """Every edge of the picture: [id of its start, id of its end]."""
    found = [
        weight_ends(("w", l, i, j)) for l in range(net.L - 1) for i in range(net.n[l]) for j in range(1, net.n[l + 1])
    ]
    return found + [[f"{net.L - 1}-{j}", "loss"] for j in range(1, net.n[-1])]


def shown(case, weight, chosen):
    """What the widget shows of a weight and of one of its paths. chosen: its number from 1 on, or 0 for all."""
    every = paths(case, weight)
    products = [prod(number for _, _, number in factors(case, weight, path)) for path in every]
    total, derivative = sum(products), case.derivative(LOSS, weight, {})
    name = text(weight)
    lit = []
    for path in [every[chosen - 1]] if chosen else every:
        lit += [step for step in _route(weight, path) if step not in lit]
    start, end = weight_ends(weight)
    labels, equation = [{"from": start, "to": end, "text": name}], ""
    if chosen:
        along = factors(case, weight, every[chosen - 1])
        symbols = '<mspace width="0.17em"></mspace>'.join(symbol for symbol, _, _ in along)
        values = "<mo>·</mo>".join(_factor(number) for _, _, number in along)
        result = f"<mn>{number_text(products[chosen - 1])}</mn>"
        equation = f"<math><mrow>{symbols}</mrow></math> <math><mrow><mo>=</mo>{values}</mrow></math> "
        equation += f"<math><mrow><mo>≈</mo>{result}</mrow></math>"
        labels += _labels(weight, every[chosen - 1], along)
        said = " times ".join(words for _, words, _ in along)
        said = f"Path {chosen} of {len(every)}: {said}, which is {number_text(products[chosen - 1])}."
    else:
        said = f"All {len(every)} paths." if len(every) > 1 else "There is one path."
    said += f" The sum over all paths is {number_text(total)}, "
    said += f"the derivative by {spoken(weight)} is {number_text(derivative)}."
    listed = [
        {"number": k + 1, "way": _way(weight, path), "product": number_text(products[k])}
        for k, path in enumerate(every[:SHOWN])
    ]
    return {
        "weight": name,
        "count": len(every),
        "lit": lit,
        "labels": labels,
        "equation": equation,
        "paths": listed,
        "more": f"and {len(every) - SHOWN} more paths" if len(every) > SHOWN else "",
        "sum": number_text(total),
        "derivative": number_text(derivative),
        "spoken": said,
    }


def _factor(number):
    written = f"<mn>{number_text(number)}</mn>"
    return in_parentheses(written) if number < 0 else written


def _route(weight, path):
    """The edges of a path, the weight itself first: [id of the start, id of the end]."""
    _, l, i, _ = weight
    stops = [f"{l}-{i}", *(f"{l + 1 + k}-{neuron}" for k, neuron in enumerate(path)), "loss"]
    return [list(pair) for pair in pairwise(stops)]


def _labels(weight, path, along):
    """The numbers beside a path: at its neurons {"at": id, "text"}."""
    _, l, i, _ = weight
    stops = [f"{l}-{i}", *(f"{l + 1 + k}-{neuron}" for k, neuron in enumerate(path))]
    labels = [{"at": stops[0], "text": f"o = {number_text(along[0][2])}"}]
    numbers_ = along[1:]
    for k, stop in enumerate(stops[1:]):
        labels.append({"at": stop, "text": f"σ′ = {number_text(numbers_[2 * k][2])}"})
    for k in range(len(path) - 1):
        labels.append({"from": stops[k + 1], "to": stops[k + 2], "text": number_text(numbers_[2 * k + 1][2])})
    return [*labels, {"from": stops[-1], "to": "loss", "text": number_text(along[-1][2])}]


def _way(weight, path):
    _, l, i, _ = weight
    stops = [text(("o", l, i)), *(text(("o", l + 1 + k, neuron)) for k, neuron in enumerate(path))]
    return " → ".join([*stops, text(("loss",))])


def weight_options(net):
    """The weights that can be chosen: {"value": the key, "label": a text, "ends": of its edge} of each."""
    return [{"value": key(weight), "label": text(weight), "ends": weight_ends(weight)} for weight in weights(net)]


# The work, counted and measured.

WIDTH = 3  # neurons in each hidden layer
DEEPEST = 8  # hidden layers


def network(hidden):
    """A 2-3-...-3-1 network with that many hidden layers, and an example."""
    net = Network.random([2, *[WIDTH] * hidden, 1], seed=hidden)
    return net, (0.5, 1.0), (1.0,)


def by_paths(o, slope, w, last):
    """(∂L̃/∂w of the first weight, multiplications), path by path. o: its factor; slope[l][j], w[l][i][j], last[j]."""
    count_, total = 0, 0.0
    for path in product([1], *(range(1, len(layer)) for layer in slope[2:])):
        number = o * slope[1][1]
        count_ += 1
        for l, (before, after) in enumerate(pairwise(path), start=1):
            number *= w[l][before][after] * slope[l + 1][after]
            count_ += 2
        total += number * last[path[-1]]
        count_ += 1
    return total, count_


def by_back_propagation(o, slope, w, last):
    """The same as by_paths, with δ handed back layer by layer (Theorem 2), and then Theorem 1."""
    top = len(slope) - 1
    delta = [slope[top][j] * last[j] for j in range(len(last))]
    count_ = len(last) - 1
    for l in range(top - 1, 0, -1):
        before = [0.0]
        for i in range(1, len(slope[l])):
            before.append(slope[l][i] * sum(w[l][i][k] * delta[k] for k in range(1, len(delta))))
            count_ += len(delta)
        delta = before
    return o * delta[1], count_ + 1


def work(hidden):
    """What both ways need on network(hidden): how many paths and multiplications, and both derivatives."""
    numbers_ = _numbers(hidden)
    slow, many = by_paths(*numbers_)
    quick, few = by_back_propagation(*numbers_)
    return {"paths": WIDTH ** (hidden - 1), "by paths": many, "backwards": few, "derivatives": (slow, quick)}


def _numbers(hidden):
    net, I, D = network(hidden)
    case = Instance.of(net, I, D)
    slope = [None] + [
        [0.0] + [case.sigma(l, case.forward["a", l, j], True) for j in range(1, case.n[l])] for l in range(1, case.L)
    ]
    last = [0.0] + [case.derivative(LOSS, ("o", case.L - 1, j), {}) for j in range(1, case.n[-1])]
    return case.forward["o", 0, 1], slope, case.w, last


def measured(hidden, repeat=3):
    """Seconds that both ways take on network(hidden), the best of a few."""
    numbers_ = _numbers(hidden)
    times = []
    for way in (by_paths, by_back_propagation):
        best = float("inf")
        for _ in range(repeat):
            began = perf_counter()
            way(*numbers_)
            best = min(best, perf_counter() - began)
        times.append(best)
    return tuple(times)


_GROWTH = "Each further layer triples the paths; back-propagation adds the same twelve multiplications."


def deepening():
    """How the number of paths, and the work, grow with the hidden layers of a 2-3-...-3-1 network."""
    depths = range(1, DEEPEST + 1)
    all_work = [work(hidden) for hidden in depths]
    controls = [
        slider("hidden", "hidden layers", "hidden layers", 1, DEEPEST, 1, 3),
        button("measure", "Measure both", "Measure how long both ways take"),
    ]

    def measure(values, memory):
        hidden = round(values["hidden"])
        return values, memory | {hidden: measured(hidden)}

    def show(values, memory):
        hidden = round(values["hidden"])
        now = all_work[hidden - 1]
        many, few = now["by paths"], now["backwards"]
        said = (
            f"{hidden} hidden layers: {now['paths']} paths, {many} multiplications path by path, "
            f"{few} with back-propagation."
        )
        body = [["multiplications", f"{many}", f"{few}"], ["the derivative", *map(number_text, now["derivatives"])]]
        if hidden in memory:
            slow, quick = memory[hidden]
            body.append(["measured, in microseconds", f"{1e6 * slow:.1f}", f"{1e6 * quick:.1f}"])
            said += f" Measured: {1e6 * slow:.0f} and {1e6 * quick:.0f} microseconds."
        drawn = panel(
            "multiplications for one derivative of layer 0",
            f"The multiplications against the number of hidden layers. {said}",
            axis("hidden layers", 0.8, DEEPEST + 0.2, ticks=list(depths)),
            axis("", 1, 10.0**5, log=True),
            [
                curve(list(depths), [one["by paths"] for one in all_work], "fg", "path by path", "dashed"),
                curve(list(depths), [one["backwards"] for one in all_work], "delta", "back-propagation", "", 3),
            ],
            points=[
                point(hidden, many, f"{many}", "square", place="left"),
                point(hidden, few, f"{few}", colour="delta", place="below"),
            ],
            wide=True,
        )
        rows = [
            numbers(("paths", f"{now['paths']}"), ("hidden layers of 3 neurons", f"{hidden}")),
            table(["for one derivative", "path by path", "back-propagation"], body, "The work of both ways"),
            sentence(_GROWTH if memory else "Both ways give the same derivative."),  # how the work grows is asked first
        ]
        return {"panels": [drawn], "rows": rows, "spoken": said}

    return Exploration("The number of paths", controls, show, press={"measure": measure}, memory={})
