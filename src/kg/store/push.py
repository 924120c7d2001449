"""A build goes into a store elsewhere: in batches, resumable, and compared with what is there afterwards.

The dataset is sorted by subject, and a batch ends where a subject does. So what the store should hold
of a batch's subjects is just that batch, and both sides can be compared batch by batch by a digest,
without ever asking the store for more than a batch. Counts then show that nothing else is in a graph.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pyoxigraph as ox

from kg.errors import RemoteError
from kg.facts.fact import canonical
from kg.store.build import Build
from kg.store.remote import Remote
from kg.store.stamp import Stamp

MODULUS = 1 << 256


class Protocol(StrEnum):
    """How the data are sent."""

    UPDATE = "update"
    GRAPH_STORE = "graph-store"


@dataclass(frozen=True)
class Batch:
    """Some subjects with all their triples, by graph (empty for the default graph), in N-Triples."""

    number: int
    graphs: dict[str, list[str]]
    subjects: list[str]


@dataclass
class Pushed:
    """What a push came to."""

    triples: Counter[str] = field(default_factory=Counter)
    """By graph."""
    resumed: int = 0
    """Batches that were there from an earlier attempt."""
    digest: int = 0

    @property
    def hexdigest(self) -> str:
        """The sum of the SHA-256 of every quad, modulo 2^256: the same in whatever order they come."""
        return f"{self.digest:064x}"


@dataclass(frozen=True)
class Pusher:
    """Pushes one build into one store."""

    build: Build
    remote: Remote
    protocol: Protocol = Protocol.UPDATE
    size: int = 1000
    """Lines in a batch, or a few more where the last subject has more."""
    default_graph: str = ""
    """IRI under which the default graph is stored, for stores that have none of their own."""
    rdf12: bool = False
    """Whether to send the triple terms of the RDF 1.2 view."""
    as_string: frozenset[str] = frozenset()
    """Datatypes whose literals are sent as plain strings, for stores that would change or refuse them."""

    def push(self, state: Path, replace: bool = False) -> Pushed:
        """Send what is not there yet, and compare. Raises RemoteError; run again to go on from there.

        `state` is a file that remembers how far this build has come in this store.
        """
        done = self._resume(state)
        self._unstamp()
        if replace and not done:
            self._clear()
        for batch in self.batches():
            if batch.number > done:
                self._send(batch)
                self._remember(state, batch.number)
        pushed = self.verify()
        self._stamp()
        pushed.resumed = done
        state.unlink(missing_ok=True)
        return pushed

    def verify(self) -> Pushed:
        """Compare every batch and the number of triples of every graph. Raises RemoteError."""
        pushed = Pushed()
        for batch in self.batches():
            for graph, lines in batch.graphs.items():
                here, there = _digest(graph, _parse(lines)), self._digest_there(graph, batch.subjects)
                if here != there:
                    raise self._differs(batch, graph)
                pushed.triples[graph] += len(lines)
                pushed.digest = (pushed.digest + here) % MODULUS
        for graph, count in pushed.triples.items():
            if (found := self.remote.count(graph)) != count:
                raise self._more(graph, found, count)
        return pushed

    def _differs(self, batch: Batch, graph: str) -> RemoteError:
        place = f"batch {batch.number} of {graph or 'the default graph'}, from {batch.subjects[0]} on"
        return RemoteError(
            f"{self.remote.url} does not hold what was sent: {place}. Push again with --restart."
        )

    def _more(self, graph: str, found: int, count: int) -> RemoteError:
        what = f"{found} triples in {graph or 'the default graph'}, where {count} were sent"
        remedy = "Is there other data? --replace --restart clears these graphs first."
        return RemoteError(f"{self.remote.url} has {what}. {remedy}")

    def batches(self) -> Iterator[Batch]:
        """The dataset in batches, numbered from 1; the same each time."""
        graphs: dict[str, list[str]] = defaultdict(list)
        subjects: dict[str, None] = {}
        lines = number = 0
        for subject, triple, graph in self._lines():
            if lines >= self.size and subject not in subjects:
                number += 1
                yield Batch(number, dict(graphs), list(subjects))
                graphs, subjects, lines = defaultdict(list), {}, 0
            graphs[graph].append(triple)
            subjects[subject] = None
            lines += 1
        if lines:
            yield Batch(number + 1, dict(graphs), list(subjects))

    def _lines(self) -> Iterator[tuple[str, str, str]]:
        """Subject, line of N-Triples and graph of each quad."""
        for quad in ox.parse(path=str(self.build.dataset), format=ox.RdfFormat.N_QUADS):
            graph = quad.graph_name
            name = graph.value if isinstance(graph, ox.NamedNode) else self.default_graph
            if self.rdf12 or name != self.build.names.rdf12:
                yield str(quad.subject), f"{self._fitted(quad.triple)} .\n", name

    def _fitted(self, triple: ox.Triple) -> ox.Triple:
        value = triple.object
        if isinstance(value, ox.Literal) and value.datatype.value in self.as_string:
            return ox.Triple(triple.subject, triple.predicate, ox.Literal(value.value))
        return triple

    def _send(self, batch: Batch) -> None:
        if self.protocol is Protocol.GRAPH_STORE:
            for graph, lines in batch.graphs.items():
                self.remote.post(graph, "".join(lines))
        else:
            parts = (_quads(graph, lines) for graph, lines in batch.graphs.items())
            self.remote.update(f"INSERT DATA {{\n{''.join(parts)}}}")

    def _unstamp(self) -> None:
        self._clear_graph(self.build.names.stamp)

    def _stamp(self) -> None:
        stamp = Stamp(self.build.id, self.default_graph, tuple(sorted(self.as_string)))
        note = f"{stamp.triple(self.build.names)} .\n"
        self._send(Batch(0, {self.build.names.stamp: [note]}, []))

    def _clear(self) -> None:
        for graph in sorted({graph for batch in self.batches() for graph in batch.graphs}):
            self._clear_graph(graph)

    def _clear_graph(self, graph: str) -> None:
        if self.protocol is Protocol.GRAPH_STORE:
            self.remote.delete(graph)
        else:
            self.remote.update(f"CLEAR SILENT {f'GRAPH <{graph}>' if graph else 'DEFAULT'}")

    def _digest_there(self, graph: str, subjects: Iterable[str]) -> int:
        values = f"VALUES ?s {{ {' '.join(subjects)} }}"
        pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
        return _digest(
            graph, self.remote.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {values} {pattern} }}")
        )

    def _resume(self, state: Path) -> int:
        try:
            known = json.loads(state.read_text("utf-8"))
            return int(known["batches"]) if known["plan"] == self._plan() else 0
        except (OSError, ValueError, LookupError, TypeError):
            return 0

    def _remember(self, state: Path, number: int) -> None:
        state.parent.mkdir(parents=True, exist_ok=True)
        partial = state.with_suffix(".new")
        partial.write_text(json.dumps({"plan": self._plan(), "batches": number}), "utf-8")
        partial.replace(state)

    def _plan(self) -> list[object]:
        """What must be the same for the batches to be the same."""
        return [
            self.build.id,
            self.remote.url,
            self.protocol.value,
            self.size,
            self.default_graph,
            self.rdf12,
            sorted(self.as_string),
        ]


def state_file(folder: Path, url: str) -> Path:
    """Where the state of pushes to a store is kept, in the folder of the builds."""
    return folder / ".push" / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.json"


def _quads(graph: str, lines: list[str]) -> str:
    return f"GRAPH <{graph}> {{\n{''.join(lines)}}}\n" if graph else "".join(lines)


def _parse(lines: Iterable[str]) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(input="".join(lines), format=ox.RdfFormat.N_TRIPLES)]


def _digest(graph: str, triples: Iterable[ox.Triple]) -> int:
    """The sum over the distinct triples; literals by their value, as stores may write them otherwise."""
    keys = {f"{triple.subject} {triple.predicate} {canonical(triple.object)} <{graph}>" for triple in triples}
    return sum(int.from_bytes(hashlib.sha256(key.encode()).digest()) for key in keys) % MODULUS
