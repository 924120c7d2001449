"""Answers with citations beside the same answers without, for every named query.

Both are timed from the text of the query to the bytes of the JSON, over one store in memory. `again`
is an answer to a query that has been asked before, so that its plan and its facts are known; `first`
is one to a query that is new, over facts that have never been looked up. All is time of the processor,
so that what else the machine does counts for little.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from kg.graph.build import build as make
from kg.graph.queries import read_queries
from kg.project import Project
from kg.store.build import Build
from kg.store.cite.citer import Citer
from kg.store.cite.document import document
from kg.store.sparql import evaluate

COLUMNS = ("query", "rows", "facts", "plain ms", "cited again ms", "again/plain", "cited first ms")
ROUNDS = 15
ROOT = Path(__file__).parent.parent


def run() -> None:
    """Print the table for the project that ships."""
    with tempfile.TemporaryDirectory() as folder:
        measure(Build.open(make(Project.open(ROOT), Path(folder)).path))


def measure(build: Build) -> None:
    """Print the table for one build."""
    store = build.load()
    print("| " + " | ".join(COLUMNS) + " |")
    print("|---" * len(COLUMNS) + "|")
    ratios = []
    for query in read_queries(build.queries):
        citer = Citer(store, build.names, build.prefixes)
        citer.prepare()
        cite = partial(document, citer, query.text, build.id, build.base)
        first = _clock(cite)
        answer = citer.answer(query.text)
        plain, again = _side_by_side(partial(_plain, store, query.text, build), cite)
        ratios.append(again / plain)
        print(
            f"| {query.name} | {len(answer.rows)} | {len(answer.facts)} | {plain:.2f} | {again:.2f} "
            f"| {again / plain:.2f} | {first:.1f} |",
            flush=True,
        )
    within = sum(ratio <= 2 for ratio in ratios)
    median = sorted(ratios)[len(ratios) // 2]
    print(f"\n{within} of {len(ratios)} at most twice the plain query; the median is {median:.2f}.")


def _plain(store: ox.Store, query: str, build: Build) -> bytes:
    answer = evaluate(store, query, build.prefixes)
    assert isinstance(answer, ox.QuerySolutions)
    return answer.serialize(format=ox.QueryResultsFormat.JSON) or b""


def _side_by_side(*calls: Callable[[], object]) -> list[float]:
    """The best time of each in ms, taken in turns, so that what else the machine does hits all alike."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS):
        for call, own in zip(calls, times, strict=True):
            own.append(_clock(call))
    return [min(own) for own in times]


def _clock(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    run()
