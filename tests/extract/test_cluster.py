"""Reading on a Dask cluster: two workers, one of them killed half-way."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from distributed import Client
from tests.command import kg

from kg.errors import Finding, InputError, KgError
from kg.extract.cluster import over
from kg.extract.harvest import Harvest, Harvester, Task, harvest
from kg.project import Project

DASK = [sys.executable, "-W", "ignore", "-m", "dask"]
DOCUMENTS = 18
YEARS = range(1900, 1900 + DOCUMENTS)
TEXT = "In {year}, Egypt and Sudan signed the Treaty of Basin {year} in Cairo.\n" * 8


class Cluster:
    """A scheduler and its workers, each a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.address = self._start("scheduler", "--port", "0", ready=r"Scheduler at:\s+(\S+)")

    def add_worker(self) -> subprocess.Popen[bytes]:
        options = ("--no-nanny", "--nthreads", "1", "--death-timeout", "30")
        options += ("--local-directory", str(self.folder))
        self._start("worker", self.address, *options, ready=r"Registered to:\s+(\S+)")
        return self.processes[-1]

    def _start(self, *command: str, ready: str) -> str:
        log = self.folder / f"{len(self.processes)}.log"
        with log.open("wb") as output:
            arguments = [*DASK, *command, "--host", "127.0.0.1", "--no-dashboard"]
            process = subprocess.Popen(arguments, stdout=output, stderr=output, env={**os.environ, **QUIET})
        self.processes.append(process)
        for _ in range(600):
            if found := re.search(ready, log.read_text("utf-8")):
                return found[1]
            assert process.poll() is None, log.read_text("utf-8")
            time.sleep(0.05)
        raise AssertionError(log.read_text("utf-8"))

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


QUIET = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    folder.mkdir()
    running = Cluster(folder)
    try:
        yield running
    finally:
        running.stop()


def busy(address: str) -> list[int]:
    """How many documents each worker has before it."""
    with Client(address, set_as_default=False) as client:
        return [len(tasks) for tasks in client.processing().values()]


@pytest.fixture
def documents(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "documents"
    folder.mkdir()
    paths = [folder / f"basin-{year}.txt" for year in YEARS]
    for path, year in zip(paths, YEARS, strict=True):
        path.write_text(TEXT.format(year=year), "utf-8")
    return paths


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_worker_is_killed_half_way(nile: Project, documents: list[Path], tmp_path: Path) -> None:
    """Nothing lost, nothing twice, and the same bytes as without a cluster."""
    alone = list(harvest(Harvester(nile), ["canal", "nile"], documents))
    written = {path.name: path.read_bytes() for path in sorted(nile.corpus.glob("*.extracted.ttl"))}
    assert len(written) == 2
    assert all(harvested.facts for harvested in alone[1:])
    with cluster(tmp_path / "dask") as running:
        workers = [running.add_worker(), running.add_worker()]
        results: list[Harvest] = []
        for result in harvest(
            Harvester(nile), ["canal", "nile"], documents, again=True, scheduler=running.address
        ):
            results.append(result)
            if len(results) == DOCUMENTS // 3:
                at_work = busy(running.address)
                workers[0].send_signal(signal.SIGKILL)
                workers[0].wait()
        assert len(at_work) == 2
        assert sum(at_work) > 0
        assert workers[0].poll() == -signal.SIGKILL
        assert workers[1].poll() is None
        assert results == alone
        assert {path.name: path.read_bytes() for path in nile.corpus.glob("*.extracted.ttl")} == written
        said = kg("extract", "--scheduler", running.address, "--again", cwd=nile.root)
        assert said.returncode == 0, said.stderr
        assert "facts proposed from 2 texts" in said.stderr
        unreadable = tmp_path / "latin.txt"
        unreadable.write_bytes("Traité de Suez".encode("latin-1"))
        with pytest.raises(InputError) as caught:
            list(harvest(Harvester(nile), [], [unreadable], scheduler=running.address))
        assert isinstance(caught.value.findings[0], Finding)
        workers[1].kill()
        workers[1].wait()
        tasks = [Task("nile", None, "", True)]
        with pytest.raises(KgError, match="has no workers"):
            list(over(running.address, Harvester(nile), tasks))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x"])
def test_no_scheduler(nile: Project, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.extract.cluster.PATIENCE", 1)
    with pytest.raises(KgError, match=f"The scheduler at {address} does not answer"):
        list(harvest(Harvester(nile), ["nile"], [], scheduler=address))
    assert not list(nile.corpus.glob("*.extracted.ttl"))


def test_a_model_is_asked_from_here(nile: Project) -> None:
    said = kg("extract", "--scheduler", "tcp://127.0.0.1:9", "--model", "m", cwd=nile.root)
    assert said.returncode == 2
    assert "does not go with --scheduler" in said.stderr
