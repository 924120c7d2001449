"""The folder of records becomes the sources of a corpus, with their originals where these are at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg.corpus.source import Passage, RecordReader, Source
from kg.corpus.text import Span, Text, digest
from kg.errors import Finding
from kg.project import Project
from kg.track import Track, silent

MANY_WORDS = 130
"""A passage is one to three sentences; more words than this are surely more."""


@dataclass(frozen=True)
class Corpus:
    """Every source of a project."""

    project: Project
    sources: tuple[Source, ...]
    texts: Mapping[str, Text]
    """By source id; only those at hand."""
    findings: tuple[Finding, ...]

    @classmethod
    def read(cls, project: Project, originals: Path | None = None, track: Track = silent) -> Corpus:
        """Read every record, and every original found in `originals` or beside its record."""
        if not project.corpus.is_dir():
            return cls(project, (), {}, (_empty(project.corpus),))
        findings: list[Finding] = []
        sources: list[Source] = []
        for path in track(sorted(project.corpus.glob("*.toml")), "reading records"):
            reader = RecordReader(path)
            if source := reader.read():
                sources.append(source)
            findings += reader.findings
        if not sources and not findings:
            findings.append(_empty(project.corpus))
        shelf = Shelf(project.corpus, originals)
        texts = {source.id: text for source in sources if (text := shelf.text(source)) is not None}
        findings += shelf.findings
        for source in sources:
            findings += check_spans(source, texts.get(source.id))
        return cls(project, tuple(sources), texts, tuple(findings))

    @cached_property
    def passages(self) -> dict[str, tuple[Source, Passage]]:
        """Every passage by its IRI."""
        names = self.project.names
        return {
            names.passage(source.id, passage.id): (source, passage)
            for source in self.sources
            for passage in source.passages
        }

    def source(self, source_id: str) -> Source | None:
        """The source of that id."""
        return next((source for source in self.sources if source.id == source_id), None)


class Shelf:
    """Finds originals, reads each file once, and says which are missing or changed."""

    def __init__(self, corpus: Path, originals: Path | None) -> None:
        self.corpus = corpus
        self.originals = originals
        self.findings: list[Finding] = []
        self._read: dict[Path, Text | None] = {}

    def text(self, source: Source) -> Text | None:
        """The original of a source, or None where it is not at hand or not the one of the record."""
        if source.original is None:
            return None
        path = self._find(source)
        if path is None:
            return None
        text = self._load(path, source)
        if text is not None and text.sha256 != source.original.sha256:
            message = f"The original {path.name} has changed: its SHA-256 is {text.sha256}."
            remedy = "Restore it, or put the new hash into [original] and check the passages."
            self.findings.append(Finding(source.path, 0, "original-changed", message, remedy))
        return text

    def _find(self, source: Source) -> Path | None:
        assert source.original is not None
        beside = self.corpus / source.original.file
        if beside.exists():
            return beside
        if self.originals is None:
            return None
        path = self.originals / source.original.file
        if path.exists():
            return path
        message = f"The original {source.original.file} is not in {self.originals}."
        remedy = "Put it there, or name the right folder with --originals."
        self.findings.append(Finding(source.path, 0, "original-missing", message, remedy))
        return None

    def _load(self, path: Path, source: Source) -> Text | None:
        if path not in self._read:
            self._read[path] = None
            try:
                self._read[path] = Text.read(path)
            except UnicodeDecodeError as error:
                self._unreadable(path, source, "encoding", f"is not UTF-8 (byte {error.start})")
            except OSError as error:
                self._unreadable(path, source, "unreadable", f"cannot be read: {error.strerror}")
        return self._read[path]

    def _unreadable(self, path: Path, source: Source, code: str, what: str) -> None:
        message = f"The original {path.name} {what}."
        self.findings.append(Finding(source.path, 0, code, message, "Mend the file."))


def check_spans(source: Source, text: Text | None) -> Iterator[Finding]:
    """Verify each passage of a source against its text; without the text there is nothing to verify."""
    if text is None:
        return
    part = source.original.span if source.original and source.original.span else text.span
    if not part.within(text.span):
        message = f"The span {part} of [original] is outside the text, which ends at {text.span.end}."
        yield Finding(
            source.path, 0, "original-span", message, "Give the part of the file that is this source."
        )
        part = text.span
    for passage in source.passages:
        yield from _check_span(source, passage, text, part)


def _check_span(source: Source, passage: Passage, text: Text, part: Span) -> Iterator[Finding]:
    def finding(code: str, message: str, remedy: str, severity: str = "error") -> Finding:
        return Finding(source.path, passage.line, code, message, remedy, severity)

    words = text.quote(passage.span)
    if passage.span.within(part) and digest(words) == passage.sha256:
        if len(words.split()) > MANY_WORDS:
            message = f"Passage {passage.id} has {len(words.split())} words."
            yield finding("long-passage", message, "Cite one to three sentences.", "warning")
        return
    moved = text.relocate(passage.span, passage.sha256, part)
    remedy = f"It now stands at span = {moved}." if moved else "Find it again with `kg locate`."
    if not passage.span.within(part):
        message = f"The span {passage.span} of passage {passage.id} is outside the text {part}."
        yield finding("span-outside", message, remedy)
    elif not words.strip():
        yield finding("span-empty", f"The span of passage {passage.id} holds no words.", remedy)
    else:
        message = f"The text at the span of passage {passage.id} is not the one that was cited."
        yield finding("span-changed", message, remedy)


def _empty(folder: Path) -> Finding:
    message = "The corpus has no sources."
    return Finding(folder, 0, "empty-corpus", message, "Add a record, such as corpus/article.toml.")
