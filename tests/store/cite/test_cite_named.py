"""The named queries and twenty more on the corpus that ships: the facts cited are enough, and are needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

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
    "treaty-dates": "SELECT ?t ?d { ?t a kg:Agreement ; kg:date ?d } ORDER BY ?t ?d",
    "who-met-putin": "SELECT DISTINCT ?who { ?m a kg:Meeting ; kg:party :vladimir-putin, ?who } ORDER BY ?who",
    "party-or-actor": "SELECT ?e ?who { { ?e kg:party ?who } UNION { ?e kg:actor ?who } } ORDER BY ?e ?who",
    "all-of-one-treaty": "SELECT ?p ?o { :treaty-2001 ?p ?o } ORDER BY ?p ?o",
    "what-harris-says": "SELECT ?s ?p ?o { GRAPH source:harris { ?s ?p ?o } } ORDER BY ?s ?p ?o LIMIT 40",
    "sources-agree": "SELECT DISTINCT ?s ?p ?o { GRAPH source:harris { ?s ?p ?o } "
    "GRAPH source:convenience { ?s ?p ?o } } ORDER BY ?s ?p ?o",
    "events-without-a-place": "SELECT ?e ?d { ?e a kg:Event ; kg:date ?d MINUS { ?e kg:place|kg:location ?x } } "
    "ORDER BY ?e ?d",
    "with-a-place": "SELECT ?e { ?e a kg:Meeting FILTER EXISTS { ?e kg:place ?x } } ORDER BY ?e",
    "same-parties": "SELECT DISTINCT ?a ?b { ?a kg:party ?x, ?y . ?b kg:party ?x, ?y ; a kg:Agreement . "
    "?a a kg:Agreement FILTER(STR(?a) < STR(?b) && STR(?x) < STR(?y)) } ORDER BY ?a ?b",
    "parties-by-number": "SELECT ?who (COUNT(DISTINCT ?e) AS ?n) { ?e kg:party/rdfs:label ?who } "
    "GROUP BY ?who HAVING (COUNT(DISTINCT ?e) = 2) ORDER BY ?who",
    "first-treaty": "SELECT (MIN(?d) AS ?first) { ?t a kg:Agreement ; kg:earliest ?d }",
    "late-events": 'SELECT ?e ?d { ?e kg:earliest ?d FILTER(?d >= "2015-01-01"^^xsd:date) '
    "FILTER EXISTS { ?e a kg:Event } } ORDER BY ?e",
    "about-whom": "SELECT DISTINCT ?x { ?p a kg:Position ; kg:holder ?h ; kg:about ?x . "
    "?h a kg:Person } ORDER BY ?x",
    "claims-of-gazprom": "SELECT ?s ?o { ?c kg:accordingTo :gazprom . ?f kg:citation ?c ; rdf:subject ?s ; "
    "rdf:object ?o } ORDER BY ?s ?o",
    "what-came-of-aigun": "SELECT ?x { :treaty-of-aigun (kg:result|^kg:under|^kg:of)+ ?x } ORDER BY ?x",
    "inverse": "SELECT ?x { :sco ^kg:organisation/kg:member ?x } ORDER BY ?x",
    "members-and-more": "SELECT ?x ?s { ?m kg:organisation :sco ; kg:member ?x "
    "OPTIONAL { ?m kg:start ?s } } ORDER BY ?x ?s",
    "the-dearest": "SELECT ?f ?v { ?f kg:value ?v ; kg:unit ?u { SELECT (MAX(?w) AS ?v) { ?g kg:value ?w } } }",
    "years": "SELECT ?y (COUNT(*) AS ?n) { ?e kg:earliest ?d ; a kg:Event BIND(YEAR(?d) AS ?y) } "
    "GROUP BY ?y HAVING (COUNT(*) = 1) ORDER BY ?y",
    "annotated": 'VERSION "1.2" SELECT ?x ?p { :sco kg:founder ?x {| kg:cites ?p |} } ORDER BY ?x ?p',
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
    assert len(MORE) == 20


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
