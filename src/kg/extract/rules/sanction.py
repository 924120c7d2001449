"""Sanctions, embargoes and bans: by whom, against whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.reading import Reading
from kg.extract.rules.common import date, found, names, text
from kg.extract.rules.parties import affected, doers, named, owners
from kg.extract.syntax import (
    children,
    complements,
    conjuncts,
    is_passive,
    is_verb,
    lemma,
    objects,
    prepositional,
    surface_subject,
)

NOUNS = frozenset(
    "sanction embargo ban blockade tariff boycott restriction freeze penalty prohibition moratorium duty "
    "levy quota countermeasure blacklist control curb measure".split()
)
SURE = frozenset({"sanction", "embargo", "blockade", "boycott"})
MODIFIED = {
    "measure": frozenset("restrictive punitive coercive retaliatory economic".split()),
    "control": frozenset({"export", "import", "trade"}),
    "duty": frozenset("anti dumping antidumping import punitive customs countervailing retaliatory".split()),
    "freeze": frozenset({"asset", "assets"}),
    "list": frozenset("sanctions sanction black entity entities export".split()),
}
"""Nouns that name a measure against somebody only with one of these words before them."""
IMPOSING = frozenset(
    "impose slap place introduce adopt declare announce apply put levy tighten extend enact order renew "
    "expand decree maintain proclaim unveil reimpose prolong reinstate strengthen toughen raise increase "
    "double lay pass approve issue widen keep retain clap initiate enforce institute implement".split()
)
HITTING = frozenset({"hit", "slap", "target", "place", "put", "subject", "punish", "threaten"}) - {"threaten"}
SANCTIONING = frozenset({"sanction", "blacklist", "penalise", "penalize", "embargo", "boycott", "blockade"})
RETALIATING = frozenset("respond retaliate reply react answer hit strike follow counter".split())
LISTING = frozenset("add put place list designate include".split())
FACING = frozenset({"face", "be", "come", "fall", "remain", "live"})
TRADED = frozenset(
    "import export sale trade shipment delivery flight transit transaction supply purchase exportation "
    "importation good product cargo".split()
)
PROPERTY = frozenset({"asset", "account", "reserve", "property", "fund", "holding", "visa"})
BANNING = frozenset(
    "ban prohibit forbid bar suspend halt freeze block outlaw restrict stop cut limit curb seize "
    "confiscate".split()
)
"""Verbs that are measures by themselves when what they stop is trade, or what they freeze is property."""
ENDING = frozenset("lift ease end remove waive relax suspend drop scrap join oppose evade circumvent".split())
NOMINAL = frozenset({"imposition", "introduction", "adoption", "extension", "renewal"})
TRIGGERS = NOUNS | HITTING | BANNING | SANCTIONING | LISTING | {"list"}
ACTORS = frozenset({"Polity", "Organisation", "Person"})
TARGETS = frozenset({"Polity", "Organisation", "Person", "Place", "Entity", "Product"})
AGAINST = ("on", "against", "upon", "over")


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A imposed sanctions on B", "A sanctioned B", "A's embargo on B", "A banned imports from B"."""
    word = lemma(trigger)
    if not is_verb(trigger):
        if is_measure(trigger) and trigger.pos_ in {"NOUN", "PROPN"}:
            yield from _measure(trigger, reading)
        return
    if word in SANCTIONING:
        yield from _sanctioned(trigger, reading)
    if word in HITTING:
        yield from _hit(trigger, reading)
    if word in BANNING:
        yield from _banned(trigger, reading)
    if word in LISTING:
        yield from _listed(trigger, reading)


def is_measure(noun: Token) -> bool:
    """Say whether a noun names a measure against somebody."""
    word = lemma(noun)
    if word in MODIFIED:
        before = {w.lower_ for child in noun.lefts for w in child.subtree}
        return bool(before & MODIFIED[word])
    return word in NOUNS


