"""Lines are sorted in bounded memory: sorted runs go to disk and are merged."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

RUN = 2_000_000
"""Lines held in memory at once: some 600 MB of N-Quads."""


def sorted_unique(lines: Iterable[str], scratch: Path, run: int = RUN) -> Iterator[str]:
    """The lines in code-point order, each once. What does not fit one run goes to files in `scratch`."""
    source = iter(lines)
    files: list[Path] = []
    while len(held := list(islice(source, run))) == run:
        files.append(_write_run(held, scratch / f"run-{len(files):04}"))
    held = sorted(set(held))
    if not files:
        yield from held
        return
    with ExitStack() as stack:
        runs = [stack.enter_context(path.open(encoding="utf-8", newline="\n")) for path in files]
        yield from _unique(heapq.merge(*runs, held))
    for path in files:
        path.unlink()


def _write_run(lines: list[str], path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(sorted(set(lines)))
    return path


def _unique(lines: Iterable[str]) -> Iterator[str]:
    before = None
    for line in lines:
        if line != before:
            yield line
        before = line
