"""The commands as people run them: what they print and how they end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kg.project import Project

ORIGINALS = Path(__file__).parents[3] / "shared" / "originals"


def kg(*arguments: str, cwd: Path, text: str = "") -> subprocess.CompletedProcess[str]:
    script = "import sys; from kg.cli import main; sys.argv[0] = 'kg'; main()"
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, cwd=cwd, input=text, capture_output=True, text=True, check=False)


@pytest.fixture
def built(canal: Project) -> Path:
    assert kg("build", cwd=canal.root).returncode == 0
    return canal.root


def test_build_prints_a_summary_and_then_up_to_date(canal: Project) -> None:
    first, again = (kg("build", cwd=canal.root / "corpus") for _ in range(2))
    assert first.stdout.splitlines()[:5] == [
        "   sources  1",
        "  passages  4",
        "  entities  10",
        "     facts  17 (15 accepted, 1 unverified, 0 contested, 1 rejected)",
        " citations  17 (17 curated)",
    ]
    assert again.stderr.startswith("Up to date: ")


def test_check_clean(canal: Project) -> None:
    result = kg("check", cwd=canal.root)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "Clean.\n")


def test_check_formats(canal: Project) -> None:
    facts = canal.corpus / "canal.ttl"
    facts.write_text(facts.read_text("utf-8") + ":opening kg:party :egypt .\n", "utf-8")
    line = len(facts.read_text("utf-8").splitlines())
    text = kg("check", cwd=canal.root)
    message = "The statement with kg:party cites no passage."
    remedy = "Add {| kg:cites source:passage |} after the object."
    assert text.returncode == 1
    assert text.stdout == f"corpus/canal.ttl:{line}: error: {message} {remedy} [uncited]\n"
    assert json.loads(kg("check", "--format", "json", cwd=canal.root).stdout) == [
        {
            "path": "corpus/canal.ttl",
            "line": line,
            "code": "uncited",
            "message": message,
            "remedy": remedy,
            "severity": "error",
        }
    ]
    annotation = kg("check", "--format", "github", cwd=canal.root).stdout
    assert annotation == f"::error file=corpus/canal.ttl,line={line},title=uncited::{message} {remedy}\n"


def test_outside_a_project(tmp_path: Path) -> None:
    result = kg("check", cwd=tmp_path)
    assert result.returncode == 2
    assert result.stderr.startswith("kg: No kg.toml in ")


def test_bad_input_stops_the_build(canal: Project) -> None:
    (canal.corpus / "broken.ttl").write_text(":x", "utf-8")
    result = kg("build", cwd=canal.root)
    assert result.returncode == 1
    assert "broken.ttl:1: error: The prefix : has not been declared" in result.stderr
    assert result.stderr.endswith("nothing was changed.\n")


def test_locate(canal: Project) -> None:
    result = kg("locate", "canal", "opened on … 1869", cwd=canal.root)
    assert result.stdout == (
        "# line 3: …nal at Suez The Suez Canal was [opened on 17 November 1869]"
        " . Egypt and the Suez Canal Compa…\n"
        "[[passage]]\n"
        'id = "p5"\n'
        "span = [38, 64]\n"
        'sha256 = "e683d6c62372b796190093553f4195ac7bf5432f7103122002d8653f64631dbf"\n'
        'digest = ""\n\n'
    )


def test_locate_failures(canal: Project) -> None:
    assert "does not occur in canal" in kg("locate", "canal", "railway", cwd=canal.root).stderr
    assert "Did you mean canal?" in kg("locate", "cannal", "x", cwd=canal.root).stderr


def test_query_by_name_file_and_standard_input(built: Path) -> None:
    expected = (
        "event,date\r\nhttps://canal.example/entity/concession,1856\r\n"
        "https://canal.example/entity/opening,1869-11-17\r\n"
        "https://canal.example/entity/ships-1870,1870\r\n"
        "https://canal.example/entity/nationalisation,1956\r\n"
    )
    text = (built / "queries" / "dates.rq").read_text("utf-8")
    (built / "mine.rq").write_text(text, "utf-8")
    for what in ("dates", "mine.rq", "-"):
        result = kg("query", what, "--format", "csv", cwd=built, text=text)
        assert result.stdout.replace("\r\n", "\n") == expected.replace("\r\n", "\n"), what


def test_query_table(built: Path) -> None:
    result = kg("query", "dates", cwd=built)
    assert ":concession" in result.stdout
    assert result.stderr == "4 rows\n"
    assert kg("query", "-", cwd=built, text="ASK { :opening kg:location :suez-canal }").stdout == "yes\n"
    triples = kg("query", "-", cwd=built, text="CONSTRUCT WHERE { :opening kg:location ?x }").stdout
    assert triples.splitlines()[-1] == ":opening kg:location :suez-canal ."


def test_query_failures(built: Path) -> None:
    unknown = kg("query", "dats", cwd=built)
    assert (unknown.returncode, unknown.stderr) == (1, "kg: There is no query “dats”. Known: dates.\n")
    broken = kg("query", "-", cwd=built, text="SELECT * WHERE {\n ?s ?p }")
    assert broken.returncode == 1
    assert broken.stderr == "kg: line 2, column 9: The query does not parse at the end of the query.\n"


def test_query_before_any_build(canal: Project) -> None:
    result = kg("query", "dates", cwd=canal.root)
    assert result.returncode == 2
    assert "Run `kg build`." in result.stderr


def test_export(built: Path) -> None:
    result = kg("export", "--format", "ntriples", "-o", "graph.nt", cwd=built)
    assert result.returncode == 0
    assert len((built / "graph.nt").read_text("utf-8").splitlines()) > 800
    assert [path.name for path in built.iterdir() if path.name.startswith(".graph")] == []


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the originals are not at hand")
def test_the_shipped_corpus_is_clean_against_the_originals(shipped: Project) -> None:
    result = kg("check", "--originals", str(ORIGINALS), cwd=shipped.root)
    assert (result.stdout, result.stderr) == ("", "Clean.\n")
