"""Answers of the named queries as files: `make expected` writes them, test_queries.py checks them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.graph.build import build
from kg.graph.queries import read_queries
from kg.project import Project
from kg.store.build import Build
from kg.store.sparql import evaluate

ROOT = Path(__file__).parent.parent
EXPECTED = ROOT / "queries" / "expected"


def answers(build_: Build) -> Iterator[tuple[str, str]]:
    """Each named query of a build with its answer as CSV."""
    store = build_.load()
    for query in read_queries(build_.queries):
        answer = evaluate(store, query.text, {})
        assert isinstance(answer, ox.QuerySolutions)
        yield query.name, (answer.serialize(format=ox.QueryResultsFormat.CSV) or b"").decode()


def main() -> None:
    """Write every answer; read the difference before you commit it."""
    with tempfile.TemporaryDirectory() as folder:
        outcome = build(Project.open(ROOT), Path(folder))
        EXPECTED.mkdir(exist_ok=True)
        for name, answer in answers(Build.open(outcome.path)):
            (EXPECTED / f"{name}.csv").write_text(answer, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
