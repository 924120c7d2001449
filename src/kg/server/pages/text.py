"""A text and the spans that are cited from it become pieces to show: plain, or highlighted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple


class Piece(NamedTuple):
    """A stretch of text over which the same passages lie."""

    text: str
    passages: tuple[str, ...]
    """Names such as `p12`; none: not cited."""
    begins: tuple[str, ...]
    """Those of them whose first piece this is."""
    ends: tuple[str, ...]
    """Those of them whose last piece this is."""


def pieces(original: tuple[int, str], passages: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """Cut a text, which begins at an offset of its file, wherever a passage begins or ends."""
    offset, text = original
    spans = []
    for passage in passages:
        position = passage["position"]
        start, end = max(position["start"] - offset, 0), min(position["end"] - offset, len(text))
        spans.append((start, end, passage["id"].rsplit("#", 1)[-1]))
    cuts = sorted({0, len(text), *(cut for start, end, _ in spans for cut in (start, end))})
    found = []
    for start, end in pairwise(cuts):
        over = [span for span in spans if span[0] <= start and end <= span[1]]
        found.append(
            Piece(
                text[start:end],
                tuple(name for _, _, name in over),
                tuple(name for begin, _, name in over if begin == start),
                tuple(name for _, finish, name in over if finish == end),
            )
        )
    return found
