"""Meetings, visits and summits."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.reading import Reading
from kg.extract.rules.common import as_place, date, found, is_place, names, place
from kg.extract.syntax import (
    complements,
    conjuncts,
    is_passive,
    is_verb,
    objects,
    prepositional,
    subject,
    surface_subject,
)

MEETING = frozenset({"meet", "confer"})
HOLDING = frozenset("hold have conduct open convene attend host".split())
ENCOUNTERS = frozenset(
    {"talk", "meeting", "summit", "consultation", "discussion", "conversation", "dialogue"}
)
RECEIVING = frozenset({"receive", "host", "welcome", "greet"})
TRAVELLING = frozenset({"travel", "fly", "arrive", "go"})
TRIGGERS = MEETING | HOLDING | RECEIVING | TRAVELLING | ENCOUNTERS | {"visit"}
ROUNDS = frozenset({"round", "series", "session"})
ATTENDING = frozenset({"Person", "Polity", "Organisation"})
HAPPENING = frozenset({"hold", "take", "occur", "convene", "open", "begin", "end"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find meetings and visits around verbs and nouns."""
    lemma = trigger.lemma_.lower()
    if is_verb(trigger):
        if lemma in MEETING:
            yield from _met(trigger, reading)
        elif lemma == "visit":
            yield from _visited(trigger, reading)
        elif lemma in HOLDING and any(t.lemma_.lower() in ENCOUNTERS for t in objects(trigger)):
            yield from _held(trigger, reading)
        elif lemma in TRAVELLING:
            yield from _travelled(trigger, reading)
        elif lemma in RECEIVING:
            yield from _received(trigger, reading)
    elif lemma == "visit":
        yield from _visit(trigger, reading)
    elif lemma in ENCOUNTERS:
        yield from _between(trigger, reading)


def _sides(tokens: list[Token], reading: Reading) -> list[Mention]:
    found_ = {m.name: m for token in tokens for m in reading.agents(token, ATTENDING)}
    return [mention for mention in found_.values() if mention.form != "adjective" or mention.type != "Person"]


