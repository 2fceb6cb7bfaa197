"""How long one training step takes: mlpkit's `train`, only the matrix products it needs, and PyTorch.

    python tests/benchmarks/training.py [--threads 1] [--repeats 15] [--loss half_squared_error]

Every column is timed in this one run, in turn, and the median over the repeats is printed in microseconds. A step is
one epoch of full-batch training, the loss included. Nothing is asserted: figures depend on the machine and on what
else it does; the ratios of one row hold better than the figures.
"""

import argparse
import os
import sys
import time
from itertools import pairwise
from pathlib import Path

SIZES = [([2, 3, 1], 1), ([2, 3, 1], 4), ([64, 32, 10], 32), ([64, 32, 10], 1797), ([784, 100, 10], 128)]
SECONDS = 0.03  # about how long each column is timed in each repeat


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1, help="threads for NumPy and for PyTorch (default: 1)")
    parser.add_argument("--repeats", type=int, default=15, help="repeats, of which the median is taken (default: 15)")
    parser.add_argument("--loss", choices=["half_squared_error", "cross_entropy"], default="half_squared_error")
    arguments = parser.parse_args()
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        os.environ[name] = str(arguments.threads)  # read when NumPy is imported
    sys.path.insert(0, str(Path(__file__).parents[2]))
    compare(arguments)


def compare(arguments):
    import numpy as np

    try:
        import torch

        torch.set_num_threads(arguments.threads)
        other = f"PyTorch {torch.__version__}"
    except ImportError:
        torch = None
        other = "PyTorch is not installed: pip install torch"
    print(f"NumPy {np.__version__}, {other}, {arguments.threads} thread(s), {arguments.loss}; microseconds per step\n")
    columns = ("sizes", "batch", "dtype", "products", "train", "train/products", "PyTorch", "PyTorch/train")
    print("{:<11} {:>5} {:>8} {:>9} {:>9} {:>15} {:>9} {:>14}".format(*columns))
    for sizes, m in SIZES:
        for dtype in ("float32", "float64"):
            rng = np.random.default_rng(0)
            I = rng.uniform(-1, 1, (m, sizes[0])).astype(dtype)
            D = rng.integers(0, 2, (m, sizes[-1])).astype(dtype)
            timed = [products(sizes, m, dtype), mlpkit_train(sizes, I, D, arguments.loss)]
            if torch:
                timed.append(pytorch(sizes, I, D, arguments.loss))
            bare, ours, *theirs = (1e6 * seconds for seconds in in_turn(timed, arguments.repeats))
            row = f"{'-'.join(map(str, sizes)):<11} {m:>5} {dtype:>8} {bare:>9.1f} {ours:>9.1f} {ours / bare:>15.2f}"
            print(row + "".join(f" {t:>9.1f} {t / ours:>14.1f}" for t in theirs), flush=True)


def in_turn(timed, repeats):
    """The median seconds per step of each function; each is called as function(steps)."""
    import numpy as np

    steps = []
    for run in timed:  # warm up, and find how many steps fill the time
        run(3)
        start = time.perf_counter()
        run(20)
        steps.append(max(3, int(SECONDS * 20 / (time.perf_counter() - start))))
    seconds = np.empty((repeats, len(timed)))
    for repeat in range(repeats):
        for k, run in enumerate(timed):
            start = time.perf_counter()
            run(steps[k])
            seconds[repeat, k] = (time.perf_counter() - start) / steps[k]
    return np.median(seconds, axis=0)


def products(sizes, m, dtype):
    """Only the matrix products that one step needs, into arrays made beforehand: o w, w δ and o δ; no δ of layer 0."""
    import numpy as np

    rng = np.random.default_rng(0)
    o = [rng.random((m, size + 1)).astype(dtype) for size in sizes]  # with neuron 0
    delta = [rng.random((m, size)).astype(dtype) for size in sizes]
    w = [rng.random((before + 1, after)).astype(dtype) for before, after in pairwise(sizes)]
    a, back, grad = [np.empty_like(d) for d in delta], [np.empty_like(d) for d in delta], [np.empty_like(v) for v in w]
    o_transposed, w_transposed = [array.T for array in o], [array[1:].T for array in w]

    def run(steps):
        for _ in range(steps):
            for l in range(len(w)):
                np.matmul(o[l], w[l], out=a[l + 1])
            for l in range(len(w) - 1, 0, -1):
                np.matmul(delta[l + 1], w_transposed[l], out=back[l])
            for l in range(len(w)):
                np.matmul(o_transposed[l], delta[l + 1], out=grad[l])

    return run


def mlpkit_train(sizes, I, D, loss):
    import mlpkit

    net = mlpkit.Network.random(sizes, loss=getattr(mlpkit, loss), dtype=I.dtype)
    return lambda steps: mlpkit.train(net, I, D, alpha=0.01, epochs=steps)


def pytorch(sizes, I, D, loss):
    """Eager SGD on the CPU, as PyTorch's own tutorials write it; the loss is read out, as train does."""
    import torch

    I, D, m = torch.from_numpy(I), torch.from_numpy(D), len(I)
    layers = [torch.nn.Linear(before, after, dtype=I.dtype) for before, after in pairwise(sizes)]
    outputs = torch.nn.Sigmoid() if loss == "half_squared_error" else torch.nn.Identity()
    net = torch.nn.Sequential(*[part for layer in layers[:-1] for part in (layer, torch.nn.Sigmoid())], layers[-1])
    net.append(outputs)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    if loss == "half_squared_error":
        mean_loss = lambda o: 0.5 / m * torch.nn.functional.mse_loss(o, D, reduction="sum")  # noqa: E731
    else:
        mean_loss = lambda a: torch.nn.functional.binary_cross_entropy_with_logits(a, D, reduction="sum") / m  # noqa: E731

    def run(steps):
        losses = []
        for _ in range(steps):
            optimizer.zero_grad()
            loss = mean_loss(net(I))
            loss.backward()
            optimizer.step()
            losses.append(loss.item())

    return run


if __name__ == "__main__":
    main()
