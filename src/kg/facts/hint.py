"""“Did you mean”: the known name nearest to one that is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rapidfuzz import process


def nearest(name: str, known: Iterable[str]) -> str:
    """A question that names the nearest of the known names, or nothing where none is near."""
    found = process.extractOne(name, list(known), score_cutoff=70)
    return f"Did you mean {found[0]}?" if found else ""


def local_names(iris: Iterable[str]) -> Iterator[str]:
    """The part after the last `#` or `/` of each."""
    for iri in iris:
        yield iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
