"""Sources become files of proposals: which are read again, by how many processes, and what is left out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from kg.corpus.corpus import Corpus
from kg.corpus.document.document import LIMIT
from kg.corpus.source import Source
from kg.corpus.text import Span, Text
from kg.errors import Finding, InputError
from kg.extract.candidate import Candidate
from kg.extract.document import Document
from kg.extract.extractor import extract
from kg.extract.file import write
from kg.extract.gazetteer import Gazetteer
from kg.extract.language import language
from kg.extract.linker import Linker
from kg.extract.proposal import Proposal, Proposer, slug
from kg.extract.turtle import Writer
from kg.facts.ledger import Ledger, fact_files
from kg.facts.ontology import Ontology
from kg.project import EXTRACTED, Project

REJECTED = "rejected.txt"
"""File of the corpus with the IRIs of the facts that a reader has rejected, one a line."""
Extractor = Callable[[Document, Gazetteer], Sequence[Candidate]]


@dataclass(frozen=True)
class Harvest:
    """What reading one source came to."""

    source: str
    path: Path | None
    """The file of proposals; None where none is written."""
    text: str = ""
    facts: int = 0
    words: int = 0
    fresh: bool = True
    """False where nothing had changed and the file stays."""
    skipped: str = ""
    """Why the source was not read."""
    notes: tuple[tuple[str, int], ...] = ()
    """What a reader should look at, with how often it occurs."""


@dataclass
class Harvester:
    """Reads the sources of one project with one extractor."""

    project: Project
    originals: Path | None = None
    extractor: Extractor = extract
    name: str = "rules"
    """Names the extractor in the key of what was read."""
    corpus: Corpus = field(init=False)

    def __post_init__(self) -> None:
        self.corpus = Corpus.read(self.project, self.originals)

    @cached_property
    def linker(self) -> Linker:
        """The authority file, ready to be asked."""
        return Linker(Ledger.read(self.corpus), Ontology.read(self.project.ontology))

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The names that are known beforehand."""
        return self.linker.gazetteer()

    @cached_property
    def rejected(self) -> frozenset[str]:
        """The facts that a reader has rejected."""
        path = self.project.corpus / REJECTED
        return frozenset(path.read_text("utf-8").split()) if path.exists() else frozenset()

    @cached_property
    def _context(self) -> bytes:
        """Hash of all but the text that a proposal depends on."""
        seen = hashlib.sha256(f"{self.name} {rules_version()}".encode())
        for path in fact_files(self.project):
            seen.update(path.read_bytes())
        for iri in sorted(self.rejected):
            seen.update(iri.encode())
        return seen.digest()

    def key(self, source: Source, text: Text) -> str:
        """Return what tells whether a source has to be read again."""
        spans = " ".join(f"{passage.id}{passage.span}" for passage in source.passages)
        seed = f"{text.sha256} {source.original.span if source.original else ''} {source.date} {spans}"
        return hashlib.sha256(self._context + seed.encode()).hexdigest()

    def read(self, source_id: str, *, again: bool = False) -> Harvest:
        """Read one source of the project; the path is where its proposals belong, beside its record."""
        source = self.corpus.source(source_id)
        text = self.corpus.texts.get(source_id)
        if source is None or text is None:
            return Harvest(source_id, None, skipped="its original is not at hand")
        path = source.path.with_name(f"{source_id}{EXTRACTED}.ttl")
        key = self.key(source, text)
        if not again and path.exists() and f"# key: {key}\n" in path.read_text("utf-8")[:400]:
            return Harvest(source_id, path, fresh=False)
        return replace(self.propose(source, text, key), path=path)

    def read_file(self, path: Path, date: str = "") -> Harvest:
        """Read a text that is no source of the project; nothing is written. Raises InputError."""
        text = _plain_text(path)
        source = Source(slug(path.stem), path, path.stem, (), date or None, None, None, None, None, None, ())
        return self.propose(source, text, self.key(source, text))

    def propose(self, source: Source, text: Text, key: str) -> Harvest:
        """Return what the text of a source proposes."""
        part = source.original.span if source.original and source.original.span else text.span
        words = text.quote(part)
        spoken = language(words)
        count = len(words.split())
        if spoken not in {"", "en"}:
            return Harvest(
                source.id,
                None,
                words=count,
                skipped=f"its language is “{spoken}”, and the rules read English",
            )
        candidates = self.candidates(source, words, part)
        proposer = Proposer(self.project.names, self.linker, source, text)
        proposal = self._without_curated(proposer.propose(candidates))
        writer = Writer(self.project.names, source.id)
        facts = sum(
            writer.fact(node, statement) not in self.rejected
            for node in proposal.nodes.values()
            for statement in node.statements
        )
        written = writer.text(proposal, key, self.rejected)
        notes = tuple(sorted(proposal.notes.items()))
        return Harvest(source.id, None, written, facts, count, notes=notes)

    def candidates(self, source: Source, words: str, part: Span) -> list[Candidate]:
        """Return the candidates of a source, in code points of its original."""
        found = self.extractor(Document(words, source.date or ""), self.gazetteer)
        return [replace(c, start=c.start + part.start, end=c.end + part.start) for c in found]

    def _without_curated(self, proposal: Proposal) -> Proposal:
        """Leave out what the source is already cited for: it is in the graph."""
        writer = Writer(self.project.names, proposal.source)
        iri = self.project.names.source(proposal.source)
        hashes = {
            self.project.names.fact + fact.hash
            for fact in self.linker.ledger.facts.values()
            if any(citation.source == iri for citation in fact.citations)
        }
        for node in proposal.nodes.values():
            node.statements = {s: c for s, c in node.statements.items() if writer.fact(node, s) not in hashes}
        return proposal


