"""What an agreement is about in numbers: its value, its volume, how long it lasts."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Literal, Role
from kg.extract.quantities import MONEY, PERIODS, VOLUMES
from kg.extract.reading import Reading
from kg.extract.rules.common import text
from kg.extract.syntax import is_verb, lemma

LASTING = frozenset("run last span cover extend remain expire".split())
_CLAUSES = frozenset({"prep", "acomp", "attr", "npadvmod", "advcl"})


def terms(
    thing: Token, predicate: Token, nouns: frozenset[str], reading: Reading
) -> tuple[list[Role], list[Token]]:
    """Return value, volume and duration, also of the sentence after, where it goes on about "the deal".

    `nouns` are what may take an agreement up again; the tokens returned are those that did.
    """
    roles = _stated(thing, predicate, reading)
    also = []
    for later in _mentioned_again(thing, nouns, reading):
        clause = later.head if is_verb(later.head) else later
        known = {role for role, _ in roles}
        fresh = [role for role in _stated(later, clause, reading) if role[0] not in known]
        roles += fresh
        also += [later] if fresh else []
    return roles, also


def _mentioned_again(thing: Token, nouns: frozenset[str], reading: Reading) -> Iterator[Token]:
    end = thing.sent.end
    for token in reading.doc[end].sent if end < len(reading.doc) else ():
        definite = any(child.lower_ in {"the", "this"} for child in token.children)
        subject = token.dep_ in {"nsubj", "nsubjpass"}
        if lemma(token) in nouns and definite and token.tag_ == "NN" and subject:
            yield token


def _stated(thing: Token, predicate: Token, reading: Reading) -> list[Role]:
    roles: dict[str, list[Role]] = {}
    inside = set(thing.subtree)
    clauses = [child for child in predicate.children if child.dep_ in _CLAUSES]
    reach = inside | {word for child in clauses for word in child.subtree}
    for quantity, span in reading.quantities:
        if span.root not in reach:
            continue
        before = reading.doc[max(0, span.start - 3) : span.start].text.lower()
        within = span.root in inside
        if quantity.unit in MONEY and (within or "worth" in before or "valued" in before):
            value = ("value", Literal(quantity.literal, "decimal"))
            roles.setdefault("value", [value, text("unit", quantity.unit)])
        elif quantity.unit in VOLUMES and within:
            volume = ("volume", Literal(quantity.literal, "decimal"))
            roles.setdefault("volume", [volume, text("volume_unit", quantity.unit)])
        elif _period(quantity.unit) and quantity.duration and _lasts(thing, predicate, span.root, before):
            roles.setdefault("duration", [("duration", Literal(quantity.duration, "duration"))])
    return [role for group in roles.values() for role in group]


def _period(unit: str) -> bool:
    return unit in PERIODS or unit == "decade"


def _lasts(thing: Token, predicate: Token, root: Token, before: str) -> bool:
    """Say whether a period is how long the agreement lasts: "a 30-year deal", "runs for 30 years"."""
    if root.dep_ in {"compound", "nmod", "amod"} and root.head == thing:
        return True
    lasting = lemma(predicate) in LASTING | {"be"} or any(lemma(child) in LASTING for child in thing.children)
    return lasting and before.endswith(("for ", "for", "over", "of"))
