"""The descriptions of service and dataset, and that their numbers are those that queries count."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from tests.running import Running
from tests.synthetic import GRAPH_TRIPLES, NAMES, QUERIES

PREFIXES = {
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "sh": "http://www.w3.org/ns/shacl#",
    "schema": "https://schema.org/",
}


def read(service: Running, path: str, accept: str = "text/turtle") -> ox.Store:
    response = service.client.get(service.url + path, headers={"Accept": accept})
    assert response.status_code == 200
    syntax = ox.RdfFormat.from_media_type(response.headers["content-type"])
    store = ox.Store()
    store.load(response.content, syntax)
    return store


def column(store: ox.Store, query: str) -> list[str]:
    answer = store.query(query, prefixes=PREFIXES)
    assert isinstance(answer, ox.QuerySolutions)
    return sorted(term.value for row in answer if isinstance(term := row[0], ox.NamedNode | ox.Literal))


@pytest.fixture(scope="module")
def description(service: Running) -> ox.Store:
    return read(service, "/sparql")


@pytest.fixture(scope="module")
def dataset(service: Running) -> ox.Store:
    return read(service, "/.well-known/void")


def test_the_endpoint_says_what_it_is(service: Running, description: ox.Store) -> None:
    """SPARQL 1.1 Service Description §2 and §3."""
    assert column(description, "SELECT ?e { ?s a sd:Service ; sd:endpoint ?e }") == [service.sparql]
    assert column(description, "SELECT ?l { ?s sd:supportedLanguage ?l }") == [
        PREFIXES["sd"] + "SPARQL11Query"
    ]
    assert column(description, "SELECT ?f { ?s sd:feature ?f }") == []
    assert len(column(description, "SELECT ?f { ?s sd:resultFormat ?f }")) == 10


def test_it_lists_its_graphs_with_true_counts(service: Running, description: ox.Store) -> None:
    graph = "?d sd:namedGraph [ sd:name ?name ; sd:graph/void:triples ?n ]"
    query = f"SELECT (CONCAT(STR(?name), ' ', STR(?n)) AS ?x) {{ {graph} }}"
    counts = dict(line.split() for line in column(description, query))
    for source, triples in GRAPH_TRIPLES.items():
        assert counts[NAMES.source(source)] == str(triples)
    [default] = column(description, "SELECT ?n { ?s sd:defaultDataset/sd:defaultGraph/void:triples ?n }")
    assert int(default) == service.number("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")


@pytest.mark.parametrize(
    "accept", ["application/rdf+xml", "application/n-triples", "application/ld+json", "*/*"]
)
def test_it_is_negotiated(service: Running, description: ox.Store, accept: str) -> None:
    assert len(read(service, "/sparql", accept)) == len(description)


def test_examples_are_executables_in_description_and_in_the_graph(
    service: Running, description: ox.Store
) -> None:
    """As editors ask for them: sh:SPARQLExecutable with rdfs:comment and sh:select."""
    query = "SELECT ?q { ?e a sh:SPARQLExecutable ; rdfs:comment ?c ; sh:select ?q }"
    texts = sorted(QUERIES.values())
    assert column(description, "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> " + query) == texts
    assert sorted(row["q"] for row in service.rows(query)) == texts
    assert column(description, "SELECT DISTINCT ?t { ?e schema:target ?t }") == [service.sparql]


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_examples_run(service: Running, name: str) -> None:
    assert service.rows(QUERIES[name])


@pytest.mark.parametrize(
    ("property_", "query"),
    [
        ("triples", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        ("distinctSubjects", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        ("distinctObjects", "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"),
        ("properties", "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"),
        ("classes", "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }"),
    ],
)
def test_void_counts_are_true(service: Running, dataset: ox.Store, property_: str, query: str) -> None:
    [value] = column(dataset, f"SELECT ?n {{ ?d a void:Dataset ; void:{property_} ?n }}")
    assert int(value) == service.number(query)


def test_void_partitions_are_true(service: Running, dataset: ox.Store) -> None:
    partition = "?d void:propertyPartition [ void:property ?p ; void:triples ?n ]"
    query = f"SELECT (CONCAT(STR(?p), ' ', STR(?n)) AS ?x) {{ {partition} }}"
    counted = service.rows("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p")
    assert column(dataset, query) == sorted(f"{row['p']} {row['n']}" for row in counted)


def test_dcat_leads_to_the_data(service: Running, dataset: ox.Store) -> None:
    assert column(dataset, "SELECT ?t { ?d a dcat:Dataset ; dcterms:title ?t }") == ["A synthetic graph"]
    downloads = column(dataset, "SELECT ?u { ?d dcat:distribution/dcat:downloadURL ?u }")
    assert len(downloads) == 3
    for url in downloads:
        assert service.client.get(url).status_code == 200
    assert column(dataset, "SELECT ?u { ?s dcat:endpointURL ?u }") == [service.sparql]


def test_descriptions_are_only_read(service: Running) -> None:
    assert service.client.post(service.url + "/.well-known/void").status_code == 405
    assert service.client.get(service.url + "/.well-known/void?format=csv").status_code == 406
