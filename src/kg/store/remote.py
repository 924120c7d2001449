"""A store elsewhere, spoken to by the SPARQL 1.1 protocol and the graph store protocol.

https://www.w3.org/TR/sparql11-protocol/ and https://www.w3.org/TR/sparql11-http-rdf-update/. What may
pass (a server error, a refused connection, a time-out) is tried again for a while; what the store
refuses is an error at once. Every request may be sent twice, for all that is sent are sets of triples.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlencode

import httpx
import pyoxigraph as ox

from kg.errors import RemoteError
from kg.store.auth import authentication

PASSING = {408, 425, 429, 500, 502, 503, 504}
"""Statuses after which the same request may do."""
LONGEST_PAUSE = 10.0
"""Seconds between two attempts at most."""


@dataclass(frozen=True)
class Remote:
    """One store: where it takes queries and where it takes data."""

    url: str
    """The update endpoint, or the graph store."""
    query_url: str
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    timeout: float = 60.0
    """Seconds for one request."""
    patience: float = 120.0
    """Seconds for which a request is tried again."""

    def update(self, text: str) -> None:
        """Send a SPARQL update. Raises RemoteError."""
        self._send(self.url, text.encode(), {"Content-Type": "application/sparql-update; charset=utf-8"})

    def post(self, graph: str, ntriples: str) -> None:
        """Add triples to a graph of the graph store; the default graph where the IRI is empty."""
        kind = {"Content-Type": "application/n-triples"}
        self._send(self._graph_url(graph), ntriples.encode(), kind)

    def delete(self, graph: str) -> None:
        """Remove a graph from the graph store; it need not be there."""
        self._send(self._graph_url(graph), None, {}, method="DELETE", missing_ok=True)

    def count(self, graph: str) -> int:
        """How many triples a graph has; the default graph where the IRI is empty. Raises RemoteError."""
        pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
        answer = self._query(
            f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}", "application/sparql-results+json"
        )
        try:
            return int(json.loads(answer)["results"]["bindings"][0]["n"]["value"])
        except (ValueError, LookupError, TypeError):
            raise RemoteError(f"{self.query_url} does not answer queries in JSON.") from None

    def construct(self, query: str) -> list[ox.Triple]:
        """The triples of a CONSTRUCT query. Raises RemoteError."""
        answer = self._query(query, "application/n-triples, text/plain;q=0.5")
        try:
            return [quad.triple for quad in ox.parse(input=answer, format=ox.RdfFormat.N_TRIPLES)]
        except SyntaxError:
            raise RemoteError(f"{self.query_url} does not answer in N-Triples.") from None

    def _query(self, query: str, accept: str) -> bytes:
        form = urlencode({"query": query}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
        return self._send(self.query_url, form, kind)

    def _graph_url(self, graph: str) -> str:
        separator = "&" if "?" in self.url else "?"
        return self.url + separator + (urlencode({"graph": graph}) if graph else "default")

    def _send(
        self,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        method: str = "POST",
        missing_ok: bool = False,
    ) -> bytes:
        """Send a request until it is answered or patience ends."""
        deadline, pause = time.monotonic() + self.patience, 0.1
        while True:
            try:
                with self._client() as client:
                    response = client.request(method, url, content=body, headers=headers)
            except (httpx.RequestError, httpx.InvalidURL) as error:
                problem, passing = f"{url} does not answer: {error}", isinstance(error, httpx.TransportError)
            else:
                if response.is_success or (missing_ok and response.status_code == 404):
                    return response.content
                problem, passing = _refusal(url, response), response.status_code in PASSING
            if not passing or time.monotonic() + pause > deadline:
                raise RemoteError(problem)
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _client(self) -> httpx.Client:
        asker = authentication(self.user, self.password, self.token)
        return httpx.Client(auth=asker, timeout=self.timeout, follow_redirects=True, verify=_trusted())


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates of authorities; to read them takes longer than a request."""
    return ssl.create_default_context()


def _refusal(url: str, response: httpx.Response) -> str:
    said = " ".join(response.text.split())[:200]
    return f"{url} refuses: {response.status_code} {response.reason_phrase}. {said}".rstrip()


def query_endpoint(url: str) -> str:
    """Where a store that takes updates at `url` answers queries, as most of them have it."""
    base, slash, last = url.rpartition("/")
    known = {"update": "query", "statements": "", "store": "query", "data": "query"}
    return f"{base}{slash}{known[last]}".rstrip("/") if last in known else url
