"""One fact set, many encodings: the tool that each is for reads it back; facts and citations are equal."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from shutil import which
from typing import Any

import bibtexparser
import ladybug
import networkx
import pandas
import pyoxigraph as ox
import pytest
import rdflib
from pyarrow import parquet
from pyld import jsonld

from kg.graph.build import build
from kg.project import Project
from kg.store.build import Build
from kg.store.export import FORMATS, Citations, FileFormat, FolderFormat
from kg.store.export.rdf import SYNTAXES

KG = "https://kg.example/ontology#"
OWL = "http://www.w3.org/2002/07/owl#"
BASE = "https://canal.example/"
CLIENTS = Path(__file__).parent.parent / "clients"
RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "nquads": "nquads",
    "trig": "trig",
    "jsonld": "json-ld",
    "rdfxml": "xml",
}
RAPPER = {"turtle": "turtle", "ntriples": "ntriples", "nquads": "nquads", "trig": "trig", "rdfxml": "rdfxml"}
AWKWARD = r"""
:opening kg:description "Ships, \"flags\" & <guns>; a line\nand another | “ß” 🚢"@en
    {| kg:cites canal:p1, canal:p2 |}
    {| kg:cites canal:p4 ; kg:method kg:Extracted ; kg:confidence 0.75 ; kg:rule "events" |} .
"""

Row = tuple[str, ...]
"""Subject, predicate, object (N-Triples), verdict, passage, stance, method, agent, confidence, rule."""
CITATIONS = """
SELECT ?s ?p ?o ?verdict ?passage ?stance ?method ?agent ?confidence ?rule WHERE {
  ?f a kg:Fact ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; kg:verdict ?verdict ; kg:citation ?c .
  ?c kg:passage ?passage ; kg:stance ?stance ; kg:method ?method .
  OPTIONAL { ?c kg:accordingTo ?agent } OPTIONAL { ?c kg:confidence ?confidence }
  OPTIONAL { ?c kg:rule ?rule }
}"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The small project, with a fact whose text is awkward in every encoding and that has three citations."""
    from tests.conftest import copy_project

    project = copy_project(tmp_path_factory.mktemp("export") / "canal")
    facts = project.corpus / "canal.ttl"
    facts.write_text(facts.read_text("utf-8") + AWKWARD, "utf-8")
    return Build.open(build(project).path)


def written(built: Build, name: str, citations: Citations = Citations.FACTS) -> bytes:
    output, format_ = io.BytesIO(), FORMATS[name]
    assert isinstance(format_, FileFormat)
    format_.write(built, citations, output)
    return output.getvalue()


def truth(built: Build) -> set[Row]:
    """The facts and citations of a build as its own store answers them."""
    rows = citations_of(built.load(), built)
    assert len(rows) == 20
    return rows


def citations_of(store: ox.Store, built: Build) -> set[Row]:
    solutions = store.query(CITATIONS, prefixes=dict(built.prefixes))
    assert isinstance(solutions, ox.QuerySolutions)
    return {row(*(solution[index] for index in range(10))) for solution in solutions}


def row(s: Any, p: Any, o: Any, verdict: Any, passage: Any, *rest: Any) -> Row:
    plain = [term.value if term is not None else "" for term in (verdict, passage, *rest)]
    return (s.value, p.value, str(o), *(value.removeprefix(KG) for value in plain))


def expected(built: Build, name: str) -> set[ox.Quad]:
    """The build's own quads, as far as the syntax can hold them."""
    store = built.load()
    graphs = {quad.graph_name for quad in store} - {ox.NamedNode(built.names.rdf12)}
    if not SYNTAXES[name].quads:
        graphs = {ox.DefaultGraph()}
    return {quad for quad in store if quad.graph_name in graphs}


# --- RDF ---


@pytest.mark.parametrize("name", RDFLIB)
def test_pyoxigraph_reads_it_back(built: Build, name: str) -> None:
    found = set(ox.parse(input=written(built, name), format=SYNTAXES[name].rdf))
    assert found == expected(built, name)
    assert len(found) > 800


@pytest.mark.parametrize("name", RDFLIB)
def test_rdflib_reads_it_back(built: Build, name: str) -> None:
    assert rdflib_reads(written(built, name), RDFLIB[name]) == expected(built, name)


@pytest.mark.parametrize("name", ["jsonld-flat", "jsonld-framed"])
def test_rdflib_and_pyoxigraph_read_flat_and_framed_back(built: Build, name: str) -> None:
    data = written(built, name)
    assert set(ox.parse(input=data, format=ox.RdfFormat.JSON_LD)) == expected(built, "turtle")
    assert rdflib_reads(data, "json-ld") == expected(built, "turtle")


