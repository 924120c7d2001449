"""Dates of a text become EDTF, as precise as the text says and no more.

Extended Date/Time Format, Library of Congress, 2019: level 0, and of level 1 seasons and unspecified digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil import parser as dateutil

MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan\\.?|Feb\\.?|Mar\\.?|Apr\\.?|Jun\\.?|Jul\\.?|Aug\\.?|Sept?\\.?|Oct\\.?|Nov\\.?|Dec\\.?"
)
NUMBER = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "ten": 10}
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_YEAR = r"(?:1[0-9]\d\d|20\d\d)"
_DASH = r"\s?[-–—]\s?"
_DAY = r"(?:[12]?\d|3[01])(?:st|nd|rd|th)?"
_ANAPHOR = r",?\s+(?:of\s+)?(?:that|the\s+same|the\s+(?:following|next|previous|preceding))\s+year\b"

# In this order: of two that begin at the same place the earlier one wins.
_PATTERNS = tuple(
    (name, re.compile(pattern, re.IGNORECASE if name not in {"month", "day_month"} else 0))
    for name, pattern in (
        ("range", rf"\b(?:from|between)\s+({_YEAR})\s+(?:to|and|until|till|through)\s+({_YEAR})\b(?!s)"),
        (
            "months_range",
            rf"\b(?:from|between)\s+((?:{_DAY}\s+)?(?:{MONTHS})(?:\s+{_YEAR})?)\s+(?:to|and|until|till|through)\s+"
            rf"((?:{_DAY}\s+)?(?:{MONTHS})(?:\s+{_YEAR})?)\b",
        ),
        ("range", rf"\b({_YEAR}){_DASH}({_YEAR}|\d\d)\b(?!-?\d)"),
        ("iso", rf"\b{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b"),
        ("day_range", rf"\b({_DAY})(?:{_DASH}| and | to )({_DAY})\s+(?:of\s+)?({MONTHS}),?\s+({_YEAR})\b"),
        ("day_range2", rf"\b({MONTHS})\s+({_DAY})(?:{_DASH}| and | to )({_DAY}),?\s+({_YEAR})\b"),
        ("full", rf"\b{_DAY}\s+(?:of\s+)?(?:{MONTHS}),?\s+{_YEAR}\b"),
        ("full", rf"\b(?:{MONTHS})\s+{_DAY},?\s+{_YEAR}\b"),
        ("full", rf"\b(?:{MONTHS}),?\s+(?:of\s+)?{_YEAR}\b"),
        (
            "anaphoric",
            rf"\b(?:((?:{_DAY}\s+(?:of\s+)?)?(?:{MONTHS})(?:\s+{_DAY})?|spring|summer|autumn|winter),?\s+(?:of\s+)?)?"
            r"(that|the\s+same|the\s+(?:following|next|previous|preceding))\s+year\b",
        ),
        ("season", rf"\b(spring|summer|autumn|fall|winter)\s+(?:of\s+)?({_YEAR})\b"),
        ("half", rf"\b(first|second)\s+half\s+of\s+({_YEAR})\b"),
        ("half", rf"\b(H1|H2)\s+({_YEAR})\b"),
        ("quarter", rf"\b(first|second|third|fourth|last)\s+quarter\s+of\s+({_YEAR})\b"),
        ("quarter", rf"\b(Q[1-4])\s+({_YEAR})\b"),
        ("months", rf"\b(?:first\s+)(\w+)\s+months\s+of\s+({_YEAR})\b"),
        ("decade", r"\b(?:(?:early|mid|late)[\s-])?((?:1[0-9]|20)\d)0s\b"),
        ("century", r"\b(1[0-9]|20|21)(?:st|th)[\s-]century\b"),
        (
            "year",
            rf"(?<!resolution )(?<!no\. )(?<!agenda )(?<!vision )"
            rf"\b(?:(?:early|mid|late)[\s-])?({_YEAR})\b(?!\d|,\d{3}|\.\d|%|-\w)",
        ),
        ("ago", r"\b(\w+)\s+(years?|months?|weeks?|days?)\s+(?:ago|earlier)\b"),
        (
            "relative",
            r"(?<!the )\b(last|this|next)\s+(year|month|week|spring|summer|autumn|winter)\b(?! of\b)",
        ),
        ("relative", r"\b(yesterday|today|(?:earlier|later) this (?:year|month|week))\b"),
        ("last_month", rf"\b(?:last|this)\s+({MONTHS})\b"),
        ("weekday", rf"\b(?:(?:on|last|this)\s+)?({'|'.join(DAYS)})\b"),
        ("day_month", rf"\b(?:{_DAY}\s+(?:of\s+)?(?:{MONTHS})|(?:{MONTHS})\s+{_DAY})\b"),
        (
            "month",
            rf"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Ee]arly|[Ll]ate|[Mm]id)[\s-]({MONTHS})\b(?!\s+\d)(?!{_ANAPHOR})",
        ),
    )
)


@dataclass(frozen=True, order=True)
class Time:
    """A date or a span of time, at its place in the text it was found in; end exclusive."""

    start: int
    end: int
    edtf: str
    """Empty where the text alone does not say which date it is."""
    since: bool = False
    until: bool = False


_FROM_PUBLICATION = frozenset({"ago", "relative", "last_month", "weekday", "day_month", "month"})


def times(text: str, published: str = "") -> Iterator[Time]:
    """Every date of the text, in order; those relative to `published` (EDTF) are left empty without it."""
    taken, year = 0, ""
    for start, _, name, match in sorted(_matches(text)):
        if start < taken:
            continue
        edtf = _anaphoric(match, year) if name == "anaphoric" else _READERS[name](match, published)
        if edtf is None:
            continue
        absolute = name not in _FROM_PUBLICATION and edtf[:4].isdigit()
        year = edtf[:4] if absolute else year
        taken = match.end()
        before = text[max(0, start - 12) : start].lower()
        since = bool(
            re.search(r"\b(?:since\s+(?:\w+\s+)?|from\s+)$", before)
        ) or match.group().lower().startswith("since")
        until = bool(re.search(r"\b(?:until|till)\s+(?:\w+\s+)?$", before))
        yield Time(start, taken, edtf, since, until)


def _matches(text: str) -> Iterator[tuple[int, int, str, re.Match[str]]]:
    for rank, (name, pattern) in enumerate(_PATTERNS):
        for match in pattern.finditer(text):
            yield match.start(), rank, name, match


def agreed(text: str) -> str | None:
    """Read a date with python-dateutil against two defaults and keep the parts that both agree on."""
    first, second = datetime(2001, 1, 1), datetime(2002, 2, 2)
    try:
        one, two = dateutil.parse(text, default=first), dateutil.parse(text, default=second)
    except (ValueError, OverflowError):
        return None
    if one.year != two.year:
        return None
    if one.month != two.month:
        return f"{one.year:04}"
    return f"{one:%Y-%m}" if one.day != two.day else f"{one:%Y-%m-%d}"


def _anaphoric(match: re.Match[str], year: str) -> str:
    """Read "in May of that year", "the following year" after the year last named; empty where none was."""
    if not year:
        return ""
    shift = {"following": 1, "next": 1, "previous": -1, "preceding": -1}.get(match[2].split()[-1].lower(), 0)
    year = str(int(year) + shift)
    season = SEASONS.get((match[1] or "").lower())
    if season:
        return f"{year}-{season}"
    return (agreed(f"{match[1].replace(' of ', ' ')} {year}") or "") if match[1] else year


def _range(match: re.Match[str], _: str) -> str | None:
    first, last = match[1], match[2]
    last = first[: 4 - len(last)] + last
    return f"{first}/{last}" if first < last else None


def _months_range(match: re.Match[str], published: str) -> str | None:
    first, last = match[1], match[2]
    year = re.search(_YEAR, last)
    ends = [_dated(part, year[0] if year else "", published) for part in (first, last)]
    return f"{ends[0]}/{ends[1]}" if all(ends) and ends[0] < ends[1] else None


def _dated(text: str, year: str, published: str) -> str:
    """Read a month or day that may leave its year to the end of the range, or to the date of the document."""
    if re.search(_YEAR, text):
        return agreed(text) or ""
    return agreed(f"{text} {year}") or "" if year else _without_year(text, published)


def _day_range(match: re.Match[str], _: str) -> str | None:
    first, last, month, year = (
        match.groups() if match[1][0].isdigit() else (*match.groups()[1:3], match[1], match[4])
    )
    ends = agreed(f"{_bare(first)} {month} {year}"), agreed(f"{_bare(last)} {month} {year}")
    return f"{ends[0]}/{ends[1]}" if all(ends) else None


def _bare(day: str) -> str:
    return re.sub(r"\D", "", day)


def _full(match: re.Match[str], _: str) -> str | None:
    return agreed(match.group().replace(" of ", " "))


def _season(match: re.Match[str], _: str) -> str:
    return f"{match[2]}-{SEASONS[match[1].lower()]}"


def _half(match: re.Match[str], _: str) -> str:
    first = match[1].lower() in {"first", "h1"}
    return f"{match[2]}-01/{match[2]}-06" if first else f"{match[2]}-07/{match[2]}-12"


def _quarter(match: re.Match[str], _: str) -> str:
    names = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "q1": 1, "q2": 2, "q3": 3, "q4": 4}
    last = 3 * names[match[1].lower()]
    return f"{match[2]}-{last - 2:02}/{match[2]}-{last:02}"


def _first_months(match: re.Match[str], _: str) -> str | None:
    number = _count(match[1])
    return f"{match[2]}-01/{match[2]}-{number:02}" if number and number <= 12 else None


def _decade(match: re.Match[str], _: str) -> str:
    return f"{match[1]}X"


def _century(match: re.Match[str], _: str) -> str:
    return f"{int(match[1]) - 1}XX"


def _year(match: re.Match[str], _: str) -> str:
    return match[1]


def _count(word: str) -> int | None:
    return int(word) if word.isdigit() else NUMBER.get(word.lower())


def _day(published: str) -> date | None:
    try:
        return date.fromisoformat(published)
    except ValueError:
        return None


def _ago(match: re.Match[str], published: str) -> str | None:
    number, unit = _count(match[1]), match[2].rstrip("s")
    if number is None:
        return None
    if unit == "year" and published[:4].isdigit() and "earlier" not in match.group():
        return str(int(published[:4]) - number)
    return ""


def _relative(match: re.Match[str], published: str) -> str:
    words = match.group().lower().split()
    shift = {"last": -1, "next": 1}.get(words[0], 0)
    if words[-1] == "year" and published[:4].isdigit():
        return str(int(published[:4]) + shift)
    if words[-1] == "month" and len(published) >= 7:
        months = int(published[:4]) * 12 + int(published[5:7]) - 1 + shift
        return f"{months // 12:04}-{months % 12 + 1:02}"
    day = _day(published)
    if day and words[-1] in {"yesterday", "today"}:
        return (day - timedelta(days=words[-1] == "yesterday")).isoformat()
    if day and words[-1] == "week":
        monday = day - timedelta(days=day.weekday() - 7 * shift)
        return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}" if shift < 0 else ""
    return ""


def _weekday(match: re.Match[str], published: str) -> str:
    day = _day(published)
    if day is None:
        return ""
    back = (day.weekday() - DAYS.index(match[1].lower())) % 7
    return (day - timedelta(days=back)).isoformat()


def _last_month(match: re.Match[str], published: str) -> str:
    return _without_year(match[1], published)


def _day_month(match: re.Match[str], published: str) -> str:
    return _without_year(match.group().replace(" of ", " "), published)


def _without_year(text: str, published: str) -> str:
    """Give a date that names no year the latest year that is not after publication."""
    if not published[:4].isdigit():
        return ""
    for year in (int(published[:4]), int(published[:4]) - 1):
        edtf = agreed(f"{text} {year}")
        if edtf and (len(published) == 4 or edtf[: len(published)] <= published[: len(edtf)]):
            return edtf if len(published) > 4 else ""
    return ""


def _iso(match: re.Match[str], _: str) -> str:
    return match.group()


_READERS = {
    "range": _range,
    "iso": _iso,
    "months_range": _months_range,
    "day_range": _day_range,
    "day_range2": _day_range,
    "full": _full,
    "season": _season,
    "half": _half,
    "quarter": _quarter,
    "months": _first_months,
    "decade": _decade,
    "century": _century,
    "year": _year,
    "ago": _ago,
    "relative": _relative,
    "last_month": _last_month,
    "weekday": _weekday,
    "day_month": _day_month,
    "month": _last_month,
}
