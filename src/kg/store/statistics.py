"""A store becomes the numbers that describe it (VoID §4.6): all counted, none taken on trust."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from kg.store.store import Name, Store
from kg.store.view import Views

TOTALS = """
SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?distinctSubjects)
       (COUNT(DISTINCT ?p) AS ?properties) (COUNT(DISTINCT ?o) AS ?distinctObjects)
WHERE { ?s ?p ?o }
"""
CLASSES = "SELECT ?key (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?key } GROUP BY ?key ORDER BY ?key"
PROPERTIES = "SELECT ?key (COUNT(*) AS ?n) WHERE { ?s ?key ?o } GROUP BY ?key ORDER BY ?key"
GRAPHS = "SELECT ?key (COUNT(*) AS ?n) WHERE { GRAPH ?key { ?s ?p ?o } } GROUP BY ?key ORDER BY ?key"


def statistics(store: Store, views: Views) -> dict[str, Any]:
    """Counts of the default graph, with its partitions, and of each named graph."""
    counts = _partition(store, GRAPHS, [*views.graphs.values()])
    return {
        "totals": _totals(store),
        "classes": _partition(store, CLASSES),
        "properties": _partition(store, PROPERTIES),
        "graphs": {iri: counts.get(iri, 0) for iri in views.graphs},
    }


def _totals(store: Store) -> dict[str, int]:
    solutions = store.query(TOTALS)
    assert isinstance(solutions, ox.QuerySolutions)
    row = next(solutions)
    return {variable.value: _number(row[variable]) for variable in solutions.variables}


def _partition(store: Store, query: str, graphs: list[Name] | None = None) -> dict[str, int]:
    solutions = store.query(query, named_graphs=graphs)
    assert isinstance(solutions, ox.QuerySolutions)
    return {row["key"].value: _number(row["n"]) for row in solutions if isinstance(row["key"], ox.NamedNode)}


def _number(term: object) -> int:
    assert isinstance(term, ox.Literal)
    return int(term.value)
