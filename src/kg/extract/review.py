"""A reader's decisions: accepted proposals become curated facts, rejected ones are remembered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pyoxigraph as ox

from kg.corpus.source import Source
from kg.corpus.text import Span
from kg.errors import InputError
from kg.extract.file import write
from kg.extract.harvest import REJECTED, Harvester
from kg.facts.fact import content_hash, fact_key
from kg.facts.ledger import shorten
from kg.facts.statement import Statement, StatementReader
from kg.project import EXTRACTED, Project
from kg.terms import KG, OA, Stance, Verdict

AUTHORITY_FILE = "entities.ttl"
_PREFIX = re.compile(r"^@prefix\s+(\S*:)\s+<([^>]*)>\s*\.\s*$", re.MULTILINE)
_NAME = re.compile(r'(?<![\w"<])([\w-]*:[A-Za-z0-9_](?:[\w.-]*[\w-])?)')


class Standing(StrEnum):
    """How a proposed fact stands to what the graph says already."""

    NEW = "new"
    CORROBORATES = "corroborates"
    CONTRADICTS = "contradicts"


@dataclass
class Proposed:
    """One node's block of a file of proposals."""

    source: str
    path: Path
    text: str
    lines: list[Statement]
    edited: list[Statement] = field(default_factory=list)
    """What it said before a reader changed it: not to be proposed again either."""

    @property
    def place(self) -> str:
        """The passages cited, by their ids."""
        return ", ".join(dict.fromkeys(iri.partition("#")[2] for iri in self.passages))

    @property
    def passages(self) -> list[str]:
        """IRIs of the passages cited."""
        return [
            term.value
            for statement in self.lines
            for block in statement.blocks
            for predicate, term in block
            if predicate == KG + "cites" and isinstance(term, ox.NamedNode)
        ]


