from __future__ import annotations

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import RequestError
from kg.server.protocol import FORM, QUERY, UPDATE, QueryRequest, read_get, read_post


def test_everything_at_once() -> None:
    found = read_get(
        b"query=ASK%20%7B%7D&default-graph-uri=http://a&default-graph-uri=http://b&named-graph-uri=http://c"
        b"&version=1.2&format=xml&timeout=2.5&unknown=1"
    )
    assert found == QueryRequest("ASK {}", ("http://a", "http://b"), ("http://c",), True, "xml", 2.5)


def test_nothing() -> None:
    assert read_get(b"") == QueryRequest("", (), (), False, "", math.inf)


def test_an_iri_in_a_form_is_decoded_once() -> None:
    found = read_post(b"", FORM, b"query=ASK+%7B%3Chttp%3A%2F%2Fx%2Fa%2520b%3E+%3Fp+%3Fo%7D")
    assert found.query == "ASK {<http://x/a%20b> ?p ?o}"


def test_plus_is_a_space_and_percent_2b_a_plus() -> None:
    assert read_get(b"query=SELECT+(1%2B1+AS+?x)+%7B%7D").query == "SELECT (1+1 AS ?x) {}"


def test_a_direct_query_takes_its_dataset_from_the_url() -> None:
    found = read_post(b"default-graph-uri=http://a", QUERY + "; charset=UTF-8", "ASK { ?s ?p 'é' }".encode())
    assert found == QueryRequest("ASK { ?s ?p 'é' }", ("http://a",))


@pytest.mark.parametrize(
    ("query_string", "status"),
    [
        (b"query=a&query=b", 400),
        (b"query=", 400),
        (b"query=%20", 400),
        (b"query=%FF", 400),
        (b"query=\xff", 400),
        (b"query=ASK{}&version=1.1&version=1.2", 400),
        (b"query=ASK{}&version=2", 400),
        (b"query=ASK{}&format=a&format=b", 400),
        (b"query=ASK{}&timeout=0", 400),
        (b"query=ASK{}&timeout=-1", 400),
        (b"query=ASK{}&timeout=inf", 400),
        (b"query=ASK{}&timeout=nan", 400),
        (b"query=ASK{}&timeout=soon", 400),
        (b"&".join([b"a=b"] * 1001), 400),
        (b"default-graph-uri=http://a/", 400),
        (b"named-graph-uri=http://a/&version=1.2", 400),
        (b"update=CLEAR%20ALL", 403),
        (b"query=ASK{}&update=CLEAR%20ALL", 403),
    ],
)
def test_bad_get(query_string: bytes, status: int) -> None:
    with pytest.raises(RequestError) as raised:
        read_get(query_string)
    assert raised.value.status == status


@pytest.mark.parametrize(
    ("query_string", "content_type", "body", "status"),
    [
        (b"", FORM, b"", 400),
        (b"", FORM, b"a=b", 400),
        (b"query=ASK{}", FORM, b"query=ASK{}", 400),
        (b"query=ASK{}", QUERY, b"ASK {}", 400),
        (b"", QUERY, b"", 400),
        (b"", QUERY, b"ASK { ?s ?p '\xff' }", 400),
        (b"", QUERY + ";charset=latin1", b"ASK {}", 415),
        (b"", FORM + ';charset="utf-16"', b"query=ASK{}", 415),
        (b"", "text/plain", b"ASK {}", 415),
        (b"", "", b"query=ASK{}", 415),
        (b"", "multipart/form-data; boundary=x", b"query=ASK{}", 415),
        (b"", UPDATE, b"CLEAR ALL", 403),
        (b"", FORM, b"update=CLEAR%20ALL", 403),
    ],
)
def test_bad_post(query_string: bytes, content_type: str, body: bytes, status: int) -> None:
    with pytest.raises(RequestError) as raised:
        read_post(query_string, content_type, body)
    assert raised.value.status == status


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes_are_a_request_or_an_error(query_string: bytes, body: bytes) -> None:
    for content_type in (FORM, QUERY):
        with suppress(RequestError):
            assert read_post(query_string, content_type, body).query
