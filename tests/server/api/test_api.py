"""The look-ups over HTTP: what they find, how they fail, what they promise to caches and to RDF."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import rdflib

BASE = "https://canal.example/"
OPENING = rdflib.URIRef(BASE + "entity/opening")
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def get(client: httpx.Client, path: str, **parameters: Any) -> Any:
    response = client.get(path, params=parameters or None)
    assert response.status_code == 200, response.text
    return response.json()


def test_overview(client: httpx.Client) -> None:
    found = get(client, "/api")
    assert found["base"] == BASE
    assert found["counts"]["facts"] == 17
    assert {"id": "https://kg.example/ontology#Event", "label": "event", "total": 2} in found["classes"]


def test_entities_page_by_page(client: httpx.Client) -> None:
    names: list[str] = []
    path = "/api/entities?limit=4"
    while path:
        page = get(client, path)
        names += [entity["id"] for entity in page["items"]]
        path = page.get("next", "")
    assert len(names) == len(set(names)) == 10


def test_an_entity_comes_with_its_facts(client: httpx.Client) -> None:
    entity = get(client, "/api/entities/egypt")
    assert (entity["label"], entity["facts"]) == ("Egypt", [])
    assert sorted(fact["subject"]["label"] for fact in entity["mentions"]) == [
        "Suez Canal concession",
        "nationalisation of the Suez Canal Company",
    ]


def test_facts(client: httpx.Client) -> None:
    page = get(client, "/api/facts", about="opening", sort="-earliest", limit=1)
    assert page["total"] == 2
    assert page["next"].startswith("/api/facts?about=opening&sort=-earliest&limit=1&cursor=")
    [other] = get(client, page["next"])["items"]
    assert {other["predicate"]["label"], page["items"][0]["predicate"]["label"]} == {"date", "location"}


def test_a_source_a_passage_a_fact(client: httpx.Client) -> None:
    source = get(client, "/api/sources/canal")
    assert source["creator"] == ["A. N. Author"]
    assert [passage["links"] for passage in source["passages"]] == [2, 4, 4, 7]
    passage = get(client, "/api/sources/canal/passages/p1")
    assert passage["digest"] == "The canal was opened in November 1869."
    name = passage["cited"][0]["id"].rsplit("/", 1)[-1]
    assert get(client, f"/api/facts/{name}")["contradictedBy"] == []


def test_search_and_suggest(client: httpx.Client) -> None:
    found = get(client, "/api/search", q="sues canal")
    assert found["items"][0]["label"] == "Suez Canal"
    assert get(client, "/api/suggest", q="egy")["items"][0]["label"] == "Egypt"
    assert get(client, "/api/search", q="1956")["passages"][0]["id"] == BASE + "source/canal#p3"


def test_collections(client: httpx.Client) -> None:
    assert len(get(client, "/api/timeline")["items"]) == 3
    [series] = get(client, "/api/figures")["series"]
    points = get(client, f"/api/figures/{series['key']}")["points"]
    assert sorted(each["number"] for each in points[0]["numbers"]) == [486.0, 500.0]
    assert len(get(client, "/api/disagreements")["groups"]) == 1


def test_verify(client: httpx.Client) -> None:
    found = get(client, "/api/verify", subject="opening", predicate="date", object="1900")
    assert found["status"] == "contradicted"
    assert found["facts"][0]["citation"][0]["passage"]["id"] == BASE + "source/canal#p1"


def test_named_queries(client: httpx.Client) -> None:
    listed = {each["name"]: each for each in get(client, "/api/queries")["queries"]}
    assert listed["of-type"]["parameters"] == [
        {"name": "class", "type": "iri", "required": True},
        {"name": "alias", "type": "@en", "required": False},
    ]
    csv = client.get("/api/queries/of-type.csv", params={"class": "kg:Polity"})
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert csv.text.split() == ["label", "Egypt"]
    answer = get(client, "/api/queries/of-type", **{"class": "kg:Organisation"})
    assert len(answer["results"]["bindings"]) == 2


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/api/queries/of-type", 400, "The query needs class."),
        ("/api/queries/of-type?class=kg:Polity&more=1", 400, "no parameter more"),
        ("/api/queries/of-type?class=no iri", 400, "is no IRI for class"),
        ("/api/queries/of-type?class=kg:A%3E.%7D%23", 400, "is no IRI for class"),
        ("/api/queries/nothing", 404, "There is no query"),
        ("/api/queries/dates.exe", 404, "There is no format"),
        ("/api/entities/nothing", 404, "There is no entity “nothing”."),
        ("/api/facts?subject=nothing", 404, "There is nothing named “nothing”."),
        ("/api/facts?limit=0", 422, "limit"),
        ("/api/facts?limit=501", 422, "limit"),
        ("/api/facts?earliest=1869", 422, "earliest"),
        ("/api/facts?verdict=Perhaps", 422, "verdict"),
        ("/api/facts?cursor=x", 400, "cursor"),
        ("/api/search", 422, "q"),
        ("/api/nothing", 404, "There is nothing at /api/nothing."),
        ("/entity/nothing.ttl", 404, "There is no entity"),
        ("/source/nothing.json", 404, "There is no source"),
        ("/fact/nothing", 404, "There is no fact"),
    ],
)
def test_errors_have_one_shape(client: httpx.Client, path: str, status: int, detail: str) -> None:
    response = client.get(path, headers={"accept": "application/json, application/problem+json"})
    assert response.status_code == status
    problem = response.json()
    assert {"type", "title", "status", "detail"} <= problem.keys()
    assert problem["status"] == status
    assert detail in problem["detail"]


def test_only_reading(client: httpx.Client) -> None:
    for path in ("/api/facts", "/entity/opening", "/api/queries/dates", "/"):
        assert client.post(path).status_code == 405
        assert client.options(path).status_code == 204


@pytest.mark.parametrize(
    "path",
    ["/api/facts", "/api/entities/egypt", "/entity/opening.ttl", "/entity/opening", "/api/queries/dates"],
)
def test_caches_may_ask_again(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert not first.headers["etag"].startswith("W/")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "text/html; charset=utf-8"),
        (HTML, "text/html; charset=utf-8"),
        ("application/json", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("text/turtle;q=0.5, application/json", "application/json"),
    ],
)
@pytest.mark.parametrize("path", ["/entity/opening", "/source/canal"])
def test_iris_lead_to_what_one_accepts(client: httpx.Client, path: str, accept: str, expected: str) -> None:
    response = client.get(path, headers={"accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, expected)
    assert "Accept" in response.headers["vary"]
    assert client.get(path, headers={"accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("form", ["jsonld", "ttl", "nt", "rdf"])
def test_every_representation_tells_the_same(client: httpx.Client, form: str) -> None:
    text = client.get(f"/entity/opening.{form}").text
    names = {"jsonld": "json-ld", "ttl": "turtle", "nt": "nt", "rdf": "xml"}
    graph = rdflib.Graph().parse(data=text, format=names[form], publicID=BASE)
    reified = rdflib.RDF.subject
    facts = set(graph.subjects(reified, OPENING))
    assert len(facts) == 2
    cites = rdflib.URIRef("https://kg.example/ontology#citation")
    assert len({citation for fact in facts for citation in graph.objects(fact, cites)}) == 2
    digests = set(map(str, graph.objects(None, rdflib.URIRef("https://kg.example/ontology#digest"))))
    assert digests == {"The canal was opened in November 1869."}


def test_plain_json_names_its_context(client: httpx.Client) -> None:
    response = client.get("/api/entities/opening")
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in response.headers["link"]
    assert "@context" not in response.json()
    assert client.get("/api/context.jsonld").json()["@context"]["items"] == "@graph"


def test_a_citation_leads_to_its_fact(client: httpx.Client) -> None:
    fact = get(client, "/api/facts", subject="opening", predicate="date")["items"][0]
    path = fact["citation"][0]["id"].removeprefix(BASE)
    response = client.get("/" + path, headers={"accept": HTML})
    assert response.status_code == 303
    assert response.headers["location"] == "/" + fact["id"].removeprefix(BASE) + "#" + path.split("/")[1]
    turtle = rdflib.Graph().parse(data=client.get(f"/{path}.ttl").text, format="turtle")
    assert (None, rdflib.URIRef("https://kg.example/ontology#passage"), None) in turtle


def test_other_origins_may_read(client: httpx.Client) -> None:
    assert client.get("/api/facts").headers["access-control-allow-origin"] == "*"


def test_the_description_has_examples_that_fit(client: httpx.Client) -> None:
    description = get(client, "/openapi.json")
    paths = [path for path in description["paths"] if path.startswith("/api")]
    assert len(paths) >= 17
    for path in paths:
        operation = description["paths"][path]["get"]
        assert operation["summary"], path
        success = operation["responses"]["200"]["content"]
        assert "example" in success.get("application/json", {"example": 1}), path


@pytest.mark.parametrize(
    "path", ["/", "/api/facts", "/entity/opening", "/entity/opening.ttl", "/api/queries/dates"]
)
def test_head_is_get_without_a_body(client: httpx.Client, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]
    assert head.headers["content-type"] == get.headers["content-type"]


def test_verify_a_pattern(client: httpx.Client) -> None:
    met = {"one": "Egypt", "other": "the company"}
    found = get(client, "/api/verify/agreed", **met)
    assert (found["status"], len(found["facts"])) == ("supported", 3)
    assert found["facts"][0]["citation"][0]["passage"]["id"] == BASE + "source/canal#p2"
    assert get(client, "/api/verify/agreed", **{**met, "other": "a newspaper"})["status"] == "unknown"
    year = get(client, "/api/verify/agreed", **met, date="1857")
    assert year["status"] == "unknown"
    counted = get(client, "/api/verify/counted", number="486")
    assert (counted["status"], counted["facts"][-1]["verdict"]) == ("contradicted", "Rejected")
    unknown = client.get("/api/verify/agreed", params={"one": "Egipt", "other": "the company"})
    assert unknown.status_code == 404
    assert "Did you mean Egypt?" in unknown.json()["detail"]
    missing = client.get("/api/verify/agreed", params={"one": "Egypt"})
    assert (missing.status_code, missing.json()["detail"]) == (400, "The query needs other.")
    assert client.get("/api/verify/nothing").status_code == 404
