"""Dated things become bands on a scale of time; the less precise the date, the wider the band."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from kg.store.lookup import Lookup

NARROWEST = 0.6
"""Per cent of the width that a band has at least, so that a day can be seen."""


class Scale(NamedTuple):
    """From the first to the last day shown."""

    first: int
    last: int

    @classmethod
    def of(cls, things: Iterable[Mapping[str, Any]], earliest: str = "", latest: str = "") -> Scale:
        """The scale that holds every date of the things, in whole years, or ends at the days given."""
        days = [thing[name] for thing in things for name in ("earliest", "latest") if thing.get(name)]
        first = earliest or f"{min(days, default='0001')[:4]}-01-01"
        last = max(latest or f"{max(days, default='0001')[:4]}-12-31", first)
        return cls(date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal())

    def at(self, day: str) -> float:
        """Per cent of the width at which a day lies."""
        place = (date.fromisoformat(day).toordinal() - self.first) / max(self.last - self.first, 1)
        return min(max(100 * place, 0.0), 100.0)

    def ticks(self) -> list[tuple[int, float]]:
        """Some round years with their places."""
        first, last = date.fromordinal(self.first).year, date.fromordinal(self.last).year
        step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 5000) if (last - first) / size <= 7)
        start = -(-first // step) * step
        return [(year, self.at(f"{year:04}-01-01")) for year in range(max(start, 1), last + 1, step)]


class Band(NamedTuple):
    """One thing on the scale."""

    thing: Mapping[str, Any]
    x: float
    width: float
    open: str
    """`from` where it has no end, `to` where it has no beginning, else empty."""
    date: str


def bands(things: Sequence[Mapping[str, Any]], scale: Scale) -> list[Band]:
    """Each thing with its place."""
    return [_band(thing, scale) for thing in things]


def _band(thing: Mapping[str, Any], scale: Scale) -> Band:
    earliest, latest = thing.get("earliest"), thing.get("latest")
    start = scale.at(earliest) if earliest else 0.0
    end = scale.at(latest) if latest else 100.0
    start = min(start, 100 - NARROWEST)
    width = max(end - start, NARROWEST)
    open_ = "" if earliest and latest else "from" if earliest else "to"
    return Band(thing, start, width, open_, between(earliest, latest))


def between(earliest: str | None, latest: str | None) -> str:
    """Two days as people write the date that they bound."""
    if not latest:
        return f"since {_day(earliest, '-01-01')}" if earliest else ""
    if not earliest:
        return f"until {_day(latest, '-12-31')}"
    if earliest == latest:
        return _day(earliest)
    whole = earliest.endswith("-01-01") and latest.endswith("-12-31")
    if whole:
        return earliest[:4] if earliest[:4] == latest[:4] else f"{earliest[:4]}–{latest[:4]}"
    if earliest[:7] == latest[:7] and earliest.endswith("-01") and int(latest[8:]) >= 28:
        return date.fromisoformat(earliest).strftime("%B %Y")
    return f"{_day(earliest)} – {_day(latest)}"


def _day(day: str, edge: str = "") -> str:
    """A day in words; only its year where it is that edge of it."""
    if edge and day.endswith(edge):
        return day[:4]
    parsed = date.fromisoformat(day)
    return f"{parsed.day} {parsed.strftime('%B')} {parsed.year}"


def decades(things: Iterable[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """How many things begin in each decade, for a histogram; decades without any are left out."""
    years = (int((thing.get("earliest") or thing["latest"])[:4]) for thing in things)
    return sorted(Counter(year // 10 * 10 for year in years).items())


def around(lookup: Lookup, thing: Mapping[str, Any], facts: Iterable[Mapping[str, Any]]) -> list[Band]:
    """A thing and the dated things that its facts tie it to, on a scale of their own."""
    iris = {
        thing["id"],
        *(fact[end]["id"] for fact in facts for end in ("subject", "object") if "id" in fact[end]),
    }
    dated = lookup.dated(iris)
    return bands(dated, Scale.of(dated)) if len(dated) > 1 else []
