"""A build becomes a property graph: CSV files of nodes and edges, and scripts that load them.

The headers are those of `neo4j-admin database import` (https://neo4j.com/docs/operations-manual/current/import/);
LOAD CSV and the COPY of Kuzu and Ladybug read the same files.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.store.build import Build
from kg.store.export.edge import EDGE_FIELDS, NODE_FIELDS, edges, nodes
from kg.store.export.format import Citations
from kg.store.record import Records, local_name

PASSAGE_FIELDS = ("source", "start", "end", "digest", "quote")
SOURCE_FIELDS = ("title", "creators", "date", "publisher", "language", "rights", "url")


def write(build: Build, citations: Citations, folder: Path) -> None:
    """Write the CSV files and the two scripts into a folder. Raises OSError."""
    records = Records.of(build, citations is Citations.NONE)
    nodes_head = ["iri:ID", *NODE_FIELDS, ":LABEL"]
    edges_head = [":START_ID", ":END_ID", "iri", *EDGE_FIELDS, ":TYPE"]
    _write_csv(folder / "nodes.csv", nodes_head, _node_rows(records))
    _write_csv(folder / "facts.csv", edges_head, _edge_rows(records))
    if citations is Citations.FACTS:
        passages_head = ["iri:ID", "source", "start:long", "end:long", "digest", "quote", ":LABEL"]
        _write_csv(folder / "passages.csv", passages_head, _passage_rows(records))
        _write_csv(folder / "sources.csv", ["iri:ID", *SOURCE_FIELDS, ":LABEL"], _source_rows(records))
    _write_text(folder / "neo4j.cypher", "".join(neo4j_script(citations)))
    _write_text(folder / "kuzu.cypher", "".join(kuzu_script(citations)))


def _node_rows(records: Records) -> Iterator[list[str]]:
    for node in nodes(records):
        label = "Literal" if node.attributes["kind"] == "literal" else "Entity"
        yield [node.id, *(node.attributes.get(name, "") for name in NODE_FIELDS), label]


def _edge_rows(records: Records) -> Iterator[list[str]]:
    for edge in edges(records):
        values = (edge.attributes[name] for name in EDGE_FIELDS)
        yield [edge.source, edge.target, edge.id, *values, local_name(edge.attributes["predicate"])]


def _passage_rows(records: Records) -> Iterator[list[str]]:
    for passage in records.index.passages.values():
        place = (passage.source, str(passage.start), str(passage.end))
        yield [passage.iri, *place, passage.digest, passage.quote, "Passage"]


def _source_rows(records: Records) -> Iterator[list[str]]:
    for source in records.index.sources.values():
        rest = (source.date, source.publisher, source.language, source.rights, source.url)
        # The same source may be an entity of facts too: its node in sources.csv has an id of its own.
        yield [f"{source.iri}#record", source.title, "; ".join(source.creators), *rest, "Source"]


def neo4j_script(citations: Citations) -> Iterator[str]:
    """Cypher that loads the files into a running Neo4j from its import folder."""
    tables: dict[str, tuple[str, tuple[str, ...]]] = {"Entity": ("nodes.csv", NODE_FIELDS)}
    if citations is Citations.FACTS:
        tables["Passage"] = ("passages.csv", PASSAGE_FIELDS)
        tables["Source"] = ("sources.csv", SOURCE_FIELDS)
    for label, (file, fields) in tables.items():
        name = label.lower()
        yield f"CREATE CONSTRAINT {name}_iri IF NOT EXISTS FOR (n:{label}) REQUIRE n.iri IS UNIQUE;\n"
        yield f"LOAD CSV WITH HEADERS FROM 'file:///{file}' AS row\n"
        yield f"CALL (row) {{ MERGE (n:{label} {{iri: row.`iri:ID`}})\n"
        yield f"  SET {', '.join(_neo4j_value(name) for name in fields)} }} IN TRANSACTIONS;\n"
    values = ", ".join(f"f.{name} = row.{name}" for name in EDGE_FIELDS)
    yield "LOAD CSV WITH HEADERS FROM 'file:///facts.csv' AS row\nCALL (row) {\n"
    yield "  MATCH (s:Entity {iri: row.`:START_ID`}), (o:Entity {iri: row.`:END_ID`})\n"
    yield f"  MERGE (s)-[f:FACT {{iri: row.iri}}]->(o)\n  SET {values} }} IN TRANSACTIONS;\n"


def _neo4j_value(name: str) -> str:
    number = name in ("start", "end")
    return f"n.`{name}` = toInteger(row.`{name}:long`)" if number else f"n.`{name}` = row.`{name}`"


def kuzu_script(citations: Citations) -> Iterator[str]:
    """Cypher that makes the tables in Kuzu or Ladybug and copies the files in; run it in the folder."""
    tables: dict[str, tuple[str, Iterable[str]]] = {"Node": ("nodes.csv", [*NODE_FIELDS, "class"])}
    if citations is Citations.FACTS:
        tables["Passage"] = ("passages.csv", [*PASSAGE_FIELDS, "class"])
        tables["Source"] = ("sources.csv", [*SOURCE_FIELDS, "class"])
    for label, (file, fields) in tables.items():
        columns = ", ".join(
            f"`{name}` {'INT64' if name in ('start', 'end') else 'STRING'}" for name in fields
        )
        yield f"CREATE NODE TABLE {label} (iri STRING PRIMARY KEY, {columns});\n"
        yield f"COPY {label} FROM '{file}' (HEADER=true, PARALLEL=false);\n"
    columns = ", ".join(f"`{name}` STRING" for name in ("iri", *EDGE_FIELDS, "type"))
    yield f"CREATE REL TABLE FACT (FROM Node TO Node, {columns});\n"
    yield "COPY FACT FROM 'facts.csv' (HEADER=true, PARALLEL=false);\n"


def _write_csv(path: Path, header: list[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="\n")
