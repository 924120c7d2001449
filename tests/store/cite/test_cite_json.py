"""What programs get: standard results that any client reads, and beside them the member `cite`."""

from __future__ import annotations

import io
import json
import re
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
import rdflib.query

from kg.project import Names
from kg.store.build import Build
from kg.store.cite.answer import NOTES
from kg.store.cite.bibliography import bibliography
from kg.store.cite.citer import Citer
from kg.store.cite.document import document
from kg.store.cite.permalink import Permalink, digest
from kg.store.cite.serialise import to_json
from kg.store.cite.witness import FACTS, WITNESSES
from kg.store.record import Source
from tests.conftest import ROOT
from tests.store.cite.evidence import rows
from tests.store.cite.test_cite_constructs import CASES

ADDRESS = "https://canal.example/"
DATE = "SELECT ?d { :opening kg:date ?d }"


@pytest.mark.parametrize("name", CASES)
def test_pyoxigraph_reads_the_same_rows(name: str, citer: Citer) -> None:
    query = CASES[name][0]
    found = ox.parse_query_results(to_json(citer.answer(query)), format=ox.QueryResultsFormat.JSON)
    assert isinstance(found, ox.QuerySolutions)
    assert sorted(map(str, map(tuple, found))) == sorted(map(str, rows(citer, query)))


def test_rdflib_reads_the_same_rows(citer: Citer) -> None:
    query = "SELECT ?e ?p { ?e kg:date ?d OPTIONAL { ?e kg:location ?p } } ORDER BY ?e"
    found = rdflib.query.Result.parse(io.BytesIO(to_json(citer.answer(query))), format="json")
    assert [(str(row["e"]).split("/")[-1], "p" in row.labels and row["p"] is not None) for row in found] == [
        ("concession", False),
        ("nationalisation", False),
        ("opening", True),
        ("ships-1870", False),
    ]
    truth = rdflib.query.Result.parse(io.BytesIO(to_json(citer.answer("ASK {}"))), format="json")
    assert truth.askAnswer is True


def test_every_kind_of_term() -> None:
    store = ox.Store()
    triple = ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal('a "b"\n\\ é'))
    for term in (
        ox.Literal("x", language="en-GB"),
        ox.Literal(1),
        ox.Literal("y"),
        ox.BlankNode("b"),
        triple,
    ):
        store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), term))
    citer = Citer(store, Names("https://e.example/"), {})
    query = "SELECT ?o { <urn:s> <urn:p> ?o }"
    found = ox.parse_query_results(to_json(citer.answer(query)), format=ox.QueryResultsFormat.JSON)
    assert isinstance(found, ox.QuerySolutions)
    assert {str(row["o"]) for row in found} == {str(row[0]) for row in rows(citer, query)}


def test_the_whole_document(citer: Citer, canal_build: Build) -> None:
    found = json.loads(document(citer, DATE, canal_build.id, ADDRESS))
    link = found["cite"].pop("permalink")
    listed = found["cite"].pop("bibliography")
    (fact,) = found["cite"]["facts"]
    assert fact.pop("fact").startswith("https://canal.example/fact/")
    opened = "The Suez Canal was opened on 17 November 1869."
    assert found == {
        "head": {"vars": ["d"]},
        "results": {
            "bindings": [
                {
                    "d": {
                        "type": "literal",
                        "value": "1869-11-17",
                        "datatype": "http://id.loc.gov/datatypes/edtf/EDTF",
                    }
                }
            ]
        },
        "cite": {
            "version": 1,
            "cited": True,
            "complete": True,
            "notes": {},
            "rows": [{"witnesses": [[0]]}],
            "facts": [
                {
                    "subject": {"type": "uri", "value": "https://canal.example/entity/opening"},
                    "predicate": {"type": "uri", "value": "https://kg.example/ontology#date"},
                    "object": {
                        "type": "literal",
                        "value": "1869-11-17",
                        "datatype": "http://id.loc.gov/datatypes/edtf/EDTF",
                    },
                    "verdict": "Accepted",
                    "notes": [],
                    "citations": [
                        {
                            "source": "https://canal.example/source/canal",
                            "passage": "https://canal.example/source/canal#p1",
                            "label": "canal p1",
                            "stance": "States",
                            "method": "Curated",
                        }
                    ],
                }
            ],
            "passages": {
                "https://canal.example/source/canal#p1": {
                    "source": "https://canal.example/source/canal",
                    "label": "canal p1",
                    "digest": "The canal was opened in November 1869.",
                    "quote": opened,
                }
            },
            "sources": {
                "https://canal.example/source/canal": {
                    "title": "The Canal at Suez",
                    "creators": ["A. N. Author"],
                    "date": "2020",
                    "language": "en",
                    "rights": "Written for the tests; CC BY 4.0.",
                }
            },
        },
    }
    assert link["build"] == canal_build.id
    assert parse_qs(urlsplit(link["url"]).query)["query"] == [DATE]
    assert listed["bibtex"].startswith("@misc{canal,\n  title = {{The Canal at Suez}},")
    assert listed["csl"][0]["issued"] == {"date-parts": [[2020]]}


