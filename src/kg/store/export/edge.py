"""Facts become nodes and edges: the citation travels on the edge, and a literal is a node of its own.

A literal gets one node a fact, so that two things that share a number do not look connected.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.store.record import Fact, Records, local_name

NODE_FIELDS = ("kind", "label", "types", "aliases", "datatype", "language", "earliest", "latest")
EDGE_FIELDS = ("predicate", "label", "verdict", "note", "cites", "quotes", "citations")
SEPARATOR = " | "
"""Between several texts in one attribute; IRIs are parted by a space."""


@dataclass(frozen=True)
class NetworkNode:
    """One node: an entity, or the value of one fact."""

    id: str
    attributes: dict[str, str]


@dataclass(frozen=True)
class Edge:
    """One fact as an edge; `citations` among its attributes is JSON and lossless."""

    id: str
    source: str
    target: str
    attributes: dict[str, str]


def nodes(records: Records) -> Iterator[NetworkNode]:
    """The nodes that the facts connect: entities sorted by IRI, then literals in the order of facts."""
    named: set[str] = set()
    for fact in records.facts():
        named.add(fact.subject)
        if isinstance(fact.object, ox.NamedNode):
            named.add(fact.object.value)
    yield from (_entity(records, iri) for iri in sorted(named))
    for fact in records.facts():
        if isinstance(fact.object, ox.Literal):
            yield _value(fact, fact.object)


def edges(records: Records) -> Iterator[Edge]:
    """Each fact as an edge."""
    for fact in records.facts():
        attributes = {
            "predicate": fact.predicate,
            "label": records.label(fact.predicate),
            "verdict": fact.verdict,
            "note": SEPARATOR.join(fact.notes),
            "cites": " ".join(fact.cites),
            "quotes": SEPARATOR.join(_quotes(records, fact)),
            "citations": citations_json(fact),
        }
        yield Edge(fact.iri, fact.subject, target(fact), attributes)


def target(fact: Fact) -> str:
    """The id of the node that a fact's edge leads to."""
    return fact.object.value if isinstance(fact.object, ox.NamedNode) else value_id(fact)


def value_id(fact: Fact) -> str:
    """The id of the node that stands for the literal of a fact."""
    return f"{fact.iri}#value"


def citations_json(fact: Fact) -> str:
    """All citations of a fact as a JSON array, keys as in the ontology; what is empty is left out."""
    rows = (
        {
            "citation": citation.iri,
            "passage": citation.passage,
            "stance": citation.stance,
            "method": citation.method,
            "accordingTo": citation.according_to,
            "confidence": citation.confidence,
            "rule": citation.rule,
        }
        for citation in fact.citations
    )
    filled = [{name: value for name, value in row.items() if value} for row in rows]
    return json.dumps(filled, ensure_ascii=False)


def _entity(records: Records, iri: str) -> NetworkNode:
    entity = records.entity(iri)
    attributes = {
        "kind": "entity",
        "label": entity.label,
        "types": " ".join(local_name(type_) for type_ in entity.types),
        "aliases": SEPARATOR.join(entity.aliases),
        "earliest": entity.earliest,
        "latest": entity.latest,
    }
    return NetworkNode(iri, attributes)


def _value(fact: Fact, literal: ox.Literal) -> NetworkNode:
    attributes = {
        "kind": "literal",
        "label": literal.value,
        "datatype": literal.datatype.value,
        "language": literal.language or "",
    }
    return NetworkNode(value_id(fact), attributes)


def _quotes(records: Records, fact: Fact) -> Iterator[str]:
    """The words of each passage, in our digest where the original was not at hand."""
    for iri in fact.cites:
        passage = records.index.passages.get(iri)
        if passage is not None:
            yield " ".join((passage.quote or passage.digest).split())