def rdflib_reads(data: bytes, format_: str) -> set[ox.Quad]:
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format=format_)
    lines = (line for line in dataset.serialize(format="nquads").splitlines() if line.strip())
    default = str(dataset.default_graph.identifier)
    text = "\n".join(lines).replace(f" <{default}> .", " .").replace("_:", "_:b")
    return set(ox.parse(input=text, format=ox.RdfFormat.N_QUADS))


def test_flat_is_what_flattening_gives(built: Build) -> None:
    """PyLD flattens the document to just as many node objects: it is flattened already."""
    document = json.loads(written(built, "jsonld-flat"))
    flattened = jsonld.flatten(document)
    assert sorted(node["@id"] for node in flattened) == sorted(node["@id"] for node in document["@graph"])


def test_framed_has_the_passage_inside_the_fact(built: Build) -> None:
    trees = json.loads(written(built, "jsonld-framed"))["@graph"]
    tree = next(
        tree for tree in trees if tree["rdf:object"] == [{"@value": "1869-11-17", "@type": "edtf:EDTF"}]
    )
    passage = tree["kg:citation"][0]["kg:passage"][0]
    assert passage["kg:digest"][0]["@value"] == "The canal was opened in November 1869."
    assert passage["oa:hasSource"][0]["dcterms:title"][0]["@value"] == "The Canal at Suez"


@pytest.mark.skipif(which("rapper") is None, reason="Debian's raptor2-utils is not installed")
@pytest.mark.parametrize("name", RAPPER)
def test_rapper_reads_it_back(built: Build, name: str, tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_bytes(written(built, name))
    # Only its N-Quads serialiser keeps graphs, and it calls the default graph by no name.
    command = ["rapper", "-q", "-i", RAPPER[name], "-o", "nquads", path, BASE]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert result.stderr == ""
    assert set(ox.parse(input=result.stdout, format=ox.RdfFormat.N_QUADS)) == expected(built, name)


@pytest.mark.parametrize("name", ["turtle12", "ntriples12"])
def test_rdf12_holds_the_reified_triples(built: Build, name: str) -> None:
    quads = set(ox.parse(input=written(built, name), format=SYNTAXES[name].rdf))
    reified = [quad for quad in quads if isinstance(quad.object, ox.Triple)]
    assert len(reified) == 18
    assert len(quads) == len(expected(built, "turtle")) + 18
    store = ox.Store()
    store.extend(quads)
    by_triple = {
        (solution["s"].value, solution["passage"].value)
        for solution in store.query(
            "SELECT ?s ?passage { ?f rdf:reifies <<( ?s ?p ?o )>> ; kg:cites ?passage }",
            prefixes=dict(built.prefixes),
        )
    }
    assert by_triple == {(line[0], line[4]) for line in truth(built)}


def test_owl_axioms(built: Build) -> None:
    """Each accepted fact is an annotated axiom; the others are told in words."""
    store = ox.Store()
    store.load(input=written(built, "owl"), format=ox.RdfFormat.TURTLE)
    axioms = store.query(
        """SELECT ?s ?p ?o ?verdict ?passage WHERE {
          ?axiom a owl:Axiom ; owl:annotatedSource ?s ; owl:annotatedProperty ?p ; owl:annotatedTarget ?o ;
            dcterms:type ?verdict ; dcterms:source ?passage ; dcterms:identifier ?fact .
          ?fact a kg:Fact
        }""",
        prefixes=dict(built.prefixes) | {"owl": OWL},
    )
    found = {row(s, p, o, verdict, passage) for s, p, o, verdict, passage in axioms}
    assert found == {line[:5] for line in truth(built) if line[3] == "Accepted"}
    told = store.query(
        "SELECT ?label { ?fact a kg:Fact ; rdfs:label ?label } ORDER BY ?label", prefixes=dict(built.prefixes)
    )
    assert [solution["label"].value for solution in told] == [
        "Suez Canal Company | description | Its shares were worthless.",
        "ships through the canal in 1870 | value | 486",
    ]


def test_nanopublications(built: Build) -> None:
    """rdflib reads them; each has its four graphs, and the assertion of an accepted fact is its triple."""
    dataset = rdflib.Dataset()
    dataset.parse(data=written(built, "nanopub"), format="trig")
    found = set(nanopub_rows(dataset))
    assert found == truth(built)


def nanopub_rows(dataset: rdflib.Dataset) -> Iterator[Row]:
    np, prov = (
        rdflib.Namespace("http://www.nanopub.org/nschema#"),
        rdflib.Namespace("http://www.w3.org/ns/prov#"),
    )
    kg = rdflib.Namespace(KG)
    heads = list(dataset.quads((None, rdflib.RDF.type, np.Nanopublication, None)))
    assert len(heads) == 18
    for this, _, _, head in heads:
        graph = {
            part: dataset.graph(dataset.graph(head).value(this, np[f"has{part}"]))
            for part in ("Assertion", "Provenance", "PublicationInfo")
        }
        verdict = str(graph["PublicationInfo"].value(this, kg.verdict)).removeprefix(KG)
        triples = list(graph["Assertion"])
        if verdict == "Accepted":
            [(s, p, o)] = triples
        else:
            [fact] = set(graph["Assertion"].subjects())
            s, p, o = (
                graph["Assertion"].value(fact, rdflib.RDF[name])
                for name in ("subject", "predicate", "object")
            )
        provenance = graph["Provenance"]
        for citation in provenance.objects(graph["Assertion"].identifier, kg.citation):
            assert provenance.value(citation, kg.passage) in set(
                provenance.objects(None, prov.wasDerivedFrom)
            )
            yield rdflib_row(s, p, o, verdict, provenance, citation)


def rdflib_row(s: Any, p: Any, o: Any, verdict: str, graph: rdflib.Graph, citation: Any) -> Row:
    names = ("passage", "stance", "method", "accordingTo", "confidence", "rule")
    values = (graph.value(citation, rdflib.URIRef(KG + name)) for name in names)
    plain = (str(value).removeprefix(KG) if value is not None else "" for value in values)
    return (str(s), str(p), str(ntriples(o)), verdict, *plain)


def ntriples(term: Any) -> Any:
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)


