"""One service for all tests that only ask it something."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Running, serving
from tests.synthetic import write_build

DATA = "http://data.example/{}"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
DOCUMENT = "<http://xmlns.com/foaf/0.1/Document>"
DOCUMENTS = [f"<{DATA.format(n)}> {TYPE} {DOCUMENT} <{DATA.format(n)}> ." for n in (0, 1, 2, 3)]
"""Graphs 0 to 3, each of which says of itself that it is a document."""
SHARED = [f'<http://data.example/s> <http://data.example/p> "both" <{DATA.format(n)}> .' for n in ("a", "b")]
"""One triple in two graphs."""


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("service")
    write_build(root, extra=[*DOCUMENTS, *SHARED])
    with serving(root / "current", root / "access.log", "--max-answer", "8", "--deadline", "4") as running:
        yield running


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """The `current` link of a build that a test may replace."""
    write_build(tmp_path)
    return tmp_path / "current"
