"""Answers a second of the service and of other servers, on the same data, in one run, by turns."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import quote

import pyoxigraph as ox

from bench import servers, synthetic
from bench.servers import Server
from kg.graph.build import build as run_build
from kg.graph.queries import read_queries
from kg.project import Project
from kg.store.build import Build

ROOT = Path(__file__).parent.parent
SECONDS = 1.0
"""Length of one measurement."""
ROUNDS = 2
"""Measurements of each kind, by turns; the median counts."""
CLIENTS = (1, 8, 32)
LOOKUPS = 1000
"""Entities that are looked up in turn."""
SYNTHETIC_FACTS = 58_800
"""Makes a little more than 1,000,000 quads."""
GRAPHS = ("shipped", "synthetic")
FRESH = {"Cache-Control": "no-cache"}
JSON = {"Accept": "application/sparql-results+json"}


@dataclass(frozen=True)
class Load:
    """What is asked."""

    name: str
    queries: list[str]


@dataclass(frozen=True)
class Figure:
    """What one measurement, or the median of some, came to."""

    rate: float
    p50: float
    p99: float
    errors: float


def measure(server: Server, load: Load, clients: int, headers: dict[str, str]) -> Figure:
    """Send a load to the endpoint of a server, from a process of its own."""
    targets = [f"{server.path}?query={quote(query)}" for query in load.queries]
    return request(server, targets, clients, JSON | headers)


def request(server: Server, targets: list[str], clients: int, headers: dict[str, str]) -> Figure:
    """Send requests to a server, from a process of its own."""
    numbers = [str(number) for number in (server.port, clients, SECONDS)]
    command = [sys.executable, "-m", "bench.client", "127.0.0.1", *numbers]
    data = json.dumps([targets, headers])
    run = subprocess.run(command, input=data, capture_output=True, text=True, check=True, cwd=ROOT)
    return Figure(**json.loads(run.stdout))


def loads(build: Build) -> Iterator[Load]:
    """The named queries of the project, and look-ups of entities of the build."""
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in build.prefixes.items())
    yield Load("named queries", [prefixes + query.text for query in read_queries(ROOT / "queries")])
    labelled = "SELECT DISTINCT ?s { ?s a ?c ; rdfs:label ?l } ORDER BY ?s"
    found = build.load().query(labelled, prefixes=dict(build.prefixes))
    assert isinstance(found, ox.QuerySolutions)
    names = [row["s"].value for row in found if isinstance(row["s"], ox.NamedNode)]
    names = [name for name in names if name.startswith(build.names.entity)]
    chosen = names[:: max(1, len(names) // LOOKUPS)][:LOOKUPS]
    yield Load("entity look-ups", [f"SELECT ?p ?o {{ <{name}> ?p ?o }}" for name in chosen])


def compare(build: Build, rdflib: bool) -> None:
    """Print the tables of one graph."""
    quads = sum(1 for _ in build.dataset.open("rb"))
    print(f"### {build.title}: {quads:,} quads\n")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        ours = stack.enter_context(servers.kg(build.path))
        disk = stack.enter_context(servers.oxigraph_disk(build.path, Path(name)))
        memory = stack.enter_context(servers.oxigraph_memory(build.path))
        peers: list[tuple[str, Server, dict[str, str]]] = [
            ("kg, uncached", ours, FRESH),
            ("kg, repeated", ours, {}),
            (disk.name, disk, {}),
            (memory.name, memory, {}),
        ]
        for load in loads(build):
            _print(load, peers)
        if rdflib:
            slow = stack.enter_context(servers.rdflib_endpoint(build.path, Path(name)))
            for load in loads(build):
                figure = measure(slow, load, 8, {})
                rate = f"{figure.rate:,.1f} answers/s, p99 {figure.p99:,.0f} ms"
                print(f"{slow.name}, 8 clients, {load.name}: {rate}\n", flush=True)


def _print(load: Load, peers: list[tuple[str, Server, dict[str, str]]]) -> None:
    print(f"**{load.name}** ({len(load.queries)} different ones)\n")
    print("| clients | server | answers/s | p50 ms | p99 ms | to disk | to memory | errors |")
    print("|---|---|---|---|---|---|---|---|")
    for clients in CLIENTS:
        figures: dict[str, list[Figure]] = {name: [] for name, _, _ in peers}
        for _, server, headers in peers:
            measure(server, load, clients, headers)  # not counted: caches fill, processes start
        for _ in range(ROUNDS):
            for name, server, headers in peers:
                figures[name].append(measure(server, load, clients, headers))
        middle = {name: _median(values) for name, values in figures.items()}
        for name, figure in middle.items():
            to_disk = figure.rate / middle["oxigraph, disk"].rate
            to_memory = figure.rate / middle["oxigraph, memory"].rate
            print(
                f"| {clients} | {name} | {figure.rate:,.1f} | {figure.p50:.2f} | {figure.p99:.2f} "
                f"| {to_disk:.2f} | {to_memory:.2f} | {figure.errors:.0f} |",
                flush=True,
            )
    print()


def _median(figures: list[Figure]) -> Figure:
    columns = ([getattr(figure, name) for figure in figures] for name in ("rate", "p50", "p99"))
    return Figure(*map(median, columns), errors=sum(figure.errors for figure in figures))


def run(graphs: tuple[str, ...] = GRAPHS) -> None:
    """Build what is to be served, and print the tables."""
    with tempfile.TemporaryDirectory() as name:
        if "shipped" in graphs:
            outcome = run_build(Project.open(ROOT), Path(name) / "shipped")
            compare(Build.open(outcome.path), rdflib=True)
        if "synthetic" in graphs:
            project = synthetic.generate(Path(name) / "project", SYNTHETIC_FACTS)
            compare(Build.open(run_build(project).path), rdflib=False)
