"""GET requests that need no ASGI: read, answered from the cache or evaluated, and written in one go."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from kg.errors import KgError
from kg.server.answers import Answers
from kg.server.cache import StoredAnswer
from kg.server.log import Entry
from kg.server.plan import Plan
from kg.server.request import NO_CACHE
from kg.server.response import Header
from kg.store.evaluation import Evaluation
from kg.store.fleet import Place

SIZE = 4096
"""Requests that are remembered."""
LONGEST = 4096
"""Bytes of a request's target at most."""
WEIGHTY = frozenset(
    (
        *(b"if-none-match", b"content-length", b"transfer-encoding", b"expect", b"upgrade"),
        *(b"x-forwarded-for", b"x-forwarded-proto"),
    )
)
"""Headers that make a request more than its target, what it accepts, and whether it must be fresh."""
Client = tuple[str, int] | None
Key = tuple[bytes, bytes | None, bytes | None, bytes | None]
"""Target, Accept, Accept-Encoding; and Host, where the answer may name it."""


class Known(NamedTuple):
    """What a request asks for."""

    path: str
    plan: Plan
    deadline: float
    """Seconds."""


Read = Callable[[bytes, str | None, str | None, str | None], tuple[Plan, float] | None]
"""Query string, Accept, Accept-Encoding and Host become a plan and its deadline (s); raises KgError."""


class Ride:
    """A request on its way; it stands where uvicorn keeps the present request."""

    response_complete = False
    disconnected = False
    more_body = False
    keep_alive = True
    message_event = asyncio.Event()
    """Nobody waits for it."""

    def __init__(self, lane: Lane, known: Known, entry: Entry, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.entry = entry
        self._lane = lane
        self._known = known

    def finish(self) -> Sequence[bytes] | None:
        """The response after its first line; None where it is an error, or too big to be held back."""
        if not self.evaluation.reply.whole:
            return None
        self.entry.outcome = "ok"
        answer = self._lane.answers.keep(self._known.plan, self.evaluation)
        return self._lane.respond(answer, self.entry)

    def abandon(self) -> None:
        """The client has gone."""
        self.evaluation.stop()
        self.entry.outcome = "cancelled"
        self._lane.answers.service.note(self.entry)


class Lane:
    """The short way from a request to its answer."""

    def __init__(self, answers: Answers, paths: Iterable[str], read: Read) -> None:
        """`read` is asked for the requests to `paths`."""
        self.answers = answers
        self._paths = {path.encode(): path for path in paths}
        self._read = read
        self._known: dict[Key, Known] = {}
        self._open = not answers.service.settings.token
        self._place: Place | None = None

    def take(self, target: bytes, headers: Iterable[Header], client: Client) -> Sequence[bytes] | Ride | None:
        """The response after its first line, or who brings it; None where it is no case for this."""
        start = time.perf_counter()
        key, fresh = _key(target, headers)
        known = self._find(key) if key else None
        if not known:
            return None
        entry = Entry(client[0] if client else "", "GET", known.path, query=known.plan.key, start=start)
        answer = None if fresh else self.answers.kept(known.plan)
        if answer:
            entry.outcome = "cached"
            return self.respond(answer, entry)
        try:
            return Ride(self, known, entry, self.answers.start(known.plan, known.deadline))
        except KgError:
            return None

    def respond(self, answer: StoredAnswer, entry: Entry) -> Sequence[bytes]:
        """The response after its first line."""
        length = len(answer.body)
        entry.status, entry.rows, entry.bytes = 200, answer.rows, length
        self.answers.service.note(entry)
        return answer.head, b"content-length: %d\r\n\r\n" % length, answer.body

    def _find(self, key: Key) -> Known | None:
        place = self.answers.service.pool.fleet.place
        if place is not self._place:
            self._place = place
            self._known.clear()  # there is a new build
        known = self._known.get(key)
        if not known and (known := self._understand(*key)):
            if len(self._known) >= SIZE:
                self._known.clear()
            self._known[key] = known
        return known

    def _understand(
        self, target: bytes, accept: bytes | None, encoding: bytes | None, host: bytes | None
    ) -> Known | None:
        path, _, query = target.partition(b"?")
        if path not in self._paths or not self._open or len(target) > LONGEST or b"#" in query:
            return None
        try:
            read = self._read(query, _text(accept), _text(encoding), _text(host))
        except KgError:
            return None  # the long way tells what is wrong
        return Known(self._paths[path], *read) if read else None


def _key(target: bytes, headers: Iterable[Header]) -> tuple[Key | None, bool]:
    """What identifies a request, None where more than that counts; and whether its answer must be fresh."""
    accept = encoding = host = None
    fresh = False
    cite = b"cite=" in target
    for name, value in headers:
        if name == b"accept":
            if accept is not None:
                return None, fresh
            accept = value
        elif name == b"accept-encoding":
            if encoding is not None:
                return None, fresh
            encoding = value
        elif cite and name == b"host":
            host = value
        elif name in NO_CACHE:
            fresh = fresh or b"no-cache" in value
        elif name in WEIGHTY:
            return None, fresh
    return (target, accept, encoding, host), fresh


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")
