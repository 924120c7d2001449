"""Membership: who belongs to which organisation, since when and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from spacy.tokens import Token

from kg.extract import syntax
from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.reading import Reading
from kg.extract.rules.actors import participants, subjects
from kg.extract.rules.common import edtf, found, names
from kg.extract.syntax import (
    antecedent,
    children,
    clause_of,
    companions,
    complements,
    conjuncts,
    is_passive,
    is_verb,
    objects,
    prepositional,
    subject,
)
from kg.extract.times import Time

JOINING = frozenset({"join", "rejoin", "accede", "enter"})
LEAVING = frozenset({"leave", "quit", "withdraw", "exit", "secede", "pull", "drop", "walk"})
OUT = frozenset({"pull", "drop", "walk"})
"""Verbs that mean leaving only with "out"."""
ADMITTING = frozenset({"admit", "accept", "welcome", "readmit", "take"})
EXPELLING = frozenset({"expel", "suspend", "exclude", "oust"})
BELONGING = frozenset({"member", "state"})
NOMINAL = {
    "accession": "start",
    "admission": "start",
    "entry": "start",
    "withdrawal": "end",
    "exit": "end",
    "expulsion": "end",
    "departure": "end",
    "suspension": "end",
}
COMPRISING = frozenset("comprise include group unite consist make compose bring count encompass".split())
TRIGGERS = JOINING | LEAVING | ADMITTING | EXPELLING | BELONGING | NOMINAL.keys() | COMPRISING | {"belong"}
JOINED = frozenset({"Organisation", "Agreement"})
GUESSED = frozenset({"Place", "Entity", "Product", "Event", "Work", "Agreement"})
MEMBERS = frozenset({"Polity", "Person", "Organisation"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find memberships around a verb, "member", or a nominalisation such as "accession"."""
    lemma = syntax.lemma(trigger)
    if is_verb(trigger):
        yield from _verb(trigger, lemma, reading)
    elif lemma in BELONGING:
        yield from _member(trigger, reading)
    elif lemma in NOMINAL:
        yield from _nominal(trigger, reading, NOMINAL[lemma])


def _verb(verb: Token, lemma: str, reading: Reading) -> Iterator[Candidate]:
    if lemma in JOINING:
        bodies = [*objects(verb)] if lemma != "accede" else []
        bodies = bodies or complements(verb, "to")
        members = _members([*subjects(verb), *companions(verb)], reading)
        yield from _built(reading, "membership.join", verb, members, bodies, "start", 0.93)
        yield from _gapped(verb, members, bodies, reading)
    elif lemma in LEAVING:
        yield from _left(verb, reading)
    elif lemma in ADMITTING | EXPELLING:
        yield from _admitted(verb, reading)
    elif lemma in COMPRISING:
        yield from _comprises(verb, reading)
    elif lemma == "belong":
        members, bodies = _members(subjects(verb), reading), complements(verb, "to")
        yield from _built(reading, "membership.belong", verb, members, bodies, None, 0.85)


