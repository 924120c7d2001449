"""What the tests share: a small project of another topic, copied where a test may change it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.project import Project

ROOT = Path(__file__).parent.parent


@pytest.fixture
def canal(tmp_path: Path) -> Project:
    """A fresh copy of tests/project with the ontology that ships."""
    return copy_project(tmp_path / "canal")


def copy_project(root: Path) -> Project:
    """Copy the small project into a folder of that name."""
    shutil.copytree(ROOT / "tests" / "project", root)
    shutil.copytree(ROOT / "ontology", root / "ontology")
    return Project.open(root)


@pytest.fixture(scope="session")
def shipped() -> Project:
    """The project that ships, not to be changed."""
    return Project.open(ROOT)
