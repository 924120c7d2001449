"""Text becomes candidates: paragraphs are parsed, rules are asked, and what is too unsure is dropped."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files

from kg.extract import parser, rules
from kg.extract.candidate import Candidate, Name
from kg.extract.document import Document
from kg.extract.gazetteer import Gazetteer, world
from kg.extract.reading import Memory, Reading
from kg.terms import Stance

THRESHOLD = 0.75
"""Candidates to which their rule gives less are not proposed."""
SUREST = 0.93
"""What a rule gives where nothing counts against a candidate."""
UNTRIED = 0.8
"""Confidence of a rule that the development cases do not try."""


def extract(
    document: Document, gazetteer: Gazetteer | None = None, *, threshold: float = THRESHOLD
) -> list[Candidate]:
    """Return what a document may state, in text order, without repetition."""
    found = [
        candidate for candidate in _all(document, gazetteer or world()) if candidate.confidence >= threshold
    ]
    return sorted(map(_calibrated, _distinct(found)), key=Candidate.sort_key)


@cache
def _calibration() -> dict[str, float]:
    return dict(tomllib.loads(files("kg.extract").joinpath("calibration.toml").read_text("utf-8"))["rules"])


def _calibrated(candidate: Candidate) -> Candidate:
    """Let a candidate's confidence be what its rule has earned, less what counts against this one."""
    earned = _calibration().get(candidate.rule, UNTRIED)
    return replace(candidate, confidence=round(candidate.confidence / SUREST * earned, 3))


def _all(document: Document, gazetteer: Gazetteer) -> Iterator[Candidate]:
    paragraphs = [paragraph for paragraph in document.paragraphs() if worth_reading(paragraph.text)]
    memory = Memory(protagonists(document, gazetteer), full_names(document.text))
    docs = parser.parse((paragraph.text for paragraph in paragraphs), rules.promising)
    for paragraph, doc in zip(paragraphs, docs, strict=True):
        reading = Reading(doc, paragraph.start, gazetteer, document.date, memory)
        yield from rules.find(reading)


BLOCK = 1_000
"""Code points of a stretch of text whose candidates are compared with each other."""


def protagonists(document: Document, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Return the two states that a document is about: both named often, and any third much less."""
    words = _WORDS.findall(document.text[:PROTAGONISTS_FROM])
    counts = Counter(
        entry.name for _, _, entry in gazetteer.matches(words) if entry.type in {"Polity", "Organisation"}
    )
    first, second, third = [*counts.most_common(3), ("", 0), ("", 0), ("", 0)][:3]
    clear = second[1] >= OFTEN and third[1] * 2 <= second[1]
    return tuple(sorted((first[0], second[0]))) if clear else ()


def full_names(text: str) -> dict[str, str]:
    """Return, by abbreviation, the names that a text introduces as "World Trade Organization (WTO)"."""
    found = {}
    for match in _INTRODUCED.finditer(text):
        words, initials = match[1].split(), match[2]
        capital = [index for index, word in enumerate(words) if word[0].isupper()]
        if len(capital) >= len(initials):
            first = capital[-len(initials)]
            if "".join(words[index][0] for index in capital[-len(initials) :]) == initials:
                found[initials] = " ".join(words[first:])
    return found


_INTRODUCED = re.compile(
    r"((?:[A-Z][\w'’&-]+ (?:of |and |for |the |in |on )*){1,8}[A-Z][\w-]+) \(([A-Z]{2,8})\)"
)
PROTAGONISTS_FROM = 50_000
"""Code points of a document that say what it is about."""
OFTEN = 3
_WORDS = re.compile(r"\w+(?:\.\w\.?)*|[-–]")
_LETTERS = re.compile(r"[a-z]{2}")


def worth_reading(text: str) -> bool:
    """Say whether a paragraph can state anything: it has words, and is no row of a table."""
    return len(text) > 20 and bool(_LETTERS.search(text)) and text.count("\t") < 3 and text.count("|") < 3


def _distinct(candidates: list[Candidate]) -> Iterator[Candidate]:
    """Keep, of candidates of one sentence that say the same or less, the one that says most."""
    kept: defaultdict[tuple[str, int], list[Candidate]] = defaultdict(list)
    for candidate in sorted(candidates, key=lambda c: (-len(c.roles), -c.confidence, c.sort_key())):
        blocks = range(candidate.start // BLOCK, candidate.end // BLOCK + 1)
        near = [kept[candidate.kind, block] for block in blocks]
        if not any(_covers(other, candidate) for others in near for other in others):
            for others in near:
                others.append(candidate)
            yield candidate


def _covers(one: Candidate, other: Candidate) -> bool:
    if one.stance is Stance.DENIES:
        return False
    overlap = one.start < other.end and other.start < one.end
    return overlap and _values(other) <= _values(one)


def _values(candidate: Candidate) -> set[tuple[str, str]]:
    texts = (
        (role, value.text if isinstance(value, Name) else value.value) for role, value in candidate.roles
    )
    return {(role, text) for role, text in texts if role not in {"name", "wording"}}