def _measure(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find who took a measure and against whom, by the verb or noun that it hangs on."""
    first = _first_of(noun)
    verb = first.head
    aims = _aims(noun, first)
    participle = next((c for c in children(noun, "acl", "relcl") if lemma(c) in IMPOSING), None)
    if participle is not None:
        yield from _imposed(participle, noun, aims, reading)
    elif is_verb(verb) and lemma(verb) in IMPOSING and first.dep_ in {"dobj", "nsubjpass", "nsubj"}:
        if first in objects(verb) or first.dep_ == "nsubjpass":
            yield from _imposed(verb, noun, aims, reading)
    elif first.dep_ == "pobj" and lemma(verb.head) in RETALIATING and verb.lower_ in {"with", "by"}:
        yield from _built(
            reading,
            "sanction.imposed",
            verb.head,
            doers(verb.head, reading, ACTORS),
            affected(aims, reading, TARGETS),
            noun,
            0.88,
        )
    elif first.dep_ == "pobj" and lemma(verb.head) in NOMINAL and verb.lower_ == "of":
        by = owners(noun, reading, ACTORS) or owners(verb.head, reading, ACTORS)
        aims = aims or prepositional(verb.head, *AGAINST)
        yield from _built(
            reading, "sanction.imposed", verb.head, by, affected(aims, reading, TARGETS), noun, 0.88
        )
    else:
        yield from _standing(noun, first, aims, reading)


def _first_of(noun: Token) -> Token:
    """Return the first of the coordinated nouns, which carries the relation to the verb."""
    while noun.dep_ == "conj" and not is_verb(noun.head):
        noun = noun.head
    return noun


def _aims(noun: Token, first: Token) -> list[Token]:
    """Return what a measure is said to be against."""
    found_ = prepositional(noun, *AGAINST) or prepositional(first, *AGAINST)
    found_ = found_ or [t for amount in prepositional(noun, "of") for t in prepositional(amount, "on")]
    if not found_ and lemma(noun) == "ban":
        found_ = prepositional(noun, "for")
    if not found_ and lemma(noun) in {"boycott", "blockade", "embargo"}:
        found_ = prepositional(noun, "of")
    if not found_ and first != noun:
        found_ = [t for n in conjuncts(first) for t in prepositional(n, *AGAINST)]
    return found_


def _imposed(verb: Token, noun: Token, aims: list[Token], reading: Reading) -> Iterator[Candidate]:
    prepositions = (*AGAINST, "to") if lemma(verb) in {"apply", "extend"} else AGAINST
    aims = aims or complements(verb, *prepositions)
    if lemma(noun) in {"ban", "freeze"}:
        inner = [t for a in aims for t in prepositional(a, "with", "to", "from", "of", "by")]
        aims = inner if affected(inner, reading, TARGETS) else aims
        far = complements(verb, "to", "from")
        aims = aims if affected(aims, reading, TARGETS) else far or aims
    by = doers(verb, reading, ACTORS) or owners(noun, reading, ACTORS)
    targets = affected(aims, reading, TARGETS) or _facing(_first_of(noun), reading)[0]
    yield from _built(reading, "sanction.imposed", verb, by, targets, noun, 0.92)


def _sanctioned(verb: Token, reading: Reading) -> Iterator[Candidate]:
    things = [thing for thing in objects(verb) if not is_measure(thing)]
    targets = affected(things, reading, TARGETS)
    yield from _built(reading, "sanction.sanctioned", verb, doers(verb, reading, ACTORS), targets, None, 0.9)


def _hit(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A hit B with sanctions", "A placed B under an embargo", "B was hit by A's sanctions"."""
    things = [*prepositional(verb, "with", "under", "to"), *prepositional(verb, "by")]
    for thing in things:
        measure = next((part for part in conjuncts(thing) if is_measure(part)), None)
        if measure is None:
            continue
        by = [] if thing.head.lower_ == "by" else doers(verb, reading, ACTORS)
        by = by or owners(measure, reading, ACTORS)
        targets = affected(objects(verb)[:1], reading, TARGETS)
        yield from _built(reading, "sanction.hit", verb, by, targets, measure, 0.88)
        return


def _banned(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A banned imports from B", "A suspended arms sales to B", "A froze the assets of B"."""
    by = doers(verb, reading, ACTORS)
    for thing in objects(verb):
        word = lemma(thing)
        traded = word in TRADED
        if not traded and not (word in PROPERTY or lemma(verb) in {"ban", "bar", "block", "forbid"}):
            continue
        tokens = [
            t for p in ("from", "to", "with", "of") for t in [*complements(verb, p), *prepositional(thing, p)]
        ]
        tokens += [t for token in tokens for t in prepositional(token, "from", "to")]
        tokens = [t for t in tokens if not is_verb(t)]
        targets = affected(tokens, reading, TARGETS) or affected([thing], reading, TARGETS)
        if word not in TRADED | PROPERTY:
            targets = affected([thing], reading, TARGETS) if _national(thing, reading) else []
        targets = [t for t in targets if t.type != "Place" or t.known]
        yield from _built(reading, "sanction.banned", verb, by, targets, thing, 0.86, stopping=verb.text)


def _national(thing: Token, reading: Reading) -> bool:
    """Say whether a thing is marked as another state's: "Chilean ships"."""
    return bool(reading.states(c for c in children(thing, "amod", "compound", "poss")))


def _listed(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A added B to its blacklist", "A put B on its list of unreliable entities"."""
    lists = [t for t in complements(verb, "to", "on", "in") if lemma(t) in {"blacklist", "list"}]
    if not any(lemma(t) == "blacklist" or _blacklist(t) for t in lists):
        return
    targets = affected(objects(verb)[:1], reading, TARGETS)
    by = doers(verb, reading, ACTORS) or [m for t in lists for m in owners(t, reading, ACTORS)]
    yield from _built(reading, "sanction.listed", verb, by, targets, None, 0.88)


def _blacklist(noun: Token) -> bool:
    words = {word.lower_ for word in noun.subtree if word.i < noun.i + 4}
    return bool(words & {"sanctions", "sanction", "entity", "entities", "black", "unreliable", "terrorist"})


def _standing(noun: Token, first: Token, aims: list[Token], reading: Reading) -> Iterator[Candidate]:
    """Find "the EU's arms embargo on C", "B is under an American embargo": taken for granted."""
    governor = first.head
    if lemma(noun) not in SURE | {"ban", "restriction", "measure", "blacklist"} or lemma(governor) in ENDING:
        return
    by = [m for m in owners(noun, reading, ACTORS) if m.type != "Person"]
    by = by or [m for t in prepositional(noun, "of") for m in named(t, reading, ACTORS) if t not in aims]
    targets = affected(aims, reading, TARGETS)
    if not targets and lemma(noun) in SURE:
        targets, governor = _facing(first, reading)
    else:
        governor = noun
    rule = "sanction.standing" if governor == noun else "sanction.faced"
    yield from _built(reading, rule, governor, by, targets, noun, 0.86)


def _facing(noun: Token, reading: Reading) -> tuple[list[Mention], Token]:
    """Return who faces sanctions, is under an embargo or subject to one."""
    verb = noun.head
    if noun.dep_ == "pobj" and noun.head.lower_ in {"under", "to"}:
        verb = noun.head.head
        if verb.lower_ == "subject":
            verb = verb.head
    if not is_verb(verb) or lemma(verb) not in FACING or is_passive(verb):
        return [], noun
    about = surface_subject(verb)
    return (affected([about], reading, TARGETS) if about is not None else []), verb


def _built(
    reading: Reading,
    rule: str,
    predicate: Token,
    actors: Iterable[Mention],
    targets: Iterable[Mention],
    thing: Token | None,
    confidence: float,
    *,
    stopping: str = "",
) -> Iterator[Candidate]:
    by = {mention.name: mention for mention in actors}
    for target in {mention.name: mention for mention in targets}.values():
        if not by or any(target.name == name or name in target.name.split() for name in by):
            continue
        roles: list[Role] = [*names("actor", by.values(), reading), *names("target", [target], reading)]
        roles += [text("name", f"{stopping} {_what(thing, reading)}".strip())] if thing is not None else []
        roles += date(reading, predicate)
        candidate = found(reading, rule, roles, predicate, confidence)
        if candidate is not None:
            yield candidate


def _what(thing: Token, reading: Reading) -> str:
    """Return the measure in words: "arms embargo", "economic sanctions"."""
    words = [c for c in thing.lefts if c.dep_ in {"amod", "compound"} and reading.mentions.at(c) is None]
    first = words[0].left_edge.i if words else thing.i
    return thing.doc[first : thing.i + 1].text
