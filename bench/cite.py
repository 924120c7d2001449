"""Answers with citations beside the same answers without, for every named query.

Both are timed from the text of the query to the bytes of the JSON, over one store in memory. `again`
is an answer to a query that has been asked before, so that its plan and its facts are known; `first`
is one to a query that is new, over facts that have never been looked up. All is time of the processor,
so that what else the machine does counts for little. `served` are the same two answers as a client of the
service gets them, uncached, in time by the clock.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from urllib.parse import quote

import pyoxigraph as ox

from bench import servers
from bench.service import FRESH, JSON
from kg.graph.build import build as make
from kg.graph.queries import read_queries
from kg.project import Project
from kg.store.build import Build
from kg.store.cite.citer import Citer
from kg.store.cite.document import document
from kg.store.sparql import evaluate

COLUMNS = ("query", "rows", "facts", "plain ms", "cited again ms", "again/plain", "cited first ms")
SERVED = ("served plain ms", "served cited ms", "cited/plain")
ROUNDS = 15
ROOT = Path(__file__).parent.parent


def run() -> None:
    """Print the table for the project that ships."""
    with tempfile.TemporaryDirectory() as folder:
        measure(Build.open(make(Project.open(ROOT), Path(folder)).path))


def measure(build: Build) -> None:
    """Print the table for one build."""
    store = build.load()
    table = [COLUMNS + SERVED, ("---",) * len(COLUMNS + SERVED)]
    alone, served = [], []
    with servers.kg(build.path) as server:
        connection = HTTPConnection("127.0.0.1", server.port)
        for query in read_queries(build.queries):
            citer = Citer(store, build.names, build.prefixes)
            citer.prepare()
            cite = partial(document, citer, query.text, build.id, build.base)
            first = _clock(cite)
            answer = citer.answer(query.text)
            plain, again = _side_by_side(partial(_plain, store, query.text, build), cite)
            alone.append((plain, again))
            asked = partial(_ask, connection, f"{server.path}?query={quote(query.text)}")
            served.append(_side_by_side(asked, partial(asked, "&cite=true"), time.perf_counter))
            table.append((
                query.name, str(len(answer.rows)), str(len(answer.facts)),
                f"{plain:.2f}", f"{again:.2f}", f"{again / plain:.2f}", f"{first:.1f}",
                *[f"{each:.2f}" for each in served[-1]], f"{served[-1][1] / served[-1][0]:.2f}",
            ))  # fmt: skip
    print("\n".join(f"| {' | '.join(row)} |" for row in table), end="\n\n")
    _sum_up("The engine alone", alone)
    _sum_up("Served", served)


def _sum_up(name: str, times: list[tuple[float, float]]) -> None:
    ratios = [cited / plain for plain, cited in times]
    plain, cited = map(sum, zip(*times, strict=True))
    print(
        f"{name}: {sum(ratio <= 2 for ratio in ratios)} of {len(ratios)} at most twice the plain query, "
        f"the median {median(ratios):.2f}; all together {cited:.0f} ms to {plain:.0f}, {cited / plain:.2f}."
    )


def _ask(connection: HTTPConnection, target: str, more: str = "") -> None:
    connection.request("GET", target + more, headers=JSON | FRESH)
    response = connection.getresponse()
    response.read()
    assert response.status == 200, response.status


def _plain(store: ox.Store, query: str, build: Build) -> bytes:
    answer = evaluate(store, query, build.prefixes)
    assert isinstance(answer, ox.QuerySolutions)
    return answer.serialize(format=ox.QueryResultsFormat.JSON) or b""


def _side_by_side(
    first: Callable[[], object], second: Callable[[], object], clock: Callable[[], float] = time.process_time
) -> tuple[float, float]:
    """The best time of each in ms, taken in turns, so that what else the machine does hits both alike."""
    times = [(_clock(first, clock), _clock(second, clock)) for _ in range(ROUNDS)]
    return min(one for one, _ in times), min(two for _, two in times)


def _clock(call: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    start = clock()
    call()
    return (clock() - start) * 1000


if __name__ == "__main__":
    run()
