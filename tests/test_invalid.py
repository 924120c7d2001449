"""Every class of bad input gets a located finding, and leaves the last good build in place.

Each file of `invalid/` is added to the small project; its first line says what must be found there,
and nothing else may be found: `# expect: 9 unknown-property; 12 syntax`.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from kg.corpus.corpus import Corpus
from kg.errors import BuildError, InputError
from kg.graph.build import CURRENT, Reading, build
from kg.project import Project

INVALID = Path(__file__).parent / "invalid"
FILES = sorted(INVALID.iterdir())
WITHOUT_HEADER = {
    "empty.ttl": [(0, "empty")],
    "not-utf8.ttl": [(1, "encoding")],
    "empty.toml": [(0, "empty")],
    "not-utf8.toml": [(0, "encoding")],
}


def expected(path: Path) -> list[tuple[int, str]]:
    if path.name in WITHOUT_HEADER:
        return WITHOUT_HEADER[path.name]
    header = path.read_text("utf-8").split("\n", 1)[0]
    found = re.findall(r"(\d+) ([a-z0-9-]+)", header.partition("expect:")[2])
    return sorted((int(line), code) for line, code in found)


def install(project: Project, path: Path) -> Path:
    folder = project.queries if path.suffix == ".rq" else project.corpus
    target = folder / f"zz-broken{path.suffix}"
    shutil.copy(path, target)
    return target


def test_there_are_many_classes_of_bad_input() -> None:
    assert len(FILES) >= 55
    assert all(expected(path) for path in FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_is_found_where_it_is_and_blocks_the_build(canal: Project, path: Path) -> None:
    before = build(canal)
    target = install(canal, path)
    findings = Reading.of(canal).findings
    elsewhere = [finding for finding in findings if finding.path != target]
    if path.name != "date-and-start.ttl":  # that one is reported at the date, in the other file
        assert elsewhere == []
        assert [(finding.line, finding.code) for finding in findings] == expected(path)
    else:
        assert [finding.code for finding in findings] == ["two-times"]
    assert all(finding.message.endswith(".") and finding.remedy for finding in findings)
    with pytest.raises(InputError):
        build(canal)
    assert (canal.build / CURRENT).resolve() == before.path


def test_did_you_mean(canal: Project) -> None:
    for name, hint in {
        "undefined-property.ttl": "Did you mean party?",
        "undefined-prefix.ttl": "Did you mean skos? Add @prefix",
        "undefined-class.ttl": "Did you mean Event?",
        "undeclared-entity.ttl": "Did you mean egypt?",
        "unknown-annotation.ttl": "Did you mean stance?",
        "unknown-verdict.ttl": "Did you mean kg:Accepted?",
    }.items():
        target = install(canal, INVALID / name)
        assert hint in Reading.of(canal).findings[0].remedy, name
        target.unlink()


def test_moved_text_gets_a_new_span(canal: Project) -> None:
    text = canal.corpus / "canal.txt"
    text.write_text("A new first line.\n" + text.read_text("utf-8"), "utf-8")
    findings = {finding.code: finding for finding in Reading.of(canal).findings}
    assert set(findings) == {"original-changed", "span-changed"}
    first = next(finding for finding in Reading.of(canal).findings if finding.line == 11)
    assert first.remedy == "It now stands at span = [37, 83]."


def test_missing_original(canal: Project, tmp_path: Path) -> None:
    (canal.corpus / "canal.txt").rename(tmp_path / "elsewhere.txt")
    assert Corpus.read(canal).findings == ()
    assert [finding.code for finding in Corpus.read(canal, tmp_path).findings] == ["original-missing"]


def test_folder_in_place_of_a_file(canal: Project) -> None:
    (canal.corpus / "broken.ttl").mkdir()
    (canal.corpus / "other.toml").mkdir()
    found = [(finding.path.name, finding.code) for finding in Reading.of(canal).findings]
    assert found == [("broken.ttl", "unreadable"), ("other.toml", "unreadable")]


def test_unreadable_file(canal: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = Path.open

    def deny(path: Path, *args: object, **options: object) -> object:
        if path.name == "canal.ttl":
            raise PermissionError(13, "Permission denied")
        return genuine(path, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", deny)
    finding = next(finding for finding in Reading.of(canal).findings if finding.code == "unreadable")
    assert finding.path.name == "canal.ttl"
    assert finding.message == "The file cannot be read: Permission denied."


def test_empty_corpus(canal: Project) -> None:
    for path in canal.corpus.iterdir():
        path.unlink()
    assert [finding.code for finding in Reading.of(canal).findings] == ["empty-corpus"]
    canal.corpus.rmdir()
    assert [finding.code for finding in Reading.of(canal).findings] == ["empty-corpus"]


def test_disk_full(canal: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before = build(canal)
    (canal.queries / "more.rq").write_text("#+ summary: more\nASK {}\n")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BuildError, match=r"No space left on device.*previous build stays"):
        build(canal)
    assert (canal.build / CURRENT).resolve() == before.path
    assert sorted(path.name for path in canal.build.iterdir()) == sorted([".lock", CURRENT, before.path.name])
