"""A PDF becomes a document: its text layer, page by page, and the title and author that it names."""

from __future__ import annotations

import io
import logging
import re
from typing import Any

from kg.corpus.document.document import Document, UnreadableDocument, words
from kg.errors import MissingExtra

# pypdf logs each oddity of a file; what matters of them becomes an error here.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

MACHINE_TITLE = re.compile(r"^(Microsoft \w+ - |untitled|.*\.(docx?|pdf|indd|tex|dvi)$)", re.IGNORECASE)
"""Titles that programs write and no author gave."""
TAIL = 1024
"""Bytes at the end in which readers look for the end mark."""


def read_pdf(data: bytes) -> Document:
    """Read a PDF. Raises UnreadableDocument for truncated, encrypted and scanned files, MissingExtra."""
    try:
        import pypdf
        from pypdf.errors import PyPdfError
    except ImportError:
        raise MissingExtra("PDF", "add") from None
    if b"%%EOF" not in data[-TAIL:]:
        raise UnreadableDocument("the PDF is cut short: its end is missing. Fetch it again.")
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument("the PDF is encrypted. Save a copy without a password and add that.")
        pages = [page.extract_text() for page in reader.pages]
        metadata = reader.metadata
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise UnreadableDocument(f"the PDF is damaged: {error}. Fetch it again.") from None
    empty = [number for number, text in enumerate(pages, 1) if not text.strip()]
    if len(empty) == len(pages):
        raise UnreadableDocument(
            "no page has text: they are scanned. Run OCR first, such as `ocrmypdf in.pdf out.pdf`."
        )
    return Document(
        text="\n\n".join(pages),
        title=_title(metadata),
        creators=_authors(metadata),
        language=words(_catalogue(reader).get("/Lang")),
        warnings=(f"without text: page {', '.join(map(str, empty))}",) if empty else (),
    )


def _catalogue(reader: Any) -> Any:
    return reader.trailer["/Root"]


def _title(metadata: Any) -> str:
    title = words(str(metadata.title)) if metadata and metadata.title else ""
    return "" if MACHINE_TITLE.match(title) else title


def _authors(metadata: Any) -> tuple[str, ...]:
    author = words(str(metadata.author)) if metadata and metadata.author else ""
    return tuple(name.strip() for name in author.split(";") if name.strip())
