"""uvicorn's HTTP protocol with limits that it lacks: on the size of a head, and on clients that stall."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kg.server.settings import KIB, Settings

TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


def limited_protocol(settings: Settings) -> type[HttpToolsProtocol]:
    """The protocol with the limits of these settings; uvicorn makes one of it for each connection."""
    return type(
        "LimitedProtocol",
        (_LimitedProtocol,),
        {
            "max_head": settings.max_head * KIB,
            "receive_timeout": settings.receive_timeout,
            "send_timeout": settings.send_timeout,
        },
    )


class _LimitedProtocol(HttpToolsProtocol):
    max_head: int
    receive_timeout: float
    send_timeout: float
    _head_size = 0
    """Bytes of the present head so far."""
    _in_head = True
    _head_timer: asyncio.TimerHandle | None = None
    _stall_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_timer = self.loop.call_later(self.receive_timeout, self._give_up, TOO_SLOW)

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_timer = _cancel(self._head_timer)
        self._stall_timer = _cancel(self._stall_timer)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_size += len(data)
            if self._head_size > self.max_head and self._is_too_long(data):
                self._give_up(TOO_LONG)
                return
        super().data_received(data)
        if self._in_head and self._head_size and not self._head_timer:
            self._head_timer = self.loop.call_later(self.receive_timeout, self._give_up, TOO_SLOW)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._head_size = 0
        self._head_timer = _cancel(self._head_timer)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head = True
        super().on_message_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stall_timer = self._stall_timer or self.loop.call_later(self.send_timeout, self.transport.abort)

    def resume_writing(self) -> None:
        self._stall_timer = _cancel(self._stall_timer)
        super().resume_writing()

    def _is_too_long(self, data: bytes) -> bool:
        """Whether it is the head that is over the limit, not a body that came in the same piece."""
        end = data.find(b"\r\n\r\n")
        return end < 0 or self._head_size - len(data) + end > self.max_head

    def _give_up(self, response: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(response)
            self.transport.close()


def _cancel(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """Cancel a timer; returns what is left of it, nothing."""
    if timer:
        timer.cancel()
    return None
