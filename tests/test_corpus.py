"""The shipped corpus: ten sources, nothing of their wording, every passage short and cited."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.corpus.corpus import Corpus
from kg.graph.build import Reading
from kg.project import Project

ROOT = Path(__file__).parent.parent
ORIGINALS = ROOT.parent / "shared" / "originals"
RUN = 8
"""So many equal words in a row are a quotation."""


@pytest.fixture(scope="module")
def reading(shipped: Project) -> Reading:
    return Reading.of(shipped)


def test_ten_sources(reading: Reading) -> None:
    assert [source.id for source in reading.ledger.corpus.sources] == [
        "bear", "chen", "convenience", "harris", "hsiung", "kuhrt", "marsh", "rozman", "wilson", "yuan",
    ]  # fmt: skip


def test_nothing_is_wrong(reading: Reading) -> None:
    assert [str(finding) for finding in reading.findings] == []


def test_passages_are_one_to_three_sentences(reading: Reading) -> None:
    lengths = [p.span.end - p.span.start for s in reading.ledger.corpus.sources for p in s.passages]
    assert len(lengths) > 500
    assert max(lengths) < 900


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold().replace("’", "").replace("'", "")))


def runs(text: str, names: re.Pattern[str]) -> Iterator[str]:
    """Every run of so many words, none of which belongs to a name."""
    for part in names.sub("\n", words(text)).split("\n"):
        found = part.split()
        for start in range(len(found) - RUN + 1):
            yield " ".join(found[start : start + RUN])


def named() -> re.Pattern[str]:
    """Titles and names of some length: those of the records, and those that facts and the authority give."""
    found = {tomllib.loads(path.read_text("utf-8"))["title"] for path in (ROOT / "corpus").glob("*.toml")}
    for path in (ROOT / "corpus").glob("*.ttl"):
        quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        bodies = {
            quad.subject
            for quad in quads
            if str(quad.object).rstrip(">").endswith(("#Organisation", "#Work"))
        }
        for quad in quads:
            label = quad.predicate.value.endswith("#label") and quad.subject in bodies
            if label or quad.predicate.value.endswith(("#title", "#altLabel")):
                found.add(quad.object.value)
    patterns = sorted((words(name) for name in found if len(name.split()) >= 4), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, patterns)) + r")\b")


def test_no_sentence_of_the_originals_is_in_the_repository() -> None:
    if not ORIGINALS.is_dir():
        pytest.skip("the originals are not at hand")
    originals = [path.read_text("utf-8") for path in ORIGINALS.glob("*.txt")]
    assert len(originals) == 5
    names = named()
    forbidden = {run for text in originals for run in runs(text, names)}
    assert len(forbidden) > 14_000
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    assert len(files) > 80
    copied = {
        f"{path.relative_to(ROOT)}: {run}"
        for path in files
        if path.is_file() and path.suffix not in {".png", ".gz", ".ico", ".woff2"}
        for run in runs(path.read_text("utf-8", errors="replace"), names)
        if run in forbidden
    }
    assert sorted(copied) == []


def test_spans_and_hashes_hold_against_the_originals(shipped: Project) -> None:
    if not ORIGINALS.is_dir():
        pytest.skip("the originals are not at hand")
    corpus = Corpus.read(shipped, ORIGINALS)
    assert len(corpus.texts) == 10
    assert corpus.findings == ()
