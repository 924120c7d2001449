"""What a solution of a query was made of: the triples, paths and inner solutions behind it.

Terms stand as text, as in patterns; a variable is one that the rewritten query gives back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from kg.store.cite.path import Path


@dataclass(frozen=True)
class Matched:
    """A triple that matched a triple pattern, or the ends of a path."""

    subject: str
    predicate: str | Path
    object: str
    graph: str = ""
    """The name of GRAPH; empty for the default graph."""
    marker: str = ""
    """A variable that is bound where the OPTIONAL or the branch of the UNION took part; empty if always."""
    link: bool = False
    """Whether it is a fact only if its object is an IRI."""

    @property
    def variables(self) -> Iterator[str]:
        """Every variable that must be known to tell the triple."""
        graph = "" if isinstance(self.predicate, str) else self.graph
        terms = (self.subject, self.predicate, self.object, graph, self.marker)
        return (term for term in terms if isinstance(term, str) and term.startswith("?"))

    def renamed(self, name: Callable[[str], str]) -> Matched:
        """The same with other names for its variables."""
        predicate = name(self.predicate) if isinstance(self.predicate, str) else self.predicate
        subject, object_ = name(self.subject), name(self.object)
        return Matched(subject, predicate, object_, name(self.graph), name(self.marker), self.link)


@dataclass(frozen=True)
class About:
    """A triple that says something of a fact or of a citation: it is the subject that counts."""

    subject: str
    graph: str = ""
    marker: str = ""

    @property
    def variables(self) -> Iterator[str]:
        """Every variable that must be known."""
        return (term for term in (self.subject, self.marker) if term.startswith("?"))

    def renamed(self, name: Callable[[str], str]) -> About:
        """The same with other names for its variables."""
        return replace(self, subject=name(self.subject), marker=name(self.marker))


@dataclass(frozen=True)
class Listed:
    """All triples that a part stood for in a group, a line each: an IRI, or two with a space between."""

    column: str
    predicate: str
    """Then two IRIs are the ends of such a triple; empty: the one is what the triple is about."""
    marker: str = ""
    graph: str = ""

    @property
    def variables(self) -> Iterator[str]:
        """Every variable that must be known."""
        return (term for term in (self.column, self.marker) if term)

    def renamed(self, name: Callable[[str], str]) -> Listed:
        """The same with other names for its variables."""
        return replace(self, column=name(self.column), marker=name(self.marker))


@dataclass(frozen=True)
class Collected:
    """The inner solutions behind one solution, each column gathered by an aggregate."""

    columns: tuple[str, ...]
    """Variables that hold the number of what was gathered."""
    names: tuple[str, ...]
    """The inner variable of each column."""
    parts: tuple[Part, ...]
    """What each inner solution was made of."""
    every: bool
    """Whether all of them were needed (an aggregate), or one would have done (DISTINCT, EXISTS)."""
    graph: str = ""
    marker: str = ""

    @property
    def variables(self) -> Iterator[str]:
        """Every variable that must be known."""
        yield from self.columns
        yield from (term for term in (self.graph, self.marker) if term.startswith("?"))

    def renamed(self, name: Callable[[str], str]) -> Collected:
        """The same with other names for its outer variables."""
        columns = tuple(map(name, self.columns))
        return replace(self, columns=columns, graph=name(self.graph), marker=name(self.marker))


Part = Matched | About | Listed | Collected


def variables(parts: Iterable[Part]) -> tuple[str, ...]:
    """Every variable that must be known, each once."""
    return tuple(dict.fromkeys(name for part in parts for name in part.variables))
