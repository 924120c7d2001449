"""Which states border on each other, and how long the border is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import Mention
from kg.extract.modality import presupposed
from kg.extract.quantities import LENGTHS, Quantity
from kg.extract.reading import Reading
from kg.extract.rules.actors import participants, subjects
from kg.extract.rules.common import found, measure, names
from kg.extract.syntax import children, clause_of, is_verb, objects, prepositional, reach, surface_subject

NOUNS = frozenset({"border", "boundary", "frontier", "borderline"})
LINES = frozenset({"line"})
DIVIDING = frozenset({"separate", "divide"})
TRIGGERS = NOUNS | DIVIDING | {"neighbour", "neighbor", "adjoin"}
EXTENT = frozenset(
    "run stretch be measure extend span total share have cover wind snake reach exceed".split()
)
SHARING = frozenset({"share", "have"})
STATES = frozenset({"Polity"})


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A and B share a 4,300-kilometre border", "the border between A and B is 4,300 km long"."""
    lemma = trigger.lemma_.lower()
    if is_verb(trigger):
        yield from _divides(trigger, reading) if lemma in DIVIDING else _bordering(trigger, reading)
    elif lemma in NOUNS:
        yield from _border(trigger, reading)
    elif lemma in {"neighbour", "neighbor"}:
        yield from _neighbours(trigger, reading)


def _border(border: Token, reading: Reading) -> Iterator[Candidate]:
    """Find the length of a border, or that two states or more share one."""
    predicate = border.head if border.dep_ in {"nsubj", "dobj"} and is_verb(border.head) else border
    definite = any(child.dep_ == "poss" or child.lower_ == "the" for child in border.children)
    length = next(_lengths(border, reading), None)
    pairs = list(_pairs(border, reading))
    if not pairs and length is not None and border.dep_ in {"pobj", "dobj"}:
        pairs = [both] if (both := reading.only_two_states(border, whole=True)) else []
    if length is not None and len(pairs) == 1:
        judgement = presupposed(predicate) if definite else None
        roles = names("party", pairs[0], reading) + measure(length)
        yield from _some(found(reading, "border.length", roles, predicate, 0.93, judgement=judgement))
    elif (border.dep_ == "dobj" and border.head.lemma_ in SHARING) or _mistaken_verb(border):
        for pair in pairs:
            roles = names("party", pair, reading)
            yield from _some(found(reading, "border.shared", roles, border.head, 0.88))


def _mistaken_verb(border: Token) -> bool:
    return (
        border.dep_ == "ROOT" and border.lower_ == "borders" and any(True for _ in children(border, "appos"))
    )


def _some(candidate: Candidate | None) -> Iterator[Candidate]:
    if candidate is not None:
        yield candidate


def _lengths(border: Token, reading: Reading) -> Iterator[Quantity]:
    for quantity, span in reading.quantities:
        same = quantity.unit in LENGTHS and span.root.sent == border.sent
        if same and _measures(span.root, border):
            yield quantity


def _measures(root: Token, border: Token) -> bool:
    """Say whether a length is that of the border: its modifier, or what it runs for."""
    chain = list(root.ancestors)
    apart = {"from", "within", "near", "off", "inside"}
    if border.dep_ == "compound" and border.head in chain[:4]:
        return border.head.lemma_ in EXTENT
    if border in chain[:4]:
        return not any(token.lower_ in apart for token in chain[: chain.index(border)])
    clauses = [clause_of(border), *(c for c in border.children if c.dep_ in {"relcl", "acl"})]
    whole = border.dep_ in {"nsubj", "nsubjpass", "attr"} or clauses[0].lemma_ in SHARING
    own = [verb for verb in chain[:4] if is_verb(verb) and surface_subject(verb) == border]
    for verb in [*(clauses if whole else clauses[1:]), *own]:
        if is_verb(verb) and verb.lemma_ in EXTENT and verb in chain[:4]:
            return not any(token.lower_ in apart for token in chain[: chain.index(verb)])
    return False


