"""Paragraphs keep their place, whatever the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.extract.document import LONGEST, Document


def test_lines_are_paragraphs_and_a_wrapped_line_goes_on() -> None:
    text = "First line\nwhich goes on.\n\nSecond."
    assert [(p.start, p.text) for p in Document(text).paragraphs()] == [
        (0, "First line\nwhich goes on."),
        (27, "Second."),
    ]


def test_ten_megabytes_without_a_break_are_divided() -> None:
    text = "Kenya signed it. " * 600_000
    parts = list(Document(text).paragraphs())
    assert max(len(part.text) for part in parts) <= LONGEST
    assert "".join(part.text for part in parts) == text


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_every_paragraph_stands_where_it_says(text: str) -> None:
    end = 0
    for paragraph in Document(text).paragraphs():
        assert text[paragraph.start : paragraph.start + len(paragraph.text)] == paragraph.text
        assert paragraph.start >= end
        end = paragraph.start + len(paragraph.text)
