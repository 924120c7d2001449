from __future__ import annotations

import pyoxigraph as ox
import pytest

from tests.running import Running
from tests.server.conftest import DATA
from tests.synthetic import DEFAULT_TRIPLES, EXAMPLE_TRIPLES, GRAPH_TRIPLES, NAMES, RDF12_TRIPLES

WHOLE = DEFAULT_TRIPLES + EXAMPLE_TRIPLES + sum(GRAPH_TRIPLES.values()) + 6


def size(service: Running, form: str = "", accept: str = "*/*", **parameters: str) -> int:
    """How many statements a request to the graph store brings."""
    if form:
        parameters["format"] = form
    response = service.client.get(service.url + "/data", params=parameters, headers={"Accept": accept})
    assert response.status_code == 200, response.text
    syntax = ox.RdfFormat.from_media_type(response.headers["content-type"])
    assert syntax
    return sum(1 for _ in ox.parse(response.content, syntax))


@pytest.mark.parametrize("form", ["nq", "trig", "jsonld"])
def test_the_whole_dataset(service: Running, form: str) -> None:
    assert size(service, form) == WHOLE


@pytest.mark.parametrize("form", ["ttl", "nt", "rdf", "jsonld", "nq", "trig"])
def test_the_default_graph(service: Running, form: str) -> None:
    assert size(service, form, default="") == DEFAULT_TRIPLES + EXAMPLE_TRIPLES


@pytest.mark.parametrize("source", ["alpha", "beta", "gamma"])
def test_a_source(service: Running, source: str) -> None:
    assert size(service, graph=NAMES.source(source)) == GRAPH_TRIPLES[source]


def test_formats_are_negotiated(service: Running) -> None:
    assert size(service, accept="application/trig") == WHOLE
    assert size(service, accept="application/rdf+xml", graph=DATA.format(1)) == 1


def test_rdf12_only_for_those_who_ask(service: Running) -> None:
    assert size(service, version="1.2") == WHOLE + RDF12_TRIPLES
    assert size(service, default="", version="1.2") == DEFAULT_TRIPLES + EXAMPLE_TRIPLES + RDF12_TRIPLES
    assert size(service, graph=NAMES.rdf12) == RDF12_TRIPLES
    response = service.client.get(service.url + "/data", params={"version": "1.2", "format": "jsonld"})
    assert response.status_code == 406


def test_tags(service: Running) -> None:
    url = service.url + "/data?default"
    tag = service.client.get(url).headers["etag"]
    assert service.client.get(url, headers={"If-None-Match": tag}).status_code == 304


def test_head(service: Running) -> None:
    headers = {"Accept-Encoding": "identity"}
    address = service.url + "/data"
    response = service.client.head(address, params={"graph": NAMES.source("alpha")}, headers=headers)
    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["content-length"]) > 1000


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("graph=http://nowhere.example/", 404),
        ("graph=file:///etc/passwd", 404),
        ("graph=a&graph=b", 400),
        ("graph=a&default", 400),
        ("default&format=csv", 406),
        ("format=ttl", 406),
    ],
)
def test_what_is_not_there(service: Running, query: str, status: int) -> None:
    assert service.client.get(f"{service.url}/data?{query}").status_code == status


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nothing_can_be_changed(service: Running, method: str) -> None:
    response = service.client.request(method, service.url + "/data?default", content="<a:a> <a:a> <a:a> .")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"
