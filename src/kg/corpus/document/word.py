"""A Word file becomes a document: its paragraphs and tables in order, and its core properties."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from kg.corpus.document.document import LIMIT, Document, UnreadableDocument, words
from kg.errors import MissingExtra

OLE = b"\xd0\xcf\x11\xe0"
"""What an encrypted Word file begins with, and one of before 2007."""


def read_word(data: bytes) -> Document:
    """Read a .docx. Raises UnreadableDocument, MissingExtra."""
    try:
        import docx
        from docx.opc.exceptions import OpcError
        from lxml.etree import XMLSyntaxError
    except ImportError:
        raise MissingExtra("Word", "add") from None
    if data.startswith(OLE):
        raise UnreadableDocument(
            "it is encrypted, or of Word before 2007. Save it as .docx without a password."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LIMIT:
                raise UnreadableDocument(f"it unpacks to more than {LIMIT // 1_000_000} MB.")
        document = docx.Document(io.BytesIO(data))
        text = "\n\n".join(_blocks(document))
    except (zipfile.BadZipFile, OpcError, XMLSyntaxError, KeyError, ValueError) as error:
        raise UnreadableDocument(f"it is no whole Word file: {error}.") from None
    about = document.core_properties
    authors = [name.strip() for name in (about.author or "").split(";")]
    return Document(
        text=text,
        title=words(about.title),
        creators=tuple(name for name in authors if name and name != "python-docx"),
        language=words(about.language),
    )


def _blocks(document: Any) -> Iterator[str]:
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                yield "\t".join(cell.text for cell in row.cells)
        else:
            yield block.text
