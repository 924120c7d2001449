"""Originals: the bytes of a text become code points, and spans of them become hashes.

All offsets are code points of the file decoded as UTF-8, end exclusive, as the Web Annotation
model has them (https://www.w3.org/TR/annotation-model/#text-position-selector).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)\s*")
SHIFT = 4
"""How many code points a passage may have grown or shrunk and still be found again."""


def normalise(text: str) -> str:
    """Collapse every run of white space to one space and strip both ends."""
    return " ".join(text.split())


def digest(text: str) -> str:
    """SHA-256 of the text with white space normalised, 64 hexadecimal digits."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()


@dataclass(frozen=True)
class Span:
    """A range of code points, end exclusive."""

    start: int
    end: int

    def within(self, other: Span) -> bool:
        """Whether this span lies inside `other`."""
        return other.start <= self.start and self.end <= other.end

    def __str__(self) -> str:
        return f"[{self.start}, {self.end}]"


@dataclass(frozen=True)
class Text:
    """An original that is at hand."""

    content: str
    sha256: str
    """Of the file's bytes."""

    @classmethod
    def read(cls, path: Path) -> Text:
        """Read a UTF-8 file. Raises OSError, UnicodeDecodeError."""
        data = path.read_bytes()
        return cls(data.decode("utf-8"), hashlib.sha256(data).hexdigest())

    @property
    def span(self) -> Span:
        """The whole text."""
        return Span(0, len(self.content))

    def quote(self, span: Span) -> str:
        """The words of a span, as they stand."""
        return self.content[span.start : span.end]

    def context(self, span: Span, width: int = 32) -> tuple[str, str]:
        """Up to `width` code points before and after the span."""
        before = self.content[max(0, span.start - width) : span.start]
        return before, self.content[span.end : span.end + width]

    def line(self, offset: int) -> int:
        """The 1-based line that a code point lies on."""
        return self.content.count("\n", 0, offset) + 1

    def locate(self, words: str, within: Span | None = None) -> Iterator[Span]:
        """Find words, whatever white space is between them; `…` stands for anything between two ends.

        Yields every match from left to right, without overlaps.
        """
        parts = [r"\s+".join(map(re.escape, part.split())) for part in ELLIPSIS.split(words) if part]
        if not parts:
            return
        area = within or self.span
        pattern = re.compile(r".*?".join(parts), re.DOTALL)
        for match in pattern.finditer(self.content, area.start, area.end):
            yield Span(*match.span())

    def relocate(self, span: Span, sha256: str, within: Span | None = None) -> Span | None:
        """Find where the passage of that hash has moved to; `span` tells how long it was."""
        area = within or self.span
        length = span.end - span.start
        for size in sorted(range(max(1, length - SHIFT), length + SHIFT + 1), key=lambda n: abs(n - length)):
            for start in range(area.start, area.end - size + 1):
                if self._begins(start) and digest(self.content[start : start + size]) == sha256:
                    return Span(start, start + size)
        return None

    def _begins(self, offset: int) -> bool:
        """Whether a word or mark begins here: the only places where a passage may start."""
        here, before = self.content[offset], self.content[offset - 1 : offset]
        return not here.isspace() and not (here.isalnum() and before.isalnum())
