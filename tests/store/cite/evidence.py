"""Datasets made of chosen facts: what an answer must rest on can then be found by trying."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from itertools import chain, combinations

import pyoxigraph as ox

from kg.corpus.corpus import Corpus
from kg.facts.fact import Citation, Fact
from kg.facts.ledger import Ledger
from kg.graph.build import Reading
from kg.graph.dataset import dataset, derived_quads, fact_quads
from kg.project import Names
from kg.store.cite.answer import CitedAnswer, CitedRow
from kg.store.cite.citer import Citer

BASE = "https://t.example/"
NAMES = Names(BASE)
Row = tuple[object, ...]


class World:
    """What is in a dataset besides facts, and the facts that may be put into it."""

    def __init__(
        self, names: Names, lines: Iterable[str], facts: Collection[Fact], corpus: Corpus | None
    ) -> None:
        self.names = names
        self.corpus = corpus
        self.facts = {names.fact + fact.hash: fact for fact in facts}
        self._quads = cache(self._own_quads)
        self.rest = list(parse(lines))

    @classmethod
    def of(cls, reading: Reading) -> World:
        """A project that was read."""
        ledger = reading.ledger
        empty = Ledger(ledger.corpus, ledger.entities, {}, {}, [])
        names = ledger.corpus.project.names
        return cls(names, dataset(empty, reading.ontology), ledger.facts.values(), ledger.corpus)

    def quads(self, chosen: Iterable[str]) -> list[ox.Quad]:
        """All that these facts, by IRI, put into a dataset; what is derived from them included."""
        facts = [self.facts[iri] for iri in chosen]
        ledger = Ledger(self.corpus, {}, {fact.key: fact for fact in facts})  # type: ignore[arg-type]
        own = chain.from_iterable(self._quads(self.names.fact + fact.hash) for fact in facts)
        return [*own, *parse(derived_quads(ledger))]

    def _own_quads(self, iri: str) -> list[ox.Quad]:
        return list(parse(fact_quads(self.names, self.facts[iri])))

    def store(self, chosen: Iterable[str] | None = None) -> ox.Store:
        """A dataset of some facts, or of all."""
        store = ox.Store()
        store.extend([*self.rest, *self.quads(self.facts if chosen is None else chosen)])
        return store


def parse(lines: Iterable[str]) -> Iterable[ox.Quad]:
    return ox.parse("".join(lines), format=ox.RdfFormat.N_QUADS)


def small_world(triples: Collection[tuple[str, str, str]], rest: Iterable[str] = ()) -> World:
    """A world of facts given by names: subjects and predicates, and objects that may be `"literals"`."""
    facts = []
    for place, (subject, predicate, value) in enumerate(triples):
        terms = [name(subject), f"<{BASE}p/{predicate}>", value if value.startswith('"') else name(value)]
        fact = Fact(f"{' '.join(terms)} .", *terms)
        source = NAMES.source(f"s{place % 2}")
        fact.citations.add(Citation(f"{source}#p{place}", source))
        facts.append(fact)
    return World(NAMES, rest, facts, None)


def name(entity: str) -> str:
    return f"<{BASE}entity/{entity}>"


def subsets(facts: Collection[str]) -> Iterable[frozenset[str]]:
    """Every subset, the smaller ones first."""
    return (frozenset(c) for size in range(len(facts) + 1) for c in combinations(sorted(facts), size))


def witnesses(answer: CitedAnswer, row: CitedRow) -> set[frozenset[str]]:
    """The witnesses of a row as sets of IRIs; the empty set alone where it rests on no fact."""
    found = {frozenset(answer.facts[place].iri for place in witness) for witness in row.witnesses}
    return found or {frozenset()}


def rows(citer: Citer, query: str) -> list[Row]:
    """What pyoxigraph answers, from the graphs that the query sees."""
    answer = citer.evaluate(query, citer.view(query))
    if isinstance(answer, ox.QueryBoolean):
        return [()] if answer else []
    if isinstance(answer, ox.QueryTriples):
        return [(triple.subject, triple.predicate, triple.object) for triple in answer]
    return [tuple(solution) for solution in answer]
