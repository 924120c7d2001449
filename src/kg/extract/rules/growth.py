"""Growth and decline: "A grew by X percent", "growth of X percent in A", "X percent more than in 2001"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Span, Token

from kg.extract.candidate import Candidate
from kg.extract.quantities import Quantity
from kg.extract.reading import Reading
from kg.extract.rules.amounts import leading
from kg.extract.rules.figure import clausal, figure
from kg.extract.syntax import children, is_passive, is_verb, prepositional, surface_subject

RISING = frozenset("grow rise increase expand climb jump surge soar swell gain advance leap leapt".split())
FALLING = frozenset(
    "fall drop decline shrink contract decrease plunge slump dip slide plummet tumble lose".split()
)
NOUNS = dict.fromkeys("growth increase rise jump surge expansion gain upturn".split(), 1) | dict.fromkeys(
    "decline decrease drop fall contraction slump plunge reduction".split(), -1
)
_PACE = frozenset({"be", "reach", "average", "hit", "total", "slow", "accelerate", "stand", "come", "exceed"})
TRIGGERS = (
    RISING
    | FALLING
    | NOUNS.keys()
    | {"go", "come", "up", "down", "more", "less", "high", "low", "higher", "lower"}
)


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find growth by its verbs, its nouns, and "up", "down", "more" and "less"."""
    lemma = trigger.lemma_.lower()
    if is_verb(trigger):
        if lemma in RISING | FALLING or _phrasal(trigger):
            yield from _grew(trigger, lemma, reading)
    elif lemma in {"up", "down"} and trigger.dep_ != "prt":
        yield from _up(trigger, reading)
    elif trigger.lower_ in {"more", "less", "higher", "lower"}:
        yield from _more(trigger, reading)
    elif lemma in NOUNS and trigger.pos_ == "NOUN":
        yield from _growth(trigger, NOUNS[lemma], reading)


def _phrasal(verb: Token) -> str:
    """Return "up" of "went up", "down" of "came down"."""
    if verb.lemma_ not in {"go", "come"}:
        return ""
    return next((c.lower_ for c in verb.children if c.lower_ in {"up", "down"}), "")


def _signed(quantity: Quantity, sign: int) -> Quantity:
    return replace(quantity, value=sign * quantity.value)


def _grew(verb: Token, lemma: str, reading: Reading) -> Iterator[Candidate]:
    """Find "A grew by X percent in 2013"."""
    if lemma == "lose" and not any(t.lemma_ in {"value", "worth"} for t in verb.subtree):
        return
    if not reading.percents(verb.sent):
        return
    changed = [thing for thing in children(verb, "dobj") if thing.pos_ in {"NOUN", "PROPN"}]
    changed = [thing for thing in changed if not any(thing in span for _, span in reading.quantities)]
    thing = changed[0] if changed else surface_subject(verb)
    if thing is None or (is_passive(verb) and not changed and verb.dep_ != "ROOT"):
        return
    sign = -1 if lemma in FALLING or _phrasal(verb) == "down" else 1
    for quantity, span in reading.percents(verb.sent):
        if _by(span.root, verb):
            yield from figure(reading, "figure.growth", "growth", thing, _signed(quantity, sign), verb, 0.92)
            yield from _likewise(verb, sign, span, reading)
            return


def _likewise(verb: Token, sign: int, first: Span, reading: Reading) -> Iterator[Candidate]:
    """Find "…, B's by Y percent" after "A's economy grew by X percent"."""
    end = first.end
    for quantity, span in reading.percents(verb.sent):
        between = reading.doc[end : span.start] if span.start >= end else None
        if between is None or not len(between) or any(is_verb(word) for word in between):
            continue
        named = reading.states(between)
        if leading(quantity, verb.sent) == "by" and len(named) == 1:
            other = reading.doc[named[0].head]
            yield from figure(
                reading, "figure.likewise", "growth", other, _signed(quantity, sign), verb, 0.84
            )
        end = span.end


