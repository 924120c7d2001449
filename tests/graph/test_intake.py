"""Other people's data come in with their sources, or not at all."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.command import kg

from kg.graph.build import Reading, build
from kg.project import Project
from kg.store.build import Build
from kg.store.record import Records

CSV = """\
name,kind,opened,owner,remark,state
Panama Canal,Place,1914-08-15,Panama,"Locks, not level
throughout",States
Kiel Canal,Place,1895,,,Reports
Nameless,,,,x,
"""
MAPPING = """
[source]
id = "canals"
title = "A table of canals"
creators = ["C. Collector"]
date = "2024"

[row]
subject = "opening of {name}"
type = "kg:Event"
language = "en"

[facts]
"kg:date" = "{opened}"
"kg:location" = { entity = "{name}", type = "kg:{kind}", language = "en" }
"kg:party" = { entity = "{owner}", type = "kg:Polity", language = "en" }
"kg:description" = { text = "{remark}", language = "en" }

[citation]
stance = "{state}"
"""
GRAPHS = """\
@prefix : <https://other.example/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix kg: <https://kg.example/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:panama a kg:Event ; rdfs:label "opening of the Panama Canal"@en .
:book dcterms:title "A book of canals"@en ; dcterms:creator "C. Collector" .
"""
GRAPH = GRAPHS + ':book { :panama :opened "1914-08-15Z"^^xsd:date . }\n'
ANNOTATED = GRAPHS + ':panama :opened "1914-08-15Z"^^xsd:date {| dcterms:source :book |} .\n'
STATEMENT = (
    GRAPHS
    + """\
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
[] a rdf:Statement ; rdf:subject :panama ; rdf:predicate :opened ;
   rdf:object "1914-08-15Z"^^xsd:date ; prov:wasDerivedFrom :book .
