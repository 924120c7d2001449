"""Wars, invasions and clashes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.coreference import PAIRING
from kg.extract.mentions import Mention
from kg.extract.modality import presupposed
from kg.extract.reading import Reading
from kg.extract.rules.actors import participants, subjects
from kg.extract.rules.common import date, edtf, found, names, place, text
from kg.extract.syntax import clause_of, conjuncts, is_passive, is_verb, objects, prepositional, reach

ATTACKING = frozenset("invade attack bomb shell bombard raid storm overrun strike ambush".split())
OPENLY = frozenset({"invade", "bomb", "shell", "bombard"})
"""Verbs of attacking that are seldom said of words."""
FIGHTING = frozenset({"fight", "clash", "battle", "exchange", "skirmish", "war"})
NOUNS = frozenset(
    "war conflict clash fighting invasion hostility skirmish battle attack offensive incursion bombing "
    "bombardment raid assault".split()
)
ONE_SIDED = frozenset("invasion attack offensive incursion bombing bombardment raid assault".split())
"""What one does to another."""
LAUNCHING = frozenset({"launch", "mount", "begin", "start", "conduct", "make", "carry", "order", "lead"})
PITTING = frozenset({"pit", "set"})
ENTERING = frozenset({"enter", "intervene", "join", "defeat", "win", "lose"})
TRIGGERS = ATTACKING | FIGHTING | NOUNS | PITTING | ENTERING | {"declare", "wage"}
STATES = frozenset({"Polity", "Organisation"})
SIDES = frozenset({"Polity", "Organisation", "People", "Group"})
UNARMED = frozenset(
    "trade price cold culture word star civil tariff currency bidding turf proxy legal diplomatic "
    "political commercial economic ideological latent social propaganda cyber information media "
    "verbal heart personal".split()
)
BREAKING = frozenset(
    "break erupt begin start last take occur end rage flare leave cost fight kill follow drag "
    "continue displace".split()
)
KILLING = frozenset({"kill", "die", "wound", "injure", "capture", "lose", "suffer"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find conflicts around a verb of attacking or fighting, or a noun such as "war"."""
    lemma = trigger.lemma_.lower()
    if is_verb(trigger):
        if lemma in ATTACKING:
            yield from _attacked(trigger, reading)
        elif lemma in FIGHTING:
            yield from _fought(trigger, reading)
        elif lemma in PITTING:
            yield from _pitted(trigger, reading)
        elif lemma in ENTERING:
            yield from _entered(trigger, reading)
        elif lemma in {"declare", "wage"} and any(
            t.lemma_.lower() == "war" and not _figurative(t) for t in objects(trigger)
        ):
            yield from _declared(trigger, reading)
    elif lemma in NOUNS and not _figurative(trigger):
        yield from _war(trigger, reading)
        yield from _went(trigger, reading)


