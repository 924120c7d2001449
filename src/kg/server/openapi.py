"""What the data handlers answer, described in OpenAPI beside what FastAPI describes by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kg.server.problem import PROBLEM
from kg.server.protocol import FORM, MIN_TIMEOUT, QUERY
from kg.store.formats import DATASETS, GRAPHS, RESULTS, Format

EXAMPLE = "SELECT * WHERE { ?s ?p ?o } LIMIT 3"
ANSWERS = (*RESULTS, *GRAPHS)
TEXT = {"type": "string"}


def data_paths() -> dict[str, Any]:
    """The path items of /sparql, /data and /.well-known/void."""
    return {
        "/sparql": {
            "get": _operation(
                "query",
                "Ask by GET; without a query, the service's description",
                _query_parameters(),
                ANSWERS,
            ),
            "post": _post(),
        },
        "/data": {
            "get": _operation(
                "data", "A graph, or the whole dataset", _graph_parameters(), (*DATASETS, *GRAPHS)
            )
        },
        "/.well-known/void": {
            "get": _operation("describe", "The dataset in VoID and DCAT", [_format(GRAPHS)], GRAPHS)
        },
    }


def _operation(
    name: str, summary: str, parameters: list[dict[str, Any]], formats: Sequence[Format]
) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "tags": ["data"],
        "parameters": parameters,
        "responses": _responses(formats),
    }


def _post() -> dict[str, Any]:
    operation = _operation("query_post", "Ask by POST", [], ANSWERS)
    form = {
        "type": "object",
        "required": ["query"],
        "properties": {each["name"]: each["schema"] for each in _query_parameters()},
    }
    operation["requestBody"] = {
        "required": True,
        "content": {FORM: {"schema": form}, QUERY: {"schema": {"type": "string", "example": EXAMPLE}}},
    }
    return operation


def _query_parameters() -> list[dict[str, Any]]:
    graphs = {"type": "array", "items": TEXT}
    return [
        _parameter("query", "A SPARQL 1.1 query.", {"type": "string", "example": EXAMPLE}),
        _parameter("default-graph-uri", "Graphs that make up the default graph.", graphs),
        _parameter("named-graph-uri", "Graphs that GRAPH sees.", graphs),
        _version(),
        _format(ANSWERS),
        _parameter("timeout", "Seconds that it may take.", {"type": "number", "minimum": MIN_TIMEOUT}),
    ]


def _graph_parameters() -> list[dict[str, Any]]:
    return [
        _parameter("graph", "IRI of a graph.", TEXT),
        _parameter("default", "The default graph.", TEXT),
        _version(),
        _format((*DATASETS, *GRAPHS)),
    ]


def _version() -> dict[str, Any]:
    return _parameter("version", "1.2 adds the RDF 1.2 view.", {"type": "string", "enum": ["1.1", "1.2"]})


def _format(formats: Sequence[Format]) -> dict[str, Any]:
    names = sorted({form.name for form in formats})
    return _parameter("format", "In place of an Accept header.", {"type": "string", "enum": names})


def _parameter(name: str, sentence: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": sentence, "schema": schema}


def _responses(formats: Sequence[Format]) -> dict[str, Any]:
    media_types: dict[str, Any] = {form.essence: {} for form in formats} | {
        alias: {} for form in formats for alias in form.aliases if "/" in alias
    }
    problems: dict[str, Any] = {kind: {} for kind in (PROBLEM, "application/json", "text/plain")}
    return {
        "200": {"description": "The answer.", "content": media_types},
        "304": {"description": "The client has the answer."},
        "4XX": {"description": "The request is at fault, and the detail says how.", "content": problems},
        "503": {"description": "Too much is going on; try again.", "content": problems},
        "504": {"description": "The deadline came first.", "content": problems},
    }
