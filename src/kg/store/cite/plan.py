"""The text of a query becomes the query to ask in its stead, and how to read its solutions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.errors import QueryError
from kg.graph.syntax import parse_error
from kg.store.cite.dialect import COLLECT, Collector, Dialect
from kg.store.cite.evidence import Evidence
from kg.store.cite.parser import parse
from kg.store.cite.part import Part
from kg.store.cite.path import iris
from kg.store.cite.pattern import (
    Basic,
    Column,
    Filter,
    Form,
    Graph,
    Group,
    Optional,
    Query,
    Select,
    Triple,
    Union,
    variables_of,
)
from kg.store.cite.rewrite import Rewriter, Role
from kg.store.cite.tokens import write
from kg.store.store import Term

EMPTY = ox.Store()
STAND_IN: dict[ox.NamedNode, Callable[[], ox.AggregateFunctionAccumulator]] = {
    ox.NamedNode(COLLECT): Collector()
}
SPO = ("subject", "predicate", "object")


@dataclass(frozen=True)
class Plan:
    """How one query is answered with citations."""

    form: Form
    variables: tuple[str, ...]
    """The columns of the answer."""
    text: str = ""
    """The rewritten query; its first columns are those of the answer, or those that a template needs."""
    parts: tuple[Part, ...] = ()
    constants: Mapping[str, Term] = field(default_factory=dict)
    """The terms that the query names, by how it writes them."""
    template: tuple[Triple, ...] = ()
    distinct: bool = False
    """Whether the reader is to leave out rows that are there already, and then to keep to the limit."""
    limit: int | None = None
    offset: int = 0
    sliced: bool = False
    """Whether LIMIT or OFFSET may cut off solutions, rather than groups."""
    notes: frozenset[str] = frozenset()
    reason: str = ""
    """Why nothing can be cited; empty where it can."""


def plan(
    query: str, prefixes: Mapping[str, str], base: str | None, evidence: Evidence, dialect: Dialect
) -> Plan:
    """Work out how to answer a query. Raises QueryError for what is no query."""
    try:
        plain = EMPTY.query(query, base_iri=base, prefixes=dict(prefixes))
    except SyntaxError as error:
        raise parse_error(error, query) from None
    except (ValueError, RuntimeError) as error:
        raise QueryError(str(error)) from None
    variables = tuple(each.value for each in plain.variables) if isinstance(plain, ox.QuerySolutions) else ()
    form: Form = "SELECT" if isinstance(plain, ox.QuerySolutions) else "ASK"
    if isinstance(plain, ox.QueryTriples):
        form, variables = "CONSTRUCT", SPO
    try:
        return _rewrite(parse(query), variables, _Resolver(dict(prefixes), base), evidence, dialect)
    except QueryError as error:
        return Plan(form, variables, reason=str(error))
    except RecursionError:
        return Plan(
            form, variables, reason="The query is nested too deeply; that is beyond what can be cited."
        )


def _rewrite(
    query: Query, variables: tuple[str, ...], resolver: _Resolver, evidence: Evidence, dialect: Dialect
) -> Plan:
    select = query.select
    if select is None:
        return Plan("DESCRIBE", variables)
    constants = resolver.resolve(write(query.prologue), sorted({*_constants(select.group), *_named(query)}))
    rewriter = Rewriter(query.fresh, lambda triple: _role(triple, constants, evidence), dialect)
    columns = _columns(query, select, variables)
    body, parts = rewriter.query(select, columns, write(query.dataset))
    text = f"{write(query.prologue)} {body}"
    resolver.check(text)
    return Plan(
        query.form,
        variables,
        text,
        parts,
        constants,
        query.template,
        select.distinct,
        select.limit,
        select.offset,
        select.sliced and not select.grouped,
        frozenset(rewriter.notes),
    )


def _role(triple: Triple, constants: Mapping[str, Term], evidence: Evidence) -> Role:
    if not isinstance(triple.predicate, str):
        negated = "!" in str(triple.predicate)
        found = negated or any(evidence.may_be_fact(constants[name], None) for name in iris(triple.predicate))
        return Role.FACT if found else Role.NOTHING
    if triple.predicate.startswith("?"):
        return Role.FACT
    predicate, value = constants[triple.predicate], constants.get(triple.object)
    if evidence.is_about(predicate, value):
        return Role.ABOUT
    if evidence.is_link(predicate):
        return Role.LINK
    return Role.FACT if evidence.may_be_fact(predicate, value) else Role.NOTHING


def _columns(query: Query, select: Select, variables: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns to ask for: those of the answer, or those that a template needs."""
    if query.form == "SELECT":
        return select.columns or tuple(Column(f"?{name}") for name in variables)
    names = {name for triple in query.template for name in variables_of(triple)}
    bound = select.group.binds().keys()
    return tuple(Column(name) for name in sorted(names & bound) if not name.startswith(query.fresh))


@dataclass(frozen=True)
class _Resolver:
    """Turns terms as a query writes them into terms, by asking pyoxigraph."""

    prefixes: dict[str, str]
    base: str | None

    def resolve(self, prologue: str, texts: list[str]) -> dict[str, Term]:
        names = " ".join(f"?v{number}" for number in range(len(texts)))
        query = f"{prologue} SELECT * {{ VALUES ({names}) {{ ({' '.join(texts)}) }} }}"
        rows = EMPTY.query(query, base_iri=self.base, prefixes=self.prefixes)
        assert isinstance(rows, ox.QuerySolutions)
        row = next(iter(rows))
        terms = ((text, row[f"v{number}"]) for number, text in enumerate(texts))
        return {text: term for text, term in terms if term is not None}

    def check(self, text: str) -> None:
        """Raises QueryError where a rewritten query is no query."""
        try:
            EMPTY.query(text, base_iri=self.base, prefixes=self.prefixes, custom_aggregate_functions=STAND_IN)
        except (SyntaxError, ValueError, RuntimeError) as error:
            raise QueryError(f"The query is beyond what can be cited: {error}") from error


def _named(query: Query) -> Iterator[str]:
    """Every term in a template that is no variable."""
    return (term for triple in query.template for term in _terms(triple))


def _constants(group: Group) -> Iterator[str]:
    """Every term in the patterns of a group that is no variable."""
    for element in group.elements:
        match element:
            case Basic(triples):
                for triple in triples:
                    yield from _terms(triple)
            case Filter(_, exists):
                for inner in exists:
                    yield from _constants(inner)
            case Optional(inner) | Select(group=inner):
                yield from _constants(inner)
            case Graph(name, inner):
                yield from _terms(Triple(name, name, name))
                yield from _constants(inner)
            case Union(groups):
                for inner in groups:
                    yield from _constants(inner)


def _terms(triple: Triple) -> Iterator[str]:
    terms = [triple.subject, triple.object]
    terms += [triple.predicate] if isinstance(triple.predicate, str) else iris(triple.predicate)
    return (term for term in terms if not term.startswith(("?", "<<")))
