"""What an evaluator is asked to do, and what it says of its answer."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal, NamedTuple

Task = Literal["query", "graph", "dataset", "statistics"]


@dataclass(frozen=True)
class Job:
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

    def encode(self, deadline: float, max_bytes: int) -> bytes:
        """As the payload of a message, with what is left of its time (s) and the cap of its output."""
        return json.dumps({**asdict(self), "deadline": deadline, "max_bytes": max_bytes}).encode()


class Order(NamedTuple):
    """A job with its limits, as the evaluator gets it."""

    job: Job
    deadline: float
    """Seconds of wall clock."""
    max_bytes: int
    """Cap of the answer, before compression."""

    @classmethod
    def decode(cls, payload: bytes) -> Order:
        """The reverse of Job.encode."""
        values = json.loads(payload)
        deadline, max_bytes = values.pop("deadline"), values.pop("max_bytes")
        for key in ("default_graphs", "named_graphs"):
            values[key] = tuple(values[key])
        return cls(Job(**values), deadline, max_bytes)
