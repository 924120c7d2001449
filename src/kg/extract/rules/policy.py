"""Policies adopted or announced."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.reading import Reading
from kg.extract.rules.common import date, found, names, phrase, text
from kg.extract.syntax import is_passive, is_verb, objects, prepositional, subject

ADOPTING = frozenset(
    "adopt announce unveil launch introduce enact approve pass proclaim promulgate inaugurate publish "
    "initiate implement present release proclaim endorse institute start".split()
)
NOMINAL = frozenset({"adoption", "launch", "introduction", "announcement", "proclamation", "enactment"})
NOUNS = frozenset(
    "policy strategy plan programme program initiative doctrine law reform act concept bill decree "
    "directive roadmap constitution framework vision campaign scheme moratorium agenda package ban tax "
    "pivot resolution code".split()
)
WEAK = frozenset({"plan", "package", "campaign", "bill", "framework", "agenda", "ban", "resolution", "code"})
TRIGGERS = ADOPTING | NOMINAL
ACTORS = frozenset({"Polity", "Organisation", "Person"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A adopted the X strategy", "the X law was passed by A", "A's adoption of X"."""
    if is_verb(trigger):
        actor = subject(trigger)
        actors = [actor] if actor is not None else []
        things = objects(trigger)
    else:
        actors = [child for child in trigger.lefts if child.dep_ in {"poss", "amod"}] + prepositional(
            trigger, "by"
        )
        things = prepositional(trigger, "of")
    agents = [mention for token in actors for mention in reading.agents(token, ACTORS)]
    for thing in things:
        if is_policy(thing, reading):
            yield from _built(trigger, thing, agents, reading)


def is_policy(thing: Token, reading: Reading) -> bool:
    """Say whether a noun phrase names a particular policy."""
    if thing.tag_ in {"NNS", "NNPS"}:
        return False
    if thing.lemma_.lower() not in NOUNS:
        mention = reading.mentions.at(thing)
        return mention is not None and mention.type == "Agreement" and mention.end - mention.start > 1
    named = [child for child in thing.lefts if child.dep_ in {"amod", "compound", "nmod"}]
    return bool(named) or any(True for _ in prepositional(thing, "of", "on", "for", "against", "towards"))


def _built(trigger: Token, thing: Token, agents: list[Mention], reading: Reading) -> Iterator[Candidate]:
    when = date(reading, trigger)
    if not agents:
        agents = reading.states(w for c in thing.lefts if c.dep_ == "poss" for w in [c, *c.children])
    unique = {mention.name: mention for mention in agents}
    if not unique and not (when and is_passive(trigger) and reading.mentions.at(thing)):
        return
    roles: list[Role] = [
        *names("actor", unique.values(), reading),
        text("name", phrase(thing, reading)),
        *when,
    ]
    weak = thing.lemma_.lower() in WEAK and thing.pos_ != "PROPN"
    person = any(mention.type == "Person" for mention in unique.values())
    candidate = found(reading, "policy.adopted", roles, trigger, 0.88 - 0.1 * weak - 0.05 * person)
    if candidate is not None:
        yield candidate
