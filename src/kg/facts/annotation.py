"""Annotation blocks become citations, verdicts and notes of a fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from kg.corpus.corpus import Corpus
from kg.errors import Finding
from kg.facts.fact import Citation, Fact
from kg.facts.hint import local_names, nearest
from kg.facts.statement import Block, Term
from kg.terms import KG, Method, Note, Stance, Verdict

T = TypeVar("T", bound=StrEnum)
NOTES = {note.value: note for note in Note}
FEW = {Note.ACCORDING_TO, Note.STANCE, Note.METHOD, Note.CONFIDENCE, Note.RULE, Note.VERDICT}
"""Those that a block may hold once."""


class Annotations:
    """The annotation blocks of one statement."""

    def __init__(self, corpus: Corpus, place: tuple[Path, int], findings: list[Finding]) -> None:
        self.corpus = corpus
        self.place = place
        self.findings = findings

    def enter(self, blocks: Iterable[Block], fact: Fact) -> None:
        """Add to the fact what the blocks say of it."""
        for block in blocks:
            self._enter_block(self._sort(block), fact)

    def _sort(self, block: Block) -> dict[Note, list[Term]]:
        values: dict[Note, list[Term]] = defaultdict(list)
        for predicate, value in block:
            if (note := NOTES.get(predicate)) is None:
                hint = nearest(next(local_names([predicate])), local_names(NOTES))
                message = f"An annotation has no property <{predicate}>."
                self._report("unknown-annotation", message, hint or "Use those of the ontology's Citation.")
            elif note in FEW and values[note]:
                message = f"An annotation gives kg:{next(local_names([predicate]))} twice."
                self._report("annotation-twice", message, "Write one value, or two blocks {| … |} {| … |}.")
            else:
                values[note].append(value)
        return values

    def _enter_block(self, values: dict[Note, list[Term]], fact: Fact) -> None:
        if not values[Note.CITES]:
            self._report("uncited", "The annotation cites no passage.", "Add kg:cites source:passage.")
        for passage in values[Note.CITES]:
            self._cite(passage, values, fact)
        if values[Note.VERDICT]:
            self._judge(self._choice(Verdict, values, Note.VERDICT, None), fact)
        for note in values[Note.COMMENT]:
            if isinstance(note, ox.Literal) and note.value.strip():
                fact.notes.add(str(note))
            else:
                self._report("note", "The note is not a text.", 'Write rdfs:comment "…"@en.')

    def _cite(self, passage: Term, values: dict[Note, list[Term]], fact: Fact) -> None:
        iri = passage.value if isinstance(passage, ox.NamedNode) else ""
        if iri not in self.corpus.passages:
            hint = nearest(iri, self.corpus.passages)
            message = f"There is no passage {self._passage_name(iri) or passage}."
            self._report("unknown-passage", message, hint or "Add it to the record of its source.")
            return
        agent = next(iter(values[Note.ACCORDING_TO]), None)
        if agent is not None and not isinstance(agent, ox.NamedNode):
            self._report(
                "according-to", "kg:accordingTo needs an entity.", "Name it, such as :suez-canal-company."
            )
        method = self._choice(Method, values, Note.METHOD, Method.CURATED) or Method.CURATED
        stance = self._choice(Stance, values, Note.STANCE, None)
        fact.citations.add(
            Citation(
                passage=iri,
                source=iri.partition("#")[0],
                stance=stance or (Stance.REPORTS if agent is not None else Stance.STATES),
                method=method,
                according_to=agent.value if isinstance(agent, ox.NamedNode) else "",
                confidence=self._confidence(values, method),
                rule=_lexical(values[Note.RULE]),
            )
        )

    def _confidence(self, values: dict[Note, list[Term]], method: Method) -> str:
        text = _lexical(values[Note.CONFIDENCE])
        if method is Method.EXTRACTED and not text:
            self._report("confidence", "An extracted fact has no confidence.", "Add kg:confidence 0.9.")
        if text and not _is_probability(text):
            self._report("confidence", f"“{text}” is no probability.", "Write a decimal from 0 to 1.")
        return text

    def _judge(self, verdict: Verdict | None, fact: Fact) -> None:
        if fact.judgement not in (None, verdict):
            message = f"The triple has two verdicts, {fact.judgement} and {verdict}."
            self._report("two-verdicts", message, "Decide on one; another source's word is another citation.")
        elif verdict is not None:
            fact.judgement = verdict

    def _choice(
        self, kind: type[T], values: dict[Note, list[Term]], note: Note, default: T | None
    ) -> T | None:
        term = next(iter(values[note]), None)
        if term is None:
            return default
        name = term.value.removeprefix(KG) if isinstance(term, ox.NamedNode) else str(term)
        if name in set(kind):
            return kind(name)
        known = ", ".join(f"kg:{choice}" for choice in kind)
        hint = nearest(name, list(kind)).replace("mean ", "mean kg:")
        self._report(
            f"unknown-{kind.__name__.lower()}", f"There is no kg:{name}.", f"{hint} Known: {known}.".strip()
        )
        return default

    def _passage_name(self, iri: str) -> str:
        return iri.removeprefix(self.corpus.project.names.source(""))

    def _report(self, code: str, message: str, remedy: str) -> None:
        self.findings.append(Finding(*self.place, code, message, remedy))


def _lexical(terms: list[Term]) -> str:
    term = next(iter(terms), None)
    return term.value if isinstance(term, ox.Literal) else ""


def _is_probability(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False
