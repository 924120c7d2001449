"""A holder becomes a fleet of evaluators: forked when wanted, replaced when they end, new with each build."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from kg.errors import NoBuild
from kg.store.build import Build
from kg.store.confine import Limits
from kg.store.connection import Connection
from kg.store.frames import RECEIVE, Decoder, Kind, pack_json

WATCH = 0.5
"""Seconds between two looks for a new build."""
REST = 60.0
"""Seconds without work before slow evaluators are replaced."""
RETRY = 0.2
"""Seconds to wait after the holder could not be reached."""
RENDEZVOUS = "current.json"
"""File that says where the holder of the current build is."""


@dataclass(frozen=True)
class Place:
    """Where evaluators of a build are to be had."""

    socket: str
    build: Build

    def announce(self, directory: Path) -> None:
        """Let every fleet that watches `directory` come here; atomic."""
        draft = directory / (RENDEZVOUS + ".new")
        draft.write_text(json.dumps({"socket": self.socket, "build": str(self.build.path)}), "utf-8")
        draft.replace(directory / RENDEZVOUS)

    @classmethod
    def find(cls, directory: Path) -> Place | None:
        """The place that was announced last; None before the first."""
        try:
            values = json.loads((directory / RENDEZVOUS).read_text("utf-8"))
            return cls(values["socket"], Build.open(Path(values["build"])))
        except (FileNotFoundError, NoBuild):
            return None


class Fleet:
    """Evaluators of the current build."""

    def __init__(
        self, directory: Path, limits: Limits, size: int, warm: int, on_release: Callable[[Connection], None]
    ) -> None:
        """`on_release` is called whenever an evaluator has done a job, or has ended."""
        self.size = size
        """Processes at most."""
        self.warm = min(warm, size)
        """Processes that stand idle, so that the next job need not wait for one to start."""
        self.place: Place | None = None
        self.idle: list[Connection] = []
        self.members: set[Connection] = set()
        self.forked = 0
        self._directory = directory
        self._limits = limits
        self._on_release = on_release
        self.generation = 0
        """How many builds were taken up so far."""
        self._stamp = 0
        self._rest = 0.0
        """Seconds for which there has been no work."""
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the fleet up, and let it go at the end."""
        self._look()
        watch = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watch.cancel()
            self.place = None
            for member in list(self.members):
                member.close()

    def take(self) -> Connection:
        """An idle evaluator, the one that worked last; it comes back by itself when its work is done.

        Slow ones are taken when there are no others.
        """
        evaluator = self.idle.pop()
        self._refill()
        return evaluator

    def ready(self, evaluator: Connection) -> None:
        """An evaluator has come to the end of a job, or of all its jobs, and may be fit for more."""
        if not evaluator.free:
            pass
        elif self.fit(evaluator):
            self.idle.insert(0 if evaluator.slowed else len(self.idle), evaluator)
        else:
            evaluator.close()
        self._on_release(evaluator)

    def fit(self, evaluator: Connection) -> bool:
        """Whether an evaluator can be given more work."""
        return evaluator.steady and not evaluator.spent and evaluator.generation == self.generation

    def gone(self, evaluator: Connection) -> None:
        """An evaluator has ended; its place is filled at once."""
        self.members.discard(evaluator)
        if evaluator in self.idle:
            self.idle.remove(evaluator)
        if evaluator.pid:
            self._refill()
        else:
            asyncio.get_running_loop().call_later(RETRY, self._refill)
        self._on_release(evaluator)

    async def autopsy(self, evaluator: Connection) -> int | None:
        """The wait status of an evaluator that has ended; None where nobody knows."""
        with suppress(OSError):
            reader, writer = await asyncio.open_unix_connection(evaluator.socket)
            try:
                writer.write(pack_json(Kind.AUTOPSY, {"pid": evaluator.pid}))
                for _, payload in Decoder().feed(await reader.read(RECEIVE)):
                    status = json.loads(payload)["status"]
                    return status if isinstance(status, int) else None
            finally:
                writer.close()
        return None

    def _refill(self) -> None:
        """Fork as many evaluators as are wanted and allowed."""
        if not self.place or len(self.members) >= self.size:
            return
        starting = sum(1 for member in self.members if not member.pid)
        wanted = self.warm - starting - sum(1 for evaluator in self.idle if not evaluator.slowed)
        for _ in range(min(wanted, self.size - len(self.members))):
            evaluator = Connection(self, self._limits, self.generation, self.place.socket)
            self.members.add(evaluator)
            task = asyncio.create_task(self._start(evaluator))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _start(self, evaluator: Connection) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.create_unix_connection(lambda: evaluator, evaluator.socket)
            self.forked += 1
        except OSError:
            self.members.discard(evaluator)
            loop.call_later(RETRY, self._refill)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH)
            self._look()
            self._retire()

    def _retire(self) -> None:
        """Replace the slow ones, but only at rest: a fresh one has to copy what it touches of the graph."""
        self._rest = self._rest + WATCH if len(self.idle) == len(self.members) else 0.0
        if self._rest >= REST:
            for evaluator in [each for each in self.idle if each.slowed]:
                evaluator.close()
                self.idle.remove(evaluator)

    def _look(self) -> None:
        """Move to the announced build, if it is another one; what runs is finished on the old one."""
        try:
            stamp = (self._directory / RENDEZVOUS).stat().st_ino
        except FileNotFoundError:
            return
        place = Place.find(self._directory) if stamp != self._stamp else None
        if place:
            self._stamp = stamp
            self.generation += 1
            self.place = place
            for evaluator in self.idle:
                evaluator.close()
            self.idle.clear()
            self._refill()
