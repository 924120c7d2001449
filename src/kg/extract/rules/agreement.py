"""Agreements: who signed what, when and where, for how much and how long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.modality import Judgement
from kg.extract.reading import OFFICES, Reading
from kg.extract.rules.common import date, found, names, place, text
from kg.extract.rules.parties import BODIES, affected, doer
from kg.extract.rules.terms import terms
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
)

SIGNING = frozenset(
    "sign conclude ink seal strike reach finalise finalize clinch forge initial cosign renew issue secure "
    "win complete".split()
)
PARTNERING = frozenset("establish form launch announce create declare proclaim adopt approve make".split())
NOMINAL = frozenset({"signing", "conclusion", "signature"})
NOUNS = frozenset(
    "treaty agreement deal pact accord contract protocol memorandum mou convention charter declaration "
    "communique communiqué document partnership settlement truce ceasefire armistice compact concession "
    "lease arrangement understanding peace alliance entente concordat covenant statement swap accords".split()
)
OWN = NOUNS - frozenset(
    "document partnership peace declaration charter convention alliance statement swap understanding".split()
)
"""Nouns that are agreements by themselves, whatever is done to them."""
TITLED = frozenset(
    {"treaty", "agreement", "pact", "accord", "convention", "protocol", "declaration", "charter"}
)
FORMED = frozenset({"partnership", "alliance", "pact", "truce", "ceasefire", "entente"})
JOINT = frozenset({"declaration", "communique", "communiqué", "statement"})
TRIGGERS = SIGNING | NOMINAL | {"agree", "enter", "put"} | PARTNERING
PARTIES = frozenset({"Polity", "Organisation"})
_WITH = ("with", "between", "among")
GUESSED = frozenset({"Place", "Entity", "Product"})
ABOUT = frozenset({"deal", "contract", "memorandum", "agreement", "mou"})
"""Nouns for what companies sign, too."""


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find agreements around a verb of signing or its nominalisation."""
    if is_verb(trigger):
        yield from _signed(trigger, reading)
    elif lemma(trigger) in NOMINAL:
        yield from _signing(trigger, reading)


def is_agreement(token: Token, reading: Reading) -> bool:
    """Say whether a noun phrase is about an agreement."""
    word = lemma(token)
    if word == "document" and token.tag_ == "NNS":
        return False
    if word in {"swap", "statement"} and not any(c.lower_ in {"joint", "currency"} for c in token.children):
        return False
    nominal = token.pos_ in {"NOUN", "PROPN"} or token.dep_ in {"dobj", "pobj", "nsubjpass"}
    if word in NOUNS and nominal:
        return True
    mention = reading.mentions.at(token) if token.text[0].isupper() else None
    return mention is not None and mention.type == "Agreement"


