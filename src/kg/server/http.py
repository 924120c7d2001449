"""uvicorn's HTTP protocol with what it lacks: limits on heads and stalls, and two short cuts."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from kg.server.lane import Lane
from kg.server.response import AT_ONCE, Header
from kg.server.settings import KIB, Settings

TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Answered:
    """Stands where uvicorn keeps the present request, when that was answered without one."""

    response_complete = True
    disconnected = False

    def __init__(self) -> None:
        self.message_event = asyncio.Event()


def limited_protocol(settings: Settings, lane: Lane) -> type[HttpToolsProtocol]:
    """The protocol with the limits of these settings; uvicorn makes one of it for each connection."""
    return type(
        "LimitedProtocol",
        (_LimitedProtocol,),
        {
            "lane": lane,
            "answered": Answered(),
            "max_head": settings.max_head * KIB,
            "receive_timeout": settings.receive_timeout,
            "send_timeout": settings.send_timeout,
        },
    )


class _LimitedProtocol(HttpToolsProtocol):
    lane: Lane
    answered: Answered
    max_head: int
    receive_timeout: float
    send_timeout: float
    cycle: Any
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
        if self._head_timer:
            self._head_timer = _cancel(self._head_timer)
        if not self._take_the_lane():
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

    def _take_the_lane(self) -> bool:
        """Answer at once what was asked in the same words before, if its turn has come."""
        if (self.cycle and not self.cycle.response_complete) or self.flow.write_paused:
            return False
        if self.parser.get_method() != b"GET" or not self.parser.should_keep_alive():
            return False
        response = self.lane.take(self.url, self.headers, self.client)
        if response is None:
            return False
        self.cycle = self.answered
        self.transport.writelines([b"HTTP/1.1 200 OK\r\n", self._default_headers(), *response])
        self.on_response_complete()
        return True

    def _default_headers(self) -> bytes:
        return b"".join(b"%b: %b\r\n" % header for header in self.server_state.default_headers)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        extensions: dict[str, Any] = {AT_ONCE: partial(_send_at_once, cycle)}
        cycle.scope["extensions"] = extensions
        super()._start_asgi_task(cycle, app)

    def _is_too_long(self, data: bytes) -> bool:
        """Whether it is the head that is over the limit, not a body that came in the same piece."""
        end = data.find(b"\r\n\r\n")
        return end < 0 or self._head_size - len(data) + end > self.max_head

    def _give_up(self, response: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(response)
            self.transport.close()


def _send_at_once(cycle: RequestResponseCycle, status: int, headers: list[Header], body: bytes) -> bool:
    """Send head and body in one write, which uvicorn does in two."""
    if cycle.disconnected or cycle.flow.write_paused or cycle.scope["method"] == "HEAD":
        return False
    lines = [b"%b: %b\r\n" % header for header in (*cycle.default_headers, *headers)]
    if not cycle.keep_alive:
        lines.append(b"connection: close\r\n")
    cycle.transport.write(b"".join([STATUS_LINE[status], *lines, b"\r\n", body]))
    cycle.response_started = cycle.response_complete = True
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()
    return True


def _cancel(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """Cancel a timer; returns what is left of it, nothing."""
    if timer:
        timer.cancel()
    return None
