"""A project becomes a build: a folder that is complete or not there at all.

build/
├── current -> 3f1c…      switched by one rename, so a reader sees the old build or the new one
├── 3f1c…/                named by the hash of what is in it
│   ├── dataset.nq        sorted N-Quads
│   ├── index.sqlite      the same for look-ups and search
│   ├── manifest.json     base, prefixes, counts
│   └── queries/          the named queries
└── .lock                 held while a build runs
"""

from __future__ import annotations

import fcntl
import gc
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kg import __version__
from kg.corpus.corpus import Corpus
from kg.errors import BuildBusy, BuildError, Finding, InputError
from kg.facts.check import Checker
from kg.facts.ledger import Ledger
from kg.facts.ontology import Ontology
from kg.facts.shapes import check_shapes
from kg.graph.dataset import dataset
from kg.graph.index import INDEX, write_index
from kg.graph.lines import sorted_unique
from kg.graph.queries import check_queries
from kg.project import CONFIG, Project
from kg.terms import Verdict
from kg.track import Track, silent

CURRENT = "current"
DATASET = "dataset.nq"
MANIFEST = "manifest.json"
QUERIES = "queries"
KEPT = 2
"""How many builds stay on disk: the current one and the one before, which a service may still be reading."""


@dataclass(frozen=True)
class Outcome:
    """What a build came to."""

    path: Path
    manifest: dict[str, Any]
    warnings: tuple[Finding, ...]
    fresh: bool
    """False where nothing had changed and the current build stays."""


@dataclass(frozen=True)
class Reading:
    """A project as read: everything that a build is made of."""

    project: Project
    ledger: Ledger
    ontology: Ontology
    track: Track = silent

    @classmethod
    def of(cls, project: Project, originals: Path | None = None, track: Track = silent) -> Reading:
        """Read corpus, ontology and facts."""
        with _no_collection():
            ledger = Ledger.read(Corpus.read(project, originals, track), track)
            return cls(project, ledger, Ontology.read(project.ontology), track)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong, sorted by place. Shapes are looked at once all else is well."""
        project, ledger = self.project, self.ledger
        findings = [*ledger.corpus.findings, *self.ontology.findings, *ledger.findings]
        findings += Checker(ledger, self.ontology).findings(self.track)
        findings += check_queries(project.queries, project.prefixes)
        if not any(finding.severity == "error" for finding in findings):
            findings += self.track(check_shapes(ledger, project.ontology), "checking shapes")
        return tuple(sorted(set(findings)))

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stop a build."""
        return tuple(finding for finding in self.findings if finding.severity == "error")


def build(
    project: Project, out: Path | None = None, originals: Path | None = None, track: Track = silent
) -> Outcome:
    """Build a project into `out` (default: its build folder) and switch to the new build.

    Raises InputError with every finding, BuildBusy, or BuildError; the previous build then stays.
    """
    folder = out or project.build
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _lock(folder):
            _sweep(folder)
            inputs = _inputs_digest(project, originals)
            current = _read_manifest(folder / CURRENT)
            if current is not None and current["inputs"] == inputs:
                return Outcome((folder / CURRENT).resolve(), current, (), fresh=False)
            reading = Reading.of(project, originals, track)
            if reading.errors:
                raise InputError(reading.findings)
            return write(reading, folder, inputs)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        message = f"The build could not be written: {error.strerror}{where}. The previous build stays."
        raise BuildError(message) from error


