"""The ontology files become the classes and properties that facts may use.

Domains and ranges are read from schema.org's domainIncludes and rangeIncludes (any one of those
named will do) and from rdfs:domain and rdfs:range, so that other people's ontologies serve too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg.errors import Finding
from kg.facts.statement import StatementReader
from kg.terms import OWL, RDF, RDFS, SCHEMA, TYPE, XSD

CLASSES = {OWL + "Class", RDFS + "Class"}
OBJECT = {OWL + "ObjectProperty"}
DATATYPE = {OWL + "DatatypeProperty", OWL + "AnnotationProperty"}
PROPERTIES = {*OBJECT, *DATATYPE, RDF + "Property", OWL + "FunctionalProperty"}
TEXTS = {RDF + "langString", XSD + "string"}


@dataclass(frozen=True)
class Property:
    """What the ontology says of a property."""

    iri: str
    literal: bool
    functional: bool
    domain: frozenset[str]
    range: frozenset[str]


@dataclass(frozen=True)
class Ontology:
    """Classes with what they stand under, properties, and named individuals with their classes."""

    parents: dict[str, frozenset[str]]
    properties: dict[str, Property]
    individuals: dict[str, frozenset[str]]
    triples: tuple[ox.Triple, ...]
    findings: tuple[Finding, ...]

    @classmethod
    def read(cls, folder: Path) -> Ontology:
        """Read every Turtle file of the folder but the shapes."""
        findings: list[Finding] = []
        triples: list[ox.Triple] = []
        for path in ontology_files(folder):
            reader = StatementReader(path)
            triples += [statement.triple for statement in reader.read()]
            findings += reader.findings
        if not triples and not findings:
            message = "There is no ontology here."
            findings.append(Finding(folder, 0, "no-ontology", message, "Add ontology/kg.ttl."))
        return _parse(triples, findings)

    @cached_property
    def ancestors(self) -> dict[str, frozenset[str]]:
        """Each class with itself and all classes above it."""
        return {name: frozenset(self._above(name, set())) for name in self.parents}

    def _above(self, name: str, seen: set[str]) -> set[str]:
        if name not in seen:
            seen.add(name)
            for parent in self.parents.get(name, ()):
                self._above(parent, seen)
        return seen

    def is_a(self, types: Iterable[str], wanted: frozenset[str]) -> bool:
        """Whether one of the types is, or stands under, one of those wanted."""
        return any(not wanted.isdisjoint(self.ancestors.get(name, {name})) for name in types)


def ontology_files(folder: Path) -> list[Path]:
    """The Turtle files that declare terms."""
    return sorted(path for path in folder.glob("*.ttl") if "shapes" not in path.stem)


def shape_files(folder: Path) -> list[Path]:
    """The Turtle files that hold SHACL shapes for the data."""
    return sorted(folder.glob("shapes*.ttl"))


def _parse(triples: list[ox.Triple], findings: list[Finding]) -> Ontology:
    types: dict[str, set[str]] = defaultdict(set)
    links: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode):
            name, predicate, value = triple.subject.value, triple.predicate.value, triple.object.value
            if predicate == TYPE:
                types[name].add(value)
            else:
                links[predicate][name].add(value)
    parents = {
        name: frozenset(links[RDFS + "subClassOf"][name])
        for name, kinds in types.items()
        if not kinds.isdisjoint(CLASSES)
    }
    properties = {
        name: _property(name, kinds, links)
        for name, kinds in types.items()
        if not kinds.isdisjoint(PROPERTIES)
    }
    individuals = {
        name: frozenset(kinds & parents.keys()) for name, kinds in types.items() if kinds & parents.keys()
    }
    return Ontology(parents, properties, individuals, tuple(triples), tuple(findings))


def _property(name: str, kinds: set[str], links: dict[str, dict[str, set[str]]]) -> Property:
    domain = links[SCHEMA + "domainIncludes"][name] | links[RDFS + "domain"][name]
    range_ = links[SCHEMA + "rangeIncludes"][name] | links[RDFS + "range"][name]
    literal = not kinds.isdisjoint(DATATYPE) or any(_is_datatype(iri) for iri in range_)
    return Property(name, literal, OWL + "FunctionalProperty" in kinds, frozenset(domain), frozenset(range_))


def _is_datatype(iri: str) -> bool:
    return iri.startswith(XSD) or iri in TEXTS or "datatypes/" in iri
