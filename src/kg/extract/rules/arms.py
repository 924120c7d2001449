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
from kg.extract.rules.common import date, found, names, text
from kg.extract.syntax import (
    children,
    complements,
    conjuncts,
    is_passive,
    is_verb,
    objects,
    prepositional,
    subject,
)

GIVING = frozenset(
    "sell deliver supply export ship transfer provide hand donate send give equip furnish".split()
)
TAKING = frozenset("buy purchase acquire order receive import obtain get procure take".split())
NOMINAL = frozenset("sale delivery supply export shipment transfer purchase acquisition import".split())
WEAPONS = frozenset(
    "missile jet fighter aircraft submarine tank frigate helicopter drone rifle artillery destroyer "
    "corvette weapon arm ammunition howitzer launcher bomber gun mortar warship radar warplane torpedo "
    "cruiser battleship trainer munition carbine cannon interceptor uav gunship minesweeper rocket shell "
    "grenade weaponry armour armor battery hovercraft mine warhead gunboat system vehicle boat plane "
    "airplane vessel carrier".split()
)
VAGUE = frozenset(
    {"system", "vehicle", "boat", "plane", "vessel", "carrier", "shell", "battery", "mine", "airplane"}
)
MILITARY = frozenset(
    "missile defence defense air combat armoured armored military patrol attack rocket artillery anti "
    "fighter naval weapon weapons radar amphibious torpedo gun".split()
)
_DESIGNATION = re.compile(r"^[A-Z][A-Za-z]{0,4}-?\d{1,3}[A-Za-z0-9-]*$")
TRIGGERS = GIVING | TAKING | NOMINAL
DEALERS = frozenset({"Polity", "Organisation"})
FORCES = frozenset({"Polity", "Organisation", "Entity"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find transfers of arms around a verb or a noun of selling and buying."""
    lemma = trigger.lemma_.lower()
    if is_verb(trigger) and lemma in GIVING:
        yield from _given(trigger, reading)
    elif is_verb(trigger) and lemma in TAKING:
        yield from _taken(trigger, reading)
    elif lemma in NOMINAL and trigger.pos_ == "NOUN":
        yield from _nominal(trigger, reading)


def is_weapon(token: Token) -> bool:
    """Say whether a noun names arms."""
    lemma = token.lemma_.lower()
    words = {word.lower_ for word in token.lefts} | {w.lower_ for c in token.lefts for w in c.subtree}
    if lemma in WEAPONS:
        return (
            lemma not in VAGUE
            or bool(words & MILITARY)
            or any(_DESIGNATION.match(w.text) for w in token.lefts)
        )
    return bool(_DESIGNATION.match(token.text)) and token.pos_ in {"PROPN", "NOUN"}


def _given(verb: Token, reading: Reading) -> Iterator[Candidate]:
    actor = subject(verb)
    givers = _dealers(actor, reading) if actor is not None else []
    things = objects(verb)
    takers = [
        m for t in [*complements(verb, "to")[:1], *_recipients(verb)] for m in reading.agents(t, DEALERS)
    ]
    if is_passive(verb) and not givers:
        givers = [m for thing in things for m in _makers(thing, reading)]
    with_ = complements(verb, "with")
    if not any(is_weapon(thing) for thing in things) and with_:
        takers = takers or [m for thing in things[:1] for m in reading.agents(thing, DEALERS)]
        things = [part for token in with_ for part in conjuncts(token)]
    yield from _built(reading, "arms.given", verb, givers, takers, things)


def _recipients(verb: Token) -> list[Token]:
    """Return the indirect object, bare or after "to"."""
    return [token for token in children(verb, "dative") if token.pos_ != "ADP"] + [
        inner
        for token in children(verb, "dative")
        if token.pos_ == "ADP"
        for inner in children(token, "pobj")
    ]


def _taken(verb: Token, reading: Reading) -> Iterator[Candidate]:
    actor = subject(verb)
    takers = reading.agents(actor, DEALERS) if actor is not None else []
    things = objects(verb)
    if verb.lemma_ == "take":
        delivered = [thing for thing in things if thing.lemma_ == "delivery"]
        things = [part for thing in delivered for t in prepositional(thing, "of") for part in conjuncts(t)]
    sources = [*complements(verb, "from"), *(t for thing in things for t in prepositional(thing, "from"))]
    givers = [m for t in sources for m in _dealers(t, reading)]
    givers = givers or [m for thing in things for m in _makers(thing, reading)]
    yield from _built(reading, "arms.taken", verb, givers, takers, things)


def _dealers(token: Token, reading: Reading) -> list[Mention]:
    """Return who sells: also a maker whose name the tagger did not know for one."""
    named = reading.agents(token, DEALERS | {"Place", "Entity", "Product"})
    return [
        m if m.type in DEALERS else replace(m, type="Organisation")
        for m in named
        if m.type in DEALERS or not m.sure
    ]


def _makers(thing: Token, reading: Reading) -> list[Mention]:
    """Return the state in "American arms", "French-built jets"."""
    return reading.states(
        child for child in thing.lefts if child.dep_ in {"amod", "compound", "nmod", "poss"}
    )


def _nominal(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A's sale of X to B", "the delivery of X by A to B"."""
    things = [part for t in prepositional(noun, "of") for part in conjuncts(t)]
    owners = [m for c in noun.lefts if c.dep_ in {"poss", "amod"} for m in reading.agents(c, DEALERS)]
    sides = {
        p: [m for t in _around(noun, things, p) for m in reading.agents(t, DEALERS)]
        for p in ("by", "to", "from")
    }
    if noun.lemma_.lower() in {"purchase", "acquisition", "import"}:
        givers, takers = sides["from"], owners or sides["by"]
    else:
        givers, takers = owners or sides["by"] or sides["from"], sides["to"]
    yield from _built(reading, "arms.noun", noun, givers, takers, things)


def _around(noun: Token, things: list[Token], preposition: str) -> list[Token]:
    return prepositional(noun, preposition) or [
        t for thing in things for t in prepositional(thing, preposition)
    ]


def _built(
    reading: Reading,
    rule: str,
    predicate: Token,
    givers: list[Mention],
    takers: list[Mention],
    things: list[Token],
) -> Iterator[Candidate]:
    weapons = [thing for thing in things if is_weapon(thing)]
    if len({m.name for m in givers}) != 1 or not takers or givers[0].name in {m.name for m in takers}:
        return
    for weapon in weapons:
        for taker in {m.name: m for m in takers}.values():
            roles: list[Role] = [*names("from", givers[:1], reading), *names("to", [taker], reading)]
            roles += [text("item", _item(weapon, reading)), *_number(weapon), *date(reading, predicate)]
            roles += _price(predicate, weapon, reading) if len(weapons) == 1 else []
            candidate = found(reading, rule, roles, predicate, 0.91)
            if candidate is not None:
                yield candidate


def _item(weapon: Token, reading: Reading) -> str:
    """Return the weapon with its designation, without number and maker."""
    words = []
    for child in weapon.lefts:
        mention = reading.mentions.at(child)
        if child.dep_ in {"compound", "amod", "nmod", "punct"} and (
            mention is None or mention.type != "Polity"
        ):
            words += [word for word in child.subtree if not word.like_num or _DESIGNATION.match(word.text)]
    kept = [
        word
        for word in words
        if word.lower_ not in {"last", "first", "new", "more", "several", "some", "own"}
    ]
    first = kept[0].i if kept else weapon.i
    return weapon.doc[first : weapon.i + 1].text


def _number(weapon: Token) -> list[Role]:
    for child in children(weapon, "nummod"):
        digits = child.text.replace(",", "")
        value = digits if digits.isdigit() else str(NUMBERS.get(child.lower_, ""))
        if value.isdigit():
            return [("quantity", Literal(value, "decimal"))]
    return []


def _price(predicate: Token, weapon: Token, reading: Reading) -> list[Role]:
    for quantity, span in reading.quantities:
        if quantity.unit in MONEY and span.root.sent == predicate.sent:
            before = reading.doc[max(0, span.start - 4) : span.start].text.lower()
            near = predicate in list(span.root.ancestors)[:4] or weapon in list(span.root.ancestors)
            if near and re.search(r"\b(for|worth|at|price|cost)\b", before):
                return [("value", Literal(quantity.literal, "decimal")), text("unit", quantity.unit)]
    return []
