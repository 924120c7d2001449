"""Trade told by verbs: "A exported X of goods to B", "A invested X in B"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate
from kg.extract.modality import Judgement, judge
from kg.extract.quantities import MONEY, VOLUMES
from kg.extract.reading import Reading
from kg.extract.rules.amounts import amount_time, leading
from kg.extract.rules.common import measure, period, text
from kg.extract.rules.trade import TRADERS, built, single, traders
from kg.extract.syntax import children, complements, conjuncts, is_passive, is_verb, prepositional, subject
from kg.terms import Stance

DEALING = {
    "export": "exports",
    "import": "imports",
    "sell": "exports",
    "buy": "imports",
    "invest": "investment",
    "purchase": "imports",
    "ship": "exports",
    "pour": "investment",
    "supply": "exports",
    "deliver": "exports",
    "send": "exports",
    "pump": "exports",
    "put": "investment",
    "plough": "investment",
    "sink": "investment",
    "provide": "exports",
}
GOALS = {"exports": ("to",), "imports": ("from",), "investment": ("in", "into")}
PLAIN = frozenset({"export", "import", "invest"})
"""Verbs that speak of trade even if the other side is not named."""
TRIGGERS = frozenset(DEALING)


def find(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find how much somebody sold to, bought from or invested in somebody."""
    if not is_verb(verb) or is_passive(verb):
        return
    indicator = DEALING[verb.lemma_.lower()]
    amounts = [
        (q, span)
        for q, span in reading.quantities
        if q.unit in MONEY | VOLUMES and _is_amount(span.root, leading(q, verb.sent), verb)
    ]
    actor = subject(verb) if amounts else None
    actors = reading.agents(actor, TRADERS) if actor is not None else []
    others = [m for token in _others(verb, indicator) for m in traders(token, reading)]
    plain = verb.lemma_.lower() in PLAIN
    judgement = judge(verb, predictions=True) if actors and (others or plain) else None
    if judgement is None:
        return
    own, other = ("to", "from") if indicator == "imports" else ("from", "to")
    sides = [*single(own, actors, reading), *single(other, others, reading)]
    for quantity, span in amounts:
        if quantity.wording in {"an estimated", "estimated"} and judgement.stance is Stance.STATES:
            judgement = Judgement(Stance.ESTIMATES, judgement.source)
        time = period(amount_time(quantity, span, verb, reading))
        roles = [text("indicator", indicator), *sides, *measure(quantity), *time]
        yield from built(reading, "trade.verb", roles, verb, judgement, 0.9)


def _others(verb: Token, indicator: str) -> list[Token]:
    """Return the other side: after a preposition, the indirect object, or who is supplied with something."""
    goals = GOALS[indicator]
    found = complements(verb, *goals)
    for thing in children(verb, "dobj"):
        for child in children(thing, "amod", "prep"):
            inner = [child] if child.dep_ == "amod" else list(children(child, "pobj"))
            found += [] if found else [t for token in inner for t in prepositional(token, *goals)]
    if indicator == "exports":
        found += [t for t in children(verb, "dative") if t.pos_ != "ADP"]
        if not found and prepositional(verb, "with"):
            found += list(children(verb, "dobj"))
    return found


def _is_amount(root: Token, lead: str, verb: Token) -> bool:
    """Say whether the amount is the object of the verb, or what the object is worth."""
    if root.head == verb and root.dep_ in {"dobj", "npadvmod"}:
        return True
    if (
        verb.dep_ == "relcl"
        and root == verb.head
        and any(c.lower_ in {"that", "which"} for c in verb.children)
    ):
        return True
    things = [part for thing in children(verb, "dobj") for part in conjuncts(thing)]
    for thing in [*things, *prepositional(verb, "with")]:
        if root == thing or (
            root.head == thing and root.dep_ in {"nummod", "compound", "amod", "nmod", "acl"}
        ):
            return True
        if lead in {"worth", "totalling", "valued"} and root in set(thing.subtree):
            return True
    return False
