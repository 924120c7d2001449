"""Documents become sources of a corpus: a text and a record beside each other, all or none."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from kg.corpus.document.document import Document
from kg.corpus.document.reader import read_document
from kg.corpus.source import IDENTIFIER
from kg.errors import KgError
from kg.project import Project


@dataclass(frozen=True)
class Addition:
    """One file on its way into the corpus."""

    id: str
    path: Path
    sha256: str
    document: Document

    def record(self) -> str:
        """The bibliographic record in TOML; what the file does not say is left out."""
        document, text = self.document, self.document.text.encode()
        fields: dict[str, object] = {
            "title": document.title,
            "creators": list(document.creators),
            "date": document.date,
            "publisher": document.publisher,
            "language": document.language,
            "url": document.url,
        }
        lines = [f"# From {_comment(self.path.name)}, SHA-256 {self.sha256}."]
        if document.title == self.path.stem:
            lines.append("# The file names no title; this is the name of the file.")
        lines += [f"{name} = {_toml(value)}" for name, value in fields.items() if value]
        digest = hashlib.sha256(text).hexdigest()
        lines += ["", "[original]", f"file = {_toml(f'{self.id}.txt')}", f'sha256 = "{digest}"']
        return "\n".join(lines) + "\n"


def add(project: Project, paths: list[Path], source_id: str | None = None) -> list[Addition]:
    """Add files to the corpus as sources; `source_id` names one file, else the file's name does.

    Raises UnreadableDocument, KgError; the corpus is then as it was.
    """
    if source_id is not None and len(paths) > 1:
        raise KgError("--id names one source; add one file with it.")
    additions = [_read(path, source_id or identifier(path.stem)) for path in paths]
    _refuse_taken(project, additions)
    written: list[Path] = []
    try:
        project.corpus.mkdir(exist_ok=True)
        for addition in additions:
            for suffix, text in ((".txt", addition.document.text), (".toml", addition.record())):
                target = project.corpus / f"{addition.id}{suffix}"
                with target.open("x", encoding="utf-8", newline="\n") as file:
                    written.append(target)
                    file.write(text)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        raise KgError(f"The corpus cannot be written: {error.strerror}. Nothing was added.") from None
    return additions


def _read(path: Path, source_id: str) -> Addition:
    if not IDENTIFIER.fullmatch(source_id):
        raise KgError(f"“{source_id}” is no source id: use lower-case letters, digits and single hyphens.")
    document = read_document(path)
    return Addition(source_id, path, hashlib.sha256(path.read_bytes()).hexdigest(), document)


def _refuse_taken(project: Project, additions: list[Addition]) -> None:
    seen: dict[str, Path] = {}
    for addition in additions:
        taken = (project.corpus / f"{addition.id}.toml").exists() or (
            project.corpus / f"{addition.id}.txt"
        ).exists()
        if addition.id in seen or taken:
            raise KgError(
                f"{addition.path}: there is a source {addition.id} already. Add it alone, with --id NAME."
            )
        seen[addition.id] = addition.path


def identifier(name: str) -> str:
    """A source id made of the name of a file: “Über Öl (2)” becomes `uber-ol-2`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "source"


def _toml(value: object) -> str:
    """A string or a list of strings in TOML, whose basic strings are those of JSON but for U+007F."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)
