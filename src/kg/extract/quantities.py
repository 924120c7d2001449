"""Numbers with their unit and their wording: "more than $28 billion", "15 percent", "a 30-year deal"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "b": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
}
WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
NUMBERS: dict[str, int | Decimal] = dict(zip(WORDS.split(), range(21), strict=True))
NUMBERS |= {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
NUMBERS |= {"a": 1, "an": 1, "half": Decimal("0.5"), "dozen": 12, "hundred": 100}
SYMBOLS = {
    "US$": "USD",
    "A$": "AUD",
    "C$": "CAD",
    "S$": "SGD",
    "HK$": "HKD",
    "NZ$": "NZD",
    "$": "USD",
    "USD": "USD",
    "€": "EUR",
    "EUR": "EUR",
    "£": "GBP",
    "GBP": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₽": "RUB",
    "₩": "KRW",
}
"""Currencies by their ISO 4217 code."""
UNITS = {
    "percent": r"%|per\s?cent|percent|pct\.?",
    "percentage point": r"percentage points?|points?",
    "USD": r"U\.?S\.? dollars?|dollars?|USD",
    "EUR": r"euros?|EUR",
    "GBP": r"pounds sterling|pounds?",
    "JPY": r"yen",
    "CNY": r"yuan|renminbi|RMB",
    "RUB": r"roubles?|rubles?",
    "THB": r"baht",
    "IDR": r"rupiah",
    "KRW": r"won",
    "VND": r"dong",
    "MYR": r"ringgit",
    "TRY": r"lira",
    "ZAR": r"rand",
    "BRL": r"reais",
    "PLN": r"zloty",
    "KZT": r"tenge",
    "UAH": r"hryvnias?|hryvnia",
    "ILS": r"shekels?",
    "DEM": r"Deutsche? ?marks?|marks?",
    "CHF": r"Swiss francs?",
    "INR": r"Indian rupees|rupees",
    "KES": r"Kenyan shillings?",
    "shilling": r"shillings?",
    "peso": r"pesos?",
    "franc": r"francs?",
    "krone": r"kroner?|krona|kronor",
    "riyal": r"riyals?",
    "dirham": r"dirhams?",
    "dinar": r"dinars?",
    "cubic metre": r"cubic met(?:re|er)s?|cu\.? ?m|m3|bcm",
    "cubic foot": r"cubic (?:feet|foot)",
    "barrel": r"barrels?(?: of oil)?(?: (?:a|per) day)?",
    "tonne": r"(?:metric )?ton(?:ne)?s?",
    "square kilometre": r"square kilomet(?:re|er)s?|sq\.? ?km|km2|km²",
    "square mile": r"square miles?|sq\.? ?mi",
    "hectare": r"hectares?",
    "acre": r"acres?",
    "kilometre": r"kilomet(?:re|er)s?|kms?",
    "mile": r"miles?",
    "gigawatt": r"gigawatts?|GW",
    "megawatt": r"megawatts?|MW",
    "year": r"years?",
    "month": r"months?",
    "decade": r"decades?",
    "day": r"days?",
    "week": r"weeks?",
}
_SHARED = frozenset("shilling peso franc krone riyal dirham dinar".split())
"""Currencies that several states call so: which one it is the word does not say."""
MONEY = frozenset({*SYMBOLS.values(), *_SHARED, *(u for u in UNITS if len(u) == 3 and u.isupper())})
LENGTHS = frozenset({"kilometre", "mile"})
AREAS = frozenset({"square kilometre", "square mile", "hectare", "acre"})
VOLUMES = frozenset({"cubic metre", "cubic foot", "barrel", "tonne"})
PERIODS = {"year": "Y", "month": "M", "week": "W", "day": "D"}
WORDINGS = (
    "more than|over|around|about|nearly|almost|approximately|roughly|some|at least|less than|under|up to|"
    "an estimated|estimated|close to|just over|just under|well over|slightly more than|slightly less than|"
    "as much as|no more than|in excess of|above|below|fewer than|only|merely|circa|exceeding|an annual"
)
_SYMBOL = "|".join(re.escape(symbol) for symbol in SYMBOLS)
_WORD = "|".join(NUMBERS)
_UNIT = "|".join(f"(?P<u{index}>{pattern})" for index, pattern in enumerate(UNITS.values()))
_QUANTITY = re.compile(
    rf"(?:(?P<wording>\b(?:{WORDINGS})\b|~)\s*)?"
    rf"(?:(?P<symbol>{_SYMBOL})\s?)?"
    rf"(?<![\w.,])(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?:{_WORD})\b)"
    rf"(?:[\s-]?(?P<scale>hundred|thousand|million|billion|trillion|mn|bn|tn|m|b)\b)?"
    rf"(?:[\s-]*(?:{_UNIT})(?!\w))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, order=True)
class Quantity:
    """A number with its unit, at its span of the text it was found in; end exclusive."""

    start: int
    end: int
    value: Decimal
    unit: str = ""
    """A key of UNITS, or a currency; empty for a bare number."""
    wording: str = ""
    """How the text qualifies the number."""

    @property
    def literal(self) -> str:
        """The number as xsd:decimal, without exponent."""
        text = format(self.value.normalize(), "f")
        return text or "0"

    @property
    def duration(self) -> str:
        """The xsd:duration it amounts to; empty where it is none."""
        if self.unit == "decade":
            return f"P{10 * int(self.value)}Y"
        if self.unit in PERIODS and self.value == int(self.value):
            days = 7 if self.unit == "week" else 1
            return f"P{int(self.value) * days}{'D' if self.unit == 'week' else PERIODS[self.unit]}"
        return ""


def quantities(text: str) -> Iterator[Quantity]:
    """Every quantity of the text that has a unit, a currency or a scale, or is written in digits."""
    for match in _QUANTITY.finditer(text):
        unit = _unit(match)
        digits = match["number"][0].isdigit()
        if not (unit or match["scale"] or digits):
            continue
        if match["scale"] in {"m", "b"} and not match["symbol"]:
            continue
        start = match.start("symbol") if match["symbol"] else match.start("number")
        yield Quantity(start, match.end(), _number(match), unit, (match["wording"] or "").lower())


def _unit(match: re.Match[str]) -> str:
    for index, name in enumerate(UNITS):
        if match[f"u{index}"]:
            return SYMBOLS.get((match["symbol"] or "").upper(), name) if match["symbol"] else name
    symbol = match["symbol"]
    return SYMBOLS[symbol.upper()] if symbol else ""


def _number(match: re.Match[str]) -> Decimal:
    text = match["number"].lower().replace(",", "")
    number = Decimal(text) if text[0].isdigit() else Decimal(NUMBERS[text])
    scale = Decimal(SCALES[match["scale"].lower()]) if match["scale"] else Decimal(1)
    if match.group().lower().endswith("bcm"):
        scale *= 10**9
    return number * scale