"""
)
PROPERTIES = '[properties]\n"https://other.example/opened" = "kg:date"\n'


def put(project: Project, name: str, text: str | bytes) -> str:
    path = project.root / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return name


def cited(project: Project) -> list[tuple[str, str, str, str, str]]:
    """Facts that the small project does not have: subject, property, value, stance, words of the passage."""
    records = Records.of(Build.open(build(project).path))
    return sorted(
        (
            fact.subject.rsplit("/", 1)[-1],
            fact.predicate.partition("#")[2],
            fact.object.value.removeprefix("https://canal.example/entity/"),
            citation.stance,
            records.index.passages[citation.passage].quote,
        )
        for fact in records.facts()
        for citation in fact.citations
        if not citation.passage.startswith("https://canal.example/source/canal#")
    )


def test_csv(canal: Project) -> None:
    put(canal, "table.csv", CSV.replace("\n", "\r\n"))
    put(canal, "mapping.toml", MAPPING)
    result = kg("import", "table.csv", "--mapping", "mapping.toml", cwd=canal.root)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.split() == ["corpus/canals.txt", "corpus/canals.toml", "corpus/canals.ttl"]
    nameless = "Nameless,,,,x,"
    panama = 'Panama Canal,Place,1914-08-15,Panama,"Locks, not level\nthroughout",States'
    kiel = "Kiel Canal,Place,1895,,,Reports"
    assert cited(canal) == [
        ("opening-of-kiel-canal", "date", "1895", "Reports", kiel),
        ("opening-of-kiel-canal", "location", "kiel-canal", "Reports", kiel),
        ("opening-of-nameless", "description", "x", "States", nameless),
        ("opening-of-panama-canal", "date", "1914-08-15", "States", panama),
        ("opening-of-panama-canal", "description", "Locks, not level\nthroughout", "States", panama),
        ("opening-of-panama-canal", "location", "panama-canal", "States", panama),
        ("opening-of-panama-canal", "party", "panama", "States", panama),
    ]
    records = Records.of(Build.open(build(canal).path))
    source = records.index.sources["https://canal.example/source/canals"]
    assert (source.title, source.creators, source.date) == ("A table of canals", ("C. Collector",), "2024")
    assert records.label("https://canal.example/entity/panama-canal") == "Panama Canal"


def test_csv_that_cites_passages_of_the_corpus(canal: Project) -> None:
    put(canal, "table.csv", "canal,where,verdict,note\nopening,canal:p1,Contested,Says who?\n")
    put(
        canal,
        "m.toml",
        '[row]\nsubject = "{canal}"\n[facts]\n"kg:party" = { entity = "egypt" }\n'
        '[citation]\npassage = "{where}"\nverdict = "{verdict}"\nnote = "{note}"\n'
        'accordingTo = "newspaper"\n',
    )
    assert kg("import", "table.csv", "--mapping", "m.toml", cwd=canal.root).returncode == 0
    records = Records.of(Build.open(build(canal).path))
    [fact] = [fact for fact in records.facts() if fact.verdict == "Contested"]
    assert fact.subject == "https://canal.example/entity/opening"
    assert fact.notes == ("Says who?",)
    assert fact.cites == ("https://canal.example/source/canal#p1",)
    assert [citation.according_to for citation in fact.citations] == [
        "https://canal.example/entity/newspaper"
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [("data.trig", GRAPH), ("data.ttl", ANNOTATED), ("data.ttl", STATEMENT), ("data.trig", STATEMENT)],
)
def test_rdf_with_graphs_annotations_and_statements(canal: Project, name: str, text: str) -> None:
    put(canal, name, text)
    put(canal, "m.toml", PROPERTIES)
    result = kg("import", name, "--mapping", "m.toml", cwd=canal.root)
    assert (result.returncode, result.stderr) == (0, "")
    line = (
        "<https://other.example/panama> <https://other.example/opened>"
        ' "1914-08-15Z"^^<http://www.w3.org/2001/XMLSchema#date> .'
    )
    assert cited(canal) == [("panama", "date", "1914-08-15", "States", line)]
    records = Records.of(Build.open(build(canal).path))
    source = records.index.sources["https://canal.example/source/a-book-of-canals"]
    assert (source.title, source.creators, source.url) == (
        "A book of canals",
        ("C. Collector",),
        "https://other.example/book",
    )


def test_rdf_whose_file_is_the_source(canal: Project) -> None:
    put(canal, "data.ttl", GRAPHS + ":panama kg:location <https://canal.example/entity/suez-canal> .\n")
    refused = kg("import", "data.ttl", cwd=canal.root)
    assert refused.returncode == 2
    assert "nothing says where any of its 1 triples is from" in refused.stderr
    put(canal, "m.toml", '[source]\ntitle = "My notes"\n')
    assert (
        kg("import", "data.ttl", "--source", "notes", "--mapping", "m.toml", cwd=canal.root).returncode == 0
    )
    assert [row[:3] for row in cited(canal)] == [("panama", "location", "suez-canal")]
    assert Reading.of(canal).ledger.corpus.source("notes").title == "My notes"  # type: ignore[union-attr]


def test_triples_that_cite_nothing_are_left_out_aloud(canal: Project) -> None:
    put(canal, "data.ttl", ANNOTATED + ":panama :opened 1913 .\n")
    put(canal, "m.toml", PROPERTIES)
    result = kg("import", "data.ttl", "--mapping", "m.toml", cwd=canal.root)
    assert result.stderr == "1 triples left out: nothing says where they are from.\n"
    assert [row[2] for row in cited(canal)] == ["1914-08-15"]


TAKEN = MAPPING.replace('"canals"', '"canal"')
BAD = {
    "no mapping": ("t.csv", CSV, None, "needs --mapping FILE"),
    "no facts": ("t.csv", CSV, "[row]\nsubject = '{name}'\n", "says of no column what it means"),
    "fits nothing": ("t.csv", CSV, MAPPING.replace("{opened}", "{begun}"), "t.csv has no column “begun”"),
    "makes nothing": ("t.csv", CSV.splitlines()[0] + "\nA,,,,,\n", MAPPING, "makes no fact of t.csv"),
    "unknown prefix": (
        "t.csv",
        CSV,
        MAPPING.replace('"kg:date"', '"foo:date"'),
        "has no prefix that is known",
    ),
    "unknown section": ("t.csv", CSV, "[rows]\n", "has no section [rows]"),
    "unknown field": ("t.csv", CSV, "[source]\nname = 'x'\n", "[source] has no field “name”"),
    "mapping syntax": ("t.csv", CSV, "[row", "The mapping cannot be read"),
    "unknown property": (
        "t.csv",
        CSV,
        MAPPING.replace("kg:party", "kg:partie"),
        "There is no property kg:partie",
    ),
    "wrong value": ("t.csv", CSV.replace("1895", "May 1895"), MAPPING, "corpus/canals.ttl:"),
    "short row": ("t.csv", CSV + "x,y\n", MAPPING, "Row 5 has 2 cells, and the header 6"),
    "open quote": ("t.csv", CSV + '"x', MAPPING, "The table is no CSV"),
    "not text": ("t.csv", b"\x89PNG\r\n\x1a\n\xff", MAPPING, "it is not UTF-8"),
    "empty": ("t.csv", "", MAPPING, "has no rows under a header"),
    "taken": (
        "t.csv",
        CSV,
        TAKEN,
        "The corpus has canal.toml, canal.ttl, canal.txt already",
    ),
    "other format": ("t.xls", "x", None, "an extension of no RDF syntax"),
    "broken rdf": ("t.ttl", "<urn:a> <urn:b", None, "t.ttl is no Turtle"),
    "unmapped rdf": ("t.ttl", ANNOTATED, None, "There is no property <https://other.example/opened>"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_changes_nothing(canal: Project, case: str) -> None:
    name, data, mapping, message = BAD[case]
    put(canal, name, data)
    arguments = [] if mapping is None else ["--mapping", put(canal, "m.toml", mapping)]
    before = {path: path.read_bytes() for path in canal.corpus.iterdir()}
    result = kg("import", name, *arguments, cwd=canal.root)
    assert result.returncode in (1, 2)
    assert message in result.stderr.replace(str(canal.root), ""), result.stderr
    assert {path: path.read_bytes() for path in canal.corpus.iterdir()} == before


def test_our_own_export_comes_back(canal: Project, tmp_path: Path) -> None:
    """The sources' graphs of an export become sources of a new project, with the same triples."""
    build(canal)
    assert (
        kg("export", "--format", "trig", "-o", str(tmp_path / "canal.trig"), cwd=canal.root).returncode == 0
    )
    stated = {
        quad.triple
        for quad in Build.open(canal.build / "current").load()
        if "source/canal" in str(quad.graph_name)
    }
    assert kg("init", "new", "--ontology", str(canal.ontology / "kg.ttl"), cwd=tmp_path).returncode == 0
    new = Project.open(tmp_path / "new")
    (new.ontology / "model.ttl").unlink()
    for path in new.corpus.glob("example.*"):
        path.unlink()
    (new.corpus / "entities.ttl").unlink()
    only = [
        quad for quad in ox.parse(path=str(tmp_path / "canal.trig"), format=ox.RdfFormat.TRIG) if keep(quad)
    ]
    (tmp_path / "only.trig").write_bytes(ox.serialize(only, format=ox.RdfFormat.TRIG) or b"")
    result = kg("import", str(tmp_path / "only.trig"), "--verdict", "Unverified", cwd=new.root)
    assert result.returncode == 0, result.stderr
    imported = {
        quad.triple for quad in Build.open(build(new).path).load() if "/source/" in str(quad.graph_name)
    }
    assert imported == stated


def keep(quad: ox.Quad) -> bool:
    naming = ("#type", "#label", "#altLabel", "/title", "/creator")
    entity = "/entity/" in str(quad.subject) and quad.predicate.value.endswith(naming)
    source = str(quad.subject).endswith("source/canal>") and quad.predicate.value.endswith(naming)
    return not isinstance(quad.graph_name, ox.DefaultGraph) or entity or source
