"""Meetings, visits and summits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.coreference import MUTUAL, PAIRING
from kg.extract.mentions import Mention
from kg.extract.reading import Reading
from kg.extract.rules.actors import couple, participants, subjects
from kg.extract.rules.common import LOCATIVE, as_place, date, found, is_place, names, place
from kg.extract.syntax import (
    children,
    clause_of,
    conjuncts,
    governing,
    is_passive,
    is_verb,
    objects,
    prepositional,
    reach,
)

MEETING = frozenset({"meet", "confer", "gather", "convene", "assemble", "sit", "huddle"})
ENCOUNTERS = frozenset(
    "talk meeting summit consultation discussion conversation dialogue encounter conference".split()
)
HOLDING = frozenset("hold have conduct open convene begin start conclude finish lead chair co-chair".split())
ATTENDING = frozenset({"attend", "join"})
RECEIVING = frozenset({"receive", "host", "welcome", "greet", "entertain", "summon"})
VISITS = frozenset({"visit", "trip", "journey", "tour", "stopover", "stay"})
TRAVELLING = frozenset("travel fly arrive go come journey cross head return land".split())
PAYING = frozenset({"pay", "make", "begin", "start", "complete", "conclude", "end", "finish", "wind"})
HAPPENING = frozenset("hold take occur convene open begin end be last bring unite gather".split())
BRINGING = frozenset({"bring", "unite", "gather"})
SPEAKING = frozenset({"talk", "speak", "shake"})
VISITING = frozenset({"visit", "call"})
TRIGGERS = MEETING | HOLDING | ATTENDING | RECEIVING | TRAVELLING | ENCOUNTERS | VISITS | SPEAKING | VISITING
SINGLE = frozenset({"meeting", "summit", "encounter"})
ROUNDS = frozenset({"round", "series", "session", "day", "hour", "week"})
REMOTE = frozenset({"phone", "telephone", "telephoned", "letter", "cable"})
PRIVATE = frozenset(
    "study work live train exile school university college tourist prisoner holiday vacation honeymoon "
    "student refugee army surgery treatment job asylum market power trial prison war".split()
)
"""What takes people places otherwise than to meet."""
PARTIES = frozenset({"Person", "Polity", "Organisation"})
PERSON = frozenset({"Person"})
MEN = frozenset({"leader", "president", "man", "minister", "woman", "premier", "statesman", "counterpart"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find meetings and visits around verbs and nouns."""
    lemma = trigger.lemma_.lower()
    if not is_verb(trigger) or trigger.pos_ == "AUX":
        if lemma in VISITS:
            yield from _visit(trigger, reading)
        elif lemma in ENCOUNTERS:
            yield from _encounter(trigger, reading)
    elif lemma in MEETING | SPEAKING:
        yield from _met(trigger, reading)
    elif lemma in VISITING:
        for goal in objects(trigger) if lemma == "visit" else prepositional(trigger, "on", "upon"):
            yield from _visiting(reading, "meeting.visited", trigger, subjects(trigger), goal, 0.92)
    elif lemma in RECEIVING and not any(t.lemma_.lower() in ENCOUNTERS | VISITS for t in objects(trigger)):
        yield from _received(trigger, reading)
    elif lemma in TRAVELLING:
        yield from _travelled(trigger, reading)


def _sides(tokens: Iterable[Token | None], reading: Reading, *, human: bool = True) -> list[Mention]:
    """Return who meets; of "they" and "the two leaders" the persons rather than their states."""
    parties: dict[str, Mention] = {}
    for token in tokens:
        both = token is not None and _both(token)
        found_ = couple(token, reading) if token is not None and both else []
        if token is not None and both and not found_ and token.lower_ not in MUTUAL:
            found_ = reading.pair(token)
        for mention in found_ or ([] if both else participants([token], reading, PARTIES, human=human)):
            parties.setdefault(mention.name, mention)
    return list(parties.values())


def _both(token: Token) -> bool:
    marked = any(child.lower_ in PAIRING for child in token.children)
    return token.lower_ in MUTUAL or (token.lemma_.lower() in MEN and marked)


