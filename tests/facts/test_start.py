from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.command import kg
from tests.conftest import ROOT

from kg.graph.build import Reading, build
from kg.project import Project
from kg.store.build import Build

OWN = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#"
 xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#">
 <owl:Ontology rdf:about="https://mine.example/o"/>
 <owl:Class rdf:about="https://mine.example/o#Ship">
  <rdfs:subClassOf><owl:Restriction><owl:onProperty rdf:resource="https://mine.example/o#tonnage"/>
   <owl:cardinality rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">1</owl:cardinality>
  </owl:Restriction></rdfs:subClassOf></owl:Class>
 <owl:DatatypeProperty rdf:about="https://mine.example/o#tonnage">
  <rdfs:range rdf:resource="http://www.w3.org/2001/XMLSchema#integer"/></owl:DatatypeProperty>
</rdf:RDF>"""


def test_a_new_project_is_clean_and_builds(tmp_path: Path) -> None:
    result = kg("init", "new", "--title", 'Ships "and" more', cwd=tmp_path)
    assert result.stdout.startswith("new is a project. Next:\n  cd new\n  kg build\n")
    project = Project.open(tmp_path / "new")
    assert (project.title, project.base) == ('Ships "and" more', "https://example.org/kg/")
    assert Reading.of(project).findings == ()
    assert Build.open(build(project).path).counts["facts"] == 3
    assert (tmp_path / "new" / ".gitignore").read_text("utf-8") == "build/\n"


def test_another_base_and_ontology(tmp_path: Path) -> None:
    (tmp_path / "mine.owl").write_text(OWN, "utf-8")
    result = kg("init", "new", "--base", "https://mine.example/", "--ontology", "mine.owl", cwd=tmp_path)
    assert result.returncode == 0
    project = Project.open(tmp_path / "new")
    assert sorted(path.name for path in project.ontology.iterdir()) == ["mine.ttl", "model.ttl"]
    entities = project.corpus / "entities.ttl"
    ship = ':ship a <https://mine.example/o#Ship> ; rdfs:label "ship"@en .\n'
    entities.write_text(entities.read_text("utf-8") + ship, "utf-8")
    facts = project.corpus / "example.ttl"
    fact = ":ship <https://mine.example/o#tonnage> 7 {| kg:cites example:p1 |} .\n"
    facts.write_text(facts.read_text("utf-8") + fact, "utf-8")
    assert Reading.of(project).findings == ()
    facts.write_text(facts.read_text("utf-8").replace(" 7 ", ' "seven" '), "utf-8")
    assert [finding.code for finding in Reading.of(project).findings] == ["datatype"]


def test_the_model_is_that_of_the_ontology_that_ships() -> None:
    shipped = set(triples(ROOT / "ontology" / "kg.ttl"))
    model = set(triples(ROOT / "src" / "kg" / "template" / "ontology" / "model.ttl"))
    assert len(model) > 200
    assert model <= shipped


def triples(path: Path) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["full"], "full is not an empty folder"),
        (["file.txt"], "file.txt is not an empty folder"),
        (["new", "--base", "nonsense"], "is no IRI that ends in a slash"),
        (["new", "--base", "https://a.example"], "is no IRI that ends in a slash"),
        (["new", "--ontology", "file.txt"], "is no N-Triples"),
        (["new", "--ontology", "broken.ttl"], "is no Turtle"),
        (["new", "--ontology", "data.ttl"], "declares no class and no property"),
        (["new", "--ontology", "file.pdf"], "an extension of no RDF syntax"),
        (["file.txt/new"], "cannot be written"),
    ],
)
def test_bad_input_changes_nothing(tmp_path: Path, arguments: list[str], message: str) -> None:
    (tmp_path / "full").mkdir()
    for name, text in {
        "full/x": "", "file.txt": "hello there", "file.pdf": "", "broken.ttl": "<a",
        "data.ttl": "<urn:a> <urn:b> 1 .",
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text, "utf-8")
    before = sorted(tmp_path.rglob("*"))
    result = kg("init", *arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert message in result.stderr
    assert sorted(tmp_path.rglob("*")) == before