def _met(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A met B", "A and B met in C"."""
    actor = subject(verb)
    training = any(t.lemma_.lower() in {"exercise", "drill"} for t in complements(verb, "for", "in"))
    if training or (actor is not None and actor.lower_ == "they"):
        return
    actors = _sides([actor] if actor is not None else [], reading)
    others = _sides([*(objects(verb)[:1]), *complements(verb, "with")], reading)
    plural = actor is not None and actor.tag_ == "NNS" and any(m.type == "Organisation" for m in actors)
    if not actors or (len(actors) < 2 and not others and not plural):
        return
    yield from _built(reading, "meeting.met", verb, actors + others, place(reading, verb), 0.92)


def _held(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A held talks with B", "a summit was held between A and B"."""
    actor = subject(verb)
    actors = _sides([actor] if actor is not None else [], reading)
    others = _sides(complements(verb, "with", "between"), reading)
    persons = [m for m in actors if m.type == "Person"]
    if verb.lemma_ == "attend" and persons and not others and place(reading, verb):
        yield from _built(reading, "meeting.attended", verb, persons, place(reading, verb), 0.86)
        return
    if len(actors + others) < 2:
        return
    yield from _built(reading, "meeting.held", verb, actors + others, place(reading, verb), 0.91)


def _between(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "the summit between A and B took place in C"."""
    whole = noun.head.head if noun.dep_ == "pobj" and noun.head.head.lemma_.lower() in ROUNDS else noun
    verb = whole.head
    if whole.dep_ not in {"nsubj", "nsubjpass"} or verb.lemma_ not in HAPPENING:
        return
    if is_passive(verb) and subject(verb) is not None:
        return
    parties = _sides(prepositional(noun, "between", "of", "with"), reading)
    owners = reading.states(
        child for child in noun.lefts if child.dep_ in {"amod", "compound", "nmod", "poss"}
    )
    bodies = (
        [m for m in reading.all_at(noun.lefts) if m.type == "Organisation"] if noun.lemma_ == "summit" else []
    )
    owners += bodies
    if len(parties + owners) >= 2 or bodies:
        yield from _built(
            reading, "meeting.took-place", verb, parties + owners, place(reading, verb, noun), 0.9
        )


def _visited(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A visited B"."""
    for thing in objects(verb):
        yield from _visiting(reading, "meeting.visited", verb, subject(verb), thing, 0.92)


def _visit(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A paid a visit to B", "A's visit to B", "a visit by A to B"."""
    goals = [*prepositional(noun, "to"), *(prepositional(noun.head, "to") if noun.dep_ == "dobj" else [])]
    visitors = [child for child in noun.lefts if child.dep_ == "poss"] + prepositional(noun, "by")
    if (
        not visitors
        and noun.dep_ == "dobj"
        and noun.head.lemma_ in {"pay", "make", "begin", "start", "complete", "conclude"}
    ):
        visitor = subject(noun.head)
        visitors = [visitor] if visitor is not None else []
    if (
        not visitors
        and noun.dep_ == "pobj"
        and noun.head.lower_ in {"during", "on", "for"}
        and is_verb(noun.head.head)
        and (noun.head.lower_ != "for" or noun.head.head.lemma_ in TRAVELLING)
    ):
        visitor = surface_subject(noun.head.head)
        visitors = [visitor] if visitor is not None else []
    for goal in goals[:1]:
        for visitor in visitors[:1]:
            yield from _visiting(reading, "meeting.visit", noun, visitor, goal, 0.88)


def _travelled(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A flew to B for talks with C"."""
    purposes = [t for t in complements(verb, "for", "on") if t.lemma_.lower() in ENCOUNTERS | {"visit"}]
    visitor = subject(verb)
    goals = prepositional(verb, "to", "in", "at")
    for purpose in purposes[:1]:
        hosts = _sides(prepositional(purpose, "with"), reading)
        visitors = [
            m for m in _sides([visitor] if visitor is not None else [], reading) if m.type == "Person"
        ]
        where = [m for goal in goals for m in reading.all_at([goal]) if is_place(m)]
        if visitors and where:
            roles = names("place", [as_place(where[0], reading)], reading)
            yield from _built(reading, "meeting.travelled", verb, visitors + hosts, roles, 0.89)


def _visiting(
    reading: Reading, rule: str, predicate: Token, visitor: Token | None, goal: Token, confidence: float
) -> Iterator[Candidate]:
    visitors = [m for m in _sides([visitor] if visitor is not None else [], reading) if m.type == "Person"]
    where = [m for part in conjuncts(goal) for m in reading.all_at([part]) if is_place(m)]
    if visitors and len(where) == 1:
        roles = names("place", [as_place(where[0], reading)], reading)
        yield from _built(reading, rule, predicate, visitors, roles, confidence)


def _received(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A received B in C" between persons."""
    actors = [m for m in _sides([t for t in [subject(verb)] if t is not None], reading) if m.type == "Person"]
    guests = _sides(objects(verb)[:1], reading)
    if actors and guests:
        yield from _built(reading, "meeting.received", verb, actors + guests, place(reading, verb), 0.88)


def _built(
    reading: Reading,
    rule: str,
    predicate: Token,
    parties: list[Mention],
    where: list[Role],
    confidence: float,
) -> Iterator[Candidate]:
    unique = {mention.name: mention for mention in parties}
    when = date(reading, predicate)
    unsure = any(mention.type == "Organisation" and not mention.sure for mention in unique.values())
    roles = names("party", unique.values(), reading) + when + where
    candidate = found(
        reading, rule, roles, predicate, confidence - 0.1 * unsure - 0.04 * (not when and not where)
    )
    if candidate is not None:
        yield candidate
