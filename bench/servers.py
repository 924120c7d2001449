"""The servers that are compared, each started on a free port with the same data."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
OXIGRAPH = str(BIN / "oxigraph")
START = 600.0
"""Seconds that a server may take to load the data."""


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def _running(name: str, path: str, port: int, command: list[str], probe: str) -> Iterator[Server]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}{probe}", process)
        yield Server(name, port, path, process)
    finally:
        process.terminate()
        process.wait(60)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=60):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer.")


@contextmanager
def kg(build: Path) -> Iterator[Server]:
    """This project, as `kg serve` starts it, its access log included."""
    port = _free_port()
    command = [str(BIN / "kg"), "serve", "--build", str(build), "--port", str(port)]
    with _running("kg", "/sparql", port, command, "/ready") as server:
        yield server


@contextmanager
def oxigraph_disk(build: Path, scratch: Path) -> Iterator[Server]:
    """`oxigraph serve-read-only` on a store on disk, optimised."""
    location = scratch / "store"
    data = str(build / "dataset.nq")
    subprocess.run(
        [OXIGRAPH, "load", "--location", str(location), "--file", data], check=True, capture_output=True
    )
    subprocess.run([OXIGRAPH, "optimize", "--location", str(location)], check=True, capture_output=True)
    port = _free_port()
    command = [OXIGRAPH, "serve-read-only", "--location", str(location), "--bind", f"127.0.0.1:{port}"]
    with _running("oxigraph, disk", "/query", port, command, "/") as server:
        yield server
    shutil.rmtree(location)


@contextmanager
def oxigraph_memory(build: Path) -> Iterator[Server]:
    """`oxigraph serve` without a location, the data posted to its store."""
    port = _free_port()
    command = [OXIGRAPH, "serve", "--bind", f"127.0.0.1:{port}"]
    with _running("oxigraph, memory", "/query", port, command, "/") as server:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/store",
            data=(build / "dataset.nq").read_bytes(),
            headers={"Content-Type": "application/n-quads"},
        )
        with urllib.request.urlopen(request, timeout=START):
            yield server


@contextmanager
def rdflib_endpoint(build: Path, scratch: Path) -> Iterator[Server]:
    """`rdflib-endpoint serve`, without the triple terms, which rdflib cannot read."""
    data = scratch / "rdf11.nq"
    lines = (build / "dataset.nq").read_text("utf-8").splitlines(keepends=True)
    data.write_text("".join(line for line in lines if "<<(" not in line), "utf-8")
    port = _free_port()
    command = [str(BIN / "rdflib-endpoint"), "serve", str(data), "--port", str(port)]
    with _running("rdflib-endpoint", "/", port, command, "/?query=ASK%7B%7D") as server:
        yield server
