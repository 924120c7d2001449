"""A build and its numbers become descriptions: SPARQL 1.1 Service Description, VoID, DCAT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from kg.server.request import Request
from kg.server.settings import Settings
from kg.store.build import Build
from kg.store.examples import example_triples
from kg.store.formats import GRAPHS, RESULTS
from kg.terms import DCTERMS, SCHEMA, SH, TYPE, XSD

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
PREFIXES = {"sd": SD, "void": VOID, "dcat": DCAT, "dcterms": DCTERMS, "sh": SH, "schema": SCHEMA, "xsd": XSD}
Term = ox.NamedNode | ox.BlankNode | ox.Literal
Subject = ox.NamedNode | ox.BlankNode


@dataclass(frozen=True)
class Address:
    """Under which URLs the public finds the service."""

    root: str
    """URL without a slash at its end."""

    @classmethod
    def of(cls, settings: Settings, scheme: str, host: str | None) -> Address:
        """Where the sender of a request has found it, by its Host header, unless the settings say so."""
        if settings.public_url:
            return cls(settings.public_url.rstrip("/"))
        return cls(f"{scheme}://{host or f'{settings.host}:{settings.port}'}{settings.root_path}")

    @classmethod
    def asked(cls, settings: Settings, request: Request) -> Address:
        """Where the sender of a request has found it."""
        return cls.of(settings, request.scope["scheme"], request.header(b"host"))

    @property
    def endpoint(self) -> str:
        """The SPARQL endpoint."""
        return self.root + "/sparql"

    @property
    def data(self) -> str:
        """The graph store."""
        return self.root + "/data"

    @property
    def dataset(self) -> str:
        """The dataset, as the document at /.well-known/void describes it (VoID §7.2)."""
        return self.root + "/.well-known/void#dataset"


def describe_service(
    build: Build, numbers: Mapping[str, Any], address: Address, federated: bool
) -> Iterator[ox.Triple]:
    """The service description of SPARQL 1.1 (§3), with the named queries as examples."""
    service, dataset = ox.BlankNode("service"), ox.NamedNode(address.dataset)
    endpoint = ox.NamedNode(address.endpoint)
    yield _triple(service, TYPE, _node(SD + "Service"))
    yield _triple(service, SD + "endpoint", endpoint)
    yield _triple(service, SD + "supportedLanguage", _node(SD + "SPARQL11Query"))
    for form in (*RESULTS, *GRAPHS):
        yield _triple(service, SD + "resultFormat", _node(form.syntax.iri))
    if federated:
        yield _triple(service, SD + "feature", _node(SD + "BasicFederatedQuery"))
    yield _triple(service, SD + "defaultDataset", dataset)
    yield _triple(service, SD + "availableGraphs", dataset)
    yield _triple(dataset, TYPE, _node(SD + "GraphCollection"))
    yield from _graphs(dataset, numbers)
    for triple in example_triples(build):
        yield triple
        if triple.predicate.value == SH + "prefixes":
            yield _triple(_subject(triple), SCHEMA + "target", endpoint)


def _graphs(dataset: ox.NamedNode, numbers: Mapping[str, Any]) -> Iterator[ox.Triple]:
    default = ox.BlankNode("default")
    yield _triple(dataset, TYPE, _node(SD + "Dataset"))
    yield _triple(dataset, SD + "defaultGraph", default)
    yield _triple(default, TYPE, _node(SD + "Graph"))
    yield _triple(default, VOID + "triples", _number(numbers["totals"]["triples"]))
    for place, (iri, triples) in enumerate(sorted(numbers["graphs"].items())):
        named, graph = ox.BlankNode(f"named{place}"), ox.BlankNode(f"graph{place}")
        yield _triple(dataset, SD + "namedGraph", named)
        yield _triple(named, TYPE, _node(SD + "NamedGraph"))
        yield _triple(named, SD + "name", _node(iri))
        yield _triple(named, SD + "graph", graph)
        yield _triple(graph, TYPE, _node(SD + "Graph"))
        yield _triple(graph, VOID + "triples", _number(triples))


def describe_dataset(build: Build, numbers: Mapping[str, Any], address: Address) -> Iterator[ox.Triple]:
    """The dataset in VoID (§2 to §4) and DCAT 3 (§6), with counts of the default graph."""
    dataset = ox.NamedNode(address.dataset)
    document = ox.NamedNode(address.root + "/.well-known/void")
    yield _triple(document, TYPE, _node(VOID + "DatasetDescription"))
    yield _triple(document, "http://xmlns.com/foaf/0.1/primaryTopic", dataset)
    yield _triple(dataset, TYPE, _node(VOID + "Dataset"))
    yield _triple(dataset, TYPE, _node(DCAT + "Dataset"))
    yield _triple(dataset, DCTERMS + "title", ox.Literal(build.title))
    if build.description:
        yield _triple(dataset, DCTERMS + "description", ox.Literal(build.description))
    yield _triple(dataset, DCTERMS + "identifier", ox.Literal(build.id))
    yield _triple(dataset, VOID + "uriSpace", ox.Literal(build.base))
    yield _triple(dataset, VOID + "sparqlEndpoint", ox.NamedNode(address.endpoint))
    yield _triple(dataset, VOID + "dataDump", ox.NamedNode(address.data))
    yield _triple(dataset, VOID + "exampleResource", ox.NamedNode(build.base + "query/"))
    for name, value in sorted(numbers["totals"].items()):
        yield _triple(dataset, VOID + name, _number(value))
    yield _triple(dataset, VOID + "classes", _number(len(numbers["classes"])))
    yield from _partitions(dataset, numbers["classes"], "classPartition", "class", "entities")
    yield from _partitions(dataset, numbers["properties"], "propertyPartition", "property", "triples")
    yield from _graphs(dataset, numbers)
    yield from _distributions(dataset, address)


def _partitions(
    dataset: ox.NamedNode, counts: Mapping[str, int], link: str, key: str, count: str
) -> Iterator[ox.Triple]:
    for place, (iri, value) in enumerate(sorted(counts.items())):
        part = ox.BlankNode(f"{key}{place}")
        yield _triple(dataset, VOID + link, part)
        yield _triple(part, VOID + key, _node(iri))
        yield _triple(part, VOID + count, _number(value))


def _distributions(dataset: ox.NamedNode, address: Address) -> Iterator[ox.Triple]:
    for form in GRAPHS[3:]:
        distribution = ox.BlankNode("dump-" + form.name)
        yield _triple(dataset, DCAT + "distribution", distribution)
        yield _triple(distribution, TYPE, _node(DCAT + "Distribution"))
        yield _triple(distribution, DCAT + "downloadURL", ox.NamedNode(f"{address.data}?format={form.name}"))
        media_type = ox.NamedNode("https://www.iana.org/assignments/media-types/" + form.essence)
        yield _triple(distribution, DCAT + "mediaType", media_type)
    service = ox.BlankNode("service")
    yield _triple(service, TYPE, _node(DCAT + "DataService"))
    yield _triple(service, DCTERMS + "title", ox.Literal("SPARQL endpoint"))
    yield _triple(service, DCAT + "endpointURL", ox.NamedNode(address.endpoint))
    yield _triple(service, DCAT + "servesDataset", dataset)
    yield _triple(service, DCTERMS + "conformsTo", ox.NamedNode("https://www.w3.org/TR/sparql11-protocol/"))


def serialize(triples: Iterable[ox.Triple], syntax: ox.RdfFormat) -> bytes:
    """Triples in an RDF format."""
    prefixes = PREFIXES if syntax in {ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.RDF_XML} else None
    return ox.serialize(triples, format=syntax, prefixes=prefixes) or b""


def _triple(subject: Subject, predicate: str, value: Term) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), value)


def _subject(triple: ox.Triple) -> Subject:
    assert not isinstance(triple.subject, ox.Triple)
    return triple.subject


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer"))
