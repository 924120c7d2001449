"""`kg query --cite`: what people see."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.command import kg

from kg.project import Project


@pytest.fixture
def built(canal: Project) -> Path:
    assert kg("build", cwd=canal.root).returncode == 0
    return canal.root


def test_a_table_with_its_facts_and_passages(built: Path) -> None:
    text = (
        "SELECT ?v ?w { [] rdf:subject :ships-1870 ; rdf:predicate kg:value ; rdf:object ?v ; kg:verdict ?w }"
    )
    result = kg("query", "-", "--cite", cwd=built, text=text + " ORDER BY ?v")
    table, notes = result.stdout.split("\n\n", 1)
    assert [line.split("│")[1:-1] for line in table.splitlines()[3:-1]] == [
        [" 486 ", " kg:Rejected ", " [1]      "],
        [" 500 ", " kg:Accepted ", " [2]      "],
    ]
    assert notes == (
        "[1] :ships-1870 kg:value 486\n"
        "    Rejected: canal p4 estimates\n"
        "    Note: The register of the company counts otherwise.\n"
        "[2] :ships-1870 kg:value 500\n"
        "    Accepted: canal p4 estimates\n\n"
        "canal p4: By estimate about five hundred ships used the canal in 1870.\n"
        "    “Some 500 ships are estimated to have passed in 1870.”\n"
    )
    assert result.stderr == "\n2 rows, resting on 2 facts from 1 source\n"


def test_alternatives_and_what_cannot_be_told(built: Path) -> None:
    text = "ASK { :concession kg:party ?x FILTER NOT EXISTS { :opening kg:party ?x } }"
    result = kg("query", "-", "--cite", cwd=built, text=text)
    assert result.stdout.startswith("yes [1] or [2]\n\n[1] :concession kg:party ")
    assert result.stderr.endswith("(NOT EXISTS, MINUS), which no fact says.\n")
    claim = kg("query", "-", "--cite", cwd=built, text="SELECT ?f { ?f kg:verdict kg:Unverified }").stdout
    assert "Unverified: canal p3 claims, according to :newspaper\n" in claim


def test_json(built: Path) -> None:
    result = kg("query", "dates", "--cite", "--format", "json", cwd=built)
    found = json.loads(result.stdout)
    assert len(found["results"]["bindings"]) == len(found["cite"]["rows"]) == 4
    assert found["cite"]["permalink"]["url"].startswith("https://canal.example/sparql?query=")


def test_other_formats_have_no_place_for_citations(built: Path) -> None:
    result = kg("query", "dates", "--cite", "--format", "csv", cwd=built)
    assert result.returncode == 2
    assert "Cited answers come as a table or as JSON, not as CSV." in result.stderr
