"""Shares, ranks and growth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Literal, Role
from kg.extract.mentions import Mention
from kg.extract.modality import Judgement, judge
from kg.extract.quantities import Quantity
from kg.extract.reading import Reading
from kg.extract.rules.common import found, measure, names, period, phrase, text
from kg.extract.rules.amounts import amount_time
from kg.extract.syntax import children, is_passive, is_verb, prepositional, surface_subject
from kg.terms import Stance

RISING = frozenset("grow rise increase expand climb jump surge soar swell gain advance".split())
FALLING = frozenset(
    "fall drop decline shrink contract decrease plunge slump dip slide plummet tumble".split()
)
SHARING = frozenset(
    "have account make constitute represent supply provide hold comprise take form cover".split()
)
ORDINALS = {
    word: rank
    for rank, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1
    )
}
SUPERLATIVES = frozenset("largest biggest leading top greatest main".split())
RANKING = frozenset({"rank", "overtake", "surpass"})
TRIGGERS = (
    RISING
    | FALLING
    | SHARING
    | RANKING
    | SUPERLATIVES
    | {"large", "big", "great", "main", "come", "go", "flow", "share", "up", "down"}
)
SETS = frozenset(
    "exporter importer producer supplier partner economy market investor buyer consumer donor recipient "
    "source destination trader manufacturer power seller customer creditor lender purchaser refiner "
    "contributor employer maker".split()
)
RANKED = frozenset({"Polity", "Organisation", "Place"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find growth, shares and ranks around their verbs and superlatives."""
    lemma = trigger.lemma_.lower()
    if is_verb(trigger):
        if lemma in RISING | FALLING:
            yield from _grew(trigger, lemma, reading)
        if lemma in SHARING:
            yield from _accounts(trigger, lemma, reading)
        if lemma in {"rank", "come"}:
            yield from _ranks(trigger, reading)
        if lemma in {"come", "go", "flow"}:
            yield from _comes(trigger, reading)
    elif lemma == "share":
        yield from _share(trigger, reading)
    elif lemma in {"up", "down"} and trigger.dep_ != "prt":
        yield from _up(trigger, reading)
    elif trigger.lower_ in SUPERLATIVES:
        yield from _largest(trigger, reading)


def _grew(verb: Token, lemma: str, reading: Reading) -> Iterator[Candidate]:
    """Find "A grew by X percent in 2013"."""
    changed = [thing for thing in children(verb, "dobj") if thing.pos_ in {"NOUN", "PROPN"}]
    changed = [thing for thing in changed if not any(thing in span for _, span in reading.quantities)]
    thing = changed[0] if changed else surface_subject(verb)
    if thing is None or thing.pos_ == "PRON" or is_passive(verb) or _clausal(thing):
        return
    for quantity, span in reading.quantities:
        if quantity.unit != "percent" or not _by(span.root, verb):
            continue
        if lemma in FALLING:
            quantity = replace(quantity, value=-quantity.value)
        yield from _figure(reading, "figure.growth", "growth", thing, quantity, span.root, verb, 0.92)


