"""Trade figures: volumes of trade, exports, imports, investment, and the targets set for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Span, Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.modality import Judgement, judge, presupposed
from kg.extract.quantities import MONEY, Quantity
from kg.extract.reading import Reading
from kg.extract.rules.amounts import MOVING, REACHING, amount_time, reached
from kg.extract.rules.common import found, measure, names, period, text
from kg.extract.rules.weapons import is_weapon
from kg.extract.syntax import (
    children,
    complements,
    conjuncts,
    is_verb,
    lemma,
    objects,
    prepositional,
    subject,
)
from kg.extract.times import Time

INDICATORS = {
    "trade": "trade volume",
    "turnover": "trade volume",
    "exchange": "trade volume",
    "commerce": "trade volume",
    "export": "exports",
    "import": "imports",
    "investment": "investment",
    "fdi": "investment",
    "shipment": "exports",
    "delivery": "exports",
    "supply": "exports",
    "sale": "exports",
    "purchase": "imports",
}
HEADS = frozenset(
    {"volume", "turnover", "value", "flow", "stock", "amount", "total", "figure", "level", "exchange"}
)
PARTS = frozenset({"exchange", "trade", "investment", "export", "import", "commerce"})
RAISING = frozenset("raise boost increase bring lift take expand double triple push grow".split())
AIMING = frozenset(
    "agree plan aim pledge vow set intend seek want commit target decide undertake resolve".split()
)
TARGETS = frozenset({"target", "goal", "objective"})
TRIGGERS = frozenset(INDICATORS) | TARGETS | RAISING | {"it"}
TRADERS = frozenset({"Polity", "Organisation", "Place", "Entity", "Group"})
STATES = frozenset({"Polity", "Organisation"})
_MUTUAL = frozenset({"bilateral", "mutual", "two", "reciprocal", "cross", "their", "overall", "total"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find trade figures around a noun such as "exports", or a target."""
    word = trigger.lemma_.lower()
    if is_verb(trigger):
        if word in RAISING:
            yield from _raised(trigger, reading)
    elif word in TARGETS:
        yield from _targeted(trigger, reading)
    elif word == "it" and trigger.dep_ == "nsubj":
        yield from _taken_up(trigger, reading)
    elif word in INDICATORS and trigger.pos_ in {"NOUN", "PROPN"}:
        yield from _measured(trigger, INDICATORS[word], reading)


def _measured(noun: Token, indicator: str, reading: Reading) -> Iterator[Candidate]:
    """Find "exports of A to B reached X", "trade between A and B, worth X"."""
    head = _head(noun)
    if noun != head and noun.lemma_.lower() not in PARTS:
        return
    if noun.lemma_.lower() == "exchange" and not _of_goods(noun):
        return
    if any(is_weapon(t) for t in [*children(noun, "compound"), *prepositional(noun, "of")]):
        return
    sides: list[Role] | None = None
    for quantity, span, predicate in reached(head, reading, frozenset(INDICATORS)):
        sides = _sides(head, noun, indicator, reading) if sides is None else sides
        if not sides:
            return
        judgement = judge(predicate, predictions=True)
        time = amount_time(quantity, span, predicate, reading)
        said = indicator
        if judgement is None and _aimed(predicate, time):
            said, judgement = "target", presupposed(predicate)
        if judgement is None:
            continue
        roles = [text("indicator", said), *sides, *measure(_worded(quantity, predicate)), *period(time)]
        yield from built(reading, "trade.noun", roles, predicate, judgement, 0.92)


def _of_goods(noun: Token) -> bool:
    words = {lemma(t) for t in [*prepositional(noun, "of", "in"), *children(noun, "compound", "amod")]}
    return bool(words & {"good", "goods", "merchandise", "trade", "commercial"})


