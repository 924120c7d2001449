"""The Reconciliation API as OpenRefine uses it; answers are checked against what §3–§6 say of their form."""

from __future__ import annotations

import json
from typing import Any

import httpx
import jsonschema
import pytest

KG = "https://kg.example/ontology#"
TEXT = {"type": "string", "minLength": 1}


def closed(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """The schema of an object that has these and nothing else."""
    properties = {**required, **optional}
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "additionalProperties": False,
    }


def listed(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


NAMED = closed({"id": TEXT, "name": TEXT})
SERVICE = closed({"service_url": {"type": "string", "pattern": "^http"}, "service_path": {"pattern": "^/"}})
TEMPLATE = {"type": "string", "pattern": r"^http.*\{\{id\}\}"}
MANIFEST = closed(
    {
        "versions": {"type": "array", "contains": {"const": "0.2"}},
        "name": TEXT,
        "identifierSpace": {"type": "string", "pattern": "^https?://"},
        "schemaSpace": {"type": "string", "pattern": "^https?://"},
    },
    defaultTypes={**listed(NAMED), "uniqueItems": True},
    view=closed({"url": TEMPLATE}),
    preview=closed({"url": TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}}),
    suggest=closed({}, entity=SERVICE, property=SERVICE, type=SERVICE),
    extend=closed({}, propose_properties=SERVICE, property_settings={"type": "array"}),
)
FEATURE = closed({"id": TEXT, "value": {"type": ["number", "boolean"]}})
CANDIDATE = closed(
    {"id": TEXT, "name": TEXT, "score": {"type": "number", "minimum": 0, "maximum": 100}},
    type=listed(NAMED),
    features=listed(FEATURE),
    match={"type": "boolean"},
)
RESULTS = {"type": "object", "additionalProperties": closed({"result": listed(CANDIDATE)})}
SUGGESTED = closed({"result": listed(closed({"id": TEXT, "name": TEXT}, notable=listed(NAMED)))})
CELL = {"oneOf": [closed({"str": {"type": "string"}}), NAMED]}
EXTENDED = closed(
    {
        "meta": listed(NAMED),
        "rows": {"type": "object", "additionalProperties": {"additionalProperties": listed(CELL)}},
    }
)


def ask(client: httpx.Client, schema: dict[str, Any], path: str = "", **parameters: Any) -> Any:
    response = client.get(f"/reconcile{path}", params=parameters)
    assert response.status_code == 200, response.text
    jsonschema.validate(response.json(), schema)
    return response.json()


def post(client: httpx.Client, schema: dict[str, Any], **form: Any) -> Any:
    response = client.post("/reconcile", data={name: json.dumps(value) for name, value in form.items()})
    assert response.status_code == 200, response.text
    jsonschema.validate(response.json(), schema)
    return response.json()


def candidates(client: httpx.Client, **query: Any) -> list[tuple[str, bool]]:
    found = post(client, RESULTS, queries={"q0": query})["q0"]["result"]
    return [(each["id"], each["match"]) for each in found]


def test_manifest(client: httpx.Client) -> None:
    found = ask(client, MANIFEST)
    assert found["identifierSpace"] == "https://canal.example/entity/"
    assert {"id": KG + "Event", "name": "event"} in found["defaultTypes"]
    preview = client.get(found["preview"]["url"].replace("{{id}}", "opening"))
    assert "<h1>opening of the Suez Canal</h1>" in preview.text
    assert "date: 1869-11-17" in preview.text
    view = client.get(found["view"]["url"].replace("{{id}}", "opening"), follow_redirects=True)
    assert view.status_code == 200


def test_a_batch(client: httpx.Client) -> None:
    found = post(client, RESULTS, queries={"a": {"query": "Egypt"}, "b": {"query": "suez cnal", "limit": 1}})
    best = found["a"]["result"][0]
    assert (best["id"], best["match"], best["score"]) == ("egypt", True, 100.0)
    assert found["a"]["result"][0]["type"] == [{"id": KG + "Polity", "name": "polity"}]
    assert len(found["b"]["result"]) == 1
    assert found["b"]["result"][0]["id"].startswith("suez-canal")
    assert not found["b"]["result"][0]["match"]


def test_queries_by_get(client: httpx.Client) -> None:
    found = ask(client, RESULTS, queries=json.dumps({"q": {"query": "the company"}}))
    assert found["q"]["result"][0]["id"] == "suez-canal-company"


