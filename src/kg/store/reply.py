"""Messages of an evaluator become an answer that can be awaited, streamed, or found broken."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

HOLD = 1 << 20
"""Bytes that are held back before an answer begins: until then it can still become an error."""


class Reply:
    """One answer on its way from an evaluator."""

    def __init__(self, hold: int = HOLD) -> None:
        self.head: dict[str, Any] = {}
        self.rows: int | None = None
        self.whole = False
        """Whether the last byte has come. Nothing else says so."""
        self._hold = hold
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._on_drain: Callable[[], None] = _nothing

    @property
    def size(self) -> int:
        """Bytes that wait to be taken."""
        return self._size

    @property
    def done(self) -> bool:
        """Whether nothing more will come."""
        return self.whole or self._error is not None

    def put(self, piece: bytes) -> None:
        """A piece of the answer has come."""
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size >= self._hold:
            self._wake()

    def finish(self, rows: int | None) -> None:
        """The answer is whole."""
        self.rows = rows
        self.whole = True
        self._wake()

    def fail(self, error: Exception) -> None:
        """There will be no more of the answer, and it is not whole."""
        if not self.done:
            self._error = error
            self._wake()

    def on_drain(self, callback: Callable[[], None]) -> None:
        """Call this whenever pieces have been taken."""
        self._on_drain = callback

    async def begin(self) -> None:
        """Wait until the answer is whole, or too big to hold back.

        Raises the error that takes its place.
        """
        if not self.done and self._size < self._hold:
            await self._wait()
        if self._error:
            raise self._error

    def take(self) -> bytes:
        """What has come so far."""
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        self._on_drain()
        return data

    async def pieces(self) -> AsyncIterator[bytes]:
        """The answer as it comes. Raises where it breaks off: what was given is then not whole."""
        self._hold = 1
        while True:
            if self._size:
                yield self.take()
            elif self._error:
                raise self._error
            elif self.whole:
                return
            else:
                await self._wait()

    async def _wait(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)


def _nothing() -> None:
    """No one to tell."""
