"""Territory that passes from one state to another: cessions, annexations, returns."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.quantities import AREAS
from kg.extract.reading import Reading
from kg.extract.rules.common import date, found, measure, names, phrase, text
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

CEDING = frozenset(
    "pass cede transfer return surrender relinquish hand give sell lose yield lease restore".split()
)
TAKING = frozenset(
    "annex acquire seize regain recover incorporate absorb gain conquer take obtain capture purchase buy "
    "receive".split()
)
STRONG = frozenset({"cede", "annex"})
NOMINAL = {
    "cession": True,
    "annexation": False,
    "handover": True,
    "return": True,
    "purchase": False,
    "transfer": True,
    "acquisition": False,
    "seizure": False,
}
TRIGGERS = CEDING | TAKING | NOMINAL.keys()
STATES = frozenset({"Polity", "Organisation"})
PARTIAL = frozenset({"half", "part", "rest", "third", "quarter", "bank", "slice", "swathe"})
LAND = frozenset(
    "territory land area region province island strip peninsula district archipelago enclave county coast "
    "port city town exclave base".split()
)


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find transfers of territory around a verb or its nominalisation."""
    lemma = trigger.lemma_.lower()
    if is_verb(trigger) and lemma in CEDING:
        yield from _ceded(trigger, reading)
    elif is_verb(trigger) and lemma in TAKING:
        yield from _taken(trigger, reading)
    elif lemma in NOMINAL and trigger.pos_ == "NOUN":
        yield from _nominal(trigger, NOMINAL[lemma], reading)


def _states(tokens: list[Token], reading: Reading) -> list[Mention]:
    return [m for token in tokens for m in reading.agents(token, STATES)]


def _ceded(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A ceded X to B"."""
    if verb.lemma_ == "pass":
        thing = subject(verb)
        sides = _states(complements(verb, "from"), reading), _states(complements(verb, "to"), reading)
        yield from _built(reading, "territory.passed", verb, *sides, [thing] if thing is not None else [])
        return
    actor = subject(verb)
    givers = _states([actor] if actor is not None else [], reading)
    takers = _states(complements(verb, "to"), reading)
    passive = is_passive(verb)
    givers = givers or (_states(prepositional(verb, "by"), reading) if passive else [])
    yield from _built(reading, "territory.ceded", verb, givers, takers, objects(verb))


def _taken(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "B annexed X from A"."""
    actor = subject(verb)
    takers = _states([actor] if actor is not None else [], reading)
    givers = _states(complements(verb, "from"), reading)
    if verb.lemma_ in STRONG or givers:
        yield from _built(reading, "territory.taken", verb, givers, takers, objects(verb))


def _nominal(noun: Token, ceding: bool, reading: Reading) -> Iterator[Candidate]:
    """Find "A's cession of X to B", "the annexation of X by B"."""
    lands = [part for token in prepositional(noun, "of") for part in conjuncts(token)]
    owners = [m for c in noun.lefts if c.dep_ in {"poss", "amod"} for m in reading.agents(c, STATES)]
    owners += _states(prepositional(noun, "by"), reading)
    others = _states(complements(noun, "to") or [t for x in lands for t in prepositional(x, "to")], reading)
    sources = _states(prepositional(noun, "from"), reading)
    givers, takers = (owners or sources, others) if ceding else (sources, owners)
    yield from _built(reading, "territory.noun", noun, givers, takers, lands)


def _built(
    reading: Reading,
    rule: str,
    predicate: Token,
    givers: list[Mention],
    takers: list[Mention],
    lands: list[Token],
) -> Iterator[Candidate]:
    strong = predicate.lemma_.lower() in STRONG | {"cession", "annexation"}
    if len({m.name for m in takers}) > 1 or len({m.name for m in givers}) > 1:
        return
    if not takers if strong else not (takers and givers):
        return
    for land in lands:
        area = _area(land, reading)
        for name, sure in _lands(land, reading, area=bool(area)):
            if name in {m.name for m in givers + takers}:
                continue
            roles: list[Role] = [*names("from", givers[:1], reading), *names("to", takers[:1], reading)]
            roles += [text("territory", name), *area, *date(reading, predicate), *_under(predicate, reading)]
            candidate = found(
                reading, rule, roles, predicate, 0.92 if strong and sure else 0.87 if sure else 0.8
            )
            if candidate is not None:
                yield candidate


def _lands(land: Token, reading: Reading, *, area: bool) -> Iterator[tuple[str, bool]]:
    mention = reading.mentions.at(land)
    if mention is not None and mention.type in {"Place", "Polity"}:
        yield mention.name, True
    elif mention is not None and (
        mention.type == "Entity" or (mention.type == "Organisation" and not mention.sure)
    ):
        yield mention.name, False
    elif land.lemma_.lower() in LAND | PARTIAL:
        inner = [m for t in prepositional(land, "of") for p in conjuncts(t) for m in reading.all_at([p])]
        places = [m for m in inner if m.type in {"Place", "Polity", "Entity"}]
        if places and land.lemma_.lower() in PARTIAL:
            yield phrase(land, reading), True
            return
        for place in places:
            yield place.name, True
        if not places and area:
            yield land.text, True
    elif area:
        yield "territory", True


def _area(land: Token, reading: Reading) -> list[Role]:
    for quantity, span in reading.quantities:
        if quantity.unit in AREAS and (span.root == land or land in list(span.root.ancestors)[:2]):
            return measure(quantity)
    return []


def _under(predicate: Token, reading: Reading) -> list[Role]:
    """Return the treaty by which it was done."""
    verb = predicate if is_verb(predicate) else predicate.head
    tokens = complements(verb, "under", "in", "by", "through", "with", "at") if is_verb(verb) else []
    first = surface_subject(verb) if is_verb(verb) else None
    for token in [*tokens, *([first] if first is not None else [])]:
        mention = reading.mentions.at(token)
        if mention is not None and mention.type == "Agreement":
            return names("under", [mention], reading)
    return []
