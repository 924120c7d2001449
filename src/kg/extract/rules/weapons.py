"""Nouns for arms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.syntax import children, conjuncts, lemma, prepositional

WEAPONS = frozenset(
    "missile jet fighter aircraft submarine tank frigate helicopter drone rifle artillery destroyer "
    "corvette weapon arm ammunition howitzer launcher bomber gun mortar warship radar warplane torpedo "
    "cruiser battleship trainer munition carbine cannon interceptor uav gunship minesweeper rocket shell "
    "grenade weaponry armour armor battery hovercraft mine warhead gunboat system vehicle boat plane "
    "airplane vessel carrier dreadnought ironclad equipment hardware materiel revolver musket machine "
    "complex regiment unit technology engine tanker ship hull transporter airlifter cutter airframe "
    "squadron kit radars torpedoes bomb".split()
)
VAGUE = frozenset(
    "system vehicle boat plane vessel carrier shell battery mine airplane equipment hardware machine "
    "complex regiment unit technology engine tanker ship hull transporter cutter squadron kit arm "
    "trainer".split()
)
"""Nouns that are arms only with a military word or a designation before them."""
MILITARY = frozenset(
    "missile defence defense air combat armoured armored military patrol attack rocket artillery anti "
    "fighter naval weapon weapons radar amphibious torpedo gun battle warfare jet aircraft helicopter "
    "landing light coast transport refuelling drone tank training".split()
)
DESIGNATION = re.compile(r"^[A-Z][A-Za-z]{0,4}-?\d{1,3}[A-Za-z0-9-]*$")
_PARTS = frozenset(
    "batch delivery consignment dozen number set pair shipment order hundred thousand score total quantity "
    "squadron regiment division fleet couple package tranche series pallet load".split()
)


def is_weapon(token: Token) -> bool:
    """Say whether a noun names arms."""
    word = lemma(token)
    if word in WEAPONS:
        before = {w.lower_ for child in token.lefts for w in child.subtree}
        plural_arms = token.lower_ == "arms"
        designated = any(DESIGNATION.match(w.text) for child in token.lefts for w in child.subtree)
        return word not in VAGUE or plural_arms or bool(before & MILITARY) or designated
    return bool(DESIGNATION.match(token.text)) and token.pos_ in {"PROPN", "NOUN"}


def weapons(token: Token) -> Iterator[Token]:
    """Yield the arms that a noun phrase names: also those of "a batch of", and those that a number means."""
    if is_weapon(token):
        yield token
    elif lemma(token) in _PARTS:
        for inner in prepositional(token, "of"):
            yield from (part for part in conjuncts(inner) if is_weapon(part))
    elif token.like_num and not any(True for _ in children(token, "quantmod", "prep")) and meant(token):
        yield token


def meant(number: Token) -> Token | None:
    """Return the arms named before in the sentence that a bare number counts: "and two to B"."""
    before = [w for w in number.sent if w.i < number.i and is_weapon(w)]
    counted = [w for w in before if any(c.like_num for c in w.children)]
    return counted[-1] if counted else None
