"""A SPARQL endpoint elsewhere becomes a store: queries go there, and what comes back is read here.

https://www.w3.org/TR/sparql11-protocol/. It is used inside an evaluator's process, which is ended at the
deadline and when the client goes away; the connection, and with it the store's work, ends with it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx
import pyoxigraph as ox

from kg import __version__
from kg.errors import QueryError, QueryTimeout, QueryTooBig, RemoteError, RemoteStale
from kg.graph.syntax import parse_error
from kg.store.auth import authentication
from kg.store.build import Build
from kg.store.prologue import with_prologue
from kg.store.stamp import Stamp
from kg.store.store import Aggregates, Answer, Graph, Name, Term
from kg.store.transfer import BEHIND, Transfer

CONNECT = 5.0
"""Seconds to reach the store."""
FRESH = 5.0
"""Seconds for which the store is trusted to hold the same build."""
WIDTH = 8
"""How many times the cap of an answer may come from the store: it may write the same at greater length."""
TRIES = 2
"""A connection that was kept may have been closed at the other end."""
EMPTY = ox.Store()
RESULTS, TRIPLES = "application/sparql-results+json", "application/n-triples, text/plain;q=0.5"
CAREFUL = 10_000
"""Triples at which Virtuoso, as it is set up at first, cuts CONSTRUCT and DESCRIBE without a word."""
YES, NO = b'{"head":{},"boolean":true}', b'{"head":{},"boolean":false}'


@dataclass(frozen=True)
class Endpoint:
    """Where a store answers queries, and as whom to ask."""

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    timeout: str = ""
    """The parameter by which the store takes a time limit, such as `timeout={s}` or `timeout={ms}`."""
    rows: int = 0
    """Triples at which the store cuts an answer without saying so; 0: it does not."""

    def save(self, path: Path) -> None:
        """Write to a file that only this user can read."""
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def load(cls, path: Path) -> Endpoint:
        """The reverse of `save`."""
        return cls(**json.loads(path.read_text("utf-8")))

    def time_limit(self, seconds: float) -> dict[str, str]:
        """The parameter of a request that tells the store its time."""
        name, _, value = self.timeout.partition("=")
        filled = value.replace("{ms}", str(int(seconds * 1000))).replace("{s}", str(max(1, int(seconds))))
        return {name: filled} if name else {}


class DistantStore:
    """The dataset of one build, in a store elsewhere into which it was pushed."""

    def __init__(self, endpoint: Endpoint, build: Build, graphs: list[str]) -> None:
        self.endpoint = endpoint
        self.build = build
        self._graphs = graphs
        self._deadline = 60.0
        self._max_bytes = 1 << 30
        self._stamp = Stamp("")
        self._checked = float("-inf")
        self._client: httpx.Client | None = None
        self._transfers: list[Transfer] = []

    @property
    def stamp(self) -> Stamp:
        """What the store said last of what it holds."""
        return self._stamp

    def begin(self, deadline: float, max_bytes: int, fresh: bool = False) -> None:
        """Before a job, with its limits: see that the store is there and holds this build.

        Raises RemoteError where it does not answer, RemoteStale where it holds something else.
        """
        self._deadline, self._max_bytes = deadline, max_bytes
        self.end()
        if fresh or time.monotonic() - self._checked > FRESH:
            self._check()

    def end(self) -> None:
        """After a job, which may not have wanted all of what it asked for."""
        for transfer in self._transfers:
            transfer.close()
        self._transfers.clear()

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
        """Ask the store; the query is parsed here first. Raises QueryError, RemoteError.

        Aggregate functions of ours cannot be sent anywhere, and are taken for unknown ones.
        """
        del custom_aggregate_functions
        try:
            form = EMPTY.query(query, base_iri=base_iri, prefixes=prefixes)
        except SyntaxError as error:
            raise parse_error(error, query) from None
        text = with_prologue(query, prefixes or {}, base_iri or "")
        dataset = self._dataset(default_graph, named_graphs)
        if isinstance(form, ox.QuerySolutions):
            return self._results(text, dataset)
        if isinstance(form, ox.QueryBoolean):
            return _boolean(self._results(text, dataset))
        return DistantTriples(*self._ask(text, TRIPLES, dataset))

    def quads_for_pattern(
        self,
        subject: Name | ox.Triple | None,
        predicate: ox.NamedNode | None,
        value: Term | None,
        graph: Graph | None = None,
        /,
    ) -> Iterator[ox.Quad]:
        """The quads of a graph that match. By SELECT, of which every store says when it cuts it."""
        if any(isinstance(term, ox.BlankNode | ox.Triple) for term in (subject, value)):
            return  # the name of a blank node means nothing to a store elsewhere
        given: dict[str, Any] = {"s": subject, "p": predicate, "o": value}
        pattern = " ".join(f"?{name}" if term is None else str(term) for name, term in given.items())
        if isinstance(graph, ox.NamedNode):
            text, dataset = f"SELECT * {{ GRAPH {graph} {{ {pattern} }} }}", self._dataset(None, [graph])
        else:
            text, dataset = f"SELECT * {{ {pattern} }}", self._dataset(None, None)
        found = self._results(text, dataset)
        rows: Iterable[Any] = found if isinstance(found, ox.QuerySolutions) else ()
        if any(given.values()):
            rows = [*rows]  # at once, for who looks things up may stop half-way and keep the connection
        for row in rows:
            s, p, o = (row[name] if term is None else term for name, term in given.items())
            yield ox.Quad(s, p, o, graph or ox.DefaultGraph())

    def __iter__(self) -> Iterator[ox.Quad]:
        graphs: list[Graph] = [ox.DefaultGraph(), *self.named_graphs()]
        for graph in graphs:
            yield from self.quads_for_pattern(None, None, None, graph)

    def named_graphs(self) -> Iterator[ox.NamedNode]:
        """The graphs of the build's sources, whatever else the store holds."""
        return map(ox.NamedNode, self._graphs)

    def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _check(self) -> None:
        rows = self._results(Stamp.query(self.build.names), {})
        notes = [row["note"].value for row in rows] if isinstance(rows, ox.QuerySolutions) else []
        stamp = Stamp.read(notes[0]) if len(notes) == 1 else None
        if not stamp or stamp.build != self.build.id:
            held = f"build {stamp.build}" if stamp else "no build that was pushed to its end"
            raise RemoteStale(f"{BEHIND} holds {held}, and not {self.build.id}. Run `kg push`.")
        self._stamp, self._checked = stamp, time.monotonic()

    def _dataset(self, default: list[Graph] | None, named: list[Name] | None) -> dict[str, list[str]]:
        """The dataset of a request (SPARQL 1.1 Protocol §2.1.4).

        A store's own default graph has no name there. So where the build's was pushed into that, a request
        that wants it can name no graph at all, and sees all that the store has.
        """
        own = self._stamp.default_graph
        if default is None and not own:
            return {}
        graphs = [ox.DefaultGraph()] if default is None else default
        names = [graph.value if not isinstance(graph, ox.DefaultGraph) else own for graph in graphs]
        return {
            "default-graph-uri": [name for name in names if name],
            "named-graph-uri": [name.value for name in named or ()],
        }

    def _results(self, text: str, dataset: dict[str, list[str]]) -> ox.QuerySolutions | ox.QueryBoolean:
        file, _ = self._ask(text, RESULTS, dataset)
        return ox.parse_query_results(file, format=ox.QueryResultsFormat.JSON)

    def _ask(self, text: str, accept: str, dataset: dict[str, list[str]]) -> tuple[IO[bytes], int]:
        """The answer as a file, and at how many triples it would have been cut."""
        form = {"query": text, **dataset, **self.endpoint.time_limit(self._deadline)}
        timeout = httpx.Timeout(self._deadline, connect=CONNECT)
        request = self._open().build_request(
            "POST", self.endpoint.url, data=form, headers={"Accept": accept}, timeout=timeout
        )
        response = self._send(request)
        virtuoso = response.headers.get("server", "").startswith("Virtuoso")
        rows = self.endpoint.rows or (CAREFUL if virtuoso else 0)
        transfer = Transfer(response, self._max_bytes * WIDTH)
        self._transfers = [*(each for each in self._transfers if not each.closed), transfer]
        return transfer.file, rows

    def _send(self, request: httpx.Request) -> httpx.Response:
        for left in reversed(range(TRIES)):
            try:
                return self._open().send(request, stream=True)
            except httpx.ConnectTimeout:
                raise RemoteError(f"{BEHIND} cannot be reached.") from None
            except httpx.TimeoutException:
                raise QueryTimeout(f"{BEHIND} did not answer in time.") from None
            except httpx.HTTPError as error:
                if not left:
                    self._checked = float("-inf")
                    raise RemoteError(f"{BEHIND} does not answer: {error}.") from None
        raise AssertionError("TRIES is at least one.")

    def _open(self) -> httpx.Client:
        """The client of this process: connections do not survive a fork."""
        if self._client is None:
            asker = authentication(self.endpoint.user, self.endpoint.password, self.endpoint.token)
            self._client = httpx.Client(auth=asker, headers={"User-Agent": f"kg/{__version__}"})
        return self._client