def _signed(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A and B signed X", "X was signed by A and B", "X, signed in 1914 by A"."""
    things = _things(verb)
    if not things and lemma(verb) in SIGNING and verb.tag_ in {"VBD", "VBN"}:
        yield from _misread(verb, reading)
    for thing in things:
        thing = _host(thing, reading)
        if is_agreement(thing, reading):
            parties = _parties(verb, thing, reading)
            voice = "passive" if is_passive(verb) else "active"
            yield from built(reading, f"agreement.{voice}", verb, thing, parties)


def _misread(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Read "the treaty concluded between A and B in 1972", where the parser took the participle as finite."""
    sides = sided(prepositional(verb, "by", "between"), reading)
    before = (verb.doc[i] for i in range(verb.i - 1, max(verb.sent.start, verb.i - 6) - 1, -1))
    thing = next((t for t in before if t.pos_ in {"NOUN", "PROPN"} and is_agreement(t, reading)), None)
    if thing is not None and len(sides) >= 2:
        yield from built(reading, "agreement.passive", verb, thing, sides)


def inside(noun: Token, *prepositions: str) -> list[Token]:
    """Return the complements of a noun, or of what it is about: "agreement on trade between A and B"."""
    found_ = prepositional(noun, *prepositions)
    for topic in [] if found_ else prepositional(noun, "of", "on", "for", "about", "concerning"):
        found_ += [] if is_verb(topic) else inside(topic, *prepositions)
    return found_


def _things(verb: Token) -> list[Token]:
    word = lemma(verb)
    if word == "agree":
        return complements(verb, "on", "upon", "to") or objects(verb)
    if word == "enter":
        return complements(verb, "into")
    if word == "put":
        return _put_names_to(verb)
    if word in PARTNERING:
        if word in {"adopt", "approve"}:
            return [
                t for t in objects(verb) if lemma(t) in JOINT | (TITLED - {"charter"}) and t.tag_ == "NNP"
            ]
        return [t for t in objects(verb) if lemma(t) in FORMED and t.tag_ == "NN"]
    if word == "issue":
        return [t for t in objects(verb) if lemma(t) in JOINT]
    if word in {"reach", "win", "secure", "complete", "make"}:
        return [t for t in objects(verb) if lemma(t) in OWN and lemma(t) != "charter"]
    return objects(verb)


def _host(thing: Token, reading: Reading) -> Token:
    """Go to an agreement from what it is about, where the parser took "treaty of peace that A signed" so."""
    steps = [thing, *list(thing.ancestors)[:4]]
    if thing.dep_ == "pobj" and not is_agreement(thing, reading) and not reading.mentions.at(thing):
        for step in steps[1:]:
            if is_verb(step):
                break
            if step.dep_ != "prep" and is_agreement(step, reading):
                return step
    return thing


def _put_names_to(verb: Token) -> list[Token]:
    """Return X of "A put their names to X" and of "X, to which A put its signature"."""
    if not any(lemma(c) in {"signature", "name", "pen", "initial"} for c in children(verb, "dobj")):
        return []
    things = prepositional(verb, "to")
    return [verb.head if t.lower_ == "which" and verb.dep_ == "relcl" else t for t in things]


def _parties(verb: Token, thing: Token, reading: Reading) -> list[Mention]:
    """Return the parties: the subject, those after "with" and "between", and those of the noun itself."""
    actor = subject(verb) if is_passive(verb) else doer(verb)
    tokens = [actor] if actor is not None and actor != thing else []
    own = sided(tokens, reading)
    if (tokens or not actor) and len(own) < 2:
        tokens += complements(verb, *_WITH) or inside(thing, *_WITH)
    tokens = [verb.head if t.lower_ in {"which", "whom"} and verb.dep_ == "relcl" else t for t in tokens]
    purpose = [c for c in children(thing, "acl") if lemma(c) in {"deliver", "supply", "sell", "provide"}]
    tokens += [t for c in purpose for t in complements(c, "to")]
    found_ = sided(tokens, reading)
    found_ += premodifiers(thing, reading) if len(found_) < 2 else []
    unique = {mention.name: mention for mention in found_}
    return list(unique.values())


def sided(tokens: Iterable[Token], reading: Reading) -> list[Mention]:
    """Return the parties that noun phrases name; a person stands for the state of their title."""
    parties = []
    tokens = list(tokens)
    for token in tokens:
        mentions = [m for part in reading.listed(token) for m in _side(part, reading)]
        if _unplaced(mentions, reading):
            return []
        for mention in mentions:
            state = reading.state_of(mention) if mention.type == "Person" else mention
            if state is None and not mention.sure and mention.end - mention.start == 1 and len(tokens) > 1:
                state = replace(mention, type="Person")
            if state is not None:
                parties.append(state)
    if any(party.type in PARTIES | {"Group"} for party in parties):
        return [_organisation(party) for party in parties if party.type != "Place" or not party.sure]
    return parties if len(parties) > 1 else [party for party in parties if party.type == "Entity"]


def _side(token: Token, reading: Reading) -> list[Mention]:
    """Return what one noun phrase names: a ministry or a bank is a party itself, not its state."""
    if lemma(token) in BODIES | {"counterpart"} and not reading.mentions.at(token):
        own = lemma(token) not in OFFICES or lemma(token) == "ministry"
        found_ = affected([token], reading, PARTIES) if own else []
        return found_ or reading.resolve(token, PARTIES)
    types = PARTIES | GUESSED | {"Person"}
    found_ = [mention for mention in reading.resolve(token, types) if mention.type in types]
    return [half for mention in found_ for half in _halves(mention, reading)]


def _halves(mention: Mention, reading: Reading) -> list[Mention]:
    """Part "Shell and Rosneft" where the tagger took two companies for one."""
    words = reading.doc[mention.start : mention.end]
    joints = [word.i for word in words if word.lower_ == "and"]
    if mention.sure or mention.type != "Organisation" or len(joints) != 1 or len(words) > 5:
        return [mention]
    ends = ((mention.start, joints[0]), (joints[0] + 1, mention.end))
    return [Mention(reading.doc[a:b].text, "Organisation", a, b, b - 1, sure=False) for a, b in ends]


def _unplaced(mentions: list[Mention], reading: Reading) -> bool:
    """Say whether several persons act of whom not all have a state."""
    people = [m for m in mentions if m.type == "Person"]
    return len(people) > 1 and not all(reading.state_of(m) for m in people)


def _organisation(party: Mention) -> Mention:
    """Take a company whose name the tagger did not know for one."""
    return replace(party, type="Organisation") if party.type in GUESSED | {"Person"} else party


def signatories(tokens: Iterable[Token], reading: Reading) -> list[Mention]:
    """Return the persons that signed, where no title says for whom."""
    people = [m for token in tokens for m in reading.agents(token, frozenset({"Person"}))]
    return people if len(people) > 1 else []


def premodifiers(thing: Token, reading: Reading) -> list[Mention]:
    """Return the two states of "the Chile–Peru treaty" or "the Canada–United States Agreement"."""
    words = [word for word in thing.subtree if word.i < thing.i]
    if not any(word.text[0].isupper() for word in [*words, thing]):
        return []
    states = reading.states(words)
    own = reading.mentions.at(thing)
    if own is not None and not states:
        # Without its last word, as the list may know the whole name too.
        inside = reading.gazetteer.matches([word.text for word in reading.doc[own.start : own.end - 1]])
        states = [
            Mention(e.name, e.type, own.start + a, own.start + b, own.start + b - 1, e.form, e.iri)
            for a, b, e in inside
            if e.type == "Polity" and e.form != "capital"
        ]
    return states if len(states) == 2 else []


def _signing(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "the signing of X by A and B", "the conclusion of a pact between A and B"."""
    for thing in prepositional(noun, "of"):
        for part in conjuncts(thing):
            if not is_agreement(part, reading):
                continue
            sides = prepositional(noun, "by", "between", "with") or inside(part, "by", *_WITH)
            parties = sided(sides, reading) or premodifiers(part, reading)
            verb = noun.head if noun.dep_ in {"dobj", "nsubjpass"} and is_verb(noun.head) else None
            if (
                verb is not None
                and not is_passive(verb)
                and lemma(verb) in {"announce", "celebrate", "complete"}
            ):
                actor = subject(verb)
                parties = parties or sided([actor] if actor is not None else [], reading)
            yield from built(reading, "agreement.signing", noun, part, parties)


def is_named(thing: Token, reading: Reading) -> bool:
    """Say whether an agreement bears a title of its own."""
    mention = reading.mentions.at(thing) if thing.text[0].isupper() else None
    titled = mention is not None and (mention.type == "Agreement" or lemma(thing) in NOUNS)
    return titled and mention is not None and mention.end - mention.start > 1


def built(
    reading: Reading,
    rule: str,
    predicate: Token,
    thing: Token,
    parties: list[Mention],
    *,
    confidence: float = 0.93,
    when: list[Role] | None = None,
    judgement: Judgement | None = None,
    signed: bool = True,
) -> Iterator[Candidate]:
    """Put an agreement together if enough is known of it: two parties, or a date and a title or a party."""
    named = is_named(thing, reading)
    when = when or (date(reading, predicate, thing) if signed else [])
    actor = subject(predicate) if is_verb(predicate) else None
    agentless = is_verb(predicate) and is_passive(predicate) and actor is None
    somebodys = any(word.text[0].isupper() for word in thing.subtree if word.i < thing.i)
    if not parties and not named and when and agentless and not somebodys:
        parties = reading.only_two_states(predicate, whole=predicate.dep_ == "acl")
        confidence -= 0.1
    if not parties and not named and actor is not None:
        parties = signatories([actor, *complements(predicate, "with")], reading)
        confidence -= 0.05
    details, also = terms(thing, predicate, OWN, reading)
    where = place(reading, predicate)
    enough = len(parties) >= 2 or (named and bool(when)) or bool(parties and (when or named or details))
    titled = named and is_verb(predicate) and lemma(predicate) in SIGNING
    enough = enough or titled or bool(agentless and when and where)
    if not enough:
        return
    roles = [text("name", title(thing, reading)), *names("party", parties, reading), *when, *where, *details]
    if len(parties) < 2:
        confidence -= 0.08 if named and when else 0.15
    candidate = found(reading, rule, roles, predicate, confidence, also=also, judgement=judgement)
    if candidate is not None:
        yield candidate


def title(thing: Token, reading: Reading) -> str:
    """Return what the text calls the agreement, without articles, numbers and parties."""
    mention = reading.mentions.at(thing)
    if mention is not None and (mention.type == "Agreement" or lemma(thing) in NOUNS):
        return mention.name
    words = [word.text for word in _modifiers(thing, reading)] + [thing.text]
    right = thing.i + 1
    if (
        right < len(reading.doc)
        and reading.doc[right].lower_ in {"of", "on"}
        and reading.doc[right].head == thing
    ):
        topic = next(children(reading.doc[right], "pobj"), None)
        if topic is not None and not any(span.root == topic for _, span in reading.times):
            words += [word.text for word in reading.doc[right : topic.i + 1]]
    return " ".join(words).replace(" - ", "-")


def _modifiers(thing: Token, reading: Reading) -> list[Token]:
    left: list[Token] = []
    for token in thing.lefts:
        if token.dep_ in {"amod", "compound", "nmod"}:
            words = list(token.subtree)
            if any(word.like_num or word.is_currency for word in words) or reading.mentions.at(token):
                left = []
            else:
                left += words
    return left
