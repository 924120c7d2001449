"""Offices: which nouns name one, by what title, and in which state or body it is held."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from kg.extract.mentions import TITLES, TYPE_OF_HEAD, Mention
from kg.extract.reading import FIELDS, Reading
from kg.extract.rules.common import phrase
from kg.extract.syntax import lemma, prepositional

OFFICES = frozenset(
    "president premier chancellor king queen prince emperor empress sultan emir shah tsar pope minister "
    "secretary ambassador governor mayor chairman chairwoman chairperson chair chief ceo director "
    "commander leader head speaker adviser advisor secretary-general professor editor consul envoy "
    "commissioner dean rector general founder spokesman spokeswoman spokesperson executive representative "
    "negotiator officer senator manager engineer economist treasurer diplomat boss analyst "
    "researcher historian fellow scholar vice-president president-elect provost ruler "
    "congressman lawmaker archbishop patriarch viceroy regent".split()
) - {"founder", "general", "prince"}
ABROAD = frozenset({"ambassador", "envoy", "consul", "attaché", "representative", "commissioner"})
"""Who is sent by a state to another: the office is the sender's."""
GENERALS = frozenset({"secretary", "director", "attorney", "consul", "governor", "inspector"})
BODIES = frozenset({"Polity", "Organisation", "Place"})
HOLDERS = frozenset({"Polity", "Organisation"})
RANKS = frozenset(
    "finance trade interior energy oil economy acting vice national high deputy permanent security "
    "transport health chief managing top senior commerce industry agriculture culture water education "
    "justice supreme executive co-chair research".split()
)
"""Words that belong to an office beside the titles."""
LEARNED = frozenset(
    "engineer economist professor editor manager executive director officer head founder analyst researcher "
    "historian fellow scholar diplomat lawmaker boss".split()
)
"""Offices that an adjective of nationality only describes: a Chilean economist is no office of Chile's."""


def is_office(token: Token) -> bool:
    """Say whether a noun names an office: also "Secretary-General", but not a plain general."""
    if token.lemma_.lower() == "general":
        return any(child.lower_ in GENERALS for child in token.lefts)
    if token.lemma_.lower() == "prince":
        return any(child.lower_ == "crown" for child in token.lefts)
    return token.lemma_.lower() in OFFICES and token.pos_ in {"NOUN", "PROPN"}


def title_of(noun: Token, person: Mention, reading: Reading) -> str:
    """Return the words of the office, without its holder, its state and articles."""
    if person.head == noun.i or person.start <= noun.i < person.end:
        first = person.start
        while first > 0 and _title_word(first - 1, reading):
            first -= 1
        return reading.doc[first : person.start].text
    first = noun.i
    while first > 0 and _title_word(first - 1, reading):
        first -= 1
    portfolio = lemma(noun) in {"minister", "secretary"}
    fields = [t for t in prepositional(noun, "for") if portfolio]
    fields += [t for t in prepositional(noun, "of", "for") if t.lemma_.lower() in FIELDS]
    field = next(iter(fields), None)
    return reading.doc[first : (noun.i if field is None else field.i) + 1].text


def _title_word(index: int, reading: Reading) -> bool:
    token = reading.doc[index]
    if reading.mentions.at(token) is not None and token.lower_ not in TITLES:
        return False
    plain = token.lower_ in TITLES | RANKS and token.lower_ not in {"former", "then"}
    return plain or token.text == "-"


def body_of(noun: Token, reading: Reading) -> Mention | None:
    """Return the state or body in which the office is held: "of B", "B's", or an adjective of B."""
    portfolio = prepositional(noun, "for") if lemma(noun) in {"minister", "secretary"} else []
    for token in [inner for field in portfolio for inner in prepositional(field, "of")]:
        return _named_body(token, reading)
    return _after(noun, reading) or _before(noun, reading)


def _after(noun: Token, reading: Reading) -> Mention | None:
    """Return B in "president of B", "spokeswoman for B"; of a professor not the subject taught."""
    sent = lemma(noun) in ABROAD
    for token in prepositional(noun, *(("of",) if sent else ("of", "at", "to", "for", "with"))):
        own = reading.mentions.at(token)
        taught = lemma(noun) == "professor" and token.head.lower_ == "of"
        if not taught or (own is not None and own.known):
            house = _described(token, reading) if lemma(token) in {"ministry", "embassy"} else None
            body = house or _named_body(token, reading) or _described(token, reading)
            if body is not None:
                return body
    return None


def _before(noun: Token, reading: Reading) -> Mention | None:
    """Return B in "B's president", "B president"."""
    for child in noun.lefts:
        if child.dep_ in {"poss", "amod", "compound", "nmod"} and not _only_describes(child, noun, reading):
            for mention in [*reading.resolve(child, HOLDERS), *reading.states(child.subtree)]:
                if mention.type in HOLDERS:
                    return mention
                guessed = mention.type in {"Entity", "Product", "Work", "Place"} and mention.form == "name"
                if guessed and not mention.sure and child.dep_ != "amod":
                    return replace(mention, type="Organisation")
                if mention.type == "Place" and lemma(noun) in {"mayor", "governor"}:
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
    if own is None and lemma(token) in {"government", "republic"}:
        return next(iter(reading.states(token.lefts)), None)
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
        "embassy",
        "parliament",
    }
    modifiers = [*token.lefts, *prepositional(token, "of", "for")]
    if not of_body or token.tag_ != "NN" or not any(child.dep_ != "det" for child in modifiers):
        return None
    words = phrase(token, reading)
    start = token.left_edge.i
    return Mention(words, "Organisation", start, token.i + 1, token.i, sure=False)
