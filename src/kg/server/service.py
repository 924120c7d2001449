"""What all parts of a serving process share: settings, evaluators, numbers and log."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from kg.errors import KgError
from kg.server.log import AccessLog, Entry
from kg.server.metrics import OUTCOMES, Metrics
from kg.server.settings import MIB, Settings
from kg.store.confine import Limits
from kg.store.job import Job
from kg.store.pool import Capacity, Pool

PUBLISH = 1.0
"""Seconds between two updates of the gauges."""
METRICS = "metrics"
"""File of the numbers that the workers share."""
WARM = 4
DEPTH = 16
"""Jobs that an evaluator is given ahead: it then goes on without waiting for this process to wake."""
PROBE = 1.0
"""Seconds between two looks whether the store elsewhere is well."""
PATIENCE = 3.0
"""Seconds that such a look may take."""


class Service:
    """One serving process's share of the service."""

    def __init__(self, settings: Settings, directory: Path, worker: int = 0) -> None:
        self.settings = settings
        self.pool = Pool(directory, _capacity(settings), _limits(settings))
        self.metrics = Metrics(directory / METRICS, worker)
        self.log = AccessLog(settings.access_log)
        self.hits = 0
        self.misses = 0
        self.cached_bytes = 0
        self.cached_answers = 0
        self._probing = asyncio.Lock()
        self._probed = float("-inf")
        self._ailment = ""

    async def ailment(self) -> str:
        """What is amiss with the store elsewhere; empty where it is well, or where there is none.

        The store is asked once in a while, however often this is.
        """
        if not self.settings.store or not self.pool.ready:
            return ""
        async with self._probing:
            if time.monotonic() - self._probed > PROBE:
                self._ailment = await self._probe()
                self._probed = time.monotonic()
        return self._ailment

    async def _probe(self) -> str:
        try:
            evaluation = await self.pool.begin(Job(task="probe"), min(PATIENCE, self.settings.deadline))
        except KgError as error:
            return str(error)
        evaluation.stop()
        return ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the evaluators, the numbers and the log going."""
        publish = asyncio.create_task(self._publish())
        try:
            async with self.pool.fleet.running():
                yield
        finally:
            publish.cancel()
            self.log.close()

    def note(self, entry: Entry) -> None:
        """A request for data has ended: log it and count it."""
        self.log.write(entry)
        self.metrics.count_query(OUTCOMES.index(entry.outcome), entry.seconds)

    async def _publish(self) -> None:
        while True:
            self.publish()
            await asyncio.sleep(PUBLISH)

    def publish(self) -> None:
        """Show this process's present state to all others."""
        fleet = self.pool.fleet
        self.metrics.set_gauge("queue", len(self.pool.queue))
        self.metrics.set_gauge("evaluators_idle", len(fleet.idle))
        self.metrics.set_gauge("evaluators_busy", len(fleet.members) - len(fleet.idle))
        self.metrics.set_gauge("cache_bytes", self.cached_bytes)
        self.metrics.set_gauge("cache_answers", self.cached_answers)
        self.metrics.set_counter("cache_hits", self.hits)
        self.metrics.set_counter("cache_misses", self.misses)
        self.metrics.set_counter("evaluators_forked", fleet.forked)
        self.metrics.set_counter("builds_taken", fleet.generation)


def _limits(settings: Settings) -> Limits:
    sockets = bool(settings.services or settings.store)
    return Limits(settings.memory * MIB, settings.services, sockets)


def _capacity(settings: Settings) -> Capacity:
    """This worker's share of what the settings allow."""
    share = max(2, settings.evaluators // settings.workers)
    return Capacity(
        evaluators=share,
        warm=min(WARM, share),
        quick=share if settings.store else max(2, (os.cpu_count() or 1) // settings.workers),
        depth=1 if settings.store else DEPTH,
        queue=max(1, settings.queue // settings.workers),
        patience=settings.patience,
        max_bytes=settings.max_answer * MIB,
    )
