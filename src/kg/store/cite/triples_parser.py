"""Tokens become triple patterns: lists, brackets and annotations are written out (SPARQL 1.1 §4.2).

A sequence of paths is written out too, as SPARQL 1.1 §18.2.2.4 does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.store.cite.path import Inverse, Path, Sequence, Step
from kg.store.cite.path_parser import parse_path
from kg.store.cite.pattern import Triple
from kg.store.cite.reader import Reader
from kg.terms import RDF, REIFIES

FIRST, REST, NIL = (f"<{RDF}{name}>" for name in ("first", "rest", "nil"))


class TriplesParser:
    """Reads triples one after another; `triples` holds what was read."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.triples: list[Triple] = []

    def read_statement(self) -> None:
        """Read one subject with all its predicates and objects."""
        alone = self.reader.next.word in {"[", "<<", "("}
        subject = self._node()
        if not (alone and self._at_end()):
            self._predicates(subject)

    def _at_end(self) -> bool:
        token = self.reader.next
        keyword = token.kind == "word" and token.text != "a"
        return token.kind == "end" or keyword or token.word in {".", "}", "{", "]", "|}", ";"}

    def _predicates(self, subject: str) -> None:
        while True:
            while self.reader.skip(";"):
                pass
            if self._at_end():
                return
            verb = self._verb()
            self._objects(subject, verb)
            if self.reader.next.word != ";":
                return

    def _verb(self) -> str | Path:
        if self.reader.next.kind == "var":
            return "?" + self.reader.take().text[1:]
        path = parse_path(self.reader)
        return path.iri if isinstance(path, Step) else path

    def _objects(self, subject: str, verb: str | Path) -> None:
        while True:
            value = self._node()
            self.triples += write_out(subject, verb, value, self.reader)
            self._annotations(f"<<( {subject} {verb} {value} )>>")
            if not self.reader.skip(","):
                return

    def _annotations(self, term: str) -> None:
        reifier = ""
        while word := self.reader.skip("~", "{|"):
            if word == "~":
                named = self.reader.next.kind in {"var", "iri", "name", "bnode"}
                reifier = self._node() if named else self.reader.variable()
                self.triples.append(Triple(reifier, f"<{REIFIES}>", term))
            else:
                if not reifier:
                    reifier = self.reader.variable()
                    self.triples.append(Triple(reifier, f"<{REIFIES}>", term))
                self._predicates(reifier)
                self.reader.expect("|}")
                reifier = ""

    def _node(self) -> str:
        token = self.reader.take()
        match token.kind, token.text:
            case "var", text:
                return "?" + text[1:]
            case "bnode", text:
                return self.reader.blank(text)
            case "string", text:
                return text + self._suffix()
            case _, "+" | "-":
                return token.text + self.reader.take().text
            case _, "[":
                return self._brackets()
            case _, "(":
                return self._list()
            case _, "<<(":
                return self._triple_term()
            case _, "<<":
                return self._reified()
            case _:
                return token.text

    def _suffix(self) -> str:
        if self.reader.next.kind == "tag":
            return self.reader.take().text
        return f"^^{self.reader.take().text}" if self.reader.skip("^^") else ""

    def _brackets(self) -> str:
        node = self.reader.variable()
        if self.reader.next.word != "]":
            self._predicates(node)
        self.reader.expect("]")
        return node

    def _list(self) -> str:
        if self.reader.skip(")"):
            return NIL
        first = node = self.reader.variable()
        while True:
            self.triples.append(Triple(node, FIRST, self._node()))
            if self.reader.skip(")"):
                self.triples.append(Triple(node, REST, NIL))
                return first
            rest = self.reader.variable()
            self.triples.append(Triple(node, REST, rest))
            node = rest

    def _triple_term(self) -> str:
        parts = [self._node(), self._verb(), self._node()]
        self.reader.expect(")>>")
        return f"<<( {' '.join(map(str, parts))} )>>"

    def _reified(self) -> str:
        parts = [self._node(), self._verb(), self._node()]
        named = self.reader.skip("~") and self.reader.next.word != ">>"
        reifier = self._node() if named else self.reader.variable()
        self.reader.expect(">>")
        term = f"<<( {' '.join(map(str, parts))} )>>"
        self.triples.append(Triple(reifier, f"<{REIFIES}>", term))
        return reifier


def write_out(subject: str, verb: str | Path, value: str, reader: Reader) -> Iterable[Triple]:
    """A triple pattern with the sequences and inverses at the top of its path written out."""
    match verb:
        case Step(iri):
            yield Triple(subject, iri, value)
        case Inverse(path):
            yield from write_out(value, path, subject, reader)
        case Sequence(paths):
            yield from _chain(subject, paths, value, reader)
        case _:
            yield Triple(subject, verb, value)


def _chain(subject: str, paths: tuple[Path, ...], value: str, reader: Reader) -> Iterator[Triple]:
    nodes = [subject, *(reader.variable() for _ in paths[1:]), value]
    for path, here, there in zip(paths, nodes, nodes[1:], strict=False):
        yield from write_out(here, path, there, reader)
