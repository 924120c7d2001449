"""One evaluator, seen from the service: a connection, a process id, and what it works on."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections import deque
from functools import lru_cache
from typing import Any, Protocol, cast

from kg import errors
from kg.errors import Busy, Interrupted, QueryError, RemoteError
from kg.store.confine import Limits
from kg.store.frames import Decoder, Kind, pack, pack_json, pack_number, unpack_end
from kg.store.reply import Reply

HIGH = 8 << 20
"""Bytes of an answer that wait for a slow client before its evaluator has to wait too."""
LOW = HIGH // 2
NICE = 5
"""By how much a slow query is put behind: small ones then get three times its share."""
LOWEST = 19


class Owner(Protocol):
    """Whom an evaluator tells of its life."""

    def ready(self, evaluator: Connection) -> None:
        """It can take a job."""

    def gone(self, evaluator: Connection) -> None:
        """It has ended."""


class Work(Protocol):
    """What an evaluator works on."""

    reply: Reply
    """Where the answer goes."""

    def begin(self) -> None:
        """The evaluator has come to it."""

    def broken(self) -> None:
        """The evaluator has ended in the middle of it."""

    def put_back(self) -> None:
        """The evaluator will not come to it."""


class Connection(asyncio.Protocol):
    """A connection to one evaluator process."""

    def __init__(self, owner: Owner, limits: Limits, generation: int, socket: str) -> None:
        self.owner = owner
        self.limits = limits
        self.generation = generation
        self.socket = socket
        self.pid = 0
        self.build = ""
        self._works: deque[Work] = deque()
        """In the order in which it does them."""
        self._recalling = False
        """Whether it has yet to say that it has forgotten what it was to do later."""
        self.spent = False
        """Whether it can be given no more work."""
        self.slowed = False
        """Whether it has to let others go first."""
        self._decoder = Decoder()
        self._transport: asyncio.Transport | None = None
        self._handle = -1

    @property
    def work(self) -> Work | None:
        """What it works on."""
        return self._works[0] if self._works else None

    @property
    def load(self) -> int:
        """How many jobs it has."""
        return len(self._works)

    @property
    def free(self) -> bool:
        """Whether it has nothing to do."""
        return not self._works and not self._recalling

    @property
    def steady(self) -> bool:
        """Whether it is at what it was given last; while it recalls, it may be at what was taken back."""
        return not self._recalling

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the process behind this connection."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(pack_json(Kind.SPAWN, self.limits.to_json()))

    def data_received(self, data: bytes) -> None:
        """Hand messages on."""
        for kind, payload in self._decoder.feed(data):
            self._take(kind, payload)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        """The process has ended."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
        works = tuple(self._works)
        self._works.clear()
        self._transport = None
        self.owner.gone(self)
        for work in reversed(works[1:]):
            work.put_back()
        if works:
            works[0].broken()

    def start(self, order: bytes, work: Work) -> None:
        """Give it a job, after those that it has; the reply of the work fills as the answer comes."""
        assert self._transport
        self._works.append(work)
        work.reply.on_drain(self._drained)
        self._transport.write(pack(Kind.JOB, order))

    def recall(self) -> None:
        """Take back what it has not come to, for others to do; it gets no more until it confirms that."""
        if self.load > 1:
            self._take_back(self.load - 1)

    def cancel(self, work: Work) -> None:
        """Nobody wants a job any more: the process is ended if it is at that, and forgets it if it is not."""
        if work is self.work:
            self._works.popleft()  # what is cancelled is not broken, and not begun again
            self.kill()
            self._put_back()
        elif work in self._works:
            later = self.load - 1
            self._works.remove(work)
            self._take_back(later)

    def _take_back(self, later: int) -> None:
        assert self._transport
        self._recalling = True
        self._transport.write(pack_number(Kind.RECALL, later))
        self._put_back(keep=1)

    def _put_back(self, keep: int = 0) -> None:
        """The last first, as each goes to the front of the queue."""
        while self.load > keep:
            self._works.pop().put_back()

    def close(self) -> None:
        """Let it end by itself."""
        if self._transport:
            self._transport.close()

    def kill(self) -> None:
        """End it now, whatever it does."""
        self.spent = True
        with contextlib.suppress(ProcessLookupError):
            if self._handle >= 0:
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            elif self.pid:
                os.kill(self.pid, signal.SIGKILL)
        if self._transport:
            self._transport.abort()

    def slow_down(self) -> None:
        """Let quicker queries go first, now and later: there is no way back."""
        self.slowed = True
        with contextlib.suppress(OSError):
            present = os.getpriority(os.PRIO_PROCESS, self.pid)
            os.setpriority(os.PRIO_PROCESS, self.pid, min(LOWEST, present + NICE))

    def _take(self, kind: Kind, payload: bytes) -> None:
        if kind is Kind.HELLO:
            self._greet(json.loads(payload))
        elif kind is Kind.RECALL:
            self._recalling = False
            self.owner.ready(self)
        elif not self._works:
            if not self._recalling:  # else it had begun what was recalled
                self.kill()  # it speaks unasked: nothing that it says can be trusted
        elif kind is Kind.DATA:
            reply = self._works[0].reply
            reply.put(payload)
            if reply.size > HIGH and self._transport:
                self._transport.pause_reading()
        elif kind is Kind.HEAD:
            self._works[0].reply.head = _parse_head(payload)
        else:
            self._end(self._works.popleft().reply, kind, payload)

    def _greet(self, hello: dict[str, object]) -> None:
        assert isinstance(hello["pid"], int)
        self.pid = hello["pid"]
        self.build = str(hello["build"])
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self._handle = os.pidfd_open(self.pid)
        self.owner.ready(self)

    def _end(self, reply: Reply, kind: Kind, payload: bytes) -> None:
        if self._works:
            self._works[0].begin()
        self.owner.ready(self)  # it has its next job before anyone is told of this one
        if kind is Kind.END:
            reply.finish(unpack_end(payload))
        else:
            reply.fail(_raised(json.loads(payload)))

    def _drained(self) -> None:
        if self._transport and self.work and self.work.reply.size < LOW and not self._transport.is_reading():
            self._transport.resume_reading()


@lru_cache(maxsize=32)
def _parse_head(payload: bytes) -> dict[str, Any]:
    """What is said of an answer before it comes; there are few different ones."""
    head: dict[str, Any] = json.loads(payload)
    return head


def _raised(note: dict[str, Any]) -> Exception:
    """The error that an evaluator tells of."""
    kind = getattr(errors, str(note["error"]), None)
    if isinstance(kind, type) and issubclass(kind, QueryError):
        return kind(str(note["message"]), note.get("line", 0), note.get("column", 0))
    if isinstance(kind, type) and issubclass(kind, (RemoteError, Busy)):
        return kind(str(note["message"]))
    return Interrupted(str(note["message"]))
