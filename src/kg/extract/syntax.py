"""Walks over a dependency parse (the labels of ClearNLP, as spaCy's English pipelines give them).

Every function speaks of the *logical* subject and object: those of "signed by A" are those of "A signed".
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
RELATIVES = frozenset({"who", "which", "that", "whom"})
VERBAL = frozenset({"VERB", "AUX"})


def conjuncts(token: Token) -> Iterator[Token]:
    """Yield the token and all that is coordinated with it, in order.

    Of "A, B and C" parsers may make B an apposition of A that has the "and": it counts as coordinated.
    """
    yield token
    for child in token.rights:
        listed = (
            child.dep_ == "appos"
            and child.pos_ == token.pos_
            and any(w.dep_ in {"cc", "conj"} for w in child.rights)
        )
        if child.dep_ == "conj" or listed:
            yield from conjuncts(child)


def children(token: Token, *labels: str) -> Iterator[Token]:
    """Yield the direct dependents that carry one of the labels."""
    return (child for child in token.children if child.dep_ in labels)


def lemma(token: Token) -> str:
    """Return the lemma in lower case; of a capitalised plural, which taggers leave as it is, the singular."""
    word = str(token.lemma_).lower()
    if token.tag_ == "NNPS" and word == token.lower_:
        return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")
    return word


def is_verb(token: Token) -> bool:
    """Say whether the token heads a clause, finite or not."""
    return token.pos_ in VERBAL and token.dep_ not in {"aux", "auxpass", "amod"}


def is_passive(verb: Token) -> bool:
    """Say whether the verb is passive: by its auxiliary, or a past participle that modifies a noun."""
    if any(child.dep_ in {"auxpass", "nsubjpass", "csubjpass"} for child in verb.children):
        return True
    if verb.tag_ != "VBN" or any(child.dep_ == "aux" for child in verb.children):
        return verb.dep_ == "conj" and verb.tag_ == "VBN" and not _own_subject(verb) and _passive_head(verb)
    if verb.dep_ == "ccomp" and _own_subject(verb) is not None:
        return True
    if verb.dep_ in {"acl", "advcl", "amod"}:
        return not any(child.dep_ == "dobj" for child in verb.children)
    return verb.dep_ == "conj" and not _own_subject(verb) and _passive_head(verb)


def _passive_head(verb: Token) -> bool:
    return is_verb(verb.head) and is_passive(verb.head) and not any(True for _ in children(verb, "dobj"))


def _own_subject(verb: Token) -> Token | None:
    return next(children(verb, *SUBJECTS, *PASSIVE_SUBJECTS), None)


def surface_subject(verb: Token) -> Token | None:
    """Return the head of the grammatical subject, inherited through coordination and control."""
    own = _own_subject(verb)
    if own is not None:
        return antecedent(own, verb)
    head = verb.head
    if verb.dep_ == "conj" and is_verb(head):
        return surface_subject(head)
    if verb.dep_ in {"acl", "relcl"} and verb.tag_ in {"VBG", "VBN"}:
        return head
    if verb.dep_ in {"xcomp", "advcl"} and is_verb(head):
        controlled = next(children(head, "dobj"), None) if verb.dep_ == "xcomp" else None
        return controlled or surface_subject(head)
    if verb.dep_ == "pcomp" and head.dep_ == "prep" and is_verb(head.head):
        return surface_subject(head.head)
    return _right_before(verb) if verb.dep_ in {"ROOT", "ccomp", "conj", "advcl"} else None


def _right_before(verb: Token) -> Token | None:
    """Return the name right before a finite verb without a subject: "On 4 April A joined B"."""
    doc, index = verb.doc, verb.i - 1
    finite = verb.tag_ in {"VBD", "VBZ", "VBP"}
    while index > verb.sent.start and doc[index].dep_ in {"aux", "auxpass", "advmod", "neg"}:
        finite = finite or doc[index].tag_ in {"VBD", "VBZ", "VBP"}
        index -= 1
    name = doc[index]
    if not finite or name.pos_ != "PROPN" or name.dep_ not in {"conj", "appos", "pobj", "npadvmod"}:
        return None
    while name.dep_ == "conj" and name.head.pos_ == "PROPN" and _listed(name.head, name):
        name = name.head
    return name


def _listed(first: Token, last: Token) -> bool:
    between = first.doc[first.i + 1 : last.i]
    return all(token.pos_ in {"PROPN", "DET"} or token.text in {",", "and"} for token in between)


def antecedent(subject: Token, verb: Token) -> Token:
    """Replace a relative pronoun by what it stands for."""
    if subject.lower_ in RELATIVES and subject.tag_ in {"WDT", "WP", "DT", "IN"}:
        clause = verb
        while clause.dep_ == "conj":
            clause = clause.head
        if clause.dep_ == "relcl":
            return clause.head
    return subject


def subject(verb: Token) -> Token | None:
    """Return the head of the logical subject: who does it."""
    if not is_passive(verb):
        return surface_subject(verb)
    for agent in children(verb, "agent"):
        return next(children(agent, "pobj"), None)
    return next((pobj for pobj in prepositional(verb, "by") if not pobj.like_num and pobj.tag_ != "CD"), None)


def objects(verb: Token) -> list[Token]:
    """Return the heads of the logical object: what it is done to, coordinated ones included."""
    if is_passive(verb):
        surface = surface_subject(verb)
        return list(conjuncts(surface)) if surface is not None else []
    found = [part for child in children(verb, "dobj") for part in conjuncts(antecedent(child, verb))]
    if found:
        return found
    if verb.dep_ in {"relcl", "acl"} and _own_subject(verb) is not None and verb.tag_ != "VBG":
        relative = _own_subject(verb)
        if relative is not None and relative.lower_ not in RELATIVES:
            return [verb.head]
    return []


def prepositional(token: Token, *prepositions: str) -> list[Token]:
    """Return the heads of the prepositional complements that hang directly on the token."""
    found = []
    for child in token.children:
        if child.dep_ in {"prep", "agent", "dative"} and child.lower_ in prepositions:
            found += _complements(child)
            for other in children(child, "conj"):
                found += _complements(other) if other.lower_ == child.lower_ else []
    return found


def _complements(preposition: Token) -> list[Token]:
    found = [child for child in preposition.children if child.dep_ in {"pobj", "pcomp"}]
    nested = [child for child in preposition.children if child.dep_ == "prep"]
    return found or [token for inner in nested for token in _complements(inner)]


def complements(predicate: Token, *prepositions: str) -> list[Token]:
    """Return the prepositional complements of a predicate, or of its object: parsers confuse them."""
    found = prepositional(predicate, *prepositions)
    if found or not is_verb(predicate):
        return found
    for thing in [*children(predicate, "dobj", "attr", "nsubjpass"), *children(predicate, "prep", "agent")]:
        if thing.lower_ in {"including", "like"}:
            continue
        if thing.dep_ in {"prep", "agent"}:
            for inner in _complements(thing):
                found += [] if is_verb(inner) else prepositional(inner, *prepositions)
        else:
            found += prepositional(thing, *prepositions)
            if not found and set(prepositions) & {"with", "between"}:
                found += _through_modifiers(thing, prepositions)
    return found


def _through_modifiers(thing: Token, prepositions: tuple[str, ...]) -> list[Token]:
    """Find "with B" in "a contract worth $1 billion with B", where it hangs on the amount."""
    found = []
    for child in thing.children:
        if child.dep_ in {"amod", "npadvmod", "nummod", "acomp"}:
            found += prepositional(child, *prepositions) or _through_modifiers(child, prepositions)
    return found


def reach(predicate: Token, *prepositions: str) -> list[Token]:
    """Return the prepositional complements in the predicate's clause, the nearest first.

    Those of its objects and adjuncts count too ("held talks in C with B"), those of its subject do not.
    """
    found = []
    for preposition in predicate.subtree:
        if preposition.dep_ not in {"prep", "agent", "dative"} or preposition.lower_ not in prepositions:
            continue
        depth = _depth(preposition, predicate)
        if depth is not None:
            found += [(depth, t.i, t) for t in preposition.children if t.dep_ in {"pobj", "pcomp"}]
    return [token for _, _, token in sorted(found, key=lambda entry: entry[:2])]


def _depth(token: Token, predicate: Token) -> int | None:
    """Count the steps up to the predicate, None where another clause or the subject lies between."""
    depth = 0
    while token != predicate:
        if depth and (is_verb(token) or token.dep_ in {"nsubj", "nsubjpass", "relcl", "acl"}):
            return None
        token = token.head
        depth += 1
    return depth


def companions(verb: Token) -> list[Token]:
    """Return who does it too: after "together with", "along with", "alongside"."""
    found = []
    for token in verb.subtree:
        if token.dep_ == "prep" and clause_of(token) == verb:
            before = token.nbor(-1).lower_ if token.i else ""
            if token.lower_ == "alongside" or (
                token.lower_ == "with" and before in {"together", "along", "jointly"}
            ):
                found += _complements(token)
    return found


def ancestors_to_clause(token: Token) -> Iterator[Token]:
    """Yield the heads of a token up to and including the first verb."""
    for head in token.ancestors:
        yield head
        if is_verb(head):
            return


def clause_of(token: Token) -> Token:
    """Return the verb whose clause the token belongs to, or the root."""
    return [token, *ancestors_to_clause(token)][-1]


def noun_phrase(head: Token) -> tuple[int, int]:
    """Return first token and token after the last of a noun phrase without its relative clauses."""
    left = head.left_edge.i
    right = head.i + 1
    for child in head.rights:
        if (
            child.dep_ == "prep"
            and child.lower_ in {"of", "on", "for", "against", "with"}
            and child.i == right
        ):
            inner = next(children(child, "pobj"), None)
            if inner is not None:
                right = noun_phrase(inner)[1]
    return left, right


def governing(verb: Token) -> Token | None:
    """Return the verb whose time and place a clause shares: "where they met", "when he met B"."""
    if verb.dep_ == "relcl" and any(w.lower_ in {"where", "when", "which"} for w in _opening(verb)):
        return clause_of(verb.head) if not is_verb(verb.head) else verb.head
    if verb.dep_ == "advcl" and any(w.lower_ in {"when", "where"} for w in _opening(verb)):
        return verb.head if is_verb(verb.head) else clause_of(verb.head)
    if verb.dep_ == "conj" and is_verb(verb.head):
        return verb.head
    return None


def _opening(verb: Token) -> Iterator[Token]:
    return (word for word in verb.subtree if word.i < verb.i and word.i <= verb.left_edge.i + 2)
