"""What a pattern is found to be, on the small project, whose every fact can be checked by eye."""

from __future__ import annotations

import json

import pytest

from kg.graph.build import build
from kg.store.build import Build
from kg.store.cite.citer import Citer
from kg.store.cite.document import document
from kg.store.index import Index
from kg.store.pattern import judge
from kg.store.shape import Json
from kg.store.verify import Finding
from tests.conftest import copy_project


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return Build.open(build(copy_project(tmp_path_factory.mktemp("pattern") / "canal")).path)


@pytest.fixture(scope="module")
def citer(built: Build) -> Citer:
    return Citer(built.load(), built.names, built.prefixes)


def find(citer: Citer, built: Build, query: str) -> Finding:
    def ask(stated: bool) -> Json:
        found: Json = json.loads(
            document(citer, query, built.id, built.base, citer.view(query, stated=stated))
        )
        return found

    return judge(Index(built), query, ask)


def told(finding: Finding) -> list[tuple[str, str]]:
    """Property and value of each fact."""
    return [
        (fact["predicate"]["label"], fact["object"].get("label") or fact["object"]["value"])
        for fact in finding.facts
    ]


EGYPT = [("party", "Egypt"), ("party", "Suez Canal Company")]
ACTOR = [("actor", "Egypt")]
OPENING = [("date", "1869-11-17")]
IN_1900 = ":opening kg:date '1900'^^edtf:EDTF"
IN_1869 = ":opening kg:date '1869'^^edtf:EDTF"


@pytest.mark.parametrize(
    ("query", "status", "facts"),
    [
        ("ASK { ?a kg:party :egypt , :suez-canal-company }", "supported", EGYPT),
        ("SELECT ?a { ?a kg:party :egypt , :suez-canal-company }", "supported", EGYPT),
        ("ASK { ?e kg:actor :egypt ; kg:date '1956'^^edtf:EDTF }", "supported", [*ACTOR, ("date", "1956")]),
        ("ASK { ?e kg:actor :egypt FILTER NOT EXISTS { ?e kg:party ?p } }", "supported", ACTOR),
        (f"ASK {{ ?e kg:actor :egypt OPTIONAL {{ {IN_1900} }} }}", "supported", ACTOR),
        # A date within the one asked for, where nothing else is asked.
        (f"ASK {{ {IN_1869} }}", "supported", OPENING),
        (f"ASK {{ {IN_1869} ; kg:location ?where }}", "unknown", OPENING),
        # What the curators have rejected, with what is accepted.
        (
            "ASK { ?o kg:indicator :passages-of-ships ; kg:value 486 }",
            "contradicted",
            [("indicator", "passages of ships"), ("value", "486")],
        ),
        # The property has one value, and it is another.
        (f"ASK {{ {IN_1900} ; kg:location ?where }}", "contradicted", OPENING),
        (f"ASK {{ {{ {IN_1900} }} ?e kg:actor :egypt }}", "contradicted", OPENING),
        # Claimed by somebody.
        (
            "ASK { ?c kg:description 'Its shares were worthless.'@en }",
            "unknown",
            [("description", "Its shares were worthless.")],
        ),
        # No source says so.
        ("ASK { ?e kg:party :newspaper }", "unknown", []),
        ("ASK { :nobody kg:party :egypt }", "unknown", []),
        ("ASK { :opening kg:partOf :concession }", "unknown", []),
    ],
)  # fmt: skip
def test_findings(citer: Citer, built: Build, query: str, status: str, facts: list[tuple[str, str]]) -> None:
    found = find(citer, built, query)
    assert (found.status, sorted(told(found))) == (status, facts)


def test_an_answer_without_facts_supports_nothing(citer: Citer, built: Build) -> None:
    for query in ("ASK { ?x a kg:Polity }", "SELECT (COUNT(*) AS ?n) { ?e kg:party :newspaper }"):
        found = find(citer, built, query)
        assert found == ("unknown", [], "It has an answer, but one that rests on no fact.")


def test_a_pattern_that_cannot_be_cited_says_so(citer: Citer, built: Build) -> None:
    found = find(citer, built, "SELECT REDUCED ?e { ?e kg:party :egypt }")
    assert found.status == "unknown"
    assert found.reason.startswith("Nothing can be cited for this pattern: ")
