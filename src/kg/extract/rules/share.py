"""Shares: "A accounts for X percent of B", "A's share of B is X percent", "X percent of B comes from A"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

from kg.extract.candidate import Candidate
from kg.extract.quantities import Quantity
from kg.extract.reading import Reading
from kg.extract.rules.amounts import leading
from kg.extract.rules.figure import figure
from kg.extract.syntax import (
    children,
    conjuncts,
    is_passive,
    is_verb,
    lemma,
    prepositional,
    subject,
    surface_subject,
)

SHARING = frozenset(
    "have account make constitute represent supply provide hold comprise take form cover own control "
    "generate contribute produce deliver absorb command boast receive win use possess occupy buy meet "
    "handle".split()
)
DIRECTED = {
    **dict.fromkeys("get import buy receive obtain draw source derive purchase".split(), "from"),
    **dict.fromkeys("send export sell ship direct owe".split(), "to"),
}
"""Verbs of which the share belongs to where something comes from or goes to."""
MOVING = frozenset("come go flow originate stem be end".split())
OPINIONS = frozenset(
    "say think believe view see regard support favour favor approve oppose consider express want trust "
    "agree back reject feel prefer".split()
)
REACHED = frozenset(
    "be reach exceed total rise fall grow drop increase decline shrink climb stand amount jump slip sink "
    "surpass hit come soar decrease dwindle plunge swell".split()
)
RAISING = frozenset("raise increase lift bring cut reduce lower boost push take drive".split())
TRIGGERS = (
    SHARING
    | DIRECTED.keys()
    | MOVING
    | OPINIONS
    | {"share", "stake", "proportion", "portion", "with", "that"}
)


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find shares around their verbs, and the nouns "share" and "stake"."""
    word = lemma(trigger)
    if not is_verb(trigger):
        if (word in {"share", "stake", "proportion", "portion"} and trigger.pos_ == "NOUN") or (
            word == "that" and trigger.dep_ == "nsubj" and _share_before(trigger)
        ):
            yield from _share(trigger, reading)
        elif word == "with" and trigger.dep_ == "prep":
            yield from _with(trigger, reading)
        return
    amounts = reading.percents(trigger.sent)
    if not amounts:
        return
    if word in SHARING:
        yield from _accounts(trigger, amounts, reading)
    if word in DIRECTED:
        yield from _directed(trigger, DIRECTED[word], amounts, reading)
    if word in MOVING or is_passive(trigger):
        yield from _comes(trigger, amounts, reading)
    if word in OPINIONS | {"have"}:
        yield from _believe(trigger, amounts, reading)


def _accounts(verb: Token, amounts: list[tuple[Quantity, Span]], reading: Reading) -> Iterator[Candidate]:
    """Find "A makes up X percent of B", "A has a share of X percent in B", "X percent of B is held by A"."""
    thing = subject(verb)
    if thing is None:
        return
    heads = prepositional(verb, "for", "to") if lemma(verb) in {"account", "contribute"} else []
    if is_passive(verb):
        heads += [s for s in [surface_subject(verb)] if s is not None]
    else:
        heads += [part for c in children(verb, "dobj", "attr", "oprd") for part in conjuncts(c)]
    for quantity, span in amounts:
        root = span.root
        whole = next(iter(prepositional(root, "of")), None)
        for head in heads:
            if lemma(head) in {"share", "stake", "proportion"} and root in set(head.subtree):
                if any(s.start < span.start and head.i < s.start for _, s in amounts):
                    continue
                of = next((t for t in prepositional(head, "in", "of") if t not in span), None)
                yield from figure(reading, "figure.share", "share", thing, quantity, verb, 0.9, whole=of)
            elif head in span and whole is not None and not _date(whole):
                yield from figure(reading, "figure.share", "share", thing, quantity, verb, 0.9, whole=whole)


def _date(token: Token) -> bool:
    return token.like_num


def _directed(
    verb: Token, direction: str, amounts: list[tuple[Quantity, Span]], reading: Reading
) -> Iterator[Candidate]:
    """Find "A gets X percent of its gas from B", "A sends X percent of its exports to B"."""
    for quantity, span in amounts:
        root = span.root
        whole = next(iter(prepositional(root, "of")), None)
        if whole is None or root.head != verb or is_passive(verb):
            continue
        sides = prepositional(verb, direction) + [
            t for n in (root, whole) for t in prepositional(n, direction)
        ]
        if sides:
            yield from figure(
                reading, "figure.directed", "share", sides[0], quantity, verb, 0.88, whole=whole
            )


