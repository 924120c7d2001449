"""Requests that came before, word for word, and whose answers are kept: answered without being read again."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.server.cache import AnswerCache
from kg.server.headers import COMMON
from kg.server.log import Entry
from kg.server.metrics import OUTCOMES
from kg.server.response import Header, Scope
from kg.server.service import Service
from kg.store.fleet import Place

SIZE = 4096
"""Requests that are remembered."""
LONGEST = 4096
"""Bytes of a request's target at most."""
CACHED = OUTCOMES.index("cached")
WEIGHTY = frozenset(
    (
        *(b"if-none-match", b"cache-control", b"pragma"),
        *(b"content-length", b"transfer-encoding", b"expect", b"upgrade"),
        *(b"x-forwarded-for", b"x-forwarded-proto"),
    )
)
"""Headers that make a request more than its target and what it accepts."""
Key = tuple[bytes, bytes | None, bytes | None]
"""Target, Accept, Accept-Encoding."""


@dataclass(frozen=True)
class Known:
    """How a request was answered."""

    answer: str
    """Key of the answer in the cache."""
    path: str
    head: bytes
    """Headers as they are sent, with the empty line."""


class Lane:
    """The requests of one build that were answered with 200."""

    def __init__(self, service: Service, cache: AnswerCache) -> None:
        self._service = service
        self._cache = cache
        self._known: dict[Key, Known] = {}
        self._open = not service.settings.token
        self._place: Place | None = None

    def learn(self, scope: Scope, answer: str, headers: Iterable[Header]) -> None:
        """Remember how a GET request was answered: with the answer of that key, under these headers."""
        target = scope["raw_path"] + b"?" + scope["query_string"]
        key = _key(target, scope["headers"])
        if key and self._open and len(target) <= LONGEST:
            if len(self._known) >= SIZE:
                self._known.clear()
            lines = b"".join(b"%b: %b\r\n" % header for header in (*headers, *COMMON))
            self._known[key] = Known(answer, scope["path"], lines)

    def take(
        self, target: bytes, headers: Iterable[Header], client: tuple[str, int] | None
    ) -> Sequence[bytes] | None:
        """The rest of the response after its first line, where the request is known and its answer kept."""
        start = time.perf_counter()
        if self._service.pool.fleet.place is not self._place:
            self._place = self._service.pool.fleet.place
            self._known.clear()  # there is a new build
        key = _key(target, headers)
        known = self._known.get(key) if key else None
        answer = self._cache.get(known.answer) if known else None
        if not known or not answer:
            return None
        self._service.hits += 1
        length = len(answer.body)
        seconds = time.perf_counter() - start
        self._service.metrics.count_query(CACHED, seconds)
        host = client[0] if client else ""
        entry = Entry(host, "GET", known.path, 200, known.answer, "cached", answer.rows, length, seconds)
        self._service.log.write(entry)
        return known.head, b"content-length: %d\r\n\r\n" % length, answer.body


def _key(target: bytes, headers: Iterable[Header]) -> Key | None:
    """What identifies a request; None where more than that counts."""
    accept = encoding = None
    for name, value in headers:
        if name == b"accept":
            if accept is not None:
                return None
            accept = value
        elif name == b"accept-encoding":
            if encoding is not None:
                return None
            encoding = value
        elif name in WEIGHTY:
            return None
    return target, accept, encoding
