"""An HTTP response becomes a file that serialisers and parsers can read: whole, capped, or an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, cast

import httpx

from kg.errors import Busy, KgError, QueryError, QueryTimeout, QueryTooBig, RemoteError

SHOWN = 300
"""Characters of what a store says that are passed on."""
MAX_ROWS, SQL_STATE = "x-sparql-maxrows", "x-sql-state"
"""By these headers Virtuoso says that it has cut an answer."""


class Transfer:
    """The body of one response, as far as it is read."""

    def __init__(self, response: httpx.Response, max_bytes: int) -> None:
        """Raises what the status and the headers say."""
        self._response = response
        self._url = str(response.request.url)
        self._left = max_bytes
        self._max = max_bytes
        self._chunk = b""
        self._at = 0
        if response.status_code != 200:
            raise self._refusal()
        if cut := _cut(response):
            response.close()
            raise cut
        if not _delimited(response):
            response.close()
            raise RemoteError(f"{self._url} does not say where its answers end.")
        self._chunks: Iterator[bytes] = response.iter_bytes()

    @property
    def file(self) -> IO[bytes]:
        """This, as the type that parsers ask for."""
        return cast(IO[bytes], self)

    @property
    def closed(self) -> bool:
        """Whether it has let go of the connection."""
        return self._response.is_closed

    def close(self) -> None:
        """Let go of the connection, whether or not all was read."""
        self._response.close()

    def read(self, size: int = -1) -> bytes:
        """The next bytes; none at the end. Raises RemoteError where it comes before its time."""
        if self._at >= len(self._chunk):
            self._chunk, self._at = self._next(), 0
        end = len(self._chunk) if size < 0 else self._at + size
        piece = self._chunk[self._at : end]
        self._at += len(piece)
        return piece

    def _next(self) -> bytes:
        try:
            chunk = next(self._chunks, b"")
        except httpx.TimeoutException:
            raise QueryTimeout(f"{self._url} did not answer in time.") from None
        except httpx.HTTPError as error:
            raise RemoteError(f"{self._url} broke off its answer: {error}.") from None
        self._left -= len(chunk)
        if self._left < 0:
            self._response.close()
            raise QueryTooBig(
                f"The store's answer is longer than {self._max:,} bytes, the most that is read of one. "
                "Add a LIMIT."
            )
        return chunk

    def _refusal(self) -> KgError:
        """What a status means for the client of the service."""
        said = self._said()
        match self._response.status_code:
            case 400:
                return QueryError(f"The store behind this service does not take the query: {said}")
            case 408 | 504:
                return QueryTimeout(f"The store behind this service ran out of time: {said}")
            case 429 | 503:
                return Busy(f"The store behind this service is busy: {said}")
            case status:
                return RemoteError(f"{self._url} answers {status} {self._response.reason_phrase}: {said}")

    def _said(self) -> str:
        """The beginning of what the store says."""
        pieces = b""
        try:
            for chunk in self._response.iter_bytes():
                pieces += chunk
                if len(pieces) > SHOWN:
                    break
        except httpx.HTTPError:
            pass  # the status says enough
        finally:
            self._response.close()
        return " ".join(pieces.decode("utf-8", "replace").split())[:SHOWN]


def _delimited(response: httpx.Response) -> bool:
    """Whether an answer that breaks off can be told from a whole one (RFC 9112 §6.3)."""
    chunked = "chunked" in response.headers.get("transfer-encoding", "").lower()
    return chunked or "content-length" in response.headers or response.http_version == "HTTP/2"


def _cut(response: httpx.Response) -> KgError | None:
    """What Virtuoso says of an answer that it has cut, with status 200."""
    if rows := response.headers.get(MAX_ROWS):
        return QueryTooBig(
            f"The store behind this service gives {rows} rows at most. Add a LIMIT below that."
        )
    if response.headers.get(SQL_STATE):
        return QueryTimeout("The store behind this service ran out of time and gave but a part.")
    return None
