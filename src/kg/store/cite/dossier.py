"""A fact's IRI becomes the fact with its citations, and a source's IRI its record."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import Protocol

import pyoxigraph as ox

from kg.store.cite.answer import CitedFact, CitedPassage
from kg.store.cite.evidence import DEFAULT
from kg.store.record import Source
from kg.store.store import Store, Term
from kg.terms import COMMENT, DCTERMS, KG, LABEL, OA, RDF

REMEMBERED = 4_000
"""Facts that are held at once: some 8 MB."""
Values = defaultdict[str, list[Term]]


class Shelf(Protocol):
    """Where facts and sources are looked up by IRI."""

    def fact(self, iri: str, /) -> CitedFact:
        """A fact with its citations."""
        ...

    def source(self, iri: str, /) -> Source:
        """A source's record."""
        ...


class Dossiers:
    """Reads facts and sources of one dataset, and remembers them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.fact = lru_cache(REMEMBERED)(self._fact)
        self.source = lru_cache(REMEMBERED)(self._source)
        self._passage = lru_cache(REMEMBERED)(self._read_passage)

    def _fact(self, iri: str) -> CitedFact:
        values = self._values(iri)
        subject, predicate, object_ = (values[RDF + name][0] for name in ("subject", "predicate", "object"))
        return CitedFact(
            iri, subject, predicate, object_,
            verdict=_local(values[KG + "verdict"]),
            notes=tuple(sorted(map(_text, values[COMMENT]))),
            citations=tuple(sorted(map(self._citation, values[KG + "citation"]), key=order_of)),
        )  # fmt: skip

    def _citation(self, node: Term) -> CitedPassage:
        values = self._values(_text(node))
        passage = _first(values[KG + "passage"])
        source, label, digest, quote = self._passage(passage)
        return CitedPassage(
            source or passage.partition("#")[0], passage, label, digest, quote,
            stance=_local(values[KG + "stance"]),
            method=_local(values[KG + "method"]),
            according_to=_first(values[KG + "accordingTo"]),
            confidence=_first(values[KG + "confidence"]),
            rule=_first(values[KG + "rule"]),
        )  # fmt: skip

    def _read_passage(self, iri: str) -> tuple[str, str, str, str]:
        values = self._values(iri)
        selectors = (self._values(_text(node)) for node in values[OA + "hasSelector"])
        quote = next((_first(found[OA + "exact"]) for found in selectors if found[OA + "exact"]), "")
        source, label, digest = (_first(values[key]) for key in (OA + "hasSource", LABEL, KG + "digest"))
        return source, label, digest, quote

    def _source(self, iri: str) -> Source:
        values = self._values(iri)
        names = ("title", "date", "publisher", "language", "rights", "identifier")
        title, date, publisher, language, rights, url = (_first(values[DCTERMS + name]) for name in names)
        creators = tuple(sorted(map(_text, values[DCTERMS + "creator"])))
        return Source(iri, title, creators, date, publisher, language, rights, url)

    def _values(self, iri: str) -> Values:
        values: Values = defaultdict(list)
        for quad in self.store.quads_for_pattern(ox.NamedNode(iri), None, None, DEFAULT):
            values[quad.predicate.value].append(quad.object)
        return values


def _text(term: Term) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value


def _first(terms: list[Term]) -> str:
    return min(map(_text, terms), default="")


def _local(terms: list[Term]) -> str:
    return _first(terms).removeprefix(KG)


def order_of(citation: CitedPassage) -> tuple[str, ...]:
    """The place of a citation among those of one fact."""
    return (citation.source, citation.passage, citation.stance, citation.according_to, citation.rule)
