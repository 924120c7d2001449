from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.errors import QueryRefused
from kg.store.job import Job
from kg.store.scan import scan
from kg.store.view import Views

DATA = """
<http://x/s> <http://x/p> "default" .
<http://x/s> <http://x/p> "both" <http://x/a> .
<http://x/s> <http://x/p> "both" <http://x/b> .
<http://x/s> <http://x/p> "only b" <http://x/b> .
<http://x/f> <http://x/reifies> <<( <http://x/s> <http://x/p> "both" )>> <http://x/rdf12> .
"""
ALL = "SELECT ?o { ?s ?p ?o }"
NAMED = "SELECT ?o { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def views() -> Views:
    store = ox.Store()
    store.load(DATA, ox.RdfFormat.N_QUADS)
    return Views(store, "http://x/rdf12")


def objects(views: Views, query: str, **job: object) -> list[str]:
    view = views.choose(Job(query=query, **job), scan(query, {}))  # type: ignore[arg-type]
    answer = view.store.query(query, default_graph=view.default_graph, named_graphs=view.named_graphs)
    assert isinstance(answer, ox.QuerySolutions)
    return sorted(row["o"].value if isinstance(row["o"], ox.Literal) else "triple" for row in answer)


def test_the_default_graph_by_default(views: Views) -> None:
    assert objects(views, ALL) == ["default"]


def test_graph_sees_every_graph_but_the_view_of_rdf12(views: Views) -> None:
    assert objects(views, NAMED) == ["both", "both", "only b"]


def test_graph_sees_the_rdf12_view_where_it_is_named(views: Views) -> None:
    assert objects(views, "SELECT ?o { GRAPH <http://x/rdf12> { ?s ?p ?o } }") == ["triple"]


@pytest.mark.parametrize("query", [f'VERSION "1.2" {ALL}', ALL])
def test_version_adds_the_rdf12_view_to_the_default_graph(views: Views, query: str) -> None:
    declared = query.startswith("VERSION")
    assert objects(views, query, rdf12=not declared) == ["default", "triple"]


def test_a_triple_in_two_merged_graphs_counts_once(views: Views) -> None:
    query = "SELECT ?o FROM <http://x/a> FROM <http://x/b> { ?s ?p ?o }"
    assert objects(views, query) == ["both", "only b"]
    assert objects(views, query) == ["both", "only b"]  # now from the merged store that was kept


def test_a_graph_named_twice_counts_once(views: Views) -> None:
    assert objects(views, "SELECT ?o FROM <http://x/a> FROM <http://x/a> { ?s ?p ?o }") == ["both"]


def test_from_leaves_no_named_graphs(views: Views) -> None:
    assert objects(views, "SELECT ?o FROM <http://x/a> { GRAPH ?g { ?s ?p ?o } }") == []


def test_from_named_leaves_the_default_graph_empty(views: Views) -> None:
    assert objects(views, "SELECT ?o FROM NAMED <http://x/a> { ?s ?p ?o }") == []


def test_merged_and_named_together(views: Views) -> None:
    query = (
        "SELECT ?o FROM <http://x/a> FROM <http://x/b> FROM NAMED <http://x/b> "
        "{ { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    )
    assert objects(views, query) == ["both", "both", "only b", "only b"]


def test_the_protocol_overrides_the_query(views: Views) -> None:
    query = (
        "SELECT ?o FROM <http://x/a> FROM NAMED <http://x/a> { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    )
    assert objects(views, query, default_graphs=("http://x/b",)) == ["both", "only b"]
    assert objects(views, query, named_graphs=("http://x/b",)) == ["both", "only b"]


@pytest.mark.parametrize("iri", ["file:///etc/passwd", "http://x/none", "https://example.org/data.ttl"])
@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_graphs_outside_the_dataset_are_refused(views: Views, iri: str, clause: str) -> None:
    query = f"SELECT * {clause} <{iri}> {{ ?s ?p ?o }}"
    with pytest.raises(QueryRefused, match="This dataset has no graph"):
        views.choose(Job(query=query), scan(query, {}))
