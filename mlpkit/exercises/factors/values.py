"""What a line of the algorithm may read, of one case."""

import numpy as np

from mlpkit.core import network


class Values:
    """All that a line may read, of one case. What the learner's function gives is put in the place of the kit's.

    full_a, full_o: by layer, (m, n) with neuron 0; a, o, delta: the same without it. w: (n, n) without row 0 and column
    0; full_w: with them; b: the biases. e: ∂L̃/∂o. d: o − D. delta, g: the learner's own as far as they are known.
    row_0_apart: by how much row 0 of g is not the δ of its other rows, where it is not. own_o: the layers whose o is
    their own.
    """

    def __init__(self, case):
        net = self.net = case.net
        self.case, self.alpha, self.L, self.D = case, case.alpha, net.L, np.atleast_2d(case.D)
        a, o = network.forward(net, np.atleast_2d(case.I))
        self.full_a, self.full_o, self.full_w = list(a), list(o), list(net.w)
        self.m = len(self.D)
        self.a, self.o = ([None if layer is None else layer[:, 1:] for layer in layers] for layers in (a, o))
        self.w, self.b = [w[1:, 1:] for w in net.w], [w[0, 1:] for w in net.w]
        self.d = self.o[-1] - self.D
        self.e = net.loss.gradient(self.o[-1], self.D)
        right = network.backward(net, (a, o), self.D)
        self.delta = [None if layer is None else layer[:, 1:] for layer in right]
        self.right_delta = list(self.delta)
        self.g, self.row_0_apart, self.own_o = None, [], []

    def with_forward(self, a, o):
        """Their a and o in the place of the kit's."""
        for l in range(1, self.L):
            self.full_a[l], self.full_o[l] = np.atleast_2d(a[l]), np.atleast_2d(o[l])
            self.a[l], self.o[l] = self.full_a[l][:, 1:], self.full_o[l][:, 1:]
        self.full_o[0] = np.atleast_2d(o[0])
        self.o[0] = self.full_o[0][:, 1:]

    def slope(self, l, at=None):
        return self.net.sigma[l].derivative(self.a[l] if at is None else at)

    def new_w(self, l):
        return self.w[l] - self.alpha * self.g[l][1:, 1:]

    def raw(self, l, start):
        """What begins at the output as `start` and goes back through w alone, with no σ′ on its way."""
        for k in range(self.L - 2, l - 1, -1):
            start = start @ self.w[k].T
        return start
