"""Sanctions, embargoes and bans: by whom, against whom."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.reading import Reading
from kg.extract.rules.common import date, found, names, text
from kg.extract.syntax import children, complements, conjuncts, is_verb, objects, prepositional, subject

NOUNS = frozenset({"sanction", "embargo", "ban", "blockade", "tariff", "boycott", "restriction", "freeze"})
SURE = frozenset({"sanction", "embargo", "blockade", "boycott"})
IMPOSING = frozenset(
    "impose slap place introduce adopt declare announce apply put levy tighten extend enact order renew "
    "expand decree maintain proclaim".split()
)
HITTING = frozenset({"hit", "slap", "target", "place", "put", "subject", "punish"})
TRADED = frozenset("import export sale trade shipment delivery flight transit".split())
BARRED = {"freeze": frozenset({"asset", "account", "reserve"})}
BANNING = frozenset(
    {"ban", "prohibit", "forbid", "bar", "suspend", "halt", "freeze", "embargo", "block", "outlaw"}
)
"""Verbs that are measures by themselves when what they stop is trade, or what they freeze is property."""
TRIGGERS = NOUNS | IMPOSING | HITTING | BANNING | {"sanction", "blacklist"}
ACTORS = frozenset({"Polity", "Organisation"})
TARGETS = frozenset({"Polity", "Organisation", "Person", "Place", "Entity"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A imposed sanctions on B", "A sanctioned B", "A's embargo against B"."""
    lemma = trigger.lemma_.lower()
    if is_verb(trigger) and lemma in IMPOSING:
        for thing in objects(trigger):
            if thing.lemma_.lower() in NOUNS:
                yield from _imposed(trigger, thing, reading)
    elif is_verb(trigger) and lemma in {"sanction", "blacklist"}:
        yield from _sanctioned(trigger, reading)
    elif is_verb(trigger) and lemma in HITTING:
        yield from _hit(trigger, reading)
    elif is_verb(trigger) and lemma in BANNING:
        yield from _banned(trigger, reading)
    elif lemma in SURE and not is_verb(trigger):
        yield from _standing(trigger, reading)


def _targets(tokens: list[Token], reading: Reading) -> list[Mention]:
    return [m for token in tokens for m in reading.agents(token, TARGETS)]


def _imposed(verb: Token, thing: Token, reading: Reading) -> Iterator[Candidate]:
    actor = subject(verb)
    actors = reading.agents(actor, ACTORS) if actor is not None else []
    owners = [
        m for c in thing.lefts if c.dep_ in {"amod", "poss", "compound"} for m in reading.agents(c, ACTORS)
    ]
    aims = (
        ("on", "against", "upon", "to") if verb.lemma_ in {"apply", "extend"} else ("on", "against", "upon")
    )
    tokens = prepositional(thing, *aims) or complements(verb, *aims)
    if thing.lemma_.lower() == "ban" and not _targets(tokens, reading):
        tokens += complements(verb, "to", "from")
    tokens += [
        inner
        for token in tokens
        for inner in prepositional(token, "with", "to", "from")
        if token.pos_ == "NOUN"
    ]
    targets = _targets(tokens, reading)
    yield from _built(reading, "sanction.imposed", verb, actors or owners, targets, thing, 0.92)


def _sanctioned(verb: Token, reading: Reading) -> Iterator[Candidate]:
    actor = subject(verb)
    actors = reading.agents(actor, ACTORS) if actor is not None else []
    targets = _targets(objects(verb)[:1], reading)
    yield from _built(reading, "sanction.sanctioned", verb, actors, targets, None, 0.85)


def _hit(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A hit B with sanctions", "A placed B under an embargo", "A subjected B to sanctions"."""
    for thing in complements(verb, "with", "under", "to"):
        if thing.lemma_.lower() in NOUNS:
            actor = subject(verb)
            actors = reading.agents(actor, ACTORS) if actor is not None else []
            yield from _built(
                reading, "sanction.hit", verb, actors, _targets(objects(verb)[:1], reading), thing, 0.88
            )


def _banned(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A banned imports from B", "A suspended arms sales to B", "A froze the assets of B"."""
    actor = subject(verb)
    actors = reading.agents(actor, ACTORS) if actor is not None else []
    for thing in objects(verb):
        if thing.lemma_.lower() in BARRED.get(verb.lemma_, TRADED):
            tokens = [
                *complements(verb, "from", "to", "with"),
                *prepositional(thing, "from", "to", "with", "of"),
            ]
            inner = [t for token in tokens for t in prepositional(token, "from", "to")]
            targets = [
                m for m in _targets([*tokens, *inner], reading) if m.type in {"Polity", "Organisation"}
            ]
            yield from _built(
                reading, "sanction.banned", verb, actors, targets, thing, 0.84, stopping=verb.text
            )


def _standing(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "the EU's arms embargo on C", "American sanctions against D": taken for granted."""
    if noun.head.lemma_ in IMPOSING | {"lift", "ease", "end", "remove", "waive", "relax"} or any(
        child.lemma_ in IMPOSING for child in children(noun, "acl", "relcl")
    ):
        return
    owners = [c for c in noun.lefts if c.dep_ in {"amod", "poss", "compound", "nmod"}]
    actors = [m for c in owners for part in conjuncts(c) for m in reading.agents(part, ACTORS)]
    targets = _targets(prepositional(noun, "on", "against"), reading)
    yield from _built(reading, "sanction.standing", noun, actors, targets, noun, 0.82)


def _built(
    reading: Reading,
    rule: str,
    predicate: Token,
    actors: list[Mention],
    targets: list[Mention],
    thing: Token | None,
    confidence: float,
    *,
    stopping: str = "",
) -> Iterator[Candidate]:
    by = {mention.name: mention for mention in actors}
    for target in {mention.name: mention for mention in targets}.values():
        if not by or target.name in by:
            continue
        roles: list[Role] = [*names("actor", by.values(), reading), *names("target", [target], reading)]
        roles += [text("name", f"{stopping} {_what(thing, reading)}".strip())] if thing is not None else []
        roles += date(reading, predicate)
        candidate = found(reading, rule, roles, predicate, confidence)
        if candidate is not None:
            yield candidate


def _what(thing: Token, reading: Reading) -> str:
    """Return the measure in words: "arms embargo", "economic sanctions"."""
    words = [c for c in thing.lefts if c.dep_ in {"amod", "compound"} and reading.mentions.at(c) is None]
    first = words[0].left_edge.i if words else thing.i
    return thing.doc[first : thing.i + 1].text
