"""A build becomes a process that holds it in memory and forks evaluators: `python -m kg.store.holder`.

The store is loaded once. Every evaluator is a fork that shares its pages (copy on write), so a new
one costs milliseconds and a killed one costs nobody else anything. One connection is one evaluator.
Where a store elsewhere holds the build, they share what it takes to ask that.

The holder ends when its standard input closes, that is when the process that started it ends.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections import OrderedDict
from pathlib import Path

import pyoxigraph as ox

from kg.store.afar import open_afar
from kg.store.build import Build
from kg.store.cite.citer import Citer
from kg.store.confine import Limits, confine
from kg.store.distant import Endpoint
from kg.store.evaluator import Evaluator
from kg.store.examples import example_triples
from kg.store.frames import Channel, Kind, pack_json
from kg.store.view import Views

BACKLOG = 256
TICK = 1.0
"""Seconds between two looks for ended evaluators when nothing else happens."""
PATIENCE = 1.0
"""Seconds that a connection has to say what it wants."""
REMEMBERED = 1024
"""How many ended evaluators are remembered."""


class Holder:
    """Holds one store; forks and buries evaluators."""

    def __init__(self, build: Build, listener: socket.socket, endpoint: Endpoint | None = None) -> None:
        self.build = build
        self.views, self.citer = open_afar(build, endpoint) if endpoint else _open(build)
        self.citer.prepare()  # before the first fork, so that no evaluator reads it again
        self.listener = listener
        self.ended: OrderedDict[int, int] = OrderedDict()
        """Wait status by process id."""

    def run(self, lifeline: int) -> None:
        """Serve connections until the lifeline closes."""
        while True:
            ready, _, _ = select.select([self.listener.fileno(), lifeline], [], [], TICK)
            self._bury()
            if lifeline in ready and not os.read(lifeline, 1):
                return
            if self.listener.fileno() in ready:
                connection, _ = self.listener.accept()
                with connection:
                    connection.settimeout(PATIENCE)
                    self._meet(connection)

    def _meet(self, connection: socket.socket) -> None:
        channel = Channel(connection)
        try:
            frame = channel.receive()
            if frame and frame[0] is Kind.SPAWN:
                self._fork(channel, Limits.from_json(json.loads(frame[1])))
            elif frame and frame[0] is Kind.AUTOPSY:
                status = self._autopsy(json.loads(frame[1])["pid"])
                channel.send(pack_json(Kind.AUTOPSY, {"status": status}))
        except OSError:
            return  # whoever connected has gone

    def _fork(self, channel: Channel, limits: Limits) -> None:
        if os.fork():
            return
        code = 1
        try:
            self.listener.close()
            _live(channel, self, limits)
            code = 0
        finally:
            os._exit(code)

    def _bury(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            self.ended[pid] = status
            while len(self.ended) > REMEMBERED:
                self.ended.popitem(last=False)

    def _autopsy(self, pid: int) -> int | None:
        """The wait status of an evaluator whose connection has closed."""
        until = time.monotonic() + PATIENCE
        while pid not in self.ended and time.monotonic() < until:
            self._bury()
            time.sleep(0.001)
        return self.ended.get(pid)


def _open(build: Build) -> tuple[Views, Citer]:
    """The dataset, and the named queries as examples."""
    store = build.load()
    store.extend(ox.Quad(*triple) for triple in example_triples(build))
    views = Views(store, build.names.rdf12)
    return views, Citer(store, build.names, build.prefixes)


def _live(channel: Channel, holder: Holder, limits: Limits) -> None:
    """The life of an evaluator."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    channel.socket.settimeout(None)
    evaluator = Evaluator(holder.views, holder.citer, holder.build, limits)
    confine(limits)
    channel.send(pack_json(Kind.HELLO, {"pid": os.getpid(), "build": holder.build.id}))
    evaluator.serve(channel)


def hold(folder: Path, path: Path, endpoint: Endpoint | None = None) -> None:
    """Serve evaluators of the build in `folder` at the socket `path`, on the store elsewhere if given."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        holder = Holder(Build.open(folder), listener, endpoint)
        gc.collect()
        gc.freeze()
        draft = path.with_suffix(".new")
        listener.bind(str(draft))
        listener.listen(BACKLOG)
        draft.rename(path)  # whoever sees the socket can connect to it
        holder.run(sys.stdin.fileno())


if __name__ == "__main__":
    hold(Path(sys.argv[1]), Path(sys.argv[2]), Endpoint.load(Path(sys.argv[3])) if sys.argv[3:] else None)
