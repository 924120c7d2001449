from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph.lines import sorted_unique

LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"), max_size=4)


@given(st.lists(LINES.map(lambda text: text + "\n")), st.integers(1, 7))
def test_sorts_and_drops_repeats(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], run: int
) -> None:
    scratch = tmp_path_factory.mktemp("lines")
    assert list(sorted_unique(lines, scratch, run)) == sorted(set(lines))
    assert list(scratch.iterdir()) == []


def test_nothing(tmp_path: Path) -> None:
    assert list(sorted_unique([], tmp_path)) == []
