"""The interface for notebooks: its examples run, and its errors are ours."""

from __future__ import annotations

import doctest
import sys
from pathlib import Path

import networkx
import pytest

import kg
import kg.api
from kg.errors import MissingExtra, NoBuild, QueryError, RequestError, UnknownName, UnknownQuery
from kg.graph.build import build
from tests.canal import AGREED
from tests.conftest import ROOT, copy_project

CLAIM = "SELECT ?text { GRAPH ?g { :suez-canal-company kg:description ?text } }"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = copy_project(tmp_path_factory.mktemp("api") / "canal")
    (project.root / "queries" / "agreed.rq").write_text(AGREED)
    build(project)
    return project.root


@pytest.fixture(scope="module")
def graph(project: Path) -> kg.api.Graph:
    return kg.open(project)


def test_the_examples_of_the_documentation_run(project: Path) -> None:
    result = doctest.testmod(kg.api, extraglobs={"project": project}, raise_on_error=True)
    assert result.attempted >= 8


def test_the_examples_of_the_manual_run(project: Path) -> None:
    page = str(ROOT / "docs" / "python.md")
    options = doctest.NORMALIZE_WHITESPACE
    result = doctest.testfile(
        page, module_relative=False, globs={"project": project}, optionflags=options, encoding="utf-8"
    )
    assert (result.failed, result.attempted >= 9) == (0, True)


def test_open(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "corpus")
    assert repr(kg.open()) == repr(kg.open(project / "build" / "current"))
    with pytest.raises(NoBuild):
        kg.open(tmp_path)


def test_facts(graph: kg.api.Graph) -> None:
    assert len(graph.facts()) == 17
    rejected = graph.facts(verdict="Rejected")
    assert rejected.object.tolist() == ["486"]
    assert rejected.note.tolist() == ["The register of the company counts otherwise."]
    egypt = graph.facts("Egypt")
    assert set(egypt.subject_label) == {"Suez Canal concession", "nationalisation of the Suez Canal Company"}
    assert graph.facts(verdict="Contested").empty
    with pytest.raises(UnknownName):
        graph.facts("Panama")


def test_verify(graph: kg.api.Graph) -> None:
    assert graph.verify("opening", "date", "1869").status == "supported"
    found = graph.verify_pattern("agreed", one="Egypt", other="the company")
    assert (found.status, len(found.facts)) == ("supported", 3)
    assert graph.verify_pattern("agreed", one="Egypt", other="a newspaper").status == "unknown"
    with pytest.raises(UnknownQuery):
        graph.verify_pattern("nothing")
    with pytest.raises(RequestError):
        graph.verify_pattern("agreed", one="Egypt")


def test_query(graph: kg.api.Graph) -> None:
    frame = graph.query("SELECT ?ships ?nothing { :ships-1870 kg:value ?ships } ")
    assert frame.ships.tolist() == [500]
    assert frame.nothing.tolist() == [None]
    [citation] = frame.citations[0]
    assert citation["quote"].startswith("Some 500 ships")
    assert (citation["stance"], citation["verdict"]) == ("Estimates", "Accepted")
    claimed = graph.query(CLAIM)
    assert claimed.citations[0][0]["accordingTo"] == "https://canal.example/entity/newspaper"
    assert claimed.citations[0][0]["verdict"] == "Unverified"


def test_a_row_that_rests_on_no_fact_says_so(graph: kg.api.Graph) -> None:
    frame = graph.query("SELECT ?label { :egypt rdfs:label ?label }")
    assert frame.label.tolist() == ["Egypt"]
    assert frame.citations.tolist() == [[]]


def test_an_answer_without_rows(graph: kg.api.Graph) -> None:
    frame = graph.query("SELECT ?x { :egypt kg:date ?x }")
    assert list(frame.columns) == ["x", "citations"]
    assert frame.empty


def test_a_query_that_does_not_parse(graph: kg.api.Graph) -> None:
    with pytest.raises(QueryError):
        graph.query("SELECT")


def test_network(graph: kg.api.Graph) -> None:
    network = graph.network()
    assert isinstance(network, networkx.MultiDiGraph)
    assert network.number_of_edges() == 17
    accepted = graph.network(verdict="Accepted")
    assert accepted.number_of_edges() == 15
    ends = [f"https://canal.example/entity/{name}" for name in ("egypt", "concession")]
    path = networkx.shortest_path(network.to_undirected(), *ends)
    assert len(path) == 2


def test_without_the_libraries(graph: kg.api.Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(MissingExtra, match=r"pip install 'citable-kg\[export\]'"):
        graph.facts()
    with pytest.raises(MissingExtra):
        graph.network()
