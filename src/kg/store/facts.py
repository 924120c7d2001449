"""Filters become pages of facts, each with its citations."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from sqlite3 import Row
from typing import Protocol

from kg.errors import QueryError
from kg.store.cursor import Place
from kg.store.index import OF_CLASS, Index
from kg.store.search import match
from kg.store.shape import Json, citation, fact

WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
LATITUDE = "http://www.w3.org/2003/01/geo/wgs84_pos#lat"


class Add(Protocol):
    """Takes a condition with its values."""

    def __call__(self, condition: str, *given: object) -> None: ...  # noqa: D102


NODE = ("iri", "label", "language", "kind", "class")


def columns(alias: str) -> str:
    """The columns of a joined node, prefixed."""
    return ", ".join(f"{alias}.{name} AS {alias}_{name}" for name in NODE)


SELECT = (
    f"SELECT f.*, {columns('s')}, {columns('p')}, {columns('o')} FROM fact f "
    "JOIN node s ON s.id = f.subject JOIN node p ON p.id = f.predicate LEFT JOIN node o ON o.id = f.object"
)
PASSAGE = ("iri", "start", "end", "digest", "sha256", "exact", "prefix", "suffix")
CITATIONS = (
    f"SELECT c.*, {columns('s')}, {columns('a')}, "
    + ", ".join(f"p.{name} AS p_{name}" for name in PASSAGE)
    + " FROM citation c JOIN passage p ON p.id = c.passage JOIN node s ON s.id = c.source "
    "LEFT JOIN node a ON a.id = c.according_to WHERE c.fact IN ({marks}) ORDER BY c.fact, s.iri, p.start"
)
SORTS = {
    "subject": "f.id",
    "earliest": "coalesce(f.earliest, '9999')",
    "latest": "coalesce(f.latest, '9999')",
    "sources": "f.sources",
}
"""By the name under which one asks for it; the facts of one subject are neighbours by id."""
STATUSES = {
    "corroborated": "f.verdict = 'Accepted' AND f.sources > 1",
    "single-source": "f.verdict = 'Accepted' AND f.sources = 1",
    "contested": "f.verdict = 'Contested'",
    "rejected": "f.verdict = 'Rejected'",
    "unverified": "f.verdict = 'Unverified'",
}


@dataclass(frozen=True)
class Filter:
    """Which facts are wanted; whatever is empty does not matter."""

    subject: str = ""
    predicate: str = ""
    object: str = ""
    """A name of an entity, or the text of a literal."""
    about: str = ""
    """A name of an entity that is the subject or the object."""
    source: str = ""
    verdict: str = ""
    status: str = ""
    method: str = ""
    stance: str = ""
    type: str = ""
    """A class of the subject, or one above it."""
    earliest: str = ""
    """An ISO day: only what holds at that day or later."""
    latest: str = ""
    """An ISO day: only what holds at that day or before."""
    text: str = ""


class Facts:
    """Finds facts."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.names = index.build.names

    def page(
        self, wanted: Filter, sort: str = "subject", cursor: str = "", limit: int = 50
    ) -> tuple[list[Json], str]:
        """A page of facts, and the cursor of the next one, empty on the last.

        `sort` is a key of SORTS, with a minus before it for the reverse. Raises QueryError for an unknown
        sort or cursor, UnknownName for a name that nothing has.
        """
        conditions, values = self._conditions(wanted)
        key = SORTS.get(sort.removeprefix("-"))
        if not key:
            raise QueryError(f"There is no order “{sort}”. There are {', '.join(SORTS)}.")
        order, beyond = ("DESC", "<") if sort.startswith("-") else ("ASC", ">")
        if cursor:
            place = Place.decode(cursor)
            conditions.append(f"({key}, f.id) {beyond} (?, ?)")
            values += [place.key, place.id]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        sql = f"SELECT f.id, {key} AS sort FROM fact f{where} ORDER BY {key} {order}, f.id {order} LIMIT ?"
        found = self.index.rows(sql, *values, limit + 1)
        following = (
            Place(found[limit - 1]["sort"], found[limit - 1]["id"]).encode() if len(found) > limit else ""
        )
        return self.of([row["id"] for row in found[:limit]]), following

    def count(self, wanted: Filter) -> int:
        """How many facts a filter lets through."""
        conditions, values = self._conditions(wanted)
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        row = self.index.row(f"SELECT count(*) AS total FROM fact f{where}", *values)
        return int(row["total"]) if row else 0

    def of(self, ids: Sequence[int]) -> list[Json]:
        """The facts of those ids, in that order."""
        if not ids:
            return []
        marks = ", ".join("?" * len(ids))
        rows = {row["id"]: row for row in self.index.rows(f"{SELECT} WHERE f.id IN ({marks})", *ids)}
        notes = _grouped(self.index.rows(f"SELECT * FROM note WHERE fact IN ({marks}) ORDER BY rowid", *ids))
        citations = _grouped(self.index.rows(CITATIONS.format(marks=marks), *ids))
        return [self._fact(rows[number], notes[number], citations[number]) for number in ids]

    @cached_property
    def mapped(self) -> bool:
        """Whether some fact gives a place in coordinates: in WKT, or as latitude."""
        sql = (
            "SELECT EXISTS (SELECT 1 FROM fact WHERE datatype = ?) OR EXISTS "
            "(SELECT 1 FROM fact f JOIN node p ON p.id = f.predicate WHERE p.iri = ?) AS found"
        )
        row = self.index.row(sql, WKT, LATITUDE)
        return bool(row and row["found"])

    def named(self, iris: Iterable[str]) -> list[Json]:
        """The facts of those IRIs, in that order; what is no fact is left out."""
        hashes = json.dumps([iri.removeprefix(self.names.fact) for iri in iris])
        sql = "SELECT f.id FROM json_each(?) j JOIN fact f ON f.hash = j.value ORDER BY j.key"
        return self.of([row["id"] for row in self.index.rows(sql, hashes)])

    def _fact(self, row: Row, notes: Iterable[Row], citations: Iterable[Row]) -> Json:
        cited = (citation(each, self.names.citation) for each in citations)
        return fact(row, self.names.fact, notes, cited)

    def _conditions(self, wanted: Filter) -> tuple[list[str], list[object]]:
        conditions: list[str] = []
        values: list[object] = []

        def add(condition: str, *given: object) -> None:
            conditions.append(condition)
            values.extend(given)

        resolve = self.index.resolve
        if wanted.subject:
            add("f.subject = ?", resolve(wanted.subject, ("entity", "source")).id)
        if wanted.predicate:
            add("f.predicate = ?", resolve(wanted.predicate, ("term",)).id)
        if wanted.about:
            node = resolve(wanted.about, ("entity", "source")).id
            add("(f.subject = ? OR f.object = ?)", node, node)
        if wanted.object:
            self._add_object(wanted.object, add)
        if wanted.source:
            source = resolve(wanted.source, ("source",)).id
            add("f.id IN (SELECT fact FROM citation WHERE source = ?)", source)
        self._add_values(wanted, add)
        return conditions, values

    def _add_object(self, name: str, add: Add) -> None:
        try:
            add("f.object = ?", self.index.resolve(name).id)
        except QueryError:
            add("f.value = ?", name)

    def _add_values(self, wanted: Filter, add: Add) -> None:
        if wanted.verdict:
            add("f.verdict = ?", wanted.verdict)
        if wanted.status:
            add(STATUSES[wanted.status])
        for name in ("method", "stance"):
            if value := getattr(wanted, name):
                add(f"EXISTS (SELECT 1 FROM citation c WHERE c.fact = f.id AND c.{name} = ?)", value)
        if wanted.type:
            iri = self.index.resolve(wanted.type, ("term",)).iri
            add(f"f.subject IN ({OF_CLASS})", iri)
        if wanted.earliest:
            add("coalesce(f.latest, CASE WHEN f.earliest IS NOT NULL THEN '9999' END) >= ?", wanted.earliest)
        if wanted.latest:
            add("coalesce(f.earliest, CASE WHEN f.latest IS NOT NULL THEN '0001' END) <= ?", wanted.latest)
        if wanted.text and (expression := match(wanted.text)):
            add("f.id IN (SELECT rowid FROM statements WHERE statements MATCH ?)", expression)


def _grouped(rows: Iterable[Row]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["fact"]].append(row)
    return groups
