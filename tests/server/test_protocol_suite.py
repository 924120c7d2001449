"""The query cases of the W3C test suite for the SPARQL Protocol, one test each, by the suite's names.

They are written from the recommendation (SPARQL 1.1 Protocol, and the cases that 1.2 adds); the suite's
graphs have other names here.
"""

from __future__ import annotations

import http.client
from urllib.parse import quote, urlsplit

import httpx
import pytest

from tests.running import Running
from tests.server.conftest import DATA

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = {"Content-Type": "application/sparql-query"}
D0, D1, D2, D3 = (DATA.format(number) for number in range(4))
BOTH = f"ASK {{ <{D1}> a ?type . <{D2}> a ?type }}"
NAMED = f"ASK {{ GRAPH ?g1 {{ <{D1}> a ?type }} GRAPH ?g2 {{ <{D2}> a ?type }} }}"


def is_true(response: httpx.Response) -> bool:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("application/sparql-results+")
    if response.headers["content-type"].endswith("json"):
        return bool(response.json()["boolean"])
    return "<boolean>true</boolean>" in response.text


def url(service: Running, **parameters: str | list[str]) -> str:
    pairs = [
        f"{name.replace('_', '-')}={quote(value, safe='')}"
        for name, values in parameters.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    return f"{service.url}/sparql/?{'&'.join(pairs)}"


def test_query_get(service: Running) -> None:
    assert is_true(service.client.get(url(service, query="ASK {}")))


def test_query_post_form(service: Running) -> None:
    address = url(service, default_graph_uri=D0)
    assert is_true(service.client.post(address, content="query=ASK%20%7B%7D", headers=FORM))


def test_query_post_form_dataset(service: Running) -> None:
    body = f"query={quote(BOTH)}&default-graph-uri={quote(D1)}&default-graph-uri={quote(D2)}"
    assert is_true(service.client.post(service.sparql, content=body, headers=FORM))


def test_query_post_direct(service: Running) -> None:
    assert is_true(service.client.post(service.sparql, content="ASK {}", headers=QUERY))


def test_query_dataset_default_graph(service: Running) -> None:
    query = f"ASK {{ <{D1}> ?p ?o }}"
    assert is_true(service.client.get(url(service, query=query, default_graph_uri=D1)))
    assert not is_true(service.client.get(url(service, query=query, default_graph_uri=D2)))


def test_query_dataset_default_graphs_get(service: Running) -> None:
    assert is_true(service.client.get(url(service, query=BOTH, default_graph_uri=[D1, D2])))
    assert not is_true(service.client.get(url(service, query=BOTH, default_graph_uri=[D1, D3])))


def test_query_dataset_default_graphs_post(service: Running) -> None:
    address = url(service, default_graph_uri=[D1, D2])
    assert is_true(service.client.post(address, content=BOTH, headers=QUERY))


def test_query_dataset_named_graphs_get(service: Running) -> None:
    assert is_true(service.client.get(url(service, query=NAMED, named_graph_uri=[D1, D2])))
    assert not is_true(service.client.get(url(service, query=NAMED, named_graph_uri=[D1, D3])))


def test_query_dataset_named_graphs_post(service: Running) -> None:
    address = url(service, named_graph_uri=[D1, D2])
    assert is_true(service.client.post(address, content=NAMED, headers=QUERY))


def test_query_dataset_full(service: Running) -> None:
    query = f"ASK {{ <{D3}> a ?type GRAPH ?g1 {{ <{D1}> a ?type }} GRAPH ?g2 {{ <{D2}> a ?type }} }}"
    address = url(service, default_graph_uri=D3, named_graph_uri=[D1, D2])
    assert is_true(service.client.post(address, content=query, headers=QUERY))
    without = url(service, named_graph_uri=[D1, D2, D3])
    assert not is_true(service.client.post(without, content=query, headers=QUERY))


def test_query_multiple_dataset(service: Running) -> None:
    """The protocol's dataset overrides the query's."""
    query = f"ASK FROM <{D1}> {{ <{D1}> a ?type . <{D2}> a ?type }}"
    assert not is_true(service.client.get(url(service, query=query)))
    assert is_true(service.client.get(url(service, query=query, default_graph_uri=[D1, D2])))


def test_query_content_type_select(service: Running) -> None:
    response = service.get("SELECT (1 AS ?value) {}")
    assert response.headers["content-type"] == "application/sparql-results+json"
    assert response.json()["results"]["bindings"][0]["value"]["value"] == "1"


def test_query_content_type_ask(service: Running) -> None:
    assert service.get("ASK {}").json() == {"head": {}, "boolean": True}


def test_query_content_type_describe(service: Running) -> None:
    response = service.get("DESCRIBE <http://example.org/>")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"


def test_query_content_type_construct(service: Running) -> None:
    response = service.get("CONSTRUCT { <s> <p> 1 } WHERE {}")
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    assert response.text.splitlines()[-1] == "<https://kg.example/s> <https://kg.example/p> 1 ."


def test_query_content_negotiation_xml(service: Running) -> None:
    response = service.get("ASK {}", {"Accept": "application/sparql-results+xml"})
    assert response.headers["content-type"] == "application/sparql-results+xml"
    assert is_true(response)


def test_query_content_negotiation_json(service: Running) -> None:
    response = service.get("ASK {}", {"Accept": "application/sparql-results+json"})
    assert response.headers["content-type"] == "application/sparql-results+json"
    assert is_true(response)


def test_query_get_with_version(service: Running) -> None:
    assert is_true(service.client.get(url(service, query="ASK {}", version="1.2")))


def test_query_post_direct_with_version_param(service: Running) -> None:
    assert is_true(service.client.post(url(service, version="1.1"), content="ASK {}", headers=QUERY))


def test_query_base_uri(service: Running) -> None:
    query = f"BASE <{D1[:-1]}> ASK {{ FILTER (<1> = <{D1}>) }}"
    assert is_true(service.client.get(url(service, query=query)))


def test_bad_query_method(service: Running) -> None:
    response = service.client.put(url(service, query="ASK {}"))
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_bad_multiple_queries(service: Running) -> None:
    assert service.client.get(url(service, query=["ASK {}", "SELECT * {}"])).status_code == 400


def test_bad_multiple_queries_form(service: Running) -> None:
    body = "query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"
    assert service.client.post(service.sparql, content=body, headers=FORM).status_code == 400


def test_bad_query_multiple_versions(service: Running) -> None:
    assert service.client.get(url(service, query="ASK {}", version=["1.1", "1.2"])).status_code == 400


def test_bad_query_get_with_body(service: Running) -> None:
    response = service.client.request("GET", url(service, query="ASK {}"), content="ASK {}", headers=QUERY)
    assert response.status_code == 400


def test_bad_query_wrong_media_type(service: Running) -> None:
    response = service.client.post(service.sparql, content="ASK {}", headers={"Content-Type": "text/plain"})
    assert response.status_code == 415


@pytest.mark.parametrize("body", [b"query=ASK%20%7B%7D", b"ASK {}"], ids=["form", "direct"])
def test_bad_query_missing_type(service: Running, body: bytes) -> None:
    """The suite's bad_query_missing_form_type and bad_query_missing_direct_type."""
    place = urlsplit(service.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port)
    connection.request("POST", "/sparql/", body)
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.status == 415


def test_bad_query_non_utf8(service: Running) -> None:
    headers = {"Content-Type": "application/sparql-query; charset=UTF-16"}
    response = service.client.post(service.sparql, content="ASK {}".encode("utf-16"), headers=headers)
    assert response.status_code == 415


def test_bad_query_syntax(service: Running) -> None:
    assert service.client.get(url(service, query="ASK {")).status_code == 400
