"""Named queries with the tag `home` become questions with the first rows of their answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from kg.graph.queries import NamedQuery
from kg.server.catalog import Volume
from kg.server.service import Service
from kg.store.job import Job

TAG = "home"
ROWS = 6
"""Rows of an answer that are shown."""


class Cell(NamedTuple):
    """One value of a row."""

    text: str
    iri: str


class Question(NamedTuple):
    """A named query with its answer's beginning."""

    query: NamedQuery
    columns: list[str]
    rows: list[list[Cell]]
    more: int
    """Rows that are not shown."""


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
        settings = self._service.settings
        job = Job(query=query.text, results="json", base=volume.build.base)
        evaluation = await self._service.pool.begin(job, settings.deadline)
        try:
            body = b"".join([piece async for piece in evaluation.reply.pieces()])
        finally:
            evaluation.stop()
        answer = json.loads(body)
        columns, rows = answer["head"]["vars"], answer["results"]["bindings"]
        shown = [[_cell(volume, row.get(column)) for column in columns] for row in rows[:ROWS]]
        return Question(query, columns, shown, len(rows) - len(shown))


def _cell(volume: Volume, term: Mapping[str, Any] | None) -> Cell:
    if not term:
        return Cell("", "")
    value = str(term["value"])
    if term["type"] != "uri":
        return Cell(value, "")
    node = volume.index.node(value)
    place = value.removeprefix(volume.build.base).removeprefix("source/").replace("#", " ")
    return Cell(node["label"] if node else place, value)
