"""A name becomes what the graph has of it: an entity, a source, a passage, a fact with its dossier."""

from __future__ import annotations

import json
from collections.abc import Iterable
from sqlite3 import Row

from kg.errors import UnknownName
from kg.store import shape
from kg.store.cursor import Place
from kg.store.facts import Facts, Filter
from kg.store.index import OF_CLASS, Index
from kg.store.shape import Json

SOURCES = """
    SELECT n.*, s.record, s.passages,
        (SELECT count(DISTINCT fact) FROM citation WHERE source = n.id) AS cited
    FROM source s JOIN node n ON n.id = s.node"""
CONTRADICTIONS = """
    SELECT o.id FROM fact f
    JOIN fact o ON o.subject = f.subject AND o.predicate = f.predicate AND o.id != f.id
    JOIN node p ON p.id = f.predicate
    WHERE f.id = ? AND (p.functional OR (f.verdict = 'Contested' AND o.verdict = 'Contested'))
    ORDER BY o.id"""
DISAGREEMENTS = """
    WITH disputed AS (
        SELECT id, subject, predicate FROM fact WHERE verdict IN ('Contested', 'Rejected')
        OR id IN (SELECT fact FROM citation WHERE stance = 'Denies')
    )
    SELECT o.id, o.subject, o.predicate FROM fact o JOIN node p ON p.id = o.predicate
    WHERE (o.subject, o.predicate) IN (SELECT subject, predicate FROM disputed)
    AND (p.functional OR o.id IN (SELECT id FROM disputed))
    ORDER BY o.subject, o.predicate, o.id"""
NEIGHBOURS = """
    SELECT f.id FROM fact f
    JOIN node o ON o.id = CASE f.subject WHEN ?1 THEN f.object ELSE f.subject END
    WHERE f.verdict = 'Accepted' AND o.kind != 'term'
    AND (f.subject = ?1 AND f.object IS NOT NULL OR f.object = ?1)
    ORDER BY f.subject != ?1, o.id LIMIT ?2"""
PASSAGES = (
    "SELECT p.*, (SELECT count(DISTINCT fact) FROM citation WHERE passage = p.id) AS facts FROM passage p"
)


