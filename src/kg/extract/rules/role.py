"""Persons' roles: who holds which office in what, since when and until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import TITLES, TYPE_OF_HEAD, Mention
from kg.extract.modality import presupposed
from kg.extract.reading import FIELDS, Reading
from kg.extract.rules.common import edtf, found, names, phrase, text
from kg.extract.syntax import (
    children,
    complements,
    conjuncts,
    is_passive,
    is_verb,
    lemma,
    objects,
    prepositional,
    subject,
    surface_subject,
)

OFFICES = frozenset(
    "president premier chancellor king queen prince emperor empress sultan emir shah tsar pope minister "
    "secretary ambassador governor mayor chairman chairwoman chairperson chair chief ceo director "
    "commander leader head speaker adviser advisor secretary-general professor editor consul envoy "
    "commissioner dean rector general founder spokesman spokeswoman spokesperson executive representative "
    "negotiator officer senator founder manager engineer economist treasurer".split()
) - {"founder", "general", "prince"}
BECOMING = frozenset({"become", "be", "remain"})
APPOINTING = frozenset(
    {"appoint", "elect", "name", "choose", "inaugurate", "install", "reappoint", "re-elect", "reelect"}
)
LEAVING = frozenset({"resign", "step", "retire", "stand"})
SERVING = frozenset({"serve", "act"})
LEADING = {"lead": "leader", "head": "head", "chair": "chair", "preside": "president"}
GENERALS = frozenset({"secretary", "director", "attorney", "consul", "governor", "inspector"})
TRIGGERS = OFFICES | APPOINTING | SERVING | LEAVING | LEADING.keys() | {"general"}
BODIES = frozenset({"Polity", "Organisation", "Place"})
HOLDERS = frozenset({"Polity", "Organisation"})
RANKS = frozenset(
    "finance trade interior energy oil economy acting vice national high deputy permanent security "
    "transport health chief managing".split()
)
"""Words that belong to an office beside the titles."""
LEARNED = frozenset(
    "engineer economist professor editor manager executive director officer head founder".split()
)
"""Offices that an adjective of nationality only describes: a Chilean economist is no office of Chile's."""


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find roles around a title, or a verb of appointing, serving or resigning."""
    if is_verb(trigger) and trigger.pos_ == "VERB":
        yield from _verb(trigger, reading)
    elif is_office(trigger):
        yield from _title(trigger, reading)


def is_office(token: Token) -> bool:
    """Say whether a noun names an office: also "Secretary-General", but not a plain general."""
    if token.lemma_.lower() == "general":
        return any(child.lower_ in GENERALS for child in token.lefts)
    return token.lemma_.lower() in OFFICES and token.pos_ in {"NOUN", "PROPN"}


def _title(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "Chilean President X", "X, president of Y", "Y's president, X", "X is the president of Y"."""
    if noun.tag_ in {"NNS", "NNPS"}:
        return
    head = noun.head
    after = reading.mentions.at(reading.doc[noun.i + 1]) if noun.i + 1 < len(reading.doc) else None
    if (
        after is not None
        and after.type == "Person"
        and after.start == noun.i + 1
        and noun.dep_ in {"compound", "nmod"}
    ):
        yield from _held(reading, "role.title", noun, after, reading.doc[after.head], 0.93, untimed=True)
        return
    inside = [pobj for preposition in children(noun, "prep") for pobj in children(preposition, "pobj")]
    for child in [*children(noun, "appos"), *(c for pobj in inside for c in children(pobj, "appos"))]:
        for person in _person(child, reading):
            yield from _held(reading, "role.apposition", noun, person, noun, 0.92, untimed=True)
    if noun.dep_ == "appos" or (
        noun.dep_ == "conj" and head.dep_ == "appos" and head.lemma_.lower() in OFFICES
    ):
        holder = head if noun.dep_ == "appos" else head.head
        holder = max((t for t in conjuncts(holder) if t.i < noun.i), key=lambda t: t.i, default=holder)
        for person in _person(holder, reading):
            yield from _held(reading, "role.apposition", noun, person, noun, 0.92)
    if noun.dep_ == "attr" and is_verb(head) and head.lemma_ in BECOMING:
        for person in _person(surface_subject(head), reading):
            start = head.lemma_ == "become"
            yield from _held(reading, "role.is", head, person, noun, 0.92, starts=start)


def _person(token: Token | None, reading: Reading) -> list[Mention]:
    """Return the person a noun phrase names; who holds an office is one, whatever the tagger guessed."""
    if token is None:
        return []
    whole = _whole_name(token, reading)
    own = reading.mentions.at(token)
    if whole is not None and (own is None or not own.sure):
        return [whole]
    if (
        own is not None
        and not own.sure
        and own.type in {"Entity", "Organisation", "Place"}
        and _like_a_name(own)
    ):
        return [replace(own, type="Person")]
    found_ = reading.agents(token, frozenset({"Person"}))[:1]
    return found_ or (_person(token.head, reading) if token.dep_ == "appos" else [])


