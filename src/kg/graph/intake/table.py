"""A CSV file and its mapping become a source: each row that states something is a passage."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.corpus.add import identifier
from kg.corpus.document.document import UnreadableDocument, decode
from kg.corpus.text import Span
from kg.errors import KgError
from kg.facts.ontology import Ontology
from kg.graph.intake.incoming import IncomingFact, IncomingSource
from kg.graph.intake.mapping import COLUMN, VALUES, Terms, problem
from kg.project import Project
from kg.terms import EDTF, XSD

Cells = Mapping[str, str]


class TableReader:
    """Reads one table by its mapping."""

    def __init__(self, project: Project, path: Path, terms: Terms) -> None:
        self.project = project
        self.path = path
        self.terms = terms
        self.ontology = Ontology.read(project.ontology)

    def read(self) -> IncomingSource:
        """The source that the table becomes. Raises KgError, InputError."""
        text, rows = self._rows()
        source = self._source()
        source.text = text
        for span, cells in rows:
            self._enter(source, span, cells)
        if not source.facts:
            raise problem(
                self.terms.path,
                f"The mapping makes no fact of {self.path.name}.",
                "Name its columns in [facts].",
            )
        return source

    def _rows(self) -> tuple[str, list[tuple[Span, Cells]]]:
        try:
            text = decode(self.path.read_bytes()).replace("\r\n", "\n")
        except OSError as error:
            raise KgError(f"{self.path} cannot be read: {error.strerror}.") from None
        except UnreadableDocument as error:
            raise KgError(f"{self.path}: {error}") from None
        rows = list(_spans(text))
        if len(rows) < 2:
            raise KgError(f"{self.path} has no rows under a header.")
        header = rows[0][1]
        self._check_columns(header)
        for number, (_, values) in enumerate(rows[1:], 2):
            if len(values) != len(header):
                raise problem(
                    self.path, f"Row {number} has {len(values)} cells, and the header {len(header)}."
                )
        return text, [(span, dict(zip(header, values, strict=True))) for span, values in rows[1:]]

    def _check_columns(self, header: list[str]) -> None:
        templates = [str(value) for value in _leaves([self.terms.row, self.terms.facts, self.terms.citation])]
        named = {name for template in templates for name in COLUMN.findall(template)}
        if missing := sorted(named - set(header)):
            message = f"{self.path.name} has no column “{missing[0]}”."
            raise problem(self.terms.path, message, f"Its columns: {', '.join(header)}.")
        if not self.terms.facts or "subject" not in self.terms.row:
            remedy = 'Give subject = "{column}" in [row], and properties in [facts].'
            raise problem(self.terms.path, "The mapping says of no column what it means.", remedy)

    def _source(self) -> IncomingSource:
        record = {"title": self.path.stem, **self.terms.source}
        source_id = str(record.pop("id", identifier(self.path.stem)))
        return IncomingSource(source_id, self.project.names.source(source_id), record)

    def _enter(self, source: IncomingSource, span: Span, cells: Cells) -> None:
        subject = self._entity(source, self.terms.row, "subject", cells)
        statements = [
            (self.terms.iri(self.project, name), object_)
            for name, template in self.terms.facts.items()
            if subject and (object_ := self._object(source, name, template, cells))
        ]
        if not statements:
            return
        passage, notes = self._citation(source, span, cells)
        for predicate, object_ in statements:
            source.state(IncomingFact(f"<{subject}>", f"<{predicate}>", object_, passage, notes))

    def _citation(self, source: IncomingSource, span: Span, cells: Cells) -> tuple[str, dict[str, str]]:
        given = {name: fill(str(template), cells) for name, template in self.terms.citation.items()}
        gist = "Row: " + "; ".join(f"{name} {value}" for name, value in cells.items() if value.strip())
        named = given.pop("passage", "")
        passage = self.project.names.source(named.replace(":", "#", 1)) if named else source.cite(span, gist)
        notes = {
            f"kg:{name}": f"kg:{value}"
            for name, value in given.items()
            if name in ("stance", "verdict") and value
        }
        if comment := given.get("note"):
            notes["rdfs:comment"] = str(ox.Literal(comment, language="en"))
        if agent := self._entity(source, self.terms.citation, "accordingTo", cells):
            notes["kg:accordingTo"] = f"<{agent}>"
        return passage, notes

    def _object(self, source: IncomingSource, name: str, template: Any, cells: Cells) -> str:
        """The object that a cell becomes, in N-Triples; empty where the cell is."""
        table = template if isinstance(template, dict) else {"value": template}
        kind = next((kind for kind in VALUES if kind in table), "")
        if not kind:
            raise problem(self.terms.path, f"{name} has none of {', '.join(VALUES)}.")
        if kind == "entity":
            iri = self._entity(source, table, "entity", cells)
            return f"<{iri}>" if iri else ""
        value = fill(str(table[kind]), cells)
        if not value:
            return ""
        if kind == "text":
            return str(ox.Literal(value, language=str(table.get("language", "en"))))
        return str(ox.Literal(value, datatype=ox.NamedNode(self._datatype(name))))

    def _datatype(self, name: str) -> str:
        """The datatype that the ontology wants of a property; xsd:string where it wants none."""
        property_ = self.ontology.properties.get(self.terms.iri(self.project, name))
        wanted = sorted(property_.range) if property_ else []
        known = [iri for iri in wanted if iri.startswith((XSD, EDTF))]
        return known[0] if known else XSD + "string"

    def _entity(self, source: IncomingSource, table: Mapping[str, Any], key: str, cells: Cells) -> str:
        """The IRI of the entity that a template names; declared where the mapping says its type."""
        value, type_ = (fill(str(table.get(name, "")), cells) for name in (key, "type"))
        if not value or ("type" in table and not type_):
            return ""
        iri = (
            value
            if value.startswith(("http://", "https://"))
            else self.project.names.entity + identifier(value)
        )
        if type_:
            label = fill(str(table.get("label", "")), cells) or value
            source.declare(iri, [self.terms.iri(self.project, type_)], label, str(table.get("language", "")))
        return iri


def fill(template: str, cells: Cells) -> str:
    """A template with its columns filled in; empty where one of them is empty."""
    names = COLUMN.findall(template)
    if any(not cells[name].strip() for name in names):
        return ""
    return COLUMN.sub(lambda match: cells[match[1]].strip(), template)


def _spans(text: str) -> Iterator[tuple[Span, list[str]]]:
    """Each row of a CSV text with the span of its characters; a quoted cell may hold line ends."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = 0
    try:
        for row in reader:
            first, before = before, reader.line_num
            if row:
                yield Span(starts[first], starts[before] - 1), row
    except csv.Error as error:
        raise KgError(f"The table is no CSV: {error} (line {reader.line_num}).") from None


def _leaves(tree: Any) -> Iterator[Any]:
    children = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    if not isinstance(tree, dict | list):
        yield tree
    for child in children:
        yield from _leaves(child)
