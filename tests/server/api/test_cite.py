"""`cite=true` at the endpoint: the answer of before, and with each row the facts behind it."""

from __future__ import annotations

import httpx
import pytest

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
