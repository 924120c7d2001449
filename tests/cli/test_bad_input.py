"""Every command that takes a file, given every kind of file that it cannot use: a clear error, no change.

`kg add` has its own cases in tests/corpus/test_add.py, and `kg push` in tests/store/test_push.py.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.command import kg
from tests.conftest import copy_project
from tests.corpus.test_add import BAD as DOCUMENTS
from tests.graph.test_intake import MAPPING

from kg.graph.build import build
from kg.project import Project

FILES = {
    "another format": b"\x89PNG\r\n\x1a\n\0\0",
    "a truncated PDF": DOCUMENTS["truncated.pdf"][0],
    "an encrypted PDF": DOCUMENTS["encrypted.pdf"][0],
    "a scanned PDF": DOCUMENTS["scanned.pdf"][0],
    "bytes that are no text": b"\xff\xfe\0\0",
    "200 MB": None,
}
COMMANDS = {
    "bad.txt": (("extract", "{file}"), ("extract", "--out", "proposals", "{file}")),
    "bad.pdf": (("extract", "{file}"),),
    "bad.csv": (("import", "--mapping", "mapping.toml", "{file}"),),
    "bad.ttl": (("import", "{file}"), ("diff", "build/current", "{file}"), ("query", "{file}")),
    "bad.nq": (("import", "--source", "x", "{file}"), ("diff", "{file}", "build/current")),
    "bad.jsonld": (("import", "{file}"), ("diff", "build/current", "{file}")),
    "bad.owl": (("init", "new", "--ontology", "{file}"),),
    "bad.rq": (("query", "{file}"), ("query", "--cite", "{file}")),
    "bad.toml": (("import", "--mapping", "{file}", "good.csv"),),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = copy_project(tmp_path_factory.mktemp("bad") / "canal")
    (project.root / "mapping.toml").write_text(MAPPING, "utf-8")
    (project.root / "good.csv").write_text("a,b\n1,2\n", "utf-8")
    build(project)
    return project


def state(project: Project) -> dict[str, str]:
    files = (path for path in project.root.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_clear_error_and_no_change(project: Project, tmp_path: Path, name: str, kind: str) -> None:
    path, data = tmp_path / name, FILES[kind]
    with path.open("wb") as file:
        file.write(data) if data is not None else file.truncate(200_000_000)
    before = state(project)
    for command in COMMANDS[name]:
        result = kg(*(part.format(file=path) for part in command), cwd=project.root)
        assert result.returncode in {1, 2}, (command, result.stdout)
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        assert 20 < len(result.stderr) < 700, result.stderr[:700]
        assert name in result.stderr or "line 1, column" in result.stderr, result.stderr
    assert state(project) == before


@pytest.mark.parametrize("command", ["serve", "push http://127.0.0.1:9/", "mcp", "query dates"])
def test_a_build_that_is_none(tmp_path: Path, command: str) -> None:
    (tmp_path / "manifest.json").write_bytes(b"\x89PNG")
    result = kg(*command.split(), "--build", str(tmp_path), cwd=tmp_path)
    assert result.returncode == 2
    assert result.stderr == f"kg: There is no build in {tmp_path}. Run `kg build`.\n"


@pytest.mark.parametrize("output", ["nowhere/at/all.ttl", "."])
def test_an_export_that_cannot_be_written(project: Project, output: str) -> None:
    before = state(project)
    result = kg("export", "--format", "turtle", "-o", output, cwd=project.root)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert output in result.stderr
    assert state(project) == before
