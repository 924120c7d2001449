"""Points of a series become bars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple


class Bar(NamedTuple):
    """One number of one point."""

    point: Mapping[str, Any]
    fact: Mapping[str, Any]
    kind: str
    """`value`, `minimum` or `maximum`."""
    number: float
    x: float
    """Per cent of the width."""
    width: float


class Chart(NamedTuple):
    """A series with its bars."""

    series: Mapping[str, Any]
    bars: list[Bar]


def chart(series: Mapping[str, Any], points: Sequence[Mapping[str, Any]]) -> Chart:
    """Lay out a series: every bar begins at nought."""
    numbers = [each["number"] for point in points for each in point["numbers"]]
    low, high = min([0.0, *numbers]), max([0.0, *numbers])
    span = (high - low) or 1.0
    bars = [bar for point in points for bar in _bars(point, low, span)]
    return Chart(series, bars)


def _bars(point: Mapping[str, Any], low: float, span: float) -> Iterable[Bar]:
    for each in point["numbers"]:
        value = each["number"]
        x, end = sorted(((0.0 - low) / span * 100, (value - low) / span * 100))
        yield Bar(point, each["fact"], each["kind"], value, x, max(end - x, 0.4))
