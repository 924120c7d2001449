"""A project as read becomes an index: one SQLite file from which look-ups and search are answered.

It holds what the dataset holds, in rows that a look-up can page through, and full-text tables
(SQLite FTS5). The same input gives the same bytes: rows go in sorted, in one transaction, and nothing
in the file depends on time or place.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from kg.corpus.corpus import Corpus
from kg.corpus.source import Source
from kg.facts.date import bounds
from kg.facts.fact import Fact, content_hash
from kg.facts.ledger import Ledger
from kg.facts.ontology import Ontology
from kg.graph.days import Days, node_days
from kg.terms import ALT_LABEL, EDTF, KG, LABEL

INDEX = "index.sqlite"
LITERAL = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<(?P<datatype>[^>]*)>)?'
)

SCHEMA = """
CREATE TABLE node (
    id INTEGER PRIMARY KEY, -- the most named come first
    iri TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,     -- entity, source or term
    label TEXT NOT NULL,
    language TEXT,
    class TEXT,             -- IRI of the first type
    functional INTEGER NOT NULL,
    facts INTEGER NOT NULL, -- how many have it as subject or object
    earliest TEXT,
    latest TEXT
);
CREATE INDEX node_label ON node (label COLLATE NOCASE);
CREATE INDEX node_class ON node (kind, class, id);
CREATE INDEX node_days ON node (earliest, id) WHERE earliest IS NOT NULL OR latest IS NOT NULL;
CREATE TABLE alias (node INTEGER NOT NULL, text TEXT NOT NULL, language TEXT);
CREATE INDEX alias_node ON alias (node);
CREATE INDEX alias_text ON alias (text COLLATE NOCASE);
CREATE TABLE type (node INTEGER NOT NULL, class TEXT NOT NULL, PRIMARY KEY (node, class)) WITHOUT ROWID;
CREATE INDEX type_class ON type (class, node);
CREATE TABLE subclass (
    ancestor TEXT NOT NULL,
    class TEXT NOT NULL,
    PRIMARY KEY (ancestor, class)
) WITHOUT ROWID;
CREATE TABLE source (
    node INTEGER PRIMARY KEY,
    record TEXT NOT NULL,   -- JSON
    passages INTEGER NOT NULL,
    start INTEGER,          -- where in the original the text begins
    text TEXT               -- the original's, where it was at hand
);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY,
    iri TEXT NOT NULL UNIQUE,
    source INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    digest TEXT NOT NULL,
    exact TEXT,
    prefix TEXT,
    suffix TEXT
);
CREATE INDEX passage_source ON passage (source, start);
CREATE TABLE fact (
    id INTEGER PRIMARY KEY, -- the facts of one subject are neighbours
    hash TEXT NOT NULL UNIQUE,
    subject INTEGER NOT NULL,
    predicate INTEGER NOT NULL,
    object INTEGER,         -- a node, or a literal in the three columns that follow
    value TEXT,
    language TEXT,
    datatype TEXT,
    verdict TEXT NOT NULL,
    sources INTEGER NOT NULL,
    earliest TEXT,
    latest TEXT
);
CREATE INDEX fact_subject ON fact (subject, id);
CREATE INDEX fact_object ON fact (object, id) WHERE object IS NOT NULL;
CREATE INDEX fact_predicate ON fact (predicate, id);
CREATE INDEX fact_verdict ON fact (verdict, id);
CREATE INDEX fact_sources ON fact (sources, id);
CREATE INDEX fact_earliest ON fact (earliest, id);
CREATE TABLE note (fact INTEGER NOT NULL, text TEXT NOT NULL, language TEXT);
CREATE INDEX note_fact ON note (fact);
CREATE TABLE citation (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    fact INTEGER NOT NULL,
    passage INTEGER NOT NULL,
    source INTEGER NOT NULL,
    stance TEXT NOT NULL,
    method TEXT NOT NULL,
    according_to INTEGER,
    confidence TEXT,
    rule TEXT
);
CREATE INDEX citation_fact ON citation (fact);
CREATE INDEX citation_passage ON citation (passage);
CREATE INDEX citation_source ON citation (source, fact);
CREATE VIRTUAL TABLE names USING fts5(
    label, alias, content='', tokenize="unicode61 remove_diacritics 2", prefix='1 2 3'
);
CREATE VIRTUAL TABLE passages USING fts5(
    digest, exact, content='', tokenize="porter unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE statements USING fts5(
    text, content='', tokenize="porter unicode61 remove_diacritics 2"
);
"""

FULL_TEXT = (
    """
    INSERT INTO names (rowid, label, alias)
    SELECT id, label, (SELECT group_concat(text, ' ') FROM alias WHERE node = id)
    FROM node WHERE kind != 'term' ORDER BY id""",
    "INSERT INTO passages (rowid, digest, exact) SELECT id, digest, exact FROM passage ORDER BY id",
    """
    INSERT INTO statements (rowid, text)
    SELECT f.id, s.label || ' ' || p.label || ' ' || coalesce(o.label, f.value) || ' ' ||
        coalesce((SELECT group_concat(text, ' ') FROM note WHERE fact = f.id), '')
    FROM fact f JOIN node s ON s.id = f.subject JOIN node p ON p.id = f.predicate
    LEFT JOIN node o ON o.id = f.object ORDER BY f.id""",
)
"""What fills the tables of words, from the others."""


class Literal(NamedTuple):
    """A literal in its parts."""

    text: str
    language: str | None
    datatype: str | None


class Node(NamedTuple):
    """What a row of the table of nodes is made of."""

    kind: str
    label: str
    language: str | None = None
    types: tuple[str, ...] = ()
    functional: bool = False
    aliases: tuple[Literal, ...] = ()


def parse_literal(term: str) -> Literal | None:
    """A literal in canonical N-Triples in its parts; None where the term is an IRI."""
    found = LITERAL.fullmatch(term)
    if not found:
        return None
    # What N-Triples escapes, JSON escapes alike.
    text = json.loads(f'"{found["text"]}"', strict=False) if "\\" in found["text"] else found["text"]
    return Literal(text, found["language"], found["datatype"])


def write_index(ledger: Ledger, ontology: Ontology, path: Path) -> None:
    """Write the index of a ledger to a file that does not exist yet. Raises OSError."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;" + SCHEMA)
        _Writer(connection, ledger, ontology).write()
        connection.execute("COMMIT")
    with path.open("rb") as file:
        os.fsync(file.fileno())


