"""A source's record: a TOML file becomes a bibliographic record and its passages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.corpus.text import Span
from kg.errors import Finding

IDENTIFIER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SHA256 = re.compile(r"[0-9a-f]{64}")
FIELDS = {
    "title": str,
    "creators": list,
    "date": str,
    "publisher": str,
    "language": str,
    "rights": str,
    "url": str,
    "original": dict,
    "passage": list,
}


@dataclass(frozen=True)
class Passage:
    """One to three sentences of a source."""

    id: str
    span: Span
    sha256: str
    digest: str
    line: int


@dataclass(frozen=True)
class Original:
    """Where the words of a source are: a file, its hash, and the part of it that is this source."""

    file: str
    sha256: str
    span: Span | None


@dataclass(frozen=True)
class Source:
    """A text from which facts are cited."""

    id: str
    path: Path
    title: str
    creators: tuple[str, ...]
    date: str | None
    publisher: str | None
    language: str | None
    rights: str | None
    url: str | None
    original: Original | None
    passages: tuple[Passage, ...]

    @property
    def facts(self) -> Path:
        """The file of the source's curated facts, beside the record."""
        return self.path.with_suffix(".ttl")


class RecordReader:
    """Reads one record and keeps everything that is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = ""
        self.findings: list[Finding] = []

    def read(self) -> Source | None:
        """The source, or None where the file is past use; `findings` says why."""
        record = self._load()
        if record is None:
            return None
        self._check_fields(record)
        if not IDENTIFIER.fullmatch(self.path.stem):
            self._report(0, "source-id", f"“{self.path.stem}” is no source id.", _ID_REMEDY)
        title = record.get("title")
        if not isinstance(title, str) or not title.strip():
            self._report(0, "record-title", "The record has no title.", 'Add title = "…".')
            title = self.path.stem
        return Source(
            id=self.path.stem,
            path=self.path,
            title=title,
            creators=tuple(map(str, _list(record.get("creators")))),
            date=_text(record.get("date")),
            publisher=_text(record.get("publisher")),
            language=_text(record.get("language")),
            rights=_text(record.get("rights")),
            url=_text(record.get("url")),
            original=self._original(record.get("original")),
            passages=tuple(self._passages(_list(record.get("passage")))),
        )

    def _load(self) -> dict[str, Any] | None:
        try:
            self.text = self.path.read_text("utf-8")
            record = tomllib.loads(self.text)
        except UnicodeDecodeError as error:
            self._report(0, "encoding", f"The file is not UTF-8 (byte {error.start}).", "Save it as UTF-8.")
        except OSError as error:
            self._report(0, "unreadable", f"The file cannot be read: {error.strerror}.", "Mend its access.")
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"at line (\d+)", str(error))
            line = int(found[1]) if found else self.text.count("\n") + 1
            self._report(line, "syntax", f"The record is not valid TOML: {error}.", "Mend the syntax.")
        else:
            if not record:
                self._report(0, "empty", "The record is empty.", 'Give it at least title = "…".')
            return record or None
        return None

    def _check_fields(self, record: Mapping[str, Any]) -> None:
        for name, value in record.items():
            line = self._line(rf"^\s*(?:\[+\s*)?{re.escape(name)}\b")
            if name not in FIELDS:
                known = ", ".join(sorted(FIELDS))
                self._report(line, "unknown-field", f"A record has no field “{name}”.", f"Known: {known}.")
            elif not isinstance(value, FIELDS[name]):
                kind = FIELDS[name].__name__
                self._report(line, "field-type", f"“{name}” must be a {kind}.", "Write it as one.")

    def _original(self, table: object) -> Original | None:
        if not isinstance(table, dict):
            return None
        line = self._line(r"^\s*\[original\]")
        file, sha256, span = table.get("file"), table.get("sha256"), _span(table.get("span"))
        if not isinstance(file, str) or not isinstance(sha256, str) or not SHA256.fullmatch(sha256):
            message = "[original] needs a file and the SHA-256 of its bytes, 64 hexadecimal digits."
            self._report(line, "original", message, "Run `kg locate SOURCE --hash` to get it.")
            return None
        if "span" in table and span is None:
            self._report(line, "original", "The span of [original] is not [start, end].", _SPAN_REMEDY)
        return Original(file, sha256, span)

    def _passages(self, tables: list[Any]) -> Iterator[Passage]:
        places: dict[str, int] = {}
        lines = [n for n, text in enumerate(self.text.split("\n"), 1) if text.strip() == "[[passage]]"]
        for index, table in enumerate(tables):
            line = lines[index] if index < len(lines) else 0
            passage = self._passage(table, line)
            if passage is None:
                continue
            if passage.id in places:
                message = f"Passage {passage.id} is already defined on line {places[passage.id]}."
                self._report(line, "duplicate-passage", message, "Give one of them another id.")
                continue
            places[passage.id] = line
            yield passage

    def _passage(self, table: object, line: int) -> Passage | None:
        if not isinstance(table, dict):
            self._report(line, "passage", "A passage must be a table.", "Write [[passage]].")
            return None
        name, sha256, gist = (table.get(key) for key in ("id", "sha256", "digest"))
        span = _span(table.get("span"))
        problems = {
            "id": isinstance(name, str) and IDENTIFIER.fullmatch(name),
            "span": span is not None,
            "sha256": isinstance(sha256, str) and SHA256.fullmatch(sha256),
            "digest": isinstance(gist, str) and gist.strip(),
        }
        for key in (key for key, fine in problems.items() if not fine):
            message = f"Passage {name or 'without id'} has no valid {key}."
            self._report(line, f"passage-{key}", message, _PASSAGE_REMEDY[key])
        if not all(problems.values()) or span is None:
            return None
        return Passage(str(name), span, str(sha256), str(gist), line)

    def _line(self, pattern: str) -> int:
        found = re.search(pattern, self.text, re.MULTILINE)
        return self.text.count("\n", 0, found.start()) + 1 if found else 0

    def _report(self, line: int, code: str, message: str, remedy: str) -> None:
        self.findings.append(Finding(self.path, line, code, message, remedy))


_ID_REMEDY = "Use lower-case letters, digits and single hyphens."
_SPAN_REMEDY = "Write two whole numbers with 0 ≤ start < end."
_PASSAGE_REMEDY = {
    "id": _ID_REMEDY,
    "span": _SPAN_REMEDY,
    "sha256": "Run `kg locate SOURCE “words”` and paste what it prints.",
    "digest": "Say in your own words what the passage says.",
}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _span(value: object) -> Span | None:
    match value:
        case [int(start), int(end)] if 0 <= start < end:
            return Span(start, end)
    return None
