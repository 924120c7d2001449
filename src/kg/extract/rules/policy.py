"""Policies adopted, announced or pursued."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.candidate import Candidate, Role
from kg.extract.mentions import TYPE_OF_HEAD, Mention
from kg.extract.reading import Reading
from kg.extract.rules.common import date, edtf, found, names, phrase, text
from kg.extract.rules.parties import doer, named, owners
from kg.extract.rules.weapons import DESIGNATION
from kg.extract.syntax import (
    children,
    is_passive,
    is_verb,
    lemma,
    objects,
    prepositional,
    surface_subject,
)

ADOPTING = frozenset(
    "adopt announce unveil launch introduce enact approve pass proclaim promulgate inaugurate publish "
    "initiate implement present release endorse institute start begin issue declare enunciate formulate "
    "pursue follow embark outline decree articulate propound abandon sign reveal advance "
    "devise".split()
) - {"abandon"}
STARTING = frozenset({"begin", "start", "date", "originate"})
NOMINAL = frozenset({"adoption", "launch", "introduction", "announcement", "proclamation", "enactment"})
NOUNS = frozenset(
    "policy strategy plan programme program initiative doctrine law reform act concept bill decree "
    "directive roadmap constitution framework vision campaign scheme moratorium agenda package ban tax "
    "pivot resolution code regulation ordinance paper review guideline ostpolitik statute edict charter "
    "perestroika glasnost détente blueprint rebalance".split()
)
NAMES = frozenset({"ostpolitik", "perestroika", "glasnost", "détente", "juche", "doi"})
"""Words that name one policy by themselves."""
WEAK = frozenset(
    {
        "plan",
        "package",
        "campaign",
        "bill",
        "framework",
        "agenda",
        "ban",
        "resolution",
        "code",
        "act",
        "paper",
    }
)
MEASURES = frozenset(
    "cut conscription pension rate subsidy levy duty quota rationing liberalisation liberalization "
    "privatisation privatization collectivisation collectivization nationalisation nationalization "
    "neutrality isolation mobilisation mobilization control reform education suffrage system measure end "
    "policy".split()
)
"""Nouns for what a state brings in; policies only with a word that says more, and only of some verbs."""
BRINGING = frozenset("introduce announce adopt institute decree proclaim enact launch".split())
LEGAL = frozenset("law bill decree code constitution directive ordinance statute edict".split())
TREATIES = frozenset({"agreement", "treaty", "protocol", "convention", "accord", "accords", "pact"})
TRIGGERS = ADOPTING | NOMINAL | NOUNS | {"put", "date"}
ACTORS = frozenset({"Polity", "Organisation", "Person"})
_BY = ("of", "on", "for", "against", "towards", "toward", "to")


def find(trigger: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A adopted the X plan", "the X law was passed by A", "A's adoption of X", "A's X plan of 1999"."""
    word = lemma(trigger)
    if is_verb(trigger):
        if word in ADOPTING or (word == "put" and any(c.lower_ == "forward" for c in trigger.children)):
            yield from _adopted(trigger, reading)
        if word in STARTING and not is_passive(trigger):
            yield from _started(trigger, reading)
    elif word in NOMINAL:
        yield from _adoption(trigger, reading)
    elif word in NOUNS and trigger.tag_ in {"NN", "NNP"}:
        yield from _dated(trigger, reading)


def _adopted(verb: Token, reading: Reading) -> Iterator[Candidate]:
    things = prepositional(verb, "on", "upon") if lemma(verb) == "embark" else objects(verb)
    things = [thing for thing in things if lemma(thing) in LEGAL or lemma(verb) != "sign"]
    things = [t for t in things if lemma(t) in NOUNS | MEASURES or t.text[0].isupper()]
    actor = doer(verb) if things else None
    agents = named(actor, reading, ACTORS) if actor is not None else []
    if actor is not None and not agents:
        agents = [m for m in reading.agents(actor, frozenset({"Entity"})) if m.end - m.start == 2]
    for thing in things:
        ruled = bool(agents) or (actor is not None and actor.pos_ == "PRON")
        titled = ruled and _titled(thing, agents, reading)
        if is_policy(thing, reading) or _brought_in(verb, thing, agents) or titled:
            yield from _built("policy.adopted", verb, thing, agents, reading)


