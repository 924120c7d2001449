"""Organisations founded: by whom, when and where."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.reading import Reading
from kg.extract.rules.common import date, found, names, place
from kg.extract.syntax import companions, conjuncts, is_verb, objects, prepositional, subject

STRONG = frozenset(
    {
        "found",
        "refound",
        "refounde",
        "establish",
        "create",
        "form",
        "co-found",
        "cofound",
        "inaugurate",
        "institute",
    }
)
WEAK = frozenset({"launch", "set", "start", "organise", "organize", "constitute", "charter"})
NOMINAL = frozenset({"founding", "foundation", "establishment", "creation", "formation", "inception"})
EMERGING = frozenset({"come"})
TRIGGERS = STRONG | WEAK | NOMINAL | EMERGING | {"emerge"}
BODIES = frozenset({"Organisation"})
STATES = frozenset({"Polity", "Organisation"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find foundings around a verb or its nominalisation."""
    lemma = trigger.lemma_.lower()
    if is_verb(trigger) and lemma in STRONG | WEAK:
        if lemma != "set" or any(child.lower_ == "up" for child in trigger.children):
            yield from _founded(trigger, reading)
    elif lemma in EMERGING and any(
        t.lower_ in {"being", "existence"} for t in prepositional(trigger, "into")
    ):
        yield from _founded(trigger, reading, emerged=True)
    elif lemma in NOMINAL and not is_verb(trigger):
        yield from _founding(trigger, reading)


def _founded(verb: Token, reading: Reading, *, emerged: bool = False) -> Iterator[Candidate]:
    founder = None if emerged else subject(verb)
    things = [subject(verb)] if emerged else objects(verb)
    for thing in things:
        for body in _bodies(thing, reading) if thing is not None else []:
            founders = [
                *reading.agents(founder),
                *(m for t in _with(verb) for m in reading.agents(t, STATES)),
            ]
            yield from _built(reading, "founding.verb", verb, body, founders if founder is not None else [])


def _with(verb: Token) -> list[Token]:
    return [*companions(verb), *prepositional(verb, "with")]


def _bodies(thing: Token, reading: Reading) -> list[Mention]:
    """Return the organisations that the thing founded names, or that it refers back to."""
    found_ = []
    for mention in reading.resolve(thing, BODIES):
        capital = reading.doc[mention.head].pos_ == "PROPN"
        single = (
            mention.end - mention.start == 1
            and mention.type in {"Person", "Place"}
            and mention.form == "name"
        )
        if (
            (single and not mention.sure)
            or mention.type in BODIES
            or (mention.type == "Entity" and capital)
            or mention.type == "Product"
        ):
            found_.append(mention)
    return found_


def _founding(noun: Token, reading: Reading) -> Iterator[Candidate]:
    for thing in prepositional(noun, "of"):
        for part in conjuncts(thing):
            for body in _bodies(part, reading):
                founders = [m for token in prepositional(noun, "by") for m in reading.agents(token)]
                yield from _built(reading, "founding.noun", noun, body, founders)


def _built(
    reading: Reading, rule: str, predicate: Token, body: Mention, founders: list[Mention]
) -> Iterator[Candidate]:
    founders = [founder for founder in founders if founder.name != body.name]
    coming = [t for t in prepositional(predicate, "into") if is_verb(t) or t.lower_ in {"being", "existence"}]
    when, where = date(reading, predicate, *coming), place(reading, predicate, *coming)
    if not (founders or when):
        return
    roles: list[Role] = [*names("organisation", [body], reading), *names("founder", founders, reading)]
    weak = predicate.lemma_.lower() in WEAK
    confidence = (
        0.93 - 0.12 * weak - 0.08 * (not body.sure) - 0.05 * (body.type not in {"Organisation", "Entity"})
    )
    candidate = found(reading, rule, roles + when + where, predicate, confidence)
    if candidate is not None:
        yield candidate
