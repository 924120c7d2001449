"""Examples for the OpenAPI description, of the shape that answers have, about a canal."""

from __future__ import annotations

from typing import Any

BASE = "https://kg.example/"
PASSAGE: dict[str, Any] = {
    "id": BASE + "source/canal#p1",
    "type": "Passage",
    "digest": "The canal was opened in November 1869.",
    "sha256": "df3f6938eb26071a148a24c2138e8397c7fbcf2d1e156d76455b839dc973fb1e",
    "position": {
        "id": BASE + "source/canal#p1-position",
        "type": "oa:TextPositionSelector",
        "start": 19,
        "end": 65,
    },
    "source": {"id": BASE + "source/canal", "type": "Source", "label": "The Canal at Suez"},
}
CITATION: dict[str, Any] = {
    "id": BASE + "citation/2bb4cd76b2e8cf6b7c0bb9cd7a3ef1f3",
    "type": "Citation",
    "stance": "States",
    "method": "Curated",
    "passage": PASSAGE,
}
ENTITY: dict[str, Any] = {
    "id": BASE + "entity/opening",
    "type": "Event",
    "label": "opening of the Suez Canal",
    "links": 2,
}
FACT: dict[str, Any] = {
    "id": BASE + "fact/0d9c8f0a4c9f8a8f3c1b2a6e5d4c3b2a",
    "type": "Fact",
    "subject": {name: ENTITY[name] for name in ("id", "type", "label")},
    "predicate": {"id": BASE + "ontology#date", "label": "date"},
    "object": {"value": "1869-11-17", "datatype": "http://id.loc.gov/datatypes/edtf/EDTF"},
    "verdict": "Accepted",
    "status": "single-source",
    "sources": 1,
    "holds": {"from": "1869-11-17", "to": "1869-11-17"},
    "citation": [CITATION],
}
SOURCE: dict[str, Any] = {**PASSAGE["source"], "creator": ["A. N. Author"], "date": "2020", "links": 17}
