"""A build becomes a standard file that other tools read.

Formats of triples hold the default graph; formats of quads hold the sources' graphs too. The RDF 1.1
formats leave out the triple terms of the RDF 1.2 view, which their readers would refuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

import pyoxigraph as ox

from kg.store.build import Build
from kg.terms import KG, TYPE


class Citations(StrEnum):
    """How much of the citation model an export holds."""

    FACTS = "facts"
    """Facts, citations and passages beside the triples that they support."""
    NONE = "none"
    """Only what is asserted, with labels and types: the graph as a plain graph."""


@dataclass(frozen=True)
class Format:
    """One serialisation."""

    rdf: ox.RdfFormat
    extension: str
    quads: bool = False
    rdf12: bool = False


FORMATS = {
    "turtle": Format(ox.RdfFormat.TURTLE, "ttl"),
    "ntriples": Format(ox.RdfFormat.N_TRIPLES, "nt"),
    "nquads": Format(ox.RdfFormat.N_QUADS, "nq", quads=True),
    "trig": Format(ox.RdfFormat.TRIG, "trig", quads=True),
    "jsonld": Format(ox.RdfFormat.JSON_LD, "jsonld", quads=True),
    "rdfxml": Format(ox.RdfFormat.RDF_XML, "rdf"),
    "turtle12": Format(ox.RdfFormat.TURTLE, "ttl", rdf12=True),
}
MODEL = {ox.NamedNode(KG + name) for name in ("Fact", "Citation", "Passage")}


def export(build: Build, format_: Format, citations: Citations, output: IO[bytes]) -> None:
    """Write a build in one format. Raises OSError."""
    ox.serialize(
        quads(build, format_, citations),
        output=output,
        format=format_.rdf,
        prefixes={name: space for name, space in build.prefixes.items() if name},
    )


def quads(build: Build, format_: Format, citations: Citations) -> Iterator[ox.Quad] | Iterator[ox.Triple]:
    """What an export in that format holds, in the order of the dataset."""
    rdf12 = ox.NamedNode(build.names.rdf12)
    hidden = _model_nodes(build) if citations is Citations.NONE else frozenset()
    for quad in _read(build):
        if quad.subject in hidden:
            continue
        if quad.graph_name == rdf12:
            if format_.rdf12 and citations is Citations.FACTS:
                yield quad.triple
        elif format_.quads:
            yield quad
        elif isinstance(quad.graph_name, ox.DefaultGraph):
            yield quad.triple


def _model_nodes(build: Build) -> frozenset[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]:
    """Facts, citations, passages and the passages' selectors."""
    selector = ox.NamedNode("http://www.w3.org/ns/oa#hasSelector")
    nodes: set[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = set()
    for quad in _read(build):
        if quad.predicate.value == TYPE and quad.object in MODEL:
            nodes.add(quad.subject)
        elif quad.predicate == selector:
            nodes.add(quad.object)
    return frozenset(nodes)


def _read(build: Build) -> Iterator[ox.Quad]:
    return ox.parse(path=str(build.dataset), format=ox.RdfFormat.N_QUADS)
