"""A cited answer becomes bytes: SPARQL 1.1 Query Results JSON with a member of ours, `cite`.

Clients that know nothing of it read the answer as ever: https://www.w3.org/TR/sparql11-results-json/
lets an object have members beside `head`, `results` and `boolean`. docs/cited-answers.md describes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from kg.store.cite.answer import NOTES, CitedAnswer, CitedFact, CitedPassage, CitedRow
from kg.store.cite.evidence import Term
from kg.store.record import Source
from kg.terms import XSD

VERSION = 1
"""Of the member `cite`: raised when something in it changes its meaning or goes away."""
MEDIA_TYPE = "application/sparql-results+json"
REMEMBERED = 50_000


def to_json(answer: CitedAnswer, extra: Mapping[str, Any] | None = None) -> bytes:
    """Serialise an answer; `extra` members (a permalink, say) go into `cite`."""
    columns = [f"{_dump(name)}:" for name in answer.variables]
    if answer.form == "ASK":
        body = f'"head":{{}},"boolean":{_dump(answer.boolean)}'
    else:
        bindings = ",".join([_binding(columns, row) for row in answer.rows])
        body = f'"head":{{"vars":{_dump(answer.variables)}}},"results":{{"bindings":[{bindings}]}}'
    return f'{{{body},"cite":{_cite(answer, extra or {})}}}'.encode()


def _cite(answer: CitedAnswer, extra: Mapping[str, Any]) -> str:
    members: dict[str, Any] = {"version": VERSION, "cited": not answer.reason, "complete": answer.complete}
    if answer.reason:
        members["reason"] = answer.reason
    members["notes"] = {note: NOTES[note] for note in sorted(answer.notes)}
    rows = "" if answer.reason else ",".join(map(_row, answer.rows))
    facts = ",".join(map(_fact, answer.facts))
    sources = ",".join(map(_source, answer.sources))
    head = _dump({**members, **extra})[:-1]
    return f'{head},"rows":[{rows}],"facts":[{facts}],"sources":[{sources}]}}'


def _binding(columns: list[str], row: CitedRow) -> str:
    terms = zip(columns, row.values, strict=True)
    return f"{{{','.join([name + _term(term) for name, term in terms if term is not None])}}}"


def _row(row: CitedRow) -> str:
    witnesses = str(list(map(list, row.witnesses))).replace(" ", "")
    return f'{{"witnesses":{witnesses},"capped":true}}' if row.capped else f'{{"witnesses":{witnesses}}}'


@lru_cache(REMEMBERED)
def _term(term: Term) -> str:
    return _dump(_term_value(term))


def _term_value(term: Term) -> dict[str, Any]:
    """A term as the standard has it; a triple term as SPARQL 1.2 does."""
    match term:
        case ox.NamedNode():
            return {"type": "uri", "value": term.value}
        case ox.BlankNode():
            return {"type": "bnode", "value": term.value}
        case ox.Literal():
            return {"type": "literal", "value": term.value, **_kind(term)}
        case ox.Triple():
            parts = {name: _term_value(getattr(term, name)) for name in ("subject", "predicate", "object")}
            return {"type": "triple", "value": parts}


def _kind(literal: ox.Literal) -> dict[str, str]:
    if literal.language:
        direction = {"its:dir": str(literal.direction)} if literal.direction else {}
        return {"xml:lang": literal.language, **direction}
    datatype = literal.datatype.value
    return {} if datatype == XSD + "string" else {"datatype": datatype}


@lru_cache(REMEMBERED)
def _fact(fact: CitedFact) -> str:
    return _dump(
        {
            "fact": fact.iri,
            "subject": _term_value(fact.subject),
            "predicate": _term_value(fact.predicate),
            "object": _term_value(fact.object),
            "verdict": fact.verdict,
            "notes": fact.notes,
            "citations": list(map(_citation, fact.citations)),
        }
    )


def _citation(citation: CitedPassage) -> dict[str, str]:
    names = {
        "source": citation.source,
        "passage": citation.passage,
        "label": citation.label,
        "digest": citation.digest,
        "quote": citation.quote,
        "stance": citation.stance,
        "accordingTo": citation.according_to,
        "method": citation.method,
        "confidence": citation.confidence,
        "rule": citation.rule,
    }
    return {name: value for name, value in names.items() if value}


@lru_cache(REMEMBERED)
def _source(source: Source) -> str:
    members = {
        "source": source.iri,
        "title": source.title,
        "creators": source.creators,
        "date": source.date,
        "publisher": source.publisher,
        "language": source.language,
        "rights": source.rights,
        "url": source.url,
    }
    return _dump({name: value for name, value in members.items() if value})


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