def test_wikibase_statements(built: Build) -> None:
    graph = rdflib.Graph()
    graph.parse(data=written(built, "wikibase"), format="nt")
    wikibase, prov = (
        rdflib.Namespace("http://wikiba.se/ontology#"),
        rdflib.Namespace("http://www.w3.org/ns/prov#"),
    )
    found = set()
    for property_ in graph.subjects(rdflib.RDF.type, wikibase.Property):
        predicate = graph.value(property_, rdflib.OWL.sameAs)
        claim, value = (graph.value(property_, wikibase[name]) for name in ("claim", "statementProperty"))
        for subject, statement in graph.subject_objects(claim):
            verdict = str(graph.value(statement, rdflib.URIRef(KG + "verdict"))).removeprefix(KG)
            rank = graph.value(statement, wikibase["rank"])
            direct = (subject, graph.value(property_, wikibase.directClaim), graph.value(statement, value))
            assert (verdict == "Accepted") == (rank == wikibase.NormalRank) == (direct in graph)
            for reference in graph.objects(statement, prov.wasDerivedFrom):
                found.add(
                    rdflib_row(subject, predicate, graph.value(statement, value), verdict, graph, reference)
                )
    assert found == truth(built)


# --- Networks and property graphs ---


def network_rows(
    edges: Iterable[tuple[str, str, dict[str, Any]]], node: Callable[[str], dict[str, Any]]
) -> set[Row]:
    found = set()
    for subject, target, edge in edges:
        object_ = value_of(target, node(target))
        for citation in json.loads(edge["citations"]):
            found.add(citation_row(subject, edge["predicate"], object_, edge["verdict"], citation))
        passages = {citation["passage"] for citation in json.loads(edge["citations"])}
        assert set(edge["cites"].split()) == passages
    return found


def value_of(target: str, node: dict[str, Any]) -> str:
    if node["kind"] == "entity":
        return f"<{target}>"
    if node.get("language"):
        return str(ox.Literal(node["label"], language=node["language"]))
    return str(ox.Literal(node["label"], datatype=ox.NamedNode(node["datatype"])))


def citation_row(subject: str, predicate: str, object_: str, verdict: str, citation: dict[str, str]) -> Row:
    names = ("passage", "stance", "method", "accordingTo", "confidence", "rule")
    return (subject, predicate, object_, verdict, *(citation.get(name, "") for name in names))


def test_networkx_reads_graphml_back(built: Build) -> None:
    graph = networkx.parse_graphml(written(built, "graphml").decode(), force_multigraph=True)
    assert isinstance(graph, networkx.MultiDiGraph)
    assert network_rows(graph.edges(data=True), graph.nodes.__getitem__) == truth(built)
    assert graph.nodes[BASE + "entity/opening"]["earliest"] == "1869-11-17"
    edge = graph.get_edge_data(BASE + "entity/opening", BASE + "entity/suez-canal")
    assert [data["quotes"] for data in edge.values()] == ["The Suez Canal was opened on 17 November 1869."]


