"""Wars, invasions and clashes."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.modality import presupposed
from kg.extract.reading import Reading
from kg.extract.rules.common import date, edtf, found, names, place, text
from kg.extract.syntax import complements, conjuncts, is_verb, objects, prepositional, subject

ATTACKING = frozenset({"invade", "attack", "bomb", "shell", "bombard"})
FIGHTING = frozenset({"fight", "clash", "battle", "exchange"})
NOUNS = frozenset({"war", "conflict", "clash", "fighting", "invasion", "hostility", "skirmish", "battle"})
TRIGGERS = ATTACKING | FIGHTING | NOUNS | {"declare", "wage", "wag"}
STATES = frozenset({"Polity", "Organisation"})
UNARMED = frozenset(
    "trade price cold culture word star civil tariff currency bidding turf proxy legal diplomatic "
    "political commercial economic ideological latent social propaganda".split()
)
BREAKING = frozenset(
    {"break", "erupt", "begin", "start", "last", "take", "occur", "end", "rage", "flare", "leave", "cost"}
)


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find conflicts around a verb of attacking or fighting, or a noun such as "war"."""
    lemma = trigger.lemma_.lower()
    if is_verb(trigger):
        if lemma in ATTACKING:
            yield from _attacked(trigger, reading)
        elif lemma in FIGHTING:
            yield from _fought(trigger, reading)
        elif lemma in {"declare", "wage", "wag"} and any(t.lemma_.lower() == "war" for t in objects(trigger)):
            yield from _declared(trigger, reading)
    elif lemma in NOUNS and not _figurative(trigger):
        yield from _war(trigger, reading)
        yield from _went(trigger, reading)