def _started(verb: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A's policy of X began in 2010"."""
    thing = surface_subject(verb)
    if thing is not None and lemma(thing) in NOUNS and is_policy(thing, reading) and date(reading, verb):
        yield from _built("policy.started", verb, thing, owners(thing, reading, ACTORS), reading)


def _adoption(noun: Token, reading: Reading) -> Iterator[Candidate]:
    for thing in prepositional(noun, "of"):
        if is_policy(thing, reading):
            yield from _built("policy.adopted", noun, thing, owners(noun, reading, ACTORS), reading)


def _dated(noun: Token, reading: Reading) -> Iterator[Candidate]:
    """Find "A's X plan of 1999"."""
    by = [m for c in children(noun, "poss") for m in named(c, reading, ACTORS)]
    for time, span in reading.times:
        inside = span.root.head.lower_ == "of" and span.root.head.head == noun
        if by and inside and time.edtf and is_policy(noun, reading):
            yield from _built("policy.dated", noun, noun, by, reading, when=[edtf("date", time.edtf)])


def is_policy(thing: Token, reading: Reading) -> bool:
    """Say whether a noun phrase names a particular policy."""
    word = lemma(thing)
    mention = reading.mentions.at(thing) if thing.text[0].isupper() else None
    if mention is not None and mention.end - mention.start > 1 and mention.type == "Agreement":
        return word not in TREATIES
    if word not in NOUNS or word in TREATIES:
        return False
    if word in NAMES:
        return True
    marks = [c for c in children(thing, "amod", "compound", "nmod") if c.i < thing.i and not _bare(c)]
    marks += [c for c in children(thing, "nummod") if c.i > thing.i]
    if thing.tag_ in {"NNS", "NNPS"}:
        return any(c.pos_ == "PROPN" and reading.mentions.at(c) is not None for c in marks)
    return bool(marks) or any(True for _ in prepositional(thing, *_BY))


def _bare(mark: Token) -> bool:
    """Say whether a modifier tells nothing of what is named: "new", "first"."""
    return mark.lower_ in {"new", "first", "own", "next", "second", "major", "big", "latest"}


def _brought_in(verb: Token, thing: Token, agents: list[Mention]) -> bool:
    """Recognise a measure in plain words that a state brings in: "universal conscription"."""
    if lemma(verb) not in BRINGING or lemma(thing) not in MEASURES:
        return False
    told = [c for c in children(thing, "amod", "compound") if not _bare(c)] + prepositional(thing, "of", "to")
    return bool(told) and any(m.type in {"Polity", "Organisation", "Person"} for m in agents)


def _titled(thing: Token, agents: list[Mention], reading: Reading) -> bool:
    """Recognise a proper name of several words that somebody who governs launches: "Greater Eurasia"."""
    mention = reading.mentions.at(thing) if thing.text[0].isupper() else None
    if (
        mention is None
        or mention.known
        or mention.type not in {"Entity", "Organisation", "Policy", "Event", "Work", "Place"}
    ):
        return False
    words = reading.doc[mention.start : mention.end]
    kind = TYPE_OF_HEAD.get(words[-1].lower_)
    if len(words) < 2 or any(DESIGNATION.match(w.text) for w in words) or thing.tag_ == "NNPS":
        return False
    kind = "" if kind == "Place" and words[-1].lower_ in {"corridor", "belt"} else kind
    military = {"exercise", "drill", "manoeuvre", "maneuver"}
    if words[0].lower_ == "operation" or any(lemma(w) in military for w in reading.doc):
        return False
    ruling = not agents or any(m.type in {"Polity", "Person", "Entity"} for m in agents)
    return (
        ruling
        and kind not in {"Place", "Conflict", "Meeting", "Exercise", "Polity", "Agreement"}
        and (kind != "Organisation" or words[-1].lower_ in {"initiative", "partnership", "programme"})
    )


def _built(
    rule: str,
    trigger: Token,
    thing: Token,
    agents: list[Mention],
    reading: Reading,
    *,
    when: list[Role] | None = None,
) -> Iterator[Candidate]:
    when = when or date(reading, trigger)
    if not agents:
        agents = reading.states(w for c in thing.lefts if c.dep_ == "poss" for w in [c, *c.children])
    unique = {mention.name: mention for mention in agents}
    titled = reading.mentions.at(thing) is not None or any(
        c.pos_ == "PROPN" for c in children(thing, "compound")
    )
    if not unique and not (when and titled and lemma(thing) not in {"resolution", "act", "bill", "law"}):
        return
    roles: list[Role] = [
        *names("actor", unique.values(), reading),
        text("name", _name(thing, reading)),
        *when,
    ]
    weak = lemma(thing) in WEAK and thing.pos_ != "PROPN"
    person = any(mention.type == "Person" for mention in unique.values())
    candidate = found(reading, rule, roles, trigger, 0.88 - 0.1 * weak - 0.05 * person - 0.05 * (not unique))
    if candidate is not None:
        yield candidate


def _name(thing: Token, reading: Reading) -> str:
    """Return what the policy is called: a name in apposition, else its noun phrase without owner and date."""
    for child in children(thing, "appos"):
        mention = reading.mentions.at(child)
        if mention is not None and mention.type not in {"Person", "Polity", "Place"}:
            return mention.name
    words = phrase(thing, reading)
    for time, _ in reading.times:
        said = reading.doc.text[time.start : time.end]
        if f" {said}" in words and not any(c.text == said for c in children(thing, "nummod")):
            words = words.removesuffix(said).rstrip()
    words = words.split(",")[0].split(" at ")[0]
    owner = next(children(thing, "poss"), None)
    if owner is not None:
        said = reading.doc[owner.left_edge.i : owner.right_edge.i + 1].text.removeprefix("the ")
        words = words.removeprefix(said).lstrip()
    words = words.replace('"', "") if words.count('"') == 1 else words
    for ending in (" of", " in", " on"):
        words = words.removesuffix(ending)
    return words
