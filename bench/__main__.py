"""Run every measurement, or one: `python -m bench build [SIZE…]`.

The others are `service [GRAPH…]`, `lookups [BUILD]`, `cite`, `export [SIZE…]`, and `extract`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench import build, cite, export, extract, lookups, service

ALL = ["build", "service", "lookups", "cite", "export", "extract"]

if __name__ == "__main__":
    which, arguments = (sys.argv[1:2] or ALL), sys.argv[2:]
    if "build" in which:
        print("## Build\n")
        build.run(tuple(map(int, arguments)) or build.SIZES)
    if "service" in which:
        print("## Service\n")
        service.run(tuple(arguments) or service.GRAPHS)
    if "lookups" in which:
        print("## Look-ups\n")
        lookups.run(*map(Path, arguments))
    if "cite" in which:
        print("## Cited answers\n")
        cite.run()
    if "export" in which:
        print("## Export\n")
        export.run(tuple(map(int, arguments)) or export.SIZES)
    if "extract" in which:
        print("## Extraction\n")
        extract.run()