class DistantTriples:
    """The triples of an answer, on their way."""

    def __init__(self, file: IO[bytes], rows: int) -> None:
        self._file = file
        self._rows = rows

    def __iter__(self) -> Iterator[ox.Triple]:
        """Raises QueryTooBig where the store is known to cut answers at this size."""
        for number, quad in enumerate(ox.parse(self._file, format=ox.RdfFormat.N_TRIPLES), 1):
            if self._rows and number >= self._rows:
                raise QueryTooBig(
                    f"The store behind this service may have cut the answer at {self._rows} triples. "
                    "Add a LIMIT below that."
                )
            yield quad.triple

    def serialize(
        self, output: IO[bytes] | None = None, syntax: ox.RdfFormat | None = None, /
    ) -> bytes | None:
        """Write the triples to a file, or give them as bytes."""
        return ox.serialize(self, output, syntax)


def _boolean(results: ox.QuerySolutions | ox.QueryBoolean) -> ox.QueryBoolean:
    """The answer of an ASK; Virtuoso gives it as a row with a number."""
    if isinstance(results, ox.QuerySolutions):
        values = [term.value for row in results for term in row if isinstance(term, ox.Literal)]
        results = ox.parse_query_results(YES if values == ["1"] else NO, format=ox.QueryResultsFormat.JSON)
    if not isinstance(results, ox.QueryBoolean):
        raise QueryError("The store behind this service does not answer ASK.")
    return results
