"""Rows of the index become JSON-LD: plain to read as JSON, and RDF by the context that goes with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from sqlite3 import Row
from typing import Any

from kg.extract.precision import precision_of
from kg.store.build import Build
from kg.terms import DCTERMS, EDTF, KG, OA, RDF, RDFS, SKOS, XSD, Verdict

Json = dict[str, Any]
COMPUTED = (
    *("status", "sources", "holds", "total", "next", "score", "matched", "links"),
    *("contradictedBy", "precision"),
)
"""Keys that are worked out for the reader and are no triples of the graph."""


def context(build: Build) -> Json:
    """The JSON-LD 1.1 context of every answer: https://www.w3.org/TR/json-ld11/."""
    literal = {"value": "@value", "datatype": "@type", "language": "@language"}
    position = {name: {"@id": OA + name, "@type": XSD + "integer"} for name in ("start", "end")}
    quote = {name: {"@id": OA + name, "@language": None} for name in ("exact", "prefix", "suffix")}
    terms: Json = {
        "@version": 1.1,
        "@vocab": KG,
        **{name: space for name, space in build.prefixes.items() if name},
        "id": "@id",
        "type": "@type",
        "items": "@graph",
        "label": {"@id": RDFS + "label", "@language": "en"},
        "alias": {"@id": SKOS + "altLabel", "@language": "en"},
        "subject": {"@id": RDF + "subject"},
        "predicate": {"@id": RDF + "predicate"},
        "object": {"@id": RDF + "object", "@context": literal},
        "note": {"@id": RDFS + "comment", "@language": "en"},
        "facts": {"@reverse": RDF + "subject"},
        "mentions": {"@reverse": RDF + "object"},
        "passages": {"@reverse": OA + "hasSource"},
        "citation": {"@id": KG + "citation"},
        "confidence": {"@id": KG + "confidence", "@type": XSD + "decimal"},
        "digest": {"@id": KG + "digest", "@language": "en"},
        "source": {"@id": OA + "hasSource"},
        "position": {"@id": OA + "hasSelector", "@context": position},
        "quote": {"@id": OA + "hasSelector", "@context": quote},
        "creator": DCTERMS + "creator",
        "date": {"@id": DCTERMS + "date", "@type": EDTF + "EDTF"},
        **{name: DCTERMS + name for name in ("publisher", "language", "rights")},
        "url": DCTERMS + "identifier",
        **{name: {"@type": XSD + "date"} for name in ("earliest", "latest")},
        **{name: {"@type": "@vocab"} for name in ("verdict", "stance", "method")},
        **dict.fromkeys(COMPUTED),
    }
    return {"@context": terms}


def text(value: str, language: str | None) -> str | Json:
    """A text of the language that the context takes for granted, or one that says its own."""
    return value if language == "en" else {"@value": value, **({"@language": language} if language else {})}


def compact(iri: str) -> str:
    """A class by its short name."""
    return iri.removeprefix(KG)


def short(iri: str) -> str:
    """The last part of an IRI."""
    return iri.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1]


def reference(row: Row, prefix: str = "") -> Json:
    """A node by name, from columns such as `s_iri`."""
    iri, label, language = (row[prefix + name] for name in ("iri", "label", "language"))
    named = language or row[prefix + "kind"] != "term"
    kind = row[prefix + "class"]
    return {
        "id": iri,
        **({"type": compact(kind)} if kind else {}),
        **({"label": text(label, language)} if named else {}),
    }


def entity(row: Row, types: Iterable[str], aliases: Iterable[Row]) -> Json:
    """An entity without its facts."""
    names = [text(alias["text"], alias["language"]) for alias in aliases]
    return {
        **reference(row),
        "type": [compact(name) for name in types],
        **({"alias": names} if names else {}),
        **{name: row[name] for name in ("earliest", "latest") if row[name]},
    }


def source(row: Row) -> Json:
    """A source's bibliographic record."""
    record = json.loads(row["record"])
    if "creators" in record:
        record["creator"] = record.pop("creators")
    return {**reference(row), **record}


def passage(row: Row, prefix: str = "") -> Json:
    """A passage with the place of its words, and the words where they are at hand."""
    iri = row[prefix + "iri"]
    selectors: Json = {
        "position": {
            "id": f"{iri}-position",
            "type": "oa:TextPositionSelector",
            "start": row[prefix + "start"],
            "end": row[prefix + "end"],
        }
    }
    if row[prefix + "exact"] is not None:
        words = {name: row[prefix + name] for name in ("exact", "prefix", "suffix")}
        selectors["quote"] = {"id": f"{iri}-quote", "type": "oa:TextQuoteSelector", **words}
    plain = {"digest": row[prefix + "digest"], "sha256": row[prefix + "sha256"]}
    return {"id": iri, "type": "Passage", **plain, **selectors}


def citation(row: Row, namespace: str) -> Json:
    """A citation with its passage and its source."""
    said = {
        "stance": row["stance"],
        "method": row["method"],
        **({"accordingTo": reference(row, "a_")} if row["a_iri"] else {}),
        **{name: row[name] for name in ("confidence", "rule") if row[name]},
        **_measured(row["rule"] or ""),
    }
    place = {**passage(row, "p_"), "source": reference(row, "s_")}
    return {"id": namespace + row["hash"], "type": "Citation", **said, "passage": place}


def _measured(rule: str) -> Json:
    """How often facts of the kind that a rule finds were right in held-out texts."""
    found = precision_of(rule)
    return {"precision": found.as_json()} if found else {}


def fact(row: Row, namespace: str, notes: Iterable[Row], citations: Iterable[Json]) -> Json:
    """A fact with everything that is said of it."""
    remarks = [text(note["text"], note["language"]) for note in notes]
    days = {name: row[key] for name, key in (("from", "earliest"), ("to", "latest")) if row[key]}
    return {
        "id": namespace + row["hash"],
        "type": "Fact",
        "subject": reference(row, "s_"),
        "predicate": reference(row, "p_"),
        "object": reference(row, "o_") if row["o_iri"] else literal(row),
        "verdict": row["verdict"],
        "status": status(row),
        "sources": row["sources"],
        **({"holds": days} if days else {}),
        **({"note": remarks} if remarks else {}),
        "citation": list(citations),
    }


def literal(row: Mapping[str, Any] | Row) -> Json:
    """A literal as a JSON-LD value object."""
    parts = {name: row[name] for name in ("language", "datatype") if row[name]}
    return {"value": row["value"], **parts}


def status(row: Row) -> str:
    """Where a fact stands: the verdict, and for accepted ones whether more than one source has it."""
    if row["verdict"] == Verdict.ACCEPTED:
        return "corroborated" if row["sources"] > 1 else "single-source"
    return str(row["verdict"]).lower()
