"""A text becomes paragraphs that know where they start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 6_000
"""Code points that are parsed at once; a longer paragraph (a text without breaks) is divided."""

_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]+(?:\r?\n(?![ \t]*\r?\n)(?=[a-z])[^\n\r\u2028\u2029]+)*")
_DATELINE = re.compile(
    r"\s*[A-Z][A-Z.'’ ]+(?:/[A-Z .]+)?(?:,? \(?[A-Z][\w. ]{2,20}\)?)?"
    r"(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?\s+[-–—]{1,2}\s+"
)
"""Where, and when, a newspaper says that its report was written: "HANOI, June 5 – "."""
_BREAK = re.compile(r"[.!?]['\"”’)]*\s+")


@dataclass(frozen=True)
class Paragraph:
    """A run of text that is read as a whole: nothing refers across its border."""

    text: str
    start: int
    """Its first code point in the document."""


@dataclass(frozen=True)
class Document:
    """A text and the day it was published, which relative dates count from."""

    text: str
    date: str = ""
    """EDTF; empty where unknown."""

    def paragraphs(self) -> Iterator[Paragraph]:
        """Its paragraphs in order: lines, without datelines; what goes on in lower case is joined."""
        for match in _PARAGRAPH.finditer(self.text):
            dateline = _DATELINE.match(match.group())
            skipped = dateline.end() if dateline is not None else 0
            if match.group().strip():
                yield from _divide(match.group()[skipped:], match.start() + skipped)


def _divide(text: str, start: int) -> Iterator[Paragraph]:
    """Cut what is longer than LONGEST after a sentence, or hard where there is none."""
    begin = 0
    while len(text) - begin > LONGEST:
        window = text[begin : begin + LONGEST]
        ends = [match.end() for match in _BREAK.finditer(window)]
        space = window.rfind(" ") + 1
        cut = begin + (ends[-1] if ends else space or LONGEST)
        yield Paragraph(text[begin:cut], start + begin)
        begin = cut
    yield Paragraph(text[begin:], start + begin)
