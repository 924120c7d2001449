"""What "the two countries", "it", "he" and "the group" refer to within a paragraph, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from kg.extract.mentions import Mention, Mentions
from kg.extract.syntax import lemma

SIDES = frozenset(
    "country side nation state government neighbour neighbor party power capital republic kingdom leader "
    "president minister army navy economy people partner rival ally member foe giant delegation".split()
)
PAIRING = frozenset({"two", "both"})
BODIES = frozenset(
    "group organisation organization bloc alliance union bank company body forum league club institution "
    "firm association party agency grouping pact venture consortium fund university institute academy "
    "commission committee mission centre movement joint-venture corporation network".split()
)
PERSONAL = frozenset({"he", "she", "him", "her", "his"})
NEUTRAL = frozenset({"it", "its", "itself"})
MUTUAL = frozenset({"they", "their", "them"})
STATES = frozenset({"Polity"})


COUNTRIES = frozenset({"country", "state", "nation", "president", "neighbour", "neighbor", "government"})
"""Nouns for what a union of states is not, or does not have."""


def pair(token: Token, mentions: Mentions) -> tuple[list[Mention], set[str]]:
    """Return the two states that "the two countries", "both sides" or "they" stands for; empty where unclear.

    And the names of all the states that come into question.
    """
    found: dict[str, Mention] = {}
    sides = lemma(token) not in COUNTRIES
    for sentence in _backwards(token):
        for mention in _inside(mentions, sentence):
            union = sides and mention.known and mention.name.endswith("Union")
            if mention.type in STATES or union:
                found.setdefault(mention.name, mention)
        if len(found) >= 2:
            break
    return (list(found.values()) if len(found) == 2 else []), set(found)


def speaks_of_two(token: Token) -> bool:
    """Say whether a noun phrase means two parties named before."""
    if token.lower_ in MUTUAL or (token.lower_ in PAIRING and token.dep_ in {"nsubj", "pobj", "nsubjpass"}):
        return True
    marked = any(child.lower_ in PAIRING for child in token.children)
    return lemma(token) in SIDES and marked


def _backwards(token: Token) -> Iterator[Sequence[Token]]:
    """Yield the words before the token in its sentence, then the sentences before it, nearest first."""
    sentence = token.sent
    yield [word for word in sentence if word.i < token.left_edge.i]
    doc = token.doc
    before = [span for span in doc.sents if span.end <= sentence.start]
    yield from ([*span] for span in reversed(before[-3:]))


def _inside(mentions: Mentions, words: Sequence[Token]) -> Iterator[Mention]:
    last = None
    for word in words:
        mention = mentions.at(word)
        if mention is not None and mention is not last:
            last = mention
            yield mention


def antecedent(token: Token, mentions: Mentions, types: frozenset[str]) -> Mention | None:
    """Return what a pronoun, or a noun such as "the group", stands for; None where several fit."""
    lower = token.lower_
    if lower in PERSONAL:
        return _nearest(token, mentions, frozenset({"Person"}), subject_first=True)
    if lower in NEUTRAL:
        return _nearest(token, mentions, types - {"Person"}, subject_first=True)
    definite = any(child.dep_ == "det" and child.lower_ in {"the", "this"} for child in token.children)
    if definite and not _modified(token):
        named = by_head_word(token, mentions)
        if named is not None:
            return named
    if definite and token.lemma_.lower() in BODIES and not _modified(token) and token.text[0].islower():
        return _nearest(token, mentions, frozenset({"Organisation"}), subject_first=False)
    if definite and token.lemma_.lower() == "country" and token.tag_ == "NN":
        return None if _modified(token) else _nearest(token, mentions, STATES, subject_first=True)
    return None


def by_head_word(token: Token, mentions: Mentions) -> Mention | None:
    """Return the body named before that ends as the token does: "the Bank" for a longer "… Bank"."""
    word = token.lower_
    found = {
        mention.name: mention
        for mention in mentions.before(token)
        if mention.end - mention.start > 1 and mention.name.lower().split()[-1] == word
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _modified(token: Token) -> bool:
    return any(child.dep_ in {"amod", "compound", "relcl", "acl", "prep", "poss"} for child in token.children)


def _nearest(
    token: Token, mentions: Mentions, types: frozenset[str], *, subject_first: bool
) -> Mention | None:
    """Look back sentence by sentence: the subject of the main clause wins, else just one name must fit."""
    for words in _backwards(token):
        fitting = [m for m in _inside(mentions, words) if m.type in types and m.form != "adjective"]
        if subject_first:
            main = _subject_of(words, token)
            found = None if main is None else _standing_for(main, token, mentions, types)
            if found is not None:
                return found
        names = {mention.name for mention in fitting}
        if len(names) == 1:
            return fitting[-1]
        if names:
            return None
    return None


def _subject_of(words: Sequence[Token], token: Token) -> Token | None:
    """Return the subject of the main clause of the words, unless it holds the token or is more than one."""
    if not words:
        return None
    root = words[0].sent.root
    for child in root.children:
        if child.dep_ in {"nsubj", "nsubjpass"} and child.i < token.i and token not in set(child.subtree):
            return None if any(c.dep_ == "conj" for c in child.children) else child
    return None


def _standing_for(main: Token, token: Token, mentions: Mentions, types: frozenset[str]) -> Mention | None:
    mention = mentions.at(main)
    if mention is None and main.pos_ == "NOUN":
        owner = next((child for child in main.children if child.dep_ == "poss"), None)
        mention = mentions.at(owner) if owner is not None and token.dep_ == "poss" else None
    if mention is not None:
        return mention if mention.type in types and mention.form != "adjective" else None
    same = main.lower_ in NEUTRAL | PERSONAL and main.sent.start < token.sent.start
    return antecedent(main, mentions, types) if same else None
