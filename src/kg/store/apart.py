"""A query is answered with citations in a process of its own, which is ended when it takes too long.

For one user at a time, such as an agent; the service has evaluators of its own, many at once.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from threading import Lock
from typing import Any

from kg.errors import Interrupted, QueryTimeout
from kg.store.build import Build
from kg.store.cite.citer import Citer
from kg.store.cite.document import document

_citer: list[tuple[Citer, Build]] = []
"""What the process of its own has loaded."""


class Apart:
    """Answers queries on one build, one after another."""

    def __init__(self, build: Build, deadline: float) -> None:
        """`deadline` is in seconds."""
        self.build = build
        self.deadline = deadline
        self._pool: ProcessPoolExecutor | None = None
        self._lock = Lock()

    def answer(self, query: str, stated: bool = False) -> bytes:
        """SPARQL Results JSON with the member `cite`; `stated` as in Job.

        Raises QueryError, QueryTimeout, Interrupted.
        """
        with self._lock:
            pool = self._pool or self._start()
            try:
                return pool.submit(_answer, query, stated).result(self.deadline)
            except FutureTimeout:
                self.close()
                raise QueryTimeout(
                    f"The query took longer than {self.deadline:g} s and was stopped."
                ) from None
            except BrokenProcessPool:
                self.close()
                raise Interrupted("The evaluation ended before it was done. Ask for less.") from None

    def _start(self) -> ProcessPoolExecutor:
        """A process with the graph loaded; loading does not count towards a deadline."""
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(1, context, _load, (str(self.build.path),))
        self._pool.submit(_loaded).result()
        return self._pool

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self._pool is not None:
            processes: dict[int, Any] = dict(self._pool._processes or {})
            self._pool.shutdown(wait=False, cancel_futures=True)
            for process in processes.values():
                process.kill()
                process.join()
            self._pool = None


def _load(path: str) -> None:
    build = Build.open(Path(path))
    _citer.append((Citer(build.load(), build.names, build.prefixes), build))


def _loaded() -> bool:
    return bool(_citer)


def _answer(query: str, stated: bool) -> bytes:
    citer, build = _citer[0]
    return document(citer, query, build.id, build.base, citer.view(query, stated=stated))
