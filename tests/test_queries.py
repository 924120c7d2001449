"""Each named query answers as its file of expected answers says."""

from __future__ import annotations

import pytest

from kg.graph.build import build
from kg.project import Project
from kg.store.build import Build
from tests.queries import EXPECTED, answers

NAMES = sorted(path.stem for path in EXPECTED.glob("*.csv"))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, shipped: Project) -> dict[str, str]:
    outcome = build(shipped, tmp_path_factory.mktemp("build"))
    return dict(answers(Build.open(outcome.path)))


def test_every_query_has_an_expected_answer(found: dict[str, str]) -> None:
    assert sorted(found) == NAMES
    assert len(NAMES) >= 30


@pytest.mark.parametrize("name", NAMES)
def test_answer(name: str, found: dict[str, str]) -> None:
    expected = (EXPECTED / f"{name}.csv").read_bytes().decode()
    assert expected.count("\n") > 1, "an expected answer without rows tests nothing"
    assert found[name] == expected
