"""Arms sold and delivered: from whom to whom, what, how many, for how much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Literal, Role
from kg.extract.mentions import Mention
from kg.extract.quantities import MONEY, NUMBERS
from kg.extract.reading import Reading
from kg.extract.rules.amounts import leading
from kg.extract.rules.common import date, found, names, text
from kg.extract.rules.parties import doer
from kg.extract.rules.weapons import DESIGNATION, is_weapon, meant, weapons
from kg.extract.syntax import (
    children,
    complements,
    conjuncts,
    is_passive,
    is_verb,
    lemma,
    objects,
    prepositional,
)

GIVING = frozenset(
    "sell deliver supply export ship transfer provide hand donate send give equip furnish lend arm".split()
)
TAKING = frozenset("buy purchase acquire order receive import obtain get procure take secure".split())
EITHER = frozenset({"lease", "rent"})
NOMINAL = frozenset("sale delivery supply export shipment transfer purchase acquisition import".split())
CONTRACTS = frozenset({"contract", "deal", "agreement", "order"})
TRIGGERS = GIVING | TAKING | NOMINAL | EITHER | CONTRACTS | {"sign"}
DEALERS = frozenset({"Polity", "Organisation"})
_PLAIN = frozenset({"last", "first", "new", "more", "several", "some", "own", "other", "such", "second"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find transfers of arms around a verb or a noun of selling and buying."""
    word = lemma(trigger)
    if is_verb(trigger):
        if word in GIVING or (word in EITHER and complements(trigger, "to")):
            yield from _given(trigger, reading)
        elif word in TAKING | EITHER or (word == "sign" and prepositional(trigger, "for")):
            yield from _taken(trigger, reading)
    elif word in NOMINAL and trigger.pos_ == "NOUN":
        yield from _nominal(trigger, reading)
    elif word in CONTRACTS and trigger.tag_ == "NN":
        yield from _contracted(trigger, reading)


def _given(verb: Token, reading: Reading) -> Iterator[Candidate]:
    things = [t for part in _things(verb) for t in weapons(part)]
    takers = [
        m
        for t in [*complements(verb, "to"), *_recipients(verb), *_among(verb, "to")]
        for m in reading.agents(t, DEALERS)
    ]
    apart = [t for t in things if t.like_num and prepositional(t, "to")]
    with_ = complements(verb, "with")
    if not things and with_:
        takers = takers or [m for thing in objects(verb)[:1] for m in reading.agents(thing, DEALERS)]
        things = [t for token in with_ for part in conjuncts(token) for t in weapons(part)]
    if not things or not takers:
        return
    actor = doer(verb)
    givers = _dealers(actor, reading) if actor is not None else []
    if is_passive(verb) and not givers:
        givers = [m for thing in things for m in _makers(thing, reading)]
    for thing in apart:
        others = [m for t in prepositional(thing, "to") for m in reading.agents(t, DEALERS)]
        yield from _built(reading, "arms.given", verb, givers, others, [thing])
        takers = [m for m in takers if m.name not in {o.name for o in others}]
    yield from _built(reading, "arms.given", verb, givers, takers, [t for t in things if t not in apart])


def _things(verb: Token) -> list[Token]:
    """Return what is given or taken; a bare number stands for the arms named before."""
    things = objects(verb)
    if lemma(verb) == "sign":
        return [part for t in prepositional(verb, "for") for part in conjuncts(t)]
    if lemma(verb) == "take":
        delivered = [t for t in things if lemma(t) in {"delivery", "possession"}]
        return [p for t in delivered for o in prepositional(t, "of") for p in conjuncts(o)] or things
    return things


def _recipients(verb: Token) -> list[Token]:
    """Return the indirect object, bare or after "to"."""
    return [token for token in children(verb, "dative") if token.pos_ != "ADP"] + [
        inner
        for token in children(verb, "dative")
        if token.pos_ == "ADP"
        for inner in children(token, "pobj")
    ]


def _among(verb: Token, preposition: str) -> list[Token]:
    """Return B of "to A and to B"."""
    return [
        inner
        for first in verb.children
        if first.lower_ == preposition
        for second in children(first, "conj")
        if second.lower_ == preposition
        for inner in children(second, "pobj")
    ]


def _taken(verb: Token, reading: Reading) -> Iterator[Candidate]:
    parts = _things(verb)
    things = [t for part in parts for t in weapons(part)]
    if not things:
        return
    actor = doer(verb)
    takers = reading.agents(actor, DEALERS) if actor is not None else []
    sources = [*complements(verb, "from"), *(t for part in parts for t in prepositional(part, "from"))]
    givers = [m for t in sources for m in _dealers(t, reading)]
    givers = givers or [m for thing in things for m in _makers(thing, reading)]
    yield from _built(reading, "arms.taken", verb, givers, takers, things)


def _dealers(token: Token, reading: Reading) -> list[Mention]:
    """Return who sells: also a maker whose name the tagger did not know for one."""
    named = reading.agents(token, DEALERS | {"Place", "Entity", "Product", "Person"})
    return [
        m if m.type in DEALERS else replace(m, type="Organisation")
        for m in named
        if m.type in DEALERS or _maker(m)
    ]


def _maker(mention: Mention) -> bool:
    """Say whether an unknown name may be a firm's: no weapon's, and no full name of a person."""
    person = mention.type == "Person" and mention.end - mention.start > 1
    return not mention.sure and not person and not DESIGNATION.match(mention.name)


