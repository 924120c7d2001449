"""A ledger is checked against the ontology: everything that can be wrong, found in one run."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations

import pyoxigraph as ox
import rdflib

from kg.errors import Finding
from kg.facts.date import Bounds, bounds
from kg.facts.fact import Fact
from kg.facts.hint import local_names, nearest
from kg.facts.ledger import Entity, Ledger, Place
from kg.facts.ontology import Ontology, Property
from kg.terms import EDTF, KG, XSD, Verdict
from kg.track import Track, silent

# rdflib logs each value that it cannot read, with a traceback; here that is a finding, and no news.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)

EDTF_TYPE = EDTF + "EDTF"
NARROWER = {XSD + "integer": XSD + "decimal"}
"""A datatype whose values are all values of another."""
START, END, DATE = KG + "start", KG + "end", KG + "date"


@dataclass
class Checker:
    """Checks one ledger; every method yields findings."""

    ledger: Ledger
    ontology: Ontology

    def findings(self, track: Track = silent) -> Iterator[Finding]:
        """Everything wrong with entities and facts."""
        for entity in self.ledger.entities.values():
            yield from self._check_entity(entity)
        for fact in track(self.ledger.facts.values(), "checking facts"):
            yield from self._check_fact(fact)
        yield from self._check_contradictions()
        yield from self._check_times()
        yield from self._check_unused()

    @cached_property
    def types(self) -> dict[str, frozenset[str]]:
        """The classes of all that facts may speak of: entities, sources, the ontology's individuals."""
        names = self.ledger.corpus.project.names
        types = {iri: frozenset(entity.types) for iri, entity in self.ledger.entities.items()}
        for source in self.ledger.corpus.sources:
            iri = names.source(source.id)
            types[iri] = types.get(iri, frozenset()) | {KG + "Source"}
        return self.ontology.individuals | types

    def _check_entity(self, entity: Entity) -> Iterator[Finding]:
        name = self.ledger.short(entity.iri)
        if not entity.labels:
            remedy = 'Add rdfs:label "…"@en.'
            yield _finding(entity.place, "no-label", f"{name} has no label.", remedy)
        if not entity.types:
            yield _finding(
                entity.place, "no-type", f"{name} has no type.", "Add a class, such as `a kg:Event`."
            )
        for iri, place in entity.types.items():
            if iri not in self.ontology.parents:
                message = f"There is no class {self.ledger.short(iri)}."
                yield _finding(place, "unknown-class", message, self._meant(iri, self.ontology.parents))

    def _check_fact(self, fact: Fact) -> Iterator[Finding]:
        place = self.ledger.places[fact.key]
        property_ = self.ontology.properties.get(fact.predicate[1:-1])
        if property_ is None:
            iri = fact.predicate[1:-1]
            message = f"There is no property {self.ledger.short(iri)}."
            remedy = self._meant(iri, self.ontology.properties)
            yield _finding(place, "unknown-property", message, remedy)
        else:
            yield from self._check_subject(place, fact, property_)
            check = self._check_literal if property_.literal else self._check_node
            yield from check(place, fact, property_)
        yield from self._check_verdict(place, fact)

    def _check_subject(self, place: Place, fact: Fact, property_: Property) -> Iterator[Finding]:
        iri = fact.subject[1:-1]
        types = self.types.get(iri)
        if types is None:
            yield self._unknown_entity(place, iri)
        elif property_.domain and not self.ontology.is_a(types, property_.domain):
            yield self._misfit(place, "domain", iri, types, f"has {self._name(property_)}", property_.domain)

    def _check_node(self, place: Place, fact: Fact, property_: Property) -> Iterator[Finding]:
        if not fact.object.startswith("<"):
            message = f"{self._name(property_)} needs an entity, not the literal {fact.object}."
            yield _finding(
                place, "literal-for-entity", message, "Name the entity, such as :suez-canal-company."
            )
            return
        iri = fact.object[1:-1]
        types = self.types.get(iri)
        if types is None:
            yield self._unknown_entity(place, iri)
        elif property_.range and not self.ontology.is_a(types, property_.range):
            yield self._misfit(
                place, "range", iri, types, f"is the object of {self._name(property_)}", property_.range
            )

    def _check_literal(self, place: Place, fact: Fact, property_: Property) -> Iterator[Finding]:
        name = self._name(property_)
        if fact.object.startswith("<"):
            message = f"{name} needs a literal, not {self.ledger.short(fact.object[1:-1])}."
            yield _finding(place, "entity-for-literal", message, 'Write a value in quotes, such as "…"@en.')
            return
        datatype, problem = literal_problem(fact.object)
        if property_.range and not {datatype, NARROWER.get(datatype)} & property_.range:
            wanted = " or ".join(sorted(map(self.ledger.short, property_.range)))
            message = f"{name} needs a value of datatype {wanted}, not {self.ledger.short(datatype)}."
            yield _finding(place, "datatype", message, _DATATYPE_REMEDY.get(wanted, f'Write "…"^^{wanted}.'))
        elif problem:
            yield _finding(
                place, "value", f"{name}: {problem}.", "Mend the value; keep the source's precision."
            )

    def _check_verdict(self, place: Place, fact: Fact) -> Iterator[Finding]:
        if fact.judgement in (Verdict.REJECTED, Verdict.CONTESTED) and not fact.notes:
            message = f"The fact is {fact.judgement} without a note."
            yield _finding(
                place, "no-note", message, 'Add rdfs:comment "…"@en: what is right, and how it is known.'
            )
        supported = not fact.citations or any(citation.stance.supports for citation in fact.citations)
        if fact.judgement is Verdict.ACCEPTED and not supported:
            message = "The fact is Accepted, but every citation only claims, predicts or denies it."
            yield _finding(
                place, "unsupported", message, "Cite a passage that states, reports or estimates it."
            )

    def _check_contradictions(self) -> Iterator[Finding]:
        values: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        functional = {f"<{p.iri}>" for p in self.ontology.properties.values() if p.functional}
        for fact in self.ledger.facts.values():
            if fact.predicate in functional and fact.verdict is Verdict.ACCEPTED:
                values[fact.subject, fact.predicate].append(fact)
        for facts in values.values():
            for earlier, later in combinations(facts, 2):
                if not _compatible(earlier, later):
                    yield self._contradiction(earlier, later)

    def _contradiction(self, earlier: Fact, later: Fact) -> Finding:
        path, line = self.ledger.places[earlier.key]
        name, what = self.ledger.short(later.subject[1:-1]), self.ledger.short(later.predicate[1:-1])
        message = (
            f"{name} has two accepted values of {what}: {later.object} here, "
            f"{earlier.object} at {path.name}:{line}."
        )
        remedy = "Mark both kg:Contested, or reject one, with a note that says why."
        return _finding(self.ledger.places[later.key], "contradiction", message, remedy)

    def _check_times(self) -> Iterator[Finding]:
        starts, ends, points = (dict(self._dated(name)) for name in (START, END, DATE))
        for subject in starts.keys() & ends.keys():
            first, last = _bounds(starts[subject]).earliest, _bounds(ends[subject]).latest
            if first and last and last < first:
                message = f"{self.ledger.short(subject[1:-1])} ends before it starts."
                place = self.ledger.places[ends[subject].key]
                yield _finding(place, "time", message, "Mend one of the two dates.")
        for subject in points.keys() & (starts.keys() | ends.keys()):
            message = f"{self.ledger.short(subject[1:-1])} has a date and also a start or an end."
            remedy = "Use kg:date for what happened, kg:start and kg:end for what lasted."
            yield _finding(self.ledger.places[points[subject].key], "two-times", message, remedy)

    def _dated(self, predicate: str) -> Iterable[tuple[str, Fact]]:
        for fact in self.ledger.facts.values():
            if fact.predicate == f"<{predicate}>" and fact.verdict is Verdict.ACCEPTED:
                yield fact.subject, fact

    def _check_unused(self) -> Iterator[Finding]:
        cited: set[str] = set()
        named: set[str] = set()
        for fact in self.ledger.facts.values():
            named.update((fact.subject[1:-1], fact.object[1:-1]))
            for citation in fact.citations:
                cited.add(citation.passage)
                named.add(citation.according_to)
        for iri, (source, passage) in self.ledger.corpus.passages.items():
            if iri not in cited:
                message = f"No fact cites passage {passage.id}."
                yield Finding(
                    source.path, passage.line, "uncited-passage", message, "Cite it or delete it.", "warning"
                )
        linked = {value[1:-1] for entity in self.ledger.entities.values() for _, value in entity.others}
        for entity in self.ledger.entities.values():
            if entity.iri not in named and entity.iri not in linked:
                message = f"No fact speaks of {self.ledger.short(entity.iri)}."
                yield Finding(*entity.place, "unused-entity", message, "State one or delete it.", "warning")

    def _unknown_entity(self, place: Place, iri: str) -> Finding:
        message = f"Nothing declares {self.ledger.short(iri)}."
        remedy = self._meant(iri, self.types) or "Declare it, with type and label, in corpus/entities.ttl."
        return _finding(place, "unknown-entity", message, remedy)

    def _misfit(
        self, place: Place, code: str, iri: str, types: Iterable[str], how: str, wanted: Iterable[str]
    ) -> Finding:
        kinds = ", ".join(sorted(map(self.ledger.short, types))) or "of no type"
        fitting = " or ".join(sorted(map(self.ledger.short, wanted)))
        message = f"{self.ledger.short(iri)} {how} but is {kinds}."
        return _finding(
            place, code, message, f"It should be {fitting}; use another property or mend its type."
        )

    def _meant(self, iri: str, known: Iterable[str]) -> str:
        by_name = dict(zip(local_names(known), known, strict=True))
        return nearest(next(local_names([iri])), by_name)

    def _name(self, property_: Property) -> str:
        return self.ledger.short(property_.iri)


