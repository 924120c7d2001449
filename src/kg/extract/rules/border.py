"""The length of a border between two states."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.modality import presupposed
from kg.extract.quantities import LENGTHS
from kg.extract.reading import Reading
from kg.extract.rules.common import found, measure, names
from kg.extract.syntax import is_verb, objects, prepositional, subject

TRIGGERS = frozenset({"border", "boundary", "frontier"})
EXTENT = frozenset({"run", "stretch", "be", "measure", "extend", "span", "total", "share", "have"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A and B share a 4,300-kilometre border", "the border between A and B is 4,300 km long"."""
    if is_verb(trigger):
        yield from _bordering(trigger, reading)
        return
    yield from _shared(trigger, reading)
    for quantity, span in reading.quantities:
        if (
            quantity.unit not in LENGTHS
            or span.root.sent != trigger.sent
            or not _measures(span.root, trigger)
        ):
            continue
        states = _sides(trigger, reading)
        if len(states) != 2:
            continue
        roles: list[Role] = names("party", states, reading) + measure(quantity)
        predicate = trigger.head if trigger.dep_ in {"nsubj", "dobj"} and is_verb(trigger.head) else trigger
        definite = any(child.dep_ == "poss" or child.lower_ == "the" for child in trigger.children)
        judgement = presupposed(predicate) if definite else None
        candidate = found(reading, "border.length", roles, predicate, 0.93, judgement=judgement)
        if candidate is not None:
            yield candidate


def _shared(border: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A and B share a border", whether or not a length is given."""
    if border.dep_ != "dobj" or border.head.lemma_ not in {"share", "have"}:
        return
    states = _sides(border, reading)
    if len(states) == 2:
        candidate = found(reading, "border.shared", names("party", states, reading), border.head, 0.88)
        if candidate is not None:
            yield candidate


def _bordering(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A borders B over a length of 600 km"."""
    actor = subject(verb)
    states = _states([*([actor] if actor is not None else []), *objects(verb)[:1]], reading)
    for quantity, span in reading.quantities:
        if len(states) == 2 and quantity.unit in LENGTHS and verb in list(span.root.ancestors)[:4]:
            candidate = found(
                reading, "border.verb", names("party", states, reading) + measure(quantity), verb, 0.9
            )
            if candidate is not None:
                yield candidate
            return
    if len(states) == 2:
        candidate = found(reading, "border.borders", names("party", states, reading), verb, 0.86)
        if candidate is not None:
            yield candidate


def _states(tokens: list[Token], reading: Reading) -> list[Mention]:
    return list({m.name: m for token in tokens for m in reading.agents(token) if m.type == "Polity"}.values())


def _measures(root: Token, border: Token) -> bool:
    """Say whether a length is that of the border: its modifier, or what it runs for."""
    chain = list(root.ancestors)
    if border in chain[:3]:
        return not any(token.lower_ in {"from", "within", "near"} for token in chain[: chain.index(border)])
    verb = border.head
    return border.dep_ == "nsubj" and is_verb(verb) and verb.lemma_ in EXTENT and verb in chain[:3]


def _sides(border: Token, reading: Reading) -> list[Mention]:
    between = [m for t in prepositional(border, "between") for m in reading.agents(t)]
    between += [m for t in prepositional(border, "between") if not between for m in reading.pair(t)]
    owned = [m for c in border.lefts if c.lower_ == "its" for m in reading.resolve(c, frozenset({"Polity"}))]
    owners = owned or reading.states(
        w for c in border.lefts for w in c.subtree if c.dep_ in {"poss", "amod", "compound", "nmod"}
    )
    verb = border.head
    sharers = []
    if border.dep_ == "dobj" and is_verb(verb):
        actor = subject(verb)
        sharers = reading.agents(actor) if actor is not None else []
    others = [m for t in prepositional(border, "with") for m in reading.agents(t)]
    others += (
        [m for t in prepositional(verb, "with") for m in reading.agents(t)] if border.dep_ == "dobj" else []
    )
    for sides in (between, owners + others, sharers + others):
        states = {m.name: m for m in sides if m.type == "Polity"}
        if len(states) == 2:
            return list(states.values())
    theirs = next((child for child in border.lefts if child.lower_ in {"their"}), None)
    return reading.pair(theirs) if theirs is not None else []
