"""Run every measurement, or one: `python -m bench build [SIZE…]`, `service [GRAPH…]`, `lookups [BUILD]`."""

from __future__ import annotations

import sys
from pathlib import Path

from bench import build, lookups, service

if __name__ == "__main__":
    which, arguments = (sys.argv[1:2] or ["build", "service", "lookups"]), sys.argv[2:]
    if "build" in which:
        print("## Build\n")
        build.run(tuple(map(int, arguments)) or build.SIZES)
    if "service" in which:
        print("## Service\n")
        service.run(tuple(arguments) or service.GRAPHS)
    if "lookups" in which:
        print("## Look-ups\n")
        lookups.run(*map(Path, arguments))
