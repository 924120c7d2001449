"""Facts: a triple, every citation of it, a verdict, a note. Their IRIs are hashes of their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache

import pyoxigraph as ox

from kg.terms import XSD, Method, Stance, Verdict

HASH_LENGTH = 32
"""Hexadecimal digits of an IRI's hash: 128 bits, so that no two of any feasible number of facts meet."""


def content_hash(text: str) -> str:
    """The first 128 bits of the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


STRING = ox.NamedNode(XSD + "string")


def canonical(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """A term in canonical N-Triples, its literal value as the store gives it back (`01` is `1`).

    https://www.w3.org/TR/rdf12-n-triples/#canonical-ntriples
    """
    if isinstance(term, ox.Literal) and term.datatype != STRING and term.datatype.value.startswith(XSD):
        return _stored(term)
    return str(term)


@lru_cache(maxsize=65536)
def _stored(literal: ox.Literal) -> str:
    store = ox.Store()
    store.add(ox.Quad(_ANY, _ANY, literal))
    return str(next(iter(store)).object)


_ANY = ox.NamedNode("urn:x-any")


def fact_key(triple: ox.Triple) -> str:
    """The canonical N-Triples line of a triple: what a fact's IRI is the hash of."""
    return f"{canonical(triple.subject)} {triple.predicate} {canonical(triple.object)} ."


@dataclass(frozen=True, slots=True, order=True)
class Citation:
    """One passage's word for a fact."""

    passage: str
    """IRI of the passage."""
    source: str
    """IRI of its source, which is also the named graph."""
    stance: Stance = Stance.STATES
    method: Method = Method.CURATED
    according_to: str = ""
    """IRI of the agent or work, empty where the author speaks in their own voice."""
    confidence: str = ""
    """A decimal from 0 to 1; empty unless extracted."""
    rule: str = ""

    def key(self, fact: str) -> str:
        """What the citation's IRI is the hash of: everything in it, and the fact it belongs to."""
        parts = (fact, self.passage, self.stance, self.method, self.according_to, self.confidence, self.rule)
        return "\n".join(parts)


@dataclass(slots=True)
class Fact:
    """One triple with its citations."""

    key: str
    """Subject, predicate and object in canonical N-Triples, with the final dot."""
    subject: str
    predicate: str
    object: str
    citations: set[Citation] = field(default_factory=set)
    judgement: Verdict | None = None
    """The verdict that a curator wrote; None where it follows from the citations."""
    notes: set[str] = field(default_factory=set)
    """The curator's comments, as N-Triples literals."""

    @property
    def hash(self) -> str:
        """The last part of the fact's IRI."""
        return content_hash(self.key)

    @property
    def verdict(self) -> Verdict:
        """The curator's verdict; else accepted if a citation that a person wrote supports the fact."""
        if self.judgement is not None:
            return self.judgement
        supported = any(c.stance.supports and c.method is Method.CURATED for c in self.citations)
        return Verdict.ACCEPTED if supported else Verdict.UNVERIFIED
