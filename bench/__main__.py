"""Run every measurement, or one: `python -m bench build [SIZE…]`, `python -m bench service [GRAPH…]`.

`python -m bench export [SIZE…]` measures exports and a push, `python -m bench cite` cited answers.
"""

from __future__ import annotations

import sys

from bench import build, cite, export, service

if __name__ == "__main__":
    which, arguments = (sys.argv[1:2] or ["build", "service", "cite"]), sys.argv[2:]
    if "build" in which:
        print("## Build\n")
        build.run(tuple(map(int, arguments)) or build.SIZES)
    if "export" in which:
        print("## Export\n")
        export.run(tuple(map(int, arguments)) or export.SIZES)
    if "service" in which:
        print("## Service\n")
        service.run(tuple(arguments) or service.GRAPHS)
    if "cite" in which:
        print("## Cited answers\n")
        cite.run()
