"""The learner's functions as the engine: the numbers that they give for one example, symbol by symbol."""

import numpy as np

from mlpkit.core import network
from mlpkit.core.network import Network
from mlpkit.exercises.compare import compare, pieces
from mlpkit.exercises.finding import Finding, NotRight
from mlpkit.exercises.sandbox import run
from mlpkit.exercises.tasks import TASKS, Case
from mlpkit.exercises.words import name_of

FUNCTIONS = ("forward", "backward", "gradient", "step")  # each may be the learner's, with the kit's own arguments


class Own:
    """The learner's functions, in place of the kit's of the same name.

    functions: {a name of FUNCTIONS: the function}; None stands for none.
    """

    def __init__(self, functions):
        self.functions = {name: function for name, function in functions.items() if function is not None}
        self._given_up = {}  # {name: its Finding}: what did not end, or has a memory, is not called again
        self._without_memory = set()  # the names of those that gave the same when called again

    def __bool__(self):
        return bool(self.functions)

    @property
    def names(self):
        """The functions in words, such as 'my_forward and my_backward'."""
        written = [self.name(name) for name in FUNCTIONS if name in self.functions]
        return " and ".join([", ".join(written[:-1]), written[-1]] if len(written) > 1 else written)

    def name(self, name):
        """What the learner calls their function of this name of FUNCTIONS."""
        written = name_of(self.functions[name]).strip("`")
        return "your own" if written == "Your function" else written

    def numbers(self, net, I, D, alpha):
        """What they give for one example: ({symbol: number}, a sentence for each that gives nothing that fits).

        Each is given what the one before it gave: backward gets the learner's (a, o), and gradient also the learner's
        delta; where there is none, what the kit computes.
        """
        case = Case(net, I, D, alpha, "this example")
        found, sentences = {}, []

        def ask(name, arguments):
            """{kind: the list of its arrays by layer}, or nothing where there is no function or no answer that fits."""
            if name not in self.functions:
                return {}
            try:
                fitting = self._pieces(name, arguments, case)
            except NotRight as problem:
                sentences.append(_instead(name, problem.finding))
                return {}
            for piece in fitting:
                found.update(piece.numbers())
            return _by_layer(fitting, net)

        theirs = ask("forward", {"net": net, "I": I})
        a, o = (theirs["a"], theirs["o"]) if theirs else network.forward(net, I)
        theirs = ask("backward", {"net": net, "(a, o)": (a, o), "D": D})
        delta = theirs["delta"] if theirs else network.backward(net, (a, o), D)
        ask("gradient", {"o": o, "delta": delta})
        ask("step", {"net": net, "I": I, "D": D, "alpha": alpha})
        return found, sentences

    def forward(self, net, I):
        """§2 with theirs, for examples in the rows of I, (m, n[0] - 1): ((a, o), a sentence).

        The kit's where there is none of theirs, or none whose answer fits; then the sentence says so. Else it is "".
        """
        if "forward" not in self.functions:
            return network.forward(net, I), ""
        try:
            fitting = self._pieces("forward", {"net": net, "I": I}, Case(net, I, None, None, "these examples"))
        except NotRight as problem:
            return network.forward(net, I), _instead("forward", problem.finding)
        lists = _by_layer(fitting, net)
        return (lists["a"], lists["o"]), ""

    def _pieces(self, name, arguments, case):
        """The arrays of what a function of theirs answers. Raises NotRight where it gives none that fit."""
        try:
            if name in self._given_up:
                raise NotRight(self._given_up[name])
            found = pieces(TASKS[name], case, run(self.functions[name], arguments).answer)
            if name not in self._without_memory:
                again = pieces(TASKS[name], case, run(self.functions[name], arguments).answer)
                if not all(
                    np.array_equal(one.theirs, two.theirs, equal_nan=True)
                    for one, two in zip(found, again, strict=True)
                ):
                    raise NotRight(Finding("memory", self._has_a_memory(name)))
                self._without_memory.add(name)
            return found
        except NotRight as problem:
            if problem.finding.time_up or problem.finding.kind == "memory":
                self._given_up[name] = problem.finding
            raise

    def _has_a_memory(self, name):
        return (
            f"Called twice with the same arguments, {name_of(self.functions[name])} gives two answers: it keeps "
            "something between the calls, as momentum does. Here each number is computed anew at every move, so that "
            "it has no past."
        )

    def step(self, net, I, D, alpha):
        """§5: the Network after one step of theirs on a batch. Quick: nothing is copied, and no answer looked at.

        Where they have a `step`, that is called alone; else their forward, backward and gradient, one after the other,
        and the kit's own for what is missing.
        """
        return self._step(
            lambda name, arguments: self.functions.get(name, getattr(network, name))(*arguments.values()),
            net,
            I,
            D,
            alpha,
        )

    def watched_step(self, net, I, D, alpha):
        """The same step, each function called on copies and its answer held against the kit's.

        Returns (the Network, the first number that is not the kit's): (the function's name in FUNCTIONS, a Difference),
        or None. Raises NotRight where theirs give no network.
        """
        case, differing = Case(net, I, D, alpha, "this batch"), []

        def call(name, arguments):
            if name not in self.functions:
                return getattr(network, name)(*arguments.values())
            answer = run(self.functions[name], arguments).answer
            if finding := compare(TASKS[name], case, answer):
                differing.append((name, finding.differs))
            return answer

        try:
            after = self._step(call, net, I, D, alpha)
        except ValueError as problem:  # the new weights are no Network's
            raise NotRight(Finding("unfit", f"What {self.names} gives is no network: {problem}.")) from None
        return after, next(iter(differing), None)

    def _step(self, call, net, I, D, alpha):
        if "step" in self.functions:
            after = call("step", {"net": net, "I": I, "D": D, "alpha": alpha})
            w = after.w if isinstance(after, Network) else after  # a list of the weights will do
        else:
            a, o = map(_arrays, call("forward", {"net": net, "I": I}))
            delta = _arrays(call("backward", {"net": net, "(a, o)": (a, o), "D": D}))
            grad = _arrays(call("gradient", {"o": o, "delta": delta}))
            w = [w - alpha * g for w, g in zip(net.w, grad, strict=True)]  # §5
        return Network(w, net.sigma, net.loss)


def _arrays(layers):
    return [None if layer is None else np.asarray(layer) for layer in layers]


def _by_layer(fitting, net):
    """{kind: the list of its arrays by layer} of such pieces."""
    lists = {}
    for piece in fitting:
        kind, l = piece.prefix
        lists.setdefault(kind, [None] * net.L)[l] = piece.theirs
    return lists


def _instead(name, finding):
    return f"{plain(finding)} The kit’s {name} is shown instead."


def plain(finding):
    """The sentence of a Finding on one line, without the marks around what is code."""
    return finding.sentence.replace("`...`", "“...”").replace("`", "").replace("\n", " ")
