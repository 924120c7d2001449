from __future__ import annotations

import pytest

from kg.graph.build import build
from kg.project import Project
from kg.store.build import Build
from kg.store.cite.citer import Citer


@pytest.fixture(scope="package")
def canal_build(tmp_path_factory: pytest.TempPathFactory, shipped: Project) -> Build:
    """The small project, built once with the ontology that ships."""
    root = shipped.root / "tests" / "project"
    project = tmp_path_factory.mktemp("canal")
    for folder, at in (("corpus", root), ("queries", root), ("ontology", shipped.root)):
        (project / folder).symlink_to(at / folder)
    (project / "kg.toml").write_text((root / "kg.toml").read_text("utf-8"), "utf-8")
    return Build.open(build(Project.open(project), tmp_path_factory.mktemp("build")).path)


@pytest.fixture(scope="package")
def citer(canal_build: Build) -> Citer:
    return Citer(canal_build.load(), canal_build.names, canal_build.prefixes)
