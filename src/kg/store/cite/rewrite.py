"""A pattern becomes the same pattern that also gives back what each of its solutions was made of.

Nothing is added to a pattern that could make or unmake a solution:

- triples, paths and whole groups stay as they are, and the variables that tell which triple matched
  are given back too, out of inner SELECTs under names of their own;
- where a branch may or may not take part, a variable that only it binds tells, or a BIND in it;
- an inner SELECT DISTINCT becomes a GROUP BY of its columns, and an aggregate function of ours
  gathers what was behind each group; a SELECT with aggregates gets the same function beside its own;
- for an EXISTS that must hold, a LATERAL of one row gathers what it was made of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum
from itertools import pairwise

from kg.errors import QueryError
from kg.store.cite.part import About, Collected, Listed, Matched, Part, variables
from kg.store.cite.path import Path, is_closure
from kg.store.cite.pattern import (
    Basic,
    Column,
    Element,
    Filter,
    Graph,
    Group,
    Optional,
    Select,
    Tokens,
    Triple,
    Union,
    Verbatim,
    assigned,
)
from kg.store.cite.reader import shallow, top_level
from kg.store.cite.tokens import write

COLLECT = "urn:kg:collect"
UNBOUND = "urn:kg:unbound"
REDUCED = "REDUCED is beyond what can be cited: it leaves open which rows there are."
Written = tuple[str, tuple[Part, ...]]


class Role(Enum):
    """What a triple pattern can add to what a solution rests on."""

    NOTHING = "no triple that matches is a fact"
    FACT = "a triple that matches may be a fact"
    LINK = "a triple that matches may be a fact if its object is an IRI"
    ABOUT = "its subject is a fact or a citation"


class Rewriter:
    """Rewrites one query. `notes` gathers what cannot be told in full."""

    def __init__(self, fresh: str, role: Callable[[Triple], Role]) -> None:
        self.fresh = fresh
        self.role = role
        self.notes: set[str] = set()
        self._number = 0
        self._bound: Counter[str] = Counter()

    def query(self, select: Select, columns: Sequence[Column], dataset: str) -> tuple[str, tuple[Part, ...]]:
        """The query itself; its columns come first. DISTINCT, and with it LIMIT, are left to the reader."""
        if select.reduced:
            raise QueryError(REDUCED)
        pattern, parts = self._scope(select)
        extra, parts = self._gather(select, parts) if select.grouped else self._pass_on(parts, columns)
        shown = " ".join(map(str, [*columns, *extra])) or "*"
        rest = write(select.modifiers) if select.distinct else _modifiers(select)
        return f"SELECT {shown} {dataset} WHERE {pattern} {rest} {write(select.values)}", parts

    def _scope(self, select: Select) -> Written:
        for tokens in (*(column.expression for column in select.columns), select.modifiers):
            self._note_expression(tokens)
        bound = select.group.binds()
        bound.update("?" + token.text[1:] for token in select.values if token.kind == "var")
        return self._within(select.group, bound)

    def _within(self, group: Group, bound: Counter[str]) -> Written:
        """A group in which variables are bound as often as `bound` says."""
        outer, self._bound = self._bound, bound
        written = self._group(group)
        self._bound = outer
        return written

    def _group(self, group: Group) -> Written:
        texts: list[str] = []
        laterals: list[str] = []
        parts: list[Part] = []
        for element in group.elements:
            text, found = self._element(element)
            texts.append(text)
            parts += found
            if isinstance(element, Filter):
                self._note_expression(element.tokens, len(element.exists))
                for exists in element.exists:
                    text, found = self._exists(exists, group)
                    laterals.append(text)
                    parts += found
        return f"{{ {' '.join([*texts, *laterals])} }}", tuple(parts)

    def _element(self, element: Element) -> Written:
        match element:
            case Basic(triples):
                return " ".join(map(str, triples)), self._triples(triples)
            case Filter(tokens):
                return write(tokens), ()
            case Verbatim(tokens):
                if tokens[0].word == "MINUS":
                    self.notes.add("negation")
                else:
                    self._note_expression(tokens)
                return f" {write(tokens)}", ()
            case Optional(group):
                text, parts = self._branch(group)
                return f"OPTIONAL {text}", parts
            case Union((group,)):
                return self._group(group)
            case Union(groups):
                branches = [self._branch(group) for group in groups]
                text = " UNION ".join(text for text, _ in branches)
                return text, tuple(part for _, parts in branches for part in parts)
            case Graph(name, group):
                text, parts = self._group(group)
                return f"GRAPH {name} {text}", tuple(replace(p, graph=p.graph or name) for p in parts)
            case Select():
                return self._subquery(element)

    def _triples(self, triples: Sequence[Triple]) -> tuple[Part, ...]:
        parts: dict[Part, None] = {}
        for triple in triples:
            subject, predicate, value = triple.subject, triple.predicate, triple.object
            role = self.role(triple)
            if role is Role.ABOUT:
                parts[About(subject)] = None
            elif role is not Role.NOTHING:
                parts[Matched(subject, predicate, value, link=role is Role.LINK)] = None
                if isinstance(predicate, Path) and is_closure(predicate):
                    self.notes.add("closure")
        return tuple(parts)

    def _branch(self, group: Group) -> Written:
        """A group that may take part or not."""
        text, parts = self._group(group)
        if all(part.marker for part in parts):
            return text, parts
        counts = group.binds()
        sure = variables(part for part in parts if not part.marker)
        local = (name for name in sure if name.startswith(self.fresh) or self._bound[name] == counts[name])
        marker = next(local, "")
        if not marker:
            marker = self._name()
            text = f"{text[:-1]} BIND(1 AS {marker}) }}"
        return text, tuple(part if part.marker else replace(part, marker=marker) for part in parts)

    def _exists(self, group: Group, outer: Group) -> Written:
        """What an EXISTS that held was made of, as one row beside each solution."""
        mentioned = {"?" + token.text[1:] for token in group.tokens if token.kind == "var"}
        shared = sorted(mentioned & self._bound.keys())
        if not outer.certain.issuperset(shared) or not assigned(group).isdisjoint(shared):
            self.notes.add("exists")
            return "", ()
        pattern, parts = self._within(group, group.binds() + Counter(shared))
        if not parts:
            return "", ()
        columns, found = self._collect(parts, group.certain, every=False)
        keys = " ".join(shared)
        shown = " ".join([*shared, *map(str, columns)])
        grouping = f"GROUP BY {keys}" if keys else ""
        return f"LATERAL {{ SELECT {shown} WHERE {pattern} {grouping} }}", (found,)

    def _subquery(self, select: Select) -> Written:
        pattern, parts = self._scope(select)
        if not parts:
            return f"{{ {write(select.tokens)} }}", ()
        keys = _keys(select)
        if select.distinct and any(not keys.issuperset(part.variables) for part in parts):
            return self._distinct(select, pattern, parts)
        if select.reduced:
            raise QueryError(REDUCED)
        if select.sliced and not select.grouped:
            self.notes.add("limit")
        extra, parts = self._gather(select, parts) if select.grouped else self._pass_on(parts, select.columns)
        extra = extra if select.columns else []
        shown = " ".join(map(str, [*select.columns, *extra])) or "*"
        shown = f"DISTINCT {shown}" if select.distinct else shown
        return f"{{ SELECT {shown} WHERE {pattern} {_modifiers(select)} {write(select.values)} }}", parts

    def _distinct(self, select: Select, pattern: str, parts: tuple[Part, ...]) -> Written:
        if select.sliced or select.grouped or not select.columns:
            raise QueryError("A subquery with DISTINCT and LIMIT, GROUP BY or * is beyond what can be cited.")
        binds = " ".join(f"BIND{column}" for column in select.columns if column.expression)
        keys = " ".join(column.variable for column in select.columns)
        columns, found = self._collect(parts, select.group.certain, every=False)
        shown = " ".join(columns)
        inner = f"{{ {pattern} {write(select.values)} {binds} }}"
        order = write(select.modifiers)
        return f"{{ SELECT {keys} {shown} WHERE {inner} GROUP BY {keys} {order} }}", (found,)

    def _gather(self, select: Select, parts: tuple[Part, ...]) -> tuple[list[str], tuple[Part, ...]]:
        """Columns for the parts behind each group; what its keys tell is the same for all of it."""
        self.notes.add("aggregate")
        keys = _keys(select)
        same = tuple(part for part in parts if keys.issuperset(part.variables) and any(part.variables))
        rest = tuple(part for part in parts if part not in same)
        extra, same = self._pass_on(same, select.columns)
        found: list[Part] = list(same)
        for part in rest:
            if isinstance(part, About) or (isinstance(part, Matched) and part.link):
                columns, one = self._list(part)
            else:
                columns, one = self._collect((part,), select.group.certain, every=True)
            extra += columns
            found.append(one)
        return extra, tuple(found)

    def _list(self, part: About | Matched) -> tuple[list[str], Part]:
        """One column for a part that IRIs tell: all of them in one text, which the store itself writes."""
        made = self._name()
        text, predicate = f"STR({part.subject})", ""
        if isinstance(part, Matched):
            assert isinstance(part.predicate, str)
            predicate = part.predicate
            text = f'IF(isIRI({part.object}), CONCAT({text}, " ", STR({part.object})), "")'
        if part.marker not in ("", part.subject, part.object if isinstance(part, Matched) else ""):
            text = f'IF(BOUND({part.marker}), {text}, "")'
        listed = f'GROUP_CONCAT(DISTINCT COALESCE({text}, ""); SEPARATOR="\\n")'
        return [f"({listed} AS {made})"], Listed(made, predicate)

    def _collect(
        self, parts: tuple[Part, ...], certain: frozenset[str], every: bool
    ) -> tuple[list[str], Part]:
        """Aggregates that gather the variables of the parts, and the part that reads them."""
        names = variables(parts)
        made = tuple(self._name() for _ in names or [""])
        terms = [name if name in certain else f"COALESCE({name}, <{UNBOUND}>)" for name in names] or ["1"]
        columns = [f"(<{COLLECT}>({term}) AS {column})" for term, column in zip(terms, made, strict=True)]
        return columns, Collected(made, names or made, parts, every)

    def _pass_on(
        self, parts: tuple[Part, ...], columns: Sequence[Column]
    ) -> tuple[list[str], tuple[Part, ...]]:
        """Columns that give back the variables of the parts under names of their own, unless shown anyway."""
        if not columns:
            return [], parts
        shown = {column.variable for column in columns if not column.expression}
        names = {name: self._name() for name in variables(parts) if name not in shown}
        extra = [f"({name} AS {made})" for name, made in names.items()]
        return extra, tuple(part.renamed(lambda term: names.get(term, term)) for part in parts)

    def _name(self) -> str:
        self._number += 1
        return f"{self.fresh}_{self._number}"

    def _note_expression(self, tokens: Tokens, read: int = 0) -> None:
        """Say of an expression what cannot be told: absence, and more EXISTS than were read."""
        words = [token.word for _, token in shallow(tokens)]
        negated = sum(pair == ("NOT", "EXISTS") for pair in pairwise(words))
        if negated:
            self.notes.add("negation")
        if words.count("EXISTS") - negated > read:
            self.notes.add("exists")


def _modifiers(select: Select) -> str:
    limit = f"LIMIT {select.limit}" if select.limit is not None else ""
    offset = f"OFFSET {select.offset}" if select.offset else ""
    return f"{write(select.modifiers)} {limit} {offset}"


def _keys(select: Select) -> frozenset[str]:
    """Variables that are the same in all solutions behind a row: of a GROUP BY, or shown under DISTINCT."""
    if not select.grouped:
        return frozenset(column.variable for column in select.columns if not column.expression)
    tokens = [token for _, token in top_level(select.modifiers)]
    words = [token.word for token in tokens]
    if "GROUP" not in words:
        return frozenset()
    start = words.index("GROUP")
    ends = (place for place, word in enumerate(words) if word in {"HAVING", "ORDER"} and place > start)
    found = tokens[start : next(ends, len(tokens))]
    return frozenset("?" + token.text[1:] for token in found if token.kind == "var")
