"""An ASGI request, read as far as the endpoint needs it."""

from __future__ import annotations

import asyncio

from kg.errors import RequestError
from kg.server.response import Receive, Scope
from kg.store.evaluation import Evaluation

EVALUATION = "kg.evaluation"
"""Key of an ASGI scope: the evaluation that has begun for this request."""
WATCH_AFTER = 0.05
"""Seconds after which a request that still runs is worth watching for its client going away."""


NO_CACHE = (b"cache-control", b"pragma")
"""Headers by which a client asks for an answer that is made for it (RFC 9111 §5.2.1.4, §5.4)."""


class ClientGone(Exception):
    """The client has closed the connection."""


class Request:
    """One request."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.method: str = scope["method"]
        self.query_string: bytes = scope["query_string"]
        self.scope = scope
        self.gone = False
        self.evaluation: Evaluation | None = scope.get(EVALUATION)
        """What is evaluated for it; it is stopped at the end of the request, at the latest."""
        self._receive = receive
        self._headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            known = self._headers.get(name)
            self._headers[name] = value if known is None else known + b", " + value
        self._timer: asyncio.TimerHandle | None = None
        self._watch: asyncio.Task[None] | None = None

    def header(self, name: bytes) -> str | None:
        """A header's value, repeated ones joined; None where it is missing."""
        value = self._headers.get(name)
        return None if value is None else value.decode("latin-1")

    def refuse_body(self) -> None:
        """Raises RequestError where a body comes with it (SPARQL 1.2 Protocol §2.2.1)."""
        if b"transfer-encoding" in self._headers or self._headers.get(b"content-length", b"0") != b"0":
            raise RequestError(400, "A GET request has no body. Send the query by POST instead.")

    @property
    def no_cache(self) -> bool:
        """Whether the client wants an answer made for it."""
        return any(b"no-cache" in self._headers.get(name, b"") for name in NO_CACHE)

    @property
    def can_break_off(self) -> bool:
        """Whether the client can tell a cut answer from a whole one: HTTP/1.0 cannot, nor HEAD."""
        return bool(self.scope["http_version"] != "1.0" and self.method != "HEAD")

    async def body(self, limit: int, timeout: float) -> bytes:
        """The body. Raises RequestError where it is over `limit` bytes or takes over `timeout` seconds."""
        if self.header(b"content-encoding") not in {None, "identity"}:
            raise RequestError(415, "Send the body without a Content-Encoding.")
        too_big = RequestError(413, f"The request is longer than {limit:,} bytes.", {"connection": "close"})
        if int(self._headers.get(b"content-length", b"0")) > limit:
            raise too_big
        pieces, size = [], 0
        try:
            async with asyncio.timeout(timeout):
                more = True
                while more:
                    message = await self._receive()
                    if message["type"] == "http.disconnect":
                        raise ClientGone
                    pieces.append(message.get("body", b""))
                    size += len(pieces[-1])
                    if size > limit:
                        raise too_big
                    more = message.get("more_body", False)
        except TimeoutError:
            raise RequestError(408, "The request did not come in time.", {"connection": "close"}) from None
        return b"".join(pieces)

    def watch(self) -> None:
        """From now on, cancel the current task when the client goes away. The body has been read."""
        task = asyncio.current_task()
        assert task
        self._timer = asyncio.get_running_loop().call_later(WATCH_AFTER, self._start_watch, task)

    def close(self) -> None:
        """The response is sent, or wanted no more."""
        if self.evaluation:
            self.evaluation.stop()
        if self._timer:
            self._timer.cancel()
        if self._watch:
            self._watch.cancel()

    def _start_watch(self, task: asyncio.Task[object]) -> None:
        self._watch = asyncio.get_running_loop().create_task(self._until_gone(task))

    async def _until_gone(self, task: asyncio.Task[object]) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        task.cancel()
