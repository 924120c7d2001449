"""A project with a source that the extractor has something to find in."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kg.project import Project

TEXT = (
    "Egypt and Sudan signed a water treaty in Cairo on 8 November 1959. "
    "The Suez Canal Company was founded in 1858. "
    "Egypt and the Freedonian League exchanged gifts.\n"
)


@pytest.fixture
def nile(canal: Project) -> Project:
    """The canal project with a second source, `nile`, its text beside the record and no facts yet."""
    add_source(canal.corpus, "nile", TEXT)
    return canal


def add_source(corpus: Path, name: str, text: str) -> None:
    data = text.encode()
    (corpus / f"{name}.txt").write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    record = f'title = "{name}"\n\n[original]\nfile = "{name}.txt"\nsha256 = "{sha256}"\n'
    (corpus / f"{name}.toml").write_text(record, "utf-8")
