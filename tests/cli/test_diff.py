from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from tests.command import kg
from tests.conftest import copy_project

from kg.project import Project


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Builds `old` and `new`: one fact added, one removed, one judged otherwise, one cited otherwise."""
    canal = copy_project(tmp_path_factory.mktemp("diff") / "canal")
    assert kg("build", "--out", "old", cwd=canal.root).returncode == 0
    path = canal.corpus / "canal.ttl"
    text = path.read_text("utf-8")
    claim = text[text.index(":suez-canal-company kg:description") : text.index(":ships-1870")]
    text = text.replace(claim, "")
    text = text.replace(":opening kg:date", ":opening kg:party :egypt {| kg:cites canal:p1 |} ;\n    kg:date")
    verdict = ' ; kg:verdict kg:Contested ; rdfs:comment "Others say 98 | or 97."@en'
    text = text.replace(
        '"P99Y"^^xsd:duration {| kg:cites canal:p2', '"P99Y"^^xsd:duration {| kg:cites canal:p2' + verdict
    )
    text = text.replace(
        ":egypt {| kg:cites canal:p3 |}",
        ":egypt {| kg:cites canal:p2 |} {| kg:cites canal:p3 ; kg:stance kg:Reports |}",
    )
    path.write_text(text, "utf-8")
    assert kg("build", "--out", "new", cwd=canal.root).returncode == 0
    return canal


EXPECTED = {
    "+ opening of the Suez Canal · party · Egypt  [Accepted]": ["cites canal:p1 (States)"],
    "- Suez Canal Company · description · “Its shares were worthless.”  [Unverified]": [
        "cites canal:p3 (Claims, according to newspaper)"
    ],
    "~ Suez Canal concession · duration · “P99Y”  [Contested]": [
        "verdict Accepted -> Contested",
        "note: Others say 98 | or 97.",
    ],
    "~ nationalisation of the Suez Canal Company · actor · Egypt  [Accepted]": [
        "no longer cites canal:p3 (States)",
        "now cites canal:p3 (Reports)",
        "now cites canal:p2 (States)",
    ],
}


def changes(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.splitlines()[:-1]:
        if line.startswith("    "):
            found[list(found)[-1]].append(line.strip())
        else:
            found[line] = []
    return found


def test_text(two: Project) -> None:
    result = kg("diff", "old/current", "new/current", cwd=two.root)
    assert result.stderr == ""
    found = changes(result.stdout)
    assert {head: sorted(lines) for head, lines in found.items()} == {
        head: sorted(lines) for head, lines in EXPECTED.items()
    }
    assert result.stdout.splitlines()[-1] == "1 added, 1 removed, 2 changed (1 with another verdict)"


@pytest.mark.parametrize("name", ["turtle", "nquads", "turtle12", "trig", "rdfxml", "jsonld"])
def test_of_exports_it_is_the_same(two: Project, name: str) -> None:
    file = {
        "turtle": "ttl",
        "nquads": "nq",
        "turtle12": "ttl",
        "trig": "trig",
        "rdfxml": "rdf",
        "jsonld": "jsonld",
    }
    for side in ("old", "new"):
        export = kg(
            "export",
            "--format",
            name,
            "--build",
            f"{side}/current",
            "-o",
            f"{side}.{file[name]}",
            cwd=two.root,
        )
        assert export.returncode == 0
    result = kg("diff", f"old.{file[name]}", "new/current", cwd=two.root)
    assert result.stdout == kg("diff", "old/current", f"new.{file[name]}", cwd=two.root).stdout
    assert changes(result.stdout).keys() == EXPECTED.keys()


def test_json(two: Project) -> None:
    rows = json.loads(kg("diff", "old/current", "new/current", "--format", "json", cwd=two.root).stdout)
    assert sorted(row["change"] for row in rows) == ["added", "changed", "changed", "removed"]
    judged = next(row for row in rows if row["object"].startswith('"P99Y"'))
    assert judged["before"]["verdict"] == "Accepted"
    assert judged["after"]["verdict"] == "Contested"
    assert judged["after"]["notes"] == ["Others say 98 | or 97."]
    added = next(row for row in rows if row["change"] == "added")
    assert added["before"] is None
    assert added["after"]["citations"][0]["passage"] == "https://canal.example/source/canal#p1"


def test_markdown(two: Project) -> None:
    lines = kg("diff", "old/current", "new/current", "--format", "markdown", cwd=two.root).stdout.splitlines()
    assert lines[0] == "### Facts: 1 added, 1 removed, 2 changed (1 with another verdict)"
    assert "| opening of the Suez Canal · party · Egypt | Accepted | canal:p1 |" in lines
    assert "| Suez Canal concession · duration · “P99Y” | Accepted → Contested | note changed |" in lines


def test_nothing_differs(two: Project) -> None:
    assert kg("diff", "old/current", "old/current", cwd=two.root).stdout == "No fact differs.\n"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("notes.docx", b"hello", "nothing is known of the extension"),
        ("broken.ttl", b"<a> <b", "is no RDF that can be read"),
        ("binary.nq", b"\xff\xfe\x00", "is no RDF that can be read"),
        ("plain.ttl", b"<urn:a> <urn:b> <urn:c> .", "holds no facts"),
    ],
)
def test_bad_input(two: Project, name: str, content: bytes, message: str) -> None:
    (two.root / name).write_bytes(content)
    result: subprocess.CompletedProcess[str] = kg("diff", name, "new/current", cwd=two.root)
    assert result.returncode == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_a_folder_that_is_no_build(two: Project, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "There is no build" in kg("diff", str(tmp_path / "empty"), "new/current", cwd=two.root).stderr
    assert "does not exist" in kg("diff", "nowhere", "new/current", cwd=two.root).stderr
