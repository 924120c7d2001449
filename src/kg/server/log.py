"""Requests become lines of JSON, written in batches so that logging does not slow them down."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TextIO

from kg.server.response import Scope

ENTRY = "kg.entry"
"""Key of an ASGI scope: what has been noted about the request so far."""
INTERVAL = 0.25
"""Seconds that a line waits at most."""


@dataclass(slots=True)
class Entry:
    """What is noted about one request."""

    client: str
    method: str
    path: str
    status: int = 0
    query: str = ""
    """Hash of the query, by which log, ETag and cache can be brought together."""
    outcome: str = ""
    rows: int | None = None
    bytes: int = 0
    start: float = field(default_factory=time.perf_counter)
    """When the request came, by the performance counter (s)."""
    seconds: float = 0.0

    @classmethod
    def of(cls, scope: Scope) -> Entry:
        """The beginning of an entry, from an ASGI scope."""
        client = scope.get("client")
        return cls(client[0] if client else "", scope["method"], scope["path"])


def outcome_of(status: int) -> str:
    """The outcome of a request of which nothing but its status is known; 0: nothing was sent."""
    match status:
        case 304:
            return "not_modified"
        case 401 | 403:
            return "refused"
        case 503:
            return "busy"
    return "error" if not status or status >= 500 else "bad_request" if status >= 400 else "ok"


class AccessLog:
    """A file to which entries are appended."""

    def __init__(self, target: str) -> None:
        self._file: TextIO | None = None
        if target:
            self._file = sys.stdout if target == "-" else open(target, "a", encoding="utf-8")  # noqa: SIM115
        self._lines: list[str] = []

    def write(self, entry: Entry) -> None:
        """Note that a request has ended; it is in the file a moment later."""
        entry.seconds = time.perf_counter() - entry.start
        if not self._file:
            return
        if not self._lines:
            asyncio.get_running_loop().call_later(INTERVAL, self.flush)
        self._lines.append(_line(entry))

    def flush(self) -> None:
        """Write what was noted."""
        if self._file and self._lines:
            lines, self._lines = self._lines, []
            self._file.write("".join(lines))
            self._file.flush()

    def close(self) -> None:
        """Write what was noted and close the file."""
        self.flush()
        if self._file and self._file is not sys.stdout:
            self._file.close()


def _line(entry: Entry) -> str:
    now = time.time()
    rows = "null" if entry.rows is None else entry.rows
    return (
        f'{{"time": "{_second(int(now))}.{int(now % 1 * 1000):03d}Z", "client": {_quoted(entry.client)}, '
        f'"method": "{entry.method}", "path": {_quoted(entry.path)}, "status": {entry.status}, '
        f'"query": "{entry.query}", "outcome": "{entry.outcome}", "rows": {rows}, "bytes": {entry.bytes}, '
        f'"seconds": {entry.seconds:.6f}}}\n'
    )


@lru_cache(maxsize=2)
def _second(now: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))


@lru_cache(maxsize=256)
def _quoted(text: str) -> str:
    return json.dumps(text)
