from __future__ import annotations

import io

import pyoxigraph as ox
import pytest
import rdflib

from kg.graph.build import build
from kg.project import Project
from kg.store.build import Build
from kg.store.export import FORMATS, Citations, export

RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "nquads": "nquads",
    "trig": "trig",
    "jsonld": "json-ld",
    "rdfxml": "xml",
}


@pytest.fixture
def built(canal: Project) -> Build:
    return Build.open(build(canal).path)


def written(built: Build, name: str, citations: Citations = Citations.FACTS) -> bytes:
    output = io.BytesIO()
    export(built, FORMATS[name], citations, output)
    return output.getvalue()


def expected(built: Build, name: str) -> set[ox.Quad]:
    """The build's own quads, as far as the format can hold them."""
    store = built.load()
    graphs = {quad.graph_name for quad in store} - {ox.NamedNode(built.names.rdf12)}
    if not FORMATS[name].quads:
        graphs = {ox.DefaultGraph()}
    return {quad for quad in store if quad.graph_name in graphs}


@pytest.mark.parametrize("name", RDFLIB)
def test_pyoxigraph_reads_it_back(built: Build, name: str) -> None:
    found = set(ox.parse(input=written(built, name), format=FORMATS[name].rdf))
    assert found == expected(built, name)
    assert len(found) > 800


@pytest.mark.parametrize("name", RDFLIB)
def test_rdflib_reads_it_back(built: Build, name: str) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=written(built, name), format=RDFLIB[name])
    lines = (line for line in dataset.serialize(format="nquads").splitlines() if line.strip())
    default = str(dataset.default_graph.identifier)
    text = "\n".join(lines).replace(f" <{default}> .", " .").replace("_:", "_:b")
    assert set(ox.parse(input=text, format=ox.RdfFormat.N_QUADS)) == expected(built, name)


def test_turtle12_holds_the_reified_triples(built: Build) -> None:
    quads = set(ox.parse(input=written(built, "turtle12"), format=ox.RdfFormat.TURTLE))
    reified = [quad for quad in quads if isinstance(quad.object, ox.Triple)]
    assert len(reified) == 17
    assert len(quads) == len(expected(built, "turtle")) + 17


def test_without_citations_only_what_is_asserted(built: Build) -> None:
    quads = list(ox.parse(input=written(built, "turtle", Citations.NONE), format=ox.RdfFormat.TURTLE))
    assert not [quad for quad in quads if "canal.example/fact/" in str(quad.subject)]
    assert not [quad for quad in quads if "canal.example/citation/" in str(quad.subject)]
    values = [quad.object.value for quad in quads if quad.predicate.value.endswith("#value")]
    assert values == ["500"]


@pytest.mark.parametrize("name", FORMATS)
def test_same_bytes_each_time(built: Build, name: str) -> None:
    assert written(built, name) == written(built, name)
