"""Persons' roles: who holds which office in what, since when and until when."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.modality import presupposed
from kg.extract.reading import Reading
from kg.extract.rules.actors import holders_among, listed, person_of
from kg.extract.rules.common import edtf, found, names, text
from kg.extract.rules.offices import OFFICES, body_of, is_office, title_of
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

BECOMING = frozenset({"become", "be", "remain"})
APPOINTING = frozenset(
    {"appoint", "elect", "name", "choose", "inaugurate", "install", "reappoint", "re-elect", "reelect"}
)
LEAVING = frozenset({"resign", "step", "retire", "stand"})
SERVING = frozenset({"serve", "act", "reign", "rule"})
SUCCEEDING = frozenset({"succeed", "replace", "follow"})
FAR = 40
"""Words between an office and the counterpart of its holder."""
JUDGING = frozenset(
    "regard see describe treat recognise recognize view consider portray know denounce hail accept reject "
    "use dismiss remove cast present recall remember sack oust install quote".split()
)
"""Verbs whose "as" says what the object is, or is said to be."""
LEADING = {"lead": "leader", "head": "head", "chair": "chair", "preside": "president"}
TRIGGERS = (
    OFFICES
    | APPOINTING
    | SERVING
    | LEAVING
    | LEADING.keys()
    | {"general", "counterpart", "colleague", "number", "prince"}
)


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find roles around a title, or a verb of appointing, serving or resigning."""
    if is_verb(trigger) and trigger.pos_ == "VERB":
        yield from _verb(trigger, reading)
    elif trigger.lemma_ in {"counterpart", "colleague"} or _opposite(trigger):
        yield from _counterpart(trigger, reading)
    elif is_office(trigger):
        yield from _title(trigger, reading)
        yield from _capacity(trigger, reading)