@cache
def rules_version() -> str:
    """Return a hash of the extractor's own code and lists: what they find may change with them."""
    seen = hashlib.sha256()
    folder = Path(str(files("kg.extract")))
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.toml")]):
        seen.update(path.read_bytes())
    return seen.hexdigest()


def _plain_text(path: Path) -> Text:
    """A text file of a size that can be read at once. Raises InputError."""
    remedy = "Give a text in UTF-8; kg add makes one of PDF, Word and HTML."
    try:
        if path.stat().st_size > LIMIT:
            problem, remedy = f"it is larger than {LIMIT // 1_000_000} MB", "Split it."
        elif "\0" not in (text := Text.read(path)).content:
            return text
        else:
            problem = "it holds zero bytes"
    except (OSError, UnicodeDecodeError) as error:
        problem = str(error)
    message = f"The text cannot be read: {problem}."
    raise InputError([Finding(path, 0, "unreadable", message, remedy)])


class Task(NamedTuple):
    """One document to be read."""

    source: str
    """Id of a source of the project; empty for a file."""
    path: Path | None
    date: str
    again: bool

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return self.source or str(self.path)

    def work(self, harvester: Harvester) -> Harvest:
        """Read it."""
        if self.path is not None:
            return harvester.read_file(self.path, self.date)
        return harvester.read(self.source, again=self.again)


_worker: Harvester | None = None


def _start(project: Project, originals: Path | None) -> None:
    global _worker
    _worker = Harvester(project, originals)


def _work(task: Task) -> Harvest:
    assert _worker is not None
    return task.work(_worker)


def harvest(
    harvester: Harvester,
    sources: Iterable[str],
    paths: Iterable[Path],
    *,
    date: str = "",
    again: bool = False,
    jobs: int = 1,
    scheduler: str = "",
) -> Iterator[Harvest]:
    """Read sources and files, in order, and write the proposals from sources where they belong.

    With several processes if told so, or on the cluster of a Dask scheduler.
    """
    tasks = [Task(source, None, date, again) for source in sources]
    tasks += [Task("", path.resolve() if scheduler else path, date, again) for path in paths]
    for result in _results(harvester, tasks, jobs, scheduler):
        if result.path is not None and result.fresh and not result.skipped:
            write(result.path, result.text)
        yield result


def _results(harvester: Harvester, tasks: list[Task], jobs: int, scheduler: str) -> Iterator[Harvest]:
    if scheduler:
        from kg.extract.cluster import over

        yield from over(scheduler, harvester, tasks)
    elif jobs == 1 or len(tasks) < 2:
        yield from (task.work(harvester) for task in tasks)
    else:
        with _pool(harvester, jobs) as pool:
            yield from pool.map(_work, tasks, chunksize=max(1, min(16, len(tasks) // (4 * jobs))))


@contextmanager
def _pool(harvester: Harvester, jobs: int) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(jobs, initializer=_start, initargs=(harvester.project, harvester.originals))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
