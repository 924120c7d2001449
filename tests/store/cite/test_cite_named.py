"""The named queries and forty more on the corpus that ships: the facts cited are enough, and are needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from kg.graph.build import Reading
from kg.graph.queries import read_queries
from kg.project import Project
from kg.store.cite.answer import CitedAnswer, CitedRow
from kg.store.cite.citer import Citer
from tests.conftest import ROOT
from tests.store.cite.evidence import World, rows, witnesses

NAMED = {query.name: query.text for query in read_queries(ROOT / "queries")}
MORE = {
    path.stem: path.read_text("utf-8")
    for folder in ("queries", "unseen")
    for path in (Path(__file__).parent / folder).glob("*.rq")
}
ALL = NAMED | MORE
SAMPLE = 6
"""Rows of each answer that are tried."""


@pytest.fixture(scope="module")
def world(shipped: Project) -> World:
    return World.of(Reading.of(shipped))


@pytest.fixture(scope="module")
def whole(world: World, shipped: Project) -> Citer:
    return Citer(world.store(), world.names, shipped.prefixes)


@pytest.fixture(scope="module")
def bare(world: World, shipped: Project) -> Citer:
    """All that is in the graph but no fact."""
    return Citer(world.store([]), world.names, shipped.prefixes)


@contextmanager
def added(citer: Citer, world: World, facts: frozenset[str]) -> Iterator[None]:
    quads = world.quads(facts)
    citer.store.extend(quads)
    try:
        yield
    finally:
        for quad in quads:
            citer.store.remove(quad)


@contextmanager
def removed(citer: Citer, world: World, facts: set[str]) -> Iterator[None]:
    quads = [quad for quad in world.quads(facts) if quad in citer.store]
    for quad in quads:
        citer.store.remove(quad)
    try:
        yield
    finally:
        citer.store.extend(quads)


def sample(answer: CitedAnswer) -> Sequence[CitedRow]:
    return answer.rows[:: max(1, len(answer.rows) // SAMPLE)]


def test_there_are_as_many_queries_as_promised() -> None:
    assert len(NAMED) >= 40
    assert len(MORE) == 40


@pytest.mark.parametrize("name", ALL)
def test_cited_facts_are_enough(name: str, world: World, whole: Citer, bare: Citer) -> None:
    answer = whole.answer(ALL[name])
    assert answer.reason == ""
    assert [row.values for row in answer.rows] == rows(whole, ALL[name])
    assert answer.rows, "an answer without rows tests nothing"
    for row in sample(answer):
        for witness in witnesses(answer, row) if not row.capped else ():
            with added(bare, world, witness):
                assert row.values in rows(bare, ALL[name])


def monotone(answer: CitedAnswer, query: str) -> bool:
    """Whether losing facts can only lose rows."""
    return not answer.notes and "OPTIONAL" not in query


@pytest.mark.parametrize("name", ALL)
def test_cited_facts_are_needed(name: str, world: World, whole: Citer) -> None:
    answer = whole.answer(ALL[name])
    if not monotone(answer, ALL[name]):
        assert answer.notes or "OPTIONAL" in ALL[name]
        return
    for row in sample(answer):
        every = witnesses(answer, row)
        if frozenset() in every:
            continue
        with removed(whole, world, {min(witness) for witness in every}):
            assert row.values not in rows(whole, ALL[name])
