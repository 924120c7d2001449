"""A pattern, its parameters filled in, becomes a finding: supported, contradicted or unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import pyoxigraph as ox

from kg.errors import UnknownName
from kg.store.cite.parser import parse
from kg.store.cite.pattern import Basic, Group, Triple, Union, variables_of
from kg.store.cite.tokens import write
from kg.store.facts import Facts
from kg.store.index import Index
from kg.store.shape import Json
from kg.store.verify import CONTRADICTED, MANY, SUPPORTED, UNKNOWN, Finding, verify
from kg.terms import Verdict

Ask = Callable[[bool], Json]
"""Gives the cited answer of the query: from what is asserted (False), or from all that is stated (True)."""
NO_FACT = "It has an answer, but one that rests on no fact."
OPEN = "It is stated, and some of it is contested, only claimed, predicted, denied or not yet checked."
REJECTED = "It is stated, and the curators have rejected some of it."


def judge(index: Index, query: str, ask: Ask) -> Finding:
    """Look whether the graph supports what a query describes.

    It does where a row rests on accepted facts alone. Otherwise the query is asked of everything that any
    source states: what only rejected facts bear out is contradicted, what contested or unverified ones
    bear out is unknown. Where no source states it, it is contradicted if one of the triples that it needs
    is (see `verify`), and else unknown. Raises QueryError as Citer.answer does.
    """
    asserted = _Grounds.of(ask(False))
    if asserted.reason:
        return Finding(UNKNOWN, [], f"Nothing can be cited for this pattern: {asserted.reason}")
    if iris := asserted.resting_on({Verdict.ACCEPTED}):
        return _finding(index, SUPPORTED, iris, "It has an answer that rests on accepted facts.")
    stated = _Grounds.of(ask(True))
    if iris := stated.resting_on(set(Verdict) - {Verdict.REJECTED}):
        return _finding(index, UNKNOWN, iris, OPEN)
    if iris := stated.resting_on(set(Verdict)):
        return _finding(index, CONTRADICTED, iris, REJECTED)
    by_parts = _by_parts(index, query)
    return by_parts if by_parts.facts or not asserted.rows else Finding(UNKNOWN, [], NO_FACT)


class _Grounds(NamedTuple):
    """What the rows of an answer rest on."""

    witnesses: list[list[str]]
    """IRIs of facts; none is empty."""
    verdicts: Mapping[str, str]
    rows: int
    reason: str

    @classmethod
    def of(cls, answer: Json) -> _Grounds:
        """Read a cited answer."""
        cite = answer["cite"]
        facts = [fact["fact"] for fact in cite["facts"]]
        rows = [[[facts[place] for place in witness] for witness in row["witnesses"]] for row in cite["rows"]]
        verdicts = {fact["fact"]: fact["verdict"] for fact in cite["facts"]}
        witnesses = [witness for witness in chain.from_iterable(rows) if witness]
        return cls(witnesses, verdicts, len(rows), cite.get("reason", ""))

    def resting_on(self, verdicts: set[Verdict]) -> list[str]:
        """The facts of the witnesses that have no others than those of these verdicts, each once."""
        fitting = [each for each in self.witnesses if {self.verdicts[iri] for iri in each} <= verdicts]
        return list(dict.fromkeys(chain.from_iterable(fitting)))


def _finding(index: Index, status: str, iris: Sequence[str], reason: str) -> Finding:
    return Finding(status, Facts(index).named(iris[:MANY]), reason)


def _by_parts(index: Index, query: str) -> Finding:
    """Judge by the triples without variables that the query cannot do without."""
    parsed = parse(query)
    group = parsed.select.group if parsed.select else Group((), ())
    triples = list(_read(_ground(group), write(parsed.prologue), index.build.prefixes))
    findings = [found for triple in triples if (found := _verify(index, triple))]
    for finding in findings:
        if finding.status == CONTRADICTED:
            return finding
    facts = [fact for finding in findings for fact in finding.facts][:MANY]
    if _is_ground(group) and triples and [each.status for each in findings] == [SUPPORTED] * len(triples):
        return Finding(SUPPORTED, facts, findings[0].reason)
    return Finding(UNKNOWN, facts, "No source states it.")


def _verify(index: Index, triple: ox.Triple) -> Finding | None:
    subject, value = triple.subject, triple.object
    if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.NamedNode | ox.Literal):
        return None
    try:
        return verify(index, subject.value, triple.predicate.value, value.value)
    except UnknownName:
        return None  # nothing is known of this subject or this property


def _read(triples: Iterable[Triple], prologue: str, prefixes: Mapping[str, str]) -> Iterator[ox.Triple]:
    """Triples as terms: without variables, Turtle writes them as SPARQL does."""
    known = "".join(f"PREFIX {name}: <{space}>\n" for name, space in prefixes.items())
    text = "\n".join([known, prologue, *map(str, triples)])
    return (quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE))


def _ground(group: Group) -> Iterator[Triple]:
    """The triples without variables among those that must match."""
    for element in group.elements:
        match element:
            case Basic(triples):
                yield from filter(_has_no_variable, triples)
            case Union((only,)):
                yield from _ground(only)


def _is_ground(group: Group) -> bool:
    """Whether there is nothing else in it."""
    parts = group.elements
    return all(isinstance(each, Basic) and all(map(_has_no_variable, each.triples)) for each in parts)


def _has_no_variable(triple: Triple) -> bool:
    return isinstance(triple.predicate, str) and not variables_of(triple)