class Lookup:
    """Looks things up in one build."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.names = index.build.names
        self.facts = Facts(index)

    def entity(self, name: str) -> Json:
        """An entity by the last part of its IRI, without its facts. Raises UnknownName."""
        row = self.index.node(self.names.entity + name)
        if not row or row["kind"] != "entity":
            raise UnknownName(f"There is no entity “{name}”.")
        return self._entity(row)

    def _entity(self, row: Row) -> Json:
        types = self.index.rows("SELECT class FROM type WHERE node = ? ORDER BY class", row["id"])
        aliases = self.index.rows("SELECT text, language FROM alias WHERE node = ? ORDER BY text", row["id"])
        return {**shape.entity(row, (each["class"] for each in types), aliases), "links": row["facts"]}

    def entities(self, type_name: str = "", cursor: str = "", limit: int = 50) -> tuple[list[Json], str]:
        """Entities, the most used first, and the cursor of the next page. Raises as `resolve` does."""
        conditions, values = ["kind = 'entity'", "id > ?"], [Place.decode(cursor).id if cursor else 0]
        wanted: list[object] = [*values]
        if type_name:
            conditions.append(f"id IN ({OF_CLASS})")
            wanted.append(self.index.resolve(type_name, ("term",)).iri)
        sql = f"SELECT * FROM node WHERE {' AND '.join(conditions)} ORDER BY id LIMIT ?"
        rows = self.index.rows(sql, *wanted, limit + 1)
        following = Place(None, rows[limit - 1]["id"]).encode() if len(rows) > limit else ""
        return [self._entity(row) for row in rows[:limit]], following

    def source(self, name: str) -> Json:
        """A source's record by its id. Raises UnknownName."""
        row = self.index.row(f"{SOURCES} WHERE n.iri = ?", self.names.source(name))
        if not row:
            raise UnknownName(f"There is no source “{name}”.")
        return {**shape.source(row), "links": row["cited"]}

    def sources(self) -> list[Json]:
        """Every source, with how many facts cite it."""
        rows = self.index.rows(f"{SOURCES} ORDER BY n.iri")
        return [{**shape.source(row), "links": row["cited"]} for row in rows]

    def text(self, name: str) -> tuple[int, str] | None:
        """The text of a source and where in the original it begins; None where it is not at hand."""
        sql = "SELECT s.start, s.text FROM source s JOIN node n ON n.id = s.node WHERE n.iri = ?"
        row = self.index.row(sql, self.names.source(name))
        return (row["start"], row["text"]) if row and row["text"] is not None else None

    def passages(self, source: str) -> list[Json]:
        """The passages of a source in the order of the text, with how many facts cite each."""
        sql = f"{PASSAGES} JOIN node n ON n.id = p.source WHERE n.iri = ? ORDER BY p.start, p.end"
        rows = self.index.rows(sql, self.names.source(source))
        return [{**shape.passage(row), "links": row["facts"]} for row in rows]

    def passage(self, source: str, name: str) -> Json:
        """A passage with the facts that cite it. Raises UnknownName."""
        row = self.index.row(f"{PASSAGES} WHERE p.iri = ?", self.names.passage(source, name))
        if not row:
            raise UnknownName(f"The source “{source}” has no passage “{name}”.")
        cited = self.index.rows(
            "SELECT DISTINCT fact FROM citation WHERE passage = ? ORDER BY fact", row["id"]
        )
        of = self.index.node(self.names.source(source))
        assert of
        return {
            **shape.passage(row),
            "source": shape.reference(of),
            "cited": self.facts.of([each["fact"] for each in cited]),
        }

    def facts_of_source(self, name: str) -> dict[str, list[Json]]:
        """For each passage of a source, by IRI, the facts that cite it."""
        rows = self.index.rows(
            "SELECT DISTINCT p.iri, c.fact FROM citation c JOIN passage p ON p.id = c.passage "
            "JOIN node n ON n.id = c.source WHERE n.iri = ? ORDER BY p.start, c.fact",
            self.names.source(name),
        )
        facts = self._by_id({row["fact"] for row in rows})
        found: dict[str, list[Json]] = {}
        for row in rows:
            found.setdefault(row["iri"], []).append(facts[row["fact"]])
        return found

    def fact(self, name: str) -> Json:
        """A fact by its hash, with all that contradicts it. Raises UnknownName."""
        row = self.index.row("SELECT id FROM fact WHERE hash = ?", name)
        if not row:
            raise UnknownName(f"There is no fact “{name}”.")
        return {**self.facts.of([row["id"]])[0], "contradictedBy": self.contradictions(row["id"])}

    def fact_of_citation(self, name: str) -> str:
        """The hash of the fact that a citation belongs to. Raises UnknownName."""
        sql = "SELECT f.hash FROM citation c JOIN fact f ON f.id = c.fact WHERE c.hash = ?"
        row = self.index.row(sql, name)
        if not row:
            raise UnknownName(f"There is no citation “{name}”.")
        return str(row["hash"])

    def contradictions(self, fact: int) -> list[Json]:
        """The facts that cannot stand beside one, or that the curators set against it.

        Same subject and property, another value: where the property has but one value, or where both
        are contested.
        """
        rows = self.index.rows(CONTRADICTIONS, fact)
        return self.facts.of([row["id"] for row in rows])

    def disagreements(self) -> list[list[Json]]:
        """Each subject and property on which there is no agreement: its facts side by side.

        Those where facts do stand against each other come first, then those contested by nobody but us.
        """
        rows = self.index.rows(DISAGREEMENTS)
        facts = self._by_id({row["id"] for row in rows})
        groups: dict[tuple[int, int], list[Json]] = {}
        for row in rows:
            groups.setdefault((row["subject"], row["predicate"]), []).append(facts[row["id"]])
        return sorted(groups.values(), key=lambda group: len(group) == 1)

    def timeline(
        self, type_name: str = "", earliest: str = "", latest: str = "", limit: int = 500
    ) -> list[Json]:
        """Dated entities in the order of time, without figures unless asked for by type.

        Days are ISO; only what can have been between `earliest` and `latest` is given.
        """
        conditions = ["kind = 'entity'", "(earliest IS NOT NULL OR latest IS NOT NULL)"]
        values: list[object] = []
        if type_name:
            conditions.append(f"id IN ({OF_CLASS})")
            values.append(self.index.resolve(type_name, ("term",)).iri)
        else:
            conditions.append("class NOT LIKE '%#Observation'")
        if earliest:
            conditions.append("coalesce(latest, '9999') >= ?")
            values.append(earliest)
        if latest:
            conditions.append("coalesce(earliest, '0001') <= ?")
            values.append(latest)
        sql = (
            f"SELECT * FROM node WHERE {' AND '.join(conditions)} "
            "ORDER BY coalesce(earliest, latest), coalesce(latest, '9999'), label, id LIMIT ?"
        )
        return [self._dated(row) for row in self.index.rows(sql, *values, limit)]

    def dated(self, iris: Iterable[str], limit: int = 40) -> list[Json]:
        """Those of some nodes that are dated, in the order of time."""
        sql = (
            "SELECT n.* FROM json_each(?) j JOIN node n ON n.iri = j.value "
            "WHERE n.earliest IS NOT NULL OR n.latest IS NOT NULL "
            "ORDER BY coalesce(n.earliest, n.latest), n.id LIMIT ?"
        )
        return [self._dated(row) for row in self.index.rows(sql, json.dumps(sorted(iris)), limit)]

    def _dated(self, row: Row) -> Json:
        days = {name: row[name] for name in ("earliest", "latest") if row[name]}
        return {**shape.reference(row), **days, "links": row["facts"]}

    def neighbours(self, name: str, limit: int = 24) -> list[Json]:
        """The facts that tie an entity to others, the most used ones first; accepted ones only."""
        row = self.index.node(self.names.entity + name) or self.index.node(self.names.source(name))
        if not row:
            return []
        rows = self.index.rows(NEIGHBOURS, row["id"], limit)
        return self.facts.of([each["id"] for each in rows])

    def count(self, wanted: Filter) -> int:
        """How many facts a filter lets through."""
        return self.facts.count(wanted)

    def types(self) -> list[tuple[str, str, int]]:
        """The classes that entities have: IRI, label, how many."""
        rows = self.index.rows(
            "SELECT t.class, n.label, count(*) AS total FROM type t JOIN node n ON n.iri = t.class "
            "JOIN node e ON e.id = t.node AND e.kind = 'entity' GROUP BY t.class ORDER BY total DESC, t.class"
        )
        return [(row["class"], row["label"], row["total"]) for row in rows]

    def properties(self) -> list[tuple[str, str, int]]:
        """The properties that facts have: IRI, label, how many."""
        rows = self.index.rows(
            "SELECT n.iri, n.label, count(*) AS total FROM fact f JOIN node n ON n.id = f.predicate "
            "GROUP BY f.predicate ORDER BY total DESC, n.iri"
        )
        return [(row["iri"], row["label"], row["total"]) for row in rows]

    def _by_id(self, ids: Iterable[int]) -> dict[int, Json]:
        wanted = sorted(ids)
        return dict(zip(wanted, self.facts.of(wanted), strict=True))