def test_types_narrow_the_candidates(client: httpx.Client) -> None:
    everything = {id_ for id_, _ in candidates(client, query="suez canal", limit=50)}
    places = {id_ for id_, _ in candidates(client, query="suez canal", type=KG + "Place", limit=50)}
    agents = {id_ for id_, _ in candidates(client, query="suez canal", type=[KG + "Agent"], limit=50)}
    assert places == {"suez-canal"}
    assert agents == {"suez-canal-company"}
    assert places | agents < everything
    assert candidates(client, query="suez canal", type="https://nowhere.example/X") == []


def test_properties_tell_candidates_apart(client: httpx.Client) -> None:
    opening = {"pid": KG + "date", "v": "1869-11-17"}
    found = post(
        client, RESULTS, queries={"q": {"query": "opening of the Suez Canal", "properties": [opening]}}
    )["q"]["result"]
    assert (found[0]["id"], found[0]["match"]) == ("opening", True)
    assert {"id": KG + "date", "value": True} in found[0]["features"]
    wrong = {"pid": KG + "party", "v": [{"id": "egypt"}, "x"]}
    other = post(
        client, RESULTS, queries={"q": {"query": "opening of the Suez Canal", "properties": [wrong]}}
    )
    assert (other["q"]["result"][0]["score"], other["q"]["result"][0]["match"]) == (70.0, False)


def test_nothing_is_like_it(client: httpx.Client) -> None:
    assert candidates(client, query="zzzz qqqq") == []
    assert candidates(client, query="") == []


def test_suggest(client: httpx.Client) -> None:
    entities = ask(client, SUGGESTED, "/suggest/entity", prefix="egy")["result"]
    assert [each["id"] for each in entities] == ["egypt"]
    assert ask(client, SUGGESTED, "/suggest/entity", prefix="egy", cursor=1)["result"] == []
    properties = ask(client, SUGGESTED, "/suggest/property", prefix="dat")["result"]
    assert {"id": KG + "date", "name": "date"} in properties
    types = ask(client, SUGGESTED, "/suggest/type", prefix="poli")["result"]
    assert types == [{"id": KG + "Polity", "name": "polity"}]


def test_extend(client: httpx.Client) -> None:
    wanted = {
        "ids": ["opening", "concession", "nothing"],
        "properties": [{"id": KG + "date"}, {"id": KG + "party"}, {"id": "urn:none"}],
    }
    found = post(client, EXTENDED, extend=wanted)
    assert found["meta"][0] == {"id": KG + "date", "name": "date"}
    assert found["rows"]["opening"][KG + "date"] == [{"str": "1869-11-17"}]
    parties = found["rows"]["concession"][KG + "party"]
    assert sorted(each["id"] for each in parties) == ["egypt", "suez-canal-company"]
    assert found["rows"]["nothing"] == {KG + "date": [], KG + "party": [], "urn:none": []}


def test_only_accepted_values(client: httpx.Client) -> None:
    found = post(client, EXTENDED, extend={"ids": ["ships-1870"], "properties": [{"id": KG + "value"}]})
    assert found["rows"]["ships-1870"][KG + "value"] == [{"str": "500"}]


def test_propose_properties(client: httpx.Client) -> None:
    found = client.get("/reconcile/properties", params={"type": KG + "Event", "limit": 3}).json()
    assert found["type"] == KG + "Event"
    assert len(found["properties"]) == 3
    names = {
        each["name"]
        for each in client.get("/reconcile/properties", params={"type": KG + "Observation"}).json()[
            "properties"
        ]
    }
    assert "indicator" in names
    assert "party" not in names
    assert client.get("/reconcile/properties", params={"type": "urn:none"}).json()["properties"] == []


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"queries": "{"}, 400),
        ({"queries": "[]"}, 400),
        ({"queries": '{"q": {"type": "x"}}'}, 400),
        ({"queries": '{"q": {"query": 1}}'}, 400),
        ({"queries": '{"q": {"query": "x", "limit": "y"}}'}, 400),
        ({"queries": '{"q": {"query": "Egypt", "properties": [{"pid": "x"}]}}'}, 400),
        ({"extend": '{"ids": "x"}'}, 400),
        ({"other": "x"}, 400),
        ({"queries": json.dumps({str(number): {"query": "x"} for number in range(201)})}, 413),
        ({"queries": "x" * 2_100_000}, 413),
    ],
)
def test_bad_requests(client: httpx.Client, form: dict[str, str], status: int) -> None:
    response = client.post("/reconcile", data=form)
    assert response.status_code == status, response.text


def test_preview_of_nothing(client: httpx.Client) -> None:
    assert client.get("/reconcile/preview", params={"id": "nothing"}).status_code == 404


def test_cross_origin(client: httpx.Client) -> None:
    response = client.get("/reconcile", headers={"Origin": "http://127.0.0.1:3333"})
    assert response.headers["access-control-allow-origin"] == "*"