def _comes(verb: Token, amounts: list[tuple[Quantity, Span]], reading: Reading) -> Iterator[Candidate]:
    """Find "40 percent of A came from B", "60 percent of A goes to B", "80 percent of A is sold to B"."""
    thing = surface_subject(verb)
    others = prepositional(verb, "from", "to")
    for quantity, span in amounts:
        if thing is None or not others or thing not in span:
            continue
        whole = next(iter(prepositional(thing, "of")), None) or _fronted(verb)
        if whole is not None:
            yield from figure(reading, "figure.comes", "share", others[0], quantity, verb, 0.88, whole=whole)


def _fronted(verb: Token) -> Token | None:
    """Return B of "Of B, 86 percent go to A"."""
    first = next((c for c in verb.children if c.dep_ == "prep" and c.lower_ == "of" and c.i < verb.i), None)
    return next(children(first, "pobj"), None) if first is not None else None


def _believe(verb: Token, amounts: list[tuple[Quantity, Span]], reading: Reading) -> Iterator[Candidate]:
    """Find "X percent of Americans say …" of a poll."""
    thing = surface_subject(verb)
    if thing is None or is_passive(verb):
        return
    if lemma(verb) == "have" and not any(
        lemma(c) in {"view", "opinion", "attitude", "confidence", "image"} for c in children(verb, "dobj")
    ):
        return
    for quantity, span in amounts:
        people = next(iter(prepositional(thing, "of")), None)
        if thing in span and people is not None:
            yield from figure(reading, "figure.poll", "share", people, quantity, verb, 0.84)


def _share(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A's share of B rose to X percent", "the share of A in B, X percent, is", "with a share of X"."""
    verb = noun.head
    for quantity, span in reading.percents(noun.sent):
        root = span.root
        if root in set(noun.subtree) and noun.dep_ == "pobj" and noun.head.lower_ == "with":
            holder = _holder(noun.head)
            if holder is not None:
                yield from figure(reading, "figure.with", "share", holder, quantity, noun, 0.86)
            continue
        owner, whole = _owner(noun)
        if owner is None:
            continue
        apart = (root.dep_ == "appos" and root.head == noun) or (
            root.head == noun and root.dep_ in {"nummod", "compound", "nmod"}
        )
        said = noun.dep_ == "nsubj" and is_verb(verb) and _reaches(quantity, span, verb)
        raised = noun.dep_ == "dobj" and is_verb(verb) and leading(quantity, noun.sent) == "to"
        raised = raised and lemma(verb) in RAISING and next(_verbs(root), None) == verb
        if apart or said or raised:
            predicate = noun if apart else verb
            yield from figure(
                reading, "figure.share-of", "share", owner, quantity, predicate, 0.88, whole=whole
            )


def _with(preposition: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "with 14 percent of B, A …", "A, with 14 percent of B, …"."""
    for quantity, span in reading.percents(preposition.sent):
        whole = next(iter(prepositional(span.root, "of")), None)
        if whole is not None and span.root.head == preposition and span.root.dep_ == "pobj":
            holder = _holder(preposition)
            if holder is not None and reading.mentions.at(holder) is not None:
                yield from figure(
                    reading, "figure.with", "share", holder, quantity, preposition, 0.86, whole=whole
                )


def _share_before(pronoun: Token) -> bool:
    """Say whether "that of B" means B's share, named before in the sentence."""
    return any(lemma(t) == "share" for t in pronoun.doc[pronoun.sent.start : pronoun.i])


def _holder(preposition: Token) -> Token | None:
    """Return who is meant by "with a share of 20 percent": the subject of the clause, or the noun before."""
    governor = preposition.head
    return surface_subject(governor) if is_verb(governor) else governor


def _owner(noun: Token) -> tuple[Token | None, Token | None]:
    """Return whose share it is, and of what: "A's share of B", "the share of A in B", "the Chilean share"."""
    possessive = next(children(noun, "poss"), None)
    of, inside = prepositional(noun, "of"), prepositional(noun, "in")
    of = [t for t in of if lemma(t) not in {"percent", "%"}]
    if noun.lower_ == "that":
        return next(iter(of), None), None
    if possessive is not None:
        return possessive, next(iter(of + inside), None)
    if of:
        return of[0], next(iter(inside), None) or next((t for o in of for t in prepositional(o, "in")), None)
    return None, None


def _verbs(token: Token) -> Iterator[Token]:
    return (head for head in token.ancestors if is_verb(head))


def _reaches(quantity: Quantity, span: Span, verb: Token) -> bool:
    if lemma(verb) not in REACHED or next(_verbs(span.root), None) != verb:
        return False
    lead = leading(quantity, verb.sent)
    return lead in {"to", "at", "from"} or (span.root.head == verb and span.root.dep_ in {"attr", "dobj"})
