"""Military exercises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.reading import Reading
from kg.extract.rules.actors import participants, subjects
from kg.extract.rules.common import date, found, names, place, text
from kg.extract.syntax import (
    children,
    clause_of,
    companions,
    is_passive,
    is_verb,
    objects,
    prepositional,
    reach,
)

NOUNS = frozenset({"exercise", "drill", "manoeuvre", "maneuver", "wargame", "manoeuvres", "maneuvers"})
HOLDING = frozenset(
    "hold conduct stage carry launch begin open start complete conclude run finish kick practise "
    "practice wrap fly host organise organize mount perform do have undertake end".split()
)
INVOLVING = frozenset({"involve", "include", "bring", "feature", "unite", "see", "draw"})
HAPPENING = frozenset({"take", "end", "occur", "last", "begin", "start", "open", "run", "conclude", "be"})
JOINING = frozenset({"take", "participate", "join", "attend"})
TRAINING = frozenset(
    "train practise practice meet fly sail gather assemble freeze rehearse cooperate operate simulate drill "
    "exercise".split()
)
"""What forces do "in the exercise" or "during the exercise"."""
MARTIAL = frozenset(
    "military naval joint air live war army navy counter anti command amphibious submarine defence defense "
    "manoeuvre maneuver force forces troop soldier warship marine aircraft ground sea land combat maritime "
    "anti-terrorism counter-terrorism antiterrorist bilateral trilateral fleet paratrooper jet fighter "
    "sailor squadron pilot missile artillery tank destroyer frigate border guard".split()
)
CIVIL = frozenset({"earthquake", "fire", "evacuation", "school", "tsunami", "rescue", "writing", "breathing"})
HELP = frozenset({"participation", "involvement", "presence"})
ARMED = MARTIAL | frozenset("ship vessel unit bomber contingent brigade battalion regiment crew".split())
EDITIONS = frozenset({"edition", "round", "series", "phase", "iteration", "stage", "instalment"})
TOGETHER = frozenset({"together", "jointly", "alongside"})
RUNNING = frozenset({"hold", "stage", "conduct", "run", "launch", "take", "participate"})
TRIGGERS = NOUNS | RUNNING | {"train", "practise", "practice", "rehearse", "patrol"}
STATES = frozenset({"Polity", "Organisation"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A and B held joint exercises in C", "the exercise was held by A", "A and B trained together"."""
    if is_verb(trigger):
        yield from _named(trigger, reading) if trigger.lemma_ in RUNNING else _trained(trigger, reading)
        return
    if trigger.lemma_ not in NOUNS and not (trigger.lemma_ == "patrol" and _joint(trigger)):
        return
    predicates, parties, told = _told(trigger, reading)
    verb = predicates[0]
    joint = len({m.name for m in parties if m.type == "Polity"}) > 1
    if not (_military(trigger) or (joint and not _civil(trigger))):
        return
    when, where = date(reading, *predicates), place(reading, *predicates)
    name = _name(trigger, reading)
    known = bool(when or where or name)
    if not parties or (len(parties) < 2 and not known) or (not told and not (joint and known)):
        return
    roles: list[Role] = [*names("party", parties, reading), *name, *when, *where]
    sure = 0.91 - 0.06 * (len(parties) < 2) - 0.04 * (not told)
    candidate = found(reading, "exercise.held", roles, verb, sure)
    if candidate is not None:
        yield candidate


