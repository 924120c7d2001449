"""uvicorn's HTTP protocol with what it lacks: limits on heads and stalls, and a way past ASGI."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kg.server.lane import Lane, Ride
from kg.server.log import ENTRY
from kg.server.request import EVALUATION
from kg.server.settings import KIB, Settings

TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Answered:
    """Stands where uvicorn keeps the present request, when that was answered without one."""

    response_complete = True
    disconnected = False
    keep_alive = True

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
            "max_connections": settings.max_connections,
            "receive_timeout": settings.receive_timeout,
            "send_timeout": settings.send_timeout,
        },
    )


class _LimitedProtocol(HttpToolsProtocol):
    lane: Lane
    answered: Answered
    max_head: int
    max_connections: int
    receive_timeout: float
    send_timeout: float
    cycle: Any
    _ride: Ride | None = None
    """The request that waits for its answer, if it does so here."""
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
        if self._ride:
            self._ride.abandon()
            self._ride = None
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

    def on_message_begin(self) -> None:
        if self._ride:
            self._take_the_long_way(self._ride)  # its client does not wait for one answer before the next
        super().on_message_begin()

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
        """Answer what needs no more than a plan, if its turn has come; returns whether that is so."""
        if (self.cycle and not self.cycle.response_complete) or self.flow.write_paused:
            return False
        if self.parser.get_method() != b"GET" or not self.parser.should_keep_alive():
            return False
        if len(self.connections) >= self.max_connections:
            return False
        taken = self.lane.take(self.url, self.headers, self.client)
        if isinstance(taken, Ride):
            self.cycle = self._ride = taken
            taken.evaluation.reply.on_begin(self._arrive)
        elif taken:
            self._respond(taken, self.answered)
        return taken is not None

    def _arrive(self) -> None:
        """The answer has come, or begun to come, or there will be none."""
        if ride := self._ride:
            response = ride.finish()
            if response:
                self._ride = None
                self._respond(response, ride)
            else:
                self._take_the_long_way(ride)

    def _respond(self, response: Sequence[bytes], cycle: Ride | Answered) -> None:
        self.cycle = self.answered
        close = () if cycle.keep_alive else (b"connection: close\r\n",)
        # One piece: to copy it costs less than to have the kernel gather several.
        self.transport.write(b"".join((b"HTTP/1.1 200 OK\r\n", self._default_headers(), *close, *response)))
        if close:
            self.transport.close()
        self.on_response_complete()

    def _take_the_long_way(self, ride: Ride) -> None:
        """Hand the present request, which has been read, on to ASGI with what was begun for it."""
        self._ride = None
        self.cycle = self.answered
        self.scope |= {EVALUATION: ride.evaluation, ENTRY: ride.entry}  # type: ignore[misc]
        super().on_headers_complete()
        self.cycle.keep_alive = ride.keep_alive
        super().on_message_complete()

    def _default_headers(self) -> bytes:
        return b"".join([b"%b: %b\r\n" % header for header in self.server_state.default_headers])

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
