"""A query and its request become the RDF dataset that it sees (SPARQL 1.1 §13, Protocol §2.1.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import KgError, QueryRefused
from kg.graph.syntax import parse_error
from kg.store.job import Job, Order
from kg.store.scan import Scan
from kg.store.store import Graph, Name, Store

LISTED = 12
"""How many graphs a message names before it says how many more there are."""


@dataclass(frozen=True)
class View:
    """A store with the graphs of it that count; None stands for what the store has by itself."""

    store: Store
    default_graph: list[Graph] | None = None
    named_graphs: list[Name] | None = None


class Views:
    """The datasets that one store can show.

    pyoxigraph 0.5 counts a triple once for every default graph it stands in, where SPARQL merges
    them. So two or more are merged for real, into a store of their own; the last one is kept.
    """

    def __init__(self, store: Store, rdf12: str) -> None:
        self.store = store
        self.rdf12 = ox.NamedNode(rdf12)
        named = [graph for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)]
        self.graphs = {graph.value: graph for graph in sorted(named, key=str)}
        self.public: list[Name] = [graph for graph in self.graphs.values() if graph != self.rdf12]
        self._whole = View(store)
        self._rdf12 = View(store, [ox.DefaultGraph(), self.rdf12])
        self._merged: tuple[object, View] = (None, self._whole)

    def begin(self, order: Order) -> None:
        """Before a job. Raises KgError where the store is not there."""

    def end(self) -> None:
        """After a job, however it ended."""

    def syntax_error(self, error: SyntaxError, query: str) -> KgError:
        """What a syntax error means that comes up while a query is answered."""
        return parse_error(error, query)

    def choose(self, job: Job, scan: Scan) -> View:
        """The dataset of a query. Raises QueryRefused for graphs that this store does not have."""
        if job.default_graphs or job.named_graphs:
            return self._described(job.default_graphs, job.named_graphs)
        if scan.default_graphs or scan.named_graphs:
            return self._described(scan.default_graphs, scan.named_graphs)
        if job.stated:
            return self.stated
        if job.rdf12 or scan.rdf12:
            return self._rdf12
        if scan.graph and self.rdf12.value not in scan.mentioned and self.rdf12.value in self.graphs:
            return View(self.store, None, self.public)
        return self._whole

    @property
    def stated(self) -> View:
        """All that any source states, whatever the verdict, beside what is asserted.

        Not merged: a triple that is asserted counts more than once.
        """
        return View(self.store, [ox.DefaultGraph(), *self.public], self.public)

    def graph(self, iri: str) -> ox.NamedNode:
        """A named graph of this store. Raises QueryRefused where there is none of that name."""
        if iri in self.graphs:
            return self.graphs[iri]
        shown = ", ".join(f"<{each.value}>" for each in self.public[:LISTED])
        more = f" and {len(self.public) - LISTED} more" if len(self.public) > LISTED else ""
        raise QueryRefused(
            f"This dataset has no graph <{iri}>, and nothing is fetched from elsewhere. "
            f"It has {shown or 'no named graphs'}{more}."
        )

    def _described(self, default: Iterable[str], named: Iterable[str]) -> View:
        defaults = [self.graph(iri) for iri in dict.fromkeys(default)]
        names = [self.graph(iri) for iri in dict.fromkeys(named)]
        if len(defaults) < 2:
            return View(self.store, [*defaults], [*names])
        return self._together(defaults, names)

    def _together(self, defaults: list[ox.NamedNode], names: list[ox.NamedNode]) -> View:
        key = (tuple(defaults), tuple(names))
        if self._merged[0] != key:
            self._merged = (key, View(self._merge(defaults, names), [ox.DefaultGraph()], [*names]))
        return self._merged[1]

    def _merge(self, default: list[ox.NamedNode], named: list[ox.NamedNode]) -> ox.Store:
        merged = ox.Store()
        for graph in default:
            quads = self.store.quads_for_pattern(None, None, None, graph)
            merged.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
        for graph in named:
            merged.add_graph(graph)
            merged.extend(self.store.quads_for_pattern(None, None, None, graph))
        return merged
