"""Annotated Turtle becomes statements: triples with their annotation blocks and their lines.

RDF 1.2 Turtle, https://www.w3.org/TR/rdf12-turtle/#reifying-triples. pyoxigraph parses; it gives no
line for a triple, so the file is fed to it one line at a time, and the line read last is the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from kg.errors import Finding
from kg.facts.hint import nearest
from kg.terms import PREFIXES, REIFIES

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Block = list[tuple[str, Term]]
"""One `{| … |}`: predicate IRI and object, in the order of the file."""


@dataclass(slots=True)
class Statement:
    """One triple of a file, and what is said of it there."""

    triple: ox.Triple
    line: int
    blocks: list[Block] = field(default_factory=list)


class _Lines:
    """A file that hands out one line a read and counts them."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.number = 0

    def read(self, _size: int = -1) -> bytes:
        self.number += 1
        return self.file.readline()


class StatementReader:
    """Reads one Turtle file; goes on after an error, so that one run finds them all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.prefixes: dict[str, str] = {}
        self.findings: list[Finding] = []
        self._blocks: dict[str, Block] = {}
        self._early: list[tuple[ox.Quad, Block, int]] = []

    def read(self) -> Iterator[Statement]:
        """Yield the statements of the file; `findings` holds what is wrong with it once it ends."""
        try:
            if self.path.stat().st_size == 0:
                self._report(0, "empty", "The file is empty.", "Write facts into it or delete it.")
                return
            with self.path.open("rb") as file:
                yield from self._statements(_Lines(file))
        except OSError as error:
            self._report(0, "unreadable", f"The file cannot be read: {error.strerror}.", "Mend its access.")

    def _statements(self, lines: _Lines) -> Iterator[Statement]:
        parser = ox.parse(input=lines, format=ox.RdfFormat.TURTLE)  # type: ignore[arg-type]
        current: Statement | None = None
        for quad in self._quads(parser):
            subject = quad.subject
            if isinstance(subject, ox.BlankNode) and subject.value in self._blocks:
                self._blocks[subject.value].append((quad.predicate.value, quad.object))
            elif quad.predicate.value == REIFIES:
                self._open_block(quad, current, lines.number)
            else:
                if current is not None:
                    yield current
                current = self._next(quad.triple, lines.number)
        self._refuse_early()
        if current is not None:
            yield current
        self.prefixes = dict(parser.prefixes)

    def _quads(self, parser: ox.QuadParser) -> Iterator[ox.Quad]:
        """The parser's quads; it goes on after an error, at the next statement."""
        while True:
            try:
                yield next(parser)
            except StopIteration:
                return
            except SyntaxError as error:
                self._syntax(error)

    def _open_block(self, quad: ox.Quad, current: Statement | None, line: int) -> None:
        block: Block = []
        if isinstance(quad.subject, ox.BlankNode):
            self._blocks[quad.subject.value] = block
        if current is not None and quad.object == current.triple and isinstance(quad.subject, ox.BlankNode):
            current.blocks.append(block)
        else:
            self._early.append((quad, block, line))

    def _next(self, triple: ox.Triple, line: int) -> Statement:
        """Begin a statement. Behind a plain string the parser gives the annotation before its triple."""
        statement = Statement(triple, line)
        if self._early and self._early[-1][0].object == triple:
            _, block, _ = self._early.pop()
            statement.blocks.append(block)
            self._blocks = {name: open_ for name, open_ in self._blocks.items() if open_ is block}
        else:
            self._blocks = {}
        self._refuse_early()
        return statement

    def _refuse_early(self) -> None:
        for _, _, line in self._early:
            message = "An annotation must follow its own triple and have no name."
            self._report(line, "annotation", message, "Write the triple and then {| kg:cites … |}.")
        self._early.clear()

    def _syntax(self, error: SyntaxError) -> None:
        message = re.sub(r"^Parser error (at|between) .*?: ", "", error.msg or str(error))
        column = f" (column {error.offset})" if error.offset else ""
        if prefix := re.search(r"The prefix (\S*): has not been declared", message):
            remedy = f"Add @prefix {prefix[1]}: <…> . at the top, or mend the name."
            remedy = f"{nearest(prefix[1], PREFIXES)} {remedy}".strip()
            self._report(error.lineno or 0, "unknown-prefix", f"{message}{column}.", remedy)
        elif "utf-8" in message.lower() or "utf8" in message.lower():
            self._report(error.lineno or 0, "encoding", "The file is not UTF-8.", "Save it as UTF-8.")
        else:
            remedy = "Mend the Turtle; the error may begin on the line before."
            self._report(error.lineno or 0, "syntax", f"{message}{column}.", remedy)

    def _report(self, line: int, code: str, message: str, remedy: str) -> None:
        self.findings.append(Finding(self.path, line, code, message, remedy))
