from __future__ import annotations

from datetime import date

import pytest

from kg.facts.date import Bounds, bounds


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1858", date(1858, 1, 1), date(1858, 12, 31)),
        ("1858-05", date(1858, 5, 1), date(1858, 5, 31)),
        ("1858-05-28", date(1858, 5, 28), date(1858, 5, 28)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("199X", date(1990, 1, 1), date(1999, 12, 31)),
        ("19XX", date(1900, 1, 1), date(1999, 12, 31)),
        ("2015-01/2015-06", date(2015, 1, 1), date(2015, 6, 30)),
        ("1644/1912", date(1644, 1, 1), date(1912, 12, 31)),
        ("1990~", date(1990, 1, 1), date(1990, 12, 31)),
        ("1996/..", date(1996, 1, 1), None),
        ("../1996", None, date(1996, 12, 31)),
    ],
)
def test_bounds(text: str, earliest: date | None, latest: date | None) -> None:
    assert bounds(text) == Bounds(earliest, latest)


@pytest.mark.parametrize(
    "text", ["", "last year", "1858-13", "1858-02-30", "1957/1956", "../..", "28.5.1858", "185", "May 1858"]
)
def test_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        bounds(text)


def test_within() -> None:
    assert bounds("1994-05-25").within(bounds("1994"))
    assert not bounds("1994").within(bounds("1994-05-25"))
    assert bounds("1997").within(bounds("1996/.."))
    assert not bounds("1995").within(bounds("1996/.."))
