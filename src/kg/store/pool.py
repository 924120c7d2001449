"""Jobs become replies, within a deadline, a queue and a cap: the service's side of the store."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from kg.errors import Busy, NoBuild
from kg.store.build import Build
from kg.store.confine import Limits
from kg.store.connection import Connection
from kg.store.evaluation import Evaluation
from kg.store.fleet import Fleet
from kg.store.job import Job

TICK = 0.005
"""Seconds between two looks at what is under way."""
QUICK = 0.005
"""Seconds for which a query counts as a quick one."""


@dataclass(frozen=True)
class Capacity:
    """How much a pool may do at once."""

    evaluators: int
    """Processes at most."""
    warm: int
    """Processes that are started before they are needed."""
    quick: int
    """Quick queries that are evaluated at once."""
    depth: int
    """Jobs that an evaluator has at once, as long as they are quick."""
    queue: int
    """Jobs that may wait for one."""
    patience: float
    """Seconds that a job waits at most."""
    max_bytes: int
    """Cap of one answer."""


class Pool:
    """A bounded number of evaluators and a bounded queue before them.

    Quick queries are kept to few evaluators: two that stay on their processors, with their memory at
    hand, answer more of them than eight that take turns, and they are given some ahead, as to wake a
    process takes longer than many a query. A query that turns out to be slow no longer counts, so that
    another can be evaluated beside it, and what was to follow it goes back to the queue.
    """

    def __init__(self, directory: Path, capacity: Capacity, limits: Limits) -> None:
        self.capacity = capacity
        self.fleet = Fleet(directory, limits, capacity.evaluators, capacity.warm, self._released)
        self.queue: deque[Evaluation] = deque()
        self._live: set[Evaluation] = set()
        self._quick: set[Connection] = set()
        """Evaluators of queries that have just begun."""
        self._timer: asyncio.TimerHandle | None = None

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
        evaluation = self.start(job, deadline, max_bytes)
        try:
            await evaluation.reply.begin()
        except BaseException:
            evaluation.stop()
            raise
        return evaluation

    def start(self, job: Job, deadline: float, max_bytes: int | None = None) -> Evaluation:
        """The same, without waiting for the reply. Raises Busy and NoBuild."""
        if not self.fleet.place:
            raise NoBuild("The graph is being loaded. Try again in a moment.")
        if len(self.queue) >= self.capacity.queue:
            raise Busy("Too many queries are waiting. Try again in a moment.")
        cap = self.capacity.max_bytes if max_bytes is None else max_bytes
        evaluation = Evaluation(self, job, deadline, self.capacity.patience, cap)
        self.enter(evaluation)
        return evaluation

    def enter(self, evaluation: Evaluation, again: bool = False) -> None:
        """Give it an evaluator, or let it wait for one; before the others, if it has waited before."""
        self._live.add(evaluation)
        if again:
            self.queue.appendleft(evaluation)
        else:
            self.queue.append(evaluation)
        self._dispatch()
        if not self._timer:
            self._timer = asyncio.get_running_loop().call_later(TICK, self._look)

    def leave(self, evaluation: Evaluation) -> None:
        """It is of no interest any more."""
        self._live.discard(evaluation)
        if not evaluation.evaluator and evaluation in self.queue:
            self.queue.remove(evaluation)

    async def autopsy(self, evaluator: Connection) -> int | None:
        """The wait status of an evaluator that has ended; None where nobody knows."""
        return await self.fleet.autopsy(evaluator)

    def _dispatch(self) -> None:
        """Give those who wait to evaluators."""
        while self.queue and (evaluator := self._choose()):
            self.queue.popleft().run(evaluator)

    def _choose(self) -> Connection | None:
        """Who does the next job: one that is free, or else one that will soon be."""
        if self.fleet.idle and len(self._quick) < self.capacity.quick:
            evaluator = self.fleet.take()
            self._quick.add(evaluator)
            return evaluator
        fit = (each for each in self._quick if each.load < self.capacity.depth and self.fleet.fit(each))
        return min(fit, key=attrgetter("load"), default=None)

    def _released(self, evaluator: Connection) -> None:
        """An evaluator has done a job, or has ended."""
        if not evaluator.load:
            self._quick.discard(evaluator)
        self._dispatch()

    def _look(self) -> None:
        """See to it that everything keeps to its limits."""
        now = time.monotonic()
        for evaluation in tuple(self._live):
            evaluation.look(now)
            if evaluation.reply.done:
                self._live.discard(evaluation)
            elif evaluation.begun and evaluation.evaluator and now >= evaluation.since + QUICK:
                self._quick.discard(evaluation.evaluator)
                evaluation.evaluator.recall()
        self._dispatch()
        self._timer = asyncio.get_running_loop().call_later(TICK, self._look) if self._live else None
