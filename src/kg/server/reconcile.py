"""The Reconciliation API 0.2: OpenRefine and its kin match names against the entities and fetch values.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/. An entity's id is the
last part of its IRI, a property's or a class's is its IRI.
"""

from __future__ import annotations

import html
import json
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from rapidfuzz import fuzz

from kg.errors import RequestError, UnknownName
from kg.server.catalog import Catalog, Volume
from kg.store.facts import Filter
from kg.store.shape import Json

PATH = "/reconcile"
MOST_QUERIES = 200
"""Queries of one batch at most; OpenRefine sends ten."""
MOST_BYTES = 2_000_000
"""Of a request's body."""
LIMIT = 10
NAME_WEIGHT = 0.7
"""How much of a score is the name's likeness, where properties are asked for too."""


def reconcile(catalog: Catalog) -> APIRouter:
    """The routes of the service, under /reconcile."""
    router = APIRouter(prefix=PATH, tags=["reconciliation"])

    @router.get("", summary="The service manifest, or the answer to a batch of queries")
    async def get(request: Request) -> Response:
        return _answer(request, catalog.current, dict(request.query_params))

    @router.post("", summary="Answer a batch of queries, or of data extension")
    async def post(request: Request) -> Response:
        return _answer(request, catalog.current, await _form(request))

    @router.get("/suggest/entity", summary="Entities whose name begins so")
    def suggest_entity(prefix: str = "", cursor: int = 0) -> Response:
        return _json({"result": Reconciler(catalog.current).suggest(prefix)[max(cursor, 0) :]})

    @router.get("/suggest/property", summary="Properties whose name has these letters")
    def suggest_property(prefix: str = "", cursor: int = 0) -> Response:
        return _json({"result": _named(catalog.current.lookup.properties(), prefix)[max(cursor, 0) :]})

    @router.get("/suggest/type", summary="Classes whose name has these letters")
    def suggest_type(prefix: str = "", cursor: int = 0) -> Response:
        return _json({"result": _named(catalog.current.lookup.types(), prefix)[max(cursor, 0) :]})

    @router.get("/properties", summary="Properties that entities of a class have")
    def properties(type: str = "", limit: int = 100) -> Response:  # noqa: A002
        found = Reconciler(catalog.current).properties_of(type)[: max(limit, 0)]
        return _json({"type": type, "limit": limit, "properties": found})

    @router.get("/preview", summary="An entity in a small page")
    def preview(id: str) -> Response:  # noqa: A002
        return Response(Reconciler(catalog.current).preview(id), media_type="text/html; charset=utf-8")

    return router


def _answer(request: Request, volume: Volume, form: dict[str, str]) -> Response:
    reconciler = Reconciler(volume)
    if "queries" in form:
        queries = _object(form["queries"], "queries")
        if len(queries) > MOST_QUERIES:
            raise RequestError(413, f"A batch has {MOST_QUERIES} queries at most.")
        return _json({name: {"result": reconciler.candidates(query)} for name, query in queries.items()})
    if "extend" in form:
        return _json(reconciler.extend(_object(form["extend"], "extend")))
    if request.method == "POST":
        raise RequestError(400, "Send a form with “queries” or “extend”.")
    return _json(manifest(volume, str(request.base_url).rstrip("/")))


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise RequestError(413, f"A request has {MOST_BYTES} bytes at most.")
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True)
    except ValueError:
        raise RequestError(400, "The form is not UTF-8.") from None
    return {name: values[0] for name, values in fields.items()}


