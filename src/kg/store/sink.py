"""What a serialiser writes becomes DATA messages: counted, capped, compressed, in few pieces."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import IO, cast

from kg.errors import QueryTooBig
from kg.store.formats import Format
from kg.store.frames import Kind, pack, pack_end, pack_json

PIECE = 1 << 16
"""Bytes that are gathered before they are sent."""
WORTH_COMPRESSING = 1_000
"""Bytes; below, the header costs more than compression saves."""
LEVEL = 4
GZIP = 31
"""zlib's window bits for a gzip container."""


class Sink:
    """A binary file for one answer, as far as serialisers need one."""

    def __init__(self, send: Callable[[bytes], None], form: Format, gzip: bool, max_bytes: int) -> None:
        self._send = send
        self._format = form
        self._gzip = gzip
        self._left = max_bytes
        self._max = max_bytes
        self._pieces: list[bytes] = []
        self._gathered = 0
        self._compressor: zlib._Compress | None = None
        self._begun = False
        self._rows = RowCounter(form)

    def write(self, data: bytes) -> int:
        """Take a piece of the answer. Raises QueryTooBig over the cap."""
        self._left -= len(data)
        if self._left < 0:
            raise QueryTooBig(
                f"The answer is longer than {self._max:,} bytes, the most that one query may return. "
                "Add a LIMIT, or page with ORDER BY, LIMIT and OFFSET."
            )
        self._pieces.append(bytes(data))
        self._gathered += len(data)
        if self._gathered >= PIECE:
            self._send(self._drain(last=False))
        return len(data)

    def flush(self) -> None:
        """Nothing: pieces go out when they are big enough, and at the end."""

    @property
    def file(self) -> IO[bytes]:
        """This, as the type that serialisers ask for."""
        return cast(IO[bytes], self)

    def finish(self) -> bytes:
        """The messages that remain: everything, where the answer is small, and END."""
        return self._drain(last=True) + pack_end(self._rows.total)

    def _drain(self, last: bool) -> bytes:
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self._gathered = 0
        self._rows.count(data)
        head = b"" if self._begun else self._head(len(data))
        if self._compressor:
            data = self._compressor.compress(data)
            if last:
                data += self._compressor.flush()
        return head + (pack(Kind.DATA, data) if data else b"")

    def _head(self, length: int) -> bytes:
        self._begun = True
        if self._gzip and length >= WORTH_COMPRESSING:
            self._compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
        return _pack_head(self._format.name, self._compressor is not None)


@lru_cache(maxsize=32)
def _pack_head(form: str, gzip: bool) -> bytes:
    return pack_json(Kind.HEAD, {"format": form, "gzip": gzip})


START = {"json": 0, "xml": 0, "csv": -1, "tsv": -1, "nt": 0, "nq": 0}
"""Where the count begins: CSV and TSV have a line of names first."""


class RowCounter:
    """Counts the rows of an answer in its bytes, for the log.

    Exact for bindings in JSON (where no row is empty), XML, CSV and TSV, and for N-Triples and
    N-Quads; None for the other formats.
    """

    def __init__(self, form: Format) -> None:
        self.total = START.get(form.name)
        self._name = form.name
        self._tail = b""
        self._quoted = 0

    def count(self, data: bytes) -> None:
        """Take the next bytes of the answer."""
        if self.total is None:
            return
        match self._name:
            case "json":
                # Inside a string a quote is escaped, so `,{"` is a new solution and nothing else.
                data = self._tail + data
                self.total += data.count(b',{"') + data.count(b'[{"')
                self._tail = data[-2:]
            case "xml":
                data = self._tail + data
                self.total += data.count(b"<result>")
                self._tail = data[-7:]
            case "csv":
                segments = data.split(b'"')
                self.total += sum(part.count(b"\n") for part in segments[self._quoted :: 2])
                self._quoted = (self._quoted + len(segments) - 1) % 2
            case _:
                self.total += data.count(b"\n")