def _by(root: Token, verb: Token) -> bool:
    """Say whether an amount is the change itself, not what it led to."""
    if root.head == verb:
        return root.dep_ in {"dobj", "npadvmod", "attr"}
    if any(t.lemma_ in {"rate", "pace"} and t in list(root.ancestors)[:3] for t in prepositional(verb, "at")):
        return True
    return any(
        root == t or t in list(root.ancestors)[:2] for t in prepositional(verb, "by")
    ) and "to" not in {token.lower_ for token in list(root.ancestors)[:3] if token.dep_ == "prep"}


def _up(word: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "…, up 20 percent": the change of what the sentence is about."""
    verb = word.head
    thing = surface_subject(verb) if is_verb(verb) else verb
    if thing is None or thing.pos_ not in {"NOUN", "PROPN"} or clausal(thing):
        return
    for quantity, span in reading.percents(verb.sent):
        by = span.root.head.lower_ == "by" and span.root.head.head == word
        if span.root.head == word or span.start == word.i + 1 or by:
            change = _signed(quantity, -1 if word.lower_ == "down" else 1)
            yield from figure(reading, "figure.up", "growth", thing, change, verb, 0.88)


def _more(word: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "X percent more than in the year before"."""
    if word.i + 1 >= len(word.doc) or word.nbor().lower_ != "than":
        return
    compared = word.doc[word.i + 2 : word.i + 6].text.lower()
    if not any(mark in compared for mark in ("year", "in 1", "in 2", "month", "before", "quarter")):
        return
    verb = next((t for t in word.ancestors if is_verb(t)), None)
    thing = surface_subject(verb) if verb is not None else None
    for quantity, span in reading.percents(word.sent):
        if thing is not None and verb is not None and span.end == word.i:
            sign = -1 if word.lower_ in {"less", "lower"} else 1
            yield from figure(reading, "figure.more", "growth", thing, _signed(quantity, sign), verb, 0.84)


def _growth(noun: Token, sign: int, reading: Reading) -> Iterator[Candidate]:
    """Find "growth of X percent in A", "A's growth rate was X percent", "growth in A slowed to X percent"."""
    head = noun.head if noun.dep_ == "compound" and noun.head.lemma_ == "rate" else noun
    thing = _grown(head, noun)
    if thing is None:
        return
    verb = head.head
    for quantity, span in reading.percents(head.sent):
        root = span.root
        inside = root.head == head and root.dep_ in {"nummod", "compound", "nmod"}
        if inside or (root.head.lower_ == "of" and root.head.head == head):
            yield from figure(reading, "figure.rate", "growth", thing, _signed(quantity, sign), noun, 0.86)
        elif (
            head.dep_ in {"nsubj", "nsubjpass"}
            and is_verb(verb)
            and verb.lemma_ in _PACE
            and (root.head == verb or leading(quantity, head.sent) in {"to", "at"})
            and root in set(verb.subtree)
        ):
            yield from figure(reading, "figure.rate", "growth", thing, _signed(quantity, sign), verb, 0.86)
            return


def _grown(head: Token, noun: Token) -> Token | None:
    """Return what grows: "GDP growth", "growth in Africa", "Chile's growth rate", "growth of exports"."""
    owners = [c for n in {head, noun} for c in children(n, "poss")]
    places = prepositional(head, "in", "of") + prepositional(noun, "in", "of")
    named = [p for p in places if p.pos_ in {"NOUN", "PROPN"} and p.lemma_ not in {"percent", "%"}]
    named = [p for p in named if not p.like_num and not any(c.like_num or c.text == "%" for c in p.children)]
    if owners or named:
        return (owners or named)[0]
    marks = [
        c
        for n in {head, noun}
        for c in children(n, "compound", "amod")
        if c.ent_type_ or c.pos_ in {"NOUN", "PROPN"}
    ]
    return marks[0] if marks and marks[0] != noun else None
