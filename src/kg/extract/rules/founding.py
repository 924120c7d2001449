"""Organisations founded: by whom, when and where."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Literal, Role
from kg.extract.mentions import Mention
from kg.extract.reading import Reading
from kg.extract.rules.actors import participants, subjects
from kg.extract.rules.common import date, edtf, found, names, place
from kg.extract.syntax import (
    children,
    clause_of,
    companions,
    conjuncts,
    is_passive,
    is_verb,
    objects,
    prepositional,
)

STRONG = frozenset(
    {
        "found",
        "refound",
        "establish",
        "create",
        "form",
        "co-found",
        "cofound",
        "inaugurate",
        "institute",
        "proclaim",
    }
)
WEAK = frozenset({"launch", "set", "start", "organise", "organize", "constitute", "charter"})
NOMINAL = frozenset({"founding", "foundation", "establishment", "creation", "formation", "inception"})
EMERGING = frozenset({"come"})
SCHOOLS = frozenset(
    "university institute academy school centre center bank polytechnic college museum".split()
)
"""Bodies of which "opened in 1920" says that they were founded."""
TRIGGERS = STRONG | WEAK | NOMINAL | EMERGING | {"emerge", "date", "founder", "co-founder", "open"}
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
    elif is_verb(trigger) and lemma == "date":
        if any(child.lower_ in {"from", "back"} for child in trigger.children):
            yield from _founded(trigger, reading, emerged=True)
    elif is_verb(trigger) and lemma == "open":
        heads = [*objects(trigger), *subjects(trigger)]
        if any(word.lower_ in SCHOOLS for head in heads for word in head.subtree):
            yield from _founded(trigger, reading, emerged=not is_passive(trigger))
    elif lemma in {"founder", "co-founder"} and not is_verb(trigger):
        yield from _founder(trigger, reading)
    elif lemma in NOMINAL and not is_verb(trigger):
        yield from _founding(trigger, reading)


def _founded(verb: Token, reading: Reading, *, emerged: bool = False) -> Iterator[Candidate]:
    heads = [] if emerged else subjects(verb)
    founders = participants(heads, reading)
    founders += [m for t in _with(verb) for m in reading.agents(t, STATES)] if heads else []
    things = subjects(verb) if emerged else objects(verb)
    states = verb.lemma_ == "proclaim" or (len(things) == 1 and is_passive(verb))
    for thing in things:
        for body in _bodies(thing, reading, states=states):
            if verb.lemma_ != "proclaim" or body.type == "Polity":
                yield from _built(reading, "founding.verb", verb, body, founders)


def _with(verb: Token) -> list[Token]:
    return [*companions(verb), *prepositional(verb, "with")]


def _bodies(thing: Token, reading: Reading, *, states: bool = False) -> list[Mention]:
    """Return the organisations that the thing founded names, or that it refers back to."""
    found_: list[Mention] = []
    named = reading.mentions.at(thing) is None
    beside = [m for m in reading.all_at(children(thing, "appos")) if named and _like_a_body(m)]
    for mention in beside or reading.resolve(thing, BODIES):
        if states and mention.type == "Polity" and mention.form == "name" and reading.mentions.at(thing):
            found_.append(mention)
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


def _like_a_body(mention: Mention) -> bool:
    return mention.type == "Organisation" or (
        mention.type in {"Entity", "Product", "Work"} and not mention.known
    )


def _founder(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "X, founder of B", "A and C were among the founders of B"."""
    bodies = [m for token in prepositional(noun, "of") for m in _bodies(token, reading)]
    verb = clause_of(noun)
    heads: list[Token] = list(children(noun, "appos"))
    if noun.dep_ == "appos":
        heads = [noun.head]
    elif noun.dep_ == "attr" or (noun.dep_ == "pobj" and noun.head.lower_ in {"among", "of"}):
        heads = subjects(verb) if verb.lemma_ == "be" else []
        heads += companions(verb) if verb.lemma_ == "be" else []
    founders = participants(heads, reading)
    for body in bodies if founders else []:
        yield from _built(reading, "founding.founder", noun, body, founders, verb)


def _founding(noun: Token, reading: Reading) -> Iterator[Candidate]:
    things = [part for thing in prepositional(noun, "of") for part in conjuncts(thing)]
    owner = next(children(noun, "poss"), None)
    if owner is not None and not things:
        verb = clause_of(noun)
        ahead = owner.lower_ == "its" and is_verb(verb) and verb.i > noun.i
        things = subjects(verb) if ahead else [owner]
    founders = [m for token in prepositional(noun, "by") for m in reading.agents(token)]
    for thing in things:
        for body in _bodies(thing, reading, states=owner is None):
            yield from _built(reading, "founding.noun", noun, body, founders)


def _built(
    reading: Reading,
    rule: str,
    predicate: Token,
    body: Mention,
    founders: list[Mention],
    *others: Token,
) -> Iterator[Candidate]:
    founders = [founder for founder in founders if founder.name != body.name]
    coming = [t for t in prepositional(predicate, "into") if is_verb(t) or t.lower_ in {"being", "existence"}]
    when, where = date(reading, predicate, *coming, *others), place(reading, predicate, *coming)
    when = [edtf(role, value.value.removesuffix("/..")) for role, value in when if isinstance(value, Literal)]
    if not (founders or when or (where and body.sure and is_verb(predicate))):
        return
    roles: list[Role] = [*names("organisation", [body], reading), *names("founder", founders, reading)]
    weak = predicate.lemma_.lower() in WEAK
    confidence = (
        0.93 - 0.12 * weak - 0.08 * (not body.sure) - 0.05 * (body.type not in {"Organisation", "Entity"})
    )
    candidate = found(reading, rule, roles + when + where, predicate, confidence)
    if candidate is not None:
        yield candidate
