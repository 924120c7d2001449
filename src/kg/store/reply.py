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
        self.error: Exception | None = None
        """Why there will be no more of it."""
        self.size = 0
        """Bytes that wait to be taken."""
        self._hold = hold
        self._pieces: deque[bytes] = deque()
        self._on_news: Callable[[], object] = _nothing
        self._on_drain: Callable[[], object] = _nothing

    @property
    def done(self) -> bool:
        """Whether nothing more will come."""
        return self.whole or self.error is not None

    @property
    def begun(self) -> bool:
        """Whether it is whole, has failed, or is too big to hold back."""
        return self.whole or self.error is not None or self.size >= self._hold

    def put(self, piece: bytes) -> None:
        """A piece of the answer has come."""
        self._pieces.append(piece)
        self.size += len(piece)
        if self.size >= self._hold:
            self._tell()

    def finish(self, rows: int | None) -> None:
        """The answer is whole."""
        self.rows = rows
        self.whole = True
        self._tell()

    def fail(self, error: Exception) -> None:
        """There will be no more of the answer, and it is not whole."""
        if not self.done:
            self.error = error
            self._tell()

    def reset(self) -> bool:
        """Forget what came, so that the answer may come anew; False where it has begun."""
        if self._hold == 1 or self.begun:
            return False
        self._pieces.clear()
        self.size = 0
        return True

    def on_drain(self, callback: Callable[[], object]) -> None:
        """Call this whenever pieces have been taken."""
        self._on_drain = callback

    def on_begin(self, callback: Callable[[], object]) -> None:
        """Call this once, when the answer has begun; not if it has already."""
        self._on_news = callback

    async def begin(self) -> None:
        """Wait until the answer has begun. Raises the error that takes its place."""
        if not self.begun:
            await self._news()
        if self.error:
            raise self.error

    def take(self) -> bytes:
        """What has come so far."""
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self.size = 0
        self._on_drain()
        return data

    async def pieces(self) -> AsyncIterator[bytes]:
        """The answer as it comes. Raises where it breaks off: what was given is then not whole."""
        self._hold = 1
        while True:
            if self.size:
                yield self.take()
            elif self.error:
                raise self.error
            elif self.whole:
                return
            else:
                await self._news()

    async def _news(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def wake() -> None:
            if not waiter.done():
                waiter.set_result(None)

        self._on_news = wake
        await waiter

    def _tell(self) -> None:
        callback, self._on_news = self._on_news, _nothing
        callback()


def _nothing() -> None:
    """No one to tell."""
