"""The sources of an answer become a bibliography, in BibTeX and in CSL-JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kg.store.export.bibliography import bibtex, csl
from kg.store.record import Source


@dataclass(frozen=True)
class Bibliography:
    """The same entries in two formats, in the order of the sources."""

    bibtex: str
    csl: tuple[dict[str, Any], ...]


def bibliography(sources: Iterable[Source]) -> Bibliography:
    """List some sources."""
    listed = tuple(sources)
    return Bibliography("\n".join(map(bibtex, listed)), tuple(map(csl, listed)))
