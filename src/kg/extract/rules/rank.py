"""Ranks: "A is the world's second-largest exporter of B", "A ranks third"."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Literal, Role
from kg.extract.mentions import Mention
from kg.extract.reading import Reading
from kg.extract.rules.common import found, names, period, phrase, text
from kg.extract.syntax import children, is_verb, lemma, prepositional, surface_subject

ORDINALS = {
    word: rank
    for rank, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
        "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
}
SUPERLATIVES = frozenset("largest biggest leading top greatest main foremost".split())
SETS = frozenset(
    "exporter importer producer supplier partner economy market investor buyer consumer donor recipient "
    "source destination trader manufacturer power seller customer creditor lender purchaser refiner "
    "contributor employer maker spender emitter country state owner user borrower provider".split()
)
RANKED = frozenset({"Polity", "Organisation", "Place"})
COPULAS = frozenset({"be", "become", "remain", "constitute", "represent", "stay"})
TRIGGERS = (
    SUPERLATIVES
    | {
        "large",
        "big",
        "great",
        "main",
        "rank",
        "come",
        "place",
        "stand",
        "number",
        "lead",
        "occupy",
        "hold",
        "take",
    }
    | frozenset("slip rise climb fall drop move jump finish advance be".split())
)


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find ranks around superlatives, "rank" and "come"."""
    if is_verb(trigger) and trigger.lower_ not in SUPERLATIVES:
        if lemma(trigger) in {"rank", "come", "place", "stand"}:
            yield from _ranks(trigger, reading)
        else:
            yield from _occupies(trigger, reading)
    elif trigger.lower_ in SUPERLATIVES:
        yield from _largest(trigger, reading)


def _ranks(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A ranks second", "A came third", "A ranked 14th among B"."""
    for child in verb.children:
        rank = _place(child)
        if not rank or child.dep_ not in {"advmod", "acomp", "oprd", "attr", "dobj", "npadvmod"}:
            continue
        actors = reading.agents(surface_subject(verb), RANKED)
        if len(actors) == 1:
            confidence = 0.9 if verb.lemma_ == "rank" else 0.84
            among = next(iter(prepositional(verb, "among", "in")), child)
            yield from _rank(
                reading, "figure.ranks", actors[0], rank, phrase(among, reading), verb, confidence
            )


def _occupies(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A occupies the twelfth place among B", "A slipped to second place"."""
    for place in [*children(verb, "dobj"), *prepositional(verb, "to", "in", "into")]:
        rank = next((_place(c) for c in place.children if _place(c)), 0)
        if not rank or lemma(place) not in {"place", "rank", "position", "spot"}:
            continue
        actors = reading.agents(surface_subject(verb), RANKED)
        if len(actors) == 1:
            yield from _rank(reading, "figure.ranks", actors[0], rank, phrase(place, reading), verb, 0.88)


def _place(token: Token) -> int:
    """Return the rank that an ordinal names, 0 if none."""
    word = token.lower_
    digits = word.rstrip("stndrh")
    return ORDINALS.get(word) or (
        int(digits) if digits.isdigit() and digits != word and len(digits) < 4 else 0
    )


def _largest(word: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A is the world's second-largest exporter of B", in a predicate or an apposition."""
    noun = _set(word)
    if noun is None or any(child.lower_ in {"one", "among", "no"} for child in noun.children):
        return
    if noun.head.lower_ in {"of", "among"} or (noun.head.dep_ == "prep" and noun.head.head.lower_ == "one"):
        return
    for actor, predicate in _bearers(noun, reading):
        rank = _ordinal(word)
        ahead = [*prepositional(noun, "after", "behind"), *prepositional(predicate, "after", "behind")]
        ahead += [
            t for place in prepositional(noun, "in", "of") for t in prepositional(place, "after", "behind")
        ]
        beside = [t for t in ahead if predicate.i < t.i < noun.i + 8]
        rank += len(reading.agents(beside[0], RANKED)) if beside and rank == 1 else 0
        yield from _rank(reading, "figure.largest", actor, rank, phrase(noun, reading), predicate, 0.9)


def _set(word: Token) -> Token | None:
    """Return what a superlative ranks in: "largest exporter", or itself in "the largest of B's partners"."""
    noun = word.head
    if word.dep_ == "amod" and noun.tag_ in {"NN", "NNP"} and (lemma(noun) in SETS or _compared(word, noun)):
        return noun
    of = [t for t in prepositional(word, "of", "among") if lemma(t) in SETS and t.tag_ in {"NNS", "NNPS"}]
    return word if of and word.dep_ in {"attr", "appos", "nsubj"} else None


def _compared(word: Token, noun: Token) -> bool:
    """Say whether any other noun is ranked in a whole: "Russia's largest bank", "the biggest port in B"."""
    whole = any(True for _ in children(noun, "poss")) or prepositional(noun, "in", "of")
    return bool(whole) and word.lower_ in {"largest", "biggest"} and noun.pos_ == "NOUN"


def _bearers(noun: Token, reading: Reading) -> list[tuple[Mention, Token]]:
    """Return who has the rank, with the predicate that says so."""
    head = noun.head
    if noun.dep_ in {"attr", "oprd"} and is_verb(head) and lemma(head) in COPULAS:
        return _one(reading.agents(surface_subject(head), RANKED), head)
    if noun.dep_ == "nsubj" and lemma(head) in {"be", "remain"}:
        named = [c for c in children(head, "attr") if reading.mentions.at(c)]
        return _one([m for c in named for m in reading.agents(c, RANKED)], head)
    if noun.dep_ == "appos":
        return _one(_just_before(noun, reading) or reading.agents(head, RANKED)[:1], noun)
    if noun.dep_ == "pobj" and head.lower_ == "as":
        verb = head.head
        if lemma(verb) in {"overtake", "replace", "emerge", "surpass", "rank", "rise"}:
            return _one(reading.agents(surface_subject(verb), RANKED), verb)
    inner = [m for c in children(noun, "appos") for m in reading.all_at([c]) if m.type in RANKED]
    return _one(inner, noun)


def _just_before(noun: Token, reading: Reading) -> list[Mention]:
    """Return the name that an apposition stands next to, wherever the parser hung it."""
    first = noun.left_edge.i
    mention = reading.mentions.at(noun.doc[first - 2]) if first > 1 else None
    fits = mention is not None and mention.type in RANKED and mention.form == "name"
    return [mention] if mention is not None and fits else []


def _one(actors: list[Mention], predicate: Token) -> list[tuple[Mention, Token]]:
    return [(actors[0], predicate)] if len(actors) == 1 else []


def _ordinal(word: Token) -> int:
    """Return the rank before a superlative: "second-largest", "15th biggest"; the first where none stands."""
    near = [child for child in word.children if child.i < word.i]
    near += reversed(word.doc[max(0, word.i - 2) : word.i])
    return next((_place(token) for token in near if _place(token)), 1)


def _rank(
    reading: Reading, rule: str, actor: Mention, rank: int, among: str, predicate: Token, confidence: float
) -> Iterator[Candidate]:
    roles: list[Role] = [text("indicator", "rank"), *names("of", [actor], reading)]
    roles += [("value", Literal(str(Decimal(rank)), "decimal")), text("unit", "rank"), text("among", among)]
    roles += period(reading.time_of(predicate))
    candidate = found(reading, rule, roles, predicate, confidence)
    if candidate is not None:
        yield candidate