def _up(word: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "…, up 20 percent": the change of what the sentence is about."""
    verb = word.head
    thing = surface_subject(verb) if is_verb(verb) else None
    if thing is None or thing.pos_ == "PRON" or _clausal(thing):
        return
    for quantity, span in reading.quantities:
        if quantity.unit == "percent" and (span.root.head == word or span.start == word.i + 1):
            change = replace(quantity, value=-quantity.value) if word.lower_ == "down" else quantity
            yield from _figure(reading, "figure.up", "growth", thing, change, span.root, verb, 0.88)


def _share(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A's share of B rose to X percent", "the share of A in B, X percent, is"."""
    owners = [*children(noun, "poss"), *(prepositional(noun, "of") if prepositional(noun, "in") else [])]
    verb = noun.head
    for quantity, span in reading.quantities:
        if quantity.unit != "percent" or not owners:
            continue
        apart = span.root.dep_ == "appos" and span.root.head == noun
        said = noun.dep_ == "nsubj" and is_verb(verb) and _reaches(span.root, verb)
        if apart or said:
            predicate = verb if said else noun
            yield from _figure(
                reading, "figure.share-of", "share", owners[0], quantity, span.root, predicate, 0.86
            )


def _reaches(root: Token, verb: Token) -> bool:
    if root.head == verb:
        return root.dep_ in {"attr", "dobj"} and verb.lemma_ in {"be", "reach", "exceed", "total"}
    return root in prepositional(verb, "to", "at")


def _comes(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "40 percent of A came from B", "60 percent of A goes to B"."""
    thing = surface_subject(verb)
    others = prepositional(verb, "from", "to")
    for quantity, span in reading.quantities:
        if thing is None or not others or quantity.unit != "percent" or span.root != thing:
            continue
        if prepositional(thing, "of"):
            yield from _figure(reading, "figure.comes", "share", others[0], quantity, thing, verb, 0.85)


def _clausal(thing: Token) -> bool:
    """Say whether the parser took a clause for the subject: "the agency predicts"."""
    vague = any(word.lower_ in {"them", "it", "they"} for word in thing.subtree)
    return vague or is_verb(thing) or thing.pos_ == "VERB" or thing.tag_ in {"VBZ", "VBD"} or _named_by(thing)


def _named_by(thing: Token) -> bool:
    """Recognise "predicts" and "forecasts" read as plural nouns."""
    return thing.lemma_.lower() in {"predict", "forecast", "expect", "estimate", "project"}


def _by(root: Token, verb: Token) -> bool:
    """Say whether an amount is the change itself, not what it led to."""
    if root.head == verb:
        return root.dep_ in {"dobj", "npadvmod", "attr"}
    if any(t.lemma_ in {"rate", "pace"} and t in list(root.ancestors)[:3] for t in prepositional(verb, "at")):
        return True
    return any(
        root == t or t in list(root.ancestors)[:2] for t in prepositional(verb, "by")
    ) and "to" not in {token.lower_ for token in list(root.ancestors)[:3] if token.dep_ == "prep"}


def _accounts(verb: Token, lemma: str, reading: Reading) -> Iterator[Candidate]:
    """Find "A accounts for X percent of B"."""
    thing = surface_subject(verb)
    if thing is None or thing.pos_ == "PRON" or is_passive(verb) or _clausal(thing):
        return
    amounts = prepositional(verb, "for") if lemma == "account" else list(children(verb, "dobj"))
    shares = [t for amount in amounts if amount.lemma_ == "share" for t in prepositional(amount, "of")]
    for quantity, span in reading.quantities:
        held = any(share in span for share in shares)
        counted = any(amount in span for amount in amounts) and prepositional(span.root, "of")
        if quantity.unit == "percent" and (held or counted):
            yield from _figure(reading, "figure.share", "share", thing, quantity, span.root, verb, 0.9)


def _figure(
    reading: Reading,
    rule: str,
    indicator: str,
    thing: Token,
    quantity: Quantity,
    root: Token,
    verb: Token,
    confidence: float,
) -> Iterator[Candidate]:
    judgement = judge(verb, predictions=True)
    if judgement is None:
        return
    thing = _just_before(verb, thing, reading)
    if thing.dep_ == "attr" and thing.head.lemma_ in {"be", "become", "remain"}:
        thing = surface_subject(thing.head) or thing
    if "estimated" in quantity.wording and judgement.stance is Stance.STATES:
        judgement = Judgement(Stance.ESTIMATES, judgement.source)
        quantity = replace(quantity, wording="")
    span = next(span for q, span in reading.quantities if q.start == quantity.start)
    roles: list[Role] = [text("indicator", indicator), *_of(thing, reading), *measure(quantity)]
    roles += _share_of(root, reading) if indicator == "share" else []
    roles += period(amount_time(quantity, span, verb, reading))
    candidate = found(reading, rule, roles, verb, confidence, judgement=judgement)
    if candidate is not None:
        yield candidate


def _just_before(verb: Token, thing: Token, reading: Reading) -> Token:
    """Return the state right before the verb where the parser took an apposition for the subject."""
    if verb.i == 0 or thing.i >= verb.i - 1 or not any(c.lower_ in {"a", "an"} for c in thing.children):
        return thing
    mention = reading.mentions.at(reading.doc[verb.i - 1])
    return reading.doc[mention.head] if mention is not None and mention.known else thing


def _of(thing: Token, reading: Reading) -> list[Role]:
    """Return what the figure is of: an entity where the noun phrase is a name, else its words."""
    mention = reading.mentions.at(thing)
    if (
        mention is not None
        and mention.head == thing.i
        and not any(True for _ in children(thing, "poss", "prep"))
    ):
        return names("of", [mention], reading)
    return [text("of", phrase(thing, reading))]


def _share_of(root: Token, reading: Reading) -> list[Role]:
    whole = next(iter(prepositional(root, "of")), None)
    return [text("among", phrase(whole, reading))] if whole is not None else []


def _ranks(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A ranks second", "A came third"."""
    actors = reading.agents(surface_subject(verb), RANKED)
    for child in verb.children:
        rank = ORDINALS.get(child.lower_)
        if (
            rank is not None
            and child.dep_ in {"advmod", "acomp", "oprd", "attr", "dobj"}
            and len(actors) == 1
        ):
            confidence = 0.85 if verb.lemma_ == "rank" else 0.7
            yield from _rank(
                reading, "figure.ranks", actors[0], rank, phrase(child, reading), verb, confidence
            )


def _largest(word: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A is the world's second-largest exporter of B", in a predicate or an apposition."""
    noun = word.head
    if word.dep_ != "amod" or noun.lemma_.lower() not in SETS or noun.tag_ not in {"NN", "NNP"}:
        return
    if any(child.lower_ in {"one", "among"} for child in noun.children) or noun.head.lower_ == "of":
        return
    rank = _ordinal(word)
    if (
        noun.dep_ in {"attr", "oprd"}
        and is_verb(noun.head)
        and noun.head.lemma_ in {"be", "become", "remain"}
    ):
        actors = reading.agents(surface_subject(noun.head), RANKED)
        predicate = noun.head
    elif noun.dep_ == "appos":
        actors, predicate = reading.agents(noun.head, RANKED)[:1], noun
    elif (
        noun.dep_ == "pobj"
        and noun.head.lower_ == "as"
        and noun.head.head.lemma_ in {"overtake", "replace", "become"}
    ):
        actors, predicate = reading.agents(surface_subject(noun.head.head), RANKED), noun.head.head
    else:
        return
    if len(actors) == 1:
        yield from _rank(reading, "figure.largest", actors[0], rank, phrase(noun, reading), predicate, 0.9)


def _ordinal(word: Token) -> int:
    for child in word.children:
        if child.lower_ in ORDINALS:
            return ORDINALS[child.lower_]
    before = [token.lower_ for token in word.doc[max(0, word.i - 2) : word.i]]
    for text_ in reversed(before):
        if text_ in ORDINALS:
            return ORDINALS[text_]
    return 1


def _rank(
    reading: Reading, rule: str, actor: Mention, rank: int, among: str, predicate: Token, confidence: float
) -> Iterator[Candidate]:
    roles: list[Role] = [text("indicator", "rank"), *names("of", [actor], reading)]
    roles += [("value", Literal(str(Decimal(rank)), "decimal")), text("unit", "rank"), text("among", among)]
    roles += period(reading.time_of(predicate))
    candidate = found(reading, rule, roles, predicate, confidence)
    if candidate is not None:
        yield candidate
