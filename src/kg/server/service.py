"""What all parts of a serving process share: settings, evaluators, numbers and log."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from kg.server.log import AccessLog, Entry
from kg.server.metrics import OUTCOMES, Metrics
from kg.server.settings import MIB, Settings
from kg.store.confine import Limits
from kg.store.pool import Capacity, Pool

PUBLISH = 1.0
"""Seconds between two updates of the gauges."""
METRICS = "metrics"
"""File of the numbers that the workers share."""
WARM = 4


class Service:
    """One serving process's share of the service."""

    def __init__(self, settings: Settings, directory: Path, worker: int = 0) -> None:
        self.settings = settings
        self.pool = Pool(directory, _capacity(settings), Limits(settings.memory * MIB, settings.services))
        self.metrics = Metrics(directory / METRICS, worker)
        self.log = AccessLog(settings.access_log)
        self.hits = 0
        self.misses = 0
        self.cached_bytes = 0
        self.cached_answers = 0

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


def _capacity(settings: Settings) -> Capacity:
    """This worker's share of what the settings allow."""
    share = max(2, settings.evaluators // settings.workers)
    return Capacity(
        evaluators=share,
        warm=min(WARM, share),
        quick=max(2, (os.cpu_count() or 1) // settings.workers),
        queue=max(1, settings.queue // settings.workers),
        patience=settings.patience,
        max_bytes=settings.max_answer * MIB,
    )
