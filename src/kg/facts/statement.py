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
from kg.terms import REIFIES

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
        while True:
            try:
                quad = next(parser)
            except StopIteration:
                break
            except SyntaxError as error:
                self._syntax(error)
                continue
            subject, predicate, object_ = quad.subject, quad.predicate.value, quad.object
            if isinstance(subject, ox.BlankNode) and subject.value in self._blocks:
                self._blocks[subject.value].append((predicate, object_))
            elif predicate == REIFIES:
                self._open_block(subject, object_, current, lines.number)
            else:
                if current is not None:
                    yield current
                self._blocks.clear()
                current = Statement(quad.triple, lines.number)
        if current is not None:
            yield current
        self.prefixes = dict(parser.prefixes)

    def _open_block(self, name: Term, triple: Term, current: Statement | None, line: int) -> None:
        if current is None or triple != current.triple or not isinstance(name, ox.BlankNode):
            message = "An annotation must follow its own triple and have no name."
            self._report(line, "annotation", message, "Write the triple and then {| kg:cites … |}.")
            block: Block = []
        else:
            block = []
            current.blocks.append(block)
        if isinstance(name, ox.BlankNode):
            self._blocks[name.value] = block

    def _syntax(self, error: SyntaxError) -> None:
        message = re.sub(r"^Parser error (at|between) .*?: ", "", error.msg or str(error))
        column = f" (column {error.offset})" if error.offset else ""
        if prefix := re.search(r"The prefix (\S*): has not been declared", message):
            remedy = f"Add @prefix {prefix[1]}: <…> . at the top, or mend the name."
            self._report(error.lineno or 0, "unknown-prefix", f"{message}{column}.", remedy)
        elif "utf-8" in message.lower() or "utf8" in message.lower():
            self._report(error.lineno or 0, "encoding", "The file is not UTF-8.", "Save it as UTF-8.")
        else:
            remedy = "Mend the Turtle; the error may begin on the line before."
            self._report(error.lineno or 0, "syntax", f"{message}{column}.", remedy)

    def _report(self, line: int, code: str, message: str, remedy: str) -> None:
        self.findings.append(Finding(self.path, line, code, message, remedy))
