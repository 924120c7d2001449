"""What the endpoint answers, over HTTP."""

from __future__ import annotations

import csv
import gzip
import io
import re
import socket
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import pytest

from tests.running import Running
from tests.server.conftest import DATA
from tests.synthetic import DEFAULT_TRIPLES, EXAMPLE_TRIPLES, GRAPH_TRIPLES, NAMES, RDF12_TRIPLES

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ALL_GRAPHS = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
OTHERS = 4 + 2
"""Triples in the graphs that the fixture adds."""


def test_select(service: Running) -> None:
    query = "SELECT ?rank ?label { :e7 kg:rank ?rank ; rdfs:label ?label }"
    assert service.rows(query) == [{"rank": "7", "label": "Event 7"}]


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_results_in_every_format(service: Running, form: str) -> None:
    response = service.get("SELECT ?rank { :e7 kg:rank ?rank }", format=form)
    assert "7" in response.text
    syntax = {"json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV"}[form]
    assert response.headers["content-type"] == getattr(ox.QueryResultsFormat, syntax).media_type


def test_csv_is_csv(service: Running) -> None:
    response = service.get("SELECT ?a ?b { VALUES (?a ?b) { ('x,\"y\"' 'line\\nbreak') } }", format="csv")
    assert list(csv.reader(io.StringIO(response.text))) == [["a", "b"], ['x,"y"', "line\nbreak"]]


@pytest.mark.parametrize(("form", "body"), [("csv", "true"), ("tsv", "true")])
def test_ask_in_text(service: Running, form: str, body: str) -> None:
    assert service.get("ASK {}", format=form).text == body


@pytest.mark.parametrize("form", ["ttl", "nt", "nq", "trig", "rdf", "jsonld"])
@pytest.mark.parametrize("query", ["CONSTRUCT WHERE { :e7 ?p ?o }", "DESCRIBE :e7"])
def test_triples_in_every_format(service: Running, form: str, query: str) -> None:
    response = service.get(query, format=form)
    syntax = ox.RdfFormat.from_media_type(response.headers["content-type"])
    assert syntax
    assert len(list(ox.parse(response.content, syntax))) == 4


def test_turtle_uses_the_prefixes_of_the_project_and_of_the_query(service: Running) -> None:
    query = "PREFIX own: <http://own.example/> CONSTRUCT { own:it kg:rank ?r } WHERE { :e7 kg:rank ?r }"
    lines = service.get(query, format="ttl").text.splitlines()
    assert "@prefix kg: <https://kg.example/ontology#> ." in lines
    assert "@prefix own: <http://own.example/> ." in lines
    assert lines[-1] == "own:it kg:rank 7 ."


def test_a_browser_gets_something_it_can_show(service: Running) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert service.get("ASK {}", {"Accept": accept}).headers["content-type"] == "application/xml"


@pytest.mark.parametrize(
    ("query", "accept"),
    [("ASK {}", "image/png"), ("ASK {}", "text/turtle"), ("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv")],
)
def test_not_acceptable_lists_what_there_is(service: Running, query: str, accept: str) -> None:
    response = service.get(query, {"Accept": accept})
    assert response.status_code == 406
    assert response.headers["content-type"] == "application/problem+json"
    assert "application/sparql-results+json" in response.json()["detail"]


def test_an_unknown_format_is_an_error(service: Running) -> None:
    response = service.get("ASK {}", format="xls")
    assert response.status_code == 400
    assert "json, xml, csv, tsv, ttl" in response.json()["detail"]


def test_a_syntax_error_has_line_and_column(service: Running) -> None:
    response = service.get("SELECT * {\n  ?s ?p ?o .\n  } }")
    assert response.status_code == 400
    assert (response.json()["line"], response.json()["column"]) == (3, 6)
    assert response.json()["title"] == "Bad Request"


