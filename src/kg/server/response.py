"""A response is a value until it is sent: status, headers, and a body that is whole or on its way."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]
SLICE = 1 << 18
"""Bytes that are handed to the transport at a time, so that a slow client slows down its sender."""
BODILESS = {204, 304}
"""Statuses that have no body (RFC 9110 §6.4.1)."""


@dataclass
class Response:
    """What is sent back."""

    status: int
    headers: list[Header]
    body: bytes = b""
    stream: AsyncGenerator[bytes] | None = None
    """The rest of the body, where it is not whole yet; it raises where it breaks off."""

    async def send(self, send: Send) -> int:
        """Send it; returns the bytes of the body.

        Where the stream breaks off, so does the transfer: its last chunk is never sent.
        """
        if self.stream is not None:
            return await self._send_stream(send, self.stream)
        if self.status not in BODILESS:
            self.headers.append((b"content-length", b"%d" % len(self.body)))
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        rest: bytes | memoryview = self.body
        while len(rest) > SLICE:
            await send({"type": "http.response.body", "body": bytes(rest[:SLICE]), "more_body": True})
            rest = memoryview(rest)[SLICE:]
        await send({"type": "http.response.body", "body": bytes(rest)})
        return len(self.body)

    async def _send_stream(self, send: Send, stream: AsyncGenerator[bytes]) -> int:
        size = 0
        async with aclosing(stream):
            await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
            async for piece in stream:
                size += len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        return size


def text_header(name: str, value: str) -> Header:
    """A header from strings."""
    return name.encode("latin-1"), value.encode("latin-1", "replace")
