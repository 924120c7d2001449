from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.facts.statement import StatementReader

HEAD = "@prefix : <https://x.example/> .\n"


def read(path: Path, text: str) -> tuple[list[tuple[int, str, int]], list[tuple[int, str]]]:
    path.write_text(HEAD + text, "utf-8")
    reader = StatementReader(path)
    statements = [(s.line, s.triple.object.value, sum(map(len, s.blocks))) for s in reader.read()]  # type: ignore[union-attr]
    return statements, [(finding.line, finding.code) for finding in reader.findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":a :b :c .", [(2, "https://x.example/c", 0)]),
        (":a :b :c {| :d :e |} .", [(2, "https://x.example/c", 1)]),
        (':a :b "plain" {| :d :e |} .', [(2, "plain", 1)]),
        (':a :b "tagged"@en {| :d :e ; :f :g |} .', [(2, "tagged", 2)]),
        (':a :b "x" {| :d :e |} , "y" {| :d :e |} .', [(2, "x", 1), (2, "y", 1)]),
        (':a :b "x" {| :d :e |} {| :f :g |} .', [(2, "x", 2)]),
        (":a :b :c {| :d :e |} ,\n  :f\n    {| :d :g |} .\n:h :b 1 .", [
            (2, "https://x.example/c", 1), (3, "https://x.example/f", 1), (5, "1", 0)]),
    ],
)  # fmt: skip
def test_statements_with_lines_and_blocks(
    tmp_path: Path, text: str, expected: list[tuple[int, str, int]]
) -> None:
    assert read(tmp_path / "x.ttl", text) == (expected, [])


def test_goes_on_after_an_error(tmp_path: Path) -> None:
    statements, findings = read(tmp_path / "x.ttl", ":a x:b :c .\n:a :b :d .\n:a :b x:e .\n:a :b :f .")
    assert statements == [(3, "https://x.example/d", 0), (5, "https://x.example/f", 0)]
    assert findings == [(2, "unknown-prefix"), (4, "unknown-prefix")]


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.tuples(TEXTS, st.sampled_from(["", "@en"]), st.integers(0, 2)), max_size=8))
def test_each_block_belongs_to_its_own_statement(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, int]]
) -> None:
    lines = [
        f":s{number} :p {ox.Literal(text)!s}{tag} " + "{| :cites :x |} " * blocks + "."
        for number, (text, tag, blocks) in enumerate(rows)
    ]
    path = tmp_path_factory.mktemp("statements") / "x.ttl"
    path.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    reader = StatementReader(path)
    found = [(s.triple.object.value, len(s.blocks), s.line) for s in reader.read()]  # type: ignore[union-attr]
    assert found == [(text, blocks, line) for line, (text, _, blocks) in enumerate(rows, 2)]
    assert reader.findings == []
