"""Agreements: who signed what, when and where, for how much and how long."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Literal, Role
from kg.extract.mentions import Mention
from kg.extract.modality import presupposed
from kg.extract.quantities import MONEY, PERIODS, VOLUMES
from kg.extract.reading import Reading
from kg.extract.rules.common import date, edtf, found, names, place, text
from kg.extract.syntax import (
    children,
    complements,
    conjuncts,
    is_passive,
    is_verb,
    objects,
    prepositional,
    subject,
)

SIGNING = frozenset(
    "sign conclude ink seal strike reach finalise finalize clinch forge initial cosign renew issue".split()
)
PARTNERING = frozenset({"establish", "form", "launch"})
NOMINAL = frozenset("signing conclusion signature".split())
NOUNS = frozenset(
    "treaty agreement deal pact accord contract protocol memorandum mou convention charter declaration "
    "communique communiqué document partnership settlement truce ceasefire armistice compact concession "
    "lease arrangement understanding peace alliance entente concordat covenant".split()
)
OWN = NOUNS - {"document", "partnership", "peace", "declaration", "charter", "convention", "alliance"}
"""Nouns that are agreements by themselves, whatever is done to them."""
TITLED = frozenset(
    {"treaty", "agreement", "pact", "accord", "convention", "protocol", "declaration", "charter"}
)
TRIGGERS = SIGNING | NOMINAL | NOUNS | {"agree", "enter"} | PARTNERING
_CONCLUDED = re.compile(
    r"\s*,? (?:which was )?(?:signed|concluded|agreed|sealed)"
    r"(?: (?:at|in) [\w. ]{2,30}?)?(?: on| in)?(?: the)?",
)
"""What may stand between a treaty and its date."""
LASTING = frozenset("run last span cover extend remain expire".split())
PARTIES = frozenset({"Polity", "Organisation"})
GUESSED = frozenset({"Place", "Entity", "Product"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find agreements around a verb of signing, its nominalisation, or a noun for an agreement."""
    lemma = trigger.lemma_.lower()
    if is_verb(trigger) and (lemma in SIGNING | PARTNERING or lemma in {"agree", "enter"}):
        yield from _signed(trigger, reading)
    elif lemma in NOMINAL and not is_verb(trigger):
        yield from _signing(trigger, reading)
    elif lemma in NOUNS and not is_verb(trigger):
        yield from _between(trigger, reading)


def is_agreement(token: Token, reading: Reading) -> bool:
    """Say whether a noun phrase is about an agreement."""
    mention = reading.mentions.at(token)
    named = mention is not None and mention.type == "Agreement"
    return named or (token.lemma_.lower() in NOUNS and token.pos_ in {"NOUN", "PROPN"})


