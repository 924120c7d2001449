"""Facts and sources from the index of a build rather than from the store: for a store that is far away.

A cited answer then costs the store one query, and not several for each fact.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from sqlite3 import Row

import pyoxigraph as ox

from kg.errors import UnknownName
from kg.facts.fact import canonical
from kg.store.cite.answer import CitedFact, CitedPassage
from kg.store.cite.dossier import REMEMBERED, order_of
from kg.store.cite.evidence import DERIVED, MODEL, NOTHING, Evidence, Options
from kg.store.distant import DistantStore
from kg.store.facts import CITATIONS
from kg.store.index import Index
from kg.store.record import Source
from kg.store.store import Term
from kg.terms import Verdict

PREDICATES = "SELECT DISTINCT p.iri FROM fact f JOIN node p ON p.id = f.predicate"
FACT = (
    "SELECT f.*, s.iri AS subject_iri, p.iri AS predicate_iri, o.iri AS object_iri FROM fact f "
    "JOIN node s ON s.id = f.subject JOIN node p ON p.id = f.predicate LEFT JOIN node o ON o.id = f.object "
    "WHERE f.hash = ?"
)
CITED = "SELECT f.hash FROM citation c JOIN fact f ON f.id = c.fact WHERE c.hash = ?"
VALUES = (
    "SELECT f.value, f.language, f.datatype, NULL AS object_iri FROM fact f JOIN node s ON s.id = f.subject "
    "JOIN node p ON p.id = f.predicate WHERE s.iri = ? AND p.iri = ? AND f.verdict = ? "
    "AND f.value IS NOT NULL ORDER BY f.id"
)
SOURCE = "SELECT n.label, s.record FROM source s JOIN node n ON n.id = s.node WHERE n.iri = ?"


class IndexedEvidence(Evidence):
    """What triples rest on, by the index."""

    def __init__(self, store: DistantStore, index: Index) -> None:
        super().__init__(store, index.build.names)
        self.distant = store
        self.index = index

    @cached_property
    def predicates(self) -> frozenset[str]:
        """The properties that facts have."""
        return self._iris(PREDICATES)

    @cached_property
    def links(self) -> frozenset[str]:
        """Those whose objects, in facts, are all IRIs, and of which nothing is derived."""
        literal = self._iris(f"{PREDICATES} WHERE f.object IS NULL")
        return self.predicates - literal - DERIVED.keys() - MODEL

    def _iris(self, sql: str) -> frozenset[str]:
        return frozenset(row["iri"] for row in self.index.rows(sql))

    def _find(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Options:
        """As ever, but for literals that the store has in another form than was sent."""
        if not isinstance(value, ox.Literal):
            return super()._find(subject, predicate, value)
        forms = [ox.Literal(value.value, datatype=ox.NamedNode(name)) for name in self._kinds(value)]
        found = (super(IndexedEvidence, self)._find(subject, predicate, form) for form in (value, *forms))
        return next((options for options in found if options != NOTHING), NOTHING)

    def _kinds(self, value: ox.Literal) -> tuple[str, ...]:
        """Datatypes that a plain string may have lost on its way there."""
        plain = value == ox.Literal(value.value)
        return self.distant.stamp.as_string if plain else ()

    def _written(self, term: Term) -> str:
        return canonical(term)

    def _fact(self, iri: str) -> Options:
        known = self.index.row("SELECT 1 FROM fact WHERE hash = ?", iri.removeprefix(self.names.fact))
        return (frozenset({iri}),) if known else NOTHING

    def _facts_of(self, citation: ox.NamedNode) -> Iterator[str]:
        rows = self.index.rows(CITED, citation.value.removeprefix(self.names.citation))
        return (self.names.fact + row["hash"] for row in rows)

    def _values(self, subject: ox.NamedNode, predicate: ox.NamedNode) -> Iterator[Term]:
        rows = self.index.rows(VALUES, subject.value, predicate.value, str(Verdict.ACCEPTED))
        return map(_object, rows)


class IndexedDossiers:
    """Facts and sources with all that is said of them, by the index."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.names = index.build.names
        self.fact = lru_cache(REMEMBERED)(self._fact)
        self.source = lru_cache(REMEMBERED)(self._source)

    def _fact(self, iri: str) -> CitedFact:
        row = self._row(FACT, iri.removeprefix(self.names.fact), iri)
        notes = self.index.rows("SELECT text FROM note WHERE fact = ?", row["id"])
        citations = self.index.rows(CITATIONS.format(marks="?"), row["id"])
        return CitedFact(
            iri, ox.NamedNode(row["subject_iri"]), ox.NamedNode(row["predicate_iri"]), _object(row),
            verdict=row["verdict"],
            notes=tuple(sorted(note["text"] for note in notes)),
            citations=tuple(sorted(self._citations(citations), key=order_of)),
        )  # fmt: skip

    def _citations(self, rows: Iterable[Row]) -> Iterator[CitedPassage]:
        for row in rows:
            passage, source = row["p_iri"], row["s_iri"]
            name = source.removeprefix(self.names.source(""))
            yield CitedPassage(
                source, passage, f"{name} {passage.partition('#')[2]}", row["p_digest"], row["p_exact"] or "",
                stance=row["stance"],
                method=row["method"],
                according_to=row["a_iri"] or "",
                confidence=row["confidence"] or "",
                rule=row["rule"] or "",
            )  # fmt: skip

    def _source(self, iri: str) -> Source:
        row = self._row(SOURCE, iri, iri)
        record = json.loads(row["record"])
        names = ("date", "publisher", "language", "rights", "url")
        rest = (str(record.get(name, "")) for name in names)
        return Source(iri, row["label"], tuple(sorted(record.get("creators", ()))), *rest)

    def _row(self, sql: str, key: str, iri: str) -> Row:
        row = self.index.row(sql, key)
        if row is None:
            raise UnknownName(f"The index of this build has no <{iri}>.")
        return row


def _object(row: Row) -> ox.NamedNode | ox.Literal:
    """The object of a fact, from its columns."""
    if row["object_iri"] is not None:
        return ox.NamedNode(row["object_iri"])
    if row["language"]:
        return ox.Literal(row["value"], language=row["language"])
    return ox.Literal(row["value"], datatype=ox.NamedNode(row["datatype"]) if row["datatype"] else None)
