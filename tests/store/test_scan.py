from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store.scan import PLAIN, declared, scan

PREFIXES = {"ex": "http://ex/", "": "http://default/"}


def test_a_query_that_names_nothing_is_plain() -> None:
    assert scan("SELECT * { ?s ?p ?o }", PREFIXES) is PLAIN


@pytest.mark.parametrize(
    ("clause", "iri"),
    [
        ("FROM <http://ex/g>", "http://ex/g"),
        ("from <http://ex/g>", "http://ex/g"),
        ("FROM#comment\n<http://ex/g>", "http://ex/g"),
        ("FROM ex:g", "http://ex/g"),
        ("FROM :g", "http://default/g"),
        ("FROM ex:a\\,b", "http://ex/a,b"),
        ("FROM <\\u0068ttp://ex/g>", "http://ex/g"),
    ],
)
def test_from(clause: str, iri: str) -> None:
    assert scan(f"SELECT * {clause} {{ ?s ?p ?o }}", PREFIXES).default_graphs == [iri]


def test_from_named() -> None:
    found = scan("SELECT * FROM <http://a> FROM NAMED <http://b> FROM NAMED ex:c { GRAPH ?g {} }", PREFIXES)
    assert (found.default_graphs, found.named_graphs) == (["http://a"], ["http://b", "http://ex/c"])
    assert found.graph


def test_declared_prefixes_and_bases_count() -> None:
    query = "BASE <http://base/a/> PREFIX ex: <http://other/> SELECT * FROM ex:g FROM <rel> {}"
    assert scan(query, PREFIXES).default_graphs == ["http://other/g", "http://base/a/rel"]


@pytest.mark.parametrize(
    ("call", "service"),
    [
        ("SERVICE <http://x/> {}", "http://x/"),
        ("service silent <http://x/> {}", "http://x/"),
        ("SERVICE ex:s {}", "http://ex/s"),
        ("SERVICE ?s {}", None),
        ("SERVICE SILENT $s {}", None),
        ("SERVICE\t#\n<http://x/>{}", "http://x/"),
        ("FILTER(?a<?b)SERVICE<http://x/>{}", "http://x/"),
        ("?s ?p 5.SERVICE<http://x/>{}", "http://x/"),
    ],
)
def test_service(call: str, service: str | None) -> None:
    assert scan(f"SELECT * {{ {call} }}", PREFIXES).services == [service]


@pytest.mark.parametrize(
    "harmless",
    [
        "# SERVICE <http://x/> {}\n",
        '?s ?p "SERVICE <http://x/> {}"',
        "?s ?p '''a\n'SERVICE <http://x/> {}'''",
        '?s ?p """a""SERVICE <http://x/> {}"""',
        '?s ?p "\\" SERVICE <http://x/> {}"',
        "?s ?p <http://x/SERVICE>",
        "?service ?p ?from",
        "ex:service :from ex:graph",
        "_:service ?p ?o",
        "?s ?p 'a'@service",
    ],
)
def test_words_that_are_no_keywords(harmless: str) -> None:
    found = scan(f"SELECT * {{ {harmless} }}", PREFIXES)
    assert (found.services, found.default_graphs, found.graph) == ([], [], False)


@pytest.mark.parametrize(
    ("text", "rdf12"),
    [
        ('VERSION "1.2" SELECT * {}', True),
        ("version '1.2-basic' ASK {}", True),
        ('PREFIX a: <http://a/> VERSION "1.2" ASK {}', True),
        ('VERSION "1.1" ASK {}', False),
        ('ASK { ?s ?version "1.2" }', False),
        ('# VERSION "1.2"\nASK {}', False),
    ],
)
def test_version(text: str, rdf12: bool) -> None:
    assert scan(text, PREFIXES).rdf12 is rdf12


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?s ?p 'PREFIX a: <http://a/>' }", {}),
        ("PREFIX : <http://a/> PREFIX b: <http://b/> ASK {}", {"": "http://a/", "b": "http://b/"}),
        ("base <http://a/> prefix b: <http://\\u0062/> ASK { ?s ?p <http://c/> }", {"b": "http://b/"}),
        ("BASE <http://a/> PREFIX b: <b/> ASK {}", {}),
        ("# PREFIX a: <http://a/>\nPREFIX a: <http://b/> ASK {}", {"a": "http://b/"}),
    ],
)
def test_declared_prefixes(query: str, expected: dict[str, str]) -> None:
    assert declared(query) == expected


@given(st.text(max_size=200))
def test_any_text_can_be_scanned(text: str) -> None:
    scan(f"FROM {text} GRAPH {text}", PREFIXES)
    declared(text)


def test_long_texts_are_scanned_in_linear_time() -> None:
    for text in ('"' * 100_000, "'''" + "a" * 100_000, "<" * 100_000, "\\" * 100_000, "a." * 50_000 + ":"):
        scan(f"GRAPH {text}", PREFIXES)
