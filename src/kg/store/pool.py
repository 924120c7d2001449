"""Jobs become replies, within a deadline, a queue and a cap: the service's side of the store."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kg.errors import Busy, Interrupted, KgError, NoBuild, QueryTimeout, QueryTooBig
from kg.store.build import Build
from kg.store.confine import Limits
from kg.store.connection import Connection
from kg.store.fleet import Fleet
from kg.store.job import Job
from kg.store.reply import Reply

SLOW = 1.0
"""Seconds after which a query makes way for quicker ones."""
TRIES = 3
"""An evaluation that is ended from outside is begun again, so many times in all."""


@dataclass(frozen=True)
class Capacity:
    """How much a pool may do at once."""

    evaluators: int
    """Processes at most."""
    warm: int
    """Processes that are started before they are needed."""
    queue: int
    """Jobs that may wait for one."""
    patience: float
    """Seconds that a job waits at most."""
    max_bytes: int
    """Cap of one answer."""


class Pool:
    """A bounded number of evaluators and a bounded queue before them."""

    def __init__(self, directory: Path, capacity: Capacity, limits: Limits) -> None:
        self.capacity = capacity
        self.fleet = Fleet(directory, limits, capacity.evaluators, capacity.warm)

    @property
    def build(self) -> Build:
        """The build that is served. Raises NoBuild until there is one."""
        if not self.fleet.place:
            raise NoBuild("The graph is being loaded. Try again in a moment.")
        return self.fleet.place.build

    @property
    def ready(self) -> bool:
        """Whether a job would find an evaluator."""
        return any(member.pid for member in self.fleet.members)

    async def begin(self, job: Job, deadline: float, max_bytes: int | None = None) -> Evaluation:
        """Evaluate a job within `deadline` seconds from now, waiting included.

        Returns when the reply is whole, or too big to hold back. Raises what the evaluation raises;
        QueryTimeout at the deadline, Busy where there is no place in the queue, NoBuild where there
        is nothing yet.
        """
        until = time.monotonic() + deadline
        cap = self.capacity.max_bytes if max_bytes is None else max_bytes
        for _ in range(TRIES):
            evaluation = await self._start(job, until, cap)
            try:
                await evaluation.reply.begin()
            except Interrupted:
                evaluation.stop()
                cause = await self._cause(evaluation.evaluator, until)
                if not isinstance(cause, Interrupted):
                    raise cause from None
            except BaseException:
                evaluation.stop()
                raise
            else:
                return evaluation
        raise cause

    async def _start(self, job: Job, until: float, cap: int) -> Evaluation:
        if not self.fleet.idle and len(self.fleet.queue) >= self.capacity.queue:
            raise Busy("Too many queries are waiting. Try again in a moment.")
        left = until - time.monotonic()
        evaluator = await self.fleet.acquire(min(left, self.capacity.patience))
        left = max(until - time.monotonic(), 0.001)
        return Evaluation(evaluator, evaluator.start(job.order(left, cap)), left)

    async def _cause(self, evaluator: Connection, until: float) -> KgError:
        """Why an evaluator ended in the middle of its work."""
        if time.monotonic() >= until:
            return _timeout()
        status = await self.fleet.autopsy(evaluator)
        fatal = os.WTERMSIG(status) if status is not None and os.WIFSIGNALED(status) else 0
        return CAUSES.get(fatal, _interrupted)()


class Evaluation:
    """A reply, and the evaluator that works on it for as long as it is not whole."""

    def __init__(self, evaluator: Connection, reply: Reply, left: float) -> None:
        self.evaluator = evaluator
        self.reply = reply
        loop = asyncio.get_running_loop()
        self._slow = loop.call_later(SLOW, self._while_running, evaluator.slow_down)
        self._end = loop.call_later(left, self._while_running, self._expire)

    def stop(self) -> None:
        """No more of it is wanted. To be called at the end in any case."""
        self._slow.cancel()
        self._end.cancel()
        self._while_running(self.evaluator.kill)

    def _expire(self) -> None:
        """The deadline has come: say so at once, as a process that is killed may take a while to end."""
        self.reply.fail(_timeout())
        self.evaluator.kill()

    def _while_running(self, action: Callable[[], None]) -> None:
        if self.evaluator.reply is self.reply:
            action()


def _interrupted() -> KgError:
    return Interrupted("The evaluation was ended from outside. Try again.")


def _timeout() -> KgError:
    return QueryTimeout("The query took longer than its deadline and was stopped.")


def _no_memory() -> KgError:
    return QueryTooBig("The query needs more memory than one query may have. Ask for less at a time.")


def _no_stack() -> KgError:
    return QueryTooBig("The query is nested too deeply.")


CAUSES: dict[int, Callable[[], KgError]] = {
    signal.SIGALRM: _timeout,
    signal.SIGABRT: _no_memory,
    signal.SIGSEGV: _no_stack,
    signal.SIGBUS: _no_stack,
}
"""By the signal that ended it: the deadline's alarm, a failed allocation, an overflowed stack."""
