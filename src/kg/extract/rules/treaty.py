"""Agreements that a text takes for granted: "the 2010 treaty between A and B", "under a deal with C"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.modality import UNREAL_ADJECTIVES, UNREAL_NOUNS, judge, presupposed
from kg.extract.reading import Reading
from kg.extract.rules.agreement import (
    NOMINAL,
    NOUNS,
    OWN,
    SIGNING,
    TITLED,
    built,
    inside,
    is_named,
    premodifiers,
    sided,
)
from kg.extract.rules.common import date, edtf
from kg.extract.syntax import children, complements, is_verb, lemma, subject

TRIGGERS = NOUNS
STANDING = OWN | TITLED | {"alliance", "communiqué", "communique"}
_BY = frozenset({"by", "under", "in", "through", "with"})
SETTLING = frozenset(
    "cede surrender gain acquire obtain give grant renounce return hand transfer settle divide fix lose "
    "abandon sell lease open yield relinquish restore recognise recognize concede".split()
)
"""What states do by treaties."""
UNDONE = frozenset(
    "negotiate propose draft discuss seek want offer reject refuse consider prepare plan abandon need "
    "urge demand call suggest pursue explore".split()
)
_CONCLUDED = re.compile(
    r"\s*,? (?:which was )?(?:signed|concluded|agreed|sealed)"
    r"(?: (?:at|in) [\w. ]{2,30}?)?(?: on| in)?(?: the)?",
)
"""What may stand between a treaty and its date."""


def find(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find agreements that nobody is said to sign here."""
    if (
        is_verb(noun)
        or lemma(noun) not in STANDING
        or noun.tag_ not in {"NN", "NNP", "NNPS"}
        or _is_signed(noun)
    ):
        return
    named = is_named(noun, reading)
    by_which = _by_which(noun, reading) if named else None
    if by_which is not None:
        parties, when = by_which
        yield from built(reading, "agreement.by-which", noun, noun, parties, confidence=0.86, when=when)
        return
    parties = _parties(noun, reading)
    when = _own_date(noun, reading)
    if named and not (when and parties):
        told, day = _by_it(noun, reading)
        parties, when = parties or told, when or day
    definite = _definite(noun)
    if when and (named or len(parties) >= 2):
        standing = presupposed(noun) if definite else None
        yield from built(
            reading, "agreement.dated", noun, noun, parties, confidence=0.9, when=when, judgement=standing
        )
    elif (
        lemma(noun) in OWN
        and len(parties) >= 2
        and (definite or named)
        and _in_a_sentence(noun)
        and not _undone(noun)
    ):
        yield from built(reading, "agreement.standing", noun, noun, parties, confidence=0.86, signed=False)


def _definite(noun: Token) -> bool:
    return any(c.lower_ in {"the", "this", "their", "its"} or c.dep_ == "poss" for c in noun.children)


def _in_a_sentence(noun: Token) -> bool:
    """Say whether a noun stands in a sentence, rather than in the title of a section or a work."""
    return any(token.tag_ in {"VBD", "VBP", "VBZ", "MD"} for token in noun.sent)


def _undone(noun: Token) -> bool:
    """Say whether an agreement is only wanted or talked about."""
    above = [lemma(token) for token in list(noun.ancestors)[:3]]
    marks = {child.lower_ for child in noun.children}
    return bool(set(above) & (UNDONE | UNREAL_NOUNS)) or bool(marks & UNREAL_ADJECTIVES)


def _parties(noun: Token, reading: Reading) -> list[Mention]:
    """Return A and B of "the treaty between A and B", "A's contract with B", "the A–B pact"."""
    between = sided(inside(noun, "between", "among"), reading)
    if len(between) >= 2:
        return between
    owners = list(children(noun, "poss"))
    others = inside(noun, "with")
    if owners and others:
        return sided([*owners, *others], reading)
    return premodifiers(noun, reading)


def _by_which(noun: Token, reading: Reading) -> tuple[list[Mention], list[Role]] | None:
    """Read "the Treaty of X, by which A and B settled … in 1727": who did it then are the parties."""
    for clause in children(noun, "relcl"):
        led = any(c.dep_ == "prep" and any(g.lower_ == "which" for g in c.children) for c in clause.children)
        actor = subject(clause)
        parties = sided([actor], reading) if led and actor is not None else []
        when = _own_date(noun, reading) or date(reading, clause)
        if len(parties) >= 2 and when:
            return parties, when
    return None


def _by_it(noun: Token, reading: Reading) -> tuple[list[Mention], list[Role]]:
    """Read "by the Treaty of X A ceded B to C in 1809": who did it with whom, and when."""
    verb = noun.head.head if noun.dep_ == "pobj" and noun.head.lower_ in _BY else noun
    while verb.dep_ == "pobj" or verb.dep_ == "prep":
        verb = verb.head
    if not is_verb(verb) or lemma(verb) not in SETTLING or judge(verb) is None:
        return [], []
    actor = subject(verb)
    sides = sided([actor, *complements(verb, "to", "with")] if actor is not None else [], reading)
    return (sides, date(reading, verb)) if len(sides) == 2 else ([], [])


def _own_date(noun: Token, reading: Reading) -> list[Role]:
    """Return the date inside the noun phrase: "the treaty of 1858", "the 1963 pact", "the Accord (1914)"."""
    times = [(time, span) for time, span in reading.times if time.edtf and span.root.sent == noun.sent]
    mention = reading.mentions.at(noun) if times else None
    end = mention.end if mention is not None else noun.i + 1
    for time, span in times:
        between = reading.doc[end : span.start].text.lower() if span.start >= end else ""
        before = span.start < noun.i and span.root.head == noun
        inside = (
            span.start >= end
            and span.root in set(noun.subtree)
            and not any(is_verb(word) for word in reading.doc[end : span.start])
        )
        concluded = bool(_CONCLUDED.fullmatch(between)) and mention is not None
        inside = inside and between.split(" ")[0] in {"of", "(", "between"} and "(" not in between[1:]
        if before or inside or concluded:
            return [edtf("date", time.edtf)]
    return []


def _is_signed(noun: Token) -> bool:
    """Say whether a verb of signing, which another rule reads, has the noun."""
    head = noun.head
    if lemma(head) in NOMINAL or (noun.dep_ == "pobj" and lemma(head.head) in NOMINAL):
        return True
    if is_verb(head) and lemma(head) in SIGNING and noun.dep_ in {"dobj", "nsubjpass"}:
        return True
    return any(lemma(child) in SIGNING for child in noun.children)
