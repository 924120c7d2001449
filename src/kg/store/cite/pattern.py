"""Graph patterns (SPARQL 1.1 §18.2) as values, near to how the query writes them.

Terms stand as text: `?x` for a variable, and anything else as the query writes it. Blank nodes are
variables here, which is what they mean in a pattern. Expressions stay tokens, never to be read.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from kg.store.cite.path import Path
from kg.store.cite.tokens import Token, write

Tokens = tuple[Token, ...]
Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]


@dataclass(frozen=True)
class Triple:
    """A triple pattern, or a path pattern: then the predicate is a Path."""

    subject: str
    predicate: str | Path
    object: str

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object} ."


@dataclass(frozen=True)
class Basic:
    """Triple patterns side by side."""

    triples: tuple[Triple, ...]


@dataclass(frozen=True)
class Filter:
    """FILTER, with the patterns of those EXISTS that must hold for it to pass."""

    tokens: Tokens
    exists: tuple[Group, ...]


@dataclass(frozen=True)
class Verbatim:
    """BIND, VALUES or MINUS, and the variables that it binds."""

    tokens: Tokens
    variables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Optional:
    """OPTIONAL."""

    group: Group


@dataclass(frozen=True)
class Union:
    """Groups joined by UNION; a single one is a group in braces."""

    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Graph:
    """GRAPH."""

    name: str
    group: Group


@dataclass(frozen=True)
class Column:
    """One column of a SELECT: a variable, and the expression that makes it, if any."""

    variable: str
    expression: Tokens = ()

    def __str__(self) -> str:
        return f"({write(self.expression)} AS {self.variable})" if self.expression else self.variable


@dataclass(frozen=True)
class Select:
    """A SELECT, whether the query itself or within another."""

    columns: tuple[Column, ...]
    """Empty for `*`."""
    distinct: bool
    reduced: bool
    group: Group
    grouped: bool
    """Whether its rows are of groups: GROUP BY, or an aggregate without it."""
    modifiers: Tokens
    """GROUP BY, HAVING, ORDER BY."""
    limit: int | None
    offset: int
    values: Tokens
    """The VALUES at the end."""
    tokens: Tokens
    """All of it, as it stands."""

    @property
    def sliced(self) -> bool:
        """Whether it has LIMIT or OFFSET."""
        return self.limit is not None or self.offset > 0


Element = Basic | Filter | Verbatim | Optional | Union | Graph | Select


@dataclass(frozen=True)
class Group:
    """What stands between braces."""

    elements: tuple[Element, ...]
    tokens: Tokens
    """All of it, as it stands, with its braces."""

    @property
    def certain(self) -> frozenset[str]:
        """Variables that are bound in every solution; not all of them, but none too many."""
        found: set[str] = set()
        for element in self.elements:
            match element:
                case Basic(triples):
                    found.update(*map(variables_of, triples))
                case Union((only,)) | Graph(_, only):
                    found |= only.certain
                case Verbatim(tokens, variables) if _is_table(tokens):
                    found.update(variables)
        return frozenset(found)

    def binds(self) -> Counter[str]:
        """How often each variable stands where a solution may bind it."""
        counts: Counter[str] = Counter()
        for element in self.elements:
            counts.update(_bound_by(element))
        return counts


def assigned(group: Group) -> frozenset[str]:
    """The variables that BIND, VALUES and expressions of inner SELECTs give a value to in a group."""
    found: set[str] = set()
    for element in group.elements:
        match element:
            case Verbatim(_, variables):
                found.update(variables)
            case Optional(inner) | Graph(_, inner):
                found |= assigned(inner)
            case Union(groups):
                found.update(*map(assigned, groups))
            case Select(columns, group=inner):
                found.update(column.variable for column in columns if column.expression)
                found |= assigned(inner)
    return frozenset(found)


def _is_table(tokens: Tokens) -> bool:
    """Whether it is a VALUES that leaves nothing open."""
    return tokens[0].word == "VALUES" and all(token.word != "UNDEF" for token in tokens)


def variables_of(triple: Triple) -> frozenset[str]:
    """The variables of a triple pattern, those of a triple term in it included."""
    terms = (triple.subject, triple.predicate, triple.object)
    return frozenset(name for term in terms if isinstance(term, str) for name in _variables(term))


def _variables(term: str) -> list[str]:
    if term.startswith("?"):
        return [term]
    return re.findall(r"\?\w+", term) if term.startswith("<<") else []


def _bound_by(element: Element) -> Counter[str]:
    match element:
        case Basic(triples):
            return Counter(name for triple in triples for name in variables_of(triple))
        case Verbatim(_, variables):
            return Counter(variables)
        case Optional(group):
            return group.binds()
        case Graph(name, group):
            return group.binds() + Counter([name] if name.startswith("?") else [])
        case Union(groups):
            return sum((group.binds() for group in groups), Counter())
        case Select(columns, group=group):
            return Counter(column.variable for column in columns) if columns else group.binds()
        case _:
            return Counter()


@dataclass(frozen=True)
class Query:
    """One query. The pattern of an ASK or a CONSTRUCT stands here as a SELECT of all that it binds."""

    form: Form
    prologue: Tokens
    dataset: Tokens
    """FROM and FROM NAMED."""
    select: Select | None
    """None for DESCRIBE, whose pattern says of what, and not which triples."""
    template: tuple[Triple, ...] = ()
    """Of a CONSTRUCT."""
    fresh: str = "?_"
    """What no variable of the query begins with, so that others can be made up."""
