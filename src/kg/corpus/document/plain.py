"""Plain text becomes a document; a first line that stands alone is its title."""

from __future__ import annotations

from kg.corpus.document.document import Document, clean, decode

LONGEST_TITLE = 150


def read_plain(data: bytes) -> Document:
    """Read a text file. Raises UnreadableDocument."""
    text = clean(decode(data)).lstrip("\n")
    first, _, rest = text.partition("\n")
    alone = (
        rest.startswith("\n") and len(first) <= LONGEST_TITLE and not first.rstrip().endswith((".", ":", ","))
    )
    return Document(text, title=" ".join(first.split()) if alone else "")
