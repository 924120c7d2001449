"""Twenty queries written when the program was done: what rows rest on, as judged by reading the passages."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.graph.build import build
from kg.project import Project
from kg.store.build import Build
from kg.store.cite.answer import CitedAnswer, CitedFact
from kg.store.cite.citer import Citer

HERE = Path(__file__).parent / "unseen"
QUERIES = {path.stem: path.read_text("utf-8") for path in HERE.glob("*.rq")}
EXPECTED: list[dict[str, Any]] = tomllib.loads((HERE / "expected.toml").read_text("utf-8"))["row"]


@pytest.fixture(scope="module")
def citer(tmp_path_factory: pytest.TempPathFactory, shipped: Project) -> Citer:
    built = Build.open(build(shipped, tmp_path_factory.mktemp("unseen")).path)
    return Citer(built.load(), built.names, built.prefixes)


def short(citer: Citer, term: object) -> str:
    """An IRI with its prefix, a literal by its lexical form, nothing as nothing."""
    if not isinstance(term, ox.NamedNode):
        return term.value if isinstance(term, ox.Literal) else ""
    fitting = ((space, name) for name, space in citer.prefixes.items() if term.value.startswith(space))
    space, name = max(fitting, key=lambda each: len(each[0]))
    return f"{name}:{term.value[len(space) :]}"


def stated(citer: Citer, fact: CitedFact) -> str:
    triple = " ".join(short(citer, term) for term in (fact.subject, fact.predicate, fact.object))
    return f"{triple} | {', '.join(sorted({citation.label for citation in fact.citations}))}"


def rows(citer: Citer, answer: CitedAnswer) -> dict[tuple[str, ...], list[list[str]]]:
    return {
        tuple(short(citer, value) for value in row.values): [
            sorted(stated(citer, answer.facts[place]) for place in witness) for witness in row.witnesses
        ]
        for row in answer.rows
    }


def test_each_query_is_judged() -> None:
    assert len(QUERIES) == 20
    assert {row["query"] for row in EXPECTED} == QUERIES.keys()


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_rows_rest_on_the_right_facts(name: str, citer: Citer) -> None:
    found = rows(citer, citer.answer(QUERIES[name]))
    for row in EXPECTED:
        if row["query"] == name:
            assert found[tuple(row["values"])] == row["witnesses"]
