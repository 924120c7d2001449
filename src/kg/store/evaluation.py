"""One job on its way: it waits for an evaluator, is worked on, and is begun again if that is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from typing import Protocol

from kg.errors import Busy, Interrupted, KgError, QueryTimeout, QueryTooBig
from kg.store.connection import Connection
from kg.store.job import Job
from kg.store.reply import Reply

SLOW = 1.0
"""Seconds after which a query makes way for quicker ones."""
TRIES = 3
"""An evaluation that is ended from outside is begun again, so many times in all."""


class Overseer(Protocol):
    """Who finds evaluators for evaluations."""

    def enter(self, evaluation: Evaluation, again: bool = False) -> None:
        """It waits for an evaluator, again if its first one did not come to its end."""

    def leave(self, evaluation: Evaluation) -> None:
        """It wants none any more."""

    async def autopsy(self, evaluator: Connection) -> int | None:
        """The wait status of an evaluator that has ended."""


class Evaluation:
    """A job, the reply that it becomes, and the evaluator that works on it."""

    def __init__(
        self, overseer: Overseer, job: Job, deadline: float, patience: float, max_bytes: int
    ) -> None:
        """`deadline` and `patience` are in seconds from now."""
        self.reply = Reply()
        self.since = time.monotonic()
        """When it began to wait, or to be worked on."""
        self.until = self.since + deadline
        self.evaluator: Connection | None = None
        """None as long as it waits."""
        self._overseer = overseer
        self._job = job
        self._patience = patience
        self._max_bytes = max_bytes
        self._tries = TRIES
        self._again: asyncio.Task[None] | None = None

    @property
    def build(self) -> str:
        """Id of the build that the answer is from."""
        return self.evaluator.build if self.evaluator else ""

    @property
    def begun(self) -> bool:
        """Whether the evaluator has come to it."""
        return self.evaluator is not None and self.evaluator.work is self

    def run(self, evaluator: Connection) -> None:
        """Its turn has come."""
        self.evaluator = evaluator
        self.begin()
        left = max(self.until - self.since, 0.001)
        evaluator.start(self._job.order(left, self._max_bytes), self)

    def begin(self) -> None:
        """The evaluator has come to it."""
        self.since = time.monotonic()

    def put_back(self) -> None:
        """The evaluator will not come to it: another will have to."""
        self.evaluator, self.since = None, time.monotonic()
        self._overseer.enter(self, again=True)

    def stop(self) -> None:
        """No more of it is wanted. To be called at the end in any case."""
        self._overseer.leave(self)
        if self._again:
            self._again.cancel()
        if self.evaluator and not self.reply.done:
            self.evaluator.cancel(self)

    def look(self, now: float) -> None:
        """See to it that it keeps to its limits; to be called every few milliseconds."""
        if self.reply.done:
            return
        if not self.evaluator:
            if now >= min(self.since + self._patience, self.until):
                self._overseer.leave(self)
                self.reply.fail(Busy("Too many queries are running. Try again in a moment."))
        elif now >= self.until:
            self.reply.fail(_timeout())  # at once, as a process that is killed may take a while to end
            self.evaluator.cancel(self)
        elif now >= self.since + SLOW and self.begun and not self.evaluator.slowed:
            self.evaluator.slow_down()

    def broken(self) -> None:
        """The evaluator has ended: what is not told of yet is begun again, if that is nobody's fault."""
        if time.monotonic() >= self.until:
            self.reply.fail(_timeout())
        elif self.reply.reset():
            self._again = asyncio.create_task(self._retry())
        else:
            self.reply.fail(_interrupted())

    async def _retry(self) -> None:
        assert self.evaluator
        status = await self._overseer.autopsy(self.evaluator)
        fatal = os.WTERMSIG(status) if status is not None and os.WIFSIGNALED(status) else 0
        cause = CAUSES.get(fatal, _interrupted)()
        self._tries -= status != 0  # one that ends of itself had grown too big, and not by this
        if isinstance(cause, Interrupted) and self._tries:
            self.put_back()
        else:
            self.reply.fail(cause)


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
