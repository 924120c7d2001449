"""`kg build` beside bulk-loading the same finished quads with pyoxigraph alone.

Each measurement is a process of its own. The build is counted without validation, which is counted
apart: loading checks nothing either.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph as ox

from bench.synthetic import generate
from kg.graph.build import Reading, write
from kg.project import Project

COLUMNS = (
    "facts", "quads", "read s", "write s", "build s", "load s", "build/load",
    "validate s", "build MiB", "store MiB", "MiB/MiB",
)  # fmt: skip
SIZES = (10_000, 100_000, 1_000_000)


def measure_build(root: Path) -> dict[str, float]:
    """Seconds of reading, validating and writing; quads; peak memory in MiB."""
    begun = time.perf_counter()
    reading = Reading.of(Project.open(root))
    have_read = time.perf_counter()
    errors = reading.errors
    validated = time.perf_counter()
    assert not errors, errors[:3]
    folder = root / "build"
    folder.mkdir()
    quads = write(reading, folder, "").manifest["counts"]["quads"]
    return {
        "read": have_read - begun,
        "validate": validated - have_read,
        "write": time.perf_counter() - validated,
        "quads": quads,
        "memory": _memory(),
    }


def measure_load(dataset: Path) -> dict[str, float]:
    """Seconds and peak memory in MiB of a bulk load into memory."""
    start = time.perf_counter()
    store = ox.Store()
    store.bulk_load(path=str(dataset), format=ox.RdfFormat.N_QUADS)
    return {"load": time.perf_counter() - start, "memory": _memory(), "quads": len(store)}


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(sizes: tuple[int, ...] = SIZES) -> None:
    """Print the table."""
    print("| " + " | ".join(COLUMNS) + " |")
    print("|---" * len(COLUMNS) + "|")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "project"
            generate(root, size)
            built = _child("build", root)
            loaded = _child("load", root / "build" / "current" / "dataset.nq")
        seconds = built["read"] + built["write"]
        print(
            f"| {size} | {built['quads']:.0f} | {built['read']:.1f} | {built['write']:.1f} | {seconds:.1f} "
            f"| {loaded['load']:.1f} | {seconds / loaded['load']:.2f} | {built['validate']:.1f} "
            f"| {built['memory']:.0f} | {loaded['memory']:.0f} | {built['memory'] / loaded['memory']:.2f} |",
            flush=True,
        )


def _child(what: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.build", what, str(path)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(result.stdout)
    return measured


if __name__ == "__main__":
    measure = {"build": measure_build, "load": measure_load}[sys.argv[1]]
    print(json.dumps(measure(Path(sys.argv[2]))))
