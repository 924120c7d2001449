"""Exports, and a push into Oxigraph's own server, over synthetic graphs: seconds and peak memory.

Each export is a process of its own; what it writes is counted and thrown away.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.store.remote import oxigraph

from bench.synthetic import generate
from kg.graph.build import build
from kg.store.build import Build
from kg.store.export import FORMATS, Citations, FileFormat
from kg.store.push import Pusher
from kg.store.remote import Remote

SIZES = (10_000, 100_000)
MANY = 50_000
"""From so many facts on, one format of each kind is measured."""
OF_EACH_KIND = ("ntriples", "jsonld-framed", "nanopub", "graphml", "property-graph", "parquet", "sqlite")


def measure(path: Path, name: str) -> dict[str, float]:
    """Seconds, peak MiB and MB written of one export."""
    format_, start, size = FORMATS[name], time.perf_counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        if isinstance(format_, FileFormat):
            with (Path(folder) / "export").open("wb") as file:
                format_.write(Build.open(path), Citations.FACTS, file)
        else:
            format_.write(Build.open(path), Citations.FACTS, Path(folder))
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
    seconds = time.perf_counter() - start
    return {"s": seconds, "MiB": _peak(), "MB": size / 1e6}


def _peak() -> float:
    """Peak resident memory of this process, in MiB; ru_maxrss would count the parent's before exec too."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def run(sizes: tuple[int, ...]) -> None:
    """Measure each format at each size, and a push."""
    print("| facts | what | s | peak MiB | MB |\n|---:|---|---:|---:|---:|")
    for size in sizes:
        with tempfile.TemporaryDirectory() as root:
            path = build(generate(Path(root) / "project", size)).path
            for name in FORMATS if size < MANY else OF_EACH_KIND:
                command = [sys.executable, "-m", "bench.export", str(path), name]
                found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
                print(
                    f"| {size:,} | {name} | {found['s']:.1f} | {found['MiB']:.0f} | {found['MB']:.0f} |",
                    flush=True,
                )
            with oxigraph(Path(root) / "oxigraph") as server:
                remote = Remote(server.url + "/update", server.url + "/query")
                start = time.perf_counter()
                pushed = Pusher(Build.open(path), remote).push(Path(root) / "state")
                seconds = time.perf_counter() - start
            rate = pushed.triples.total() / seconds
            print(
                f"| {size:,} | push, {rate:,.0f} triples/s with verification | {seconds:.1f} | | |",
                flush=True,
            )


if __name__ == "__main__":
    os.nice(5)
    print(json.dumps(measure(Path(sys.argv[1]), sys.argv[2])))
