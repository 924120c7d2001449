"""Citations become numbered notes at the end of a page, each passage once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Note:
    """One passage, with how each fact of the page rests on it."""

    number: int
    passage: Mapping[str, Any]
    citations: list[Mapping[str, Any]] = field(default_factory=list)


class Notes:
    """The notes of one page, in the order in which they are first needed."""

    def __init__(self) -> None:
        self._notes: dict[str, Note] = {}

    def of(self, fact: Mapping[str, Any]) -> Iterable[Note]:
        """The notes of a fact, one for each passage."""
        found: dict[int, Note] = {}
        for citation in fact["citation"]:
            passage = citation["passage"]
            note = self.of_passage(passage)
            if all(citation["id"] != known["id"] for known in note.citations):
                note.citations.append(citation)
            found[note.number] = note
        return found.values()

    def of_passage(self, passage: Mapping[str, Any]) -> Note:
        """The note of a passage that a row of an answer names."""
        return self._notes.setdefault(passage["id"], Note(len(self._notes) + 1, passage))

    @property
    def all(self) -> list[Note]:
        """Every note so far."""
        return list(self._notes.values())
