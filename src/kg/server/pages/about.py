"""Examples for those who program against the service, about what its own graph has; tests run them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.server.catalog import Volume
from kg.store.facts import Filter

MANY = 20

CURL = """\
# An entity with its facts, each with the passages that state it
curl -s '{at}/api/entities/{entity}'

# Does a statement hold?
curl -s -G '{at}/api/verify' --data-urlencode 'subject={subject}' \\
  --data-urlencode 'predicate={predicate}' --data-urlencode 'object={object}'

# The same entity as Turtle
curl -s -H 'Accept: text/turtle' '{at}/entity/{entity}'
"""
PYTHON = """\
import httpx

client = httpx.Client(base_url="{at}")
entity = client.get("/api/entities/{entity}").raise_for_status().json()
for fact in entity["facts"]:
    value = fact["object"].get("label") or fact["object"].get("value")
    passages = [citation["passage"]["id"] for citation in fact["citation"]]
    print(fact["predicate"]["label"], value, passages)
"""
PANDAS = """\
import pandas

answer = pandas.read_csv("{at}/api/queries/{query}.csv")
print(answer.head())
"""
R = """\
# A named query; nothing but R itself is needed
answer <- read.csv("{at}/api/queries/{query}.csv")
print(head(answer))

# Any query, here for a fact with the passages that state it
query <- "SELECT ?value ?passage WHERE {{
  ?fact rdf:subject :{entity} ; rdf:predicate kg:{predicate} ; rdf:object ?value ; kg:cites ?passage }}"
rows <- read.csv(paste0("{at}/sparql?format=csv&query=", URLencode(query, reserved = TRUE)))
print(paste(rows$value, rows$passage))
"""
JAVASCRIPT = """\
const response = await fetch("{at}/api/facts?about={entity}");
const page = await response.json();
for (const fact of page.items) console.log(fact.predicate.label, fact.object.label ?? fact.object.value);
"""
SPARQL = """\
SELECT ?value ?passage ?digest WHERE {{
  ?fact rdf:subject :{entity} ; rdf:predicate kg:{predicate} ; rdf:object ?value ; kg:cites ?passage .
  ?passage kg:digest ?digest .
}}
"""
TITLES = (
    ("curl", "sh", CURL),
    ("Python", "python", PYTHON),
    ("Notebook", "python", PANDAS),
    ("R", "r", R),
    ("JavaScript, from any origin", "javascript", JAVASCRIPT),
    ("SPARQL", "sparql", SPARQL),
)


def examples(volume: Volume, at: str) -> list[tuple[str, str, str]]:
    """Title, language and code of each example, filled in with a fact that this graph has."""
    base = volume.build.names.entity
    facts, _ = volume.facts.page(Filter(predicate="date"), "-sources", limit=MANY)
    fact = next((each for each in facts if each["subject"]["id"].startswith(base)), None)
    if fact is None:
        return []
    values = {
        "at": at,
        "entity": fact["subject"]["id"].removeprefix(base),
        "subject": fact["subject"]["label"],
        "predicate": fact["predicate"]["id"].rsplit("#", 1)[-1],
        "object": fact["object"].get("label") or fact["object"].get("value"),
        "query": next((each.name for each in volume.askable), ""),
    }
    return [(title, language, code.format(**values)) for title, language, code in TITLES]


def look_ups(description: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Path and summary of each look-up, from the OpenAPI description."""
    paths = description["paths"].items()
    return [(path, methods["get"]["summary"]) for path, methods in paths if path.startswith("/api")]
