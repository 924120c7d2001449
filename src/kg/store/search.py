"""Words become what they may mean: entities by name, passages and facts by what they say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from sqlite3 import Row

from rapidfuzz import fuzz, process

from kg.store.index import OF_CLASS, Index
from kg.store.shape import Json, passage, reference

WORD = re.compile(r"\w+")
CANDIDATES = 200
"""Entities that are ranked with care: the most used ones among those whose names fit."""
TYPO = 72
"""How alike (of 100) a known word must be to stand for one that nothing has in its name."""
ALTERNATIVES = 4
"""Known words that may stand for one."""


def match(words: str, prefix: bool = False) -> str:
    """Words as an FTS5 expression that needs them all; with `prefix` the last one may go on.

    https://www.sqlite.org/fts5.html#full_text_query_syntax: quoted, so no word is an operator.
    """
    quoted = [f'"{word}"' for word in WORD.findall(words)]
    return " ".join(quoted) + ("*" if prefix and quoted else "")


class Search:
    """Finds entities and passages."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def names(self, words: str, type_iri: str = "", limit: int = 20) -> list[Json]:
        """Entities and sources whose label or alias fits, best first, spelling mistakes forgiven."""
        ids = self._fitting(match(words, prefix=True), type_iri)
        exact = self._exact(words, type_iri)
        if not ids and not exact and (corrected := self._corrected(words)):
            ids = self._fitting(corrected, type_iri)
        rows = self._rows({*ids, *exact})
        ranked = sorted(((_rank(words, row), row) for row in rows), key=lambda pair: (pair[0], pair[1]["id"]))
        return [_hit(words, row) for _, row in ranked[:limit]]

    def passages(self, words: str, limit: int = 20) -> list[Json]:
        """Passages whose digest or quote has all the words, best first."""
        expression = match(words)
        if not expression:
            return []
        rows = self.index.rows(
            "SELECT p.*, s.iri AS s_iri, s.label AS s_label, s.language AS s_language, s.kind AS s_kind, "
            "s.class AS s_class FROM passages JOIN passage p ON p.id = passages.rowid "
            "JOIN node s ON s.id = p.source WHERE passages MATCH ? ORDER BY rank, p.id LIMIT ?",
            *(expression, limit),
        )
        return [{**passage(row), "source": reference(row, "s_")} for row in rows]

    def _fitting(self, expression: str, type_iri: str) -> list[int]:
        """The ids that fit an expression; ids go by use, so the most used are read first."""
        if not expression:
            return []
        kind = f"AND rowid IN ({OF_CLASS})" if type_iri else ""
        values = (expression, *([type_iri] if type_iri else []), CANDIDATES)
        sql = f"SELECT rowid FROM names WHERE names MATCH ? {kind} ORDER BY rowid LIMIT ?"
        return [row["rowid"] for row in self.index.rows(sql, *values)]

    def _exact(self, words: str, type_iri: str) -> list[int]:
        kind = f"AND id IN ({OF_CLASS})" if type_iri else ""
        values = (words.strip(), *([type_iri] if type_iri else []))
        sql = f"SELECT id FROM node WHERE label = ? COLLATE NOCASE AND kind != 'term' {kind} LIMIT 20"
        return [row["id"] for row in self.index.rows(sql, *values)]

    def _rows(self, ids: Iterable[int]) -> list[Row]:
        wanted = sorted(ids)
        marks = ", ".join("?" * len(wanted))
        return self.index.rows(
            "SELECT n.*, (SELECT group_concat(text, char(10)) FROM alias WHERE node = n.id) AS aliases "
            f"FROM node n WHERE id IN ({marks})",
            *wanted,
        )

    def _corrected(self, words: str) -> str:
        """The expression with words that names do have in place of those that they have not."""
        groups = [self._alternatives(word.casefold()) for word in WORD.findall(words)]
        if not all(groups):
            return ""
        return " AND ".join("(" + " OR ".join(f'"{each}"' for each in group) + ")" for group in groups)

    def _alternatives(self, word: str) -> list[str]:
        if len(word) < 3 or word in self._known:
            return [word]
        near = process.extract(
            word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=TYPO, limit=ALTERNATIVES
        )
        return [name for name, _, _ in near]

    @cached_property
    def _vocabulary(self) -> list[str]:
        return [row["term"] for row in self.index.rows("SELECT term FROM temp.vocabulary")]

    @cached_property
    def _known(self) -> set[str]:
        return set(self._vocabulary)


def _names(row: Row) -> list[str]:
    return [row["label"], *(row["aliases"].split("\n") if row["aliases"] else [])]


def _rank(words: str, row: Row) -> tuple[float, ...]:
    """Smaller is better: the name itself, its beginning, likeness; the label before an alias."""
    wanted = words.strip().casefold()
    label, *aliases = (name.casefold() for name in _names(row))
    likeness = max(fuzz.WRatio(wanted, name) for name in (label, *aliases))
    if label == wanted:
        return (0,)
    if wanted in aliases:
        return (1,)
    if label.startswith(wanted):
        return (2, -fuzz.ratio(wanted, label) - _weight(row))
    return (3, -likeness - _weight(row))


def _weight(row: Row) -> float:
    """What being in many facts is worth, in points of likeness."""
    return float(min(row["facts"], 100)) / 5


def _hit(words: str, row: Row) -> Json:
    wanted = words.strip().casefold()
    named = max(_names(row), key=lambda name: fuzz.WRatio(wanted, name.casefold()))
    matched = {} if named == row["label"] else {"matched": named}
    return {**reference(row), "links": row["facts"], **matched}