class _Writer:
    """Fills the tables one after the other."""

    def __init__(self, connection: sqlite3.Connection, ledger: Ledger, ontology: Ontology) -> None:
        self.connection = connection
        self.ledger = ledger
        self.ontology = ontology
        self.days = node_days(ledger)
        self.nodes = _nodes(ledger, ontology)
        self.uses = Counter(
            term
            for fact in ledger.facts.values()
            for term in (fact.subject, fact.object)
            if term.startswith("<")
        )
        order = sorted(self.nodes, key=lambda iri: (-self.uses[f"<{iri}>"], iri))
        self.ids = {iri: number for number, iri in enumerate(order, 1)}
        self.passages: dict[str, int] = {}

    def write(self) -> None:
        """Fill every table."""
        self._insert("node", 10, self._node_rows())
        self._insert("alias", 3, self._alias_rows())
        types = ((self.ids[iri], name) for iri, node in self.nodes.items() for name in node.types)
        self._insert("type", 2, sorted(set(types)))
        pairs = ((above, name) for name, ancestors in self.ontology.ancestors.items() for above in ancestors)
        self._insert("subclass", 2, sorted(pairs))
        self._insert("source", 5, self._source_rows())
        self._insert("passage", 10, self._passage_rows())
        self._write_facts()
        self._index_text()

    def _insert(self, table: str, width: int, rows: Iterable[tuple[object, ...]]) -> None:
        marks = ", ".join("?" * width)
        self.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def _node_rows(self) -> Iterator[tuple[object, ...]]:
        for iri, number in self.ids.items():
            node, days = self.nodes[iri], self.days.get(f"<{iri}>", Days(None, None))
            types = node.types[0] if node.types else None
            uses = self.uses[f"<{iri}>"]
            yield (
                *(number, iri, node.kind, node.label, node.language, types, node.functional, uses),
                *map(_iso, days),
            )

    def _alias_rows(self) -> Iterator[tuple[object, ...]]:
        for iri, number in self.ids.items():
            for alias in self.nodes[iri].aliases:
                yield number, alias.text, alias.language

    def _source_rows(self) -> Iterator[tuple[object, ...]]:
        corpus = self.ledger.corpus
        for source in corpus.sources:
            start, text = _text(corpus, source)
            record = json.dumps(_record(source), ensure_ascii=False, sort_keys=True)
            yield self.ids[corpus.project.names.source(source.id)], record, len(source.passages), start, text

    def _passage_rows(self) -> Iterator[tuple[object, ...]]:
        names = self.ledger.corpus.project.names
        for number, (iri, (source, passage)) in enumerate(sorted(self.ledger.corpus.passages.items()), 1):
            self.passages[iri] = number
            text = self.ledger.corpus.texts.get(source.id)
            quote = (text.quote(passage.span), *text.context(passage.span)) if text else (None,) * 3
            place = (passage.span.start, passage.span.end, passage.sha256, passage.digest)
            yield number, iri, self.ids[names.source(source.id)], *place, *quote

    def _write_facts(self) -> None:
        facts = sorted(self.ledger.facts.values(), key=lambda fact: (self.ids[fact.subject[1:-1]], fact.key))
        self._insert("fact", 12, (self._fact_row(*pair) for pair in enumerate(facts, 1)))
        self._insert("citation", 10, self._citation_rows(facts))
        notes = ((number, note) for number, fact in enumerate(facts, 1) for note in sorted(fact.notes))
        parsed = ((number, parse_literal(note)) for number, note in notes)
        self._insert("note", 3, ((number, note.text, note.language) for number, note in parsed if note))

    def _fact_row(self, number: int, fact: Fact) -> tuple[object, ...]:
        literal = parse_literal(fact.object)
        target = None if literal else self.ids[fact.object[1:-1]]
        days = self.days.get(fact.subject, Days(None, None))
        if literal and literal.datatype == EDTF + "EDTF":
            found = bounds(literal.text)
            days = Days(found.earliest, found.latest)
        return (
            *(number, fact.hash, self.ids[fact.subject[1:-1]], self.ids[fact.predicate[1:-1]], target),
            *(literal or (None, None, None)),
            *(str(fact.verdict), len({citation.source for citation in fact.citations}), *map(_iso, days)),
        )

    def _citation_rows(self, facts: Iterable[Fact]) -> Iterator[tuple[object, ...]]:
        number = 0
        for place, fact in enumerate(facts, 1):
            for each in sorted(fact.citations):
                number += 1
                yield (
                    *(number, content_hash(each.key(fact.key)), place, self.passages[each.passage]),
                    *(self.ids[each.source], str(each.stance), str(each.method)),
                    *(self.ids.get(each.according_to), each.confidence or None, each.rule or None),
                )

    def _index_text(self) -> None:
        for statement in FULL_TEXT:
            self.connection.execute(statement)
        for table in ("names", "passages", "statements"):
            self.connection.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")