def _went(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A went to war with B", "A was at war with B", "A, at war with B since 1940"."""
    if noun.dep_ != "pobj" or noun.head.lower_ not in {"to", "at"} or noun.lemma_ != "war":
        return
    verb = clause_of(noun)
    if not is_verb(verb) or (noun.head.lower_ == "to" and verb.lemma_ != "go"):
        return
    heads = subjects(verb) if verb.lemma_ in {"go", "be"} else [noun.head.head, *subjects(verb)]
    parties = next(filter(None, (_states([head], reading) for head in heads)), [])
    parties += _foes([*reach(verb, "with", "against"), *prepositional(noun, "with")], reading)
    rebels = any(word.lemma_.lower() in REBELS for word in noun.sent)
    if len(parties) >= 2 or (len(parties) == 1 and rebels and date(reading, verb)):
        when = date(reading, verb) if verb.lemma_ in {"go", "be"} else _war_date(noun, reading)
        yield from _built(reading, "conflict.went", verb, parties, None, 0.87, when=when)


REBELS = frozenset(
    "rebel insurgent guerrilla militia separatist jihadist militant secessionist insurgency".split()
)


def _figurative(noun: Token) -> bool:
    return any(child.lemma_.lower() in UNARMED for child in noun.lefts)


def _attacked(verb: Token, reading: Reading) -> Iterator[Candidate]:
    attackers = _states(subjects(verb), reading)
    things = objects(verb)[:1]
    targets = _states(things, reading)
    where = [] if targets else _attacked_place(things, reading)
    war = verb.head if verb.dep_ == "relcl" and verb.head.lemma_.lower() in NOUNS else None
    dated = war is not None or bool(date(reading, verb))
    if verb.lemma_ not in OPENLY and not (where or _armed(subjects(verb)) or dated):
        return
    if attackers and (targets or (where and (verb.lemma_ in OPENLY or _armed(subjects(verb))))):
        confidence = 0.9 if verb.lemma_ == "invade" else 0.86
        mention = reading.mentions.at(war) if war is not None else None
        name = mention.name if mention is not None else None
        when = _war_date(war, reading) if war is not None else None
        yield from _built(
            reading, "conflict.attacked", verb, attackers + targets, name, confidence, when=when, where=where
        )


def _attacked_place(things: Iterable[Token], reading: Reading) -> list[Role]:
    found_ = [m for m in reading.all_at(things) if m.type == "Place"]
    return names("place", found_[:1], reading)


def _armed(heads: Iterable[Token]) -> bool:
    return any(head.lemma_.lower() in FORCES for head in heads)


FORCES = frozenset(
    "force troop army soldier navy bomber aircraft plane fleet submarine drone missile warplane jet".split()
)


def _states(tokens: Iterable[Token], reading: Reading) -> list[Mention]:
    return [m for m in participants(tokens, reading, STATES) if m.type == "Polity"]


def _foes(tokens: Iterable[Token], reading: Reading) -> list[Mention]:
    """Return who is fought: states, and peoples and bodies that a name alone shows."""
    tokens = list(tokens)
    found_ = {m.name: m for m in participants(tokens, reading, STATES)}
    for mention in reading.all_at(part for token in tokens for part in conjuncts(token)):
        if mention.type in SIDES:
            found_.setdefault(mention.name, mention)
    return list(found_.values())


def _fought(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A and B fought a war in 1962", "A clashed with B", "troops of A and B fought"."""
    heads = subjects(verb)
    actors = _foes(heads, reading)
    wars = [t for t in objects(verb) if t.lemma_.lower() in NOUNS and not _figurative(t)]
    against = reach(verb, "with", "against", "between")
    others = _foes([t for t in against if not is_verb(t)], reading)
    if not wars:
        others += _foes(objects(verb), reading)
    parties = {m.name: m for m in actors + others}
    if verb.lemma_ == "exchange" and not any(thing.lemma_ == "fire" for thing in objects(verb)):
        return
    if is_passive(verb) and not actors:
        return
    forces = any(head.tag_ in {"NNS", "NNPS"} for head in heads)
    stated = wars or others or forces or verb.lemma_ != "fight" or date(reading, verb)
    states = any(m.type == "Polity" for m in parties.values())
    if len(parties) >= 2 and states and stated:
        mention = next(iter(reading.all_at(wars)), None)
        name = mention.name if mention is not None and mention.type == "Conflict" else None
        yield from _built(reading, "conflict.fought", verb, list(parties.values()), name, 0.89)


def _declared(verb: Token, reading: Reading) -> Iterator[Candidate]:
    actors = _states(subjects(verb), reading)
    targets = _foes(reach(verb, "on", "against"), reading)
    if (actors and targets) or (verb.lemma_ == "wage" and len(actors) == 2):
        yield from _built(reading, "conflict.declared", verb, actors + targets, None, 0.88)


def _pitted(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "the war pitted A and B against C"."""
    wars = [t for t in subjects(verb) if t.lemma_.lower() in NOUNS and not _figurative(t)]
    parties = _foes([*objects(verb)[:1], *reach(verb, "against")], reading) if wars else []
    if len({m.name for m in parties}) >= 2:
        mention = reading.mentions.at(wars[0])
        when = _war_date(wars[0], reading) or date(reading, verb)
        name = mention.name if mention is not None else None
        yield from _built(reading, "conflict.pitted", verb, parties, name, 0.88, when=when)


def _entered(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A entered the B War in 1950", "A defeated B in the C War"."""
    actors = _states([*subjects(verb), *(objects(verb) if verb.lemma_ == "defeat" else [])], reading)
    things = [*objects(verb), *reach(verb, "in")]
    wars = [
        m for m in reading.all_at(things) if m.type == "Conflict" and reading.doc[m.head].lemma_ != "crisis"
    ]
    if actors and wars and (verb.lemma_ != "defeat" or len(actors) > 1):
        own = _war_date(reading.doc[wars[0].head], reading)
        when = own or (date(reading, verb) if verb.lemma_ in {"enter", "intervene", "join"} else [])
        yield from _built(reading, "conflict.entered", verb, actors, wars[0].name, 0.86, when=when)


def _war(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "the 1962 war between A and B", "the A–B War of 1962", "A's invasion of B"."""
    verb = noun.head
    sides = prepositional(noun, "between")
    if not sides and noun.dep_ in {"nsubj", "nsubjpass", "dobj"} and verb.lemma_ in BREAKING:
        sides = reach(verb, "between")
    parties = _foes(sides, reading)
    lefts = [w for c in noun.lefts if c.dep_ in {"amod", "compound", "nmod", "poss"} for w in c.subtree]
    owners = reading.states(lefts) or [
        m for w in lefts if w.tag_ == "PRP$" for m in reading.resolve(w, frozenset({"Polity"}))
    ]
    mention = reading.mentions.at(noun)
    where: list[Role] = []
    if noun.lemma_.lower() in ONE_SIDED:
        goals = [p for t in prepositional(noun, "of", "on", "against") for p in conjuncts(t)]
        targets = _foes(goals, reading)
        where = (
            []
            if targets
            else names("place", [m for m in reading.all_at(goals) if m.type == "Place"], reading)
        )
        actors = owners or _states(prepositional(noun, "by"), reading)
        launched = noun.dep_ == "dobj" and verb.lemma_ in LAUNCHING
        replied = noun.dep_ == "pobj" and noun.head.lower_ == "with" and is_verb(noun.head.head)
        if not actors and (launched or replied):
            actors = _states(subjects(clause_of(noun)), reading)
        parties = actors + targets if actors and (targets or where) else []
    elif len(parties) < 2:
        against = _foes(prepositional(noun, "with", "against"), reading)
        owners = owners or (_engaged(noun, reading) if against else [])
        parties = owners + against if owners and against else owners if len(owners) == 2 else []
        parties = parties or (_named_states(mention, reading) if mention is not None else [])
        parties = parties or (_both(noun, reading) if noun.lemma_ in {"war", "conflict"} else [])
    if len({m.name for m in parties}) + len(where) < 2:
        return
    name = (
        mention.name if mention is not None and mention.type == "Conflict" and mention.end > noun.i else None
    )
    name = name if name is not None and len(name.split()) > 1 else None
    when = _war_date(noun, reading)
    if when or name or (noun.lemma_ == "invasion" and len(parties) > 1):
        yield from _built(reading, "conflict.noun", noun, parties, name, 0.88, when=when, where=where)


def _both(noun: Token, reading: Reading) -> list[Mention]:
    """Return the two states of "the war between the two countries", "the two countries' war"."""
    inside = [w for t in prepositional(noun, "between") for w in [t]]
    inside += [c for c in noun.lefts if c.dep_ == "poss"]
    for token in inside:
        if token.lower_ in PAIRING | {"their", "them"} or any(c.lower_ in PAIRING for c in token.children):
            return reading.pair(token)
    return []


def _engaged(noun: Token, reading: Reading) -> list[Mention]:
    """Return whose soldiers were killed "in a clash with B", or who acts "after clashes with B"."""
    verb = clause_of(noun)
    if noun.dep_ != "pobj" or not is_verb(verb):
        return []
    if noun.head.lower_ in {"in", "during"} and verb.lemma_ in KILLING:
        return _states([*objects(verb), *subjects(verb)], reading)
    opening = noun.head.is_sent_start and noun.head.lower_ in {"after", "during", "since", "following"}
    return _states(subjects(verb), reading) if opening else []


def _named_states(mention: Mention, reading: Reading) -> list[Mention]:
    words = [word.text for word in reading.doc[mention.start : mention.end]]
    return [
        Mention(
            entry.name,
            entry.type,
            mention.start + start,
            mention.start + end,
            mention.start,
            entry.form,
            entry.iri,
        )
        for start, end, entry in reading.gazetteer.matches(words)
        if entry.type == "Polity"
    ]


def _war_date(noun: Token, reading: Reading) -> list[Role]:
    """Return the date in "the 1962 war", "the war of 1962", or of the verb that says when it broke out."""
    for time, span in reading.times:
        chain = list(span.root.ancestors)[:3]
        beside = span.start - noun.i in {2, 3} and span.root.sent == noun.sent
        bracket = beside and noun.doc[span.start - 1].text in {"(", "of"}
        if bracket or (noun in chain and not any(is_verb(t) for t in chain[: chain.index(noun)])):
            return [edtf("date", time.edtf)] if time.edtf else []
    verb = noun.head
    if noun.dep_ in {"nsubj", "nsubjpass", "dobj"} and verb.lemma_ in BREAKING | FIGHTING:
        return date(reading, verb)
    clauses = [c for c in noun.children if c.dep_ in {"relcl", "acl"} and c.lemma_ in BREAKING | FIGHTING]
    if clauses:
        return date(reading, *clauses)
    above = clause_of(noun)
    replied = noun.dep_ == "pobj" and noun.head.lower_ == "with" and noun.lemma_ in ONE_SIDED
    launched = noun.dep_ == "dobj" and verb.lemma_ in LAUNCHING
    if (noun.dep_ == "pobj" and above.lemma_ in KILLING) or replied or launched:
        return date(reading, above)
    return []


def _built(
    reading: Reading,
    rule: str,
    predicate: Token,
    parties: list[Mention],
    name: str | None,
    confidence: float,
    *,
    when: list[Role] | None = None,
    where: list[Role] | None = None,
) -> Iterator[Candidate]:
    unique = {mention.name: mention for mention in parties}
    roles: list[Role] = [*names("party", unique.values(), reading)]
    roles += [text("name", name)] if name else []
    when = date(reading, predicate) if when is None else when
    roles += when + (where or place(reading, predicate))
    definite = any(child.dep_ == "poss" or child.lower_ == "the" for child in predicate.children)
    standing = presupposed(predicate) if rule == "conflict.noun" and definite else None
    candidate = found(reading, rule, roles, predicate, confidence - 0.08 * (not when), judgement=standing)
    if candidate is not None:
        yield candidate
