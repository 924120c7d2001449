"""One parsed paragraph with all that the rules ask of it: names, dates, quantities, references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from spacy.tokens import Doc, Span, Token

from kg.extract import coreference
from kg.extract.candidate import Name
from kg.extract.gazetteer import Gazetteer
from kg.extract.mentions import TITLES, TYPE_OF_HEAD, Mention, Mentions
from kg.extract.quantities import Quantity, quantities
from kg.extract.syntax import (
    ancestors_to_clause,
    children,
    clause_of,
    conjuncts,
    is_verb,
    lemma,
    prepositional,
)
from kg.extract.times import Time, times

OFFICES = frozenset(
    "government authority leadership delegation side official minister president army navy force troop "
    "military leader parliament representative negotiator ambassador envoy diplomat premier administration "
    "cabinet monarch king emperor plenipotentiary sailor soldier marine pilot squadron fleet warship "
    "police guard unit ministry executive congress chief secretary commander dignitary head division "
    "brigade battalion ship vessel regiment agent officer bomber contingent fighter jet aircraft plane "
    "paratrooper warplane submarine frigate destroyer helicopter infantry cavalry artillery coastguard "
    "garrison ruler court regime crew battleship warlord general spokesman chancellor "
    "counterpart airman detachment column colonel seaman cosmonaut".split()
)
"""Nouns whose doings are their state's: "the Kenyan government", "the presidents of Chile and Peru"."""
REALMS = frozenset({"republic", "kingdom", "commonwealth", "federation", "state"})
"""What the long name of a state begins with: "Republic of", where no list has it."""
AGENTS = frozenset({"Polity", "Organisation", "Person"})
FIELDS = frozenset("state government affair defence defense finance trade energy interior economy".split())
"""What offices are of before they are of a state: "ministers of foreign affairs of"."""
COMPANIES = frozenset(
    "firm company enterprise investor bank business exporter importer carmaker entity".split()
)
"""Nouns that with a state name a group in it, not the state."""


@dataclass
class Memory:
    """What the paragraphs of a document share."""

    protagonists: tuple[str, ...] = ()
    """The two states that the whole document is about; empty where it is not about two."""
    full_names: Mapping[str, str] = field(default_factory=dict)
    """By abbreviation the name that the document gives with it: "World Trade Organization (WTO)"."""


