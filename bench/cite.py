"""Answers with citations beside the same answers without, for every named query.

Both are timed from the text of the query to the bytes of the JSON, over one store in memory. `again`
is an answer to a query that has been asked before, so that its plan and its facts are known; `first`
is one to a query that is new, over facts that have never been looked up.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from kg.graph.queries import read_queries
from kg.store.build import Build
from kg.store.cite.citer import Citer
from kg.store.cite.document import document
from kg.store.sparql import evaluate

COLUMNS = ("query", "rows", "facts", "plain ms", "cited again ms", "again/plain", "cited first ms")
ROUNDS = 15


def run(folder: Path) -> None:
    """Print the table for one build."""
    build = Build.open(folder)
    store = build.load()
    citer = Citer(store, build.names, build.prefixes)
    warm = Citer(store, build.names, build.prefixes)
    assert warm.answer("SELECT ?f { ?f kg:verdict ?v } LIMIT 1").rows  # what is known of the store as such
    print("| " + " | ".join(COLUMNS) + " |")
    print("|---" * len(COLUMNS) + "|")
    ratios = []
    for query in read_queries(build.queries):
        citer = Citer(store, build.names, build.prefixes)
        citer.evidence = warm.evidence
        first = _clock(lambda query=query, citer=citer: document(citer, query.text, build.id, build.base))
        answer = citer.answer(query.text)
        plain, again = _side_by_side(
            lambda query=query: _plain(store, query.text, build),
            lambda query=query, citer=citer: document(citer, query.text, build.id, build.base),
        )
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
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    run(Path("build/current"))
