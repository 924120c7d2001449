"""What growth, shares and ranks have in common: of what a figure is, and how it is put together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.modality import Judgement, judge
from kg.extract.quantities import Quantity
from kg.extract.reading import Reading
from kg.extract.rules.amounts import amount_time
from kg.extract.rules.common import found, measure, names, period, phrase, text
from kg.extract.syntax import children, is_verb, prepositional, surface_subject
from kg.terms import Stance

_FORETELLING = frozenset({"predict", "forecast", "expect", "estimate", "project"})
_HOLDERS = frozenset({"Polity", "Organisation"})
_COPULAS = frozenset({"be", "become", "remain"})


def figure(
    reading: Reading,
    rule: str,
    indicator: str,
    thing: Token,
    quantity: Quantity,
    verb: Token,
    confidence: float,
    *,
    whole: Token | None = None,
) -> Iterator[Candidate]:
    """Yield the figure that a predicate gives for a thing, unless it is denied.

    `whole` is what a share is a share of.
    """
    judgement = judge(verb, predictions=True)
    if judgement is None:
        return
    stands_for = reading.resolve(thing, _HOLDERS) if thing.lower_ in {"it", "its"} else []
    if len(stands_for) != 1 and (thing.pos_ == "PRON" or clausal(thing)):
        return
    thing = _just_before(verb, thing, reading)
    if thing.dep_ == "attr" and thing.head.lemma_ in _COPULAS:
        thing = surface_subject(thing.head) or thing
    if "estimated" in quantity.wording and judgement.stance is Stance.STATES:
        judgement = Judgement(Stance.ESTIMATES, judgement.source)
        quantity = replace(quantity, wording="")
    span = next(span for q, span in reading.quantities if q.start == quantity.start)
    roles: list[Role] = [
        text("indicator", indicator),
        *(_named(stands_for, reading) or _of(thing, reading)),
        *measure(quantity),
    ]
    roles += [text("among", phrase(whole, reading))] if whole is not None else []
    roles += period(amount_time(quantity, span, verb, reading))
    candidate = found(reading, rule, roles, verb, confidence, judgement=judgement)
    if candidate is not None:
        yield candidate


def clausal(thing: Token) -> bool:
    """Say whether the parser took a clause, or a verb of foretelling, for the thing."""
    vague = any(word.lower_ in {"them", "it", "they"} for c in thing.lefts for word in c.subtree)
    vague = vague or thing.lower_ in {"them", "it", "they"}
    verbal = is_verb(thing) or thing.pos_ == "VERB" or thing.tag_ in {"VBZ", "VBD"}
    return vague or verbal or thing.lemma_.lower() in _FORETELLING


def _just_before(verb: Token, thing: Token, reading: Reading) -> Token:
    """Return the state right before the verb where the parser took an apposition for the subject."""
    if verb.i == 0 or thing.i >= verb.i - 1 or not any(c.lower_ in {"a", "an"} for c in thing.children):
        return thing
    mention = reading.mentions.at(reading.doc[verb.i - 1])
    return reading.doc[mention.head] if mention is not None and mention.known else thing


def _named(mentions: list[Mention], reading: Reading) -> list[Role]:
    return names("of", mentions, reading) if len(mentions) == 1 else []


def _of(thing: Token, reading: Reading) -> list[Role]:
    """Return what the figure is of: an entity where the noun phrase is a name, else its words."""
    mention = reading.mentions.at(thing)
    whole = any(True for _ in children(thing, "poss")) or prepositional(thing, "of", "between", "in", "from")
    named = mention is not None and mention.form != "people" and mention.head == thing.i and not whole
    if mention is not None and named:
        return names("of", [mention], reading)
    return [text("of", phrase(thing, reading))]