def _object(text: str, name: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        raise RequestError(400, f"“{name}” is not JSON.") from None
    if not isinstance(value, dict):
        raise RequestError(400, f"“{name}” is no JSON object.")
    return value


def _json(found: Json) -> Response:
    return Response(json.dumps(found, ensure_ascii=False), media_type="application/json")


def manifest(volume: Volume, url: str) -> Json:
    """The service manifest (§3); `url` is where the service is reached."""

    def service(path: str) -> Json:
        return {"service_url": url, "service_path": f"{PATH}/{path}"}

    types = [_type(iri, label) for iri, label, _ in volume.lookup.types()]
    return {
        "versions": ["0.2"],
        "name": volume.build.title,
        "identifierSpace": volume.build.names.entity,
        "schemaSpace": volume.build.prefixes.get("kg", volume.build.base),
        "defaultTypes": types,
        "view": {"url": f"{url}/entity/{{{{id}}}}"},
        "preview": {"url": f"{url}{PATH}/preview?id={{{{id}}}}", "width": 400, "height": 160},
        "suggest": {kind: service(f"suggest/{kind}") for kind in ("entity", "property", "type")},
        "extend": {"propose_properties": service("properties"), "property_settings": []},
    }


class Reconciler:
    """Matches names and fetches values in one build."""

    def __init__(self, volume: Volume) -> None:
        self.volume = volume
        self.space = volume.build.names.entity
        self._labels = {iri: label for iri, label, _ in volume.lookup.types()}

    def candidates(self, query: object) -> list[Json]:
        """The candidates of one query (§4), best first. Raises RequestError where it is no query."""
        match query:
            case {"query": str(words)} if isinstance(query, dict):
                wanted = query.get("properties") or []
            case _:
                raise RequestError(400, "A query is an object with a “query” in it.")
        limit = query.get("limit", LIMIT)
        if not isinstance(limit, int) or limit < 0:
            raise RequestError(400, "A limit is a whole number.")
        found = [self._candidate(words, entity, wanted) for entity in self._search(words, query.get("type"))]
        ranked = sorted(found, key=lambda each: -float(each["score"]))
        _decide(ranked, words)
        return ranked[:limit]

    def _search(self, words: str, types: object) -> list[Json]:
        names = types if isinstance(types, list) else [types] if types else [""]
        found: dict[str, Json] = {}
        for name in names:
            kind = self._class(str(name)) if name else ""
            for hit in self.volume.search.names(words, kind, 50) if kind is not None else []:
                if str(hit["id"]).startswith(self.space):
                    found[hit["id"]] = hit
        return list(found.values())

    def _class(self, name: str) -> str | None:
        try:
            return self.volume.index.resolve(name, ("term",)).iri
        except UnknownName:
            return None

    def _candidate(self, words: str, hit: Json, wanted: list[Json]) -> Json:
        entity = self.volume.lookup.entity(hit["id"].removeprefix(self.space))
        names = [_text(entity["label"]), *map(_text, entity.get("alias", []))]
        likeness = max(fuzz.WRatio(words.casefold(), name.casefold()) for name in names)
        exact = any(words.strip().casefold() == name.casefold() for name in names)
        name_score = 100.0 if exact else min(likeness, 99.0)
        features = [{"id": "name", "value": round(name_score, 1)}]
        score = name_score
        if wanted:
            agreed = [self._agrees(entity["id"], each) for each in wanted]
            features += [
                {"id": str(each.get("pid")), "value": agrees}
                for each, agrees in zip(wanted, agreed, strict=True)
            ]
            score = NAME_WEIGHT * name_score + (1 - NAME_WEIGHT) * 100 * sum(agreed) / len(agreed)
        return {
            "id": entity["id"].removeprefix(self.space),
            "name": _text(entity["label"]),
            "type": self._types(entity),
            "score": round(score, 1),
            "features": features,
            "match": False,
        }

    def _agrees(self, iri: str, wanted: object) -> bool:
        """Whether an accepted fact has one of the values that are asked for."""
        if not isinstance(wanted, dict) or "pid" not in wanted or "v" not in wanted:
            raise RequestError(400, "A property has a “pid” and a “v”.")
        given = wanted["v"] if isinstance(wanted["v"], list) else [wanted["v"]]
        texts = {str(each.get("id") if isinstance(each, dict) else each).casefold() for each in given}
        for value in self._values(iri, str(wanted["pid"])):
            known = {str(each).casefold() for each in value.values()}
            if known & texts:
                return True
        return False

    def _values(self, iri: str, property_: str) -> list[Json]:
        """The accepted values of a property as cells (§6): `id` and `name`, or `str`."""
        try:
            page, _ = self.volume.facts.page(
                Filter(subject=iri, predicate=property_, verdict="Accepted"), limit=200
            )
        except UnknownName:
            return []
        return [self._cell(fact["object"]) for fact in page]

    def _cell(self, found: Json) -> Json:
        if "id" in found:
            return {
                "id": str(found["id"]).removeprefix(self.space),
                "name": _text(found.get("label", found["id"])),
            }
        return {"str": str(found["value"])}

    def _types(self, entity: Json) -> list[Json]:
        space = self.volume.build.prefixes.get("kg", "")
        iris = [name if "://" in name else space + name for name in entity.get("type", [])]
        return [_type(iri, self._labels.get(iri, iri)) for iri in iris]

    def suggest(self, prefix: str) -> list[Json]:
        """Entities by the beginning of a name (§5)."""
        found = []
        for hit in self.volume.search.names(prefix, limit=20):
            if str(hit["id"]).startswith(self.space):
                entity = self.volume.lookup.entity(hit["id"].removeprefix(self.space))
                row = {"id": entity["id"].removeprefix(self.space), "name": _text(entity["label"])}
                found.append({**row, "notable": self._types(entity)})
        return found

    def properties_of(self, type_: str) -> list[Json]:
        """The properties that facts about entities of a class have; of all, without a class."""
        counted = self.volume.lookup.properties()
        if type_:
            try:
                counted = [
                    each
                    for each in counted
                    if self.volume.lookup.count(Filter(type=type_, predicate=each[0]))
                ]
            except UnknownName:
                return []
        return [_type(iri, label) for iri, label, _ in counted]

    def extend(self, wanted: dict[str, Any]) -> Json:
        """Values of properties for some entities (§6). Raises RequestError where it is no such query."""
        ids, properties = wanted.get("ids"), wanted.get("properties")
        if not isinstance(ids, list) or not isinstance(properties, list) or len(ids) > MOST_QUERIES * 10:
            raise RequestError(400, "Data extension needs lists of “ids” and “properties”.")
        names = [str(each.get("id") if isinstance(each, dict) else each) for each in properties]
        labels = {iri: label for iri, label, _ in self.volume.lookup.properties()}
        rows = {str(id_): {name: self._row(str(id_), name) for name in names} for id_ in ids}
        return {"meta": [{"id": name, "name": labels.get(name, name)} for name in names], "rows": rows}

    def _row(self, id_: str, property_: str) -> list[Json]:
        return self._values(self.space + id_, property_) if self.volume.index.node(self.space + id_) else []

    def preview(self, id_: str) -> str:
        """A small page. Raises UnknownName."""
        entity = self.volume.lookup.entity(id_)
        facts, _ = self.volume.facts.page(Filter(about=entity["id"], verdict="Accepted"), limit=4)
        lines = [
            f"<li>{_escape(_text(fact['predicate']['label']))}: {_escape(_shown(fact['object']))}</li>"
            for fact in facts
            if fact["subject"]["id"] == entity["id"]
        ]
        types = ", ".join(each["name"] for each in self._types(entity))
        title = _escape(_text(entity["label"]))
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
            f"<body><h1>{title}</h1><p>{_escape(types)}</p><ul>{''.join(lines)}</ul></body></html>"
        )


def _decide(ranked: list[Json], words: str) -> None:
    """A match is sure where just one candidate has the very name, and agrees in all that is asked."""
    sure = [each for each in ranked if each["score"] == 100.0]
    if len(sure) == 1 and words.strip():
        sure[0]["match"] = True


def _named(counted: list[tuple[str, str, int]], prefix: str) -> list[Json]:
    letters = prefix.casefold()
    return [_type(iri, label) for iri, label, _ in counted if letters in (label or iri).casefold()][:20]


def _type(iri: str, label: str) -> Json:
    return {"id": iri, "name": label or iri}


def _text(value: Any) -> str:
    """A text of the look-ups, which is a plain one in English and an object in other languages."""
    return str(value["@value"] if isinstance(value, dict) else value)


def _shown(found: Json) -> str:
    return _text(found.get("label", found["id"])) if "id" in found else str(found["value"])


def _escape(text: str) -> str:
    return html.escape(text)