def _signed(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A and B signed X", "X was signed by A and B", "X, signed in 1914 by A"."""
    things = [thing for thing in _things(verb) if is_agreement(thing, reading)]
    for thing in things:
        parties = _parties(verb, thing, reading)
        yield from _built(
            reading, f"agreement.{'passive' if is_passive(verb) else 'active'}", verb, thing, parties
        )


def _things(verb: Token) -> list[Token]:
    lemma = verb.lemma_.lower()
    if lemma in {"agree", "enter"}:
        return complements(verb, "on", "upon", "to") if lemma == "agree" else complements(verb, "into")
    if lemma in PARTNERING:
        found_ = objects(verb)
        return [t for t in found_ if t.lemma_.lower() in {"partnership", "alliance"} and t.pos_ == "NOUN"]
    if lemma == "issue":
        return [t for t in objects(verb) if t.lemma_.lower() in {"declaration", "communique", "communiqué"}]
    return objects(verb)


def _parties(verb: Token, thing: Token, reading: Reading) -> list[Mention]:
    """Return the parties: the subject, those after "with" and "between", and those of the noun itself."""
    actors = [actor for actor in [subject(verb)] if actor is not None]
    found_ = _sided(actors, reading)
    if (actors and actors[0] != thing) or not actors:
        found_ += _sided(complements(verb, "with", "between", "among"), reading)
        found_ += _sided(prepositional(thing, "with", "between", "among"), reading)
    found_ += _premodifiers(thing, reading) if len(found_) < 2 else []
    unique = {mention.name: mention for mention in found_}
    return list(unique.values())


def _sided(tokens: list[Token], reading: Reading) -> list[Mention]:
    """Return the parties that noun phrases name; a person stands for the state of their title."""
    parties = []
    for token in tokens:
        for mention in reading.agents(token, PARTIES | GUESSED | {"Person"}):
            state = reading.state_of(mention) if mention.type == "Person" else mention
            if state is not None and (state.type in PARTIES or (not state.sure and state.type in GUESSED)):
                parties.append(state)
    return parties if any(party.type in PARTIES for party in parties) else []


def _premodifiers(thing: Token, reading: Reading) -> list[Mention]:
    """Return the two states of "the Chile–Peru treaty" or "the Canada–United States Agreement"."""
    words = [word for word in thing.subtree if word.i < thing.i]
    states = reading.states(words)
    own = reading.mentions.at(thing)
    if own is not None and not states:
        inside = reading.gazetteer.matches([word.text for word in reading.doc[own.start : own.end]])
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
            sides = prepositional(noun, "by", "between", "with") + prepositional(
                part, "by", "between", "with", "among"
            )
            parties = _sided(sides, reading)
            verb = noun.head if noun.dep_ in {"dobj", "nsubjpass"} and is_verb(noun.head) else None
            if (
                verb is not None
                and not is_passive(verb)
                and verb.lemma_ in {"announce", "celebrate", "complete"}
            ):
                actor = subject(verb)
                parties = parties or _sided([actor] if actor is not None else [], reading)
            yield from _built(reading, "agreement.signing", noun, part, parties)


def _between(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "the 2010 agreement between A and B": a definite noun takes its existence for granted."""
    if noun.lemma_.lower() not in OWN | TITLED or noun.tag_ not in {"NN", "NNP"} or _is_signed(noun):
        return
    definite = any(child.lower_ in {"the", "this", "their"} for child in noun.children)
    if not definite and not prepositional(noun, "between"):
        return
    parties = _sided(prepositional(noun, "between"), reading)
    parties = parties if len(parties) >= 2 else _premodifiers(noun, reading)
    when = _own_date(noun, reading)
    mention = reading.mentions.at(noun)
    named = mention is not None and mention.type == "Agreement" and mention.end - mention.start > 1
    by_which = _by_which(noun, reading) if named else None
    if by_which is not None:
        parties, when = by_which
        yield from _built(reading, "agreement.by-which", noun, noun, parties, confidence=0.86, when=when)
    elif when and (len(parties) >= 2 or named):
        yield from _built(reading, "agreement.dated", noun, noun, parties, confidence=0.9, when=when)


def _by_which(noun: Token, reading: Reading) -> tuple[list[Mention], list[Role]] | None:
    """Read "the Treaty of X, by which A and B settled … in 1727": who did it then are the parties."""
    for clause in children(noun, "relcl"):
        led = any(c.dep_ == "prep" and any(g.lower_ == "which" for g in c.children) for c in clause.children)
        actor = subject(clause)
        parties = _sided([actor], reading) if led and actor is not None else []
        when = _own_date(noun, reading) or date(reading, clause)
        if len(parties) >= 2 and when:
            return parties, when
    return None


def _own_date(noun: Token, reading: Reading) -> list[Role]:
    """Return the date inside the noun phrase: "the treaty of 1858", "the 1963 pact", "the Accord (1914)"."""
    mention = reading.mentions.at(noun)
    end = mention.end if mention is not None else noun.i + 1
    for time, span in reading.times:
        between = reading.doc[end : span.start].text.lower() if span.start >= end else ""
        before = span.start < noun.i and span.root.head == noun
        inside = (
            span.start >= end
            and span.root in set(noun.subtree)
            and not any(is_verb(word) for word in reading.doc[end : span.start])
        )
        concluded = bool(_CONCLUDED.fullmatch(between)) and mention is not None
        inside = inside and between.split(" ")[0] in {"of", "(", "between"}
        if time.edtf and span.root.sent == noun.sent and (before or inside or concluded):
            return [edtf("date", time.edtf)]
    return []


def _is_signed(noun: Token) -> bool:
    if noun.head.lemma_ in SIGNING | NOMINAL or (noun.dep_ == "pobj" and noun.head.head.lemma_ in NOMINAL):
        return True
    return any(child.lemma_ in SIGNING for child in noun.children)


def _built(
    reading: Reading,
    rule: str,
    predicate: Token,
    thing: Token,
    parties: list[Mention],
    *,
    confidence: float = 0.93,
    when: list[Role] | None = None,
) -> Iterator[Candidate]:
    mention = reading.mentions.at(thing)
    named = mention is not None and mention.type == "Agreement" and mention.end - mention.start > 1
    when = when or date(reading, predicate, thing)
    if (
        not parties
        and not named
        and when
        and is_verb(predicate)
        and is_passive(predicate)
        and not subject(predicate)
    ):
        parties = reading.only_two_states(predicate, whole=predicate.dep_ == "acl")
        confidence -= 0.1
    if len(parties) < 2 and not (named and when) and not (parties and when):
        return
    roles: list[Role] = [text("name", title(thing, reading))]
    roles += names("party", parties, reading)
    roles += when + place(reading, predicate)
    terms, also = _terms(thing, predicate, reading)
    if len(parties) < 2:
        confidence -= 0.08 if named else 0.15
    definite = any(child.lower_ in {"the", "this", "their"} for child in thing.children)
    standing = presupposed(predicate) if rule == "agreement.dated" and definite else None
    candidate = found(reading, rule, roles + terms, predicate, confidence, also=also, judgement=standing)
    if candidate is not None:
        yield candidate


def title(thing: Token, reading: Reading) -> str:
    """Return what the text calls the agreement, without articles, numbers and parties."""
    mention = reading.mentions.at(thing)
    if mention is not None and mention.type == "Agreement":
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


def _terms(thing: Token, predicate: Token, reading: Reading) -> tuple[list[Role], list[Token]]:
    """Return value, volume and duration, also of the sentence after, where it goes on about "the deal"."""
    roles = _stated(thing, predicate, reading)
    also = []
    for later in _mentioned_again(thing, reading):
        clause = later.head if is_verb(later.head) else later
        more = _stated(later, clause, reading)
        known = {role for role, _ in roles}
        fresh = [role for role in more if role[0] not in known]
        roles += fresh
        also += [later] if fresh else []
    return roles, also


def _mentioned_again(thing: Token, reading: Reading) -> Iterator[Token]:
    end = thing.sent.end
    for token in reading.doc[end].sent if end < len(reading.doc) else ():
        definite = any(child.lower_ in {"the", "this"} for child in token.children)
        if (
            token.lemma_.lower() in OWN
            and definite
            and token.tag_ == "NN"
            and token.dep_ in {"nsubj", "nsubjpass"}
        ):
            yield token


def _stated(thing: Token, predicate: Token, reading: Reading) -> list[Role]:
    roles: list[Role] = []
    inside = set(thing.subtree)
    clause = [
        child for child in predicate.children if child.dep_ in {"prep", "acomp", "attr", "npadvmod", "advcl"}
    ]
    reach = inside | {word for child in clause for word in child.subtree}
    for quantity, span in reading.quantities:
        if span.root not in reach:
            continue
        before = reading.doc[max(0, span.start - 3) : span.start].text.lower()
        if quantity.unit in MONEY and (span.root in inside or "worth" in before or "valued" in before):
            roles += [("value", Literal(quantity.literal, "decimal")), text("unit", quantity.unit)]
        elif quantity.unit in VOLUMES and span.root in inside:
            roles += [("volume", Literal(quantity.literal, "decimal")), text("volume_unit", quantity.unit)]
        elif (quantity.unit in PERIODS or quantity.unit == "decade") and _lasts(
            thing, predicate, span.root, before
        ):
            roles += [("duration", Literal(quantity.duration, "duration"))] if quantity.duration else []
    seen: set[str] = set()
    return [role for role in roles if not (role[0] in seen or seen.add(role[0]))]  # type: ignore[func-returns-value]


def _lasts(thing: Token, predicate: Token, root: Token, before: str) -> bool:
    """Say whether a period is how long the agreement lasts: "a 30-year deal", "runs for 30 years"."""
    if root.dep_ in {"compound", "nmod", "amod"} and root.head == thing:
        return True
    lasting = predicate.lemma_ in LASTING | {"be"} or any(child.lemma_ in LASTING for child in thing.children)
    return lasting and before.endswith(("for ", "for", "over", "of"))
