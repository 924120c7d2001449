"""A process gives up what it does not need: the kernel then holds a query to its limits.

Whatever a query does, an evaluator can open no file and no socket, write no file, and take no more
memory than it is given; at its deadline the kernel ends it.
"""

from __future__ import annotations

import os
import resource
import signal
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

STACK = 64 << 20
"""Bytes of stack: some ten thousand nested groups."""


@dataclass(frozen=True)
class Limits:
    """What an evaluator may use."""

    memory: int
    """Bytes on top of the shared store; 0: no cap."""
    services: tuple[str, ...] = ()
    """IRIs that SERVICE may call."""
    sockets: bool = False
    """Whether it may open sockets at all: for services, and for a store elsewhere."""

    def to_json(self) -> dict[str, Any]:
        """As the payload of a SPAWN message."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Limits:
        """The reverse of `to_json`."""
        return cls(values["memory"], tuple(values["services"]), values["sockets"])


def confine(limits: Limits) -> None:
    """Give up files, network and memory, for good."""
    if hasattr(os, "SCHED_BATCH"):  # whoever hands out the work is not pushed aside when there is some
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)
    memory = _private_bytes() + limits.memory
    if limits.memory and memory:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    _lower(resource.RLIMIT_STACK, STACK, hard=False)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    if not limits.sockets:
        _lower(resource.RLIMIT_NOFILE, 0)


def _lower(which: int, value: int, hard: bool = True) -> None:
    _, ceiling = resource.getrlimit(which)
    if ceiling != resource.RLIM_INFINITY:
        value = min(value, ceiling)
    resource.setrlimit(which, (value, value if hard else ceiling))


def _private_bytes() -> int:
    """What RLIMIT_DATA counts: the private writable memory of this process, in bytes."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return 0  # no procfs: not Linux, where the limit does not hold for mapped memory anyway
    line = next(line for line in status.splitlines() if line.startswith("VmData:"))
    return int(line.split()[1]) * 1024


def set_deadline(seconds: float) -> None:
    """End this process after so many seconds, wherever it is then; 0 calls it off."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
