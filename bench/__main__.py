"""Run every measurement, or one: `python -m bench build [SIZE…]`, `python -m bench service [GRAPH…]`."""

from __future__ import annotations

import sys

from bench import build, service

if __name__ == "__main__":
    which, arguments = (sys.argv[1:2] or ["build", "service"]), sys.argv[2:]
    if "build" in which:
        print("## Build\n")
        build.run(tuple(map(int, arguments)) or build.SIZES)
    if "service" in which:
        print("## Service\n")
        service.run(tuple(arguments) or service.GRAPHS)
