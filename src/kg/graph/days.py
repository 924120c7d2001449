"""The dates of a ledger become the days that bound each dated node."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kg.facts.date import bounds
from kg.facts.ledger import Ledger
from kg.terms import KG, Verdict

DATE, START, END = (f"<{KG}{name}>" for name in ("date", "start", "end"))


class Days(NamedTuple):
    """The first and the last day that something can have been on; None where it is open."""

    earliest: date | None
    latest: date | None


def node_days(ledger: Ledger) -> dict[str, Days]:
    """The days that bound each dated node, by its term in N-Triples.

    SPARQL compares neither EDTF nor xsd:gYear with xsd:date. Where sources give dates of different
    precision the finer one bounds the node.
    """
    earliest: dict[str, date] = {}
    latest: dict[str, date] = {}
    for fact in ledger.facts.values():
        if fact.predicate not in (DATE, START, END) or fact.verdict is not Verdict.ACCEPTED:
            continue
        found = bounds(fact.object.split('"')[1])
        if fact.predicate != END and found.earliest:
            earliest[fact.subject] = max(found.earliest, earliest.get(fact.subject, found.earliest))
        if fact.predicate != START and found.latest:
            latest[fact.subject] = min(found.latest, latest.get(fact.subject, found.latest))
    return {node: Days(earliest.get(node), latest.get(node)) for node in {**earliest, **latest}}
