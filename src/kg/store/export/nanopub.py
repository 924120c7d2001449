"""A build becomes nanopublications, one a fact: what is asserted, from where, and what we hold of it.

https://nanopub.net/guidelines/working_draft/. A fact that is not accepted is asserted by nobody here:
its assertion graph says of the triple what our verdict is, instead of the triple.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import pyoxigraph as ox

from kg.store.build import Build
from kg.store.export.format import Citations
from kg.store.record import Citation, Fact, Records
from kg.terms import COMMENT, DCTERMS, KG, RDF, TYPE, XSD

NP = "http://www.nanopub.org/nschema#"
PROV = "http://www.w3.org/ns/prov#"


def write(build: Build, citations: Citations, output: IO[bytes]) -> None:
    """Write TriG, one nanopublication a fact. Raises OSError."""
    records = Records.of(build, citations is Citations.NONE)
    prefixes = {name: space for name, space in build.prefixes.items() if name}
    ox.serialize(
        (quad for fact in records.facts() for quad in nanopub(fact, records, build.base)),
        output=output,
        format=ox.RdfFormat.TRIG,
        prefixes={**prefixes, "np": NP, "prov": PROV},
    )


def nanopub(fact: Fact, records: Records, base: str) -> Iterator[ox.Quad]:
    """The four graphs of one fact."""
    this = ox.NamedNode(f"{fact.iri}#nanopub")
    head, assertion, provenance, pubinfo = (
        ox.NamedNode(f"{fact.iri}#{name}") for name in ("head", "assertion", "provenance", "pubinfo")
    )
    yield ox.Quad(this, ox.NamedNode(TYPE), ox.NamedNode(NP + "Nanopublication"), head)
    yield ox.Quad(this, ox.NamedNode(NP + "hasAssertion"), assertion, head)
    yield ox.Quad(this, ox.NamedNode(NP + "hasProvenance"), provenance, head)
    yield ox.Quad(this, ox.NamedNode(NP + "hasPublicationInfo"), pubinfo, head)
    for triple in _assertion(fact):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, assertion)
    for triple in _provenance(fact, records, assertion, base):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, provenance)
    for triple in _pubinfo(fact, this, base):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, pubinfo)


def _assertion(fact: Fact) -> Iterator[ox.Triple]:
    if fact.verdict == "Accepted":
        yield ox.Triple(ox.NamedNode(fact.subject), ox.NamedNode(fact.predicate), fact.object)
        return
    yield _triple(fact.iri, RDF + "subject", ox.NamedNode(fact.subject))
    yield _triple(fact.iri, RDF + "predicate", ox.NamedNode(fact.predicate))
    yield _triple(fact.iri, RDF + "object", fact.object)
    yield _triple(fact.iri, KG + "verdict", ox.NamedNode(KG + fact.verdict))


def _provenance(fact: Fact, records: Records, assertion: ox.NamedNode, base: str) -> Iterator[ox.Triple]:
    if not fact.citations:
        yield _triple(assertion.value, PROV + "wasDerivedFrom", ox.NamedNode(base))
    for citation in fact.citations:
        yield _triple(assertion.value, PROV + "wasDerivedFrom", ox.NamedNode(citation.passage))
        yield _triple(assertion.value, PROV + "hadPrimarySource", ox.NamedNode(records.source(citation)))
        yield _triple(assertion.value, KG + "citation", ox.NamedNode(citation.iri))
        yield from citation_triples(citation)


def citation_triples(citation: Citation) -> Iterator[ox.Triple]:
    """A citation in the terms of the ontology."""
    yield _triple(citation.iri, KG + "passage", ox.NamedNode(citation.passage))
    yield _triple(citation.iri, KG + "stance", ox.NamedNode(KG + citation.stance))
    yield _triple(citation.iri, KG + "method", ox.NamedNode(KG + citation.method))
    if citation.according_to:
        yield _triple(citation.iri, KG + "accordingTo", ox.NamedNode(citation.according_to))
    if citation.confidence:
        decimal = ox.Literal(citation.confidence, datatype=ox.NamedNode(XSD + "decimal"))
        yield _triple(citation.iri, KG + "confidence", decimal)
    if citation.rule:
        yield _triple(citation.iri, KG + "rule", ox.Literal(citation.rule))


def _pubinfo(fact: Fact, this: ox.NamedNode, base: str) -> Iterator[ox.Triple]:
    yield _triple(this.value, DCTERMS + "isPartOf", ox.NamedNode(base))
    yield _triple(this.value, KG + "verdict", ox.NamedNode(KG + fact.verdict))
    for note in fact.notes:
        yield _triple(this.value, COMMENT, ox.Literal(note))


def _triple(subject: str, predicate: str, object_: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), object_)
