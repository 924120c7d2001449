"""A build becomes tables: one flat file for a spreadsheet or a data frame, or a database of relations."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from kg.errors import MissingExtra
from kg.store.build import Build
from kg.store.export.edge import SEPARATOR
from kg.store.export.format import Citations
from kg.store.export.row import COLUMNS, NUMBERS, Row, rows
from kg.store.record import Records, lexical

BATCH = 10_000
"""Rows held in memory at a time."""
SCHEMA = """
CREATE TABLE source (iri TEXT PRIMARY KEY, title TEXT NOT NULL, creators TEXT, date TEXT,
    publisher TEXT, language TEXT, rights TEXT, url TEXT);
CREATE TABLE passage (iri TEXT PRIMARY KEY, source TEXT NOT NULL REFERENCES source,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL, digest TEXT, quote TEXT);
CREATE TABLE entity (iri TEXT PRIMARY KEY, label TEXT NOT NULL, types TEXT, aliases TEXT,
    earliest TEXT, latest TEXT);
CREATE TABLE fact (iri TEXT PRIMARY KEY, subject TEXT NOT NULL, predicate TEXT NOT NULL,
    object TEXT NOT NULL, datatype TEXT, language TEXT, verdict TEXT NOT NULL, note TEXT);
CREATE TABLE citation (iri TEXT PRIMARY KEY, fact TEXT NOT NULL REFERENCES fact,
    passage TEXT NOT NULL REFERENCES passage, stance TEXT NOT NULL, method TEXT NOT NULL,
    according_to TEXT, confidence TEXT, rule TEXT);
CREATE INDEX fact_subject ON fact (subject);
CREATE INDEX fact_object ON fact (object);
CREATE INDEX citation_fact ON citation (fact);
CREATE INDEX citation_passage ON citation (passage);
CREATE VIEW cited_fact AS
    SELECT fact.*, citation.iri AS citation, citation.stance, citation.method, citation.according_to,
        passage.iri AS passage, passage."start", passage."end", passage.digest, passage.quote,
        source.iri AS source, source.title AS source_title
    FROM fact LEFT JOIN citation ON citation.fact = fact.iri
        LEFT JOIN passage ON passage.iri = citation.passage
        LEFT JOIN source ON source.iri = passage.source;
"""


def write_csv(build: Build, citations: Citations, output: IO[bytes]) -> None:
    """Write one row a citation as CSV (RFC 4180, UTF-8). Raises OSError."""
    text = io.TextIOWrapper(output, "utf-8", newline="", write_through=True)
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows(Records.of(build, citations is Citations.NONE)))
    text.detach()


def write_parquet(build: Build, citations: Citations, output: IO[bytes]) -> None:
    """Write the same rows as Parquet. Raises OSError, MissingExtra without pyarrow."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingExtra("Parquet", "export") from None
    kinds = {name: pyarrow.int64() if name in NUMBERS else pyarrow.string() for name in COLUMNS}
    schema = pyarrow.schema(list(kinds.items()))
    with parquet.ParquetWriter(output, schema) as writer:
        for batch in _batches(rows(Records.of(build, citations is Citations.NONE))):
            writer.write_table(pyarrow.Table.from_pylist(batch, schema))


def _batches(items: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(items, BATCH)):
        yield batch


def write_sqlite(build: Build, citations: Citations, output: IO[bytes]) -> None:
    """Write an SQLite database of sources, passages, entities, facts and citations. Raises OSError."""
    records = Records.of(build, citations is Citations.NONE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kg.sqlite"
        with closing(sqlite3.connect(path)) as database:
            database.executescript(SCHEMA)
            _insert(database, "entity", _entities(records))
            if citations is Citations.FACTS:
                _insert(database, "source", _sources(records))
                _insert(database, "passage", _passages(records))
            _insert(database, "fact", _facts(records))
            _insert(database, "citation", _citations(records))
            database.commit()
        with path.open("rb") as file:
            shutil.copyfileobj(file, output)


def _insert(database: sqlite3.Connection, table: str, values: Iterator[tuple[str | int | None, ...]]) -> None:
    width = len(database.execute(f"SELECT * FROM {table}").description)
    database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", values)


def _entities(records: Records) -> Iterator[tuple[str | None, ...]]:
    for entity in records.index.entities.values():
        types, aliases = " ".join(entity.types), SEPARATOR.join(entity.aliases)
        days = (entity.earliest or None, entity.latest or None)
        yield (entity.iri, entity.label, types or None, aliases or None, *days)


def _sources(records: Records) -> Iterator[tuple[str | None, ...]]:
    for source in records.index.sources.values():
        creators = SEPARATOR.join(source.creators)
        rest = (creators, source.date, source.publisher, source.language, source.rights, source.url)
        yield (source.iri, source.title, *(value or None for value in rest))


def _passages(records: Records) -> Iterator[tuple[str | int | None, ...]]:
    for passage in records.index.passages.values():
        words = (passage.digest or None, passage.quote or None)
        yield (passage.iri, passage.source, passage.start, passage.end, *words)


def _facts(records: Records) -> Iterator[tuple[str | None, ...]]:
    for fact in records.facts():
        literal = fact.object if isinstance(fact.object, ox.Literal) else None
        kind = (literal.datatype.value, literal.language) if literal else (None, None)
        note = SEPARATOR.join(fact.notes) or None
        yield (fact.iri, fact.subject, fact.predicate, lexical(fact.object), *kind, fact.verdict, note)


def _citations(records: Records) -> Iterator[tuple[str | None, ...]]:
    for fact in records.facts():
        for citation in fact.citations:
            rest = (citation.according_to, citation.confidence, citation.rule)
            known = (citation.passage, citation.stance, citation.method)
            yield (citation.iri, fact.iri, *known, *(value or None for value in rest))