def test_networkx_reads_gexf_back(built: Build, tmp_path: Path) -> None:
    path = tmp_path / "kg.gexf"
    path.write_bytes(written(built, "gexf"))
    graph = networkx.read_gexf(path, version="1.2draft")
    assert network_rows(graph.edges(data=True), graph.nodes.__getitem__) == truth(built)
    assert graph.nodes[BASE + "entity/egypt"]["label"] == "Egypt"


def test_networkx_reads_cytoscape_back(built: Build) -> None:
    graph = networkx.cytoscape_graph(json.loads(written(built, "cytoscape")))
    assert isinstance(graph, networkx.MultiDiGraph)
    assert network_rows(graph.edges(data=True), graph.nodes.__getitem__) == truth(built)


@pytest.mark.parametrize("name", ["cytoscape", "gexf"])
def test_the_libraries_of_cytoscape_and_of_gephi_lite_read_it_back(
    built: Build, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "network"
    path.write_bytes(written(built, name))
    node = Path(sys.executable).parent / "node"
    done = subprocess.run([node, CLIENTS / "networks.mjs", name, path], capture_output=True, check=True)
    network = json.loads(done.stdout)
    nodes = {data["id"]: data for data in network["nodes"]}
    edges = ((edge["source"], edge["target"], edge) for edge in network["edges"])
    assert network_rows(edges, nodes.__getitem__) == truth(built)


def test_ladybug_loads_the_property_graph(
    built: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "graph"
    folder.mkdir()
    format_ = FORMATS["property-graph"]
    assert isinstance(format_, FolderFormat)
    format_.write(built, Citations.FACTS, folder)
    monkeypatch.chdir(folder)
    connection = ladybug.Connection(ladybug.Database(":memory:"))
    for statement in (folder / "kuzu.cypher").read_text("utf-8").split(";\n"):
        if statement.strip():
            connection.execute(statement)
    answer = connection.execute(
        "MATCH (s:Node)-[f:FACT]->(o:Node) RETURN s.iri, o.iri, f.*, o.kind, o.label, o.language, o.datatype"
    )
    names = answer.get_column_names()
    rows = [dict(zip(names, values, strict=True)) for values in answer.get_all()]
    nodes = {line["o.iri"]: {key[2:]: line[key] for key in line if key.startswith("o.")} for line in rows}
    edges = ((line["s.iri"], line["o.iri"], {key[2:]: line[key] for key in line}) for line in rows)
    assert len(rows) == 18
    assert network_rows(edges, nodes.__getitem__) == truth(built)
    passage = connection.execute(
        "MATCH (p:Passage {iri: $iri}) RETURN p.start, p.`end`", {"iri": BASE + "source/canal#p1"}
    )
    assert passage.get_all() == [[19, 65]]


def test_the_neo4j_headers_are_those_of_its_importer(built: Build, tmp_path: Path) -> None:
    format_ = FORMATS["property-graph"]
    assert isinstance(format_, FolderFormat)
    format_.write(built, Citations.FACTS, tmp_path)
    tables = {
        path.name: list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
        for path in tmp_path.glob("*.csv")
    }
    heads = {name: table[0] for name, table in tables.items()}
    assert heads["facts.csv"][:3] == [":START_ID", ":END_ID", "iri"]
    assert heads["facts.csv"][-1] == ":TYPE"
    assert all(
        heads[name][0] == "iri:ID" and heads[name][-1] == ":LABEL" for name in heads if name != "facts.csv"
    )
    assert {end for line in tables["facts.csv"][1:] for end in line[:2]} <= {
        line[0] for line in tables["nodes.csv"]
    }
    script = (tmp_path / "neo4j.cypher").read_text("utf-8")
    for column in [name for head in heads.values() for name in head if name not in (":LABEL", ":TYPE")]:
        assert f"row.{column}" in script or f"row.`{column}`" in script, column


# --- Tables ---


def table_rows(table: pandas.DataFrame) -> set[Row]:
    filled = table.astype(object).where(table.notna(), "")
    found = set()
    for line in filled.to_dict("records"):
        citation = {**line, "accordingTo": line["according_to"]}
        object_ = {"kind": "literal" if line["datatype"] else "entity", "label": line["object"], **line}
        value = value_of(line["object"], {**object_, "label": line["object"]})
        found.add(citation_row(line["subject"], line["predicate"], value, line["verdict"], citation))
    return found


def test_pandas_reads_csv_back(built: Build) -> None:
    table = pandas.read_csv(io.BytesIO(written(built, "csv")), dtype=str, keep_default_na=False)
    assert table_rows(table) == truth(built)
    line = table[(table.subject == BASE + "entity/opening") & (table.predicate == KG + "location")].iloc[0]
    assert (line.start, line.end, line.quote) == (
        "19",
        "65",
        "The Suez Canal was opened on 17 November 1869.",
    )


def test_pandas_and_pyarrow_read_parquet_back(built: Build) -> None:
    data = written(built, "parquet")
    assert table_rows(pandas.read_parquet(io.BytesIO(data))) == truth(built)
    assert parquet.read_table(io.BytesIO(data)).schema.field("start").type == "int64"


def test_sqlite_reads_it_back(built: Build, tmp_path: Path) -> None:
    path = tmp_path / "kg.sqlite"
    path.write_bytes(written(built, "sqlite"))
    with sqlite3.connect(path) as database:
        table = pandas.read_sql_query(
            "SELECT cited_fact.*, confidence, rule"
            " FROM cited_fact JOIN citation ON citation.iri = cited_fact.citation",
            database,
        )
        assert table_rows(table) == truth(built)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        quote = "SELECT DISTINCT quote FROM cited_fact WHERE verdict = 'Unverified'"
        assert "worthless" in database.execute(quote).fetchone()[0]
    database.close()


# --- Sources ---


def test_bibtexparser_reads_the_sources_back(built: Build) -> None:
    library = bibtexparser.parse_string(written(built, "bibtex").decode())
    [entry] = library.entries
    assert (entry.key, entry.entry_type) == ("canal", "misc")
    assert {field.key: field.value for field in entry.fields} == {
        "title": "{The Canal at Suez}",
        "author": "A. N. Author",
        "date": "2020",
        "year": "2020",
        "language": "en",
        "note": "Written for the tests; CC BY 4.0.",
    }


def test_bibtex_of_awkward_titles(canal: Project) -> None:
    record = canal.corpus / "canal.toml"
    text = record.read_text("utf-8").replace("The Canal at Suez", "50% of {R&D} #1 at $5_6 ~ ^ \\\\", 1)
    record.write_text(text.replace("A. N. Author", "Smith and Sons"), "utf-8")
    output = written(Build.open(build(canal).path), "bibtex").decode()
    [entry] = bibtexparser.parse_string(output).entries
    fields = {field.key: field.value for field in entry.fields}
    assert fields["title"] == (
        r"{50\% of \{R\&D\} \#1 at \$5\_6 \textasciitilde{} \textasciicircum{} \textbackslash{}}"
    )
    assert fields["author"] == "{Smith and Sons}"


def test_citeproc_reads_the_sources_back(built: Build) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of lxml, of its own styles, of pkg_resources
        from citeproc.source.json import CiteProcJSON
    items = json.loads(written(built, "csl"))
    source = CiteProcJSON(items)
    assert items == [
        {
            "id": "canal",
            "type": "document",
            "title": "The Canal at Suez",
            "author": [{"literal": "A. N. Author"}],
            "issued": {"date-parts": [[2020]]},
            "language": "en",
        }
    ]
    assert str(source["canal"]["title"]) == "The Canal at Suez"


# --- All ---


def test_every_format_is_read_back() -> None:
    elsewhere = {
        "turtle12", "ntriples12", "jsonld-flat", "jsonld-framed", "owl", "nanopub", "wikibase", "graphml",
        "gexf", "cytoscape", "property-graph", "csv", "parquet", "sqlite", "bibtex", "csl",
    }  # fmt: skip
    assert {*RDFLIB, *elsewhere} == FORMATS.keys()


@pytest.mark.parametrize(
    "name", [name for name, format_ in FORMATS.items() if isinstance(format_, FileFormat)]
)
def test_same_bytes_each_time(built: Build, name: str) -> None:
    assert written(built, name) == written(built, name)


def test_without_citations_only_what_is_asserted(built: Build) -> None:
    quads = list(ox.parse(input=written(built, "turtle", Citations.NONE), format=ox.RdfFormat.TURTLE))
    assert not [quad for quad in quads if "canal.example/fact/" in str(quad.subject)]
    assert not [quad for quad in quads if "canal.example/citation/" in str(quad.subject)]
    values = [quad.object.value for quad in quads if quad.predicate.value.endswith("#value")]
    assert values == ["500"]


def test_without_citations_a_network_has_no_rejected_edge(built: Build) -> None:
    graph = networkx.parse_graphml(written(built, "graphml", Citations.NONE).decode(), force_multigraph=True)
    assert {data["verdict"] for _, _, data in graph.edges(data=True)} == {"Accepted"}
    assert {data["citations"] for _, _, data in graph.edges(data=True)} == {"[]"}
    assert graph.number_of_edges() == 16
