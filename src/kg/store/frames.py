"""Messages between the service and its evaluators: kind and length, then the payload.

An answer is `HEAD DATA* END`, or `ERROR`. A stream that stops before `END` is a cut answer, and
nothing but `END` says that it is whole.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Any

HEADER = struct.Struct("!BI")
"""Kind, and length of the payload in bytes."""
RECEIVE = 1 << 16


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


Frame = tuple[Kind, bytes]


def pack(kind: Kind, payload: bytes = b"") -> bytes:
    """One message as bytes."""
    return HEADER.pack(kind, len(payload)) + payload


def pack_json(kind: Kind, value: Mapping[str, Any]) -> bytes:
    """One message whose payload is a JSON object."""
    return pack(kind, json.dumps(value).encode())


class Decoder:
    """Bytes as they come become messages; what is incomplete waits."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The messages that are complete with these bytes."""
        buffer = self._rest + data if self._rest else data
        start = 0
        while len(buffer) - start >= HEADER.size:
            kind, length = HEADER.unpack_from(buffer, start)
            end = start + HEADER.size + length
            if end > len(buffer):
                break
            yield Kind(kind), buffer[start + HEADER.size : end]
            start = end
        self._rest = buffer[start:]


class Channel:
    """A blocking socket that carries messages: the evaluator's and the holder's side."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self._decoder = Decoder()
        self._ready: list[Frame] = []

    def receive(self) -> Frame | None:
        """The next message; None when the other side has closed."""
        while not self._ready:
            data = self.socket.recv(RECEIVE)
            if not data:
                return None
            self._ready.extend(self._decoder.feed(data))
        return self._ready.pop(0)

    def send(self, data: bytes) -> None:
        """Send packed messages."""
        self.socket.sendall(data)
