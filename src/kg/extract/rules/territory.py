"""Territory that passes from one state to another: cessions, annexations, returns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Literal, Role
from kg.extract.coreference import NEUTRAL
from kg.extract.mentions import TYPE_OF_HEAD, Mention
from kg.extract.modality import granted
from kg.extract.quantities import AREAS
from kg.extract.reading import Reading
from kg.extract.rules.actors import participants, subjects
from kg.extract.rules.common import date, found, measure, names, phrase, text
from kg.extract.syntax import (
    children,
    complements,
    conjuncts,
    is_passive,
    is_verb,
    lemma,
    objects,
    prepositional,
    reach,
    surface_subject,
)

CEDING = frozenset(
    "cede transfer return surrender relinquish hand give sell lose yield restore award grant assign "
    "retrocede forfeit concede".split()
)
GIVING = frozenset({"give", "grant", "award", "assign"})
PASSING = frozenset({"pass", "revert", "fall", "go"})
TAKING = frozenset(
    "annex acquire seize regain recover incorporate absorb gain conquer take obtain capture purchase buy "
    "receive reclaim retake integrate".split()
)
STRONG = frozenset({"cede", "annex", "retrocede"})
CONQUERING = frozenset(
    {"annex", "conquer", "acquire", "regain", "recover", "gain", "obtain", "seize", "reclaim"}
)
"""Verbs of taking that need no former owner, where land and date are named."""
INTO = frozenset({"incorporate", "absorb", "integrate"})
TRADING = frozenset("sell buy purchase transfer acquire obtain receive give grant award sale".split())
"""Verbs said of goods more often than of land: the land must be known for one."""
NOMINAL = {
    "cession": True,
    "annexation": False,
    "handover": True,
    "return": True,
    "purchase": False,
    "transfer": True,
    "acquisition": False,
    "seizure": False,
    "conquest": False,
    "sale": True,
    "loss": True,
    "incorporation": False,
    "reversion": True,
}
TRIGGERS = CEDING | PASSING | TAKING | NOMINAL.keys() | {"become"}
STATES = frozenset({"Polity", "Organisation"})
GUESSED = frozenset({"Organisation", "Person"})
PARTIAL = frozenset(
    "most bulk majority half part rest third quarter bank slice swathe remainder control".split()
)
LAND = frozenset(
    "territory land area region province island strip peninsula district archipelago enclave county coast "
    "port city town exclave base bank valley colony possession outpost harbour fortress "
    "oblast islet square kilometre".split()
)


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find transfers of territory around a verb or its nominalisation."""
    word = trigger.lemma_.lower()
    if is_verb(trigger) and (word in STRONG or _may_be_land(trigger, word)):
        if word in CEDING:
            yield from _ceded(trigger, reading)
        elif word in PASSING:
            sure = word not in {"fall", "go"} or bool(_under(trigger, reading))
            things = [t for t in subjects(trigger) if sure or (word == "fall" and t.lemma_ in LAND)]
            sides = (
                _states(complements(trigger, "from"), reading),
                _states(complements(trigger, "to"), reading),
            )
            yield from _built(reading, "territory.passed", trigger, *sides, things)
        elif word == "become":
            yield from _became(trigger, reading)
        elif word in TAKING:
            yield from _taken(trigger, reading)
    elif word in NOMINAL and trigger.pos_ == "NOUN":
        yield from _nominal(trigger, NOMINAL[word], reading)


def _may_be_land(verb: Token, word: str) -> bool:
    """Say, before names are asked for, whether what passes can be land: a name, or a noun of land."""
    things = subjects(verb) if word in PASSING or word == "become" else objects(verb)
    parts = [part for thing in things for part in conjuncts(thing)]
    return any(p.pos_ == "PROPN" or p.lower_ in NEUTRAL or lemma(p) in LAND | PARTIAL for p in parts)


def _states(tokens: Iterable[Token], reading: Reading) -> list[Mention]:
    return [m for m in participants(tokens, reading, STATES) if m.type in STATES]


