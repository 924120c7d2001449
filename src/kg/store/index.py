"""The index of a build becomes rows: read-only connections, one a thread."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from typing import NamedTuple

from kg.errors import NoBuild, UnknownName
from kg.facts.hint import nearest
from kg.graph.index import INDEX
from kg.store.build import Build

CACHE = 4_000
"""KiB of pages that each connection keeps; the kernel keeps the rest for all processes."""
NEAR = 2_000
"""Names among which a “did you mean” is looked for: the most used ones."""

OF_CLASS = "SELECT node FROM type WHERE class IN (SELECT class FROM subclass WHERE ancestor = ?)"
"""The nodes of a class, given by IRI, and of those below it."""


class Found(NamedTuple):
    """A node that a name has led to."""

    id: int
    iri: str


class Index:
    """The index of one build."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self._path = build.path / INDEX
        self._local = threading.local()
        if not self._path.is_file():
            raise NoBuild("This build has no index for look-ups. Run `kg build` again.")

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Every row of a query."""
        return self._connection().execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """The first row of a query."""
        row: sqlite3.Row | None = self._connection().execute(sql, values).fetchone()
        return row

    def node(self, iri: str) -> sqlite3.Row | None:
        """The row of a node."""
        return self.row("SELECT * FROM node WHERE iri = ?", iri)

    def resolve(self, name: str, kinds: Iterable[str] = ("entity", "source", "term")) -> Found:
        """The node that a name means: an IRI, a prefixed name, the last part of an IRI, a label, an alias.

        Raises UnknownName where there is none, or where an alias means several.
        """
        wanted = set(kinds)
        for iri in self._candidates(name):
            row = self.node(iri)
            if row and row["kind"] in wanted:
                return Found(row["id"], iri)
        by_label = "SELECT id, iri, kind FROM node WHERE label = ? COLLATE NOCASE ORDER BY id"
        by_alias = (
            "SELECT DISTINCT n.id, n.iri, n.kind FROM alias a JOIN node n ON n.id = a.node "
            "WHERE a.text = ? COLLATE NOCASE ORDER BY n.id"
        )
        for sql in (by_label, by_alias):
            found = [Found(row["id"], row["iri"]) for row in self.rows(sql, name) if row["kind"] in wanted]
            if len(found) == 1:
                return found[0]
            if found:
                raise UnknownName(
                    f"“{name}” may mean {', '.join(each.iri for each in found[:9])}. Give one of them."
                )
        raise UnknownName(f"There is nothing named “{name}”. {self._hint(name, wanted)}".strip())

    def meanings(self, name: str) -> set[str]:
        """The IRI of every node that a name can mean."""
        direct = [iri for iri in self._candidates(name) if self.node(iri)]
        if direct:
            return set(direct)
        rows = self.rows(
            "SELECT iri FROM node WHERE label = ?1 COLLATE NOCASE UNION SELECT n.iri FROM alias a "
            "JOIN node n ON n.id = a.node WHERE a.text = ?1 COLLATE NOCASE",
            name,
        )
        return {row["iri"] for row in rows}

    def close(self) -> None:
        """Let go of this thread's connection, which must not be taken through a fork."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _candidates(self, name: str) -> list[str]:
        names, prefixes = self.build.names, self.build.prefixes
        prefix, colon, local = name.partition(":")
        prefixed = [prefixes[prefix] + local] if colon and prefix in prefixes else []
        kg = prefixes.get("kg", "")
        return [name, *prefixed, names.entity + name, names.source(name), kg + name]

    def _hint(self, name: str, kinds: set[str]) -> str:
        marks = ", ".join("?" * len(kinds))
        sql = f"SELECT label FROM node WHERE kind IN ({marks}) ORDER BY id LIMIT {NEAR}"  # marks only
        return nearest(name, [row["label"] for row in self.rows(sql, *sorted(kinds))])

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            connection.row_factory = sqlite3.Row
            connection.executescript(
                f"PRAGMA cache_size = -{CACHE}; PRAGMA temp_store = MEMORY;"
                "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, names, row);"
            )
            self._local.connection = connection
        return connection
