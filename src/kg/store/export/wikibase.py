"""A build becomes statement nodes as Wikidata has them: rank, value, and a reference for each citation.

https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format. Accepted statements have the normal
rank and their direct triple; all others are deprecated, so that no truthy query meets them, and carry
`kg:verdict`, which says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import pyoxigraph as ox

from kg.store.build import Build
from kg.store.export.format import Citations
from kg.store.export.nanopub import citation_triples
from kg.store.record import Fact, Records
from kg.terms import COMMENT, KG, LABEL, OWL, TYPE

WIKIBASE = "http://wikiba.se/ontology#"
PROV = "http://www.w3.org/ns/prov#"
STATED_IN, QUOTATION = "stated-in", "quotation"
"""Local names of the properties of references."""


class Properties:
    """The property entities and the predicates that Wikibase makes of each."""

    def __init__(self, build: Build) -> None:
        self._base = build.base + "prop/"
        self._prefixes = sorted(build.prefixes.items(), key=lambda pair: len(pair[1]), reverse=True)

    def name(self, predicate: str) -> str:
        """The id of a property: its prefixed name, with a hyphen."""
        for prefix, space in self._prefixes:
            if predicate.startswith(space):
                return f"{prefix}-{predicate[len(space) :]}"
        return predicate.rsplit("/", 1)[-1].replace("#", "-")

    def iri(self, kind: str, name: str) -> ox.NamedNode:
        """The predicate of one kind: claim, statement, direct, reference, entity."""
        return ox.NamedNode(f"{self._base}{kind}/{name}")

    def declare(self, predicate: str, label: str) -> Iterator[ox.Triple]:
        """The property entity and its predicates."""
        name = self.name(predicate)
        entity = self.iri("entity", name)
        yield ox.Triple(entity, ox.NamedNode(TYPE), ox.NamedNode(WIKIBASE + "Property"))
        yield ox.Triple(entity, ox.NamedNode(LABEL), ox.Literal(label, language="en"))
        yield ox.Triple(entity, ox.NamedNode(OWL + "sameAs"), ox.NamedNode(predicate))
        for kind, term in {
            "claim": "claim",
            "statement": "statementProperty",
            "direct": "directClaim",
        }.items():
            yield ox.Triple(entity, ox.NamedNode(WIKIBASE + term), self.iri(kind, name))


def write(build: Build, citations: Citations, output: IO[bytes]) -> None:
    """Write N-Triples. Raises OSError."""
    records = Records.of(build, citations is Citations.NONE)
    ox.serialize(statements(build, records), output=output, format=ox.RdfFormat.N_TRIPLES)


def statements(build: Build, records: Records) -> Iterator[ox.Triple]:
    """Labels of entities, then every fact, and each property once it is first used."""
    properties = Properties(build)
    declared: set[str] = set()
    for entity in records.index.entities.values():
        yield ox.Triple(ox.NamedNode(entity.iri), ox.NamedNode(LABEL), ox.Literal(entity.label))
    for fact in records.facts():
        if fact.predicate not in declared:
            declared.add(fact.predicate)
            yield from properties.declare(fact.predicate, records.label(fact.predicate))
        yield from _statement(fact, records, properties)


def _statement(fact: Fact, records: Records, properties: Properties) -> Iterator[ox.Triple]:
    name, subject, statement = (
        properties.name(fact.predicate),
        ox.NamedNode(fact.subject),
        ox.NamedNode(fact.iri),
    )
    accepted = fact.verdict == "Accepted"
    rank = "NormalRank" if accepted else "DeprecatedRank"
    if accepted:
        yield ox.Triple(subject, properties.iri("direct", name), fact.object)
    yield ox.Triple(subject, properties.iri("claim", name), statement)
    yield ox.Triple(statement, ox.NamedNode(TYPE), ox.NamedNode(WIKIBASE + "Statement"))
    yield ox.Triple(statement, properties.iri("statement", name), fact.object)
    yield ox.Triple(statement, ox.NamedNode(WIKIBASE + "rank"), ox.NamedNode(WIKIBASE + rank))
    yield ox.Triple(statement, ox.NamedNode(KG + "verdict"), ox.NamedNode(KG + fact.verdict))
    for note in fact.notes:
        yield ox.Triple(statement, ox.NamedNode(COMMENT), ox.Literal(note))
    yield from _references(fact, records, properties)


def _references(fact: Fact, records: Records, properties: Properties) -> Iterator[ox.Triple]:
    for citation in fact.citations:
        reference = ox.NamedNode(citation.iri)
        yield ox.Triple(ox.NamedNode(fact.iri), ox.NamedNode(PROV + "wasDerivedFrom"), reference)
        yield ox.Triple(reference, ox.NamedNode(TYPE), ox.NamedNode(WIKIBASE + "Reference"))
        source = ox.NamedNode(records.source(citation))
        yield ox.Triple(reference, properties.iri("reference", STATED_IN), source)
        passage = records.index.passages.get(citation.passage)
        if passage and passage.quote:
            quotation = ox.Literal(passage.quote)
            yield ox.Triple(reference, properties.iri("reference", QUOTATION), quotation)
        yield from citation_triples(citation)
