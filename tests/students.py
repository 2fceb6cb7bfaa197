"""Faults as students write them, in styles of their own: loops, neuron 0 cut off first, float32, lists, two at once.

Each is a whole function as text: (function, what is wrong, what the check names it, what its message must say, text).
"""
# ruff: noqa: E501

BACK_CUT = """
def backward(net, activations, D):
    a, o = activations
    a = [None] + [x[..., 1:] for x in a[1:]]
    o = [x[..., 1:] for x in o]
    W = [w[1:, 1:] for w in net.w]
    d = [None] * net.L
    d[-1] = {out}
    for l in range(net.L - 2, 0, -1):
        d[l] = {hidden}
    return [None] + [np.concatenate([np.zeros(x.shape[:-1] + (1,)), x], axis=-1) for x in d[1:]]
"""
OUT = "net.loss.gradient(o[-1], D) * net.sigma[-1].derivative(a[-1])"
HIDDEN = "d[l + 1] @ W[l].T * net.sigma[l].derivative(a[l])"

BACK_LOOPS = """
def backward(net, activations, D):
    a, o = activations
    if np.ndim(D) > 1:
        rows = [backward(net, ([None] + [x[k] for x in a[1:]], [x[k] for x in o]), D[k]) for k in range(len(D))]
        return [None] + [np.array([row[l] for row in rows]) for l in range(1, net.L)]
    delta = [None] + [[0.0] * n for n in net.n[1:]]
    for j in range(1, net.n[-1]):
        delta[-1][j] = {out}
    for l in range(net.L - 2, 0, -1):
        for i in range(1, net.n[l]):
            total = 0.0
            for k in range(1, net.n[l + 1]):
                total += {term}
            delta[l][i] = {hidden}
    return delta
"""
OUT_J = "float(net.sigma[-1].derivative(float(a[-1][j]))) * net.loss.gradient(o[-1][1:], D)[j - 1]"
TERM = "net.w[l][i, k] * delta[l + 1][k]"
HIDDEN_I = "total * net.sigma[l].derivative(float(a[l][i]))"

STEP_CUT = """
def step(net, I, D, alpha):
    X, Y = np.atleast_2d(I), np.atleast_2d(D)
    W, b = [w[1:, 1:] for w in net.w], [w[0, 1:] for w in net.w]
    m = len(X)
    zs, outs = [], [X]
    for l in range(net.L - 1):
        zs.append({z})
        outs.append({act})
    delta = {out}
    dW, db = [None] * (net.L - 1), [None] * (net.L - 1)
    for l in range(net.L - 2, -1, -1):
        dW[l] = {dW}
        db[l] = {db}
        if l:
            delta = {hidden}
    new = []
    for w, one, other in zip(net.w, dW, db):
        w = np.array(w)
        w[1:, 1:] -= {moveW}
        w[0, 1:] -= {moveb}
        new.append(w)
    return new
"""
STEP = {
    "z": "outs[-1] @ W[l] + b[l]",
    "act": "net.sigma[l + 1](zs[-1])",
    "out": "net.loss.gradient(outs[-1], Y) * net.sigma[-1].derivative(zs[-1])",
    "dW": "outs[l].T @ delta / m",
    "db": "delta.mean(axis=0)",
    "hidden": "delta @ W[l].T * net.sigma[l].derivative(zs[l - 1])",
    "moveW": "alpha * one",
    "moveb": "alpha * other",
}


def cut(**parts):
    return BACK_CUT.format(**{"out": OUT, "hidden": HIDDEN} | parts)


def loops(**parts):
    return BACK_LOOPS.format(**{"out": OUT_J, "term": TERM, "hidden": HIDDEN_I} | parts)


def step(**parts):
    return STEP_CUT.format(**STEP | parts)


FORWARD = """
def forward(net, I):
    I = np.asarray(I, dtype=np.float32)
    acts, outs = [None], [np.insert(I, 0, 1, axis=-1)]
    for l in range(1, net.L):
        W, b = net.w[l - 1][1:, 1:].astype(np.float32), net.w[l - 1][0, 1:].astype(np.float32)
        z = {z}
        y = {y}
        acts.append(np.insert(z, 0, 1, axis=-1))
        outs.append(np.insert(y, 0, 1, axis=-1))
    return acts, outs
"""


def forward(**parts):
    return FORWARD.format(**{"z": "outs[-1][..., 1:] @ W + b", "y": "net.sigma[l](z)"} | parts)


GRADIENT = """
def gradient(o, delta):
    grads = []
    for l in range(len(o) - 1):
        x, d = np.atleast_2d(o[l]), np.atleast_2d(delta[l + 1])
        m = len(x)
        g = np.zeros((x.shape[1], d.shape[1]))
        for i in range(x.shape[1]):
            for j in range(1, d.shape[1]):
                g[i, j] = {g}
        grads.append({out})
    return grads
"""