def _makers(thing: Token, reading: Reading) -> list[Mention]:
    """Return the state in "American arms", "French-built jets", "Turkish Bayraktar drones"."""
    marks = [c for c in thing.lefts if c.dep_ in {"amod", "compound", "nmod", "poss"}]
    words = [word for mark in marks for word in mark.subtree]
    known = reading.gazetteer.matches([word.text for word in words])
    return reading.states(words) or [
        Mention(e.name, e.type, words[a].i, words[b - 1].i + 1, words[a].i, e.form, e.iri, known=True)
        for a, b, e in known
        if e.form == "adjective"
    ]


def _nominal(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A's sale of X to B", "the delivery of X by A to B", "A's arms sales to B"."""
    parts = [part for t in prepositional(noun, "of") for part in conjuncts(t)]
    things = [t for part in parts for t in weapons(part)] or [
        c for c in children(noun, "compound") if is_weapon(c)
    ]
    if not things:
        return
    owners = [m for c in noun.lefts if c.dep_ in {"poss", "amod"} for m in reading.agents(c, DEALERS)]
    sides = {
        p: [m for t in _around(noun, parts, p) for m in reading.agents(t, DEALERS)]
        for p in ("by", "to", "from")
    }
    makers = [m for thing in things for m in _makers(thing, reading)]
    if lemma(noun) in {"purchase", "acquisition", "import"}:
        givers, takers = sides["from"] or makers, owners or sides["by"]
    else:
        givers, takers = owners or sides["by"] or sides["from"] or makers, sides["to"]
    yield from _built(reading, "arms.noun", noun, givers, takers, things)


def _around(noun: Token, parts: list[Token], preposition: str) -> list[Token]:
    return prepositional(noun, preposition) or [t for p in parts for t in prepositional(p, preposition)]


def _contracted(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A signed a contract with B for X": who signs for arms buys them."""
    verb = noun.head
    if not is_verb(verb) or lemma(verb) not in {"sign", "conclude", "place", "seal"} or noun.dep_ != "dobj":
        return
    wanted = [p for t in complements(verb, "for") for p in conjuncts(t)]
    things = [t for part in wanted for t in weapons(part)]
    actor = doer(verb)
    if not things or actor is None:
        return
    sources = [t for p in ("with", "from") for t in complements(verb, p)]
    sources += [t for part in wanted for t in prepositional(part, "with", "from")]
    givers = [m for t in sources for m in _dealers(t, reading)]
    yield from _built(reading, "arms.contract", verb, givers, reading.agents(actor, DEALERS), things)


def _built(
    reading: Reading,
    rule: str,
    predicate: Token,
    givers: list[Mention],
    takers: list[Mention],
    things: list[Token],
) -> Iterator[Candidate]:
    if len({m.name for m in givers}) != 1 or not takers or givers[0].name in {m.name for m in takers}:
        return
    for weapon in things:
        for taker in {m.name: m for m in takers}.values():
            roles: list[Role] = [*names("from", givers[:1], reading), *names("to", [taker], reading)]
            roles += [text("item", _item(weapon, reading)), *_number(weapon), *date(reading, predicate)]
            roles += _price(predicate, weapon, reading) if len(things) == 1 else []
            candidate = found(reading, rule, roles, predicate, 0.91)
            if candidate is not None:
                yield candidate


def _item(weapon: Token, reading: Reading) -> str:
    """Return the weapon with its designation, without number and maker."""
    weapon = (meant(weapon) or weapon) if weapon.like_num else weapon
    words = []
    for child in weapon.lefts:
        mention = reading.mentions.at(child)
        if child.dep_ in {"compound", "amod", "nmod", "punct", "nummod"} and (
            mention is None or mention.type != "Polity"
        ):
            words += [word for word in child.subtree if not word.like_num or DESIGNATION.match(word.text)]
    kept = [w for w in words if w.lower_ not in _PLAIN and not _state(w, reading)]
    first = kept[0].i if kept else weapon.i
    return weapon.doc[first : weapon.i + 1].text


def _state(word: Token, reading: Reading) -> bool:
    mention = reading.mentions.at(word)
    return mention is not None and mention.type == "Polity"


def _number(weapon: Token) -> list[Role]:
    for child in [weapon] if weapon.like_num else [*children(weapon, "nummod"), weapon.left_edge]:
        digits = child.text.replace(",", "")
        value = digits if digits.isdigit() else str(NUMBERS.get(child.lower_, ""))
        if value.isdigit():
            return [("quantity", Literal(value, "decimal"))]
    return []


def _price(predicate: Token, weapon: Token, reading: Reading) -> list[Role]:
    for quantity, span in reading.quantities:
        if quantity.unit in MONEY and span.root.sent == predicate.sent:
            near = predicate in list(span.root.ancestors)[:4] or weapon in list(span.root.ancestors)
            governor = predicate.head if not is_verb(predicate) else predicate
            summed = governor in list(span.root.ancestors) and leading(quantity, predicate.sent) == "to"
            before = reading.doc[max(0, span.start - 4) : span.start].text.lower()
            if summed or (near and re.search(r"\b(for|worth|at|price|cost)\b", before)):
                return [("value", Literal(quantity.literal, "decimal")), text("unit", quantity.unit)]
    return []
