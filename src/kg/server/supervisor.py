"""Settings become a running service: one holder of the graph, some workers, and who looks after them.

The supervisor serves nothing itself. It starts a holder for the current build and the workers that
share its socket, starts again what ends, and moves to a new build when there is one: the new graph
is loaded beside the old, and only then announced.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from kg.errors import KgError, NoBuild
from kg.server.metrics import Metrics
from kg.server.service import METRICS
from kg.server.settings import Settings
from kg.server.worker import SETTINGS
from kg.store.build import Build
from kg.store.fleet import Place

TICK = 0.1
"""Seconds between two looks at everything."""
BACKOFF = 1.0
"""Seconds before a process that ended is started again."""
FAREWELL = 3.0
"""Seconds that workers get to notice a new build before the old one's holder stops forking."""
BACKLOG = 2048
ALLOCATION = {
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=127"
    f":glibc.malloc.mmap_threshold={64 << 20}:glibc.malloc.trim_threshold={128 << 20}"
}
"""More small blocks of memory at hand: the evaluation of small queries takes a quarter less time. Large ones
are kept for the next query rather than given back: that of large ones takes a twentieth less.
"""
STORE = "store.json"
"""File that says where a store elsewhere is."""


@dataclass
class Child:
    """A process that is to run always."""

    command: list[str]
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    ended: float = field(default=-BACKOFF)

    def start(self) -> None:
        """Start it; its standard input stays open for as long as this process lives."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", *self.command],
            stdin=subprocess.PIPE,
            pass_fds=self.descriptors,
            env=ALLOCATION | os.environ,
        )

    def keep(self) -> None:
        """Start it again if it has ended, not too often."""
        now = time.monotonic()
        if self.process and self.process.poll() is not None:
            self.process, self.ended = None, now
        if not self.process and now - self.ended >= BACKOFF:
            self.start()

    def stop(self, grace: float) -> None:
        """End it: asked first, then made to."""
        if not self.process:
            return
        self.process.terminate()
        try:
            self.process.wait(grace)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def let_go(self) -> None:
        """Close its standard input: it ends by itself."""
        if self.process and self.process.stdin:
            self.process.stdin.close()


class Holding:
    """The holder of one build."""

    def __init__(self, folder: Path, directory: Path, endpoint: Path | None) -> None:
        self.build = Build.open(folder)
        self.path = directory / f"{self.build.id}.sock"
        self.announced = False
        self._directory = directory
        store = [str(endpoint)] if endpoint else []
        self.child = Child(["kg.store.holder", str(self.build.path), str(self.path), *store])

    @property
    def loaded(self) -> bool:
        """Whether evaluators are to be had."""
        return self.path.exists()

    def keep(self) -> None:
        """Keep the holder up."""
        process = self.child.process
        if process and process.poll() is not None:
            self.path.unlink(missing_ok=True)  # a socket that nobody answers
        self.child.keep()

    def announce(self) -> None:
        """Send the workers here."""
        Place(str(self.path), self.build).announce(self._directory)
        self.announced = True


class Supervisor:
    """Looks after the processes of a service."""

    def __init__(self, settings: Settings, build: Path) -> None:
        self.settings = settings
        self._folder = build
        """A build, or the link to the current one."""
        self._stopping = False
        self._holding: Holding | None = None
        self._next: Holding | None = None
        self._old: list[tuple[float, Holding]] = []

    def run(self, ready: Callable[[str], None]) -> None:
        """Serve until SIGTERM or SIGINT; calls `ready` with the URL once, when queries are answered.

        Raises KgError where the address cannot be had, NoBuild where there is no build.
        """
        Build.open(self._folder)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        with (
            _listen(self.settings) as listener,
            tempfile.TemporaryDirectory(prefix=f"kg-{os.getpid()}-") as name,
        ):
            directory = Path(name)
            self.settings.save(directory / SETTINGS)
            if endpoint := self.settings.endpoint:
                endpoint.save(directory / STORE)
            Metrics.create(directory / METRICS, self.settings.workers)
            workers = [self._worker(directory, number, listener) for number in range(self.settings.workers)]
            try:
                self._watch(directory, workers, lambda: ready(_url(listener)))
            finally:
                self._end(workers)

    def _watch(self, directory: Path, workers: list[Child], ready: Callable[[], None]) -> None:
        told = False
        while not self._stopping:
            for worker in workers:
                worker.keep()
            self._renew(directory)
            if self._holding and not told:
                told = True
                ready()
            time.sleep(TICK)

    def _renew(self, directory: Path) -> None:
        """Keep a holder for the current build; when there is a new build, load it and move there."""
        for holding in filter(None, (self._holding, self._next)):
            holding.keep()
        newest = self._next or self._holding
        current = self._folder.resolve()
        if newest is None or newest.build.path != current:
            self._load(current, directory)
        if self._next and self._next.loaded:
            self._move(self._next)
        now = time.monotonic()
        for since, holding in [each for each in self._old if now - each[0] > FAREWELL]:
            holding.child.let_go()
            self._old.remove((since, holding))

    def _load(self, folder: Path, directory: Path) -> None:
        try:
            following = Holding(folder, directory, self._endpoint(directory))
        except NoBuild:
            return  # the link points nowhere yet: the one before serves on
        if self._next:
            self._next.child.let_go()
        self._next = following

    def _endpoint(self, directory: Path) -> Path | None:
        return directory / STORE if self.settings.store else None

    def _move(self, following: Holding) -> None:
        following.announce()
        if self._holding:
            self._old.append((time.monotonic(), self._holding))
        self._holding, self._next = following, None

    def _worker(self, directory: Path, number: int, listener: socket.socket) -> Child:
        command = ["kg.server.worker", str(directory), str(number), str(listener.fileno())]
        return Child(command, (listener.fileno(),))

    def _end(self, workers: list[Child]) -> None:
        for worker in workers:
            if worker.process:
                worker.process.terminate()
        for worker in workers:
            worker.stop(self.settings.shutdown + 1)
        for holding in (*(each for _, each in self._old), self._holding, self._next):
            if holding:
                holding.child.stop(1)

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._stopping = True


def _listen(settings: Settings) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise KgError(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror or error}."
        ) from None
    listener.set_inheritable(True)
    return listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{'localhost' if host in {'0.0.0.0', '::'} else shown}:{port}"
