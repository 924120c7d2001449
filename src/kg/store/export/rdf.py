"""A build becomes RDF in a standard syntax.

Formats of triples hold the default graph; formats of quads hold the sources' graphs too. The RDF 1.1
formats leave out the triple terms of the RDF 1.2 view, which their readers would refuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import pyoxigraph as ox

from kg.store.build import Build
from kg.store.export.format import Citations
from kg.terms import KG, TYPE


@dataclass(frozen=True)
class Syntax:
    """One syntax of RDF, and what of the dataset it can hold."""

    rdf: ox.RdfFormat
    extension: str
    quads: bool = False
    rdf12: bool = False


SYNTAXES = {
    "turtle": Syntax(ox.RdfFormat.TURTLE, "ttl"),
    "ntriples": Syntax(ox.RdfFormat.N_TRIPLES, "nt"),
    "nquads": Syntax(ox.RdfFormat.N_QUADS, "nq", quads=True),
    "trig": Syntax(ox.RdfFormat.TRIG, "trig", quads=True),
    "jsonld": Syntax(ox.RdfFormat.JSON_LD, "jsonld", quads=True),
    "rdfxml": Syntax(ox.RdfFormat.RDF_XML, "rdf"),
    "turtle12": Syntax(ox.RdfFormat.TURTLE, "ttl", rdf12=True),
    "ntriples12": Syntax(ox.RdfFormat.N_TRIPLES, "nt", rdf12=True),
}
MODEL = {ox.NamedNode(KG + name) for name in ("Fact", "Citation", "Passage")}


def write(syntax: Syntax, build: Build, citations: Citations, output: IO[bytes]) -> None:
    """Write a build in one syntax. Raises OSError."""
    ox.serialize(
        quads(build, syntax, citations),
        output=output,
        format=syntax.rdf,
        prefixes={name: space for name, space in build.prefixes.items() if name},
    )


def quads(build: Build, syntax: Syntax, citations: Citations) -> Iterator[ox.Quad] | Iterator[ox.Triple]:
    """What an export in that syntax holds, in the order of the dataset."""
    rdf12 = ox.NamedNode(build.names.rdf12)
    hidden = _model_nodes(build) if citations is Citations.NONE else frozenset()
    for quad in _read(build):
        if quad.subject in hidden:
            continue
        if quad.graph_name == rdf12:
            if syntax.rdf12 and citations is Citations.FACTS:
                yield quad.triple
        elif syntax.quads:
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
