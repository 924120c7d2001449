"""The work of reading goes to a Dask cluster: one document, one task.

https://distributed.dask.org/. The scheduler gives the tasks of a worker that has gone to another one;
what a task gives back depends on its document and the project alone, so it does not matter how often it
was begun. Workers read the project and the originals under the same paths as here, and write nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from uuid import uuid4

from distributed import Client, KilledWorker

from kg.errors import KgError
from kg.extract.harvest import Harvest, Harvester, Task, rules_version
from kg.project import Project

PATIENCE = 10
"""Seconds in which the scheduler has to answer."""
_lock = Lock()
_known: dict[str, Harvester] = {}
"""What this worker has opened for the present run; for one document at a time, as spaCy wants it."""


def over(address: str, harvester: Harvester, tasks: Sequence[Task]) -> Iterator[Harvest]:
    """Have the workers of a scheduler do the tasks; gives the results in the order of the tasks.

    Raises KgError where the scheduler does not answer, or where workers keep ending over a document.
    """
    with _connect(address) as client:
        if not client.scheduler_info()["workers"]:
            raise KgError(f"The scheduler at {address} has no workers.")
        run = (uuid4().hex, rules_version(), harvester.project, harvester.originals)
        futures = client.map(_work, *[[each] * len(tasks) for each in run], tasks, pure=False)
        for task, future in zip(tasks, futures, strict=True):
            try:
                yield future.result()
            except KilledWorker:
                raise KgError(
                    f"Workers end over {task.name} again and again. Is there memory enough?"
                ) from None
            future.release()


def _connect(address: str) -> Client:
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise KgError(f"The scheduler at {address} does not answer: {error or 'in time'}.") from None


def _work(run: str, rules: str, project: Project, originals: Path | None, task: Task) -> Harvest:
    """Do one task in a worker. Raises KgError where the worker is not of the same version."""
    if rules != rules_version():
        raise KgError("A worker has another version of this program. Install the same one everywhere.")
    with _lock:
        if run not in _known:
            _known.clear()
            _known[run] = Harvester(project, originals)
        return task.work(_known[run])
