"""Military exercises."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.reading import Reading
from kg.extract.rules.common import date, found, names, place, text
from kg.extract.syntax import children, complements, is_passive, is_verb, objects, prepositional, subject

NOUNS = frozenset({"exercise", "drill", "manoeuvre", "maneuver", "wargame", "manoeuvres", "maneuvers"})
HOLDING = frozenset(
    "hold conduct stage carry launch begin open start complete conclude run finish "
    "kick practise practice".split()
)
JOINING = frozenset({"take", "participate", "join"})
MARTIAL = frozenset(
    "military naval joint air live war army navy counter anti command amphibious submarine defence defense "
    "manoeuvre maneuver force forces troop soldier warship marine aircraft ground sea land combat maritime "
    "anti-terrorism counter-terrorism antiterrorist bilateral trilateral fleet paratrooper jet fighter "
    "sailor squadron pilot".split()
)
CIVIL = frozenset({"earthquake", "fire", "evacuation", "school", "tsunami", "rescue", "writing", "breathing"})
TRIGGERS = NOUNS
STATES = frozenset({"Polity", "Organisation"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A and B held joint exercises in C", "the exercise was held by A with B"."""
    if is_verb(trigger):
        return
    verb, parties = _held(trigger, reading)
    joint = trigger.lemma_ == "exercise" and len({m.name for m in parties if m.type == "Polity"}) > 1
    if verb is None or not (_military(trigger) or (joint and not _civil(trigger))):
        return
    parties += _sides(prepositional(trigger, "between", "of", "with", "by", "involving"), reading)
    parties += reading.states(c for c in trigger.lefts if c.dep_ in {"amod", "compound", "nmod", "poss"})
    unique = {mention.name: mention for mention in parties}
    when = date(reading, verb) or date(reading, trigger)
    where = place(reading, verb, trigger)
    name = _name(trigger, reading)
    if not unique or (len(unique) < 2 and not (when or where or name)):
        return
    roles: list[Role] = [*names("party", unique.values(), reading), *name, *when, *where]
    candidate = found(reading, "exercise.held", roles, verb, 0.91 - 0.06 * (len(unique) < 2))
    if candidate is not None:
        yield candidate


def _military(noun: Token) -> bool:
    """Say whether an exercise is one of armed forces."""
    near = {word.lemma_.lower() for word in noun.subtree} | {word.lower_ for word in noun.subtree}
    if _civil(noun) or (
        any(True for _ in prepositional(noun, "of")) and noun.tag_ == "NN" and not near & MARTIAL
    ):
        return False
    around = {word.lemma_.lower() for word in noun.sent}
    return (
        bool(near & MARTIAL)
        or noun.lemma_.startswith(("manoeuv", "maneuv"))
        or bool(around & (MARTIAL - {"air"}))
    )


def _civil(noun: Token) -> bool:
    return bool({word.lemma_.lower() for word in noun.subtree} & CIVIL)


def _held(noun: Token, reading: Reading) -> tuple[Token | None, list[Mention]]:
    """Return the verb that says that the exercise took place, and who it names as taking part."""
    if noun.dep_ == "appos":
        return _held(noun.head, reading)
    head = noun.head
    if noun.dep_ in {"dobj", "nsubjpass"} and head.lemma_ in HOLDING:
        actor = subject(head)
        actors = _sides([actor] if actor is not None else [], reading)
        return head, actors + _sides(complements(head, "with", "between"), reading)
    if (
        noun.dep_ == "nsubj"
        and head.lemma_ in HOLDING | {"take", "involve", "end", "occur"}
        and not is_passive(head)
    ):
        others = _sides(objects(head), reading) if head.lemma_ == "involve" else []
        return head, others + _sides(prepositional(head, "with", "between"), reading)
    named = [*children(noun, "appos")]
    for child in [*children(noun, "relcl", "acl"), *(c for n in named for c in children(n, "relcl", "acl"))]:
        if child.lemma_ in HOLDING and child.head in objects(child):
            actor = subject(child)
            return child, _sides([actor] if actor is not None else [], reading)
    place = noun.head.head if noun.dep_ == "pobj" and noun.head.lower_ in {"in", "during", "for"} else noun
    if place.lemma_ in {
        "train",
        "practise",
        "practice",
        "meet",
        "fly",
        "sail",
        "gather",
        "assemble",
    } and is_verb(place):
        actor = subject(place)
        return place, _sides([actor] if actor is not None else [], reading) + _sides(
            prepositional(place, "with"), reading
        )
    if (
        noun.dep_ == "pobj"
        and noun.head.lower_ == "in"
        and noun.head.head.lemma_ in {"part", "participate", "join"}
    ):
        verb = noun.head.head if is_verb(noun.head.head) else noun.head.head.head
        actor = subject(verb) if is_verb(verb) else None
        return (verb, _sides([actor] if actor is not None else [], reading)) if is_verb(verb) else (None, [])
    return None, []


def _sides(tokens: list[Token], reading: Reading) -> list[Mention]:
    return [mention for token in tokens for mention in reading.agents(token, STATES)]


def _name(noun: Token, reading: Reading) -> list[Role]:
    """Return the proper name of the exercise: next to the noun, in quotation marks or as apposition."""
    doc = noun.doc
    after = re.match(
        r"^\s*,?\s*(?:dubbed|named|called|known as|code-?named)?\s*[\"“'‘]([A-Z][^\"”'’]{2,40})[\"”'’]",
        doc[noun.i + 1 :].text,
    )
    if after:
        return [text("name", after[1].strip(" ,"))]
    before = [child for child in noun.lefts if child.dep_ in {"compound", "nmod"} and child.pos_ == "PROPN"]
    before = [child for child in before if reading.mentions.at(child) is None or not reading.states([child])]
    if before:
        first = min(word.i for child in before for word in child.subtree)
        name = doc[first : before[-1].i + 1].text
        return [text("name", name)] if not re.match(r"^(Joint|Naval|Military)$", name) else []
    named = [noun.head] if noun.dep_ == "appos" else []
    for child in [*children(noun, "appos"), *named]:
        mention = reading.mentions.at(child)
        if mention is not None and (not mention.sure or mention.type not in STATES | {"Place", "Person"}):
            following = doc[mention.end : mention.end + 1]
            number = f" {following.text}" if following.text.isdigit() else ""
            return [text("name", mention.name + number)]
    return []
