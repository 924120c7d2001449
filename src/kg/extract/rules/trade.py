"""Trade figures: volumes of trade, exports, imports, investment, and the targets set for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Span, Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.modality import Judgement, judge, presupposed
from kg.extract.quantities import MONEY, VOLUMES, Quantity
from kg.extract.reading import Reading
from kg.extract.rules.common import found, measure, names, period, text
from kg.extract.syntax import (
    children,
    complements,
    conjuncts,
    is_passive,
    is_verb,
    objects,
    prepositional,
    subject,
    surface_subject,
)
from kg.extract.times import Time
from kg.terms import Stance

INDICATORS = {
    "trade": "trade volume",
    "turnover": "trade volume",
    "commerce": "trade volume",
    "export": "exports",
    "import": "imports",
    "investment": "investment",
    "fdi": "investment",
    "shipment": "exports",
}
HEADS = frozenset({"volume", "turnover", "value", "flow", "stock", "amount", "total", "figure", "level"})
REACHING = frozenset(
    "reach total hit exceed surpass equal top cross pass attain be average near approach".split()
)
MOVING = frozenset(
    "rise grow increase climb jump surge soar expand rocket balloon fall drop decline shrink plunge slump "
    "decrease contract dip double triple quadruple recover go swell slide sink tumble come amount stand "
    "peak run slip rebound value".split()
)
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
}
RAISING = frozenset("raise boost increase bring lift take expand double triple push grow".split())
AIMING = frozenset(
    "agree plan aim pledge vow set intend seek want commit target decide undertake resolve".split()
)
TARGETS = frozenset({"target", "goal", "objective"})
TRIGGERS = frozenset(INDICATORS) | DEALING.keys() | TARGETS | RAISING
TRADERS = frozenset({"Polity", "Organisation", "Place", "Entity", "Group"})
STATES = frozenset({"Polity", "Organisation"})
Measured = tuple[Quantity, Span]


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find trade figures around a noun such as "exports", a verb such as "import", or a target."""
    lemma = trigger.lemma_.lower()
    if is_verb(trigger):
        if lemma in DEALING:
            yield from _dealt(trigger, DEALING[lemma], reading)
        if lemma in RAISING:
            yield from _raised(trigger, reading)
    elif lemma in TARGETS:
        yield from _targeted(trigger, reading)
    elif lemma in INDICATORS and trigger.pos_ in {"NOUN", "PROPN"}:
        yield from _measured(trigger, INDICATORS[lemma], reading)


def _measured(noun: Token, indicator: str, reading: Reading) -> Iterator[Candidate]:
    """Find "exports of A to B reached X", "trade between A and B, worth X"."""
    head = _head(noun)
    if noun != head and noun.lemma_.lower() not in {"trade", "investment", "export", "import"}:
        return
    sides = _sides(head, noun, indicator, reading)
    if not sides:
        return
    for quantity, span, predicate in _figures(head, reading):
        judgement = judge(predicate, predictions=True)
        time = figure_time(quantity, span, predicate, reading)
        named = indicator
        if judgement is None and _aimed(predicate, time):
            named, judgement = "target", presupposed(predicate)
        if judgement is None:
            continue
        roles = [text("indicator", named), *sides, *measure(_worded(quantity, predicate)), *period(time)]
        yield from _candidate(reading, "trade.noun", roles, predicate, quantity, judgement, 0.92)


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


def _figures(head: Token, reading: Reading) -> Iterator[tuple[Quantity, Span, Token]]:
    """Yield each amount that the noun is said to reach, with the predicate that says so."""
    for quantity, span in reading.quantities:
        if quantity.unit not in MONEY | VOLUMES or span.root.sent != head.sent:
            continue
        predicate = _reaching(head, span.root)
        between = reading.doc[head.i + 1 : max(head.i + 1, span.start)]
        others = {INDICATORS.get(w.lemma_.lower()) for w in between if w.dep_ in {"nsubj", "conj"}} - {None}
        if predicate is not None and not others:
            yield quantity, span, predicate


def _reaching(head: Token, root: Token) -> Token | None:
    chain = [root, *root.ancestors]
    for step, token in enumerate(chain):
        if token == head:
            between = chain[1:step]
            return head if _worth(between, root) else None
        if is_verb(token) and token.lemma_.lower() in REACHING | MOVING:
            return token if _is_subject(head, token) and _to(chain[:step], token) else None
        if is_verb(token):
            return None
    return None


def _is_subject(head: Token, verb: Token) -> bool:
    found_ = surface_subject(verb)
    return found_ is not None and (found_ == head or head in list(conjuncts(found_)))


