"""The program knows nothing of the subject that its example is about."""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).parent.parent / "src" / "kg"
SUBJECT = re.compile(
    r"\b(?:china|chinese|russians?|soviet|aigun|peking|beijing|moscow|gazprom|kremlin|putin)\b", re.IGNORECASE
)


def test_nothing_of_the_shipped_subject_is_in_the_program() -> None:
    kinds = {".py", ".ttl", ".toml", ".html", ".css", ".rq", ".md"}
    files = [
        path
        for path in SOURCES.rglob("*")
        if path.suffix in kinds and "static" not in path.relative_to(SOURCES).parts
    ]
    assert len(files) > 200
    found = {f"{path.name}: {word}" for path in files for word in SUBJECT.findall(path.read_text("utf-8"))}
    assert found == set()
