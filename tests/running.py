"""A service that runs for a test: `kg serve` in processes of its own, as users start it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

START = 30.0
"""Seconds that a service may take to start."""


@dataclass
class Running:
    """A service that answers."""

    url: str
    process: subprocess.Popen[str]
    log: Path
    client: httpx.Client

    @property
    def sparql(self) -> str:
        return self.url + "/sparql"

    def get(self, query: str, headers: dict[str, str] | None = None, **parameters: object) -> httpx.Response:
        return self.client.get(self.sparql, params={"query": query, **parameters}, headers=headers)  # type: ignore[dict-item]

    def rows(self, query: str, **parameters: object) -> list[dict[str, str]]:
        """The bindings of a SELECT, as plain values."""
        response = self.get(query, format="json", **parameters)
        assert response.status_code == 200, response.text
        bindings = response.json()["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in bindings]

    def number(self, query: str, **parameters: object) -> int:
        """The one number that a SELECT counts."""
        [row] = self.rows(query, **parameters)
        [value] = row.values()
        return int(value)

    def children(self) -> dict[int, str]:
        """Every process below the service's, with its command line."""
        found: dict[int, str] = {}
        wanted = [self.process.pid]
        while wanted:
            pid = wanted.pop()
            for child in _children(pid):
                found[child] = _command(child)
                wanted.append(child)
        return found

    def holders(self) -> list[int]:
        """Process ids of the holders of a graph."""
        return [pid for pid in _children(self.process.pid) if "kg.store.holder" in _command(pid)]

    def evaluators(self) -> list[int]:
        """Process ids of the evaluators: the holder's children."""
        return [child for holder in self.holders() for child in _children(holder)]


def _children(pid: int) -> list[int]:
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found.update(map(int, task.read_text().split()))
    return sorted(found)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@contextmanager
def serving(build: Path, log: Path, *options: str, code: int = 0) -> Iterator[Running]:
    """Start `kg serve` on a free port; at the end stop it, and see that it ended with that exit code."""
    command = [
        sys.executable,
        "-c",
        "from kg.cli import main; main()",
        "serve",
        "--build",
        str(build),
        "--port",
        "0",
    ]
    errors = log.with_suffix(".err")
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            [*command, "--access-log", str(log), *options],
            stderr=stderr,
            text=True,
            env={**os.environ, "RUST_BACKTRACE": "0"},
        )
    try:
        url = _wait_for_url(process, errors)
        with httpx.Client(timeout=60, trust_env=False) as client:
            _wait_until_ready(client, url)
            yield Running(url, process, log, client)
    finally:
        process.send_signal(signal.SIGTERM)
        ended = process.wait(30)
    assert ended == code
    assert "Traceback" not in errors.read_text(), errors.read_text()


def _wait_for_url(process: subprocess.Popen[str], errors: Path) -> str:
    until = time.monotonic() + START
    while time.monotonic() < until and process.poll() is None:
        found = re.search(r"at (http://\S+)/sparql", errors.read_text())
        if found:
            return found[1]
        time.sleep(0.02)
    raise AssertionError(f"The service did not start: {errors.read_text()}")


def _wait_until_ready(client: httpx.Client, url: str) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until:
        try:
            if client.get(url + "/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise AssertionError("The service did not become ready.")
