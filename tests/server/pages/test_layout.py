"""What templates are given: pieces of text, bands of time, bars, ties."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.server.pages.figures import chart
from kg.server.pages.neighbourhood import fan
from kg.server.pages.text import pieces
from kg.server.pages.timeline import Scale, bands, between, decades


def passage(name: str, start: int, end: int) -> dict[str, Any]:
    return {"id": f"https://x/source/s#{name}", "position": {"start": start, "end": end}}


def test_pieces_of_overlapping_passages() -> None:
    found = pieces((10, "abcdefgh"), [passage("p1", 11, 15), passage("p2", 13, 17)])
    assert [(piece.text, piece.passages, piece.begins, piece.ends) for piece in found] == [
        ("a", (), (), ()),
        ("bc", ("p1",), ("p1",), ()),
        ("de", ("p1", "p2"), ("p2",), ("p1",)),
        ("fg", ("p2",), (), ("p2",)),
        ("h", (), (), ()),
    ]


@given(st.text(min_size=1), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8))
def test_pieces_are_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    """All pieces together are the text, and each passage covers its own words and no more."""
    ordered = [(min(span), max(span)) for span in spans]
    within = [(start, end) for start, end in ordered if start < end <= len(text)]
    passages = [passage(f"p{number}", *span) for number, span in enumerate(within)]
    found = pieces((0, text), passages)
    assert "".join(piece.text for piece in found) == text
    for number, (start, end) in enumerate(within):
        words = "".join(piece.text for piece in found if f"p{number}" in piece.passages)
        assert words == text[start:end]


@pytest.mark.parametrize(
    ("earliest", "latest", "expected"),
    [
        ("1858-01-01", "1858-12-31", "1858"),
        ("1644-01-01", "1912-12-31", "1644–1912"),
        ("1858-05-28", "1858-05-28", "28 May 1858"),
        ("2023-07-01", "2023-07-31", "July 2023"),
        ("1996-01-01", None, "since 1996"),
        (None, "1945-12-31", "until 1945"),
        ("2014-05-21", "2014-06-03", "21 May 2014 – 3 June 2014"),
        (None, None, ""),
    ],
)
def test_dates_as_people_write_them(earliest: str | None, latest: str | None, expected: str) -> None:
    assert between(earliest, latest) == expected


def test_bands() -> None:
    things = [
        {"earliest": "1900-01-01", "latest": "1999-12-31"},
        {"earliest": "1950-01-01", "latest": "1950-12-31"},
        {"earliest": "1990-01-01"},
    ]
    scale = Scale.of(things)
    whole, year, begun = bands(things, scale)
    assert (whole.x, round(whole.width)) == (0.0, 100)
    assert (round(year.x), round(year.width)) == (50, 1)
    assert (round(begun.x), round(begun.width), begun.open) == (90, 10, "from")
    assert [tick for tick, _ in scale.ticks()] == [1900, 1920, 1940, 1960, 1980]
    assert decades(things) == [(1900, 1), (1950, 1), (1990, 1)]


@given(st.lists(st.tuples(st.dates(), st.dates()), min_size=1, max_size=9))
def test_bands_stay_on_the_scale(spans: list[tuple[Any, Any]]) -> None:
    things = [{"earliest": str(min(span)), "latest": str(max(span))} for span in spans]
    for band in bands(things, Scale.of(things)):
        assert band.x >= 0
        assert band.x + band.width <= 100.001


def test_bars_begin_at_nought() -> None:
    numbers = [{"kind": "value", "number": number, "fact": {}} for number in (-50.0, 150.0)]
    below, above = chart({}, [{"numbers": numbers}]).bars
    assert (below.x, below.width) == (0.0, 25.0)
    assert (above.x, above.width) == (25.0, 75.0)


def test_a_fan_has_both_sides() -> None:
    facts = [
        {"id": "f1", "subject": {"id": "a"}, "predicate": {"id": "x#party"}, "object": {"id": "b"}},
        {"id": "f2", "subject": {"id": "c"}, "predicate": {"id": "x#under"}, "object": {"id": "a"}},
    ]
    drawing = fan("a", facts)
    assert drawing
    assert [(tie.other["id"], tie.property, tie.incoming) for tie in drawing.ties] == [
        ("c", "under", True),
        ("b", "party", False),
    ]
    assert fan("a", []) is None