@dataclass
class Desk:
    """The proposals of a project, the graph they are held against, and the files that decisions change."""

    harvester: Harvester
    _spans: dict[str, Span] = field(default_factory=dict)

    @classmethod
    def open(cls, project: Project, originals: Path | None = None) -> Desk:
        """Open the desk of a project. Raises InputError where a file of proposals cannot be read."""
        return cls(Harvester(project, originals))

    @property
    def project(self) -> Project:
        """The project under review."""
        return self.harvester.project

    def proposals(self, sources: Sequence[str] = ()) -> Iterator[Proposed]:
        """Yield every proposal of the sources named, or of all, as they stand when they are reached."""
        for path in sorted(self.project.corpus.glob(f"*{EXTRACTED}.ttl")):
            source = path.stem.removesuffix(EXTRACTED)
            if not sources or source in sources:
                yield from self._read(source, path)

    def _read(self, source: str, path: Path) -> Iterator[Proposed]:
        reader = StatementReader(path)
        statements = list(reader.read())
        if reader.findings:
            raise InputError(reader.findings)
        self._learn_spans(statements)
        by_line = [(statement.line, statement) for statement in statements if statement.blocks]
        for text, first, last in _blocks(path.read_text("utf-8")):
            mine = [statement for line, statement in by_line if first <= line <= last]
            if mine:
                yield Proposed(source, path, text, mine)

    def _learn_spans(self, statements: Sequence[Statement]) -> None:
        ends: dict[str, dict[str, int]] = {}
        for statement in statements:
            triple = statement.triple
            if triple.predicate.value in {OA + "start", OA + "end"} and isinstance(triple.object, ox.Literal):
                bound = triple.predicate.value.removeprefix(OA)
                ends.setdefault(str(triple.subject)[1:-1], {})[bound] = int(triple.object.value)
        self._spans |= {iri: Span(b["start"], b["end"]) for iri, b in ends.items() if len(b) == 2}

    def quote(self, proposed: Proposed) -> str:
        """Return the words of the passages cited; empty where the original is not at hand."""
        text = self.harvester.corpus.texts.get(proposed.source)
        spans = [self._span(iri) for iri in dict.fromkeys(proposed.passages)]
        words = [" ".join(text.quote(span).split()) for span in spans if span is not None] if text else []
        return "\n".join(words)

    def _span(self, passage: str) -> Span | None:
        known = self.harvester.corpus.passages.get(passage)
        return known[1].span if known else self._spans.get(passage)

    def said(self, statement: Statement) -> str:
        """Return a statement as people write it."""
        triple = statement.triple
        value = triple.object
        shown = shorten(self.project, value.value) if isinstance(value, ox.NamedNode) else str(value)
        subject, predicate = str(triple.subject)[1:-1], triple.predicate.value
        return f"{shorten(self.project, subject)} {shorten(self.project, predicate)} {shown}"

    def standing(self, proposed: Proposed, statement: Statement) -> Standing:  # noqa: ARG002
        """Say how a proposed fact stands to the curated ones."""
        ledger = self.harvester.linker.ledger
        if fact_key(statement.triple) in ledger.facts:
            return Standing.CORROBORATES
        property_ = self.harvester.linker.ontology.properties.get(statement.triple.predicate.value)
        mine = str(statement.triple.subject), str(statement.triple.predicate)
        taken = any(
            (fact.subject, fact.predicate) == mine and fact.verdict is Verdict.ACCEPTED
            for fact in ledger.facts.values()
        )
        return (
            Standing.CONTRADICTS if taken and property_ is not None and property_.functional else Standing.NEW
        )

    # Decisions

    def replace(self, proposed: Proposed, text: str) -> bool:
        """Put an edited block in the place of a proposal; say whether it can be read."""
        whole = proposed.path.read_text("utf-8")
        changed = whole.replace(proposed.text, text.rstrip("\n"), 1)
        write(proposed.path, changed)
        try:
            read = list(self._read(proposed.source, proposed.path))
        except InputError:
            read = []
        found = [other for other in read if other.text.strip() == text.strip()]
        if not found:
            write(proposed.path, whole)
            return False
        proposed.edited += proposed.lines
        proposed.text, proposed.lines = found[0].text, found[0].lines
        return True

    def accept(self, proposed: Proposed) -> None:
        """Move a proposal to the facts of its source, with the entities and passages it brings."""
        source = self.harvester.corpus.source(proposed.source)
        assert source is not None
        whole = proposed.path.read_text("utf-8")
        prefixes = dict(_PREFIX.findall(whole))
        used = set(_NAME.findall(proposed.text))
        declared = [block for block, _, _ in _blocks(whole) if "{|" not in block]
        entities = [b for b in declared if b.split(" ", 1)[0] in used and "oa:start" not in b]
        self._declare(entities, prefixes)
        self._record(source, proposed)
        _append(source.facts, [self._accepted(proposed)], prefixes)
        kept = {fact_key(statement.triple) for statement in proposed.lines}
        self._remember([before for before in proposed.edited if fact_key(before.triple) not in kept])
        self._remove(proposed)

    def _accepted(self, proposed: Proposed) -> str:
        """Return the block with the verdict on each statement that is supported and not yet judged."""
        ledger = self.harvester.linker.ledger
        text = proposed.text
        for statement in proposed.lines:
            notes = {predicate: term for block in statement.blocks for predicate, term in block}
            stance = notes.get(KG + "stance")
            named = stance.value.removeprefix(KG) if isinstance(stance, ox.NamedNode) else Stance.STATES
            if fact_key(statement.triple) in ledger.facts or not Stance(named).supports:
                continue
            line = self._line(text, statement)
            if "kg:verdict" not in line:
                text = text.replace(line, line.replace(" |}", " ; kg:verdict kg:Accepted |}", 1), 1)
        return text

    def _line(self, text: str, statement: Statement) -> str:
        predicate = "kg:" + statement.triple.predicate.value.removeprefix(KG) + " "
        value = statement.triple.object
        shown = shorten(self.project, value.value) if isinstance(value, ox.NamedNode) else value.value  # type: ignore[union-attr]
        for line in text.split("\n"):
            if predicate in line and str(shown).replace('"', '\\"') in line:
                return line
        return text

    def _declare(self, entities: Sequence[str], prefixes: dict[str, str]) -> None:
        known = self.harvester.linker.ledger.entities
        space = self.project.names.entity
        fresh = [block for block in entities if space + block.split(" ", 1)[0].removeprefix(":") not in known]
        if fresh:
            path = self.project.corpus / AUTHORITY_FILE
            present = path.read_text("utf-8") if path.exists() else ""
            _append(path, [block for block in fresh if block not in present], prefixes)

    def _record(self, source: Source, proposed: Proposed) -> None:
        """Add the passages that the record lacks to it."""
        text = source.path.read_text("utf-8")
        whole = proposed.path.read_text("utf-8")
        for iri in dict.fromkeys(proposed.passages):
            name = iri.partition("#")[2]
            span = self._spans.get(iri)
            if span is None or f'id = "{name}"' in text:
                continue
            head = re.escape(f"{source.id}:{name} oa:start ")
            found = re.search(rf'{head}.*?kg:sha256 "(\w+)" ; kg:digest ("(?:[^"\\]|\\.)*")', whole)
            if found:
                text = text.rstrip("\n") + (
                    f'\n\n[[passage]]\nid = "{name}"\nspan = {span}\n'
                    f'sha256 = "{found[1]}"\ndigest = {found[2]}\n'
                )
        write(source.path, text)

    def reject(self, proposed: Proposed) -> None:
        """Remember every fact of a proposal as rejected and take it out of the file."""
        self._remember([*proposed.edited, *proposed.lines])
        self._remove(proposed)

    def _remember(self, statements: Sequence[Statement]) -> None:
        """Note facts that are never to be proposed again."""
        path = self.project.corpus / REJECTED
        space = self.project.names.fact
        facts = {space + content_hash(fact_key(statement.triple)) for statement in statements}
        known = set(path.read_text("utf-8").split()) if path.exists() else set()
        if facts - known:
            write(path, "".join(f"{iri}\n" for iri in sorted(known | facts)))

    def _remove(self, proposed: Proposed) -> None:
        whole = proposed.path.read_text("utf-8")
        write(proposed.path, whole.replace(proposed.text.rstrip("\n") + "\n", "", 1))


def _blocks(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the statements of a file as (text, first line, last line), 1-based, without prefixes."""
    block: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not block and (not line.strip() or line.startswith(("@", "#"))):
            continue
        block.append(line)
        if line.rstrip().endswith(" ."):
            yield "\n".join(block), number - len(block) + 1, number
            block = []


def _append(path: Path, blocks: Sequence[str], prefixes: dict[str, str]) -> None:
    """Add blocks to a Turtle file, and on top the prefixes that they use and it lacks."""
    text = path.read_text("utf-8") if path.exists() else ""
    present = dict(_PREFIX.findall(text))
    used = {name.partition(":")[0] + ":" for block in blocks for name in _NAME.findall(block)}
    missing = [f"@prefix {p} <{prefixes[p]}> ." for p in sorted(used - present.keys()) if p in prefixes]
    head = "\n".join(missing) + "\n" if missing else ""
    body = text.rstrip("\n") + "\n" if text.strip() else ""
    write(path, head + body + "".join(f"{block}\n" for block in blocks))
