"""Who takes part in something: the persons and states behind noun phrases, robust to how they were parsed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from spacy.tokens import Token

from kg.extract.coreference import PERSONAL
from kg.extract.mentions import TITLES, TYPE_OF_HEAD, Mention
from kg.extract.reading import AGENTS, OFFICES, Reading
from kg.extract.syntax import children, conjuncts, is_passive, lemma, prepositional, subject

PARTICLES = frozenset("al bin de van von der da di el la le du dos ibn".split())
"""What stands in a person's name in lower case."""
_GUESSED = frozenset({"Entity", "Organisation", "Place", "Product", "Work"})


def as_person(mention: Mention | None, *, single: bool = False) -> Mention | None:
    """Return a mention as a person where it is one, or a mere guess that reads like a person's name.

    With `single` one word will do.
    """
    if mention is None or mention.type == "Person":
        return mention
    words = mention.name.split()
    if mention.sure or mention.known or mention.type not in _GUESSED or len(words) > 4:
        return None
    capital = all(word[0].isupper() or word in PARTICLES for word in words) and not mention.name.isupper()
    long = len(words) > 1 or single
    headed = any(word.lower() in TYPE_OF_HEAD for word in words)
    return replace(mention, type="Person") if capital and long and not headed else None


def listed(token: Token) -> Iterator[Token]:
    """Yield a token with all that is coordinated with it or set beside it, in text order."""
    yield token
    for child in token.rights:
        if child.dep_ in {"conj", "appos"}:
            yield from listed(child)


def participants(
    heads: Iterable[Token | None], reading: Reading, types: frozenset[str] = AGENTS, *, human: bool = False
) -> list[Mention]:
    """Return who noun phrases name: persons before the states whose offices they hold.

    With `human` a guessed name of one word is taken for a person.
    """
    persons: dict[str, Mention] = {}
    others: dict[str, Mention] = {}
    for head in heads:
        for token in _named_by(head, reading) if head is not None else ():
            own = _whole_name(token, reading) or as_person(reading.mentions.at(token), single=human)
            if own is not None and "Person" in types:
                persons.setdefault(own.name, own)
            elif token.dep_ != "appos" or not persons:
                for mention in reading.resolve(token, types):
                    if mention.type == "Person":
                        persons.setdefault(mention.name, mention)
                    elif mention.type in types and _acts(mention, token):
                        others.setdefault(mention.name, mention)
            if own is not None and token.dep_ == "appos":
                _drop(others, token.head, reading)
    held = {m.name for head in heads if head is not None and persons for m in _of_offices(head, reading)}
    return [*persons.values(), *(m for m in others.values() if m.name not in held)]


def _named_by(head: Token, reading: Reading) -> Iterator[Token]:
    """Yield a phrase's parts; of "the presidents of A and B, X and Y" also X and Y, hung on B by mistake."""
    yield from listed(head)
    yield from holders_among(head, reading)


def holders_among(offices: Token, reading: Reading) -> list[Token]:
    """Return the persons that a parser coordinated with the states of their offices."""
    if offices.tag_ not in {"NNS", "NNPS"} or lemma(offices) not in OFFICES:
        return []
    parts = [part for token in prepositional(offices, "of") for part in conjuncts(token)]
    return [t for t in parts if (m := reading.mentions.at(t)) is not None and m.type == "Person"]


def _acts(mention: Mention, token: Token) -> bool:
    """Say whether a name is used for the body itself, not as an adjective beside a noun."""
    return mention.form != "adjective" or token.pos_ in {"NOUN", "PROPN"}


def _drop(others: dict[str, Mention], head: Token, reading: Reading) -> None:
    """Leave out the state of an office whose holder stands beside it."""
    for mention in reading.behind(head):
        others.pop(mention.name, None)


def _of_offices(head: Token, reading: Reading) -> Iterator[Mention]:
    for token in listed(head):
        if token.pos_ in {"NOUN", "PROPN"} and lemma(token) in OFFICES | TITLES:
            yield from reading.behind(token)


def _located(mention: Mention, token: Token) -> bool:
    """Say whether a supposed person stands where a place does: "in Bergen"."""
    head = token.doc[mention.head]
    return head.dep_ == "pobj" and head.head.lower_ in {"in", "at", "near", "to", "from"}


def subjects(verb: Token) -> list[Token]:
    """Return the heads of the logical subject; two where a parser set a plural title beside a name."""
    first = subject(verb)
    own = [] if is_passive(verb) else list(children(verb, "nsubj"))
    return own if len(own) > 1 and first in own else [first] if first is not None else []


def couple(token: Token, reading: Reading) -> list[Mention]:
    """Return the two persons that "they" or "the two leaders" stands for; empty where unclear."""
    before = [m for m in reading.mentions.before(token) if m.type == "Person" and not _located(m, token)]
    doc = token.doc
    sentence = token.sent
    for _ in range(3):
        found: dict[str, Mention] = {}
        for mention in before:
            if sentence.start <= mention.start < sentence.end:
                found.setdefault(mention.name.split()[-1], mention)
        if "he" in {w.lower_ for w in sentence if w.i < token.i} and len(found) == 1:
            for word in sentence:
                if word.lower_ in PERSONAL and word.dep_ in {"nsubj", "dobj", "pobj"} and word.i < token.i:
                    for mention in reading.resolve(word, frozenset({"Person"})):
                        found.setdefault(mention.name.split()[-1], mention)
        if found:
            return list(found.values()) if len(found) == 2 else []
        if sentence.start == 0:
            break
        sentence = doc[sentence.start - 1].sent
    return []


def person_of(token: Token | None, reading: Reading) -> list[Mention]:
    """Return the person a noun phrase names; who holds an office is one, whatever the tagger guessed."""
    if token is None:
        return []
    whole = _whole_name(token, reading)
    own = reading.mentions.at(token)
    if whole is not None and (own is None or not own.sure):
        return [whole]
    person = as_person(own)
    if person is not None:
        return [person]
    found_ = reading.agents(token, frozenset({"Person"}))[:1]
    return found_ or (person_of(token.head, reading) if token.dep_ == "appos" else [])


def _whole_name(token: Token, reading: Reading) -> Mention | None:
    """Return two to four proper nouns in a row as a person, where the tagger took them apart."""
    start = token.i
    while (
        start > token.sent.start
        and reading.doc[start - 1].dep_ == "compound"
        and _proper(reading.doc[start - 1])
    ):
        start -= 1
    if not _proper(token) or not 2 <= token.i + 1 - start <= 4:
        return None
    parts = {
        mention.name for word in reading.doc[start : token.i + 1] if (mention := reading.mentions.at(word))
    }
    apart = len(parts) > 1 or not parts
    if not apart:
        return None
    if any(m.known for word in reading.doc[start : token.i + 1] if (m := reading.mentions.at(word))):
        return None
    return Mention(reading.doc[start : token.i + 1].text, "Person", start, token.i + 1, token.i)


def _proper(token: Token) -> bool:
    return token.pos_ == "PROPN" and token.lower_ not in TITLES
