"""Dates keep the precision of the text; nothing is invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.times import agreed, times
from kg.facts.date import bounds

TEXTS = {
    "on 12 May 2018": "2018-05-12",
    "on May 3, 2011": "2011-05-03",
    "in May 2014": "2014-05",
    "in 1858": "1858",
    "In 2014, trade rose": "2014",
    "in the 1990s": "199X",
    "in the 19th century": "18XX",
    "from 2003 to 2014": "2003/2014",
    "in 1904–05": "1904/1905",
    "in the first half of 2015": "2015-01/2015-06",
    "in the third quarter of 2018": "2018-07/2018-09",
    "in the autumn of 1929": "1929-23",
    "between 5 and 15 September 1998": "1998-09-05/1998-09-15",
    "from April 1953 until September 1961": "1953-04/1961-09",
    "2020-03-01": "2020-03-01",
}
RELATIVE = {
    "last year": "2015",
    "this year": "2016",
    "last month": "2016-02",
    "on Monday": "2016-03-14",
    "yesterday": "2016-03-19",
    "last week": "2016-03-07/2016-03-13",
    "on March 11th": "2016-03-11",
    "in October": "2015-10",
    "two years ago": "2014",
}


@pytest.mark.parametrize(("text", "edtf"), TEXTS.items())
def test_a_date_becomes_edtf(text: str, edtf: str) -> None:
    assert [time.edtf for time in times(text)] == [edtf]


@pytest.mark.parametrize(("text", "edtf"), RELATIVE.items())
def test_a_relative_date_counts_from_publication(text: str, edtf: str) -> None:
    assert [time.edtf for time in times(text, "2016-03-20")] == [edtf]


@pytest.mark.parametrize("text", RELATIVE)
def test_without_publication_a_relative_date_is_none(text: str) -> None:
    assert [time.edtf for time in times(text)] == [""]


@pytest.mark.parametrize("text", ["2,000 soldiers", "F-2000-A", "It may work.", "the 300 spartans"])
def test_no_date_where_there_is_none(text: str) -> None:
    assert list(times(text)) == []


def test_since_and_until_are_marked() -> None:
    found = list(times("since 2001 and until 2005"))
    assert [(time.since, time.until) for time in found] == [(True, False), (False, True)]


def test_dateutil_may_not_complete_a_date() -> None:
    assert agreed("1858") == "1858"
    assert agreed("May 1858") == "1858-05"
    assert agreed("12 May") is None


@given(st.text(max_size=200))
def test_any_text_gives_valid_dates_at_valid_spans(text: str) -> None:
    for time in times(text, "2016-03-20"):
        assert 0 <= time.start < time.end <= len(text)
        assert not time.edtf or bounds(time.edtf)
