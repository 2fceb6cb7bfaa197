"""The properties of the core, with as many examples as asked for: python tests/properties.py [examples] [seed]

Without a seed, one is drawn; it is printed, and the same seed gives the same run. Exits with 1 where a property fails.
"""

import os
import secrets
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FILES = ("test_properties.py", "test_network.py", "test_training.py", "test_doors.py", "test_fuzz.py")


def main(examples=10_000, seed=None):
    seed = secrets.randbelow(2**32) if seed is None else seed
    os.environ["MLPKIT_EXAMPLES"] = str(examples)  # read by networks.py
    print(f"{examples} examples of each property, seed {seed}", flush=True)
    files = [str(HERE / name) for name in FILES]
    return pytest.main(
        ["-m", "hypothesis", f"--hypothesis-seed={seed}", "--durations=0", "-p", "no:nbval", "-o", "addopts=", *files]
    )


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
