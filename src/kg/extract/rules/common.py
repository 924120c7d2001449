"""What rules share: how roles are filled and a candidate is put together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Literal, Role
from kg.extract.mentions import Mention
from kg.extract.modality import Judgement, judge
from kg.extract.quantities import Quantity
from kg.extract.reading import Reading
from kg.extract.syntax import complements, conjuncts, governing, reach
from kg.extract.times import Time
from kg.terms import Stance

LOCATIVE = ("in", "at", "near", "off")


def edtf(role: str, text: str) -> Role:
    """Return a date as a role."""
    return role, Literal(text, "edtf")


def text(role: str, words: str) -> Role:
    """Return words as a role."""
    return role, Literal(words, "text")


def names(role: str, mentions: Iterable[Mention], reading: Reading) -> list[Role]:
    """Return mentions as fillers of one role."""
    return [(role, reading.name(mention)) for mention in mentions]


def date(reading: Reading, *predicates: Token) -> list[Role]:
    """Return the date of the first predicate that has one."""
    whole = [p.head for p in predicates if p.dep_ == "advcl" and governing(p) == p.head]
    for predicate in [*predicates, *whole]:
        time = reading.time_of(predicate) or _named_time(predicate, reading)
        if time is not None and not time.until:
            return [edtf("date", f"{time.edtf}/.." if time.since and "/" not in time.edtf else time.edtf)]
    return []


def _named_time(verb: Token, reading: Reading) -> Time | None:
    """Return the date that a clause describes: "on 24 May, when A met B"."""
    if verb.dep_ != "relcl" or not any(word.lower_ == "when" for word in verb.lefts):
        return None
    return next((time for time, span in reading.times if verb.head in span and time.edtf), None)


def period(time: Time | None) -> list[Role]:
    """Return the time of a figure: a date, or the start and end of the years it covers."""
    if time is None:
        return []
    if time.since:
        return [edtf("start", time.edtf)]
    if time.until and "/" not in time.edtf:
        return [edtf("end", time.edtf)]
    first, _, last = time.edtf.partition("/")
    if last and len(first) == 4:
        return [edtf("start", first), edtf("end", last)]
    return [edtf("date", time.edtf)]


def place(reading: Reading, *predicates: Token) -> list[Role]:
    """Return the place where the event of the first predicate that names one takes place."""
    for predicate in predicates:
        near = complements(predicate, *LOCATIVE)
        for token in [*near, *(t for t in reach(predicate, *LOCATIVE) if t not in near)]:
            for part in conjuncts(token):
                mention = reading.mentions.at(part)
                if mention is not None and (is_place(mention) or _guessed_place(mention)):
                    return names("place", [as_place(mention, reading)], reading)
    return []


def _guessed_place(mention: Mention) -> bool:
    """Say whether a name that no list knows can be a place after "in" or "near"."""
    guess = mention.type == "Entity" or (mention.type == "Organisation" and mention.end - mention.start == 1)
    return guess and not mention.sure and not mention.name.isupper() and mention.form == "name"


def is_place(mention: Mention) -> bool:
    """Say whether something can happen there."""
    return mention.type in {"Place", "Polity"} and mention.form != "adjective"


def as_place(mention: Mention, reading: Reading) -> Mention:
    """Read a capital as the town, not as the state it can stand for."""
    if mention.form != "capital":
        return mention
    words = reading.doc[mention.start : mention.end].text
    return Mention(words, "Place", mention.start, mention.end, mention.head, "name", "")


def measure(quantity: Quantity) -> list[Role]:
    """Return the value, unit and wording of a quantity as roles."""
    roles: list[Role] = [("value", Literal(quantity.literal, "decimal"))]
    if quantity.unit:
        roles.append(text("unit", quantity.unit))
    if quantity.wording:
        roles.append(text("wording", quantity.wording))
    return roles


def found(
    reading: Reading,
    rule: str,
    roles: Iterable[Role],
    predicate: Token,
    confidence: float,
    *,
    judgement: Judgement | None = None,
    also: Iterable[Token] = (),
) -> Candidate | None:
    """Put a candidate together, unless the text does not put it forward as real.

    `rule` is `kind.name`; `also` are further tokens whose sentences belong to the span.
    """
    judgement = judgement or judge(predicate)
    if judgement is None or (judgement.stance is not Stance.PREDICTS and _ahead(roles := [*roles], reading)):
        return None
    source = None
    if judgement.source is not None:
        spoken = reading.mentions.at(judgement.source)
        source = reading.name(spoken) if spoken is not None else None
    start, end = reading.span(predicate, *also)
    unique = tuple(dict.fromkeys(roles))
    kind = rule.partition(".")[0]
    return Candidate(kind, unique, start, end, rule, confidence, judgement.stance, source)


def _ahead(roles: Iterable[Role], reading: Reading) -> bool:
    """Say whether what is told lies in the future of the document."""
    today = reading.published
    starts = (value.value for _, value in roles if isinstance(value, Literal) and value.datatype == "edtf")
    return len(today) == 10 and any(_DAY.match(start) and start[:10] > today for start in starts)


_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def phrase(head: Token, reading: Reading) -> str:
    """Return a noun phrase as written, without its clauses, appositions and leading article."""
    dropped = {
        word.i
        for child in head.children
        if child.dep_ in {"relcl", "acl", "appos", "punct", "cc", "conj", "advcl", "parataxis"}
        and child.i > head.i
        for word in child.subtree
    }
    words = [word for word in head.subtree if word.i not in dropped]
    tight = [word for word in words if word.i <= head.i or _unbroken(head, word, dropped)]
    while tight and (tight[0].is_punct or tight[0].lower_ in {"the", "a", "an"}):
        tight = tight[1:]
    return reading.doc[tight[0].i : tight[-1].i + 1].text if tight else head.text


def _unbroken(head: Token, word: Token, dropped: set[int]) -> bool:
    return not any(index in dropped for index in range(head.i, word.i))


def verbal(noun: Token) -> Token:
    """Return the verb that a noun is subject or object of, or the noun itself."""
    return noun.head if noun.dep_ in {"nsubj", "nsubjpass", "dobj", "attr"} else noun