def _worth(between: list[Token], root: Token) -> bool:
    words = {token.lower_ for token in between}
    previous = root.doc[max(0, root.left_edge.i - 2) : root.i].text.lower()
    return (
        (
            root.head.lower_ == "of"
            and root.head.head.dep_ in {"pobj", "nsubj", "dobj", "conj"}
            and not between[1:]
        )
        or bool(words & {"worth", "totalling", "totaling", "valued", "reaching", "amounting"})
        or "worth" in previous
    )


def _to(path: list[Token], verb: Token) -> bool:
    """Say whether the amount is what is reached: the object, or after "to", "at" or "from", but not "by"."""
    words = {token.lower_ for token in path if token.dep_ in {"prep", "agent"}}
    if words & {"by", "of", "with", "in", "than", "after", "for"}:
        return bool({"from", "to"} & words) and not words & {"by", "of"}
    return bool(words & {"to", "at", "from"}) or verb.lemma_.lower() in REACHING


def _worded(quantity: Quantity, predicate: Token) -> Quantity:
    """Take "exceeded" as the wording of the number."""
    if quantity.wording or predicate.lemma_.lower() not in {"exceed", "surpass", "top"}:
        return quantity
    return Quantity(quantity.start, quantity.end, quantity.value, quantity.unit, predicate.lower_)


def figure_time(quantity: Quantity, span: Span, predicate: Token, reading: Reading) -> Time | None:
    """Return the time of an amount: the date after it, before the next amount; else that of its predicate."""
    sentence = span.root.sent
    later = [
        q.start
        for q, s in reading.quantities
        if q.start > quantity.end and s.root.sent == sentence and q.unit
    ]
    limit = min(later, default=sentence.end_char)
    mine = [(time, when) for time, when in reading.times if when.root.sent == sentence]
    for time, when in mine:
        if quantity.end <= time.start < limit and (
            _follows(quantity, time, reading) or _in_reach(when.root, span.root, predicate)
        ):
            return time if time.edtf else None
    before = [
        time
        for time, when in mine
        if time.end <= quantity.start and _in_reach(when.root, span.root, predicate)
    ]
    others = [
        q
        for q, s in reading.quantities
        if q != quantity and q.unit == quantity.unit and s.root.sent == sentence
    ]
    if others and len(mine) > 1:
        return None
    found_ = before[-1] if before else reading.time_of(predicate)
    if found_ is None or not found_.edtf:
        return None
    lasting = "since then" in reading.doc.text[quantity.end : sentence.end_char]
    return replace(found_, since=True) if lasting and "/" not in found_.edtf else found_


def _follows(quantity: Quantity, time: Time, reading: Reading) -> bool:
    """Say whether nothing but a preposition stands between an amount and a date."""
    between = reading.doc.text[quantity.end : time.start].strip().lower()
    return between in {"", "in", "by", "for", "during", "since", "("}


def _in_reach(date: Token, amount: Token, predicate: Token) -> bool:
    """Say whether a date belongs to the clause of the amount, not to one beside it."""
    for token in date.ancestors:
        if token in (predicate, amount):
            return True
        if is_verb(token) and token != predicate:
            return token in list(predicate.ancestors) and date.i < predicate.i
    return False


def _sides(head: Token, noun: Token, indicator: str, reading: Reading) -> list[Role]:
    """Return the parties, or the direction, of what is measured."""
    nouns = [head] if head == noun else [head, noun]
    if indicator == "trade volume":
        return _partners(nouns, reading)
    owners = [m for n in nouns for m in _owners(n, reading)]
    givers = owners + [m for n in nouns for t in prepositional(n, "by") for m in _traders(t, reading)]
    if indicator == "imports":
        sources = [m for n in nouns for t in prepositional(n, "from") for m in _traders(t, reading)]
        takers = givers or _told(head, sources, reading)
        return _single("from", sources, reading) + _single("to", takers, reading)
    sources = givers + [m for n in nouns for t in prepositional(n, "from") for m in _traders(t, reading)]
    goals = ("to",) if indicator == "exports" else ("in", "into", "to")
    targets = [m for n in nouns for t in prepositional(n, *goals) for m in _traders(t, reading)]
    return _single("from", sources, reading) + _single("to", targets, reading)


def _told(head: Token, others: list[Mention], reading: Reading) -> list[Mention]:
    """Return whose imports they are where only the sentence before says it, by its one subject."""
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


def _traders(token: Token, reading: Reading) -> list[Mention]:
    return [m for part in conjuncts(token) for m in reading.resolve(part) if m.type in TRADERS]