_DATATYPE_REMEDY = {
    "edtf:EDTF": 'Write "1858-05"^^edtf:EDTF.',
    "rdf:langString": 'Add the language: "…"@en.',
    "xsd:decimal": "Write a plain number, such as 90000000000.",
    "xsd:duration": 'Write "P30Y"^^xsd:duration.',
}


@lru_cache(maxsize=65536)
def literal_problem(text: str) -> tuple[str, str]:
    """The datatype IRI of an N-Triples literal, and what is wrong with its value; empty if nothing is."""
    literal = _literal(text)
    datatype = literal.datatype.value
    if datatype == EDTF_TYPE:
        return datatype, _complaint(lambda: bounds(literal.value))
    if literal.language is None and _ill_typed(literal):
        return datatype, f"“{literal.value}” is no {next(local_names([datatype]))}"
    if not literal.value.strip():
        return datatype, "the text is empty"
    return datatype, ""


def _ill_typed(literal: ox.Literal) -> bool:
    return bool(rdflib.Literal(literal.value, datatype=rdflib.URIRef(literal.datatype.value)).ill_typed)


def _complaint(action: Callable[[], object]) -> str:
    try:
        action()
    except ValueError as error:
        return str(error)
    return ""


def _literal(text: str) -> ox.Literal:
    quad = next(ox.parse(input=f"<x:s> <x:p> {text} .", format=ox.RdfFormat.N_TRIPLES))
    assert isinstance(quad.object, ox.Literal)
    return quad.object


def _bounds(fact: Fact) -> Bounds:
    """The days that bound a fact's date; open where it is no valid date, which is a finding of its own."""
    if literal_problem(fact.object) != (EDTF_TYPE, ""):
        return Bounds(None, None)
    return bounds(_literal(fact.object).value)


def _compatible(one: Fact, other: Fact) -> bool:
    """Whether both can be true: one date is only less precise than the other."""
    a, b = _bounds(one), _bounds(other)
    if None in (a.earliest, a.latest, b.earliest, b.latest):
        return False
    return a.within(b) or b.within(a)


def _finding(place: Place, code: str, message: str, remedy: str) -> Finding:
    return Finding(*place, code, message, remedy)
