"""Persons' roles: who holds which office in what, since when and until when."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import TITLES, Mention
from kg.extract.reading import Reading
from kg.extract.rules.common import edtf, found, names, text
from kg.extract.syntax import children, complements, conjuncts, is_passive, is_verb, objects, prepositional, subject, surface_subject

OFFICES = frozenset(
    "president premier chancellor king queen prince emperor empress sultan emir shah tsar pope minister secretary "
    "ambassador governor mayor chairman chairwoman chairperson chair chief ceo director commander leader head speaker "
    "adviser advisor secretary-general professor editor consul envoy commissioner dean rector general founder "
    "spokesman spokeswoman spokesperson executive representative negotiator officer senator founder manager".split()
) - {"founder", "general", "prince"}
BECOMING = frozenset({"become", "be", "remain"})
APPOINTING = frozenset({"appoint", "elect", "name", "choose", "inaugurate", "install", "reappoint", "re-elect", "reelect"})
LEAVING = frozenset({"resign", "step", "retire", "stand"})
SERVING = frozenset({"serve", "act"})
TRIGGERS = OFFICES | APPOINTING | SERVING | LEAVING
BODIES = frozenset({"Polity", "Organisation", "Place"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find roles around a title, or a verb of appointing, serving or resigning."""
    if is_verb(trigger) and trigger.pos_ == "VERB":
        yield from _verb(trigger, reading)
    elif trigger.lemma_.lower() in OFFICES and trigger.pos_ in {"NOUN", "PROPN"}:
        yield from _title(trigger, reading)


def _title(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "Chilean President X", "X, president of Y", "Y's president, X", "X is the president of Y"."""
    if noun.tag_ in {"NNS", "NNPS"}:
        return
    head = noun.head
    after = reading.mentions.at(reading.doc[noun.i + 1]) if noun.i + 1 < len(reading.doc) else None
    if after is not None and after.type == "Person" and after.start == noun.i + 1 and noun.dep_ in {"compound", "nmod"}:
        yield from _held(reading, "role.title", noun, after, reading.doc[after.head], 0.93, untimed=True)
        return
    for child in children(noun, "appos"):
        for person in _person(child, reading):
            yield from _held(reading, "role.apposition", noun, person, noun, 0.92, untimed=True)
    if noun.dep_ == "appos" or (noun.dep_ == "conj" and head.dep_ == "appos" and head.lemma_.lower() in OFFICES):
        holder = head if noun.dep_ == "appos" else head.head
        for person in _person(holder, reading):
            yield from _held(reading, "role.apposition", noun, person, noun, 0.92)
    if noun.dep_ == "attr" and is_verb(head) and head.lemma_ in BECOMING:
        for person in _person(surface_subject(head), reading):
            start = head.lemma_ == "become"
            yield from _held(reading, "role.is", head, person, noun, 0.92, starts=start)


def _person(token: Token | None, reading: Reading) -> list[Mention]:
    return reading.agents(token, frozenset({"Person"}))[:1] if token is not None else []


def _verb(verb: Token, reading: Reading) -> Iterator[Candidate]:
    lemma = verb.lemma_.lower()
    if lemma in APPOINTING:
        persons = [m for thing in objects(verb)[:1] for m in _person(thing, reading)]
        nouns = [*children(verb, "oprd", "attr", "dobj"), *complements(verb, "as")]
        nouns += [t for t in children(verb, "xcomp")]
    elif lemma in SERVING | LEAVING and not is_passive(verb):
        persons, nouns = _person(subject(verb), reading), complements(verb, "as")
    else:
        return
    for noun in nouns:
        if noun.lemma_.lower() in OFFICES:
            for person in persons:
                yield from _held(reading, f"role.{'appointed' if lemma in APPOINTING else 'served'}", verb, person, noun,
                                 0.91, starts=lemma in APPOINTING, ends=lemma in LEAVING)  # fmt: skip


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
) -> Iterator[Candidate]:
    office = _office(noun, person, reading)
    body = _body(noun, reading)
    if body is None or not office or office.lower() in {"head", "leader", "chief"} and body.type == "Place":
        return
    if _disqualified(noun):
        return
    roles: list[Role] = [*names("person", [person], reading), text("role", office)]
    roles += names("organisation", [body], reading)
    if not untimed:
        roles += _time(reading, predicate, noun, starts=starts, ends=ends)
    sure = confidence - 0.1 * (body.type == "Organisation" and not body.sure)
    candidate = found(reading, rule, roles, predicate, sure)
    if candidate is not None:
        yield candidate


def _disqualified(noun: Token) -> bool:
    words = {word.lower_ for child in noun.lefts for word in child.subtree}
    return bool(words & {"next", "future", "would-be", "deputy-", "no", "first", "youngest", "only"} - {"first"})


def _office(noun: Token, person: Mention, reading: Reading) -> str:
    """Return the words of the office, without its holder, its state and articles."""
    if person.head == noun.i or person.start <= noun.i < person.end:
        first = person.start
        while first > 0 and _title_word(first - 1, reading):
            first -= 1
        return reading.doc[first : person.start].text
    first = noun.i
    while first > 0 and _title_word(first - 1, reading):
        first -= 1
    return reading.doc[first : noun.i + 1].text


def _title_word(index: int, reading: Reading) -> bool:
    token = reading.doc[index]
    if reading.mentions.at(token) is not None and token.lower_ not in TITLES:
        return False
    plain = token.lower_ in TITLES | {"finance", "trade", "interior", "energy", "oil", "economy", "acting", "vice",
                                      "national", "security", "transport", "health", "chief", "managing", "of"}  # fmt: skip
    return (plain and token.lower_ not in {"former", "then", "of"}) or token.text == "-"


def _body(noun: Token, reading: Reading) -> Mention | None:
    """Return the state or body in which the office is held."""
    for token in prepositional(noun, "of", "at", "to"):
        for part in conjuncts(token):
            for mention in reading.resolve(part):
                if mention.type in BODIES:
                    return mention
            break
    for child in noun.lefts:
        if child.dep_ in {"poss", "amod", "compound", "nmod"}:
            for mention in [*reading.resolve(child), *reading.states(child.subtree)]:
                if mention.type in {"Polity", "Organisation"}:
                    return mention
    return None


def _time(reading: Reading, predicate: Token, noun: Token, *, starts: bool, ends: bool) -> list[Role]:
    time = reading.time_of(predicate) or reading.time_of(noun)
    if time is None:
        return []
    first, _, last = time.edtf.partition("/")
    if last:
        return [edtf("start", first), edtf("end", last)]
    if ends:
        return [edtf("end", time.edtf)]
    if starts or time.since:
        return [edtf("start", time.edtf)]
    return []