def _single(role: str, mentions: list[Mention], reading: Reading) -> list[Role]:
    unique = {mention.name: mention for mention in mentions}
    return names(role, unique.values(), reading) if len(unique) == 1 else []


def _partners(nouns: list[Token], reading: Reading) -> list[Role]:
    between = [
        m for n in nouns for t in prepositional(n, "between", "among") for m in reading.agents(t, STATES)
    ]
    owners = [m for n in nouns for m in _owners(n, reading)]
    others = [m for n in nouns for t in prepositional(n, "with") for m in reading.agents(t, STATES)]
    two = between or owners + others
    if len({m.name for m in two}) < 2:
        two = _mutual(nouns, reading)
    unique = {mention.name: mention for mention in two}
    return names("party", unique.values(), reading) if len(unique) == 2 else []


def _mutual(nouns: list[Token], reading: Reading) -> list[Mention]:
    """Return the two states that "bilateral trade" or "their trade" is between."""
    for noun in nouns:
        for child in noun.lefts:
            if (
                child.lower_ in {"bilateral", "mutual", "two", "reciprocal", "cross"}
                or child.lower_ == "their"
            ):
                return reading.only_two_states(noun, whole=True)
            if "way" in {word.lower_ for word in child.subtree}:
                return reading.only_two_states(noun, whole=True)
        for token in prepositional(noun, "between"):
            return reading.pair(token)
    return []


def _dealt(verb: Token, indicator: str, reading: Reading) -> Iterator[Candidate]:
    """Find "A exported X of goods to B", "A invested X in B"."""
    actor = subject(verb)
    actors = reading.agents(actor, TRADERS) if actor is not None else []
    goals = {"exports": ("to",), "imports": ("from",), "investment": ("in", "into")}[indicator]
    others = [m for token in complements(verb, *goals) for m in _traders(token, reading)]
    own, other = ("to", "from") if indicator == "imports" else ("from", "to")
    if (
        is_passive(verb)
        or not actors
        or (verb.lemma_ in {"sell", "buy", "purchase", "supply", "ship"} and not others)
    ):
        return
    for quantity, span in reading.quantities:
        if quantity.unit not in MONEY | VOLUMES or not _is_amount(span.root, verb):
            continue
        judgement = judge(verb, predictions=True)
        if judgement is None:
            return
        if quantity.wording in {"an estimated", "estimated"} and judgement.stance is Stance.STATES:
            judgement = Judgement(Stance.ESTIMATES, judgement.source)
        roles = [
            text("indicator", indicator),
            *_single(own, actors, reading),
            *_single(other, others, reading),
        ]
        roles += [*measure(quantity), *period(figure_time(quantity, span, verb, reading))]
        if any(role in {"from", "to"} for role, _ in roles):
            yield from _candidate(reading, "trade.verb", roles, verb, quantity, judgement, 0.9)


def _is_amount(root: Token, verb: Token) -> bool:
    """Say whether the amount is the object of the verb, or what the object is worth."""
    for thing in children(verb, "dobj"):
        if root == thing or (
            root.head == thing and root.dep_ in {"nummod", "compound", "amod", "nmod", "acl"}
        ):
            return True
        if root in set(thing.subtree) and _worth(list(root.ancestors)[:3], root):
            return True
    return root.head == verb and root.dep_ in {"dobj", "npadvmod"}


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
    if not any(word.lemma_.lower() in {"trade", "turnover"} for word in noun.sent):
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
    time = figure_time(quantity, span, predicate, reading)
    parties = reading.agents(subject(governor), STATES) if is_verb(governor) else []
    if len(parties) != 2:
        parties = reading.only_two_states(thing, whole=True)
    if len(parties) != 2:
        return
    roles = [
        text("indicator", "target"),
        *names("party", parties, reading),
        *measure(quantity),
        *period(time),
    ]
    yield from _candidate(reading, "trade.target", roles, predicate, quantity, judgement, 0.88)


def _candidate(
    reading: Reading,
    rule: str,
    roles: list[Role],
    predicate: Token,
    quantity: Quantity,
    judgement: Judgement,
    confidence: float,
) -> Iterator[Candidate]:
    sided = {role for role, _ in roles} & {"party", "from", "to"}
    dated = {role for role, _ in roles} & {"date", "start"}
    if not sided or (quantity.unit not in MONEY and not dated):
        return
    candidate = found(reading, rule, roles, predicate, confidence - 0.06 * (not dated), judgement=judgement)
    if candidate is not None:
        yield candidate
