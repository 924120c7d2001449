"""The sources of an answer become a bibliography, in BibTeX and in CSL-JSON."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from kg.store.cite.serialise import dump
from kg.store.export.bibliography import bibtex, csl
from kg.store.record import Source

REMEMBERED = 256


@dataclass(frozen=True)
class Bibliography:
    """The same entries in two formats, in the order of the sources."""

    bibtex: str
    csl: tuple[dict[str, Any], ...]

    @cached_property
    def json(self) -> bytes:
        """Both, as the member of a cited answer."""
        return dump({"bibtex": self.bibtex, "csl": self.csl})


@lru_cache(REMEMBERED)
def bibliography(sources: tuple[Source, ...]) -> Bibliography:
    """List some sources."""
    return Bibliography("\n".join(map(bibtex, sources)), tuple(map(csl, sources)))
