"""What an evaluator is asked to do, and within which limits."""

from __future__ import annotations

import marshal
from typing import Literal, NamedTuple

Task = Literal["query", "graph", "dataset", "statistics", "probe"]


class Job(NamedTuple):
    """One piece of work for an evaluator."""

    task: Task = "query"
    query: str = ""
    default_graphs: tuple[str, ...] = ()
    """IRIs; with `named_graphs` they override the query's FROM (SPARQL 1.1 Protocol §2.1.4)."""
    named_graphs: tuple[str, ...] = ()
    rdf12: bool = False
    """Whether the client asked for the RDF 1.2 view."""
    results: str = ""
    """Format of bindings and booleans, by name; empty: the client takes none."""
    graph: str = ""
    """Format of triples, by name; empty: the client takes none."""
    gzip: bool = False
    base: str = ""
    """Base IRI of the query where it names none."""
    cite: bool = False
    """Whether each row comes with the facts that it rests on."""
    stated: bool = False
    """Whether to answer from all that any source states, whatever the verdict."""
    address: str = ""
    """URL under which the public sees the service, for permalinks; empty: the base of the build."""

    def order(self, deadline: float, max_bytes: int) -> bytes:
        """As the payload of a message, with what is left of its time (s) and the cap of its output."""
        return marshal.dumps((tuple(self), deadline, max_bytes))


class Order(NamedTuple):
    """A job with its limits, as the evaluator gets it."""

    job: Job
    deadline: float
    """Seconds of wall clock."""
    max_bytes: int
    """Cap of the answer, before compression."""

    @classmethod
    def decode(cls, payload: bytes) -> Order:
        """The reverse of Job.order. Only what the service itself has sent may be decoded so."""
        values, deadline, max_bytes = marshal.loads(payload)
        return cls(Job(*values), deadline, max_bytes)
