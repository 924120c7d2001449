"""Observations become series: figures of one thing over time, each with its source."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cached_property
from sqlite3 import Row

from kg.errors import UnknownName
from kg.store.facts import Facts
from kg.store.index import Index
from kg.store.shape import Json
from kg.terms import KG

KEYS = ("indicator", "unit")
"""The properties of the ontology by which two observations stand in one series."""
NUMBERS = ("value", "minimum", "maximum")
DATES = ("date", "start", "end")
MET = (
    "SELECT DISTINCT f.subject FROM fact f JOIN node p ON p.id = f.predicate "
    "WHERE p.iri IN (?, ?, ?) AND (f.sources > 1 OR f.verdict = 'Contested')"
)
"""Observations whose numbers more than one source gives, or sources disagree on."""


class Figures:
    """Finds series."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.facts = Facts(index)

    @cached_property
    def series(self) -> list[Json]:
        """Every series with how many points it has; worked out once for a build.

        First come those with the most points on which several sources speak or which are contested, then
        the longest.
        """
        rows = self.index.rows(
            "SELECT i.iri, i.label, u.iri AS unit_iri, u.label AS unit, count(DISTINCT s.id) AS points, "
            "json_group_array(DISTINCT s.id) AS members FROM fact f "
            "JOIN node p ON p.id = f.predicate AND p.iri = ?1 JOIN node i ON i.id = f.object "
            "JOIN node s ON s.id = f.subject "
            "LEFT JOIN fact g ON g.subject = s.id AND g.predicate = (SELECT id FROM node WHERE iri = ?2) "
            "LEFT JOIN node u ON u.id = g.object GROUP BY i.id, u.id ORDER BY points DESC, i.label, u.label",
            *(KG + name for name in KEYS),
        )
        met = {row["subject"] for row in self.index.rows(MET, *(KG + name for name in NUMBERS))}
        found = [_series(row) for row in rows]
        return sorted(found, key=lambda each: -len(met.intersection(each["members"])))

    def find(self, key: str) -> Json:
        """The series of that key. Raises UnknownName."""
        for series in self.series:
            if series["key"] == key:
                return series
        raise UnknownName(f"There is no series “{key}”.")

    def points(self, series: Json) -> list[Json]:
        """The points of a series in the order of time: numbers, wording, bounds of the period, facts."""
        points = [self._point(node) for node in series["members"]]
        return sorted(points, key=lambda point: (point.get("earliest") or "9999", point["label"]))

    def _point(self, node: int) -> Json:
        row = self.index.row("SELECT * FROM node WHERE id = ?", node)
        assert row
        ids = self.index.rows("SELECT id FROM fact WHERE subject = ? ORDER BY id", node)
        days = {name: row[name] for name in ("earliest", "latest") if row[name]}
        facts = self.facts.of([each["id"] for each in ids])
        return {"id": row["iri"], "label": row["label"], **days, **_numbers(facts)}


def _series(row: Row) -> Json:
    unit = {"unit": {"id": row["unit_iri"], "label": row["unit"]}} if row["unit"] else {}
    names = [row["iri"], *([row["unit_iri"]] if row["unit"] else [])]
    return {
        "key": ".".join(name.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1] for name in names),
        "label": f"{row['label']} ({row['unit']})" if row["unit"] else row["label"],
        "indicator": {"id": row["iri"], "label": row["label"]},
        **unit,
        "points": row["points"],
        "members": sorted(json.loads(row["members"])),
    }


def _numbers(facts: Iterable[Json]) -> Json:
    """What an observation's facts say: its numbers with their verdicts, its periods, its wordings."""
    found: Json = {"numbers": [], "period": [], "wording": []}
    for fact in facts:
        name, value = fact["predicate"]["id"].removeprefix(KG), fact["object"].get("value")
        if name in NUMBERS:
            found["numbers"].append({"kind": name, "number": float(value), "fact": fact})
        elif name in DATES:
            found["period"].append(value)
        elif name == "wording":
            found["wording"].append(value)
    return found
