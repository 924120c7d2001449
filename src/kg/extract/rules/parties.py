"""Who does it and to whom it is done: names, and groups that a nationality marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from kg.extract.mentions import Mention
from kg.extract.reading import Reading
from kg.extract.syntax import children, conjuncts, is_verb, lemma, prepositional, subject, surface_subject

BODIES = frozenset(
    "official businessman lawmaker politician national citizen individual person entity firm company "
    "enterprise corporation bank lender "
    "exporter importer shipper refiner refinery manufacturer maker supplier trader dealer oligarch general "
    "officer commander leader minister soldier diplomat journalist broadcaster channel outlet "
    "ship vessel tanker airline airport plane port app sector industry agency ministry group organisation "
    "organization institution shipowner operator fleet navy army militia rebel judge senator deputy "
    "executive scientist university laboratory institute network service unit front factory yard shipyard "
    "insurer investor subsidiary conglomerate giant producer party figure member player "
    "athlete student tourist worker hacker people bureau department arm".split()
)
"""Nouns that with a nationality name a group or a body in the state, not the state."""
GOODS = frozenset(
    "import export sale good product purchase supply shipment delivery asset account reserve fund trade "
    "territory part goods".split()
)
STATES = frozenset("government authority regime leadership state side economy country".split())
"""Nouns that with a nationality name the state."""
_KINDS = frozenset({"administration", "government", "junta", "regime", "cabinet"})
_LEFT = ("amod", "compound", "nmod", "poss")


def doer(verb: Token) -> Token | None:
    """Return the logical subject; where the parser lost it, the noun phrase right before the verb."""
    own = subject(verb) or _includer(verb)
    if own is None and verb.dep_ == "acl" and verb.tag_ == "VB":
        own = verb.head
    if own is not None and own.dep_ == "attr" and is_verb(own.head):
        own = surface_subject(own.head) or own
    if own is not None or verb.tag_ != "VBD" or verb.i == verb.sent.start:
        return own
    first = min([verb.i, *(c.i for c in verb.children if c.dep_ in {"aux", "neg", "advmod"})])
    ends = [t for t in verb.sent if t.right_edge.i == first - 1 and t.i < first and t.dep_ == "appos"]
    return ends[0] if ends else _after_date(verb)


def _includer(verb: Token) -> Token | None:
    """Return A of "A strengthens its ties, including signing a deal with B"."""
    if verb.dep_ != "pcomp" or verb.head.lower_ != "including":
        return None
    return next(filter(None, (subject(above) for above in verb.head.ancestors if is_verb(above))), None)


def _after_date(verb: Token) -> Token | None:
    """Return A of "In March 2021 A, together with B, …", which parsers take for an apposition of the date."""
    for opening in children(verb, "prep"):
        for time in children(opening, "pobj"):
            dated = time.like_num or any(c.like_num for c in children(time, "nummod"))
            if dated and opening.i == verb.sent.start:
                return next(children(time, "appos"), None)
    return None


def doers(verb: Token, reading: Reading, types: frozenset[str]) -> list[Mention]:
    """Return who does what a verb says, by its logical subject."""
    actor = doer(verb)
    return named(actor, reading, types) if actor is not None else []


def named(token: Token, reading: Reading, types: frozenset[str]) -> list[Mention]:
    """Return the agents that a noun phrase names, among them "the Smith administration"."""
    found = reading.agents(token, types)
    if found or lemma(token) not in _KINDS:
        return found
    leader = next((c for c in children(token, "compound", "poss", "nmod") if reading.mentions.at(c)), None)
    return [_phrase(token, leader.left_edge.i, "Organisation")] if leader is not None else []


def owners(noun: Token, reading: Reading, types: frozenset[str]) -> list[Mention]:
    """Return whose a thing is: "the EU's embargo", "American sanctions", "sanctions by the EU"."""
    found = [m for c in children(noun, *_LEFT) if c.i < noun.i for m in named(c, reading, types)]
    return found or [m for token in prepositional(noun, "by") for m in named(token, reading, types)]


def affected(tokens: Iterable[Token], reading: Reading, types: frozenset[str]) -> list[Mention]:
    """Return those whom something hits: by name, as a group ("Iranian banks"), or by their goods."""
    found: dict[str, Mention] = {}
    for token in tokens:
        for part in reading.listed(token):
            for mention in _affected(part, reading, types):
                found.setdefault(mention.name, mention)
    return list(found.values())


def _affected(token: Token, reading: Reading, types: frozenset[str]) -> list[Mention]:
    own = reading.mentions.at(token)
    if own is not None and own.form != "adjective":
        return [own] if own.type in types else []
    if own is not None and token.dep_ == "amod":
        return [own]
    for child in children(token, "appos"):
        inner = reading.mentions.at(child)
        if inner is not None and inner.type in types and token.tag_ == "NN":
            return [inner]
    marks = [child for child in children(token, *_LEFT) if child.i < token.i]
    states = reading.states(part for mark in marks for part in conjuncts(mark))
    bodies = lemma(token) in BODIES or _of_people(token)
    regional = [m for m in marks if m.dep_ == "amod" and m.text[0].isupper() and not m.is_sent_start]
    owners_ = [m for m in marks if m.dep_ == "poss" and (reading.mentions.at(m) or lemma(m) in STATES)]
    if bodies and (states or regional or owners_):
        first = min(m.left_edge.i for m in marks if m in regional + owners_ or reading.states(conjuncts(m)))
        return [_phrase(token, first, "Group")]
    if states:
        return states
    near = ("from", "of", "in") if lemma(token) in GOODS else ("from",)
    inside = [m for t in prepositional(token, *near) for m in _affected(t, reading, types)]
    return inside or [m for m in reading.resolve(token, types) if m.type in types]


def _of_people(token: Token) -> bool:
    """Recognise further nouns for people, such as "fishermen" and "generals"."""
    return lemma(token).endswith(("man", "men", "ian", "ist"))


def _phrase(token: Token, first: int, kind: str) -> Mention:
    while token.doc[first].lower_ in {"the", "a", "an", "this", "that", "these", "those", "some", "all"}:
        first += 1
    words = token.doc[first : token.i + 1].text
    return Mention(" ".join(words.split()), kind, first, token.i + 1, token.i)


def distinct(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Yield each mention whose name did not come before."""
    yield from {mention.name: mention for mention in reversed(list(mentions))}.values()
