from __future__ import annotations

from pathlib import Path

from tests.tutorial import Reader

DOCS = Path(__file__).parent.parent / "docs"


def test_the_tutorial_goes_from_nothing_to_a_cited_answer(tmp_path: Path) -> None:
    reader = Reader(tmp_path, DOCS)
    assert reader.follow((DOCS / "tutorial.md").read_text("utf-8")) == 20
    assert {command.split()[1] for command in reader.commands if command.startswith("kg")} == {
        "init", "add", "locate", "check", "build", "query",
    }  # fmt: skip


def test_the_page_on_curated_data_does_as_it_says(tmp_path: Path) -> None:
    reader = Reader(tmp_path, DOCS)
    assert reader.follow((DOCS / "curated-data.md").read_text("utf-8")) == 9
    assert {command.split()[1] for command in reader.commands if command.startswith("kg")} == {
        "init", "import", "build", "query",
    }  # fmt: skip
