"""All fact files of a corpus become one ledger: entities as declared, and facts merged by their triple."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kg.corpus.corpus import Corpus
from kg.errors import Finding
from kg.facts.annotation import Annotations
from kg.facts.fact import Fact, canonical, fact_key
from kg.facts.statement import Statement, StatementReader
from kg.project import EXTRACTED, Project
from kg.terms import ALT_LABEL, AUTHORITY, LABEL, TYPE
from kg.track import Track, silent

Place = tuple[Path, int]


@dataclass
class Entity:
    """One thing that facts are about, as the authority declares it."""

    iri: str
    place: Place
    types: dict[str, Place] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    """By language tag; empty for none."""
    aliases: list[str] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)
    """Predicate and object (canonical N-Triples) of everything else, and of the above too."""

    @property
    def label(self) -> str:
        """The English label, or else the first."""
        return self.labels.get("en") or next(iter(self.labels.values()), "")


@dataclass
class Ledger:
    """What the fact files say, merged."""

    corpus: Corpus
    entities: dict[str, Entity] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    """By key."""
    places: dict[str, Place] = field(default_factory=dict)
    """Where each fact is first stated."""
    findings: list[Finding] = field(default_factory=list)

    @classmethod
    def read(cls, corpus: Corpus, track: Track = silent) -> Ledger:
        """Read every Turtle file of the corpus."""
        ledger = cls(corpus)
        for path in track(fact_files(corpus.project), "reading facts"):
            reader = StatementReader(path)
            for statement in reader.read():
                ledger.add(path, statement)
            ledger.findings += reader.findings
        return ledger

    def add(self, path: Path, statement: Statement) -> None:
        """Enter one statement of a file."""
        triple, place = statement.triple, (path, statement.line)
        if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
            remedy = "Give the node an IRI, such as :suez-canal."
            self._report(place, "blank-node", "A fact has a blank node.", remedy)
        elif statement.blocks:
            self._add_fact(place, statement)
        elif triple.predicate.value in AUTHORITY:
            self._declare(place, triple)
        else:
            name = self.short(triple.predicate.value)
            remedy = "Add {| kg:cites source:passage |} after the object."
            self._report(place, "uncited", f"The statement with {name} cites no passage.", remedy)

    def _add_fact(self, place: Place, statement: Statement) -> None:
        key = fact_key(statement.triple)
        if key not in self.facts:
            triple = statement.triple
            subject, predicate = str(triple.subject), str(triple.predicate)
            self.facts[key] = Fact(key, subject, predicate, canonical(triple.object))
            self.places[key] = place
        Annotations(self.corpus, place, self.findings).enter(statement.blocks, self.facts[key])

    def _declare(self, place: Place, triple: ox.Triple) -> None:
        iri, predicate, value = str(triple.subject)[1:-1], triple.predicate.value, triple.object
        entity = self.entities.setdefault(iri, Entity(iri, place))
        if predicate == TYPE and isinstance(value, ox.NamedNode):
            self._once(place, entity, entity.types.get(value.value), f"type {self.short(value.value)}")
            entity.types.setdefault(value.value, place)
        elif predicate == LABEL and isinstance(value, ox.Literal):
            known = value.language in entity.labels if value.language else "" in entity.labels
            self._once(place, entity, entity.place if known else None, "label")
            entity.labels.setdefault(value.language or "", value.value)
        elif predicate == ALT_LABEL and isinstance(value, ox.Literal):
            entity.aliases.append(value.value)
        entity.others.append((str(triple.predicate), canonical(value)))

    def _once(self, place: Place, entity: Entity, before: Place | None, what: str) -> None:
        if before is not None:
            message = (
                f"{self.short(entity.iri)} gets its {what} twice; first at {before[0].name}:{before[1]}."
            )
            remedy = "Declare an entity in one place; give another thing another name."
            self._report(place, "duplicate-entity", message, remedy)

    def short(self, iri: str) -> str:
        """An IRI as people write it, with a prefix where one fits."""
        return shorten(self.corpus.project, iri)

    def _report(self, place: Place, code: str, message: str, remedy: str) -> None:
        self.findings.append(Finding(*place, code, message, remedy))


def fact_files(project: Project) -> list[Path]:
    """Every Turtle file of the corpus, sorted: the authority and the facts of each source; no proposals."""
    return [path for path in sorted(project.corpus.glob("*.ttl")) if not path.stem.endswith(EXTRACTED)]


def shorten(project: Project, iri: str) -> str:
    """An IRI with the longest prefix of the project that fits, else in angle brackets."""
    fitting = [(space, name) for name, space in project.prefixes.items() if iri.startswith(space)]
    if not fitting:
        return f"<{iri}>"
    space, name = max(fitting, key=lambda pair: len(pair[0]))
    return f"{name}:{iri[len(space) :]}"
