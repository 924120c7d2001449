"""Look-ups of entities as JSON beside SPARQL queries for the same data, and search as one types."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from urllib.parse import quote

from bench import servers, synthetic
from bench.servers import Server
from bench.service import FRESH, ROUNDS, SYNTHETIC_FACTS, Figure, request
from kg.graph.build import build as run_build
from kg.store.build import Build
from kg.store.index import Index

UNCACHED = {"Accept": "application/json", **FRESH}
LOOKUPS = 1000
"""Entities that are looked up in turn."""
CLIENTS = (1, 8)
SAME = """SELECT * WHERE {{
  {{ SELECT * WHERE {{
    ?fact rdf:subject <{iri}> ; rdf:predicate ?p ; rdf:object ?o ;
      kg:verdict ?verdict ; kg:citation ?citation .
    ?citation kg:passage ?passage ; kg:stance ?stance ; kg:method ?method .
    ?passage kg:digest ?digest ; oa:hasSource ?source ; oa:hasSelector ?position .
    ?position oa:start ?start ; oa:end ?end .
  }} }}
  OPTIONAL {{ ?o rdfs:label ?label }}
}}"""
"""What the JSON of an entity holds."""


def run(folder: Path | None = None) -> None:
    """Build the synthetic graph, or take a build, and print the table."""
    with tempfile.TemporaryDirectory() as name:
        path = folder or run_build(synthetic.generate(Path(name) / "project", SYNTHETIC_FACTS)).path
        build = Build.open(path)
        loads = _loads(Index(build))
        quads = f"{build.counts['quads']:,}"
        print(f"{quads} quads; index of {(path / 'index.sqlite').stat().st_size / 1e6:.0f} MB\n")
        print("| clients | load | answers/s | p50 ms | p99 ms | to SPARQL | errors |")
        print("|---|---|---|---|---|---|---|")
        with servers.kg(path) as server:
            for clients in CLIENTS:
                _print(server, loads, clients)


def _loads(index: Index) -> dict[str, list[str]]:
    rows = index.rows("SELECT iri, label FROM node WHERE kind = 'entity' ORDER BY id")
    chosen = rows[:: max(1, len(rows) // LOOKUPS)][:LOOKUPS]
    typed = [row["label"][:length] for row in chosen[::20] for length in range(1, len(row["label"]) + 1)]
    base = index.build.names.entity
    return {
        "SPARQL for the same": ["/sparql?query=" + quote(SAME.format(iri=row["iri"])) for row in chosen],
        "entity as JSON": ["/api/entities/" + row["iri"].removeprefix(base) for row in chosen],
        "search as one types": ["/api/suggest?q=" + quote(words) for words in typed],
    }


def _print(server: Server, loads: dict[str, list[str]], clients: int) -> None:
    figures: dict[str, list[Figure]] = {name: [] for name in loads}
    for targets in loads.values():
        request(server, targets, clients, UNCACHED)  # not counted: processes start
    for _ in range(ROUNDS):
        for name, targets in loads.items():
            figures[name].append(request(server, targets, clients, UNCACHED))
    plain = median(figure.rate for figure in figures["SPARQL for the same"])
    for name, found in figures.items():
        rate, p50, p99 = (median(getattr(each, key) for each in found) for key in ("rate", "p50", "p99"))
        errors = sum(each.errors for each in found)
        share = rate / plain
        print(f"| {clients} | {name} | {rate:,.0f} | {p50:.2f} | {p99:.2f} | {share:.2f} | {errors:.0f} |")