def _nodes(ledger: Ledger, ontology: Ontology) -> Mapping[str, Node]:
    """Everything that a fact can name."""
    nodes = _terms(ontology)
    corpus = ledger.corpus
    for source in corpus.sources:
        iri = corpus.project.names.source(source.id)
        nodes[iri] = Node("source", source.title, source.language, (KG + "Source",))
    for entity in ledger.entities.values():
        language = "en" if "en" in entity.labels else next(iter(entity.labels), "")
        others = (parse_literal(value) for predicate, value in entity.others if predicate == f"<{ALT_LABEL}>")
        aliases = tuple(sorted(each for each in others if each))
        nodes[entity.iri] = Node(
            "entity", entity.label, language or None, tuple(entity.types), aliases=aliases
        )
    for fact in ledger.facts.values():
        for term in (fact.subject, fact.predicate, fact.object):
            if term.startswith("<") and term[1:-1] not in nodes:
                nodes[term[1:-1]] = Node("term", _local(term[1:-1]))
    return nodes


def _terms(ontology: Ontology) -> dict[str, Node]:
    """The classes, properties and individuals of the ontology with their labels."""
    names = {*ontology.parents, *ontology.properties, *ontology.individuals}
    nodes = {iri: Node("term", _local(iri)) for iri in names}
    for triple in ontology.triples:
        if triple.predicate.value == LABEL and (literal := parse_literal(str(triple.object))):
            iri = str(triple.subject)[1:-1]
            if iri in nodes and (literal.language in {None, "en"} or not nodes[iri].language):
                nodes[iri] = Node("term", literal.text, literal.language)
    for iri, declared in ontology.properties.items():
        nodes[iri] = nodes[iri]._replace(functional=declared.functional)
    return nodes


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1] or iri


def _iso(day: object) -> str | None:
    return str(day) if day else None


def _record(source: Source) -> dict[str, object]:
    """The bibliographic record, without what it does not say."""
    record = {
        "creators": list(source.creators),
        "date": source.date,
        "publisher": source.publisher,
        "language": source.language,
        "rights": source.rights,
        "url": source.url,
        "sha256": source.original.sha256 if source.original else None,
    }
    return {name: value for name, value in record.items() if value}


def _text(corpus: Corpus, source: Source) -> tuple[int | None, str | None]:
    """The part of the original that is this source, and where it begins; nothing where it is not at hand."""
    text = corpus.texts.get(source.id)
    if text is None:
        return None, None
    part = source.original.span if source.original and source.original.span else text.span
    return part.start, text.quote(part)