def _bordering(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A borders B over a length of 600 km", "A borders B, C and D"."""
    actors = _states(subjects(verb), reading)
    others = _states([*objects(verb), *prepositional(verb, "on")], reading)
    lengths = [
        quantity
        for quantity, span in reading.quantities
        if quantity.unit in LENGTHS and verb in list(span.root.ancestors)[:4]
    ]
    if len(actors) != 1:
        return
    for other in others:
        roles: list[Role] = names("party", [actors[0], other], reading)
        if lengths and len(others) == 1:
            yield from _some(found(reading, "border.verb", roles + measure(lengths[0]), verb, 0.9))
        elif other.name != actors[0].name:
            yield from _some(found(reading, "border.borders", roles, verb, 0.86))


def _divides(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "the line of 2,600 km that divides A from B"."""
    heads = [t.head.head if t.dep_ == "pobj" else t for t in subjects(verb)]
    lines = [t for t in heads if t.lemma_.lower() in NOUNS | LINES]
    sides = _states([*objects(verb)[:1], *reach(verb, "from", "and")], reading)
    for line in lines[:1]:
        near = {*line.subtree, *verb.subtree}
        for quantity, span in reading.quantities:
            if quantity.unit in LENGTHS and span.root in near and len(sides) == 2:
                roles = names("party", sides, reading) + measure(quantity)
                yield from _some(found(reading, "border.divides", roles, verb, 0.84))
                return


def _neighbours(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A has three neighbours: B, C and D"."""
    verb = noun.head
    if noun.dep_ == "dobj" and verb.lemma_ == "have" and noun.tag_ == "NNS":
        actors = _states(subjects(verb), reading)
        others = _states(children(noun, "appos"), reading)
        for other in others if len(actors) == 1 and len(others) > 1 else []:
            roles = names("party", [actors[0], other], reading)
            yield from _some(found(reading, "border.neighbours", roles, verb, 0.85))


def _states(tokens: Iterable[Token], reading: Reading) -> list[Mention]:
    tokens = list(tokens)
    found_ = {m.name: m for m in participants(tokens, reading, STATES) if m.type == "Polity"}
    if not found_:
        found_ = {m.name: m for t in tokens for m in reading.states(t.children)}
    return list(found_.values())


def _pairs(border: Token, reading: Reading) -> Iterator[list[Mention]]:
    """Yield the two states whose border it is; several pairs where one state has borders with many."""
    between = _states(prepositional(border, "between", "of"), reading)
    between = between or [m for t in prepositional(border, "between") for m in reading.pair(t)]
    verb = border.head
    shared = border.dep_ == "dobj" and is_verb(verb)
    owners = _owners(border, reading)
    others = _states(prepositional(border, "with"), reading)
    if shared:
        others += _states(reach(verb, "with"), reading)
        owners = owners or _states(subjects(verb), reading)
    for sides in (between, owners, owners + others):
        states = {m.name: m for m in sides}
        if len(states) == 2:
            yield list(states.values())
            return
    if len(owners) == 1 and others:
        rest = {m.name: m for m in others if m.name != owners[0].name}
        yield from ([owners[0], other] for other in rest.values())
    elif border.tag_ == "NNS" and not others:
        yield from _mistaken(border, reading)
    for clause in border.subtree:
        if clause.dep_ == "relcl" and clause.lemma_ in SHARING:
            states = {m.name: m for m in _states(subjects(clause), reading)}
            if len(states) == 2:
                yield list(states.values())
                return
    theirs = next((child for child in border.lefts if child.lower_ == "their"), None)
    both = reading.pair(theirs) if theirs is not None else []
    verb = clause_of(border)
    actors = subjects(verb) if is_verb(verb) and not both else []
    both = both or [m for actor in actors for m in reading.pair(actor)]
    if both:
        yield both


def _mistaken(border: Token, reading: Reading) -> Iterator[list[Mention]]:
    """Yield the pairs of "A borders B and C", where the parser took the verb for a noun."""
    before = reading.states(children(border, "compound"))
    after = _states(children(border, "appos"), reading)
    if len(before) == 1:
        yield from ([before[0], other] for other in after)


def _owners(border: Token, reading: Reading) -> list[Mention]:
    owned = [m for c in border.lefts if c.lower_ == "its" for m in reading.resolve(c, STATES)]
    mistaken = border.dep_ == "compound" and border.head.lemma_ in EXTENT
    lefts = [*border.lefts, *(border.head.lefts if mistaken else [])]
    if border.dep_ == "nsubj" and border.head.lemma_ == "be":
        lefts += [c for attr in children(border.head, "attr") for c in children(attr, "poss")]
    return owned or reading.states(
        w for c in lefts for w in c.subtree if c.dep_ in {"poss", "amod", "compound", "nmod"}
    )
