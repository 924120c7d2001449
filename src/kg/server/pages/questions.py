"""Named queries with the tag `home` become questions with the first rows of their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kg.graph.queries import NamedQuery
from kg.server.catalog import Volume
from kg.server.inquiry import cited
from kg.server.service import Service
from kg.store.shape import Json, short

Term = Mapping[str, Any] | None

TAG = "home"
ROWS = 6
"""Rows of an answer that are shown."""


class Cell(NamedTuple):
    """One value of a row."""

    text: str
    iri: str


class Row(NamedTuple):
    """One row: its values, and the passages that it names, which are shown as notes."""

    cells: list[Cell]
    passages: list[Json]


class Question(NamedTuple):
    """A named query with its answer's beginning."""

    query: NamedQuery
    columns: list[str]
    rows: list[Row]
    more: int
    """Rows that are not shown."""
    build: str
    """Id of the build that gave the answer."""
    sha256: str
    """Of the answer, as permalinks have it."""


class Questions:
    """The questions of the first page, asked once for each build."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: tuple[str, list[Question]] = ("", [])

    async def of(self, volume: Volume) -> list[Question]:
        """The questions of a build. Raises what the evaluation raises."""
        if self._known[0] != volume.build.id:
            tagged = [query for query in volume.queries if TAG in query.tags]
            self._known = (volume.build.id, [await self._ask(volume, query) for query in tagged])
        return self._known[1]

    async def _ask(self, volume: Volume, query: NamedQuery) -> Question:
        answer = await cited(self._service, query.text, volume.build.base)
        names, rows = answer["head"]["vars"], answer["results"]["bindings"]
        shown = [_row(volume, [row.get(name) for name in names]) for row in rows[:ROWS]]
        columns = [name for name in names if not any(_is_source(volume, row.get(name)) for row in rows)]
        link = answer["cite"]["permalink"]
        return Question(query, columns, shown, len(rows) - len(shown), link["build"], link["sha256"])


def _row(volume: Volume, terms: Sequence[Term]) -> Row:
    passages = [term for term in terms if term and _is_passage(volume, term)]
    cells = [_cell(volume, term) for term in terms if not _is_source(volume, term)]
    return Row(cells, [_passage(volume, str(term["value"])) for term in passages])


def _is_source(volume: Volume, term: Term) -> bool:
    return bool(term and term["value"].startswith(volume.build.base + "source/"))


def _is_passage(volume: Volume, term: Term) -> bool:
    return bool(term and _is_source(volume, term) and "#" in term["value"])


def _passage(volume: Volume, iri: str) -> Json:
    source, _, name = iri.removeprefix(volume.build.base + "source/").partition("#")
    return volume.lookup.passage(source, name)


def _cell(volume: Volume, term: Term) -> Cell:
    if not term:
        return Cell("", "")
    if term["type"] != "uri":
        return Cell(str(term["value"]), "")
    node = volume.index.node(str(term["value"]))
    return Cell(node["label"] if node else short(str(term["value"])), str(term["value"]))
