"""What a sentence says, kind by kind: each module finds the facts of one kind over the parse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from spacy.tokens import Span, Token

from kg.extract.candidate import KINDS, Candidate
from kg.extract.reading import Reading
from kg.extract.syntax import lemma

Finder = Callable[[Token, Reading], Iterator[Candidate]]

PARTS = {
    "agreement": ("agreement", "treaty"),
    "figure": ("growth", "rank", "share"),
    "trade": ("trade", "commerce"),
}
"""Kinds whose rules fill more than one module."""
MODULES = tuple(
    import_module(f"kg.extract.rules.{module}") for kind in KINDS for module in PARTS.get(kind, (kind,))
)
"""One module or more a kind of fact: each has TRIGGERS and find."""


def _by_trigger() -> dict[str, list[Finder]]:
    found: dict[str, list[Finder]] = {}
    for module in MODULES:
        for trigger in module.TRIGGERS:
            found.setdefault(trigger, []).append(module.find)
    return found


TELLING = frozenset(
    "sign conclude treaty agreement found establish join member president minister visit met meet export "
    "import trade sanction embargo annex cede invade exercise summit talks deal accord pact".split()
)
"""Triggers that seldom stand in a sentence that states nothing."""
FINDERS = _by_trigger()
"""Every rule by the lemmas that call it."""


def promising(sentence: Span) -> bool:
    """Say whether the names of a sentence are likely to be asked for, so that they are tagged in one go."""
    return any(token.lemma_.lower() in TELLING for token in sentence)


def find(reading: Reading) -> Iterator[Candidate]:
    """Yield what every rule finds in a paragraph, in text order of the words that called it."""
    for token in reading.doc:
        for finder in FINDERS.get(lemma(token), ()):
            yield from finder(token, reading)