def _ceded(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A ceded X to B", "X was handed back to B by A", "the treaty gave B X"."""
    givers = _states(subjects(verb), reading)
    receivers = [*reach(verb, "to"), *children(verb, "dative")]
    takers = _states((t for t in receivers if t.lower_ != "to" and not is_verb(t)), reading)
    lands = objects(verb)
    if not takers and verb.lemma_ in GIVING:
        takers = reading.states(word for land in lands for word in land.lefts if word.dep_ == "compound")
    givers = givers or (_states(prepositional(verb, "from"), reading) if is_passive(verb) else [])
    yield from _built(reading, "territory.ceded", verb, givers, takers, lands)


def _taken(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "B annexed X from A", "X was incorporated into B", "by the treaty B gained X in 1860"."""
    givers = _states(complements(verb, "from"), reading)
    takers = _states(subjects(verb), reading)
    if verb.lemma_ in INTO:
        takers = _states(complements(verb, "into", "in"), reading) or takers
    yield from _built(reading, "territory.taken", verb, givers, takers, objects(verb))


def _became(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "X became part of B", "X became a province of B"."""
    for noun in children(verb, "attr"):
        if noun.lemma_ in {"part", "province", "colony", "state"}:
            takers = _states(prepositional(noun, "of"), reading)
            owners = [child for child in noun.lefts if child.dep_ in {"amod", "poss"}]
            takers = takers or reading.states(owners)
            yield from _built(reading, "territory.became", verb, [], takers, subjects(verb))


def _nominal(noun: Token, ceding: bool, reading: Reading) -> Iterator[Candidate]:
    """Find "A's cession of X to B", "the annexation of X by B"."""
    lands = [part for token in prepositional(noun, "of") for part in conjuncts(token)]
    owned = [c for c in noun.lefts if c.dep_ in {"poss", "amod", "compound"}]
    owners = [m for c in owned for m in reading.agents(c, STATES)]
    owners += _states(prepositional(noun, "by"), reading)
    others = _states(
        complements(noun, "to", "into") or [t for x in lands for t in prepositional(x, "to", "into")], reading
    )
    sources = _states(prepositional(noun, "from"), reading)
    givers, takers = (owners or sources, others) if ceding else (sources, owners or others)
    yield from _built(reading, "territory.noun", noun, givers, takers, lands)


def _built(
    reading: Reading,
    rule: str,
    predicate: Token,
    givers: list[Mention],
    takers: list[Mention],
    lands: Iterable[Token],
) -> Iterator[Candidate]:
    word = predicate.lemma_.lower()
    strong = word in STRONG | {"cession", "annexation"}
    under = _under(predicate, reading)
    when = date(reading, predicate, *([predicate.head] if predicate.dep_ == "nsubj" else []))
    if len({m.name for m in takers}) > 1 or len({m.name for m in givers}) > 1 or not takers:
        return
    parts = [part for land in lands for part in conjuncts(land)]
    if not parts and is_verb(predicate):
        yield from _measured(reading, rule, predicate, givers, takers, [*when, *under])
    dated = when and (word in CONQUERING | INTO | CEDING | PASSING | {"become", "conquest", "sale"})
    if not (strong or givers or under or dated or _by_treaty(predicate)):
        return
    for land in dict.fromkeys(parts):
        area = _area(land, reading)
        goods = word in TRADING and not _long_ago(when)
        for name, sure in _lands(land, reading, area=bool(area), known=goods):
            if name in {m.name for m in givers + takers}:
                continue
            roles: list[Role] = [*names("from", givers[:1], reading), *names("to", takers[:1], reading)]
            roles += [text("territory", name), *area, *when, *under]
            confidence = 0.92 if strong and sure else 0.87 if sure else 0.8
            judgement = granted(predicate) if rule == "territory.noun" and when else None
            candidate = found(reading, rule, roles, predicate, confidence, judgement=judgement)
            if candidate is not None:
                yield candidate


def _long_ago(when: list[Role]) -> bool:
    """Say whether something happened when land still changed hands more often than goods made the news."""
    return any(isinstance(value, Literal) and value.value[:4] < "1960" for _, value in when)


def _measured(
    reading: Reading, rule: str, verb: Token, givers: list[Mention], takers: list[Mention], rest: list[Role]
) -> Iterator[Candidate]:
    """Find "A ceded 600 square kilometres north of C to B", of which parsers make no object."""
    for quantity, span in reading.quantities:
        if quantity.unit in AREAS and givers and verb in list(span.root.ancestors)[:3]:
            head = span.root.head
            words = phrase(head, reading) if head.dep_ == "advmod" else "territory"
            words = words.replace(span.text, "").removeprefix(quantity.wording or "").strip()
            roles: list[Role] = [*names("from", givers[:1], reading), *names("to", takers[:1], reading)]
            roles += [text("territory", words), *measure(quantity), *rest]
            candidate = found(reading, rule, roles, verb, 0.82)
            if candidate is not None:
                yield candidate


def _by_treaty(predicate: Token) -> bool:
    """Say whether a treaty is what gives: "the 2004 agreement gave B X"."""
    giver = surface_subject(predicate) if is_verb(predicate) else None
    return giver is not None and TYPE_OF_HEAD.get(giver.lemma_.lower()) == "Agreement"


def _lands(land: Token, reading: Reading, *, area: bool, known: bool) -> Iterator[tuple[str, bool]]:
    """Yield the territory that a noun phrase names or describes, and whether it surely is one."""
    mention = reading.mentions.at(land)
    if land.lower_ in NEUTRAL:
        mention = next(iter(reading.resolve(land, frozenset({"Place"}))), None)
    if mention is not None and mention.type in {"Place", "Polity"} and mention.form != "adjective":
        yield mention.name, True
    elif mention is not None and not known and mention.form == "name":
        plain = mention.name.replace("-", "").replace(" ", "").isalpha() and not mention.name.isupper()
        if plain and (mention.type == "Entity" or (mention.type in GUESSED and not mention.sure)):
            yield mention.name, False
    elif mention is None and lemma(land) in LAND | PARTIAL:
        yield from _described(land, reading, area=area)
    elif mention is None and area:
        yield "territory", True


def _described(land: Token, reading: Reading, *, area: bool) -> Iterator[tuple[str, bool]]:
    """Yield the names in "the islands of X and Y", or the words of "the land between X and Y"."""
    of = [part for token in prepositional(land, "of") for part in conjuncts(token)]
    places = [m for m in reading.all_at(of) if m.type in {"Place", "Polity", "Entity"}]
    partial = land.lemma_.lower() in PARTIAL
    if places and not partial:
        for place in places:
            yield place.name, True
        return
    inner = next((t for t in of if t.lemma_.lower() in LAND), None)
    if inner is not None and not places and not partial:
        yield from _described(inner, reading, area=area)
        return
    side = land.nbor(1) if land.i + 1 < len(land.doc) else land
    if side.lower_ in {"north", "south", "east", "west", "beyond"} and any(
        reading.mentions.at(word) for word in side.subtree
    ):
        yield reading.doc[land.i : side.right_edge.i + 1].text, True
        return
    described = [c for c in land.rights if c.dep_ in {"prep", "acl", "relcl", "advmod"}]
    named = any(reading.mentions.at(word) is not None for child in described for word in child.subtree)
    if land.lemma_ in {"square", "kilometre"}:
        yield "territory", True
    elif (places and partial) or (named and not partial) or (named and land.lemma_ == "bank"):
        yield phrase(land, reading), True
    elif area:
        yield land.text, True


def _area(land: Token, reading: Reading) -> list[Role]:
    for quantity, span in reading.quantities:
        if quantity.unit in AREAS and (land in span or land in list(span.root.ancestors)[:2]):
            return measure(quantity)
    return []


def _under(predicate: Token, reading: Reading) -> list[Role]:
    """Return the treaty by which it was done."""
    verb = predicate if is_verb(predicate) else predicate.head
    tokens = reach(verb, "under", "in", "by", "through", "with", "at") if is_verb(verb) else []
    tokens += complements(verb, "under", "in", "by", "through", "with", "at") if is_verb(verb) else []
    first = surface_subject(verb) if is_verb(verb) else None
    for token in [*tokens, *([first] if first is not None else [])]:
        mention = reading.mentions.at(token)
        if mention is not None and mention.type == "Agreement":
            return names("under", [mention], reading)
    return []
