"""Did it happen? Negation, modality, conditionals and attribution decide a fact's stance, or silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Token

from kg.extract.syntax import children, clause_of, is_verb, surface_subject
from kg.terms import Stance

NEGATIONS = frozenset(
    "not n't never no nobody none neither nor hardly scarcely barely without nothing few".split()
)
MODALS = frozenset("will would shall should may might could can must 'll 'd wo ca ought".split())
CONDITIONS = frozenset("if unless whether lest suppose provided should once until till".split())
IMPLICATIVES = frozenset(
    "manage begin start continue proceed go help come get have remain serve turn force compel oblige".split()
)
"""Verbs whose infinitive did happen when they did."""
SAYING = frozenset(
    "say state report announce tell note add write recall confirm observe indicate show record disclose "
    "reveal explain declare reaffirm recognise recognize recognising remember stress emphasise emphasize "
    "find acknowledge mention calculate conclude point welcome mark celebrate describe quote put".split()
)
KNOWING = frozenset(
    "note recall confirm recognise recognize remember reaffirm acknowledge show know welcome mean "
    "celebrate mark reveal find record recognising observe stress emphasise emphasize".split()
)
"""Verbs that take what they report for granted: the author says so too."""
CLAIMING = frozenset(
    "claim allege assert insist maintain boast argue accuse contend think believe suspect".split()
)
ESTIMATING = frozenset("estimate reckon put calculate".split())
PREDICTING = frozenset("forecast predict project expect anticipate foresee".split())
UNREAL = frozenset(
    "plan intend hope want wish expect aim seek propose urge call consider discuss threaten promise pledge "
    "try attempt deny reject doubt refuse fail decline demand request ask invite offer suggest recommend "
    "hint oppose prevent block ban forbid avoid cancel postpone delay suspend abandon negotiate await "
    "prepare schedule envisage envision contemplate mull weigh rule dismiss need require favour favor "
    "support advocate apply vow agree imagine dream fear warn wonder speculate rumour rumor joke pretend "
    "predict forecast anticipate foresee promote encourage facilitate veto prohibit question approach near "
    "pursue explore dispute denounce".split()
)
"""Verbs whose complement need not have happened."""
SPEECH = SAYING | CLAIMING | ESTIMATING | PREDICTING | UNREAL | KNOWING | IMPLICATIVES
GROUNDS = frozenset({"since", "because", "although", "though", "whereas", "after", "when", "while"})
"""What introduces a clause that the author takes for granted."""
UNREAL_NOUNS = frozenset(
    "plan proposal rumour rumor idea prospect possibility hope draft talk negotiation intention promise "
    "pledge threat demand request offer call attempt effort bid wish dream hypothesis scenario refusal "
    "failure lack absence denial fear question likelihood chance ambition goal aim target legend tale myth "
    "story novel film opera play game fiction anniversary expectation aspiration readiness willingness "
    "desire invitation need commitment suggestion recommendation condition bill speculation risk option "
    "preparation right".split()
)
UNREAL_ADJECTIVES = frozenset(
    "proposed planned possible potential future prospective hypothetical draft alleged supposed would-be "
    "unlikely likely imminent aborted abortive failed cancelled canceled postponed next upcoming "
    "forthcoming fictional unsigned eventual imaginary mooted rumoured rumored projected".split()
)
UNREAL_PREPOSITIONS = frozenset(
    "without before against for towards toward pending about despite than on like".split()
)
HEARSAY = {
    "reportedly": Stance.REPORTS,
    "allegedly": Stance.CLAIMS,
    "supposedly": Stance.CLAIMS,
    "apparently": Stance.REPORTS,
    "purportedly": Stance.CLAIMS,
}
FICTION = frozenset(
    "film movie novel opera thriller fictional fictitious imaginary myth cartoon sitcom comedy legend tale "
    "fairy-tale imagines atlas game play screenplay".split()
)
NEARLY = frozenset("almost nearly practically virtually".split())


@dataclass(frozen=True)
class Judgement:
    """How a text puts something forward that it does put forward as real, or as predicted."""

    stance: Stance = Stance.STATES
    source: Token | None = None
    """Head of the noun phrase to which the text attributes it."""


def judge(predicate: Token, *, predictions: bool = False) -> Judgement | None:
    """Return how the text puts the event of a predicate forward; None where it does not say that it happened.

    With `predictions`, what is foretold is kept, as Predicts.
    """
    if _questioned(predicate) or _refused(predicate):
        return None
    judgement = _climb(predicate, predictions)
    if judgement is None:
        return None
    return judgement if judgement.source is not None else _attributed(predicate, judgement)


def presupposed(predicate: Token) -> Judgement | None:
    """Judge what a text takes for granted whatever it says of it, such as a title or an apposition."""
    return None if _questioned(predicate) else Judgement()


def granted(noun: Token) -> Judgement | None:
    """Judge a nominalisation: what "the annexation of X by Y" speaks of happened whatever is said of it."""
    definite = any(child.dep_ == "poss" or child.lower_ == "the" for child in noun.children)
    if not definite or _refused(noun) or _questioned(noun):
        return judge(noun)
    governor = noun.head.head if noun.dep_ == "pobj" else noun.head
    wished = governor.lemma_ in UNREAL | UNREAL_NOUNS or noun.head.lower_ in UNREAL_PREPOSITIONS
    return judge(noun) if wished or (is_verb(governor) and _modal(governor)) else Judgement()


def _questioned(token: Token) -> bool:
    """Say whether the sentence only asks, or tells of a work of fiction."""
    sentence = token.sent
    if sentence.text.rstrip(" \"'”’)").endswith("?"):
        return True
    return any(
        (word.lower_ in FICTION and word.pos_ != "VERB") or word.lower_ == "imagines" for word in sentence
    )


def _refused(token: Token) -> bool:
    """Say whether the words that belong to the predicate itself deny or suspend it."""
    for child in token.children:
        if child.dep_ == "neg" or child.lower_ in {"never", "hardly", "scarcely", "barely"}:
            return True
        if child.dep_ == "det" and child.lower_ in {"no", "any", "neither"}:
            return True
        if child.dep_ == "advmod" and child.lower_ in NEARLY and is_verb(token):
            return True
        if child.dep_ in {"amod", "compound"} and child.lower_ in UNREAL_ADJECTIVES:
            return True
        if child.dep_ in {"nsubj", "nsubjpass", "dobj"} and _empty(child):
            return True
    return False


def _empty(noun: Token) -> bool:
    if noun.lower_ in {"nobody", "none", "nothing", "neither"}:
        return True
    return any(child.dep_ in {"det", "neg"} and child.lower_ in {"no", "neither"} for child in noun.children)


def _modal(verb: Token) -> bool:
    return any(child.dep_ == "aux" and child.lower_ in MODALS for child in verb.children)


def _inverted(verb: Token) -> bool:
    """Recognise the condition without "if": "Had they signed", "Should they sign", "Were it to sign"."""
    subject = surface_subject(verb)
    first = next((word for word in verb.sent if word.is_alpha), verb)
    if first == verb and verb.lower_ in {"had", "should", "were"}:
        return True
    if subject is None or verb.dep_ not in {"advcl", "ccomp", "ROOT", "nsubj", "csubj", "dep"}:
        return False
    auxiliaries = children(verb, "aux", "auxpass")
    return any(child.lower_ in {"had", "should", "were"} and child.i < subject.i for child in auxiliaries)


def _suspended(verb: Token) -> bool:
    marks = (child.lower_ for child in verb.children if child.dep_ in {"mark", "advmod"})
    return any(mark in CONDITIONS for mark in marks) or _inverted(verb)


def _future(verb: Token) -> bool:
    return any(child.dep_ == "aux" and child.lower_ in {"will", "'ll", "shall"} for child in verb.children)


def _climb(token: Token, predictions: bool) -> Judgement | None:
    """Go up from the predicate to the root; every governor may change or end the matter."""
    judgement = Judgement()
    own = True
    while True:
        if is_verb(token):
            if _suspended(token):
                return None
            if own and (_modal(token) or _base_of_modal(token)):
                if not (predictions and _future(token)):
                    return None
                judgement = replace(judgement, stance=Stance.PREDICTS)
        if _stands_alone(token):
            return judgement
        judgement_or_none = _governed(token, judgement, predictions)
        if judgement_or_none is None:
            return None
        judgement = judgement_or_none
        if token.dep_ == "ROOT" or token.head is token:
            return judgement
        presupposed_ = token.dep_ in {"relcl", "acl"} and not _indefinite(token.head)
        if presupposed_ or token.dep_ == "appos":
            return judgement
        own = token.dep_ != "conj" or surface_subject(token) == surface_subject(token.head)
        token = token.head


def _stands_alone(verb: Token) -> bool:
    """Say whether a clause holds whatever its governor says: set beside it, or its time or ground."""
    if verb.dep_ == "ccomp":
        governed = verb.head.lemma_.lower() in SPEECH and not _set_apart(verb)
        return not governed and not any(child.dep_ == "mark" for child in verb.children)
    if verb.dep_ != "advcl":
        return False
    marks = {child.lower_ for child in verb.children if child.dep_ in {"mark", "advmod"}}
    finished = verb.tag_ == "VBD" or verb.lemma_ in {"be", "have", "share"} or _perfect(verb)
    return bool(marks & GROUNDS) and finished


def _set_apart(verb: Token) -> bool:
    """Say whether a semicolon or colon stands between a clause and the one it was hung on."""
    first, last = sorted((verb.i, verb.head.i))
    return any(token.text in {";", ":"} for token in verb.doc[first:last])


def _perfect(verb: Token) -> bool:
    return verb.tag_ == "VBN" and any(c.dep_ == "aux" and c.lemma_ == "have" for c in verb.children)


def _base_of_modal(verb: Token) -> bool:
    """A base form that shares the modal of the verb it is coordinated with: "will meet and sign"."""
    head = verb.head
    return (
        verb.dep_ == "conj" and verb.tag_ == "VB" and is_verb(head) and (_modal(head) or head.dep_ == "xcomp")
    )


def _indefinite(noun: Token) -> bool:
    return any(child.dep_ == "det" and child.lower_ in {"a", "an", "any", "no"} for child in noun.children)


def _governed(token: Token, judgement: Judgement, predictions: bool) -> Judgement | None:
    """Return what the governor of the token makes of it."""
    head, label = token.head, token.dep_
    if head is token:
        return judgement
    if label in {"xcomp", "ccomp"} or (label in {"dobj", "nsubj", "nsubjpass", "attr"} and is_verb(head)):
        return _complement(token, label, judgement, predictions)
    if label == "conj":
        return None if is_verb(head) and head.lemma_ in UNREAL and not _finite(token) else judgement
    if label in {"acl", "relcl"}:
        first = any(child.lower_ in {"first", "last", "only", "second"} for child in head.children)
        return None if _doubtful(head) or (_infinitive(token) and not first) else judgement
    if label in {"pobj", "pcomp"}:
        return _prepositional(token, judgement)
    if label in {"advcl"} and _infinitive(token):
        return None
    if label in {"compound", "nmod", "poss", "amod"} and head.lemma_ in UNREAL_NOUNS:
        return None
    return judgement


def _finite(verb: Token) -> bool:
    return verb.tag_ in {"VBD", "VBZ", "VBP"} or any(
        child.dep_ in {"aux", "auxpass"} for child in verb.children
    )


def _infinitive(verb: Token) -> bool:
    return verb.tag_ == "VB" and any(child.tag_ == "TO" for child in verb.children)


def _doubtful(noun: Token) -> bool:
    return noun.lemma_ in UNREAL_NOUNS or any(
        child.lower_ in UNREAL_ADJECTIVES or (child.dep_ == "det" and child.lower_ in {"no", "any"})
        for child in noun.children
    )


def _complement(token: Token, label: str, judgement: Judgement, predictions: bool) -> Judgement | None:
    verb = token.head
    lemma = verb.lemma_.lower()
    if _refused(verb) and (label != "nsubj"):
        return None
    if label == "xcomp" and not _infinitive(token) and lemma in UNREAL:
        return None
    if label == "xcomp" and _infinitive(token):
        foretold = predictions and lemma in PREDICTING | {"set"}
        if foretold:
            return replace(judgement, stance=Stance.PREDICTS)
        return judgement if lemma in IMPLICATIVES | SAYING | CLAIMING and lemma != "announce" else None
    if label == "ccomp":
        return _reported(verb, judgement, predictions)
    if (
        label in {"dobj", "nsubjpass"}
        and lemma in UNREAL | {"announce"}
        and not (predictions and lemma in PREDICTING)
    ):
        return (
            None
            if lemma != "announce" or token.lemma_ in {"visit", "exercise", "drill", "summit"}
            else judgement
        )
    if label in {"nsubj", "attr"} and _modal(verb):
        return replace(judgement, stance=Stance.PREDICTS) if predictions and _future(verb) else None
    return judgement


def _reported(verb: Token, judgement: Judgement, predictions: bool) -> Judgement | None:
    """Read "S says that …"."""
    lemma = verb.lemma_.lower()
    subject = surface_subject(verb)
    if subject is not None and _empty(subject):
        return None
    if lemma in PREDICTING:
        return replace(judgement, stance=Stance.PREDICTS, source=subject) if predictions else None
    if lemma in KNOWING:
        return judgement
    if lemma in CLAIMING:
        return replace(judgement, stance=_weaker(judgement.stance, Stance.CLAIMS), source=subject)
    if lemma in ESTIMATING:
        return replace(judgement, stance=_weaker(judgement.stance, Stance.ESTIMATES), source=subject)
    if lemma in SAYING:
        return replace(judgement, stance=_weaker(judgement.stance, Stance.REPORTS), source=subject)
    if lemma in UNREAL:
        return None
    return judgement


def _weaker(one: Stance, other: Stance) -> Stance:
    return one if one is not Stance.STATES else other


def _prepositional(token: Token, judgement: Judgement) -> Judgement | None:
    preposition = token.head
    governor = preposition.head
    if preposition.lower_ in UNREAL_PREPOSITIONS:
        if (
            preposition.lower_ in {"before", "despite", "on", "about"}
            and token.dep_ == "pobj"
            and is_verb(governor)
        ):
            return judgement if governor.lemma_ not in UNREAL | {"talk", "work", "comment"} else None
        if preposition.lower_ in {"on", "for", "against"} and token.dep_ == "pobj" and not is_verb(governor):
            return None if _doubtful(governor) else judgement
        return None
    if (
        preposition.lower_ == "of"
        and preposition.head.dep_ == "advmod"
        and preposition.head.lower_ == "ahead"
    ):
        return None
    if preposition.lower_ in {"to", "of"} and not is_verb(governor) and _doubtful(governor):
        return None
    if token.dep_ == "pcomp" and preposition.lower_ in {"to", "of", "at"}:
        return None
    return judgement


def _attributed(predicate: Token, judgement: Judgement) -> Judgement:
    """Take in what the sentence says of its source elsewhere: "according to", "reportedly"."""
    above = {predicate.i, *(head.i for head in predicate.ancestors)}
    for token in _nearby(predicate):
        if clause_of(token).i not in above:
            continue
        if token.lower_ in HEARSAY:
            return replace(judgement, stance=_weaker(judgement.stance, HEARSAY[token.lower_]))
        if token.lower_ == "according":
            for inner in children(token, "prep", "pobj"):
                for source in children(inner, "pobj"):
                    return replace(judgement, stance=_weaker(judgement.stance, Stance.REPORTS), source=source)
    return judgement


def _nearby(predicate: Token) -> Iterator[Token]:
    for token in predicate.sent:
        if token.lower_ in HEARSAY or token.lower_ == "according":
            yield token
