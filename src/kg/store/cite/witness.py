"""The solutions of a rewritten query become the sets of facts that they rest on.

In the terms of the literature these are witnesses (Buneman, Khanna, Tan: Why and Where, ICDT 2001):
each is enough to bring the row about, and together they are the row's why-provenance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice, product
from math import prod
from operator import itemgetter

import pyoxigraph as ox

from kg.store.cite.evidence import NOTHING, Evidence, Options, Term
from kg.store.cite.part import About, Collected, Listed, Matched, Part
from kg.store.cite.path import Path
from kg.store.cite.rewrite import UNBOUND
from kg.store.cite.trail import Trails
from kg.store.view import Graph

WITNESSES = 20
"""Witnesses that are given for a row."""
FACTS = 100
"""Facts that are given for a witness."""
GATHERED = 500_000
"""Terms that are kept for all groups of an answer: some 80 MB."""
PRODUCTS = 200
"""Combinations of alternatives that are kept for one solution."""
NO_TERM = ox.NamedNode(UNBOUND)
Row = Sequence[Term | None]
Reader = Callable[[Row], Options]
"""Tells from a solution what one part of it rests on."""
Places = Mapping[str, int]
"""In which column each variable stands."""


class Gatherer:
    """Makes the accumulators of the aggregate function that the rewritten query calls."""

    def __init__(self) -> None:
        self.columns: list[list[Term]] = []
        self.room = GATHERED

    def __call__(self) -> Accumulator:
        """An accumulator for one group."""
        return Accumulator(self)

    def column(self, number: Term | None) -> list[Term]:
        """What was gathered under a number."""
        return self.columns[int(number.value)] if isinstance(number, ox.Literal) else []


class Accumulator:
    """Keeps the terms of one column of one group, in the order of the solutions, while there is room."""

    def __init__(self, gatherer: Gatherer) -> None:
        self.gatherer = gatherer
        self.terms: list[Term] = []

    def accumulate(self, term: Term) -> None:
        """Take one more term."""
        if self.gatherer.room > 0:
            self.gatherer.room -= 1
            self.terms.append(term)

    def finish(self) -> ox.Literal:
        """The number that the column is found by."""
        self.gatherer.columns.append(self.terms)
        return ox.Literal(len(self.gatherer.columns) - 1)


class Witnesses:
    """Works out what solutions rest on, for one answer."""

    def __init__(
        self,
        evidence: Evidence,
        trails: Trails,
        constants: Mapping[str, Term],
        graphs: tuple[Graph, ...],
        gatherer: Gatherer,
    ) -> None:
        self.evidence = evidence
        self.trails = trails
        self.constants = constants
        self.graphs = graphs
        self.gatherer = gatherer
        self.notes: set[str] = set()

    def reader(self, parts: Iterable[Part], places: Places, graph: str = "") -> Reader:
        """What tells the sets of facts, any one of which is enough for a solution of these parts."""
        readers = [self._marked(part, places, graph) for part in parts]
        if len(readers) == 1:
            return readers[0]

        def read(row: Row) -> Options:
            sure: frozenset[str] = frozenset()
            open_: list[Options] = []
            for reader in readers:
                options = reader(row)
                if len(options) == 1:
                    sure |= options[0]
                else:
                    open_.append(options)
            return self._product(sure, open_) if open_ else (sure,)

        return read

    def _product(self, sure: frozenset[str], choices: list[Options]) -> Options:
        if prod(map(len, choices)) > PRODUCTS:
            self.notes.add("capped")
        chosen = islice(product(*choices), PRODUCTS)
        return tuple(dict.fromkeys(sure.union(*each) for each in chosen))

    def _marked(self, part: Part, places: Places, graph: str) -> Reader:
        reader = self._part(part, places, part.graph or graph)
        if not part.marker:
            return reader
        marker = places[part.marker]
        return lambda row: NOTHING if row[marker] is None else reader(row)

    def _part(self, part: Part, places: Places, graph: str) -> Reader:
        if isinstance(part, Collected):
            return self._every(part, places, graph) if part.every else self._any(part, places, graph)
        if isinstance(part, Listed):
            return self._listed(part, places)
        if isinstance(part, About):
            node, about = self._term(part.subject, places), self.evidence.about
            return lambda row: about(node(row))
        if isinstance(part.predicate, str):
            return self._triple(part.subject, part.predicate, part.object, places)
        return self._path(part.predicate, part, places, graph)

    def _triple(self, subject: str, predicate: str, value: str, places: Places) -> Reader:
        of = self.evidence.of
        if subject in places and value in places and predicate in self.constants:
            first, third, property_ = places[subject], places[value], self.constants[predicate]
            return lambda row: of(row[first], property_, row[third])
        terms = [self._term(term, places) for term in (subject, predicate, value)]
        return lambda row: of(*[term(row) for term in terms])

    def _path(self, path: Path, part: Matched, places: Places, graph: str) -> Reader:
        start, end = self._term(part.subject, places), self._term(part.object, places)
        name = self._term(graph, places) if graph in places or graph in self.constants else None

        def read(row: Row) -> Options:
            here, there, given = start(row), end(row), name(row) if name else None
            if here is None or there is None:
                return NOTHING
            graphs = (given,) if isinstance(given, ox.NamedNode | ox.BlankNode) else self.graphs
            options = self.trails.between(path, here, there, graphs)
            if not options:
                self.notes.add("lost")
            return options or NOTHING

        return read

    def _listed(self, part: Listed, places: Places) -> Reader:
        """All the facts behind a group, or as many as an answer gives: the first in the order of IRIs."""
        column, about, of = places[part.column], self.evidence.about_iri, self.evidence.of_link
        predicate = _iri(self.constants.get(part.predicate))

        def read(row: Row) -> Options:
            listed = row[column]
            texts = sorted(filter(None, listed.value.split("\n"))) if isinstance(listed, ox.Literal) else ()
            facts: set[str] = set()
            for text in texts:
                facts.update(*(of(text, predicate) if predicate else about(text)))
                if len(facts) > FACTS:
                    break
            return (frozenset(facts),)

        return read

    def _any(self, part: Collected, places: Places, graph: str) -> Reader:
        columns = [places[name] for name in part.columns]
        inner = self.reader(part.parts, _places(part.names), graph)

        def read(row: Row) -> Options:
            gathered = (self.gatherer.column(row[column]) for column in columns)
            rows = dict.fromkeys(zip(*gathered, strict=False))
            return tuple(dict.fromkeys(facts for each in rows for facts in inner(_bound(each)))) or NOTHING

        return read

    def _every(self, part: Collected, places: Places, graph: str) -> Reader:
        """All the facts behind a group, part by part: which went with which does not matter here."""
        columns = {name: places[column] for name, column in zip(part.names, part.columns, strict=True)}
        readers = []
        for inner in part.parts:
            names = tuple(dict.fromkeys(inner.variables)) or part.names[:1]
            readers.append((
                [columns[name] for name in names], self.reader((inner,), _places(names), graph)
            ))  # fmt: skip

        def read(row: Row) -> Options:
            facts: set[str] = set()
            for places, inner in readers:
                gathered = (self.gatherer.column(row[place]) for place in places)
                for each in dict.fromkeys(zip(*gathered, strict=False)):
                    facts.update(*inner(_bound(each)))
            return (frozenset(facts),)

        return read

    def _term(self, text: str, places: Places) -> Callable[[Row], Term | None]:
        if text in places:
            return itemgetter(places[text])
        constant = self.constants.get(text)
        return lambda _: constant


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _places(names: Iterable[str]) -> Places:
    return {name: place for place, name in enumerate(names)}


def _bound(row: tuple[Term, ...]) -> Row:
    return [None if term == NO_TERM else term for term in row] if NO_TERM in row else row


def minimal(options: Iterable[frozenset[str]]) -> Options:
    """Those sets that have no other in them: the minimal witness basis, in an order that repeats.

    At most one more of them than an answer gives, so that it shows when there are more.
    """
    found = tuple(options)
    if len(found) < 2:
        return found
    kept: list[frozenset[str]] = []
    for each in sorted(set(found), key=lambda facts: (len(facts), sorted(facts))):
        if len(kept) <= WITNESSES and not any(smaller <= each for smaller in kept):
            kept.append(each)
    return tuple(kept)