def test_errors_in_plain_text_for_those_who_ask(service: Running) -> None:
    response = service.get("SELECT", {"Accept": "text/plain"})
    assert response.status_code in {400, 406}
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.startswith("Bad Request: ")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/sparql-update", "CLEAR ALL"),
        ("application/x-www-form-urlencoded", "update=CLEAR+ALL"),
    ],
)
def test_updates_are_refused_with_a_reason(service: Running, content_type: str, body: str) -> None:
    response = service.client.post(service.sparql, content=body, headers={"Content-Type": content_type})
    assert response.status_code == 403
    assert "facts come from files" in response.json()["detail"]


@pytest.mark.parametrize(
    "update", ["INSERT DATA { <a:a> <a:a> 1 }", "LOAD <file:///etc/passwd>", "CLEAR ALL"]
)
def test_an_update_sent_as_a_query_is_a_syntax_error(service: Running, update: str) -> None:
    assert service.get(update).status_code == 400


def test_head_is_get_without_a_body(service: Running) -> None:
    got = service.get("SELECT * { :e1 ?p ?o }")
    head = service.client.head(service.sparql, params={"query": "SELECT * { :e1 ?p ?o }"})
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "etag", "vary"):
        assert head.headers[name] == got.headers[name]


def test_options_tells_a_browser_what_it_may_do(service: Running) -> None:
    headers = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    response = service.client.options(service.sparql, headers=headers)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-methods"] == "GET, HEAD, POST, OPTIONS"
    assert "Authorization" in response.headers["access-control-allow-headers"]


@pytest.mark.parametrize("query", ["ASK {}", "SELECT"])
def test_every_answer_may_be_read_from_anywhere_and_is_safe(service: Running, query: str) -> None:
    headers = service.get(query).headers
    assert headers["access-control-allow-origin"] == "*"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


class TestDatasets:
    def test_the_default_graph(self, service: Running) -> None:
        assert service.number(COUNT) == DEFAULT_TRIPLES + EXAMPLE_TRIPLES

    def test_named_graphs(self, service: Running) -> None:
        assert service.number(ALL_GRAPHS) == sum(GRAPH_TRIPLES.values()) + OTHERS

    def test_version_adds_the_view(self, service: Running) -> None:
        with_view = DEFAULT_TRIPLES + EXAMPLE_TRIPLES + RDF12_TRIPLES
        assert service.number(COUNT, version="1.2") == with_view
        assert service.number(f'VERSION "1.2" {COUNT}') == with_view
        assert service.number(COUNT, version="1.1") == DEFAULT_TRIPLES + EXAMPLE_TRIPLES

    def test_a_triple_in_two_graphs_of_from_counts_once(self, service: Running) -> None:
        a, b = DATA.format("a"), DATA.format("b")
        query = f"SELECT (COUNT(*) AS ?n) FROM <{a}> FROM <{b}> {{ ?s ?p ?o }}"
        assert service.number(query) == 1
        assert service.number(COUNT, **{"default-graph-uri": [a, b]}) == 1

    def test_graphs_that_are_not_there_are_refused(self, service: Running) -> None:
        response = service.get("ASK FROM <file:///etc/passwd> { ?s ?p ?o }")
        assert response.status_code == 403
        assert "nothing is fetched from elsewhere" in response.json()["detail"]


class TestRdf12:
    ANNOTATED = "SELECT ?fact { ?fact rdf:reifies <<( :e7 kg:rank 7 )>> }"

    def test_annotations_can_be_asked_for(self, service: Running) -> None:
        query = "SELECT ?passage { :e7 kg:rank 7 {| kg:cites ?passage |} }"
        assert service.rows(query, version="1.2") == [{"passage": NAMES.passage("beta", "p7")}]

    def test_without_the_version_nothing_is_seen(self, service: Running) -> None:
        assert service.rows(self.ANNOTATED) == []
        assert len(service.rows(self.ANNOTATED, version="1.2")) == 1

    @pytest.mark.parametrize("form", ["json", "xml", "tsv"])
    def test_triple_terms_go_into_formats_that_carry_them(self, service: Running, form: str) -> None:
        query = "SELECT ?t { ?f rdf:reifies ?t } LIMIT 1"
        text = service.get(query, version="1.2", format=form).text
        assert {"json": '"type":"triple"', "xml": "<triple>", "tsv": "<<("}[form] in text

    def test_json_ld_cannot_carry_them(self, service: Running) -> None:
        query = "CONSTRUCT { ?f rdf:reifies ?t } WHERE { ?f rdf:reifies ?t }"
        assert service.get(query, version="1.2", format="jsonld").status_code == 406
        assert "<<(" in service.get(query, version="1.2", format="ttl").text


