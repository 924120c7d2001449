"""Membership: who belongs to which organisation, since when and until when."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.reading import Reading
from kg.extract.rules.common import edtf, found, names
from kg.extract.syntax import (
    children,
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
LEAVING = frozenset({"leave", "quit", "withdraw", "exit", "secede"})
ADMITTING = frozenset({"admit", "accept", "welcome"})
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
COMPRISING = frozenset({"comprise", "include", "group", "unite", "consist"})
TRIGGERS = JOINING | LEAVING | ADMITTING | EXPELLING | BELONGING | NOMINAL.keys() | COMPRISING | {"belong"}
JOINED = frozenset({"Organisation", "Agreement"})
GUESSED = frozenset({"Place", "Entity", "Product", "Event", "Work", "Agreement"})
MEMBERS = frozenset({"Polity", "Person", "Organisation"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find memberships around a verb, "member", or a nominalisation such as "accession"."""
    lemma = trigger.lemma_.lower()
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
        members = reading.agents(subject(verb), MEMBERS)
        members += [m for token in companions(verb) for m in reading.agents(token, MEMBERS)]
        yield from _built(reading, "membership.join", verb, members, bodies, "start", 0.93)
    elif lemma in LEAVING:
        if lemma == "withdraw" and objects(verb) and not is_passive(verb):
            return
        bodies = prepositional(verb, "from") or ([] if lemma in {"withdraw", "secede"} else objects(verb))
        yield from _built(
            reading, "membership.leave", verb, reading.agents(subject(verb), MEMBERS), bodies, "end", 0.92
        )
    elif lemma in ADMITTING | EXPELLING:
        role = "start" if lemma in ADMITTING else "end"
        bodies = complements(verb, "to", "into") if role == "start" else complements(verb, "from")
        members = [m for thing in objects(verb)[:1] for m in reading.agents(thing, MEMBERS)]
        yield from _built(reading, "membership.admit", verb, members, bodies, role, 0.9)
        if role == "start":
            given = [t for c in complements(verb, "as") for t in [c, *children(c, "dobj")]]
            nouns = [t for t in given if t.lemma_.lower() == "member"]
            bodies = [inner for noun in nouns for inner in prepositional(noun, "of")]
            yield from _built(reading, "membership.admit", verb, members, bodies, role, 0.9)
    elif lemma in COMPRISING:
        yield from _comprises(verb, reading)
    elif lemma == "belong":
        yield from _built(
            reading,
            "membership.belong",
            verb,
            reading.agents(subject(verb), MEMBERS),
            complements(verb, "to"),
            None,
            0.85,
        )


def _comprises(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "B comprises A, C and D", "B, which groups A and C"."""
    actor = subject(verb)
    things = prepositional(verb, "of") if verb.lemma_ == "consist" else objects(verb)[:1]
    members = [m for thing in things for m in reading.agents(thing, frozenset({"Polity"}))]
    if actor is not None and len(members) >= 3 and actor.lemma_.lower() not in {"member", "state"}:
        yield from _built(reading, "membership.comprises", verb, members, [actor], None, 0.86)


def _member(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A is a member of B", "A, a member of B", "the members of B are A and C", "B members A and C"."""
    if _qualified(noun) or (
        noun.lemma_.lower() == "state" and not any(c.lower_ == "member" for c in noun.lefts)
    ):
        return
    bodies = [*prepositional(noun, "of"), *(t for p in children(noun, "prep") for t in _further(p))] or [
        child for child in noun.lefts if child.dep_ in {"compound", "poss"}
    ]
    head = noun.head
    if noun.dep_ == "attr":
        bodies = [*bodies, *(t for p in children(head, "prep") for t in _further(p, "of"))]
    if (
        noun.dep_ == "attr"
        and head.lemma_ == "be"
        and head.dep_ == "xcomp"
        and head.head.lemma_ in {"cease", "stop"}
    ):
        ceasing = head.head
        yield from _built(
            reading,
            "membership.leave",
            ceasing,
            reading.agents(subject(ceasing), MEMBERS),
            bodies,
            "end",
            0.92,
        )
    elif noun.dep_ == "attr" and is_verb(head) and head.lemma_ in {"be", "become", "remain"}:
        role = "start" if head.lemma_ == "become" or _since(head, reading) else None
        yield from _built(
            reading, "membership.is", head, reading.agents(subject(head), MEMBERS), bodies, role, 0.92
        )
    elif noun.dep_ in {"nsubj"} and head.lemma_ in {"be", "include"}:
        members = [m for t in children(head, "attr", "dobj") for m in reading.agents(t, MEMBERS)]
        yield from _built(reading, "membership.list", head, members, bodies, None, 0.9)
    elif noun.dep_ == "appos":
        yield from _built(
            reading, "membership.apposition", noun, reading.agents(head, MEMBERS)[:1], bodies, None, 0.88
        )
    for child in children(noun, "appos"):
        yield from _built(
            reading, "membership.apposition", noun, reading.agents(child, MEMBERS), bodies, None, 0.85
        )


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
    members = reading.all_at(owners) + [
        m for t in prepositional(noun, "of") for m in reading.agents(t, MEMBERS)
    ]
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
    organisations = [
        m for token in bodies for part in conjuncts(token) for m in _organisations(part, reading)
    ]
    if not bodies and rule in {"membership.join", "membership.leave"}:
        organisations = _spoken_of(predicate, reading)
        confidence -= 0.08
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
            own = _beside(organisation, reading) or time
            if own is not None and role is not None and own.edtf and "/" not in own.edtf:
                roles.append(edtf(role, own.edtf))
            elif role == "end":
                continue
            guessed = organisation.type != "Organisation"
            sure = (
                confidence
                - 0.05 * (not organisation.sure)
                - 0.05 * guessed
                - 0.1 * (member.type == "Organisation")
            )
            candidate = found(reading, rule, roles, predicate, sure)
            if candidate is not None:
                yield candidate


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
    if verb.sent.start == 0 or any(child.dep_ in {"dobj", "prt", "xcomp"} for child in verb.children):
        return []
    before = reading.doc[verb.sent.start - 1].sent
    bodies = {m.name: m for m in reading.all_at(before) if m.type in JOINED}
    return list(bodies.values()) if len(bodies) == 1 else []


def _organisations(token: Token, reading: Reading) -> list[Mention]:
    """Return the bodies; the place in the sentence tells more than the tagger's guess."""
    return [
        m for m in reading.resolve(token, JOINED) if m.type in JOINED or (not m.sure and m.type in GUESSED)
    ]