@dataclass
class Reading:
    """A parsed paragraph at its place in the document."""

    doc: Doc
    start: int
    gazetteer: Gazetteer
    published: str = ""
    memory: Memory = field(default_factory=Memory)

    @cached_property
    def mentions(self) -> Mentions:
        """The names of the paragraph."""
        return Mentions(self.doc, self.gazetteer)

    @cached_property
    def times(self) -> list[tuple[Time, Span]]:
        """The dates of the paragraph, each with its tokens."""
        found = [(time, self._tokens(time.start, time.end)) for time in times(self.doc.text, self.published)]
        return [(t, span) for t, span in found if not self._lifetime(span) and not self._part_of_name(span)]

    def _part_of_name(self, span: Span) -> bool:
        """Say whether a year is the end of a name, as in "Malabar-2016"."""
        if span.start < 2 or self.doc[span.start - 1].text not in {"-", "–"}:
            return span[0].text[0].isupper() and "-" in span[0].text
        return self.doc[span.start - 2].text[0].isupper() and not self.doc[span.start - 1].whitespace_

    def _lifetime(self, span: Span) -> bool:
        """Say whether a date stands in brackets after a person: when they were born and died."""
        if span.start < 2:
            return False
        opening = self.doc[span.start - 1]
        bracket = opening if opening.text == "(" else self.doc[span.start - 2]
        before = self.mentions.at(self.doc[bracket.i - 1]) if bracket.text == "(" and bracket.i else None
        return before is not None and (before.type == "Person" or opening.lower_ == "born")

    @cached_property
    def quantities(self) -> list[tuple[Quantity, Span]]:
        """The quantities that are no part of a date, each with its tokens."""
        dated = {token.i for _, span in self.times for token in span}
        found = [
            (quantity, self._tokens(quantity.start, quantity.end)) for quantity in quantities(self.doc.text)
        ]
        return [(q, span) for q, span in found if q.unit or not any(token.i in dated for token in span)]

    def percents(self, sentence: Span) -> list[tuple[Quantity, Span]]:
        """Return the percentages of a sentence."""
        return [(q, span) for q, span in self._percents if span.root.sent == sentence]

    @cached_property
    def _percents(self) -> list[tuple[Quantity, Span]]:
        text = self.doc.text
        given = "%" in text or "percent" in text or "per cent" in text or "pct" in text
        return [(q, span) for q, span in self.quantities if q.unit == "percent"] if given else []

    def _tokens(self, start: int, end: int) -> Span:
        span = self.doc.char_span(start, end, alignment_mode="expand")
        return span if span is not None else self.doc[0:1]

    # Names

    def name(self, mention: Mention) -> Name:
        """Return a mention as a value of a candidate."""
        span = self.doc[mention.start : mention.end]
        return Name(
            self.memory.full_names.get(mention.name, mention.name),
            mention.type,
            self.start + span.start_char,
            self.start + span.end_char,
            mention.iri,
        )

    def resolve(self, token: Token, types: frozenset[str] = AGENTS) -> list[Mention]:
        """Return what a noun phrase stands for: its name, the states behind an office, or its antecedents.

        `types` are what a pronoun may stand for in its place.
        """
        own = self.mentions.at(token)
        if own is not None and own.end - own.start == 1 and own.name.lower() in TYPE_OF_HEAD:
            whole = coreference.by_head_word(token, self.mentions)
            if whole is not None or self._ruled(token, own):
                return [whole] if whole is not None else self._ruled(token, own)
        elif own is not None:
            return self._ruled(token, own) or [own]
        if token.lower_ == "whose":
            clause = next((head for head in token.ancestors if head.dep_ == "relcl"), None)
            return self.all_at([clause.head]) if clause is not None else []
        named = self._holder(token)
        if named is not None:
            return [named]
        group = self._group(token)
        if group is not None:
            return [group]
        behind = self.behind(token)
        if behind:
            return behind
        two = self.pair(token)
        if two:
            return two
        if token.dep_ == "appos" and token.lemma_.lower() in coreference.BODIES:
            return self.all_at([token.head])
        found = coreference.antecedent(token, self.mentions, types)
        return [found] if found is not None else []

    def _ruled(self, token: Token, own: Mention) -> list[Mention]:
        """Return the states of "the Government of A", "the Republic of B", where only the noun was named."""
        if own.known or own.end - own.start > 1 or lemma(token) not in OFFICES | REALMS:
            return []
        return self.states(part for t in prepositional(token, "of") for part in conjuncts(t))

    def _holder(self, token: Token) -> Mention | None:
        """Return the person that an office in the singular is followed by: "the Chilean minister, X"."""
        if token.tag_ not in {"NN", "NNP"}:
            return None
        for mention in self.all_at(children(token, "appos")):
            if mention.type == "Person":
                return mention
            guessed = not mention.sure and mention.type in {"Entity", "Organisation", "Product", "Place"}
            if token.lemma_.lower() in TITLES and guessed:
                return replace(mention, type="Person")
            if token.lemma_.lower() in COMPANIES | coreference.BODIES and (
                guessed or mention.type == "Organisation"
            ):
                return replace(mention, type="Organisation")
        return None

    def _group(self, token: Token) -> Mention | None:
        """Return "Chilean companies" as a group of its own."""
        if token.lemma_.lower() not in COMPANIES:
            return None
        for child in children(token, "amod", "compound", "poss"):
            regional = child.dep_ == "amod" and child.text[0].isupper() and not child.is_sent_start
            if self.states([child]) or regional or child.lower_ == "european":
                start = child.left_edge.i
                return Mention(self.doc[start : token.i + 1].text, "Group", start, token.i + 1, token.i)
        return None

    def behind(self, token: Token) -> list[Mention]:
        """Return the states whose government, army or envoys a common noun names."""
        if lemma(token) not in OFFICES:
            return []
        found = []
        for child in token.children:
            if child.dep_ in {"amod", "compound", "poss", "nmod"} or self._adjective(child, token):
                found += self.all_at(conjuncts(child))
                found += self._owner(child) if child.tag_ == "PRP$" else []
            elif child.dep_ == "prep" and child.lower_ in {"of", "from"}:
                for pobj in children(child, "pobj"):
                    inner = prepositional(pobj, "of") if pobj.lemma_.lower() in FIELDS else [pobj]
                    found += self.pair(pobj)
                    found += self.all_at(part for token_ in inner for part in conjuncts(token_))
        states = [_nation(mention) for mention in found]
        return [mention for mention in states if mention.type in {"Polity", "Organisation"}]

    def _owner(self, pronoun: Token) -> list[Mention]:
        """Return whose "its army" or "their armies" is."""
        if pronoun.lower_ in coreference.MUTUAL:
            return self.pair(pronoun)
        found = coreference.antecedent(pronoun, self.mentions, frozenset({"Polity", "Organisation"}))
        return [found] if found is not None and pronoun.lower_ == "its" else []

    def _adjective(self, child: Token, noun: Token) -> bool:
        """Say whether a word before a noun is an adjective of a state, however it was attached."""
        mention = self.mentions.at(child) if child.i < noun.i else None
        return mention is not None and mention.form == "adjective"

    def all_at(self, tokens: Iterable[Token]) -> list[Mention]:
        """Return the names at the tokens, without repetition."""
        found: dict[str, Mention] = {}
        for token in tokens:
            mention = self.mentions.at(token)
            if mention is not None:
                found.setdefault(mention.name, mention)
        return list(found.values())

    def agents(self, token: Token | None, types: frozenset[str] = AGENTS) -> list[Mention]:
        """Return everybody a (coordinated) noun phrase names, of the given types."""
        if token is None:
            return []
        found: dict[str, Mention] = {}
        for part in self.listed(token):
            for mention in self.resolve(part, types):
                if mention.type in types:
                    found.setdefault(mention.name, mention)
        return list(found.values())

    def listed(self, token: Token) -> Iterator[Token]:
        """Yield the parts of an enumeration, also where the parser took some for appositions."""
        for part in conjuncts(token):
            yield part
            first = self.mentions.at(part)
            for child in children(part, "appos"):
                second = self.mentions.at(child)
                if first is not None and second is not None and first.type == second.type == "Polity":
                    yield from self.listed(child)

    def states(self, tokens: Iterable[Token]) -> list[Mention]:
        """Return the states that adjectives, possessives or names among the tokens stand for."""
        found = [_nation(mention) for mention in self.all_at(tokens)]
        return [mention for mention in found if mention.type == "Polity"]

    def state_of(self, person: Mention) -> Mention | None:
        """Return the state that a title or an apposition gives a person: "Chilean President X"."""
        head = self.doc[person.head]
        for child in head.children:
            if child.dep_ in {"compound", "amod", "poss", "nmod"} and child.i < person.start:
                for state in self.states([child, *child.children]):
                    return state
        for office in children(head, "appos"):
            for state in self.behind(office):
                return state
        return None

    def person_with_title(self, person: Mention) -> bool:
        """Say whether a title precedes the name."""
        return person.start > 0 and self.doc[person.start - 1].lower_ in TITLES

    def pair(self, token: Token) -> list[Mention]:
        """Return the two states that "the two countries" means, in the paragraph or the whole document."""
        if not coreference.speaks_of_two(token):
            return []
        found, near = coreference.pair(token, self.mentions)
        return found or self._of_document(token, near)

    def _of_document(self, token: Token, near: set[str]) -> list[Mention]:
        """Return the protagonists, unless what is named near by is somebody else."""
        both = set(self.memory.protagonists)
        fits = not near or near < both or both < near
        return self.protagonists(token) if both and fits else []

    def protagonists(self, token: Token) -> list[Mention]:
        """Return the two states that the document is about, as mentioned by a token."""
        return [
            Mention(name, "Polity", token.i, token.i + 1, token.i, known=True)
            for name in self.memory.protagonists
        ]

    def only_two_states(self, token: Token, *, whole: bool = False) -> list[Mention]:
        """Return the two states that a passage speaks of: the sentence, else with those before it.

        With `whole` the rest of the sentence counts, too.
        """
        sentence = token.sent
        found: dict[str, Mention] = {}
        while True:
            for state in self.states(word for word in sentence if whole or word.i < token.i):
                found.setdefault(state.name, state)
            if len(found) >= 2 or sentence.start == 0:
                break
            sentence = self.doc[sentence.start - 1].sent
        return list(found.values()) if len(found) == 2 else self._of_document(token, set(found))

    # Times

    def time_of(self, predicate: Token) -> Time | None:
        """Return the date that the text gives for the event of a predicate; None where it gives none."""
        best: tuple[int, Time] | None = None
        for time, span in self.times:
            if span.root.sent != predicate.sent:
                continue
            rank = self._distance(span.root, predicate)
            if rank is not None and (best is None or rank < best[0]):
                best = rank, time
        return best[1] if best and best[1].edtf else None

    def _distance(self, token: Token, predicate: Token) -> int | None:
        """Rank how a date hangs on a predicate: 0 directly, more by way of others, None not at all."""
        opens = self._opens(token) and token.sent.root == predicate
        inside = token.dep_ in {"nummod", "compound", "amod", "nmod", "poss"} and token.head.i > token.i
        if inside and not (opens and token.head.pos_ == "PROPN"):
            return 0 if token.head == predicate else None
        steps = list(ancestors_to_clause(token))
        if predicate in steps:
            chain = [token, *steps[: steps.index(predicate)]]
            beside = any(s.dep_ == "appos" and s.i < predicate.i for s in chain)
            return None if beside and is_verb(predicate) else steps.index(predicate) // 2
        clause = steps[-1] if steps else token
        if opens:
            clause = token.sent.root
            if clause == predicate:
                return 15
        home = clause_of(predicate) if not is_verb(predicate) else predicate
        if clause == home and not is_verb(predicate):
            return 10 + len(steps)
        if self._shares(clause, home, token):
            return 20 + len(steps)
        return None

    def _opens(self, token: Token) -> bool:
        """Say whether a date opens its sentence: it belongs to the main verb however it was attached."""
        before = [word for word in token.sent if word.i < token.left_edge.i]
        return len(before) <= 1 and all(word.lower_ in {"in", "on", "by", "early", "late"} for word in before)

    def _shares(self, clause: Token, home: Token, token: Token) -> bool:
        """A date at the head of a sentence holds for what the clause governs."""
        initial = token.i < clause.i and (token.i - clause.sent.start) < 5
        labels = {"conj", "xcomp", "ccomp"}
        current = home
        while current.dep_ in labels and current != clause:
            current = current.head
        return current == clause and current != home and (initial or home.dep_ == "xcomp")

    # Spans

    def span(self, *tokens: Token) -> tuple[int, int]:
        """Return the code points, in the document, of the sentences that hold the tokens."""
        start = min(token.sent.start_char for token in tokens)
        end = max(token.sent.end_char for token in tokens)
        while end > start and self.doc.text[end - 1].isspace():
            end -= 1
        while start < end and self.doc.text[start].isspace():
            start += 1
        return self.start + start, self.start + end


def _nation(mention: Mention) -> Mention:
    """Read an adjective of nationality that no list knows as its state."""
    return replace(mention, type="Polity") if mention.type == "People" else mention