def _met(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A met B", "A and B met in C", "the leaders of A, B and C gathered in D"."""
    spoken = verb.lemma_ in SPEAKING
    training = any(t.lemma_.lower() in {"exercise", "drill", "manoeuvre"} for t in reach(verb, "for", "in"))
    if spoken and any(True for _ in reach(verb, "to")):
        return
    if training or any(word.lower_ in REMOTE for word in verb.subtree):
        return
    if verb.lemma_ == "sit" and not any(child.lower_ == "down" for child in verb.children):
        return
    actors = _sides(subjects(verb), reading)
    if verb.lemma_ == "shake" and not any(thing.lemma_ == "hand" for thing in objects(verb)):
        return
    met = [] if spoken else objects(verb)[:1]
    others = _sides([*met, *(t for t in reach(verb, "with"))], reading)
    first = next(iter(subjects(verb)), None)
    plural = first is not None and first.tag_ in {"NNS", "NNPS"}
    bodies = plural and any(m.type in {"Organisation", "Polity"} for m in actors)
    where = _where(verb, reading)
    if spoken and not (where and all(m.type == "Person" for m in actors + others)):
        return
    if not actors or (len(actors) < 2 and not others and not (bodies and where)):
        return
    yield from _built(reading, "meeting.met", verb, actors + others, where, 0.92)


def _encounter(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A held talks with B", "the summit of A and B in C", "at a summit in C, A and B did D"."""
    whole = noun.head.head if noun.dep_ == "pobj" and noun.head.head.lemma_.lower() in ROUNDS else noun
    verb = whole.head
    named = _sides(prepositional(noun, "between", "of", "with", "among"), reading)
    owners = [child for child in whole.lefts if child.dep_ in {"poss", "amod", "compound", "nmod"}]
    named += reading.states(word for owner in owners for word in owner.subtree)
    if whole.dep_ in {"dobj", "nsubjpass"} and is_verb(verb) and verb.lemma_ in HOLDING | ATTENDING:
        yield from _held(verb, whole, named, reading)
    elif whole.dep_ == "dobj" and verb.lemma_ in RECEIVING and named:
        yield from _built(reading, "meeting.hosted", verb, named, _where(verb, reading), 0.86)
    elif whole.dep_ in {"nsubj", "nsubjpass"} and is_verb(verb):
        guests = _sides(objects(verb), reading) if verb.lemma_ in BRINGING else []
        told = verb.lemma_ in HAPPENING or (len(named) > 1 and noun.lemma_ in SINGLE)
        if told and not (is_passive(verb) and any(True for _ in children(verb, "agent"))):
            bodies = [m for m in reading.all_at(noun.lefts) if m.type == "Organisation"]
            theirs = [child for child in noun.lefts if child.lower_ == "its"]
            bodies += [m for c in theirs for m in reading.resolve(c, frozenset({"Organisation"}))]
            yield from _took_place(whole, verb, named + guests, bodies, reading)
    elif whole.dep_ == "pobj" and whole.head.lower_ in {"at", "during", "after", "for"}:
        yield from _at(whole, named, reading)


def _held(verb: Token, noun: Token, named: list[Mention], reading: Reading) -> Iterator[Candidate]:
    actors = _sides(subjects(verb), reading)
    others = _sides(reach(verb, "with", "between"), reading)
    where = _where(verb, reading) or _where(noun, reading)
    persons = [m for m in actors if m.type == "Person"]
    if verb.lemma_ in ATTENDING:
        if persons and (where or len(persons) > 1):
            yield from _built(reading, "meeting.attended", verb, persons, where, 0.86)
    elif len({m.name for m in actors + others + named}) >= 2:
        yield from _built(reading, "meeting.held", verb, actors + (others or named), where, 0.91)


def _took_place(
    noun: Token, verb: Token, parties: list[Mention], bodies: list[Mention], reading: Reading
) -> Iterator[Candidate]:
    where = _where(verb, reading) if verb.lemma_ in HAPPENING else []
    where = where or _where(noun, reading)
    summit = noun.lemma_ == "summit" and bodies and where and verb.lemma_ in HAPPENING
    if len({m.name for m in parties}) >= 2 or summit:
        yield from _built(reading, "meeting.took-place", noun, parties or bodies, where, 0.9, verb)


def _at(noun: Token, named: list[Mention], reading: Reading) -> Iterator[Candidate]:
    """Find "at a summit in C, A and B signed D"; the summit counts as the place where A and B were."""
    verb = clause_of(noun)
    if noun.head.lower_ == "for" and verb.lemma_ == "be":
        persons = [m for m in _sides(subjects(verb), reading) if m.type == "Person"]
        where = _where(verb, reading)
        if persons and where:
            yield from _built(reading, "meeting.at", verb, persons + named, where, 0.86)
    elif len({m.name for m in named}) >= 2:
        yield from _built(reading, "meeting.at", noun, named, _where(noun, reading), 0.87)
    elif noun.lemma_ in {"summit", "meeting", "talk"} and noun.head.lower_ != "for" and is_verb(verb):
        persons = [m for m in _sides(subjects(verb), reading) if m.type == "Person"]
        where = _where(noun, reading)
        other = [m for m in named if m.type == "Person"]
        if (len(persons) >= 2 and where) or (persons and other):
            yield from _built(reading, "meeting.at", verb, persons + other, where, 0.86, noun)


def _visit(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A paid a visit to B", "A's visit to B", "during a visit to B, A did C"."""
    owners = [child for child in noun.lefts if child.dep_ == "poss"] + prepositional(noun, "by")
    governor = noun.head
    goals = prepositional(noun, "to")
    if noun.dep_ == "dobj" and governor.lemma_ in PAYING:
        goals = goals or prepositional(governor, "to")
        owners = owners if _sides(owners, reading) else subjects(governor)
    elif noun.dep_ == "pobj" and governor.lower_ in {"during", "on", "in", "for", "after", "at"}:
        verb = clause_of(governor)
        travelling = governor.lower_ not in {"for", "in"} or verb.lemma_ in TRAVELLING
        if not _sides(owners, reading) and travelling and is_verb(verb):
            owners = subjects(verb)
    if noun.lemma_ != "stay":
        for goal in goals[:1]:
            yield from _visiting(reading, "meeting.visit", noun, owners, goal, 0.88)


def _travelled(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A flew to B for talks with C", "A arrived in B on 3 May"."""
    purposes = [t for t in reach(verb, "for", "on") if t.lemma_.lower() in ENCOUNTERS | VISITS]
    words = {word.lemma_.lower() for word in verb.subtree}
    goals = [goal for t in prepositional(verb, "to", "in", "into", "at") if (goal := _goal(t, reading))]
    if words & PRIVATE or not goals:
        return
    hosts = _sides([t for p in purposes for t in prepositional(p, "with")], reading)
    visitors = [m for m in _sides(subjects(verb), reading, human=False) if m.type == "Person"]
    dated = bool(date(reading, verb))
    if visitors and (purposes or dated):
        where = names("place", [as_place(goals[0], reading)], reading)
        yield from _built(reading, "meeting.travelled", verb, visitors + hosts, where, 0.89)


def _goal(token: Token, reading: Reading) -> Mention | None:
    mention = reading.mentions.at(token)
    return mention if mention is not None and is_place(mention) else None


def _visiting(
    reading: Reading,
    rule: str,
    predicate: Token,
    visitors: list[Token],
    goal: Token,
    confidence: float,
) -> Iterator[Candidate]:
    people = [m for m in _sides(visitors, reading) if m.type == "Person"]
    if predicate.lemma_ == "call" and not participants([goal], reading, PERSON):
        return
    where = [m for part in conjuncts(goal) for m in reading.all_at([part]) if is_place(m)]
    if not where and goal.lemma_ in {"country", "capital", "kingdom", "republic"}:
        where = reading.resolve(goal, frozenset({"Polity"}))
    hosts = participants([goal], reading, PERSON) if not where else []
    if people and (len(where) == 1 or hosts):
        roles = names("place", [as_place(m, reading) for m in where], reading)
        yield from _built(
            reading, rule, predicate, people + hosts, roles or _where(predicate, reading), confidence
        )


def _received(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A received B in C" between persons."""
    actors = [m for m in _sides(subjects(verb), reading) if m.type == "Person"]
    guests = _sides(objects(verb)[:1], reading)
    if actors and guests:
        yield from _built(reading, "meeting.received", verb, actors + guests, _where(verb, reading), 0.88)


def _where(predicate: Token, reading: Reading) -> list[Role]:
    """Return where it took place: in its own clause, or in that whose place it shares."""
    own = place(reading, predicate)
    if own:
        return own
    if predicate.dep_ == "relcl" and any(word.lower_ == "where" for word in predicate.lefts):
        mention = reading.mentions.at(predicate.head)
        if mention is not None and is_place(mention):
            return names("place", [as_place(mention, reading)], reading)
    return []


def _when(predicate: Token, reading: Reading) -> list[Role]:
    own = date(reading, predicate)
    other = governing(predicate) if is_verb(predicate) and not own else None
    shared = other is not None and (predicate.dep_ != "conj" or other.lemma_ in TRAVELLING | {"visit"})
    return date(reading, other) if other is not None and shared else own


def _built(
    reading: Reading,
    rule: str,
    predicate: Token,
    parties: list[Mention],
    where: list[Role],
    confidence: float,
    other: Token | None = None,
) -> Iterator[Candidate]:
    places = {value.text for _, value in where if hasattr(value, "text")}
    there = {m.name for m in parties if m.start and reading.doc[m.start - 1].lower_ in LOCATIVE}
    unique = {m.name: m for m in parties if m.name not in places | there}
    if any(m.type == "Person" for m in unique.values()):
        unique = {name: m for name, m in unique.items() if m.form == "name"}
    if not unique:
        return
    when = _when(predicate, reading) or (_when(other, reading) if other is not None else [])
    unsure = any(mention.type == "Organisation" and not mention.sure for mention in unique.values())
    roles = names("party", unique.values(), reading) + when + where
    sure = confidence - 0.1 * unsure - 0.04 * (not when and not where)
    candidate = found(reading, rule, roles, predicate, sure)
    if candidate is not None:
        yield candidate
