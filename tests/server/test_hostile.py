"""A hostile set, with 8 clients at once, does the service no harm."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.running import Running, serving
from tests.server.hostile import hostile_queries
from tests.server.test_isolation import wait_until
from tests.synthetic import write_build

HOSTILE = hostile_queries()
CLIENTS = 8
MEMORY = 128
"""MiB that a query may take."""
DEADLINE = 1.5
ANSWERS = {200, 400, 403, 413, 422, 504}


def test_the_set_is_large_enough() -> None:
    assert len(HOSTILE) >= 60


def ask(service: Running, name: str) -> tuple[str, int, float]:
    """Send one query; its name, its status (0: a transfer that broke off) and the seconds that it took."""
    headers = {"Content-Type": "application/sparql-query"}
    with httpx.Client(timeout=60, trust_env=False, verify=False) as client:
        start = time.monotonic()
        try:
            status = client.post(service.sparql, content=HOSTILE[name], headers=headers).status_code
        except httpx.RemoteProtocolError:
            status = 0
        return name, status, time.monotonic() - start


class Watch:
    """Asks small queries beside the hostile ones, and looks at the memory of the evaluators."""

    def __init__(self, service: Running) -> None:
        self.service = service
        self.statuses: Counter[int] = Counter()
        self.longest = 0.0
        self.memory = 0
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=work) for work in (self._ask, self._look)]

    def __enter__(self) -> Watch:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        with httpx.Client(timeout=60, trust_env=False) as client:
            number = 0
            while not self._stop.is_set():
                number += 1
                start = time.monotonic()
                query = f"SELECT ?r {{ :e{number % 100} kg:rank ?r }} # {number}"
                self.statuses[client.get(self.service.sparql, params={"query": query}).status_code] += 1
                self.longest = max(self.longest, time.monotonic() - start)
                self._stop.wait(0.02)

    def _look(self) -> None:
        while not self._stop.wait(0.05):
            self.memory = max([self.memory, *map(anonymous, self.service.evaluators())])


def anonymous(pid: int) -> int:
    """MiB of a process's own memory."""
    try:
        found = re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) >> 10 if found else 0


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("hostile")
    write_build(root)
    options = ("--deadline", str(DEADLINE), "--memory", str(MEMORY), "--max-answer", "16")
    with serving(root / "current", root / "log", *options) as service:
        yield service


def run(service: Running) -> tuple[list[tuple[str, int, float]], Watch]:
    with Watch(service) as watch, ThreadPoolExecutor(CLIENTS) as clients:
        results = list(clients.map(lambda name: ask(service, name), HOSTILE))
    return results, watch


def test_the_service_survives(attacked: Running) -> None:
    before = {name: len(pids) for name, pids in processes(attacked).items()}
    base = anonymous(attacked.evaluators()[0])
    results, watch = run(attacked)
    assert len(results) == len(HOSTILE)
    assert {(name, status) for name, status, _ in results if status not in {0, *ANSWERS}} == set()
    statuses = {name: status for name, status, _ in results}
    for name in HOSTILE:
        if name.startswith(("service", "from")):
            assert statuses[name] == 403, name
    assert statuses["ten-megabytes"] == 413
    assert statuses["not-utf8"] == statuses["load"] == statuses["drop"] == 400
    assert set(watch.statuses) == {200}
    assert watch.statuses[200] > 20
    assert watch.memory <= base + MEMORY + 64  # the stack, and pages of the store that were written to
    wait_until(lambda: {name: len(pids) for name, pids in processes(attacked).items()} == before)
    assert attacked.number("SELECT (COUNT(*) AS ?n) { ?e a kg:Event }") == 100


def processes(service: Running) -> dict[str, list[int]]:
    """The processes that are to last, by part."""
    workers = [pid for pid, command in service.children().items() if "kg.server.worker" in command]
    return {"workers": workers, "holders": service.holders()}


@pytest.mark.marathon
def test_in_time(attacked: Running) -> None:
    results, watch = run(attacked)
    assert [(name, seconds) for name, _, seconds in results if seconds > DEADLINE + 0.5] == []
    assert watch.longest <= DEADLINE