def test_an_answer_that_is_not_cited_says_so(citer: Citer) -> None:
    found = json.loads(to_json(citer.answer("SELECT REDUCED ?d { ?x kg:date ?d }")))
    assert len(found["results"]["bindings"]) == 4
    assert found["cite"]["cited"] is False
    assert found["cite"]["complete"] is False
    assert found["cite"]["reason"].startswith("REDUCED is beyond")
    assert found["cite"]["rows"] == []


def test_a_permalink_holds_as_long_as_the_answer_is_the_same(citer: Citer) -> None:
    answer, other = citer.answer(DATE), citer.answer("SELECT ?d { :concession kg:date ?d }")
    link = Permalink.of(DATE, "b1", answer)
    assert link.holds("b1", answer)
    assert not link.holds("b2", answer)
    assert not link.holds("b1", other)
    asked = "query=SELECT+%3Fd+%7B+%3Aopening+kg%3Adate+%3Fd+%7D"
    url, page = link.url("https://e.example/kg/"), link.page("https://e.example/kg")
    assert url == f"https://e.example/kg/sparql?{asked}&cite=true&build=b1&sha256={digest(answer)}"
    assert page == f"https://e.example/kg/query?{asked}&build=b1&sha256={digest(answer)}"


def test_the_digest_is_of_the_rows_whatever_their_order(citer: Citer) -> None:
    up, down = (
        citer.answer(f"SELECT ?d {{ ?e kg:date ?d }} ORDER BY {order}(?d)") for order in ("ASC", "DESC")
    )
    assert digest(up) == digest(down)
    assert digest(up) != digest(citer.answer("SELECT ?e { ?e kg:date ?d }"))
    assert digest(citer.answer(DATE)) == "01ca95c8b11fe13dcd5b0812da29776a2b6fcab8d3a735bffa6aea686add229e"


def test_a_bibliography_has_just_the_sources_of_the_answer() -> None:
    nothing = Source("https://e.example/source/a", "On A & B", (), "", "", "", "", "")
    listed = bibliography((nothing,))
    assert listed.bibtex == "@misc{a,\n  title = {{On A \\& B}}\n}\n"
    assert listed.csl == ({"id": "a", "type": "document", "title": "On A & B"},)
    assert bibliography(()).bibtex == ""


PAGE = (ROOT / "docs" / "cited-answers.md").read_text("utf-8")


def test_every_note_is_documented() -> None:
    for note, sentence in NOTES.items():
        assert f"| `{note}` | {sentence.replace('||', chr(92) + '|' + chr(92) + '|')} |" in PAGE


def test_every_member_is_documented(citer: Citer, canal_build: Build) -> None:
    found = json.loads(document(citer, DATE, canal_build.id, ADDRESS))["cite"]
    assert len(found) == 10
    for member in [*found, "reason", *found["facts"][0], *found["facts"][0]["citations"][0], "accordingTo"]:
        assert f'"{member}"' in PAGE or f"`{member}`" in PAGE, member


def test_the_example_in_python_runs(canal_build: Build, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    example = example.replace("treaty-of-aigun", "opening").replace(
        '"build/current"', repr(str(canal_build.path))
    )
    exec(compile(example, "docs/cited-answers.md", "exec"), {})
    assert capsys.readouterr().out.endswith("['canal p1']\n")


def test_sizes_in_the_page_are_those_of_the_program() -> None:
    assert f"At most {WITNESSES} witnesses are given for a row and {FACTS} facts for a witness" in PAGE
