"""Long runs: many clients for a while, and every request that the OpenAPI description allows."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import httpx
import pytest

from kg.graph.build import build
from kg.project import Project
from tests.running import Running, serving
from tests.server.test_hostile import anonymous
from tests.server.test_isolation import wait_until
from tests.synthetic import write_build

MINUTES = float(os.environ.get("KG_SOAK_MINUTES", "10"))
CLIENTS = 256
BIN = Path(sys.executable).parent


async def _client(url: str, until: float, number: int, statuses: Counter[int]) -> None:
    loop = asyncio.get_running_loop()
    limits = httpx.Limits(max_connections=1)
    async with httpx.AsyncClient(timeout=60, limits=limits, trust_env=False, verify=False) as client:
        count = 0
        while loop.time() < until:
            count += 1
            query = (
                f"SELECT * {{ :e{(number * 7 + count) % 100} ?p ?o }} # {count % 50 if number % 2 else count}"
            )
            response = await client.get(url, params={"query": query})
            assert response.status_code != 200 or response.json()["results"]["bindings"]
            statuses[response.status_code] += 1


async def _soak(url: str, seconds: float) -> Counter[int]:
    statuses: Counter[int] = Counter()
    until = asyncio.get_running_loop().time() + seconds
    await asyncio.gather(*(_client(url, until, number, statuses) for number in range(CLIENTS)))
    return statuses


def worker(service: Running) -> int:
    """Process id of the serving process."""
    [pid] = [pid for pid, command in service.children().items() if "kg.server.worker" in command]
    return pid


def open_files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


@pytest.mark.marathon
def test_a_soak_loses_nothing_and_leaks_nothing(tmp_path: Path) -> None:
    write_build(tmp_path)
    with serving(tmp_path / "current", tmp_path / "log", "--cache", "4") as service:
        pid = worker(service)
        files = open_files(pid)
        asyncio.run(_soak(service.sparql, MINUTES * 6))  # a tenth, to fill the caches
        memory = anonymous(pid)
        statuses = asyncio.run(_soak(service.sparql, MINUTES * 60))
        after = anonymous(pid)
        print(f"{sum(statuses.values())} requests, {memory} MiB before, {after} MiB after")
        assert set(statuses) == {200}
        assert after <= memory + 16
        wait_until(lambda: open_files(pid) <= files + 20)  # connections that are closed, and evaluators
        assert worker(service) == pid
        assert len(service.evaluators()) <= 16


@pytest.mark.marathon
def test_schemathesis_finds_nothing(canal: Project, tmp_path: Path) -> None:
    """All checks but one, that what fits a schema is accepted: no schema can tell SPARQL from text."""
    folder = build(canal).path
    with serving(folder, tmp_path / "log") as service:
        command = [str(BIN / "schemathesis"), "run", f"{service.url}/openapi.json", "--url", service.url]
        options = ["--max-examples", "60", "--no-color", "--exclude-checks", "positive_data_acceptance"]
        hooks = os.environ | {"SCHEMATHESIS_HOOKS": "tests.server.fuzzing"}
        run = subprocess.run([*command, *options], capture_output=True, text=True, timeout=900, env=hooks)
        assert run.returncode == 0, run.stdout[-6000:]