def gradient(**parts):
    return GRADIENT.format(**{"g": "sum(x[k, i] * d[k, j] for k in range(m)) / m", "out": "g"} | parts)


TRAIN = """
def train(net, I, D, alpha, epochs):
    {before}
    for e in range(epochs):
        a, o = forward(net, I)
        g = gradient(o, backward(net, (a, o), D))
        {change}
        net = Network([w - c for w, c in zip(net.w, change)], net.sigma, net.loss)
        {after}
    return net
"""


def train(**parts):
    return TRAIN.format(**{"before": "pass", "change": "change = [alpha * x for x in g]", "after": "pass"} | parts)


FAULTS = [
    (
        "backward",
        "right δ of the output sent to every hidden layer through all w",
        "δ of the output carried back through every w, with no σ′ between",
        "Your δ of the output is right",
        cut(hidden="carry(d[-1], W, l) * net.sigma[l].derivative(a[l])").replace(
            "    d = [None]",
            "    def carry(x, W, l):\n        for w in W[:l - 1:-1]:\n            x = x @ w.T\n        return x\n    d = [None]",
            1,
        ),
    ),
    (
        "backward",
        "σ′ squared at the output",
        "σ′(a)² for σ′(a) at the output",
        "σ′(a) belongs there once",
        cut(out=OUT + " * net.sigma[-1].derivative(a[-1])"),
    ),
    (
        "backward",
        "hidden δ halved",
        "½ · δ for δ in the hidden layers",
        "Your δ of the output is right",
        cut(hidden="0.5 * (" + HIDDEN + ")"),
    ),
    (
        "backward",
        "tanh′ everywhere",
        "(1 − o²) for σ′(a) in every layer",
        "one σ alone",
        cut(out="net.loss.gradient(o[-1], D) * (1 - o[-1]**2)", hidden="d[l + 1] @ W[l].T * (1 - o[l]**2)"),
    ),
    (
        "backward",
        "|o − D|",
        "|o − D| for ∂L̃/∂o at the output",
        "in which direction",
        cut(out="abs(o[-1] - D) * net.sigma[-1].derivative(a[-1])"),
    ),
    (
        "backward",
        "hidden layers multiply by o as well",
        "σ′(a) · o for σ′(a) in the hidden layers",
        "o of the layer is none",
        cut(hidden=HIDDEN + " * o[l]"),
    ),
    (
        "backward",
        "max for sum over k",
        "the largest of wᵢₖ δₖ",
        "added up",
        loops(term="0; total = max([net.w[l][i, q] * delta[l + 1][q] for q in range(1, net.n[l + 1])])"),
    ),
    (
        "backward",
        "the last way only",
        "all ways but the last",
        "to the last k",
        loops().replace("range(1, net.n[l + 1]):", "range(1, net.n[l + 1] - 1):"),
    ),
    (
        "backward",
        "the mean over k",
        "the mean of wᵢₖ δₖ over k",
        "added up",
        loops(hidden="total / (net.n[l + 1] - 1) * net.sigma[l].derivative(float(a[l][i]))"),
    ),
    (
        "backward",
        "1/σ′",
        "1/σ′(a) for σ′(a) in the hidden layers",
        "not divided",
        loops(
            hidden="total / net.sigma[l].derivative(float(a[l][i])) if net.sigma[l].name != 'relu' else (np.inf if a[l][i] <= 0 else total)"
        ),
    ),
    (
        "backward",
        "sign at the output and o for a in hidden layers",
        "−δ for δ at the output, and σ′(o) for σ′(a) in the hidden layers",
        "At the output your δ is −",
        cut(out="-" + OUT, hidden="d[l + 1] @ W[l].T * net.sigma[l].derivative(o[l])"),
    ),
    (
        "backward",
        "a − D",
        "(a − D) for ∂L̃/∂o at the output",
        "compares D with the output o",
        cut(out="(a[-1] - D) * net.sigma[-1].derivative(a[-1])"),
    ),
    (
        "output_delta",
        "mean of the outputs' errors",
        "the mean of ∂L̃/∂o over the outputs for ∂L̃/∂o at the output",
        "Each output has its own",
        "def output_delta(net, a, o, D):\n    e = net.loss.gradient(o[-1][1:], D)\n    return [0.0] + [float(e.mean() * s) for s in net.sigma[-1].derivative(a[-1][1:])]\n",
    ),
    (
        "backward",
        "o − D alone",
        "o − D alone at the output",
        "It would be right for the logistic σ with cross-entropy",
        cut(out="o[-1] - D"),
    ),
    (
        "step",
        "o − D alone",
        "o − D alone at the output",
        "It would be right for the logistic σ with cross-entropy",
        step(out="outs[-1] - Y"),
    ),
    (
        "output_delta",
        "D − o, and no σ′",
        "D − o alone at the output",
        "σ′(a) is missing",
        "def output_delta(net, a, o, D):\n    return np.append(0.0, D - o[-1][1:])\n",
    ),
    (
        "step",
        "σ′ at o in the hidden layers, in float32",
        "σ′(o) for σ′(a)",
        "σ is applied",
        step(hidden="delta @ W[l].T * net.sigma[l].derivative(outs[l])").replace(
            "return new", "return [w.astype(np.float32) for w in new]"
        ),
    ),
    (
        "step",
        "db summed, dW averaged",
        "the sum over the examples of δⱼ for δⱼ in row 0, the biases",
        "only row 0",
        step(db="delta.sum(axis=0)"),
    ),
    (
        "step",
        "biases move the wrong way",
        "−δⱼ for δⱼ in row 0, the biases",
        "only row 0",
        step(moveb="-alpha * other"),
    ),
    ("step", "biases move without α", "δⱼ / α for δⱼ in row 0, the biases", "only row 0", step(moveb="other")),
    (
        "step",
        "dW of the activations",
        "a of the layer before for oᵢ",
        "reads the output o",
        step(dW="(zs[l - 1] if l else X).T @ delta / m"),
    ),
    (
        "step",
        "σ′ forgotten in the hidden layers and sum for mean",
        "σ′(a) left out in the hidden layers, and the sum over the examples",
        "two lies σ",
        step(hidden="delta @ W[l].T", dW="outs[l].T @ delta", db="delta.sum(axis=0)"),
    ),
    (
        "step",
        "the bias itself as a factor",
        "δⱼ bⱼ for δⱼ in row 0, the biases",
        "only row 0",
        step(db="(delta * b[l]).mean(axis=0)"),
    ),
    (
        "step",
        "the first layer's δ by twice",
        "½ · δ for δ in layer 1",
        "Your δ of the output is right",
        step(hidden="(0.5 if l == 1 else 1) * delta @ W[l].T * net.sigma[l].derivative(zs[l - 1])"),
    ),
    (
        "forward",
        "bias subtracted",
        "the bias subtracted",
        "The bias is added",
        forward(z="outs[-1][..., 1:] @ W - b"),
    ),
    (
        "forward",
        "bias after σ",
        "the bias added after σ",
        "inside σ",
        forward(z="outs[-1][..., 1:] @ W + b", y="net.sigma[l](z - b) + b"),
    ),
    (
        "forward",
        "logistic σ in every layer",
        "logistic σ in every layer",
        "brings its own σ",
        forward(y="1 / (1 + np.exp(-z))"),
    ),
    (
        "forward",
        "mean of the products",
        "a / n with n neurons before, neuron 0 counted",
        "no mean is taken",
        forward(z="(outs[-1][..., 1:] @ W + b) / (W.shape[0] + 1)"),
    ),
    (
        "gradient",
        "σ′ once more, of the logistic function",
        "0 for δⱼ in row 0, the biases, and o (1 − o) for oᵢ",
        "A weight takes the output",
        gradient(g="sum(x[k, i] * d[k, j] * (1 - x[k, i]) for k in range(m)) / m"),
    ),
    (
        "gradient",
        "the first example only, not for the biases",
        "of the first example alone",
        "Row 0, the biases, is right",
        gradient(g="sum(x[k, i] * d[k, j] for k in range(m)) / m if i == 0 else x[0, i] * d[0, j]"),
    ),
    (
        "gradient",
        "the bias row twice",
        "2 · δⱼ for δⱼ in row 0, the biases",
        "only row 0",
        gradient(out="g * np.where(np.arange(len(g)) == 0, 2, 1)[:, None]"),
    ),
    (
        "train",
        "momentum",
        "momentum",
        "0.9",
        train(before="v = [0 * w for w in net.w]", change="change = v = [0.9 * p + alpha * x for p, x in zip(v, g)]"),
    ),
    (
        "train",
        "α decays",
        "α changed from epoch to epoch",
        "0.5 times",
        train(change="change = [alpha / (1 + e) * x for x in g]"),
    ),
    (
        "train",
        "biases tied in every epoch",
        "the sum of δ over the layer for δⱼ in row 0, the biases",
        "by its own δ",
        train(change="change = [alpha * x for x in g]\n        for c in change: c[0, 1:] = c[0, 1:].sum()"),
    ),
]