def write(reading: Reading, folder: Path, inputs: str) -> Outcome:
    """Write a build of what was read and switch to it. Raises OSError; the folder's lock must be held."""
    scratch = folder / f".new-{os.getpid()}"
    scratch.mkdir()
    try:
        with _no_collection():
            digest, quads = _write_dataset(reading, scratch)
            write_index(reading.ledger, reading.ontology, scratch / INDEX)
        _copy_queries(reading.project, scratch / QUERIES)
        manifest = _manifest(reading, inputs, digest, quads)
        _write_synced(scratch / MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
        path = folder / manifest["id"]
        if path.exists():
            shutil.rmtree(path)
        scratch.rename(path)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    _switch(folder, path.name)
    _prune(folder, path.name)
    return Outcome(path, manifest, reading.findings, fresh=True)


def _write_dataset(reading: Reading, scratch: Path) -> tuple[str, int]:
    lines = reading.track(dataset(reading.ledger, reading.ontology), "making quads")
    sha256, count = hashlib.sha256(), 0
    with (scratch / DATASET).open("wb") as file:
        for line in reading.track(sorted_unique(lines, scratch), "writing quads"):
            data = line.encode()
            sha256.update(data)
            file.write(data)
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return sha256.hexdigest(), count


def _manifest(reading: Reading, inputs: str, digest: str, quads: int) -> dict[str, Any]:
    project = reading.project
    manifest: dict[str, Any] = {
        "base": project.base,
        "title": project.title,
        "description": project.description,
        "version": __version__,
        "prefixes": dict(sorted(project.prefixes.items())),
        "counts": _counts(reading, quads),
        "dataset": digest,
        "inputs": inputs,
    }
    identity = json.dumps(manifest, sort_keys=True).encode()
    return {"id": hashlib.sha256(identity).hexdigest()[:16], **manifest}


def _counts(reading: Reading, quads: int) -> dict[str, Any]:
    ledger = reading.ledger
    verdicts = Counter(fact.verdict for fact in ledger.facts.values())
    methods = Counter(citation.method for fact in ledger.facts.values() for citation in fact.citations)
    return {
        "sources": len(ledger.corpus.sources),
        "passages": len(ledger.corpus.passages),
        "entities": len(ledger.entities),
        "facts": len(ledger.facts),
        "verdicts": {verdict.value: verdicts[verdict] for verdict in Verdict},
        "methods": {method.value: count for method, count in sorted(methods.items())},
        "citations": sum(methods.values()),
        "quads": quads,
        "warnings": len(reading.findings),
    }


def _inputs_digest(project: Project, originals: Path | None) -> str:
    """A hash of every file that the build depends on, and of the program's version."""
    sha256 = hashlib.sha256(__version__.encode())
    folders = (project.corpus, project.ontology, project.queries, originals)
    files = [path for folder in folders if folder for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in (project.root / CONFIG, *files):
        sha256.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            sha256.update(hashlib.file_digest(file, "sha256").digest())
    return sha256.hexdigest()


def _copy_queries(project: Project, target: Path) -> None:
    target.mkdir()
    for path in sorted(project.queries.glob("*.rq")):
        _write_synced(target / path.name, path.read_text("utf-8"))


def _write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _switch(folder: Path, name: str) -> None:
    """Point `current` at a build in one step: rename(2) replaces the link atomically."""
    link = folder / f".{CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.replace(folder / CURRENT)


def _prune(folder: Path, current: str) -> None:
    builds = [path for path in folder.iterdir() if (path / MANIFEST).is_file() and not path.is_symlink()]
    old = sorted((path for path in builds if path.name != current), key=lambda path: path.stat().st_mtime_ns)
    for path in old[: max(0, len(old) - (KEPT - 1))]:
        shutil.rmtree(path)


def _sweep(folder: Path) -> None:
    """Remove what a killed build has left; nobody else is building while the lock is held."""
    for path in folder.glob(".new-*"):
        shutil.rmtree(path)
    for path in folder.glob(f".{CURRENT}-*"):
        path.unlink()


def _read_manifest(path: Path) -> dict[str, Any] | None:
    try:
        manifest: dict[str, Any] = json.loads((path / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if (path / DATASET).is_file() else None


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the kernel drops it when the process ends, however it ends."""
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildBusy(f"Another build is writing to {folder}. Wait for it to end.") from None
        yield


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pause the collector of cycles: none arise here, and it would walk the growing ledger over and over."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