def _title(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "Chilean President X", "X, president of Y", "Y's president, X", "X is the president of Y"."""
    head = noun.head
    if noun.tag_ in {"NNS", "NNPS"}:
        yield from _several(noun, reading)
        return
    titled = _titled(noun, reading)
    if titled is not None:
        holder = reading.doc[titled.head]
        yield from _held(reading, "role.title", noun, titled, holder, 0.93, untimed=True, office=noun)
        return
    yield from _apposed(noun, reading)
    if noun.dep_ == "attr" and is_verb(head) and head.lemma_ in BECOMING:
        for person in person_of(surface_subject(head), reading):
            start = head.lemma_ == "become"
            yield from _held(reading, "role.is", head, person, noun, 0.92, starts=start)


def _titled(noun: Token, reading: Reading) -> Mention | None:
    """Return X in "President X", "Secretary of State X"."""
    if noun.dep_ not in {"compound", "nmod"}:
        return None
    for token in (reading.doc[noun.i + 1], noun.head):
        mention = reading.mentions.at(token)
        if mention is not None and mention.type == "Person" and noun.i < mention.start <= noun.i + 3:
            return mention
    return None


def _apposed(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "X, president of Y", "Y's president, X"."""
    head = noun.head
    where = [preposition for preposition in children(noun, "prep") if preposition.lower_ != "in"]
    inside = [pobj for preposition in where for pobj in children(preposition, "pobj")]
    for child in [*children(noun, "appos"), *(c for pobj in inside for c in children(pobj, "appos"))]:
        for person in person_of(child, reading):
            yield from _held(reading, "role.apposition", noun, person, noun, 0.92, untimed=True)
    beside = _set_beside(noun, reading)
    if beside is not None:
        yield from _held(reading, "role.apposition", noun, beside, noun, 0.9, untimed=True)
    if noun.dep_ == "appos" or (
        noun.dep_ == "conj" and head.dep_ == "appos" and head.lemma_.lower() in OFFICES
    ):
        holder = head if noun.dep_ == "appos" else head.head
        holder = max((t for t in conjuncts(holder) if t.i < noun.i), key=lambda t: t.i, default=holder)
        # "X is A. B. Smith Professor of Y": the chair bears the name of its founder.
        holder = surface_subject(holder.head) or holder if holder.dep_ == "attr" else holder
        for person in person_of(holder, reading):
            yield from _held(reading, "role.apposition", noun, person, noun, 0.92)


def _set_beside(noun: Token, reading: Reading) -> Mention | None:
    """Return X in "A and the Austrian minister, X", where the parser hung X on A."""
    doc = reading.doc
    if noun.dep_ != "conj" or noun.i + 2 >= len(doc) or doc[noun.i + 1].text != ",":
        return None
    mention = reading.mentions.at(doc[noun.i + 2])
    if mention is None or doc[mention.head].dep_ != "appos" or doc[mention.head].head == noun:
        return None
    return mention if mention.type == "Person" else None


def _several(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "the presidents of A and B, X and Y", each of his own state."""
    states = reading.behind(noun)
    parts = [*children(noun, "appos"), *(t for t in children(noun, "conj") if t.i > noun.i)]
    parts += [noun.head] if noun.dep_ in {"compound", "nmod"} else []
    heads = holders_among(noun, reading) or [t for part in parts[:1] for t in listed(part)]
    persons = [p for t in heads for p in person_of(t, reading)]
    own = [reading.states(prepositional(t, "of", "from")) for t in heads]
    states = states or [named[0] for named in own if named]
    if len(states) != len(persons) or len(states) < 2 or not presupposed(noun):
        return
    office = title_of(noun, persons[0], reading)
    for state, person in zip(states, persons, strict=True):
        words = office.removesuffix("s")
        roles: list[Role] = [*names("person", [person], reading), text("role", words)]
        roles += names("organisation", [state], reading)
        candidate = found(reading, "role.several", roles, noun, 0.88, judgement=presupposed(noun))
        if candidate is not None:
            yield candidate


def _opposite(noun: Token) -> bool:
    return noun.lemma_ == "number" and any(child.lower_ == "opposite" for child in noun.lefts)


def _counterpart(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "his Norwegian counterpart, X": X holds the office named before, of the other state."""
    before = noun.doc[: noun.i]
    offices = [t for t in before if t.i > noun.i - FAR and is_office(t) and t.tag_ in {"NN", "NNP"}]
    states = reading.states(child for child in noun.lefts if child.dep_ in {"amod", "compound", "poss"})
    holders = [p for child in children(noun, "appos") for p in person_of(child, reading)]
    if noun.dep_ in {"compound", "nmod", "appos"}:
        holders += person_of(noun.head, reading)
    judgement = presupposed(noun)
    if not offices or len(states) != 1 or not holders or judgement is None:
        return
    first = offices[-1]
    office = title_of(first, holders[0], reading)
    roles: list[Role] = [*names("person", holders[:1], reading), text("role", office)]
    roles += names("organisation", states, reading)
    candidate = found(reading, "role.counterpart", roles, noun, 0.86, judgement=judgement)
    if candidate is not None and body_of(first, reading) is not None:
        yield candidate


def _capacity(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "as president of B, X did C", "X took over as president of B", "X succeeded Y as president"."""
    if noun.dep_ != "pobj" or noun.head.lower_ != "as":
        return
    verb = noun.head.head
    if not is_verb(verb) or verb.lemma_ in APPOINTING | SERVING | LEAVING or is_passive(verb):
        return
    starts = verb.lemma_ in SUCCEEDING | {"take", "swear", "begin", "start"}
    bare = not any(child.dep_ == "det" for child in noun.children) and verb.lemma_ not in JUDGING
    plain = noun.head.i < verb.i or starts or bare
    for person in person_of(subject(verb), reading) if plain else []:
        yield from _held(reading, "role.as", verb, person, noun, 0.88, starts=starts, untimed=not starts)
    if verb.lemma_ in SUCCEEDING:
        for person in [p for thing in objects(verb)[:1] for p in person_of(thing, reading)]:
            yield from _held(reading, "role.as", verb, person, noun, 0.86, ends=True)


def _verb(verb: Token, reading: Reading) -> Iterator[Candidate]:
    lemma = verb.lemma_.lower()
    if lemma in APPOINTING:
        persons = [m for thing in objects(verb)[:1] for m in person_of(thing, reading)]
        nouns = [*children(verb, "oprd", "attr", "dobj"), *complements(verb, "as")]
        nouns += list(children(verb, "xcomp"))
    elif lemma in SERVING | LEAVING and not is_passive(verb):
        persons, nouns = person_of(subject(verb), reading), complements(verb, "as")
    elif lemma in LEADING:
        yield from _leads(verb, LEADING[lemma], reading)
        return
    else:
        return
    for noun in nouns:
        if is_office(noun):
            for person in persons:
                yield from _held(
                    reading,
                    f"role.{'appointed' if lemma in APPOINTING else 'served'}",
                    verb,
                    person,
                    noun,
                    0.91,
                    starts=lemma in APPOINTING,
                    ends=lemma in LEAVING,
                )


def _leads(verb: Token, office: str, reading: Reading) -> Iterator[Candidate]:
    """Find "X, who has led B since 2011", "X chaired B"."""
    actor = subject(verb)
    bodies = [m for t in objects(verb)[:1] for m in reading.resolve(t, frozenset({"Organisation"}))]
    for person in person_of(actor, reading):
        for body in (m for m in bodies if m.type == "Organisation" or (m.type == "Entity" and not m.sure)):
            roles: list[Role] = [*names("person", [person], reading), text("role", office)]
            roles += [
                *names("organisation", [body], reading),
                *_time(reading, verb, verb, starts=False, ends=False),
            ]
            candidate = found(reading, "role.leads", roles, verb, 0.85)
            if candidate is not None:
                yield candidate


def _held(
    reading: Reading,
    rule: str,
    predicate: Token,
    person: Mention,
    noun: Token,
    confidence: float,
    *,
    starts: bool = False,
    ends: bool = False,
    untimed: bool = False,
    office: Token | None = None,
) -> Iterator[Candidate]:
    words = title_of(office or noun, person, reading)
    body = body_of(office or noun, reading) or (body_of(noun, reading) if office is not None else None)
    if body is None or not words or (words.lower() in {"head", "leader", "chief"} and body.type == "Place"):
        return
    if _disqualified(noun):
        return
    roles: list[Role] = [*names("person", [person], reading), text("role", words)]
    roles += names("organisation", [body], reading)
    if not untimed:
        roles += _time(reading, predicate, noun, starts=starts, ends=ends)
    theirs = any(child.tag_ == "PRP$" for child in noun.lefts) and body.start < noun.sent.start
    sure = confidence - 0.1 * theirs - 0.1 * (body.type == "Organisation" and not body.sure)
    given = rule in {"role.title", "role.apposition"}
    judgement = presupposed(predicate) if given else None
    if given and judgement is None:
        return
    candidate = found(reading, rule, roles, predicate, sure, judgement=judgement)
    if candidate is not None:
        yield candidate


def _disqualified(noun: Token) -> bool:
    words = {word.lower_ for child in noun.lefts for word in child.subtree}
    return bool(words & {"next", "future", "would-be", "no", "possible", "potential", "likely"})


def _of_subject(time: Time, predicate: Token, noun: Token) -> bool:
    """Say whether a date stands in the subject of "X, chairman until 2024, is president"."""
    first = surface_subject(predicate) if is_verb(predicate) else None
    if first is None or noun in first.subtree:
        return False
    return first.idx < time.start < first.right_edge.idx


def _time(reading: Reading, predicate: Token, noun: Token, *, starts: bool, ends: bool) -> list[Role]:
    time = reading.time_of(predicate) or reading.time_of(noun)
    if time is None or _of_subject(time, predicate, noun):
        return []
    first, _, last = time.edtf.partition("/")
    if last:
        return [edtf("start", first), edtf("end", last)]
    if ends:
        return [edtf("end", time.edtf)]
    if time.until:
        return [edtf("end", time.edtf)]
    if starts or time.since:
        return [edtf("start", time.edtf)]
    return []
