from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.corpus.text import Span, Text, digest, normalise

STORY = Text("One two.\n\nThree\u00a0four, 🚢 five.  Six.", "")


def test_normalise() -> None:
    assert normalise("  a\u00a0b\n\n c\t") == "a b c"


def test_digest_ignores_white_space() -> None:
    known = "c8687a08aa5d6ed2044328fa6a697ab8e96dc34291e8c2034ae8c38e6fcc6d65"
    assert digest("a \n b") == digest("a b") != digest("ab")
    assert digest("a b") == known


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("One two.", Span(0, 8)),
        ("two. Three four", Span(4, 20)),
        ("🚢 five", Span(22, 28)),
        ("One … four", Span(0, 20)),
        ("One ... Six.", Span(0, 35)),
    ],
)
def test_locate(words: str, span: Span) -> None:
    assert list(STORY.locate(words)) == [span]


@pytest.mark.parametrize("words", ["seven", "", " … ", "two Three"])
def test_locate_nothing(words: str) -> None:
    assert list(STORY.locate(words)) == []


def test_locate_within_a_part() -> None:
    text = Text("again and again", "")
    assert list(text.locate("again")) == [Span(0, 5), Span(10, 15)]
    assert list(text.locate("again", Span(6, 15))) == [Span(10, 15)]


def test_line() -> None:
    assert [STORY.line(offset) for offset in (0, 9, 10)] == [1, 2, 3]


def test_context() -> None:
    assert STORY.context(Span(4, 7), 3) == ("ne ", ".\n\n")


@given(st.text(), st.text(min_size=1), st.text())
def test_words_of_any_text_are_found_again(before: str, words: str, after: str) -> None:
    """A quote of a span, given back to `locate`, finds words that normalise to the same."""
    text = Text(before + words + after, "")
    found = [normalise(text.quote(span)) for span in text.locate(words.replace("…", " ").replace("...", " "))]
    if normalise(words) and "…" not in words and "..." not in words:
        assert normalise(words) in found


@given(
    st.lists(
        st.sampled_from(["the", "treaty", "of", "1858", "ceded", "land", "to", "🚢", "Russia", "."]),
        min_size=6,
    ),
    st.data(),
)
def test_a_moved_passage_is_found(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    start = data.draw(st.integers(0, len(words) - 2))
    passage = " ".join(words[start : start + 4])
    moved = Text("New words come first. " + text, "")
    found = moved.relocate(Span(0, len(passage)), digest(passage))
    assert found is not None
    assert normalise(moved.quote(found)) == passage