def _taken_up(pronoun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "It amounted to X" after a clause about trade, exports or investment."""
    if lemma(pronoun.head) not in REACHING | MOVING:
        return
    start = pronoun.sent.start
    first = reading.doc[start - 1].sent.start if start else start
    before = [t for t in reading.doc[first : pronoun.i] if t.dep_ in {"nsubj", "nsubjpass"}]
    noun = next((t for t in reversed(before) if t.pos_ in {"NOUN", "PROPN"}), None)
    measured = next((t for t in noun.subtree if lemma(t) in INDICATORS), None) if noun is not None else None
    if noun is None or measured is None or noun not in {measured, measured.head}:
        return
    indicator = INDICATORS[lemma(measured)]
    sides = _sides(noun, measured, indicator, reading)
    for quantity, span, predicate in reached(pronoun, reading, frozenset(INDICATORS)):
        judgement = judge(predicate, predictions=True)
        if judgement is not None and sides:
            when = period(amount_time(quantity, span, predicate, reading))
            roles = [text("indicator", indicator), *sides, *measure(quantity), *when]
            yield from built(reading, "trade.it", roles, predicate, judgement, 0.88)


def _aimed(verb: Token, time: Time | None) -> bool:
    """Recognise a target: "should reach X by 2030"."""
    aiming = any(child.dep_ == "aux" and child.lower_ in {"should", "shall"} for child in verb.children)
    return aiming and time is not None and verb.dep_ in {"ROOT", "ccomp", "conj"}


def _head(noun: Token) -> Token:
    """Go from "trade" to "volume" in "trade volume", "volume of trade" and "value of exports"."""
    if noun.dep_ in {"compound", "nmod", "amod"} and noun.head.lemma_.lower() in HEADS | {"investment"}:
        return noun.head
    if noun.dep_ == "pobj" and noun.head.lower_ in {"of", "in"} and noun.head.head.lemma_.lower() in HEADS:
        return noun.head.head
    return noun


def _worded(quantity: Quantity, predicate: Token) -> Quantity:
    """Take "exceeded" as the wording of the number."""
    if quantity.wording or predicate.lemma_.lower() not in {"exceed", "surpass", "top"}:
        return quantity
    return Quantity(quantity.start, quantity.end, quantity.value, quantity.unit, predicate.lower_)


def _sides(head: Token, noun: Token, indicator: str, reading: Reading) -> list[Role]:
    """Return the parties, or the direction, of what is measured."""
    nouns = [head] if head == noun else [head, noun]
    if indicator == "trade volume":
        return _partners(nouns, reading)
    givers = [m for n in nouns for m in _owners(n, reading)]
    givers += [m for t in _after(nouns, "by") for m in traders(t, reading)]
    givers += [m for n in nouns for t in prepositional(n, "of") for m in reading.agents(t, STATES)]
    sources = [m for t in _after(nouns, "from") for m in traders(t, reading)]
    if indicator == "imports":
        takers = givers or _told(head, sources, reading)
        return single("from", sources, reading) + single("to", takers, reading)
    goals = ("to",) if indicator == "exports" else ("in", "into", "to")
    targets = [m for t in _after(nouns, *goals) for m in traders(t, reading)]
    sources = givers + sources or _told(head, targets, reading)
    roles = single("from", sources, reading) + single("to", targets, reading)
    both = len(roles) == 2 or noun.lemma_.lower() not in {"delivery", "supply", "sale", "shipment"}
    return roles if both else []


def _after(nouns: Iterable[Token], *prepositions: str) -> list[Token]:
    """Return the complements of nouns, also of what they are of: "exports of gas to Germany"."""
    found_ = []
    for noun in nouns:
        found_ += prepositional(noun, *prepositions) or [
            t for of in prepositional(noun, "of", "in") for t in prepositional(of, *prepositions)
        ]
    return found_


def _told(head: Token, others: list[Mention], reading: Reading) -> list[Mention]:
    """Return whose exports or imports they are where only the sentence before says it, by its one subject."""
    if not others or head.sent.start == 0:
        return []
    before = reading.doc[head.sent.start - 1].sent
    owners = [
        m
        for m in reading.states(t for t in before if t.dep_ in {"poss", "nsubj"})
        if m.name != others[0].name
    ]
    return owners if len(owners) == 1 else []


def _owners(noun: Token, reading: Reading) -> list[Mention]:
    found_ = []
    for child in noun.lefts:
        if child.dep_ in {"poss", "amod", "compound", "nmod"}:
            found_ += [m for part in conjuncts(child) for m in reading.resolve(part) if m.type in TRADERS]
            if child.dep_ == "amod":
                found_ += [m for m in reading.states(child.lefts) if m.name not in {f.name for f in found_}]
            if child.dep_ in {"compound", "nmod"} and not found_:
                found_ += _owners(child, reading)
    return found_


def traders(token: Token, reading: Reading) -> list[Mention]:
    """Return who a noun phrase says to trade; "Russia's economy" is Russia."""
    found_ = [m for part in conjuncts(token) for m in reading.resolve(part) if m.type in TRADERS]
    if not found_ and token.lemma_.lower() in {
        "economy",
        "market",
        "industry",
        "territory",
        "company",
        "firm",
    }:
        found_ = reading.states(c for c in token.lefts if c.dep_ in {"poss", "amod"})
        owner = next(children(token, "poss"), None)
        found_ = found_ or (reading.resolve(owner, STATES) if owner is not None else [])
    return found_


def single(role: str, mentions: list[Mention], reading: Reading) -> list[Role]:
    """Return the one filler of a role; none where several names come into question."""
    unique = {mention.name: mention for mention in mentions}
    return names(role, unique.values(), reading) if len(unique) == 1 else []


def _partners(nouns: list[Token], reading: Reading) -> list[Role]:
    between = [m for t in _after(nouns, "between", "among") for m in reading.agents(t, STATES)]
    owners = [m for n in nouns for m in _owners(n, reading)]
    others = [m for t in _after(nouns, "with", "of") for m in reading.agents(t, STATES | {"Place"})]
    two = between or owners + others
    known = {m.name for m in two}
    if len(known) < 2:
        two = _mutual(nouns, reading)
        two = two if known <= {m.name for m in two} else []
    if len({m.name for m in two}) < 2 and len(known) <= 1:
        two = [m for m in reading.protagonists(nouns[0]) if known <= set(reading.memory.protagonists)]
    unique = {mention.name: mention for mention in two}
    many = len(between) > 2 or len(unique) == 2
    return names("party", unique.values(), reading) if many else []


def _mutual(nouns: list[Token], reading: Reading) -> list[Mention]:
    """Return the two states that "bilateral trade" or "their trade" is between."""
    for noun in nouns:
        for child in noun.lefts:
            if child.lower_ in _MUTUAL or "way" in {word.lower_ for word in child.subtree}:
                return (
                    reading.only_two_states(noun)
                    or reading.protagonists(noun)
                    or reading.only_two_states(noun, whole=True)
                )
        for token in prepositional(noun, "between"):
            return reading.pair(token)
    return []


def _raised(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A and B have agreed to raise their trade to X by 2018"."""
    head = verb.head
    things = [thing for thing in objects(verb) if _trading(thing)]
    if (
        not things
        or verb.dep_ not in {"xcomp", "acl"}
        or head.lemma_.lower() not in AIMING | TARGETS | {"plan"}
    ):
        return
    for quantity, span in reading.quantities:
        if quantity.unit in MONEY and any(
            t in list(span.root.ancestors) or t == span.root for t in complements(verb, "to")
        ):
            yield from _target(verb, head, things[0], quantity, span, reading)


def _trading(thing: Token) -> bool:
    words = {word.lemma_.lower() for word in thing.subtree}
    return bool(words & {"trade", "turnover", "commerce"})


def _targeted(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "a target of X for trade by 2020"."""
    before = noun.doc[max(0, noun.sent.start - 40) : noun.sent.end]
    if not any(word.lemma_.lower() in {"trade", "turnover", "commerce"} for word in before):
        return
    for quantity, span in reading.quantities:
        if quantity.unit in MONEY and (noun in list(span.root.ancestors)[:3] or span.root.head == noun):
            yield from _target(noun, noun.head, noun, quantity, span, reading)


def _target(
    predicate: Token, governor: Token, thing: Token, quantity: Quantity, span: Span, reading: Reading
) -> Iterator[Candidate]:
    judgement = judge(governor)
    if judgement is None:
        return
    time = amount_time(quantity, span, predicate, reading)
    time = time if time is not None and time.start > quantity.start else None
    parties = reading.agents(subject(governor), STATES) if is_verb(governor) else []
    if len(parties) != 2:
        parties = reading.only_two_states(thing, whole=True) or reading.protagonists(thing)
    if len(parties) != 2:
        return
    roles = [
        text("indicator", "target"),
        *names("party", parties, reading),
        *measure(quantity),
        *period(time),
    ]
    yield from built(reading, "trade.target", roles, predicate, judgement, 0.88)


def built(
    reading: Reading,
    rule: str,
    roles: list[Role],
    predicate: Token,
    judgement: Judgement,
    confidence: float,
) -> Iterator[Candidate]:
    """Put a trade figure together, if it says whose it is."""
    given = {role for role, _ in roles}
    if not given & {"party", "from", "to"}:
        return
    dated = given & {"date", "start"}
    candidate = found(reading, rule, roles, predicate, confidence - 0.06 * (not dated), judgement=judgement)
    if candidate is not None:
        yield candidate