class TestCaching:
    QUERY = "SELECT ?o { :e3 ?p ?o } ORDER BY ?o"

    def test_a_tag_saves_the_body(self, service: Running) -> None:
        first = service.get(self.QUERY)
        assert first.headers["cache-control"] == "public, max-age=0, must-revalidate"
        again = service.get(self.QUERY, {"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert service.get(self.QUERY, {"If-None-Match": '"other"'}).status_code == 200
        assert (
            service.get(self.QUERY, {"If-None-Match": f'"x", W/{first.headers["etag"]}'}).status_code == 304
        )

    def test_tags_tell_formats_apart(self, service: Running) -> None:
        tags = {
            service.get(self.QUERY, format=form).headers["etag"] for form in ("json", "xml", "csv", "tsv")
        }
        assert len(tags) == 4

    def test_a_repeated_answer_is_the_same(self, service: Running) -> None:
        answers = [service.get(self.QUERY) for _ in range(4)]
        assert len({answer.content for answer in answers}) == 1
        assert len({answer.headers["etag"] for answer in answers}) == 1

    def test_kept_answers_are_not_mixed_up(self, service: Running) -> None:
        for _ in range(3):
            assert service.get("ASK { :e1 kg:rank 1 }").json()["boolean"] is True
            assert service.get("ASK { :e1 kg:rank 2 }").json()["boolean"] is False
            assert service.get("ASK { :e1 kg:rank 1 }", {"Accept": "text/csv"}).text == "true"

    @pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()"])
    def test_what_changes_is_not_kept(self, service: Running, function: str) -> None:
        answers = [service.get(f"SELECT ({function} AS ?x) {{}}") for _ in range(2)]
        assert answers[0].content != answers[1].content
        assert answers[0].headers["cache-control"] == "no-store"
        assert "etag" not in answers[0].headers

    def test_no_cache_passes_by_the_cache(self, service: Running) -> None:
        query = "SELECT ?o { :e4 ?p ?o }"
        service.get(query)
        before = outcomes(service)
        service.get(query, {"Cache-Control": "no-cache"})
        service.get(query)
        after = outcomes(service)
        assert (after["ok"] - before["ok"], after["cached"] - before["cached"]) == (1, 1)

    def test_compression_when_asked_for(self, service: Running) -> None:
        query = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 200"
        plain = service.get(query, {"Accept-Encoding": "identity"})
        url = f"{service.sparql}?query={quote(query)}"
        with service.client.stream("GET", url, headers={"Accept-Encoding": "gzip"}) as packed:
            data = b"".join(packed.iter_raw())
        assert packed.headers["content-encoding"] == "gzip"
        assert len(data) < len(plain.content) / 5
        assert gzip.decompress(data) == plain.content
        assert packed.headers["etag"] != plain.headers["etag"]
        assert packed.headers["vary"] == "Accept, Accept-Encoding"
        assert "content-encoding" not in service.get("ASK {}", {"Accept-Encoding": "gzip"}).headers


def outcomes(service: Running) -> dict[str, int]:
    """The requests so far, by outcome."""
    lines = service.client.get(service.url + "/metrics").text.splitlines()
    found = (
        line.split('outcome="')[1].split('"} ') for line in lines if line.startswith("kg_queries_total{")
    )
    return {name: int(float(value)) for name, value in found}


class TestRawHttp:
    def exchange(self, service: Running, data: bytes) -> bytes:
        place = urlsplit(service.url)
        with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as connection:
            connection.sendall(data)
            received = b""
            while piece := connection.recv(65536):
                received += piece
        return received

    def test_http_10_gets_a_length(self, service: Running) -> None:
        """It knows no chunks, so that a cut answer would look whole to it."""
        query = quote("SELECT * { ?a ?b ?c . ?d kg:rank ?f } LIMIT 15000")
        data = self.exchange(service, f"GET /sparql?query={query} HTTP/1.0\r\n\r\n".encode())
        head, _, body = data.partition(b"\r\n\r\n")
        assert b"transfer-encoding" not in head
        assert b"content-length: %d" % len(body) in head
        assert len(body) > 1 << 20

    def test_requests_in_one_go_are_answered_in_order(self, service: Running) -> None:
        queries = [quote(f"SELECT ?r {{ :e{number} kg:rank ?r }}") for number in (11, 12, 11, 13)]
        lines = [f"GET /sparql?query={query}&format=csv HTTP/1.1\r\nHost: x\r\n" for query in queries]
        data = self.exchange(service, ("\r\n".join(lines) + "Connection: close\r\n\r\n").encode())
        assert [part[-4:-2] for part in data.split(b"HTTP/1.1 200 OK")[1:]] == [b"11", b"12", b"11", b"13"]

    def test_a_head_has_a_limit(self, service: Running) -> None:
        data = self.exchange(service, b"GET /sparql?query=" + b"a" * 70_000)
        assert data.startswith(b"HTTP/1.1 431 ")

    def test_a_body_has_a_limit(self, service: Running) -> None:
        response = service.client.post(
            service.sparql, content=b"x" * (3 << 20), headers={"Content-Type": "application/sparql-query"}
        )
        assert response.status_code == 413

    def test_a_body_without_a_length_has_a_limit_too(self, service: Running) -> None:
        response = service.client.post(
            service.sparql,
            content=(b"x" * (1 << 16) for _ in range(64)),
            headers={"Content-Type": "application/sparql-query"},
        )
        assert response.status_code == 413

    def test_garbage_is_a_bad_request(self, service: Running) -> None:
        assert self.exchange(service, b"\x00\x01garbage\r\n\r\n").startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/sparql", "GET, HEAD, POST, OPTIONS"),
        ("/data", "GET, HEAD, OPTIONS"),
        ("/reconcile", "GET, HEAD, POST, OPTIONS"),
        ("/api/queries/any", "GET, HEAD, OPTIONS"),
        ("/assets/icon.svg", "GET, HEAD, OPTIONS"),
    ],
)
def test_every_path_tells_its_methods(service: Running, path: str, allowed: str) -> None:
    for method, status in (("OPTIONS", 204), ("DELETE", 405)):
        response = service.client.request(method, service.url + path)
        assert (response.status_code, response.headers["allow"]) == (status, allowed)


