from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.server.negotiation import accepts_gzip, choose, choose_format, find_format
from kg.store.formats import GRAPHS, RESULTS

OFFERS = ("text/turtle", "application/n-triples", "application/rdf+xml")


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, "text/turtle"),
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("APPLICATION/RDF+XML", "application/rdf+xml"),
        ("application/*", "application/n-triples"),
        ("text/turtle;q=0.5, application/n-triples", "application/n-triples"),
        ("text/turtle;q=0.5, application/n-triples;q=0.4", "text/turtle"),
        ("application/n-triples, */*", "application/n-triples"),
        ("application/n-triples;q=0.9, */*", "text/turtle"),
        ("*/*;q=0.1, application/rdf+xml;q=0.2", "application/rdf+xml"),
        ("text/turtle;q=0, */*", "application/n-triples"),
        ("text/turtle;q=0, application/*;q=0.3", "application/n-triples"),
        ("application/rdf+xml, text/turtle", "application/rdf+xml"),
        ("text/turtle;charset=utf-8", "text/turtle"),
        ("text/turtle; q=0.3; x=y, application/n-triples;q=0.2", "text/turtle"),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "text/turtle"),
        ("image/png", None),
        ("text/turtle;q=0", None),
        ("*/*;q=0", None),
        ("garbage", None),
        ("*/turtle", None),
        ("text/turtle;q=7", None),
        ("text/turtle;q=0.1234", None),
        (", ,text/turtle,", "text/turtle"),
    ],
)
def test_choice(header: str | None, chosen: str | None) -> None:
    assert choose(header, OFFERS) == chosen


def test_the_most_specific_range_decides_the_quality() -> None:
    """The example of RFC 9110 §12.5.1, with types that there are."""
    header = "text/*;q=0.3, text/turtle;q=0.7, */*;q=0.5"
    assert choose(header, ("application/n-triples", "text/turtle", "text/csv")) == "text/turtle"
    assert choose(header, ("text/csv", "application/n-triples")) == "application/n-triples"


@pytest.mark.parametrize(
    ("header", "content_type"),
    [
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/json", "application/json"),
        ("application/xml", "application/xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    ],
)
def test_results(header: str, content_type: str) -> None:
    choice = choose_format(header, RESULTS)
    assert choice
    assert choice.media_type == content_type


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ttl", "ttl"),
        ("turtle", "ttl"),
        ("TEXT/TURTLE", "ttl"),
        ("jsonld", "jsonld"),
        ("json-ld", "jsonld"),
        ("xls", ""),
    ],
)
def test_format_by_name(name: str, found: str) -> None:
    choice = find_format(name, GRAPHS)
    assert (choice.format.name if choice else "") == found


@pytest.mark.parametrize(
    ("header", "gzip"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("GZIP", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("identity, br", False),
    ],
)
def test_gzip(header: str | None, gzip: bool) -> None:
    assert accepts_gzip(header) is gzip


@given(st.text(max_size=80))
def test_any_header_can_be_read(header: str) -> None:
    assert choose(header, OFFERS) in {None, *OFFERS}
    accepts_gzip(header)