def _went(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A went to war with B", "A was at war with B"."""
    verb = noun.head.head
    if noun.dep_ != "pobj" or noun.head.lower_ not in {"to", "at"} or not is_verb(verb):
        return
    actor = subject(verb)
    parties = _states([actor] if actor is not None else [], reading)
    parties += _states(
        [*complements(verb, "with", "against"), *prepositional(noun, "with", "against")], reading
    )
    if verb.lemma_ in {"go", "be"} and len({m.name for m in parties}) >= 2:
        yield from _built(reading, "conflict.went", verb, parties, None, 0.87)


def _figurative(noun: Token) -> bool:
    return any(child.lemma_.lower() in UNARMED for child in noun.lefts)


def _attacked(verb: Token, reading: Reading) -> Iterator[Candidate]:
    actor = subject(verb)
    attackers = _states([actor] if actor is not None else [], reading)
    targets = _states(objects(verb)[:1], reading)
    if attackers and targets:
        confidence = 0.9 if verb.lemma_ == "invade" else 0.86
        war = verb.head if verb.dep_ == "relcl" and verb.head.lemma_.lower() in NOUNS else None
        mention = reading.mentions.at(war) if war is not None else None
        name = mention.name if mention is not None else None
        when = _war_date(war, reading) if war is not None else None
        yield from _built(
            reading, "conflict.attacked", verb, attackers + targets, name, confidence, when=when
        )


def _states(tokens: list[Token], reading: Reading) -> list[Mention]:
    found_ = {m.name: m for token in tokens for m in reading.agents(token, frozenset({"Polity"}))}
    return list(found_.values())


def _fought(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A and B fought a war in 1962", "A clashed with B"."""
    actor = subject(verb)
    actors = _states([actor] if actor is not None else [], reading)
    wars = [t for t in objects(verb) if t.lemma_.lower() in NOUNS and not _figurative(t)]
    others = _states(
        [
            *prepositional(verb, "with", "against"),
            *(t for war in wars for t in prepositional(war, "with", "against")),
        ],
        reading,
    )
    others += _states(objects(verb), reading) if not wars else []
    forces = actor is not None and actor.tag_ == "NNS"
    if verb.lemma_ == "fight" and not wars and not others and not forces:
        return
    if verb.lemma_ == "exchange" and not any(thing.lemma_ == "fire" for thing in objects(verb)):
        return
    if len({m.name for m in actors + others}) >= 2:
        yield from _built(reading, "conflict.fought", verb, actors + others, None, 0.89)


def _declared(verb: Token, reading: Reading) -> Iterator[Candidate]:
    actor = subject(verb)
    actors = _states([actor] if actor is not None else [], reading)
    wars = [t for t in objects(verb) if t.lemma_.lower() == "war"]
    targets = _states(
        [
            *prepositional(verb, "on", "against"),
            *(t for war in wars for t in prepositional(war, "on", "against")),
        ],
        reading,
    )
    if (actors and targets) or (verb.lemma_ in {"wage", "wag"} and len(actors) == 2):
        yield from _built(reading, "conflict.declared", verb, actors + targets, None, 0.88)


def _war(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "the 1962 war between A and B", "the A–B War of 1962", "A's invasion of B"."""
    sides = prepositional(noun, "between")
    if not sides and noun.dep_ in {"nsubj", "dobj"} and noun.head.lemma_ in BREAKING:
        sides = prepositional(noun.head, "between")
    parties = [m for t in sides for m in _states([t], reading)]
    lefts = [w for c in noun.lefts if c.dep_ in {"amod", "compound", "nmod", "poss"} for w in c.subtree]
    owners = reading.states(lefts)
    mention = reading.mentions.at(noun)
    if noun.lemma_.lower() in {"invasion", "bombing"}:
        targets = _states([p for t in prepositional(noun, "of") for p in conjuncts(t)], reading)
        actors = owners or _states(prepositional(noun, "by"), reading)
        parties = actors + targets if actors and targets else []
    elif len(parties) < 2:
        against = _states(prepositional(noun, "with", "against"), reading)
        parties = owners + against if owners and against else owners if len(owners) == 2 else []
        parties = parties or (_named_states(mention, reading) if mention is not None else [])
    if len({m.name for m in parties}) < 2:
        return
    name = mention.name if mention is not None and mention.type == "Conflict" else None
    when = _war_date(noun, reading)
    if not when and not name:
        return
    yield from _built(reading, "conflict.noun", noun, parties, name, 0.88, when=when)


def _named_states(mention: Mention, reading: Reading) -> list[Mention]:
    words = [word.text for word in reading.doc[mention.start : mention.end]]
    return [
        Mention(
            entry.name,
            entry.type,
            mention.start + start,
            mention.start + end,
            mention.start,
            entry.form,
            entry.iri,
        )
        for start, end, entry in reading.gazetteer.matches(words)
        if entry.type == "Polity"
    ]


def _war_date(noun: Token, reading: Reading) -> list[Role]:
    """Return the date in "the 1962 war", "the war of 1962", or of the verb that says when it broke out."""
    for time, span in reading.times:
        chain = list(span.root.ancestors)[:3]
        if noun in chain and not any(is_verb(t) for t in chain[: chain.index(noun)]):
            return [edtf("date", time.edtf)] if time.edtf else []
    verb = noun.head
    if noun.dep_ in {"nsubj", "nsubjpass", "dobj"} and verb.lemma_ in BREAKING | FIGHTING:
        return date(reading, verb)
    return []


def _built(
    reading: Reading,
    rule: str,
    predicate: Token,
    parties: list[Mention],
    name: str | None,
    confidence: float,
    *,
    when: list[Role] | None = None,
) -> Iterator[Candidate]:
    unique = {mention.name: mention for mention in parties}
    roles: list[Role] = [*names("party", unique.values(), reading)]
    roles += [text("name", name)] if name else []
    when = date(reading, predicate) if when is None else when
    roles += when + (place(reading, predicate) if is_verb(predicate) else [])
    definite = any(child.dep_ == "poss" or child.lower_ == "the" for child in predicate.children)
    standing = presupposed(predicate) if rule == "conflict.noun" and definite else None
    candidate = found(reading, rule, roles, predicate, confidence - 0.08 * (not when), judgement=standing)
    if candidate is not None:
        yield candidate
