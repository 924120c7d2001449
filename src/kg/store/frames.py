"""Messages between the service and its evaluators: kind and length, then the payload.

An answer is `HEAD DATA* END`, or `ERROR`. A stream that stops before `END` is a cut answer, and
nothing but `END` says that it is whole. Jobs may be sent before the ones ahead of them are answered;
they are answered in order, and what is not begun can be recalled.
"""

from __future__ import annotations

import json
import socket
import struct
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from enum import IntEnum
from typing import Any

HEADER = struct.Struct("!BI")
"""Kind, and length of the payload in bytes."""
RECEIVE = 1 << 16
"""Bytes that are received at once at most."""
NUMBER = struct.Struct("!q")
"""Payload of END: the rows of the answer, -1 where nobody counted them. Payload of RECALL: how many."""


class Kind(IntEnum):
    """What a message is."""

    SPAWN = 1
    """To the holder: fork an evaluator for this connection."""
    AUTOPSY = 2
    """To the holder: how did that evaluator end?"""
    HELLO = 3
    """From an evaluator: ready; with its process id and its build."""
    JOB = 4
    HEAD = 5
    DATA = 6
    END = 7
    ERROR = 8
    RECALL = 9
    """To an evaluator: forget so many of the last jobs, if they are not begun. From it: that is done."""


Frame = tuple[Kind, bytes]
KINDS = {int(kind): kind for kind in Kind}


def pack(kind: Kind, payload: bytes = b"") -> bytes:
    """One message as bytes."""
    return HEADER.pack(kind, len(payload)) + payload


def pack_json(kind: Kind, value: Mapping[str, Any]) -> bytes:
    """One message whose payload is a JSON object."""
    return pack(kind, json.dumps(value).encode())


def pack_number(kind: Kind, number: int) -> bytes:
    """One message whose payload is a number."""
    return pack(kind, NUMBER.pack(number))


def unpack_number(payload: bytes) -> int:
    """The reverse of `pack_number`."""
    number: int = NUMBER.unpack(payload)[0]
    return number


def pack_end(rows: int | None) -> bytes:
    """The message that says that the answer is whole."""
    return pack_number(Kind.END, -1 if rows is None else rows)


def unpack_end(payload: bytes) -> int | None:
    """The rows of an answer that is whole, where they are known."""
    rows = unpack_number(payload)
    return None if rows < 0 else rows


class Decoder:
    """Bytes as they come become messages; what is incomplete waits."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Frame]:
        """The messages that are complete with these bytes."""
        buffer = self._rest + data if self._rest else data
        frames = []
        start, size = 0, len(buffer)
        while size - start >= HEADER.size:
            kind, length = HEADER.unpack_from(buffer, start)
            end = start + HEADER.size + length
            if end > size:
                break
            frames.append((KINDS[kind], buffer[start + HEADER.size : end]))
            start = end
        self._rest = buffer[start:]
        return frames


class Channel:
    """A blocking socket that carries messages: the evaluator's and the holder's side."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self._decoder = Decoder()
        self._ready: deque[Frame] = deque()
        self._room = memoryview(bytearray(RECEIVE))  # kept: to allocate it each time costs more than to read

    def receive(self) -> Frame | None:
        """The next message; None when the other side has closed."""
        while not self._ready:
            size = self.socket.recv_into(self._room)
            if not size:
                return None
            self._take(size)
        return self._ready.popleft()

    def look(self) -> None:
        """Take in what has come meanwhile, without waiting for more."""
        with suppress(BlockingIOError):
            self._take(self.socket.recv_into(self._room, 0, socket.MSG_DONTWAIT))

    def _take(self, size: int) -> None:
        for frame in self._decoder.feed(bytes(self._room[:size])):
            if frame[0] is Kind.RECALL:
                for _ in range(min(unpack_number(frame[1]), len(self._ready))):
                    self._ready.pop()
            self._ready.append(frame)

    def send(self, data: bytes) -> None:
        """Send packed messages."""
        self.socket.sendall(data)
