"""Run every measurement; `python -m bench build` runs one, and sizes may follow."""

from __future__ import annotations

import sys

from bench import build

if __name__ == "__main__":
    sizes = tuple(map(int, sys.argv[2:])) or build.SIZES
    print("## Build\n")
    build.run(sizes)
