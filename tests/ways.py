"""Faults of various kinds in other ways of writing than the kit's: each a whole function as text.

(function, way of writing, what is wrong, what the check names it, text): neuron 0 cut off first, o (1 − o)(o − D) written
out, float32, lists, nested comprehensions, einsum, recursion, W and b stored apart and transposed, dictionaries, columns.
"""
# ruff: noqa: E501

# W stored as other books do, one row for each neuron after, and examples in columns.
COLUMNS = """
def step(net, I, D, alpha):
    X, Y = np.atleast_2d(I).T, np.atleast_2d(D).T
    m = X.shape[1]
    P = {{}}
    for l, w in enumerate(net.w, 1):
        P["W%d" % l], P["b%d" % l] = w[1:, 1:].T.copy(), w[0, 1:][:, None].copy()
    C = {{"A0": X}}
    for l in range(1, net.L):
        C["Z%d" % l] = {Z}
        C["A%d" % l] = {A}
    dA, G = {dA}, {{}}
    for l in range(net.L - 1, 0, -1):
        dZ = {dZ}
        G["W%d" % l] = {dW}
        G["b%d" % l] = {db}
        dA = {back}
    new = []
    for l in range(1, net.L):
        W, b = {W}, {b}
        w = np.zeros((W.shape[1] + 1, W.shape[0] + 1))
        w[0, 0], w[0, 1:], w[1:, 1:] = 1, b[:, 0], W.T
        new.append(w)
    return new
"""
_COLUMNS = {
    "Z": 'P["W%d" % l] @ C["A%d" % (l - 1)] + P["b%d" % l]',
    "A": 'net.sigma[l](C["Z%d" % l])',
    "dA": 'net.loss.gradient(C["A%d" % (net.L - 1)].T, Y.T).T',
    "dZ": 'dA * net.sigma[l].derivative(C["Z%d" % l])',
    "dW": 'dZ @ C["A%d" % (l - 1)].T / m',
    "db": "np.sum(dZ, axis=1, keepdims=True) / m",
    "back": 'P["W%d" % l].T @ dZ',
    "W": 'P["W%d" % l] - alpha * G["W%d" % l]',
    "b": 'P["b%d" % l] - alpha * G["b%d" % l]',
}
# Recursion from the output, in plain lists.
RECURSION = """
def backward(net, activations, D):
    a, o = activations
    if np.ndim(D) > 1:
        each = [backward(net, ([None] + [x[k] for x in a[1:]], [x[k] for x in o]), d) for k, d in enumerate(D)]
        return [None] + [np.array([one[l] for one in each]) for l in range(1, net.L)]
    def of(l):
        s = [float(net.sigma[l].derivative({at})) for i in range(1, net.n[l])]
        if l == net.L - 1:
            e = [float(x) for x in {error}]
            return [[0.0] + [x * y for x, y in zip(s, e)]]
        later = of(l + 1)
        back = [{back} for i in range(1, net.n[l])]
        return [[0.0] + [{here} for x, y in zip(s, back)]] + later
    return [None] + of(1)
"""
_RECURSION = {
    "at": "float(a[l][i])",
    "error": "net.loss.gradient(np.array(o[-1][1:]), D)",
    "back": "sum(net.w[l][i, k] * later[0][k] for k in range(1, net.n[l + 1]))",
    "here": "x * y",
}
EINSUM = """
def backward(net, activations, D):
    a, o = activations
    d = {{}}
    for l in reversed(range(1, net.L)):
        if l == net.L - 1:
            r = {error}
        else:
            r = np.einsum({back})
        d[l] = np.zeros(np.shape(a[l]))
        d[l][..., 1:] = {slope} * r
    return [None] + [d[l] for l in sorted(d)]
"""
_EINSUM = {
    "error": "net.loss.gradient(o[l][..., 1:], D)",
    "back": "'ik,...k->...i', net.w[l][1:, 1:], d[l + 1][..., 1:]",
    "slope": "net.sigma[l].derivative(a[l][..., 1:])",
}
NESTED = """
def gradient(o, delta):
    rows = [[x] if np.ndim(x) == 1 else x for x in o]
    back = [None] + [[x] if np.ndim(x) == 1 else x for x in delta[1:]]
    return [[[{g} for j in range(len(back[l + 1][0]))] for i in range(len(rows[l][0]))] for l in range(len(o) - 1)]
"""
_G = "sum(rows[l][k][i] * back[l + 1][k][j] for k in range(len(rows[l]))) / len(rows[l])"
LISTS = """
def forward(net, I):
    if np.ndim(I) > 1:
        each = [forward(net, row) for row in I]
        return [None] + [np.array([x[0][l] for x in each]) for l in range(1, net.L)], [np.array([x[1][l] for x in each]) for l in range(net.L)]
    a, o = [None], [[1.0] + list(map(float, I))]
    for l in range(1, net.L):
        w = net.w[l - 1].tolist()
        a.append([1.0] + [{a} for i in range(1, net.n[l])])
        o.append([1.0] + [float({o}) for i in range(1, net.n[l])])
    return a, o
"""
_LISTS = {"a": "sum(o[l - 1][j] * w[j][i] for j in range(net.n[l - 1]))", "o": "net.sigma[l](a[l][i])"}
# Written out for the one example or the batch, with names of a lecture, in float32.
SINGLE = """
def step(net, I, D, alpha):
    x, y = np.atleast_2d(np.float32(I)), np.atleast_2d(np.float32(D))
    ws = [np.float32(w) for w in net.w]
    layers, nets = [np.hstack([np.ones((len(x), 1), np.float32), x])], [None]
    for l, w in enumerate(ws):
        nets.append(layers[-1] @ w)
        out = np.float32(net.sigma[l + 1](nets[-1]))
        out[:, 0] = 1
        layers.append(out)
    err = {err}
    grads = []
    for l in reversed(range(len(ws))):
        err[:, 0] = 0
        grads.insert(0, {grad})
        if l:
            err = {back}
    return [{new} for w, g in zip(ws, grads)]
"""
_SINGLE = {
    "err": "np.float32(np.hstack([np.zeros((len(x), 1)), net.loss.gradient(layers[-1][:, 1:], y)]) * net.sigma[-1].derivative(nets[-1]))",
    "grad": "layers[l].T @ err / len(x)",
    "back": "np.float32((err @ ws[l].T) * net.sigma[l].derivative(nets[l]))",
    "new": "w - np.float32(alpha) * g",
}


