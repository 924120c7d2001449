"""`cite=true` at the endpoint: the answer of before, and with each row the facts behind it."""

from __future__ import annotations

import httpx
import pytest

from tests.canal import copy_canal, serve

PREFIXES = "PREFIX : <https://canal.example/entity/> PREFIX kg: <https://kg.example/ontology#> "
WHO = PREFIXES + "SELECT ?party WHERE { :concession kg:party ?party } ORDER BY ?party"


def test_each_row_with_its_facts(client: httpx.Client) -> None:
    plain = client.get("/sparql", params={"query": WHO, "format": "json"}).json()
    cited = client.get("/sparql", params={"query": WHO, "cite": "true"})
    assert cited.status_code == 200
    assert cited.headers["content-type"] == "application/sparql-results+json"
    answer = cited.json()
    assert answer["head"]["vars"] == plain["head"]["vars"]
    assert answer["results"] == plain["results"]
    assert [row["witnesses"] for row in answer["cite"]["rows"]] == [[[0]], [[1]]]
    facts = answer["cite"]["facts"]
    assert [fact["object"]["value"] for fact in facts] == [
        "https://canal.example/entity/egypt",
        "https://canal.example/entity/suez-canal-company",
    ]
    assert facts[0]["citations"][0]["passage"] == "https://canal.example/source/canal#p2"
    assert answer["cite"]["permalink"]["query"] == WHO


def test_by_post_and_as_triples(client: httpx.Client) -> None:
    query = PREFIXES + "CONSTRUCT WHERE { :opening kg:location ?where }"
    answer = client.post("/sparql", data={"query": query, "cite": "1"}).json()
    assert answer["head"]["vars"] == ["subject", "predicate", "object"]
    assert len(answer["cite"]["facts"]) == 1


@pytest.mark.parametrize(
    ("parameters", "accept", "status", "detail"),
    [
        ({"cite": "perhaps"}, "*/*", 400, "The parameter “cite” is “true” or “false”, not “perhaps”."),
        ({"cite": "true", "format": "csv"}, "*/*", 400, "A cited answer can only be had as"),
        ({"cite": "true"}, "text/csv", 406, "A cited answer can only be had as"),
    ],
)
def test_refusals(
    client: httpx.Client, parameters: dict[str, str], accept: str, status: int, detail: str
) -> None:
    response = client.get("/sparql", params={"query": WHO, **parameters}, headers={"Accept": accept})
    assert response.status_code == status
    assert response.json()["detail"].startswith(detail)


def test_a_bad_query_is_refused_at_its_place(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": "SELECT * { ?s ?p", "cite": "true"})
    assert response.status_code == 400
    assert response.json()["line"] == 1


def test_a_permalink_leads_to_where_the_service_was_found(client: httpx.Client) -> None:
    found = [
        client.get("/sparql", params={"query": WHO, "cite": "true"}, headers={"host": host}).json()
        for host in ("a.example", "b.example:81", "a.example")
    ]
    links = [each["cite"]["permalink"] for each in found]
    assert [link["url"].partition("?")[0] for link in links] == [
        "http://a.example/sparql", "http://b.example:81/sparql", "http://a.example/sparql",
    ]  # fmt: skip
    assert links[0]["page"].startswith("http://a.example/query?query=PREFIX+")
    here = client.get("/sparql", params={"query": WHO, "cite": "true"}).json()["cite"]["permalink"]
    assert client.get(here["url"]).json()["cite"]["permalink"]["sha256"] == here["sha256"]


@pytest.mark.parametrize(
    ("options", "address"),
    [
        (("--root-path", "/kg"), "http://proxy.example/kg"),
        (("--public-url", "https://known.example/graph/"), "https://known.example/graph"),
    ],
)
def test_a_permalink_behind_a_proxy(
    tmp_path_factory: pytest.TempPathFactory, options: tuple[str, ...], address: str
) -> None:
    root = copy_canal(tmp_path_factory.mktemp("proxy") / "canal")
    with serve(root, *options) as url:
        asked = {"query": WHO, "cite": "true"}
        answer = httpx.get(f"{url}/sparql", params=asked, headers={"host": "proxy.example"}).json()
    link = answer["cite"]["permalink"]
    assert link["url"].startswith(f"{address}/sparql?query=")
    assert link["page"].startswith(f"{address}/query?query=")


def test_the_bibliography_of_an_answer(client: httpx.Client) -> None:
    bibtex = client.get("/api/bibliography", params={"query": WHO})
    assert bibtex.headers["content-type"] == "application/x-bibtex"
    assert bibtex.text.startswith("@misc{canal,")
    csl = client.get("/api/bibliography", params={"query": WHO, "format": "csl"})
    assert [each["title"] for each in csl.json()] == ["The Canal at Suez"]
    tag = {"if-none-match": csl.headers["etag"]}
    assert (
        client.get("/api/bibliography", params={"query": WHO, "format": "csl"}, headers=tag).status_code
        == 304
    )
    nothing = client.get("/api/bibliography", params={"query": "ASK { ?x a kg:Polity }"})
    assert (nothing.status_code, nothing.text) == (200, "")
    assert client.get("/api/bibliography", params={"query": "SELECT"}).status_code == 400
