"""The text of a query becomes patterns (SPARQL 1.1 §19.8).

It reads queries that pyoxigraph has accepted, so it looks for structure and not for mistakes.
Expressions are passed over; only the EXISTS that a FILTER asks for are read.
"""

from __future__ import annotations

from itertools import pairwise

from kg.errors import QueryError
from kg.store.cite.pattern import (
    Basic,
    Column,
    Element,
    Filter,
    Graph,
    Group,
    Optional,
    Query,
    Select,
    Tokens,
    Union,
    Verbatim,
)
from kg.store.cite.reader import Reader, shallow, top_level
from kg.store.cite.tokens import tokenize
from kg.store.cite.triples_parser import TriplesParser

AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
NEVER_CITED = frozenset({"SERVICE", "LATERAL"})


def parse(query: str) -> Query:
    """Read a query. Raises QueryError for what no citation can be worked out for."""
    return Parser(tokenize(query)).query()


class Parser(Reader):
    """Reads one query by recursive descent."""

    def query(self) -> Query:
        """Read all of it."""
        while self.next.word not in {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}:
            self.take()
        prologue = self.tokens[: self.at]
        match self.next.word:
            case "SELECT":
                dataset, select = self._select()
                return Query("SELECT", prologue, dataset, select, fresh=self.fresh)
            case "ASK":
                self.take()
                dataset = self._dataset()
                return Query("ASK", prologue, dataset, self._whole(self._where()), fresh=self.fresh)
            case "CONSTRUCT":
                return self._construct(prologue)
            case _:
                return Query("DESCRIBE", prologue, (), None, fresh=self.fresh)

    def _construct(self, prologue: Tokens) -> Query:
        self.take()
        template = None
        if self.next.word == "{":
            template = self._template()
        dataset = self._dataset()
        group = self._where()
        if template is None:
            first = next((element for element in group.elements), Basic(()))
            template = first if isinstance(first, Basic) else Basic(())
        select = self._whole(group)
        return Query("CONSTRUCT", prologue, dataset, select, template.triples, self.fresh)

    def _template(self) -> Basic:
        self.expect("{")
        basic = self._basic()
        self.expect("}")
        return basic

    def _whole(self, group: Group) -> Select:
        """The SELECT * of a pattern, with the modifiers that follow it."""
        return self._finish((), False, False, group, 0)

    def _dataset(self) -> Tokens:
        start = self.at
        while self.skip("FROM"):
            self.skip("NAMED")
            self.take()
        return self.tokens[start : self.at]

    def _where(self) -> Group:
        self.skip("WHERE")
        return self._group()

    def _select(self) -> tuple[Tokens, Select]:
        start = self.at
        self.expect("SELECT")
        word = self.skip("DISTINCT", "REDUCED")
        columns = self._columns()
        dataset = self._dataset()
        group = self._where()
        return dataset, self._finish(columns, word == "DISTINCT", word == "REDUCED", group, start)

    def _columns(self) -> tuple[Column, ...]:
        columns = []
        while not self.skip("*"):
            if self.next.kind == "var":
                columns.append(Column("?" + self.take().text[1:]))
            elif self.next.word == "(":
                inner = self.balanced()[1:-1]
                columns.append(Column("?" + inner[-1].text[1:], inner[:-2]))
            else:
                break
        return tuple(columns)

    def _finish(
        self, columns: tuple[Column, ...], distinct: bool, reduced: bool, group: Group, start: int
    ) -> Select:
        """What follows the pattern, up to the end of the query or of the braces that it stands in."""
        rest = self._rest()
        parts = {word: rest[begin:end] for word, begin, end in _clauses(rest)}
        named = {"LIMIT", "OFFSET", "VALUES"}
        modifiers = tuple(token for word, part in parts.items() if word not in named for token in part)
        expressions = [column.expression for column in columns]
        return Select(
            columns,
            distinct,
            reduced,
            group,
            "GROUP" in parts or any(map(_aggregates, [*expressions, modifiers])),
            modifiers,
            int(parts["LIMIT"][1].text) if "LIMIT" in parts else None,
            int(parts["OFFSET"][1].text) if "OFFSET" in parts else 0,
            parts.get("VALUES", ()),
            self.tokens[start : self.at],
        )

    def _rest(self) -> Tokens:
        start = self.at
        while self.next.kind != "end" and self.next.word != "}":
            if self.next.word in {"(", "{"}:
                self.balanced()
            else:
                self.take()
        return self.tokens[start : self.at]

    def _group(self) -> Group:
        start = self.at
        self.expect("{")
        elements: list[Element] = []
        while not self.skip("}"):
            if not self.skip("."):
                elements.append(self._element())
        return Group(tuple(elements), self.tokens[start : self.at])

    def _element(self) -> Element:
        start = self.at
        match self.next.word:
            case "{":
                return self._union()
            case "SELECT":
                return self._select()[1]
            case "OPTIONAL":
                self.take()
                return Optional(self._group())
            case "GRAPH":
                self.take()
                name = self.take().text
                return Graph("?" + name[1:] if name[0] in "?$" else name, self._group())
            case "FILTER":
                return self._filter()
            case "MINUS":
                self.take()
                self.balanced()
                return Verbatim(self.tokens[start : self.at])
            case "BIND":
                self.take()
                variable = "?" + self.balanced()[-2].text[1:]
                return Verbatim(self.tokens[start : self.at], (variable,))
            case "VALUES":
                return self._values()
            case word if word in NEVER_CITED:
                raise QueryError(f"{word} is beyond what can be cited.")
            case _:
                return self._basic()

    def _union(self) -> Union:
        groups = [self._group()]
        while self.skip("UNION"):
            groups.append(self._group())
        return Union(tuple(groups))

    def _values(self) -> Verbatim:
        start = self.at
        self.take()
        names = self.balanced() if self.next.word == "(" else (self.take(),)
        self.balanced()
        variables = tuple("?" + token.text[1:] for token in names if token.kind == "var")
        return Verbatim(self.tokens[start : self.at], variables)

    def _basic(self) -> Basic:
        parser = TriplesParser(self)
        while True:
            parser.read_statement()
            if not self.skip(".") or self._ends_triples():
                return Basic(tuple(parser.triples))

    def _ends_triples(self) -> bool:
        token = self.next
        return token.word in {"}", "{"} or (token.kind == "word" and token.text not in {"true", "false"})

    def _filter(self) -> Filter:
        start = self.at
        self.take()
        while self.next.word not in {"(", "{"}:
            self.take()
        self.balanced()
        end = self.at
        exists = tuple(self._exists(start + 1, end))
        self.at = end
        return Filter(self.tokens[start:end], exists)

    def _exists(self, start: int, end: int) -> list[Group]:
        """The patterns of the EXISTS that must all hold, in an expression between two places."""
        while self.tokens[start].word == "(" and self._close(start) == end:
            start, end = start + 1, end - 1
        outer = list(top_level(self.tokens[start:end]))
        words = {token.word for _, token in outer}
        if "||" in words:
            return []
        if "&&" in words:
            cuts = [start - 1, *(start + place for place, token in outer if token.word == "&&"), end]
            return [group for before, after in pairwise(cuts) for group in self._exists(before + 1, after)]
        if self.tokens[start].word != "EXISTS":
            return []
        self.at = start + 1
        return [self._group()]

    def _close(self, start: int) -> int:
        """The place behind the bracket that closes the one at `start`."""
        self.at = start
        self.balanced()
        return self.at


def _clauses(rest: Tokens) -> list[tuple[str, int, int]]:
    """The clauses after a pattern: the first word of each, and where it begins and ends."""
    words = {"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"}
    starts = [(token.word, place) for place, token in top_level(rest) if token.word in words]
    ends = [place for _, place in starts[1:]] + [len(rest)]
    return [(word, start, end) for (word, start), end in zip(starts, ends, strict=False)]


def _aggregates(tokens: Tokens) -> bool:
    """Whether an expression has an aggregate, patterns in it left aside."""
    return any(token.word in AGGREGATES for _, token in shallow(tokens))
