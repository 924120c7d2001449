"""Dates keep their source's precision: EDTF literals, and the days that bound them.

Extended Date/Time Format, levels 0 to 2, https://www.loc.gov/standards/datetime/ (ISO 8601-2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from time import struct_time

from edtf import EDTFParseException, parse_edtf

OPEN = ".."


@dataclass(frozen=True)
class Bounds:
    """The first and the last day that a date can mean; None where it is open."""

    earliest: date | None
    latest: date | None

    def within(self, other: Bounds) -> bool:
        """Whether every day of these bounds is one of the other's."""
        begins = other.earliest is None or (self.earliest is not None and other.earliest <= self.earliest)
        ends = other.latest is None or (self.latest is not None and self.latest <= other.latest)
        return begins and ends


@lru_cache(maxsize=65536)
def bounds(text: str) -> Bounds:
    """The days that bound an EDTF date: `1858` is 1858-01-01 to 1858-12-31, `1996/..` has no end.

    Raises ValueError with what is wrong: no EDTF, an impossible day, an end before its start.
    """
    start, slash, end = text.partition("/")
    if slash and (start in ("", OPEN) or end in ("", OPEN)):
        earliest = None if start in ("", OPEN) else bounds(start).earliest
        latest = None if end in ("", OPEN) else bounds(end).latest
        if earliest is None and latest is None:
            raise ValueError(f"“{text}” is open on both sides")
        return Bounds(earliest, latest)
    try:
        parsed = parse_edtf(text)
    except EDTFParseException:
        raise ValueError(
            f"“{text}” is not an EDTF date such as 1858, 1858-05, 1858-05-28 or 2014/2015"
        ) from None
    first, last = _day(parsed.lower_strict(), text), _day(parsed.upper_strict(), text)
    if last < first:
        raise ValueError(f"“{text}” ends before it starts")
    return Bounds(first, last)


def _day(moment: struct_time, text: str) -> date:
    try:
        return date(moment.tm_year, moment.tm_mon, moment.tm_mday)
    except ValueError:
        raise ValueError(f"“{text}” is outside the years 1 to 9999") from None
