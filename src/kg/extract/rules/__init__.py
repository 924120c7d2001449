"""What a sentence says, kind by kind: each module finds the facts of one kind over the parse."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate
from kg.extract.reading import Reading
from kg.extract.rules import (
    agreement,
    arms,
    border,
    conflict,
    exercise,
    figure,
    founding,
    meeting,
    membership,
    policy,
    role,
    sanction,
    territory,
    trade,
)

Finder = Callable[[Token, Reading], Iterator[Candidate]]

MODULES = (
    agreement,
    arms,
    border,
    conflict,
    exercise,
    figure,
    founding,
    meeting,
    membership,
    policy,
    role,
    sanction,
    territory,
    trade,
)


def _by_trigger() -> dict[str, list[Finder]]:
    found: dict[str, list[Finder]] = {}
    for module in MODULES:
        for trigger in module.TRIGGERS:
            found.setdefault(trigger, []).append(module.find)
    return found


FINDERS = _by_trigger()
"""Every rule by the lemmas that call it."""


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what every rule finds in a paragraph, in text order of the words that called it."""
    for token in reading.doc:
        for finder in FINDERS.get(token.lemma_.lower(), ()):
            yield from finder(token, reading)
