"""Facts are validated against SHACL shapes, and each result gets the line of the fact it concerns.

https://www.w3.org/TR/shacl/; pySHACL validates. The shapes see everything that is stated, whatever
its verdict: what the graph should not hold is the curator's verdict, not a matter of form.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import rdflib
from pyshacl import validate
from rdflib.namespace import RDF as RDF_NS
from rdflib.namespace import SH

from kg.errors import Finding
from kg.facts.ledger import Ledger, Place
from kg.facts.ontology import ontology_files, shape_files
from kg.terms import KG, LABEL, TYPE


def check_shapes(ledger: Ledger, ontology: Path) -> Iterator[Finding]:
    """Validate the stated triples of a ledger against `ontology/shapes*.ttl`."""
    files = shape_files(ontology)
    if not files:
        return
    shapes, classes = rdflib.Graph(), rdflib.Graph()
    for path in files:
        shapes.parse(path, format="turtle")
    for path in ontology_files(ontology):
        classes.parse(path, format="turtle")
    _, results, _ = validate(stated(ledger), shacl_graph=shapes, ont_graph=classes, inference="none")
    assert isinstance(results, rdflib.Graph)
    for result in results.subjects(RDF_NS.type, SH.ValidationResult):
        yield _finding(ledger, results, result)


def stated(ledger: Ledger) -> rdflib.Graph:
    """Every triple that some source states, with types and labels, as an rdflib graph."""
    lines = [f"{fact.key}\n" for fact in ledger.facts.values()]
    for entity in ledger.entities.values():
        lines += [f"<{entity.iri}> {predicate} {value} .\n" for predicate, value in entity.others]
    for source in ledger.corpus.sources:
        node = f"<{ledger.corpus.project.names.source(source.id)}>"
        lines.append(f"{node} <{TYPE}> <{KG}Source> .\n{node} <{LABEL}> {ox.Literal(source.title)} .\n")
    return rdflib.Graph().parse(data="".join(lines), format="nt")


def _finding(ledger: Ledger, results: rdflib.Graph, result: rdflib.term.Node) -> Finding:
    focus, path = results.value(result, SH.focusNode), results.value(result, SH.resultPath)
    texts = sorted(str(message) for message in results.objects(result, SH.resultMessage))
    message, _, remedy = " ".join(texts).partition(" → ")
    severity = "warning" if results.value(result, SH.resultSeverity) != SH.Violation else "error"
    place = _place(ledger, f"<{focus}>", f"<{path}>", str(focus))
    return Finding(*place, "shape", f"{ledger.short(str(focus))}: {message}", remedy, severity)


def _place(ledger: Ledger, subject: str, predicate: str, iri: str) -> Place:
    """Where the fact is stated that a result is about; else where its subject is declared."""
    stated_at = [
        (fact.predicate != predicate, place)
        for key, place in ledger.places.items()
        if (fact := ledger.facts[key]).subject == subject
    ]
    if iri in ledger.entities and not any(not other for other, _ in stated_at):
        return ledger.entities[iri].place
    return min(stated_at)[1] if stated_at else (ledger.corpus.project.corpus, 0)
