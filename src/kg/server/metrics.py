"""What happened becomes numbers for Prometheus, shared by all serving processes.

Each worker has a row of numbers in one shared file, and only it writes there; any of them can add
up the columns. A worker that is replaced goes on where the one before it stopped.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

OUTCOMES = (
    *("ok", "cached", "not_modified", "described"),
    *("bad_request", "refused", "too_big", "timeout", "busy", "cancelled", "cut", "error"),
)
"""How a request to the endpoint can end."""
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the latency histogram, in seconds."""
GAUGES = ("queue", "evaluators_busy", "evaluators_idle", "cache_bytes", "cache_answers")
COUNTERS = ("cache_hits", "cache_misses", "evaluators_forked", "builds_taken")
_BUCKET = len(OUTCOMES)
_SUM = _BUCKET + len(BUCKETS) + 1
_GAUGE = _SUM + 1
_COUNTER = _GAUGE + len(GAUGES)
WIDTH = _COUNTER + len(COUNTERS)
"""Numbers in a row."""
SIZE = 8
"""Bytes of a number."""


class Metrics:
    """One worker's row, and the view over all."""

    def __init__(self, path: Path, worker: int) -> None:
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        self._all = memoryview(self._map).cast("d")
        self._row = self._all[worker * WIDTH : (worker + 1) * WIDTH]

    @staticmethod
    def create(path: Path, workers: int) -> None:
        """Make the shared file, all zeros."""
        path.write_bytes(bytes(SIZE * WIDTH * workers))

    def count_query(self, outcome: int, seconds: float) -> None:
        """A request has ended; `outcome` is an index into OUTCOMES."""
        row = self._row
        row[outcome] += 1
        row[_BUCKET + bisect_left(BUCKETS, seconds)] += 1
        row[_SUM] += seconds

    def set_gauge(self, name: str, value: float) -> None:
        """The present value of a gauge."""
        self._row[_GAUGE + GAUGES.index(name)] = value

    def set_counter(self, name: str, value: float) -> None:
        """The value of a counter in this worker's life so far."""
        self._row[_COUNTER + COUNTERS.index(name)] = value

    def render(self) -> bytes:
        """All workers' numbers in Prometheus' text format."""
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """All workers' numbers, added up."""
        total = [sum(self._all[column::WIDTH]) for column in range(WIDTH)]
        queries = CounterMetricFamily(
            "kg_queries", "Requests to the endpoint by outcome.", labels=["outcome"]
        )
        for index, outcome in enumerate(OUTCOMES):
            queries.add_metric([outcome], total[index])
        yield queries
        yield _histogram(total)
        for index, name in enumerate(GAUGES):
            yield GaugeMetricFamily(f"kg_{name}", MEANINGS[name], value=total[_GAUGE + index])
        for index, name in enumerate(COUNTERS):
            yield CounterMetricFamily(f"kg_{name}", MEANINGS[name], value=total[_COUNTER + index])


MEANINGS = {
    "queue": "Queries that wait for an evaluator.",
    "evaluators_busy": "Evaluators at work.",
    "evaluators_idle": "Evaluators that wait for a query.",
    "cache_bytes": "Bytes of answers that are kept.",
    "cache_answers": "Answers that are kept.",
    "cache_hits": "Queries answered from the cache.",
    "cache_misses": "Queries that were not in the cache.",
    "evaluators_forked": "Evaluators started so far.",
    "builds_taken": "Builds that were switched to.",
}


def _histogram(total: list[float]) -> HistogramMetricFamily:
    running = 0.0
    buckets = []
    for bound, value in zip((*map(str, BUCKETS), "+Inf"), total[_BUCKET:_SUM], strict=True):
        running += value
        buckets.append((bound, running))
    return HistogramMetricFamily(
        "kg_query_seconds", "Time from request to answer.", buckets=buckets, sum_value=total[_SUM]
    )
