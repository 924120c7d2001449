"""Incoming sources are checked with the whole project first, and then put into its corpus: all or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from kg.corpus.corpus import Corpus
from kg.errors import InputError, KgError
from kg.facts.ledger import Ledger
from kg.graph.build import Reading
from kg.graph.intake.incoming import IncomingSource
from kg.project import CONFIG, Project


def place(project: Project, sources: Iterable[IncomingSource], originals: Path | None = None) -> list[Path]:
    """Write the files of the sources into the corpus; the paths written.

    Raises KgError where a file exists already, InputError with everything that would be wrong with the
    project afterwards; nothing is written then.
    """
    known = Ledger.read(Corpus.read(project)).entities
    sources = list(sources)
    for source in sources:
        source.forget(known)
    files = {name: text for source in sources for name, text in source.files().items()}
    taken = sorted(name for name in files if (project.corpus / name).exists())
    if taken:
        raise KgError(f"The corpus has {', '.join(taken)} already. Remove them, or import under another id.")
    with tempfile.TemporaryDirectory() as folder:
        _try(project, files, Path(folder), originals)
    return _write(project.corpus, files)


def _try(project: Project, files: dict[str, str], folder: Path, originals: Path | None) -> None:
    """Check a copy of the project that has the files too."""
    (folder / "corpus").mkdir()
    for name in (CONFIG, "ontology", "queries"):
        if (project.root / name).exists():
            (folder / name).symlink_to(project.root / name)
    for path in project.corpus.iterdir():
        (folder / "corpus" / path.name).symlink_to(path.resolve())
    for name, text in files.items():
        (folder / "corpus" / name).write_text(text, "utf-8", newline="\n")
    errors = Reading.of(Project.open(folder), originals).errors
    if errors:
        raise InputError([replace(error, path=_real(error.path, folder, project)) for error in errors])


def _real(path: Path, folder: Path, project: Project) -> Path:
    return project.root / path.relative_to(folder) if path.is_relative_to(folder) else path


def _write(corpus: Path, files: dict[str, str]) -> list[Path]:
    """Write each beside its place and then rename: what fails half-way is taken back."""
    written: list[Path] = []
    try:
        for name, text in files.items():
            partial, target = corpus / f".{name}.{os.getpid()}", corpus / name
            partial.write_text(text, "utf-8", newline="\n")
            partial.rename(target)
            written.append(target)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        raise KgError(f"The corpus cannot be written: {error.strerror}. Nothing was imported.") from None
    return written
