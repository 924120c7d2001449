from __future__ import annotations

import gzip
import json

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryTooBig
from kg.store.formats import BY_NAME
from kg.store.frames import Decoder, Kind, unpack_end
from kg.store.sink import PIECE, Sink

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=6)


def written(
    form: str, pieces: list[bytes], compress: bool = False
) -> tuple[dict[str, object], bytes, int | None]:
    """Head, body and number of rows of an answer made of these pieces."""
    sent: list[bytes] = []
    sink = Sink(sent.append, BY_NAME[form], compress, 1 << 30)
    for piece in pieces:
        sink.write(piece)
    frames = Decoder().feed(b"".join(sent) + sink.finish())
    assert [kind for kind, _ in frames] == [Kind.HEAD, *[Kind.DATA] * (len(frames) - 2), Kind.END]
    return json.loads(frames[0][1]), b"".join(data for _, data in frames[1:-1]), unpack_end(frames[-1][1])


def test_a_small_answer_is_sent_at_its_end_in_one_go() -> None:
    sent: list[bytes] = []
    sink = Sink(sent.append, BY_NAME["nt"], False, 100)
    sink.write(b"<a:a> <a:a> <a:a> .\n")
    assert sent == []
    assert [kind for kind, _ in Decoder().feed(sink.finish())] == [Kind.HEAD, Kind.DATA, Kind.END]


def test_a_big_answer_is_sent_in_pieces() -> None:
    pieces = [b"x" * 40_000] * 5
    assert written("nt", pieces) == ({"format": "nt", "gzip": False}, b"x" * 200_000, 0)


def test_over_the_cap_there_is_an_error() -> None:
    sink = Sink(lambda _: None, BY_NAME["nt"], False, 10)
    sink.write(b"0123456789")
    with pytest.raises(QueryTooBig, match="longer than 10 bytes"):
        sink.write(b"0")


@pytest.mark.parametrize(("size", "compressed"), [(999, False), (1000, True), (PIECE * 3, True)])
def test_compression_pays_from_a_thousand_bytes(size: int, compressed: bool) -> None:
    head, body, _ = written("nt", [b"y" * size], compress=True)
    assert head["gzip"] is compressed
    assert (gzip.decompress(body) if compressed else body) == b"y" * size


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
@given(texts=TEXTS, cut=st.integers(1, 40))
def test_rows_are_counted_wherever_the_answer_is_cut(form: str, texts: list[str], cut: int) -> None:
    store = ox.Store()
    values = " ".join(str(ox.Literal(text)) for text in texts)
    answer = store.query(f"SELECT ?x (1 AS ?y) {{ VALUES ?x {{ {values} }} }}")
    assert isinstance(answer, ox.QuerySolutions)
    syntax = BY_NAME[form].syntax
    assert isinstance(syntax, ox.QueryResultsFormat)
    data = answer.serialize(format=syntax) or b""
    sent: list[bytes] = []
    sink = Sink(sent.append, BY_NAME[form], False, 1 << 30)
    for start in range(0, len(data), cut):
        sink._rows.count(data[start : start + cut])
    assert sink._rows.total == len(texts)


@pytest.mark.parametrize(
    ("form", "rows"), [("nt", 2), ("nq", 2), ("ttl", None), ("rdf", None), ("jsonld", None)]
)
def test_triples_are_counted_where_a_line_is_a_triple(form: str, rows: int | None) -> None:
    assert written(form, [b"a\n", b"b\n"])[2] == rows
