"""Numbers keep their unit and their wording; nothing is converted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.quantities import quantities

TEXTS = {
    "more than $28 billion": ("28000000000", "USD", "more than"),
    "€3.5bn": ("3500000000", "EUR", ""),
    "US$ 90 billion": ("90000000000", "USD", ""),
    "around 1.28 trillion yuan": ("1280000000000", "CNY", "around"),
    "15 percent": ("15", "percent", ""),
    "15%": ("15", "percent", ""),
    "a 4,300-kilometre border": ("4300", "kilometre", ""),
    "38 billion cubic metres of gas": ("38000000000", "cubic metre", ""),
    "38 bcm": ("38000000000", "cubic metre", ""),
    "some 3,500 square kilometres": ("3500", "square kilometre", "some"),
    "thirty years": ("30", "year", ""),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_a_quantity_with_unit_and_wording(text: str, expected: tuple[str, str, str]) -> None:
    assert [(q.literal, q.unit, q.wording) for q in quantities(text)] == [expected]


def test_a_period_is_a_duration() -> None:
    durations = [q.duration for q in quantities("30 years, 18 months, two weeks, three decades")]
    assert durations == ["P30Y", "P18M", "P14D", "P30Y"]


def test_words_alone_are_no_quantities() -> None:
    assert list(quantities("a treaty between two states and a third")) == []


@given(st.text(max_size=200))
def test_any_text_gives_valid_spans(text: str) -> None:
    for quantity in quantities(text):
        assert 0 <= quantity.start < quantity.end <= len(text)
        assert "E" not in quantity.literal
