"""Facts become flat rows, one a citation, as tables and data frames hold them."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.store.export.edge import SEPARATOR
from kg.store.record import Citation, Fact, Passage, Records, lexical

COLUMNS = (
    "fact", "subject", "subject_label", "predicate", "predicate_label",
    "object", "object_label", "datatype", "language", "verdict", "note",
    "citation", "source", "source_title", "passage", "start", "end", "quote", "digest",
    "stance", "method", "according_to", "confidence", "rule",
)  # fmt: skip
NUMBERS = ("start", "end")
"""Columns of whole numbers: code points of the original, end exclusive."""

Row = dict[str, str | int | None]


def rows(records: Records) -> Iterator[Row]:
    """Each citation of each fact, with the fact's own columns repeated; what is not known is None.

    `datatype` is empty where the object is an entity; a fact without citations (those of a plain
    export) is one row.
    """
    for fact in records.facts():
        yield from fact_rows(records, fact)


def fact_rows(records: Records, fact: Fact) -> Iterator[Row]:
    """The rows of one fact."""
    own = _fact_columns(records, fact)
    blank: Row = dict.fromkeys(COLUMNS)
    for citation in fact.citations:
        yield {**blank, **own, **_citation_columns(records, citation)}
    if not fact.citations:
        yield {**blank, **own}


def _fact_columns(records: Records, fact: Fact) -> Row:
    literal = fact.object if isinstance(fact.object, ox.Literal) else None
    value = lexical(fact.object)
    return {
        "fact": fact.iri,
        "subject": fact.subject,
        "subject_label": records.label(fact.subject),
        "predicate": fact.predicate,
        "predicate_label": records.label(fact.predicate),
        "object": value,
        "object_label": records.label(value) if literal is None else value,
        "datatype": literal.datatype.value if literal else None,
        "language": (literal.language if literal else None) or None,
        "verdict": fact.verdict,
        "note": SEPARATOR.join(fact.notes) or None,
    }


def _citation_columns(records: Records, citation: Citation) -> Row:
    iri = records.source(citation)
    source = records.index.sources.get(iri)
    return {
        "citation": citation.iri,
        "source": iri,
        "source_title": source.title if source else None,
        **_passage_columns(records.index.passages.get(citation.passage)),
        "passage": citation.passage,
        "stance": citation.stance,
        "method": citation.method,
        "according_to": citation.according_to or None,
        "confidence": citation.confidence or None,
        "rule": citation.rule or None,
    }


def _passage_columns(passage: Passage | None) -> Row:
    if passage is None:
        return {}
    words = {"quote": passage.quote or None, "digest": passage.digest or None}
    return {"start": passage.start, "end": passage.end, **words}
