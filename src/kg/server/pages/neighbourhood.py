"""The facts that tie a thing to others become a drawing: what points at it on the left, the rest right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

ROW = 34
"""Height of a row, in user units."""
WIDTH = 680
SIDE = 226
"""Width of the names on each side."""
A_SIDE = 9
"""Ties that are drawn on each side."""


class Tie(NamedTuple):
    """One line of the drawing."""

    other: Mapping[str, Any]
    property: str
    fact: str
    incoming: bool
    y: float
    curve: str
    """SVG path data."""


class Fan(NamedTuple):
    """A drawing."""

    width: int
    height: int
    side: int
    middle: float
    ties: list[Tie]


def fan(centre: str, facts: Sequence[Mapping[str, Any]]) -> Fan | None:
    """Lay out the ties of the thing with that IRI; None where there are none."""
    outgoing = [fact for fact in facts if fact["subject"]["id"] == centre][:A_SIDE]
    incoming = [fact for fact in facts if fact["subject"]["id"] != centre][:A_SIDE]
    rows = max(len(outgoing), len(incoming))
    if not rows:
        return None
    height = max(rows * ROW, 2 * ROW) + 12
    ties = [*_side(incoming, height, incoming=True), *_side(outgoing, height, incoming=False)]
    return Fan(WIDTH, height, SIDE, height / 2, ties)


def _side(facts: Sequence[Mapping[str, Any]], height: int, incoming: bool) -> list[Tie]:
    top = (height - len(facts) * ROW) / 2 + ROW / 2
    return [_tie(fact, top + row * ROW, height / 2, incoming) for row, fact in enumerate(facts)]


def _tie(fact: Mapping[str, Any], y: float, middle: float, incoming: bool) -> Tie:
    near, far = (WIDTH / 2 - 62, SIDE) if incoming else (WIDTH / 2 + 62, WIDTH - SIDE)
    bend = (near + far) / 2
    curve = f"M{near:g} {middle:g}C{bend:g} {middle:g} {bend:g} {y:g} {far:g} {y:g}"
    predicate = fact["predicate"]
    name = predicate.get("label") or predicate["id"].rsplit("#", 1)[-1]
    other = fact["subject"] if incoming else fact["object"]
    return Tie(other, str(name), fact["id"], incoming, y, curve)