@pytest.mark.parametrize("count", [2, 3])
def test_requests_that_do_not_wait_for_each_other_are_answered_in_turn(service: Running, count: int) -> None:
    place = urlsplit(service.url)
    requests = [
        f"GET /sparql?query={quote(f'SELECT (:pipelined{count}{number} AS ?x) {{}}')} HTTP/1.1\r\n"
        f"Host: x\r\nAccept: text/csv\r\nCache-Control: no-cache\r\n\r\n"
        for number in range(count)
    ]
    received = b""
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as connection:
        connection.sendall("".join(requests).encode())
        while received.count(b"pipelined") < count and (piece := connection.recv(1 << 16)):
            received += piece
    assert received.count(b"HTTP/1.1 200 OK") == count
    assert re.findall(rb"pipelined\d(\d)", received) == [b"%d" % number for number in range(count)]


def test_a_connection_that_is_to_close_is_closed(service: Running) -> None:
    place = urlsplit(service.url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as connection:
        connection.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = b""
        while piece := connection.recv(1 << 16):
            received += piece
    assert received.startswith(b"HTTP/1.1 200 OK")
    assert b'"boolean":true' in received


def test_an_error_is_told_whether_or_not_its_query_was_asked_before(service: Running) -> None:
    for _ in range(2):
        response = service.get("SELECT ?x { ?x a <http://a/b> FILTER(:nothing(?x)) } LIMIT x")
        assert (response.status_code, response.headers["content-type"]) == (400, "application/problem+json")