def _left(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A left B", "A withdrew from B", "A pulled out of B"."""
    out = any(child.lower_ == "out" for child in verb.children)
    withdrawn = verb.lemma_ == "withdraw" and objects(verb) and not is_passive(verb)
    if withdrawn or (verb.lemma_ in OUT and not out):
        return
    direct = [] if verb.lemma_ in {"withdraw", "secede"} | OUT else objects(verb)
    bodies = prepositional(verb, "from", "of") or direct
    bodies = bodies or [t for p in children(verb, "prep") for t in prepositional(p, "of")]
    members = _members(subjects(verb), reading)
    yield from _built(reading, "membership.leave", verb, members, bodies, "end", 0.92)
    yield from _gapped(verb, members, bodies, reading, "end")


def _admitted(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A was admitted to B", "B admitted A", "A was admitted as a member of B", "B expelled A"."""
    starts = verb.lemma_ in ADMITTING
    if verb.lemma_ == "take" and not any(t.lower_ == "in" for t in children(verb, "prt")):
        return
    bodies = complements(verb, "to", "into") if starts else complements(verb, "from")
    members = _members(objects(verb)[:1], reading)
    if not bodies and verb.lemma_ in {"admit", "readmit", "expel", "suspend"}:
        bodies = subjects(verb)
    role = "start" if starts else "end"
    yield from _built(reading, "membership.admit", verb, members, bodies, role, 0.9)
    if starts:
        yield from _gapped(verb, members, bodies, reading)
        given = [t for c in complements(verb, "as") for t in [c, *children(c, "dobj")]]
        nouns = [t for t in given if t.lemma_.lower() == "member"]
        bodies = [inner for noun in nouns for inner in prepositional(noun, "of")]
        yield from _built(reading, "membership.admit", verb, members, bodies, role, 0.9)


def _gapped(
    verb: Token, members: list[Mention], bodies: list[Token], reading: Reading, role: str = "start"
) -> Iterator[Candidate]:
    """Find what follows "A joined B in 1984": ", C in 1995, D and E in 1997"."""
    named = [m for token in bodies for m in _organisations(token, reading)] or _spoken_of(verb, reading)
    last = None
    for time, span in reading.times:
        if span.root.sent != verb.sent or span.start < verb.i:
            continue
        if last is not None and named and members and time.edtf:
            between = reading.doc[last : span.start]
            others = reading.states(between)
            further = [m for m in reading.all_at(between) if m.type in JOINED]
            plain = all(
                w.pos_ in {"PROPN", "ADP", "CCONJ", "PUNCT", "DET"} or w.lower_ in {"then", "followed"}
                for w in between
            )
            if not (others or further) or not plain:
                return
            pairs = [(m, named[0]) for m in others] if others else [(m, b) for m in members for b in further]
            for member, body in pairs:
                roles = names("member", [member], reading) + names("organisation", [body], reading)
                roles.append(edtf(role, time.edtf))
                candidate = found(reading, "membership.gapped", roles, verb, 0.84)
                if candidate is not None:
                    yield candidate
        last = span.end


def _comprises(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "B comprises A, C and D", "B, which groups A and C"."""
    made = verb.lemma_ in {"consist", "make", "compose"} and not (
        verb.lemma_ == "make" and not any(child.lower_ == "up" for child in verb.children)
    )
    actor = subject(verb)
    if made and verb.lemma_ != "consist":
        actor = next(iter(objects(verb)), None)
    things = prepositional(verb, "of") if made else objects(verb)[:1]
    if verb.lemma_ in {"make", "compose"} and not made:
        return
    if verb.lemma_ == "count":
        among = any(t.lemma_ == "member" for t in prepositional(verb, "among", "as"))
        things = things if among else []
    members = _members([*things, *(a for t in things for a in children(t, "appos"))], reading)
    if actor is not None and len(members) >= 3 and actor.lemma_.lower() not in {"member", "state"}:
        yield from _built(reading, "membership.comprises", verb, members, [actor], None, 0.86)


def _members(tokens: Iterable[Token], reading: Reading) -> list[Mention]:
    """Return the members that noun phrases name; among states an unknown place counts as one."""
    tokens = list(tokens)
    members = participants(tokens, reading, MEMBERS)
    if any(m.type == "Polity" for m in members):
        parts = [part for token in tokens for part in conjuncts(token)]
        guessed = [m for m in reading.all_at(parts) if m.type == "Place" and not m.sure and m.form == "name"]
        members += [replace(m, type="Polity") for m in guessed if not m.known]
    return members


def _member(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A is a member of B", "A, a member of B", "the members of B are A and C", "B members A and C"."""
    if _qualified(noun) or (
        syntax.lemma(noun) == "state" and not any(c.lower_ == "member" for c in noun.lefts)
    ):
        return
    bodies = _bodies(noun) or _of_which(noun)
    whole = noun.head.head if noun.dep_ == "pobj" and _one_of(noun.head) else noun
    head = whole.head
    if whole.dep_ == "attr":
        bodies = [*bodies, *(t for p in children(head, "prep") for t in _further(p, "of"))]
    if whole.dep_ == "attr" and head.lemma_ == "be" and head.head.lemma_ in {"cease", "stop"}:
        members = _members(subjects(head.head), reading)
        yield from _built(reading, "membership.leave", head.head, members, bodies, "end", 0.92)
    elif whole.dep_ == "attr" and is_verb(head) and head.lemma_ in {"be", "become", "remain"}:
        role = "start" if head.lemma_ == "become" or _since(head, reading) else None
        members = _members(subjects(head), reading)
        yield from _built(reading, "membership.is", head, members, bodies, role, 0.92)
    elif noun.dep_ == "dobj" and head.lower_ == "founding":
        members = _members(subjects(head), reading)
        yield from _built(reading, "membership.is", head, members, bodies, "start", 0.9)
    elif whole.dep_ == "appos":
        first = whole.head
        plural = noun.tag_ in {"NNS", "NNPS"}
        while plural and first.dep_ == "conj":
            first = first.head
        members = _members([first], reading)
        members = members if plural else members[:1]
        yield from _built(reading, "membership.apposition", noun, members, bodies, None, 0.88)
    elif noun.dep_ == "pobj" and noun.head.lower_ == "as":
        members = _members(subjects(clause_of(noun)), reading)
        yield from _built(reading, "membership.as", noun, members, bodies, None, 0.85)
    else:
        yield from _listing(noun, bodies, reading)
    yield from _enumerated(noun, bodies, reading)


def _listing(noun: Token, bodies: list[Token], reading: Reading) -> Iterator[Candidate]:
    """Find "the members of B are A and C", "among its members are A and C"."""
    verb = clause_of(noun)
    inverted = noun.dep_ == "pobj" and noun.head.lower_ in {"among", "of"} and verb.lemma_ == "be"
    if noun.dep_ == "nsubj" and noun.head.lemma_ in {"be", "include", "comprise"}:
        members = _members(children(noun.head, "attr", "dobj"), reading)
        yield from _built(reading, "membership.list", noun.head, members, bodies, None, 0.9)
    elif inverted:
        members = _members(children(verb, "nsubj", "attr"), reading)
        yield from _built(reading, "membership.list", verb, members, bodies, None, 0.88)


def _bodies(noun: Token) -> list[Token]:
    """Return the heads of what somebody is a member of: "of B", "B's", "its"."""
    of = [*prepositional(noun, "of", "in"), *(t for p in children(noun, "prep") for t in _further(p))]
    return of or [child for child in noun.lefts if child.dep_ in {"compound", "poss", "nmod"}]


def _of_which(noun: Token) -> list[Token]:
    """Return B in "B, of which A and C are members"."""
    verb = clause_of(noun)
    words = noun.doc[verb.head.i : noun.i]
    found_ = verb.dep_ == "relcl" and any(
        word.lower_ == "which" and word.nbor(-1).lower_ in {"of", "to"} for word in words
    )
    return [verb.head] if found_ else []


def _one_of(preposition: Token) -> bool:
    """Recognise "one of the members", "among the founding members"."""
    return preposition.lower_ == "of" and preposition.head.lower_ in {"one", "two", "three", "both", "some"}


def _enumerated(noun: Token, bodies: list[Token], reading: Reading) -> Iterator[Candidate]:
    """Find "B has six members: A, C and D", "B members A and C", "its members, A and C"."""
    parts = list(children(noun, "appos")) if noun.tag_ in {"NNS", "NNPS"} else []
    if not bodies and is_verb(clause := clause_of(noun)):
        bodies = [
            t for t in [*subjects(clause), *(objects(clause) if is_passive(clause) else [])] if t != noun
        ]
    if parts:
        members = _members(parts, reading)
        yield from _built(reading, "membership.apposition", noun, members, bodies[:1], None, 0.85)


def _further(preposition: Token, word: str = "") -> list[Token]:
    """Return the complements of prepositions coordinated with one: "of A and of B"."""
    others = (child for child in children(preposition, "conj") if not word or child.lower_ == word)
    return [inner for child in others for inner in children(child, "pobj")]


def _qualified(noun: Token) -> bool:
    words = {child.lower_ for child in noun.children} | {w.lower_ for c in noun.lefts for w in c.subtree}
    return bool(
        words & {"non", "former", "associate", "potential", "prospective", "future", "candidate", "no", "any"}
    )


def _since(verb: Token, reading: Reading) -> bool:
    return any(time.since and span.root.sent == verb.sent for time, span in reading.times)


def _nominal(noun: Token, reading: Reading, role: str) -> Iterator[Candidate]:
    """Find "A's accession to B", "the admission of A to B"."""
    owners = [child for child in noun.lefts if child.dep_ in {"poss", "amod", "compound"}]
    members = [m for o in owners for m in reading.resolve(o, frozenset({"Polity"}))]
    members += _members(prepositional(noun, "of", "by"), reading)
    owned = [noun, *prepositional(noun, "of")]
    bodies = [t for n in owned for t in prepositional(n, *(("to", "into") if role == "start" else ("from",)))]
    yield from _built(reading, "membership.noun", noun, members, bodies, role, 0.88)


def _built(
    reading: Reading,
    rule: str,
    predicate: Token,
    members: list[Mention],
    bodies: list[Token],
    role: str | None,
    confidence: float,
) -> Iterator[Candidate]:
    bodies = [antecedent(token, predicate) for token in bodies]
    organisations = [
        m for token in bodies for part in conjuncts(token) for m in _organisations(part, reading)
    ]
    alone = rule == "membership.admit" and is_passive(predicate) and predicate.lemma_ in {"admit", "readmit"}
    alone = alone or rule == "membership.apposition"
    if not bodies and (alone or rule in {"membership.join", "membership.leave"}):
        organisations = _spoken_of(predicate, reading)
        confidence -= 0.06
    time = reading.time_of(predicate) or next(
        filter(None, map(reading.time_of, children(predicate, "xcomp"))), None
    )
    if role is None and time is not None and time.since:
        role = "start"
    for organisation in organisations:
        for member in members:
            if member.name == organisation.name:
                continue
            roles: list[Role] = names("member", [member], reading) + names(
                "organisation", [organisation], reading
            )
            earlier = bool(bodies) and _parted(bodies[0], organisation, reading)
            named = any(organisation.start <= t.i < organisation.end for b in bodies for t in conjuncts(b))
            own = (_beside(organisation, reading) if named else None) or (None if earlier else time)
            if own is not None and role is not None and own.edtf and "/" not in own.edtf:
                roles.append(edtf(role, own.edtf))
            elif role == "end":
                continue
            guessed = organisation.type != "Organisation" and not organisation.name.isupper()
            sure = (
                confidence
                - 0.05 * (not organisation.sure)
                - 0.05 * guessed
                - 0.1 * (member.type == "Organisation")
            )
            candidate = found(reading, rule, roles, predicate, sure)
            if candidate is not None:
                yield candidate


def _parted(first: Token, second: Mention, reading: Reading) -> bool:
    """Say whether a date between two bodies belongs to the first: "joined A in 1972 and B later"."""
    return any(first.i < span.start < second.start for _, span in reading.times)


def _beside(organisation: Mention, reading: Reading) -> Time | None:
    """Return the date right after or before a body: "of A in 1955 and of B in 1995", "in 1946 of B"."""
    for time, span in reading.times:
        between = {
            reading.doc[organisation.end : span.start].text.lower(): span.start >= organisation.end,
            reading.doc[span.end : organisation.start].text.lower(): span.end <= organisation.start,
        }
        if between.get("in") or between.get("on") or between.get("of the") or between.get("of"):
            return time
    return None


def _spoken_of(verb: Token, reading: Reading) -> list[Mention]:
    """Return the one body that the sentence before speaks of: "B was founded in 1945. A joined in 1946."."""
    particles = any(child.lower_ != "out" for child in children(verb, "prt"))
    if particles or any(True for _ in children(verb, "dobj", "xcomp")):
        return []
    here = {m.name: m for m in reading.all_at(verb.doc[verb.sent.start : verb.i]) if m.type in JOINED}
    if verb.lemma_ in ADMITTING and len(here) == 1:
        return list(here.values())
    above = verb.head if verb.dep_ in {"advcl", "pcomp", "acl"} else None
    main = [
        m
        for t in (subjects(above) if above is not None and is_verb(above) else [])
        for m in _organisations(t, reading)
    ]
    if main or verb.sent.start == 0:
        return [m for m in main if m.type == "Organisation" or m.name.isupper()]
    before = reading.doc[verb.sent.start - 1].sent
    bodies = {m.name: m for m in reading.all_at(before) if m.type in JOINED}
    return list(bodies.values()) if len(bodies) == 1 else []


def _organisations(token: Token, reading: Reading) -> list[Mention]:
    """Return the bodies; the place in the sentence tells more than the tagger's guess."""
    return [
        m for m in reading.resolve(token, JOINED) if m.type in JOINED or (not m.sure and m.type in GUESSED)
    ]
