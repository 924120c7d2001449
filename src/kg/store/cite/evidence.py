"""A triple that matched becomes the facts that it rests on.

A fact's IRI is a hash of its triple, so no query is needed to find it. What is in the graph but is
no fact (labels, types, the ontology) rests on nothing, with two exceptions:

- a triple *about* a fact or a citation (`?f kg:cites ?p`) rests on that fact;
- a day that the build has derived (`kg:earliest`, `kg:latest`) rests on the dates it comes from.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

import pyoxigraph as ox

from kg.facts.date import bounds
from kg.facts.fact import content_hash
from kg.project import Names
from kg.terms import COMMENT, KG, RDF, REIFIES, TYPE

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Options = tuple[frozenset[str], ...]
"""Sets of facts, by IRI, any one of which is enough."""

NOTHING: Options = (frozenset(),)
DEFAULT = ox.DefaultGraph()
IS_A, FACT = ox.NamedNode(TYPE), ox.NamedNode(KG + "Fact")
CITATION = ox.NamedNode(KG + "citation")
ABOUT_CITATIONS = ("passage", "stance", "method", "accordingTo", "confidence", "rule")
MODEL = frozenset(
    [RDF + "subject", RDF + "predicate", RDF + "object", REIFIES, COMMENT]
    + [KG + name for name in ("cites", "citation", "verdict", *ABOUT_CITATIONS)]
)
"""What is said of facts and of citations."""
SHARED = frozenset({COMMENT})
"""Of these, what is said of other things too."""
MODEL_CLASSES = frozenset({KG + "Fact", KG + "Citation"})
DERIVED = {KG + "earliest": ("date", "start"), KG + "latest": ("date", "end")}
"""From which properties a day is derived."""
REMEMBERED = 20_000
"""Triples that are known at once: some 10 MB."""


class Evidence:
    """What the triples of one dataset rest on. It remembers what it has found."""

    def __init__(self, store: ox.Store, names: Names) -> None:
        self.store = store
        self.names = names
        self.of = lru_cache(REMEMBERED)(self._find)
        self.about = lru_cache(REMEMBERED)(self._about)
        self.about_iri = lru_cache(REMEMBERED)(lambda iri: self._about(ox.NamedNode(iri)))
        self.of_link = lru_cache(REMEMBERED)(self._of_link)

    @cached_property
    def predicates(self) -> frozenset[str]:
        """The properties that facts have."""
        return self._properties("")

    @cached_property
    def links(self) -> frozenset[str]:
        """Those whose objects, in facts, are all IRIs, and of which nothing is derived."""
        literal = self._properties(f"; <{RDF}object> ?o FILTER(!isIRI(?o))")
        return self.predicates - literal - DERIVED.keys() - MODEL

    def _properties(self, also: str) -> frozenset[str]:
        rows = self.store.query(f"SELECT DISTINCT ?p {{ ?f a <{KG}Fact> ; <{RDF}predicate> ?p {also} }}")
        assert isinstance(rows, ox.QuerySolutions)
        return frozenset(row[0].value for row in rows if isinstance(row[0], ox.NamedNode))

    def is_link(self, predicate: Term) -> bool:
        """Whether a triple with this property is a fact only if its object is an IRI."""
        return isinstance(predicate, ox.NamedNode) and predicate.value in self.links

    def is_about(self, predicate: Term, value: Term | None) -> bool:
        """Whether the subject of any triple with this property (and object) is a fact or a citation."""
        if predicate == IS_A and isinstance(value, ox.NamedNode):
            return value.value in MODEL_CLASSES
        iri = predicate.value if isinstance(predicate, ox.NamedNode) else ""
        return iri in MODEL and iri not in SHARED and iri not in self.predicates

    def may_be_fact(self, predicate: Term, value: Term | None) -> bool:
        """Whether some triple with this property (and this object, None if open) may rest on a fact."""
        iri = predicate.value if isinstance(predicate, ox.NamedNode) else ""
        if iri == TYPE and isinstance(value, ox.NamedNode):
            return iri in self.predicates or value.value in MODEL_CLASSES
        return iri in self.predicates or iri in MODEL or iri in DERIVED or iri == TYPE

    def _of_link(self, ends: str, predicate: str) -> Options:
        """The facts that a triple of three IRIs rests on; its ends are given with a space between."""
        subject, value = ends.split(" ")
        return self._find(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value))

    def _find(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Options:
        """The facts that a triple rests on."""
        if not isinstance(subject, ox.NamedNode):
            return NOTHING
        if subject.value.startswith((self.names.fact, self.names.citation)):
            return self.about(subject)
        if not isinstance(predicate, ox.NamedNode) or value is None:
            return NOTHING
        if predicate.value in DERIVED and isinstance(value, ox.Literal):
            return self._derived(subject, predicate.value, value)
        if predicate.value not in self.predicates:
            return NOTHING
        return self._fact(self.names.fact + content_hash(f"{subject} {predicate} {value} ."))

    def _about(self, node: Term | None) -> Options:
        """The fact that a node of the citation model is, or belongs to."""
        if not isinstance(node, ox.NamedNode):
            return NOTHING
        if not node.value.startswith(self.names.citation):
            return self._fact(node.value)
        quads = self.store.quads_for_pattern(None, CITATION, node, DEFAULT)
        facts = (quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode))
        return tuple(frozenset({iri}) for iri in facts) or NOTHING

    def _fact(self, iri: str) -> Options:
        node = ox.NamedNode(iri)
        return (frozenset({iri}),) if ox.Quad(node, IS_A, FACT, DEFAULT) in self.store else NOTHING

    def _derived(self, subject: ox.NamedNode, predicate: str, day: ox.Literal) -> Options:
        found: list[frozenset[str]] = []
        for name in DERIVED[predicate]:
            property_ = ox.NamedNode(KG + name)
            for quad in self.store.quads_for_pattern(subject, property_, None, DEFAULT):
                bound = getattr(bounds(quad.object.value), predicate.removeprefix(KG))  # type: ignore[union-attr]
                if bound is not None and bound.isoformat() == day.value:
                    found += self._find(subject, property_, quad.object)
        return tuple(dict.fromkeys(found)) or NOTHING
