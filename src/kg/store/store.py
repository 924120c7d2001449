"""What the service needs of a store: the same of one in this process and of one elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, Protocol, TypeAlias

import pyoxigraph as ox

Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
Name = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Aggregates: TypeAlias = "dict[ox.NamedNode, Callable[[], ox.AggregateFunctionAccumulator]]"


class Triples(Protocol):
    """The answer of a CONSTRUCT or DESCRIBE, on its way."""

    def __iter__(self) -> Any: ...

    def serialize(
        self, output: IO[bytes] | None = None, syntax: ox.RdfFormat | None = None, /
    ) -> bytes | None:
        """Write the triples to a file."""
        ...


Answer = ox.QuerySolutions | ox.QueryBoolean | Triples


class Store(Protocol):
    """An RDF dataset that answers SPARQL: `pyoxigraph.Store`, or a DistantStore."""

    def query(
        self,
        query: str,
        *,
        base_iri: str | None = None,
        prefixes: dict[str, str] | None = None,
        default_graph: list[Graph] | None = None,
        named_graphs: list[Name] | None = None,
        custom_aggregate_functions: Aggregates | None = None,
    ) -> Answer:
        """Answer a query from the graphs given, or from the store's own dataset where they are None."""
        ...

    def quads_for_pattern(
        self,
        subject: Name | ox.Triple | None,
        predicate: ox.NamedNode | None,
        value: Term | None,
        graph: Graph | None = None,
        /,
    ) -> Iterator[ox.Quad]:
        """The quads that match; None matches all."""
        ...

    def __iter__(self) -> Any: ...

    def named_graphs(self) -> Iterable[Name]:
        """The names of its graphs."""
        ...
