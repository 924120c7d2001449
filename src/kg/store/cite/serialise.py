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

from kg.extract.precision import precision_of
from kg.store.cite.answer import NOTES, CitedAnswer, CitedFact, CitedPassage, CitedRow
from kg.store.record import Source
from kg.store.store import Term
from kg.terms import XSD

VERSION = 1
"""Of the member `cite`: raised when something in it changes its meaning or goes away."""
MEDIA_TYPE = "application/sparql-results+json"
REMEMBERED = 4_000
"""Terms, facts, passages and sources that are held at once as bytes: some 8 MB."""


def to_json(answer: CitedAnswer, extra: Mapping[str, bytes] | None = None) -> bytes:
    """Serialise an answer; `extra` members, in JSON (a permalink, say), go into `cite`.

    `cite` stands before the results, because there are readers (pyoxigraph's among them) that take what
    follows the results for an error.
    """
    if answer.form == "ASK":
        head, results = b"{}", b'"boolean":' + dump(answer.boolean)
    else:
        columns = [dump(name) + b":" for name in answer.variables]
        bindings = b",".join([_binding(columns, row) for row in answer.rows])
        head, results = b'{"vars":%b}' % dump(answer.variables), b'"results":{"bindings":[%b]}' % bindings
    return b'{"head":%b,"cite":%b,%b}' % (head, _cite(answer, extra or {}), results)


def _cite(answer: CitedAnswer, extra: Mapping[str, bytes]) -> bytes:
    members: dict[str, Any] = {"version": VERSION, "cited": not answer.reason, "complete": answer.complete}
    if answer.reason:
        members["reason"] = answer.reason
    members["notes"] = {note: NOTES[note] for note in sorted(answer.notes)}
    passages = {citation.passage: citation for fact in answer.facts for citation in fact.citations}
    return b'%b%b,"rows":[%b],"facts":[%b],"passages":{%b},"sources":{%b}}' % (
        dump(members)[:-1],
        b"".join(b",%b:%b" % (dump(name), value) for name, value in extra.items()),
        b"" if answer.reason else b",".join(map(_row, answer.rows)),
        b",".join(map(_fact, answer.facts)),
        b",".join(map(_passage, passages.values())),
        b",".join(map(_source, answer.sources)),
    )


def _binding(columns: list[bytes], row: CitedRow) -> bytes:
    terms = zip(columns, row.values, strict=True)
    return b"{%b}" % b",".join([name + _term(term) for name, term in terms if term is not None])


def _row(row: CitedRow) -> bytes:
    witnesses = str(list(map(list, row.witnesses))).replace(" ", "").encode()
    return b'{"witnesses":%b%b}' % (witnesses, b',"capped":true' if row.capped else b"")


@lru_cache(REMEMBERED)
def _term(term: Term) -> bytes:
    return dump(_term_value(term))


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
def _fact(fact: CitedFact) -> bytes:
    return dump(
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


def _citation(citation: CitedPassage) -> dict[str, object]:
    measured = precision_of(citation.rule)
    names = {
        "source": citation.source,
        "passage": citation.passage,
        "label": citation.label,
        "stance": citation.stance,
        "accordingTo": citation.according_to,
        "method": citation.method,
        "confidence": citation.confidence,
        "rule": citation.rule,
        "precision": measured.as_json() if measured else None,
    }
    return {name: value for name, value in names.items() if value}


@lru_cache(REMEMBERED)
def _passage(citation: CitedPassage) -> bytes:
    names = {
        "source": citation.source,
        "label": citation.label,
        "digest": citation.digest,
        "quote": citation.quote,
    }
    return _member(citation.passage, names)


@lru_cache(REMEMBERED)
def _source(source: Source) -> bytes:
    names = {
        "title": source.title,
        "creators": source.creators,
        "date": source.date,
        "publisher": source.publisher,
        "language": source.language,
        "rights": source.rights,
        "url": source.url,
    }
    return _member(source.iri, names)


def _member(name: str, values: Mapping[str, Any]) -> bytes:
    """A member of an object, without what is empty."""
    return dump(name) + b":" + dump({key: value for key, value in values.items() if value})


def dump(value: object) -> bytes:
    """A value in JSON, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
