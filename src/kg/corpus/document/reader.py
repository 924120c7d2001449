"""A file of any format that is known becomes a document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kg.corpus.document.document import LIMIT, Document, UnreadableDocument
from kg.corpus.document.html import read_html
from kg.corpus.document.markdown import read_markdown
from kg.corpus.document.pdf import read_pdf
from kg.corpus.document.plain import read_plain
from kg.corpus.document.word import OLE, read_word

READERS: dict[str, Callable[[bytes], Document]] = {
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".docx": read_word,
}
MAGIC = {".pdf": (b"%PDF-",), ".docx": (b"PK\x03\x04", OLE)}
"""How the files of some formats begin."""


def read_document(path: Path) -> Document:
    """Read a file by its extension, and see that its content is of that format.

    Raises UnreadableDocument, whose message begins with the path; MissingExtra.
    """
    try:
        return _read(path)
    except UnreadableDocument as error:
        raise UnreadableDocument(f"{path}: {error}") from None


def _read(path: Path) -> Document:
    extension = path.suffix.lower()
    reader = READERS.get(extension)
    if reader is None:
        raise UnreadableDocument(f"“{extension}” is no format that is known. Known: {', '.join(READERS)}.")
    try:
        if path.stat().st_size > LIMIT:
            raise UnreadableDocument(f"it is larger than {LIMIT // 1_000_000} MB. Split it.")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(f"it cannot be read: {error.strerror}.") from None
    _check_magic(extension, data)
    document = reader(data).cleaned()
    if not document.text.strip():
        raise UnreadableDocument("it holds no text.")
    return replace(document, title=document.title or path.stem)


def _check_magic(extension: str, data: bytes) -> None:
    for known, starts in MAGIC.items():
        begins = data.lstrip()[:1024].startswith(starts)
        if known == extension and not begins:
            raise UnreadableDocument(f"it is no {known[1:].upper()} file, whatever its name says.")
        if known != extension and begins:
            raise UnreadableDocument(f"it is a {known[1:].upper()} file. Name it so.")
