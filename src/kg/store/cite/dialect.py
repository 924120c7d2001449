"""How a rewritten query gathers what was behind a group: in the SPARQL that the store at hand speaks.

pyoxigraph takes aggregate functions of ours, and LATERAL. Any other store of SPARQL 1.1 has GROUP_CONCAT:
terms are written as text that is read again here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import unquote

import pyoxigraph as ox

from kg.store.store import Aggregates, Term

COLLECT = "urn:kg:collect"
UNBOUND = "urn:kg:unbound"
GATHERED = 500_000
"""Terms that are kept for all groups of an answer: some 80 MB."""
COLUMN = " "
"""Between the columns of what is gathered as text; it stands neither in an IRI nor in what is encoded."""
ABSENT = "."
"""Stands for what is not bound, or has no name that could be told."""
Rows = Iterable[Sequence[Term | None]]


def listed(text: str) -> str:
    """The aggregate that gathers the values of an expression, each once, one a line."""
    return f'GROUP_CONCAT(DISTINCT COALESCE({text}, ""); SEPARATOR="\\n")'


def lines(cell: Term | None) -> Iterable[str]:
    """What was gathered by it."""
    return filter(None, cell.value.split("\n")) if isinstance(cell, ox.Literal) else ()


class Gatherer(Protocol):
    """Reads what was gathered for one answer."""

    @property
    def full(self) -> bool:
        """Whether there was no room for more."""
        ...

    @property
    def functions(self) -> Aggregates | None:
        """What the evaluation needs."""
        ...

    def rows(self, cells: Sequence[Term | None], width: int) -> Rows:
        """The rows that columns made by `collected` hold, of so many terms each."""
        ...


class Dialect(Protocol):
    """A way to gather."""

    lateral: bool
    """Whether the store knows LATERAL."""

    def collected(self, names: Sequence[str], certain: frozenset[str]) -> list[str]:
        """The aggregates of some variables, of which the certain ones are always bound."""
        ...

    def gatherer(self) -> Gatherer:
        """What reads them, for one answer."""
        ...


class Native:
    """As pyoxigraph can: by an aggregate function of ours."""

    lateral = True

    def collected(self, names: Sequence[str], certain: frozenset[str]) -> list[str]:
        """One aggregate a variable: they all see the solutions in the same order."""
        terms = [name if name in certain else f"COALESCE({name}, <{UNBOUND}>)" for name in names] or ["1"]
        return [f"<{COLLECT}>({term})" for term in terms]

    def gatherer(self) -> Collector:
        """See Dialect."""
        return Collector()


class Standard:
    """As any store can: by GROUP_CONCAT. What was behind an EXISTS cannot be told."""

    lateral = False

    def collected(self, names: Sequence[str], certain: frozenset[str]) -> list[str]:  # noqa: ARG002
        """One aggregate for all, so that nothing rests on the order in which a store sees solutions."""
        terms = [f'COALESCE({_written(name)}, "{ABSENT}")' for name in names] or [f'"{ABSENT}"']
        spaced = f', "{COLUMN}", '.join(terms)
        return [listed(f"CONCAT({spaced})" if len(terms) > 1 else terms[0])]

    def gatherer(self) -> Texts:
        """See Dialect."""
        return Texts()


class Collector:
    """Makes and reads the accumulators of our aggregate function."""

    def __init__(self) -> None:
        self.columns: list[list[Term]] = []
        self.room = GATHERED

    def __call__(self) -> Accumulator:
        """An accumulator for one group."""
        return Accumulator(self)

    @property
    def full(self) -> bool:
        """See Gatherer."""
        return self.room <= 0

    @property
    def functions(self) -> Aggregates:
        """See Gatherer."""
        return {ox.NamedNode(COLLECT): self}

    def rows(self, cells: Sequence[Term | None], width: int) -> Rows:  # noqa: ARG002
        """See Gatherer."""
        return map(_bound, dict.fromkeys(zip(*map(self._column, cells), strict=False)))

    def _column(self, number: Term | None) -> list[Term]:
        return self.columns[int(number.value)] if isinstance(number, ox.Literal) else []


class Accumulator:
    """Keeps the terms of one column of one group, in the order of the solutions, while there is room."""

    def __init__(self, collector: Collector) -> None:
        self.collector = collector
        self.terms: list[Term] = []

    def accumulate(self, term: Term) -> None:
        """Take one more term."""
        if self.collector.room > 0:
            self.collector.room -= 1
            self.terms.append(term)

    def finish(self) -> ox.Literal:
        """The number that the column is found by."""
        self.collector.columns.append(self.terms)
        return ox.Literal(len(self.collector.columns) - 1)


@dataclass
class Texts:
    """Reads what GROUP_CONCAT has written."""

    full: bool = False
    functions: None = field(default=None, init=False)

    def rows(self, cells: Sequence[Term | None], width: int) -> Rows:
        """See Gatherer."""
        rows = dict.fromkeys(row for cell in cells for row in lines(cell))
        terms = ([*map(_read, row.split(COLUMN))] for row in rows)
        return (row for row in terms if len(row) == width)


NO_TERM = ox.NamedNode(UNBOUND)


def _bound(row: Sequence[Term]) -> Sequence[Term | None]:
    return [None if term == NO_TERM else term for term in row] if NO_TERM in row else row


def _written(name: str) -> str:
    """An expression for a term as text without spaces: `<iri`, `'text@language` or `'text^datatype`."""
    text = f"ENCODE_FOR_URI(STR({name}))"
    spoken = f'CONCAT("\'", {text}, "@", LANG({name}))'
    typed = f'CONCAT("\'", {text}, "^", STR(DATATYPE({name})))'
    literal = f'IF(LANG({name}) != "", {spoken}, {typed})'
    return f'IF(isIRI({name}), CONCAT("<", STR({name})), IF(isBlank({name}), "{ABSENT}", {literal}))'


def _read(text: str) -> Term | None:
    """The reverse of `_written`."""
    if text.startswith("<"):
        return ox.NamedNode(text[1:])
    if not text.startswith("'"):
        return None
    value, at, language = text[1:].partition("@")
    if at and "^" not in value:
        return ox.Literal(unquote(value), language=language)
    value, _, datatype = text[1:].partition("^")
    return ox.Literal(unquote(value), datatype=ox.NamedNode(datatype) if datatype else None)
