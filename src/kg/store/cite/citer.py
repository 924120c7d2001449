"""A query becomes a cited answer: the stages in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

import pyoxigraph as ox

from kg.errors import QueryError, QueryRefused
from kg.project import Names
from kg.store.build import Build
from kg.store.cite.answer import CitedAnswer, CitedFact, CitedRow
from kg.store.cite.dialect import Dialect, Gatherer, Native
from kg.store.cite.dossier import Dossiers, Shelf
from kg.store.cite.evidence import DEFAULT, NOTHING, Evidence, Options
from kg.store.cite.pattern import Triple
from kg.store.cite.plan import Plan, plan
from kg.store.cite.trail import Trails
from kg.store.cite.witness import FACTS, WITNESSES, Witnesses, minimal
from kg.store.job import Job
from kg.store.record import Source
from kg.store.scan import scan
from kg.store.store import Answer, Store, Term
from kg.store.view import View, Views

ASKED = 200
"""Solutions of an ASK that are looked at."""
PLANS = 256
Values = tuple[Term | None, ...]
Solutions = Iterator[tuple[Values, Options]]


def cited(store: ox.Store, query: str, build: Build) -> CitedAnswer:
    """Answer one query with citations. Whoever asks more than once keeps a Citer. Raises QueryError."""
    return Citer(store, build.names, build.prefixes).answer(query)


class Basis(NamedTuple):
    """Where a citer finds what rows rest on, and how it has a query gather it."""

    evidence: Evidence
    dossiers: Shelf
    dialect: Dialect


class Citer:
    """Answers queries with citations over one dataset, and remembers what it has read of it."""

    def __init__(
        self, store: Store, names: Names, prefixes: Mapping[str, str], basis: Basis | None = None
    ) -> None:
        self.prefixes = dict(prefixes)
        self.store = store
        self.views = Views(store, names.rdf12)
        basis = basis or Basis(Evidence(store, names), Dossiers(store), Native())
        self.evidence, self.dossiers, self.dialect = basis
        self._plan = lru_cache(PLANS)(self._make_plan)

    def answer(self, query: str, view: View | None = None, base: str | None = None) -> CitedAnswer:
        """Answer a query, from the graphs of a view; without one, from those that the query names.

        Raises QueryError for a query that does not parse or fails, QueryRefused for one that calls a
        service. A query that can be answered but not cited gets an answer that says why.
        """
        view = view or self.view(query, base)
        made = self._plan(query, base)
        try:
            if made.reason or made.form == "DESCRIBE":
                return self._plain(query, made, view, base)
            return _Answering(self, made, view, base).answer(query)
        except ValueError as error:
            raise QueryError(str(error)) from None

    def prepare(self) -> frozenset[str]:
        """Read what every plan needs, once for all the processes that are forked later.

        Gives the properties whose values, in facts, are all IRIs.
        """
        return self.evidence.links

    def evaluate(
        self, query: str, view: View, base: str | None = None, gatherer: Gatherer | None = None
    ) -> Answer:
        """Ask the store. Raises ValueError where the evaluation fails."""
        return view.store.query(
            query,
            base_iri=base,
            prefixes=self.prefixes,
            default_graph=view.default_graph,
            named_graphs=view.named_graphs,
            custom_aggregate_functions=gatherer.functions if gatherer else None,
        )

    def finish(self, made: Plan, rows: Iterable[tuple[Values, Options]], notes: Iterable[str]) -> CitedAnswer:
        """Number the facts of the rows, and look them up."""
        numbers: dict[str, int] = {}
        cited_rows = tuple(_row(values, options, numbers) for values, options in rows)
        facts = tuple(map(self.dossiers.fact, numbers))
        capped = {"capped"} if any(row.capped for row in cited_rows) else set()
        sources = self._sources(facts)
        found = frozenset({*made.notes, *notes, *capped})
        return CitedAnswer(made.form, made.variables, cited_rows, facts, sources, found, made.reason)

    def _sources(self, facts: Iterable[CitedFact]) -> tuple[Source, ...]:
        iris = {citation.source for fact in facts for citation in fact.citations}
        return tuple(map(self.dossiers.source, sorted(iris)))

    def _make_plan(self, query: str, base: str | None) -> Plan:
        return plan(query, self.prefixes, base, self.evidence, self.dialect)

    def view(self, query: str, base: str | None = None, stated: bool = False) -> View:
        """The graphs that a query sees by itself; `stated` as in Job.

        Raises QueryRefused for one that calls a service.
        """
        names = scan(query, self.prefixes, base or "")
        if names.services:
            raise QueryRefused("SERVICE is refused: what another service answers cannot be cited.")
        return self.views.choose(Job(query=query, stated=stated), names)

    def _plain(self, query: str, made: Plan, view: View, base: str | None) -> CitedAnswer:
        """An answer without rewriting: of a DESCRIBE, whose triples are cited, or of what cannot be."""
        answer = self.evaluate(query, view, base)
        if isinstance(answer, ox.QueryBoolean):
            return self.finish(made, [((), NOTHING)] if answer else [], ())
        if isinstance(answer, ox.QuerySolutions):
            return self.finish(made, ((tuple(row), NOTHING) for row in answer), ())
        triples = [(triple.subject, triple.predicate, triple.object) for triple in answer]
        known = (() if made.reason else self.evidence.of(*triple) for triple in triples)
        return self.finish(made, zip(triples, known, strict=True), ())


class _Answering:
    """The making of one answer."""

    def __init__(self, citer: Citer, made: Plan, view: View, base: str | None) -> None:
        self.citer = citer
        self.made = made
        self.view = view
        self.base = base
        self.gatherer = citer.dialect.gatherer()
        self.places: dict[str, int] = {}
        graphs = tuple(view.default_graph or [DEFAULT])
        trails = Trails(view.store, citer.evidence, made.constants)
        self.witnesses = Witnesses(citer.evidence, trails, made.constants, graphs, self.gatherer)

    def answer(self, query: str) -> CitedAnswer:
        """Evaluate the rewritten query, and read off what the rows rest on."""
        solutions = self._solutions()
        match self.made.form:
            case "ASK":
                rows = self._ask(solutions)
            case "CONSTRUCT":
                rows = self._construct(query, solutions)
            case _:
                rows = self._select(solutions)
        return self.citer.finish(self.made, rows, self._notes(rows))

    def _solutions(self) -> Solutions:
        """The solutions of the rewritten query: the columns asked for, and what they rest on."""
        answer = self.citer.evaluate(self.made.text, self.view, self.base, self.gatherer)
        assert isinstance(answer, ox.QuerySolutions)
        self.places = {f"?{variable.value}": place for place, variable in enumerate(answer.variables)}
        width = len(self.made.variables) if self.made.form == "SELECT" else len(self.places)
        read = self.witnesses.reader(self.made.parts, self.places)
        for row in map(tuple, answer):
            yield row[:width], read(row)

    def _select(self, solutions: Solutions) -> list[tuple[Values, Options]]:
        """The rows in their order; rows that are alike rest on the same."""
        made = self.made
        rows: list[Values] = []
        found: dict[Values, list[Options]] = {}
        end = made.offset + made.limit if made.distinct and made.limit is not None else None
        for values, options in solutions:
            before = found.get(values)
            if before is None and end is not None and len(rows) >= end:
                break
            if before is None or not made.distinct:
                rows.append(values)
            if before is None:
                found[values] = [options]
            elif before[-1] != options:
                before.append(options)
        basis = {values: _basis(options) for values, options in found.items()}
        return [(values, basis[values]) for values in rows[made.offset if made.distinct else 0 :]]

    def _notes(self, rows: list[tuple[Values, Options]]) -> set[str]:
        """What was found wanting on the way; and whether LIMIT or OFFSET did cut something off."""
        made = self.made
        cut = made.offset > 0 or (made.limit is not None and len(rows) >= made.limit)
        notes = self.witnesses.notes | ({"limit"} if made.sliced and cut else set())
        return notes | {"capped"} if self.gatherer.full else notes

    def _ask(self, solutions: Solutions) -> list[tuple[Values, Options]]:
        found: dict[frozenset[str], None] = {}
        for _, options in islice(solutions, ASKED):
            found.update(dict.fromkeys(options))
        if next(solutions, None) is not None:
            self.witnesses.notes.add("capped")
        return [((), minimal(found))] if found else []

    def _construct(self, query: str, solutions: Solutions) -> list[tuple[Values, Options]]:
        """The triples, each with what the solutions rest on that it comes from."""
        found: dict[Values, list[frozenset[str]]] = {}
        for row, options in solutions:
            for triple in self.made.template:
                key = tuple(map(_shown, self._instance(triple, row)))
                found.setdefault(key, []).extend(options)
        answer = self.citer.evaluate(query, self.view, self.base)
        assert not isinstance(answer, ox.QuerySolutions | ox.QueryBoolean)
        triples = [(triple.subject, triple.predicate, triple.object) for triple in answer]
        return [(triple, minimal(found.get(tuple(map(_shown, triple)), ()))) for triple in triples]

    def _instance(self, triple: Triple, row: Values) -> Values:
        """A triple of a template in one solution; None for a blank node, which is new in each."""
        terms = (triple.subject, str(triple.predicate), triple.object)
        return tuple(
            row[self.places[term]] if term in self.places else self.made.constants.get(term) for term in terms
        )


def _shown(term: Term | None) -> Term | None:
    """A term by which an instance is found: all blank nodes are alike."""
    return None if isinstance(term, ox.BlankNode) else term


def _basis(found: list[Options]) -> Options:
    return found[0] if len(found) == 1 and len(found[0]) == 1 else minimal(chain.from_iterable(found))


def _row(values: Values, options: Options, numbers: dict[str, int]) -> CitedRow:
    """A row with the numbers of its facts, as many as are given."""
    witnesses = []
    for facts in options[:WITNESSES]:
        if facts:
            given = sorted(facts)[:FACTS]
            witnesses.append(tuple([numbers.setdefault(fact, len(numbers)) for fact in given]))
    capped = len(options) > WITNESSES or any(len(facts) > FACTS for facts in options)
    return CitedRow(values, tuple(witnesses), capped)
