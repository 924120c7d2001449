"""Accept headers become a choice (RFC 9110 §12.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.store.formats import Format

QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$")
"""RFC 9110 §12.4.2."""
MAX_RANGES = 64
"""Ranges of one header that are looked at; no honest client sends more."""


@dataclass(frozen=True)
class MediaRange:
    """One element of an Accept header."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...]
    quality: float

    def specificity(self, offer: str) -> int:
        """How closely this range fits: 0 not at all, 1 `*/*`, 2 `a/*`, 3 `a/b`, 4 with parameters."""
        kind, _, subtype = offer.partition("/")
        if self.type == "*":
            return 1
        if self.type != kind:
            return 0
        if self.subtype == "*":
            return 2
        return (4 if self.parameters else 3) if self.subtype == subtype else 0


@lru_cache(maxsize=512)
def parse_accept(header: str) -> tuple[MediaRange, ...]:
    """The media ranges of an Accept header; what is malformed is left out."""
    ranges = (_range(element) for element in header.split(",")[:MAX_RANGES])
    return tuple(each for each in ranges if each)


def _range(element: str) -> MediaRange | None:
    name, *rest = (part.strip().lower() for part in element.split(";"))
    kind, slash, subtype = name.partition("/")
    if not (slash and kind and subtype) or (kind == "*" and subtype != "*"):
        return None
    quality = 1.0
    parameters = []
    for part in rest:
        key, _, value = (piece.strip() for piece in part.partition("="))
        if key == "q":
            if not QUALITY.match(value):
                return None
            quality = float(value)
        elif key and key != "charset":  # everything here is UTF-8
            parameters.append((key, value.strip('"')))
    return MediaRange(kind, subtype, tuple(parameters), quality)


def choose(header: str | None, offers: Sequence[str]) -> str | None:
    """The media type to answer with, of those offered (best first); None where none will do.

    The quality of an offer is that of the most specific range that fits it. Among equals the client's
    more specific and earlier wish counts, then the order of the offers. A missing or empty header
    takes anything.
    """
    if not header or not header.strip():
        return offers[0]
    ranges = parse_accept(header)
    best: tuple[float, int, int] = (0.0, 0, 0)
    chosen = None
    for offer in offers:
        rank = _rank(offer, ranges)
        if rank[0] > 0 and rank > best:
            best, chosen = rank, offer
    return chosen


def _rank(offer: str, ranges: Iterable[MediaRange]) -> tuple[float, int, int]:
    fits = [(each.specificity(offer), -place, each.quality) for place, each in enumerate(ranges)]
    specificity, place, quality = max(fits, default=(0, 0, 0.0))
    return (quality, specificity, place) if specificity else (0.0, 0, 0)


@dataclass(frozen=True)
class Choice:
    """A format, and the name under which the client asked for it."""

    format: Format
    media_type: str


def choose_format(header: str | None, formats: Sequence[Format]) -> Choice | None:
    """The format to answer in; None where none will do."""
    offers: dict[str, Format] = {}
    for form in formats:
        offers.setdefault(form.essence, form)
    for form in formats:
        for alias in form.aliases:
            if "/" in alias:
                offers.setdefault(alias, form)
    chosen = choose(header, list(offers))
    if chosen is None:
        return None
    form = offers[chosen]
    return Choice(form, form.media_type if chosen == form.essence else chosen)


def find_format(name: str, formats: Sequence[Format]) -> Choice | None:
    """The format of that short name or media type (`format=`)."""
    wanted = name.strip().lower()
    for form in formats:
        if wanted in {form.name, form.essence, *form.aliases}:
            return Choice(form, form.media_type)
    return None


def accepts_gzip(header: str | None) -> bool:
    """Whether the client takes gzip (RFC 9110 §12.5.3)."""
    if not header:
        return False
    weights = {}
    for element in header.lower().split(","):
        name, _, parameter = (part.strip() for part in element.partition(";"))
        weight = parameter.removeprefix("q=").strip()
        weights[name] = not (QUALITY.match(weight) and float(weight) == 0)
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", False)))