def _whole_name(token: Token, reading: Reading) -> Mention | None:
    """Return two to four proper nouns in a row as a person, where the tagger took them apart."""
    start = token.i
    while (
        start > token.sent.start
        and reading.doc[start - 1].dep_ == "compound"
        and _proper(reading.doc[start - 1])
    ):
        start -= 1
    parts = {
        mention.name for word in reading.doc[start : token.i + 1] if (mention := reading.mentions.at(word))
    }
    apart = len(parts) > 1 or not parts
    if not apart or not _proper(token) or not 2 <= token.i + 1 - start <= 4:
        return None
    if any(m.known for word in reading.doc[start : token.i + 1] if (m := reading.mentions.at(word))):
        return None
    return Mention(reading.doc[start : token.i + 1].text, "Person", start, token.i + 1, token.i)


def _proper(token: Token) -> bool:
    return token.pos_ == "PROPN" and token.lower_ not in TITLES


def _like_a_name(mention: Mention) -> bool:
    words = mention.name.split()
    return 2 <= len(words) <= 4 and all(
        word[0].isupper() or word in {"al", "bin", "de", "van", "von"} for word in words
    )


def _verb(verb: Token, reading: Reading) -> Iterator[Candidate]:
    lemma = verb.lemma_.lower()
    if lemma in APPOINTING:
        persons = [m for thing in objects(verb)[:1] for m in _person(thing, reading)]
        nouns = [*children(verb, "oprd", "attr", "dobj"), *complements(verb, "as")]
        nouns += list(children(verb, "xcomp"))
    elif lemma in SERVING | LEAVING and not is_passive(verb):
        persons, nouns = _person(subject(verb), reading), complements(verb, "as")
    elif lemma in LEADING and not is_passive(verb):
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
    for person in _person(actor, reading):
        for body in (m for m in bodies if m.type == "Organisation"):
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
) -> Iterator[Candidate]:
    office = _office(noun, person, reading)
    body = _body(noun, reading)
    if body is None or not office or (office.lower() in {"head", "leader", "chief"} and body.type == "Place"):
        return
    if _disqualified(noun):
        return
    roles: list[Role] = [*names("person", [person], reading), text("role", office)]
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
    field = next((t for t in prepositional(noun, "of", "for") if t.lemma_.lower() in FIELDS), None)
    return reading.doc[first : (noun.i if field is None else field.i) + 1].text


def _title_word(index: int, reading: Reading) -> bool:
    token = reading.doc[index]
    if reading.mentions.at(token) is not None and token.lower_ not in TITLES:
        return False
    plain = token.lower_ in TITLES | RANKS and token.lower_ not in {"former", "then"}
    return plain or token.text == "-"


def _body(noun: Token, reading: Reading) -> Mention | None:
    """Return the state or body in which the office is held: "of B", "B's", or an adjective of B."""
    for token in prepositional(noun, "of", "at", "to"):
        body = _named_body(token, reading) or _described(token, reading)
        if body is not None:
            return body
    for child in noun.lefts:
        if child.dep_ in {"poss", "amod", "compound", "nmod"} and not _only_describes(child, noun, reading):
            named = [*reading.resolve(child, HOLDERS), *reading.states(child.subtree)]
            for mention in named:
                if mention.type in HOLDERS:
                    return mention
    return None


def _named_body(token: Token, reading: Reading) -> Mention | None:
    field = lemma(token) in FIELDS
    own = reading.mentions.at(token)
    for mention in [] if field else [own] if own is not None else reading.resolve(token, HOLDERS):
        if mention.type in BODIES:
            return mention
        if not mention.sure and mention.type in {"Work", "Product", "Entity", "Event"}:
            return replace(mention, type="Organisation")
    if field or own is None:
        for inner in prepositional(token, "of"):
            for mention in reading.resolve(inner, HOLDERS):
                if mention.type in HOLDERS:
                    return mention
    return None


def _only_describes(child: Token, noun: Token, reading: Reading) -> bool:
    """Say whether a word says of what nationality somebody is, or refers to the subject itself."""
    if child.tag_ == "PRP$":
        return noun.dep_ == "attr"
    return child.dep_ != "poss" and noun.lemma_.lower() in LEARNED and bool(reading.states([child]))


def _described(token: Token, reading: Reading) -> Mention | None:
    """Return a body that is described, not named: "the carmakers' association of Mexico"."""
    of_body = TYPE_OF_HEAD.get(token.lemma_.lower()) == "Organisation" or token.lemma_.lower() in {
        "subsidiary",
        "firm",
    }
    modifiers = [*token.lefts, *prepositional(token, "of", "for")]
    if not of_body or token.tag_ != "NN" or not any(child.dep_ != "det" for child in modifiers):
        return None
    words = phrase(token, reading)
    start = token.left_edge.i
    return Mention(words, "Organisation", start, token.i + 1, token.i, sure=False)


def _time(reading: Reading, predicate: Token, noun: Token, *, starts: bool, ends: bool) -> list[Role]:
    time = reading.time_of(predicate) or reading.time_of(noun)
    if time is None:
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
