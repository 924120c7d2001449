"""An answer that cites, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from kg.store.cite.pattern import Form
from kg.store.record import Source
from kg.store.store import Term


@dataclass(frozen=True)
class CitedPassage:
    """One citation of a fact: which passage, and how it puts the fact forward."""

    source: str
    """IRI."""
    passage: str
    """IRI."""
    label: str
    """Such as `harris p12`."""
    digest: str
    """What the passage says, in the curators' words."""
    quote: str
    """Its own words; empty where the build was made without the originals."""
    stance: str
    """Local name of the ontology's stance, such as `Claims`."""
    method: str
    according_to: str = ""
    """IRI of the one whom the passage attributes it to; empty for the author's own voice."""
    confidence: str = ""
    rule: str = ""

    def __hash__(self) -> int:
        return hash(self.passage)


@dataclass(frozen=True)
class CitedFact:
    """One fact with all that is known of it."""

    iri: str
    subject: Term
    predicate: Term
    object: Term
    verdict: str
    """Local name of the ontology's verdict, such as `Accepted`."""
    notes: tuple[str, ...]
    citations: tuple[CitedPassage, ...]

    def __hash__(self) -> int:
        return hash(self.iri)


class CitedRow(NamedTuple):
    """One row, and the sets of facts any one of which is enough for it."""

    values: tuple[Term | None, ...]
    witnesses: tuple[tuple[int, ...], ...]
    """Places in the answer's table of facts. Empty for a row that rests on no fact."""
    capped: bool = False
    """Whether there are more witnesses, or more facts in one, than are given."""


@dataclass(frozen=True)
class CitedAnswer:
    """An answer, row by row with what it rests on."""

    form: Form
    variables: tuple[str, ...]
    rows: tuple[CitedRow, ...]
    """Of a CONSTRUCT or DESCRIBE: the triples. Of an ASK: one row without values if it is true."""
    facts: tuple[CitedFact, ...] = ()
    sources: tuple[Source, ...] = ()
    """The sources of these facts, each once, by IRI."""
    notes: frozenset[str] = field(default_factory=frozenset)
    """What cannot be told in full: the keys of NOTES."""
    reason: str = ""
    """Why nothing could be cited; empty where it could."""

    @property
    def boolean(self) -> bool:
        """The answer of an ASK."""
        return bool(self.rows)

    @property
    def complete(self) -> bool:
        """Whether every witness of every row is given."""
        return not self.reason and not self.notes & PARTIAL


NOTES = {
    "aggregate": "The row is of a group, and rests on all the facts that went into it.",
    "capped": "There are more facts or witnesses than are given.",
    "closure": "For a path with + or *, one shortest way is given, and not every way.",
    "exists": "An EXISTS that need not hold for the row (within || or an expression) is not cited.",
    "limit": "LIMIT or OFFSET cut off solutions; other witnesses of the rows given may lie among them.",
    "lost": "For some path no way was found, so what it rests on is missing.",
    "negation": "The row also rests on something not being there (NOT EXISTS, MINUS), which no fact says.",
}
PARTIAL = frozenset(NOTES) - {"aggregate", "negation"}
"""Those after which a witness may be missing."""
