"""A build becomes an OWL 2 ontology, in which each asserted fact is an axiom with annotations.

https://www.w3.org/TR/owl2-mapping-to-rdf/#Axioms_with_Annotations. OWL tools have no place for
`rdf:subject` and its kin; so a fact that is asserted stands as an `owl:Axiom` that gives its verdict, its
citations and the node that is the fact, and a fact that is not asserted is a node whose label tells it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import pyoxigraph as ox

from kg.store.build import Build
from kg.store.export.format import Citations
from kg.store.export.rdf import SYNTAXES, quads
from kg.store.record import Fact, Records, lexical, local_name
from kg.terms import COMMENT, DCTERMS, KG, LABEL, OWL, RDF, TYPE

STATEMENT = frozenset(RDF + name for name in ("subject", "predicate", "object"))
ANNOTATIONS = {
    DCTERMS + "source": "passage",
    DCTERMS + "bibliographicCitation": "what the passage says",
    DCTERMS + "identifier": "fact",
    DCTERMS + "type": "verdict",
}
"""Properties of the annotations, with labels: OWL tools take none that is an object property too."""


def write(build: Build, citations: Citations, output: IO[bytes]) -> None:
    """Write Turtle. Raises OSError."""
    ox.serialize(
        statements(build, citations),
        output=output,
        format=ox.RdfFormat.TURTLE,
        prefixes={name: space for name, space in build.prefixes.items() if name},
    )


def statements(build: Build, citations: Citations) -> Iterator[ox.Triple]:
    """The default graph as OWL tools take it, and the annotations."""
    for triple in quads(build, SYNTAXES["turtle"], citations):
        if isinstance(triple, ox.Triple) and triple.predicate.value not in STATEMENT:
            yield triple
    if citations is Citations.NONE:
        return
    for property_, label in ANNOTATIONS.items():
        yield _triple(ox.NamedNode(property_), TYPE, ox.NamedNode(OWL + "AnnotationProperty"))
        yield _triple(ox.NamedNode(property_), LABEL, ox.Literal(label, language="en"))
    records = Records.of(build)
    for fact in records.facts():
        yield from _axiom(fact, records) if fact.verdict == "Accepted" else _told(fact, records)


def _axiom(fact: Fact, records: Records) -> Iterator[ox.Triple]:
    node = ox.BlankNode("axiom" + local_name(fact.iri))
    yield _triple(node, TYPE, ox.NamedNode(OWL + "Axiom"))
    yield _triple(node, OWL + "annotatedSource", ox.NamedNode(fact.subject))
    yield _triple(node, OWL + "annotatedProperty", ox.NamedNode(fact.predicate))
    yield _triple(node, OWL + "annotatedTarget", fact.object)
    yield _triple(node, DCTERMS + "identifier", ox.NamedNode(fact.iri))
    yield _triple(node, DCTERMS + "type", ox.NamedNode(KG + fact.verdict))
    for note in fact.notes:
        yield _triple(node, COMMENT, ox.Literal(note))
    for iri in fact.cites:
        yield _triple(node, DCTERMS + "source", ox.NamedNode(iri))
        passage = records.index.passages.get(iri)
        if passage:
            told = ox.Literal(passage.quote or passage.digest)
            yield _triple(node, DCTERMS + "bibliographicCitation", told)


def _told(fact: Fact, records: Records) -> Iterator[ox.Triple]:
    """A fact that nobody here asserts, in words."""
    value = (
        records.label(fact.object.value) if isinstance(fact.object, ox.NamedNode) else lexical(fact.object)
    )
    text = f"{records.label(fact.subject)} | {records.label(fact.predicate)} | {value}"
    yield _triple(ox.NamedNode(fact.iri), LABEL, ox.Literal(text))


def _triple(
    subject: ox.NamedNode | ox.BlankNode, predicate: str, object_: ox.NamedNode | ox.Literal
) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), object_)