def _trained(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "soldiers of A and B trained together in C"."""
    things = [word for child in verb.children for word in [child, *child.children]]
    together = any(word.lower_ in TOGETHER for word in things)
    if any(word.lemma_ in NOUNS for word in verb.subtree if word != verb) or (
        verb.lemma_ in {"practise", "practice"} and not together and not objects(verb)
    ):
        return
    parties = _sides([*subjects(verb), *reach(verb, "with", "alongside")], reading)
    armed = {word.lemma_.lower() for head in subjects(verb) for word in head.subtree} & ARMED
    when, where = date(reading, verb), place(reading, verb)
    if len(parties) >= 2 and (together or verb.lemma_ != "train") and armed and (when or where):
        roles = [*names("party", parties, reading), *when, *where]
        candidate = found(reading, "exercise.trained", roles, verb, 0.86)
        if candidate is not None:
            yield candidate


def _named(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "the two navies held Green Sea-2016 off C": an exercise that only its name shows."""
    heads = subjects(verb)
    armed = any(head.lemma_.lower() in ARMED for head in heads)
    joined = verb.lemma_ in {"take", "participate"}
    for thing in reach(verb, "in") if joined else objects(verb)[:1]:
        mention = reading.mentions.at(thing)
        place_like = mention is not None and joined and mention.type in {"Place", "Meeting"}
        numbered = mention is not None and verb.doc[mention.end - 1 : mention.end + 1].text[-4:].isdigit()
        sure = mention is not None and (mention.sure and not numbered)
        if mention is None or sure or mention.known or not armed or place_like:
            continue
        parties = _sides(heads, reading)
        when, where = date(reading, verb), place(reading, verb)
        if parties and when:
            roles = [*names("party", parties, reading), text("name", mention.name), *when, *where]
            candidate = found(reading, "exercise.named", roles, verb, 0.84)
            if candidate is not None:
                yield candidate


def _joint(noun: Token) -> bool:
    return any(child.lower_ == "joint" for child in noun.lefts)


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


def _told(noun: Token, reading: Reading) -> tuple[list[Token], list[Mention], bool]:
    """Return what says that the exercise took place, who took part, and whether a verb says so."""
    parties = _sides(prepositional(noun, "between", "of", "with", "by", "involving", "among"), reading)
    parties += reading.states(
        word for c in noun.lefts if c.dep_ in {"amod", "compound", "nmod", "poss"} for word in c.subtree
    )
    whole = noun.head if noun.dep_ == "appos" else noun
    whole = noun.head.head if noun.dep_ == "pobj" and noun.head.head.lemma_ in EDITIONS else whole
    predicates: list[Token] = []
    for verb, actors in [*_governor(whole, reading), *_clauses(whole, reading), *_clauses(noun, reading)]:
        predicates.append(verb)
        parties += actors
    unique = {mention.name: mention for mention in parties if _takes_part(mention, noun)}
    return [*predicates, noun], list(unique.values()), bool(predicates)


def _takes_part(mention: Mention, noun: Token) -> bool:
    """Say whether a name can be a party, rather than the exercise's own name."""
    beside = mention.end == noun.i or mention.start == noun.i + 1
    return mention.type == "Polity" or mention.known or not beside or mention.name.isupper()


def _governor(noun: Token, reading: Reading) -> Iterator[tuple[Token, list[Mention]]]:
    """Yield the verb that the exercise is subject, object or occasion of, and whom that names."""
    verb = noun.head
    company = _sides(reach(verb, "with", "between", "by"), reading) if is_verb(verb) else []
    if noun.dep_ in {"dobj", "nsubjpass"} and verb.lemma_ in HOLDING | JOINING:
        yield verb, _sides([*subjects(verb), *companions(verb)], reading) + company
    elif noun.dep_ == "nsubj" and not is_passive(verb) and verb.lemma_ in INVOLVING:
        yield verb, _sides(objects(verb), reading) + company
    elif noun.dep_ == "nsubj" and verb.lemma_ in HAPPENING:
        yield verb, company
    elif noun.dep_ == "pobj":
        verb = clause_of(noun)
        if is_verb(verb) and (verb.lemma_ in TRAINING | JOINING | HOLDING):
            yield verb, _sides([*subjects(verb), *companions(verb)], reading)


def _clauses(noun: Token, reading: Reading) -> Iterator[tuple[Token, list[Mention]]]:
    """Yield the clauses that describe it: "held by A", "that A and B ran", "in which A took part"."""
    clauses = [*children(noun, "relcl", "acl")]
    clauses += [clause for name in children(noun, "appos") for clause in children(name, "relcl", "acl")]
    for verb in clauses:
        if verb.lemma_ in HOLDING | HAPPENING | INVOLVING | JOINING and is_verb(verb):
            joined = verb.lemma_ == "join" and is_passive(verb)
            things = objects(verb) if joined or (verb.lemma_ in INVOLVING and not is_passive(verb)) else []
            yield verb, _sides([*subjects(verb), *things, *reach(verb, "with", "by")], reading)


def _sides(tokens: Iterable[Token], reading: Reading) -> list[Mention]:
    """Return who takes part; of "with the participation of A" A."""
    heads = [t for token in tokens for t in (prepositional(token, "of") if token.lemma_ in HELP else [token])]
    return [m for m in participants(heads, reading, STATES) if m.type in STATES]


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
