"""Named queries become triples: SHACL-SPARQL executables, which editors read from an endpoint as examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from kg.graph.queries import NamedQuery, read_queries
from kg.store.build import Build
from kg.store.scan import tokens
from kg.terms import COMMENT, LABEL, SCHEMA, SH, TYPE, XSD

FORMS = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct", "DESCRIBE": "describe"}


def query_iri(build: Build, name: str) -> ox.NamedNode:
    """The IRI of a named query."""
    return ox.NamedNode(f"{build.base}query/{name}")


def example_triples(build: Build) -> Iterator[ox.Triple]:
    """All named queries of a build, and the prefixes that they may use without declaring them."""
    prefixes = ox.NamedNode(f"{build.base}query/")
    yield from _prefixes(prefixes, build.prefixes)
    for query in read_queries(build.queries):
        yield from _example(query_iri(build, query.name), prefixes, query)


def _prefixes(subject: ox.NamedNode, prefixes: Mapping[str, str]) -> Iterator[ox.Triple]:
    for prefix, namespace in sorted(prefixes.items()):
        declaration = ox.NamedNode(f"{subject.value}#prefix-{prefix}")
        yield ox.Triple(subject, ox.NamedNode(SH + "declare"), declaration)
        yield ox.Triple(declaration, ox.NamedNode(SH + "prefix"), ox.Literal(prefix))
        any_uri = ox.Literal(namespace, datatype=ox.NamedNode(XSD + "anyURI"))
        yield ox.Triple(declaration, ox.NamedNode(SH + "namespace"), any_uri)


def _example(subject: ox.NamedNode, prefixes: ox.NamedNode, query: NamedQuery) -> Iterator[ox.Triple]:
    form = query_form(query.text)
    comment = f"{query.summary}. {query.description}".strip() if query.description else query.summary
    for kind in ("SPARQLExecutable", f"SPARQL{form.capitalize()}Executable"):
        yield ox.Triple(subject, ox.NamedNode(TYPE), ox.NamedNode(SH + kind))
    yield ox.Triple(subject, ox.NamedNode(LABEL), ox.Literal(query.summary, language="en"))
    yield ox.Triple(subject, ox.NamedNode(COMMENT), ox.Literal(comment, language="en"))
    yield ox.Triple(subject, ox.NamedNode(SH + form), ox.Literal(query.text))
    yield ox.Triple(subject, ox.NamedNode(SH + "prefixes"), prefixes)
    for tag in query.tags:
        yield ox.Triple(subject, ox.NamedNode(SCHEMA + "keywords"), ox.Literal(tag))


def query_form(query: str) -> str:
    """`select`, `ask`, `construct` or `describe`: the first of these words that is a keyword."""
    words = (text.upper() for kind, text in tokens(query) if kind == "word")
    return next((FORMS[word] for word in words if word in FORMS), "select")
