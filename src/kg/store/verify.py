"""A statement becomes a finding: supported, contradicted or unknown, with the facts that say so."""

from __future__ import annotations

from typing import NamedTuple

from kg.facts.date import bounds
from kg.store.facts import Facts, Filter
from kg.store.index import Index
from kg.store.shape import Json
from kg.terms import EDTF

SUPPORTED, CONTRADICTED, UNKNOWN = "supported", "contradicted", "unknown"
MANY = 500


class Finding(NamedTuple):
    """What the graph holds of a statement."""

    status: str
    facts: list[Json]
    """The facts that decide, or that come nearest."""
    reason: str


def verify(index: Index, subject: str, predicate: str, value: str) -> Finding:
    """Look whether the graph supports a statement, names given as `Index.resolve` takes them.

    The world is open: what no source states is unknown, not false. Another accepted value contradicts
    where the property has but one. Raises UnknownName for a subject or property that nothing has.
    """
    facts = Facts(index)
    kind = index.row("SELECT functional FROM node WHERE id = ?", index.resolve(predicate, ("term",)).id)
    known = facts.page(Filter(subject=subject, predicate=predicate), limit=MANY)[0]
    same = [fact for fact in known if _same(index, fact["object"], value)]
    if same:
        return _judged(same)
    accepted = [fact for fact in known if fact["verdict"] == "Accepted"]
    finer = [fact for fact in accepted if _within(fact["object"], value)]
    if finer:
        return Finding(SUPPORTED, finer, "A more precise date that lies within it is accepted.")
    if not (kind and kind["functional"] and accepted):
        return Finding(UNKNOWN, known, "No source states it.")
    if any(_overlap(fact["object"], value) for fact in accepted):
        return Finding(UNKNOWN, accepted, "The accepted date is less precise and does not decide it.")
    return Finding(CONTRADICTED, accepted, "The property has one value, and another one is accepted.")


def _judged(facts: list[Json]) -> Finding:
    """By the verdict on the very statement."""
    verdicts = {fact["verdict"] for fact in facts}
    if "Accepted" in verdicts:
        return Finding(SUPPORTED, facts, "It is stated and accepted.")
    if "Rejected" in verdicts:
        return Finding(CONTRADICTED, facts, "It is stated, and the curators have rejected it.")
    if "Contested" in verdicts:
        return Finding(UNKNOWN, facts, "It is stated, and contested.")
    return Finding(UNKNOWN, facts, "It is only claimed, predicted, denied or not yet checked.")


def _same(index: Index, found: Json, value: str) -> bool:
    if "id" in found:
        return bool(found["id"] in index.meanings(value))
    return bool(found["value"] == value) or _number(found["value"]) == (_number(value) or value)


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def _within(found: Json, value: str) -> bool:
    """Whether every day that the accepted date can mean is one that the value means too."""
    if found.get("datatype") != EDTF + "EDTF":
        return False
    try:
        return bounds(found["value"]).within(bounds(value))
    except ValueError:
        return False


def _overlap(found: Json, value: str) -> bool:
    """Whether both dates can mean the same day."""
    if found.get("datatype") != EDTF + "EDTF":
        return False
    try:
        one, other = bounds(found["value"]), bounds(value)
    except ValueError:
        return False
    apart = (one.latest and other.earliest and one.latest < other.earliest) or (
        other.latest and one.earliest and other.latest < one.earliest
    )
    return not apart