def columns(**parts):
    return COLUMNS.format(**_COLUMNS | parts)


def recursion(**parts):
    return RECURSION.format(**_RECURSION | parts)


def einsum(**parts):
    return EINSUM.format(**_EINSUM | parts)


def nested(g=_G):
    return NESTED.format(g=g)


def lists(**parts):
    return LISTS.format(**_LISTS | parts)


def single(**parts):
    return SINGLE.format(**_SINGLE | parts)


RIGHT = [("step", columns()), ("backward", recursion()), ("backward", einsum()), ("gradient", nested()), ("forward", lists()), ("step", single())]  # fmt: skip

VARIANTS = [
    ("step", "σ′ left out everywhere", "σ′ left out", columns(dZ="dA")),
    ("step", "logistic slope everywhere", "logistic σ′ for every σ", columns(dZ='dA * C["A%d" % l] * (1 - C["A%d" % l])')),
    ("step", "σ′ of the output o", "σ′(o) for σ′(a)", columns(dZ='dA * net.sigma[l].derivative(C["A%d" % l])')),
    ("step", "Y − A", "(D − o)", columns(dA='Y - C["A%d" % (net.L - 1)]')),
    ("step", "A − Y whatever the loss", "o − D for every loss", columns(dA='C["A%d" % (net.L - 1)] - Y')),
    ("step", "dA in the place of dZ on the way back", "the raw error ∂L̃/∂o carried back through w", columns(back='P["W%d" % l].T @ dA')),
    ("step", "1/m forgotten for b", "the sum over the examples of δⱼ for δⱼ in row 0, the biases", columns(db="np.sum(dZ, axis=1, keepdims=True)")),
    ("step", "1/m forgotten for W", "the sum over the examples of oᵢ δⱼ for oᵢ δⱼ in rows 1, 2, ...", columns(dW='dZ @ C["A%d" % (l - 1)].T')),
    ("step", "1/m forgotten", "sum for mean over a batch", columns(dW='dZ @ C["A%d" % (l - 1)].T', db="np.sum(dZ, axis=1, keepdims=True)")),
    ("step", "keepdims and axis forgotten: one db for all", "the sum of δ over the layer", columns(db="np.sum(dZ) / m + 0 * P['b%d' % l]")),
    ("step", "Z in the place of A in dW", "a of the layer before for oᵢ", columns(dW='dZ @ (C["Z%d" % (l - 1)] if l > 1 else X).T / m')),
    ("step", "updated on the way", "δ from new weights", columns(back='(P["W%d" % l] - alpha * G["W%d" % l]).T @ dZ')),
    ("step", "b forgotten in Z", "bias neuron forgotten", columns(Z='P["W%d" % l] @ C["A%d" % (l - 1)]')),
    ("step", "b not moved", "biases not moved", columns(b='P["b%d" % l]')),
    ("step", "plus", "plus instead of minus", columns(W='P["W%d" % l] + alpha * G["W%d" % l]', b='P["b%d" % l] + alpha * G["b%d" % l]')),
    ("step", "α forgotten", "α forgotten", columns(W='P["W%d" % l] - G["W%d" % l]', b='P["b%d" % l] - G["b%d" % l]')),
    ("step", "W moved up, b down", "−oᵢ δⱼ for oᵢ δⱼ in rows 1, 2, ...", columns(W='P["W%d" % l] + alpha * G["W%d" % l]')),
    ("step", "σ′ squared", "σ′(a)² for σ′(a) in every layer", columns(dZ='dA * net.sigma[l].derivative(C["Z%d" % l]) ** 2')),
    ("step", "m taken twice in the hidden layers", "mean over the batch taken in δ", columns(back='P["W%d" % l].T @ dZ / m')),
    ("backward", "σ′ of o", "σ′(o) for σ′(a)", recursion(at="float(o[l][i])")),
    ("backward", "the neuron before", "σ′(a) of the neuron before it", recursion(at="float(a[l][i - 1])")),
    ("backward", "D − o", "(D − o)", recursion(error="[d - x for d, x in zip(D, o[-1][1:])]")),
    ("backward", "squared", "(o − D)²", recursion(error="[(x - d) ** 2 for d, x in zip(D, o[-1][1:])]")),
    ("backward", "o (1 − o)(o − D) at the output", "the notes' formula", recursion().replace("[x * y for x, y in zip(s, e)]", "[o[-1][j] * (1 - o[-1][j]) * (o[-1][j] - D[j - 1]) for j in range(1, net.n[l])]")),
    ("backward", "turned where it fits", "transpose missing", recursion(back="sum((net.w[l].T if net.n[l] == net.n[l + 1] else net.w[l])[i, k] * later[0][k] for k in range(1, net.n[l + 1]))")),
    ("backward", "last k left out", "all ways but the last", recursion(back="sum(net.w[l][i, k] * later[0][k] for k in range(1, net.n[l + 1] - 1))")),
    ("backward", "δ of the output for all", "δ of the wrong layer", recursion(back="sum(net.w[l][i, k] * later[-1][k] for k in range(1, min(net.n[l + 1], net.n[-1])))")),
    ("backward", "added", "σ′(a) and Σₖ wᵢₖ δₖ added", recursion(here="x + y")),
    ("backward", "maximum for sum", "the largest of wᵢₖ δₖ", recursion(back="max(net.w[l][i, k] * later[0][k] for k in range(1, net.n[l + 1]))")),
    ("backward", "k summed in δ and w apart", "δ summed over the wrong index", einsum(back="'ik,...m->...i', net.w[l][1:, 1:], d[l + 1][..., 1:]")),
    ("backward", "|w|", "δ carried back through |w|", einsum(back="'ik,...k->...i', abs(net.w[l][1:, 1:]), d[l + 1][..., 1:]")),
    ("backward", "σ′ left out in the hidden layers", "σ′ left out", einsum(slope="(net.sigma[l].derivative(a[l][..., 1:]) if l == net.L - 1 else 1)")),
    ("backward", "1 − o²", "(1 − o²) for σ′(a) in every layer", einsum(slope="(1 - o[l][..., 1:] ** 2)")),
    ("backward", "another layer's σ", "σ′ of another layer", einsum(slope="net.sigma[1].derivative(a[l][..., 1:])")),
    ("backward", "mean over the outputs", "the mean of ∂L̃/∂o over the outputs", einsum(error="net.loss.gradient(o[l][..., 1:], D).mean(axis=-1, keepdims=True)")),
    ("gradient", "sum for mean", "sum for mean over a batch", nested("sum(rows[l][k][i] * back[l + 1][k][j] for k in range(len(rows[l])))")),
    ("gradient", "the first example alone", "one example of the batch only", nested("rows[l][0][i] * back[l + 1][0][j]")),
    ("gradient", "o of the layer after", "o of the wrong layer", nested(_G.replace("rows[l][k][i]", "(rows[l][k][i] if len(rows[l][0]) != len(rows[l + 1][0]) else rows[l + 1][k][i])"))),
    ("gradient", "minus", "minus taken too early", nested(f"-{_G}")),
    ("gradient", "row 0 left out", "derivatives of the biases left out", nested(f"({_G}) * (i > 0)")),
    ("forward", "without bias", "bias neuron forgotten", lists(a="sum(o[l - 1][j] * w[j][i] for j in range(1, net.n[l - 1]))")),
    ("forward", "σ left out at the output", "σ left out in the output layer", lists(o="net.sigma[l](a[l][i]) if l < net.L - 1 else a[l][i]")),
    ("forward", "reads a", "aⱼ, before σ", lists(a="sum((o[0] if l == 1 else a[l - 1])[j] * w[j][i] for j in range(net.n[l - 1]))")),
    ("forward", "σ of layer 1 everywhere", "σ of another layer", lists(o="net.sigma[1](a[l][i])")),
    ("step", "α twice", "α counted twice", single(grad="np.float32(alpha) * layers[l].T @ err / len(x)")),
    ("step", "divided by the neurons before", "divided by the number of neurons", single(grad="layers[l].T @ err / layers[l].shape[1]")),
    ("step", "half", "Δw half as large", single(grad="layers[l].T @ err / (2 * len(x))")),
    ("step", "raw error at the output", "σ′ left out", single(err="np.float32(np.hstack([np.zeros((len(x), 1)), net.loss.gradient(layers[-1][:, 1:], y)]))")),
    ("step", "σ′ of o in the hidden layers", "σ′(o) for σ′(a)", single(back="np.float32((err @ ws[l].T) * net.sigma[l].derivative(layers[l]))")),
    ("step", "σ′ forgotten, and the sum for the mean", "σ′(a) left out in the hidden layers, and the sum over the examples of oᵢ δⱼ", single(back="np.float32(err @ ws[l].T)", grad="layers[l].T @ err")),
]  # fmt: skip
