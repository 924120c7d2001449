"""Routes: what there is, how it is named, search and completion."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from kg.server.api.examples import BASE, ENTITY, PASSAGE
from kg.server.api.models import Hits, Model, described
from kg.server.api.reply import JSON_LD, reply
from kg.server.catalog import Catalog
from kg.server.parameters import parameters_of

Words = Annotated[str, Query(max_length=300, description="What to look for", examples=["suez"])]


def routes(catalog: Catalog) -> APIRouter:
    """What there is."""
    router = APIRouter(prefix="/api", tags=["search and discovery"])

    @router.get(
        "",
        summary="The graph in numbers, and its vocabulary",
        responses=described(Model, {"title": "Canals", "base": BASE, "counts": {"facts": 17}}),
    )
    def overview(request: Request) -> Response:
        volume = catalog.current
        build, lookup = volume.build, volume.lookup
        found = {
            "title": build.title,
            "description": build.description,
            "build": build.id,
            "base": build.base,
            "prefixes": dict(build.prefixes),
            "counts": dict(build.counts),
            "classes": [_counted(*each) for each in lookup.types()],
            "properties": [_counted(*each) for each in lookup.properties()],
        }
        return reply(request, volume, found)

    @router.get(
        "/context.jsonld",
        summary="The JSON-LD context of every answer",
        response_class=Response,
        responses={200: {"content": {JSON_LD: {}}}},
    )
    def context() -> Response:
        return Response(json.dumps(catalog.current.context, ensure_ascii=False), media_type=JSON_LD)

    @router.get(
        "/search",
        summary="Entities by name, typing mistakes forgiven, and passages by what they say",
        responses=described(Hits, {"items": [ENTITY], "passages": [PASSAGE]}),
    )
    def search(
        request: Request,
        q: Words,
        type: Annotated[str, Query(description="A class, or one above it")] = "",  # noqa: A002
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> Response:
        volume = catalog.current
        kind = volume.index.resolve(type, ("term",)).iri if type else ""
        passages = [] if type else volume.search.passages(q, limit)
        return reply(request, volume, {"items": volume.search.names(q, kind, limit), "passages": passages})

    @router.get(
        "/suggest",
        summary="Entities whose name begins so: for search as you type",
        responses=described(Hits, {"items": [ENTITY]}),
    )
    async def suggest(request: Request, q: Words, limit: Annotated[int, Query(ge=1, le=50)] = 8) -> Response:
        volume = catalog.current
        return reply(request, volume, {"items": volume.search.names(q, limit=limit)})

    @router.get(
        "/queries",
        summary="The named queries with their parameters",
        responses=described(Model, {"queries": [{"name": "dates", "summary": "When things happened"}]}),
    )
    def queries(request: Request) -> Response:
        volume = catalog.current
        found = [
            {
                "name": query.name,
                "summary": query.summary,
                "description": query.description,
                "tags": query.tags,
                "parameters": [each._asdict() for each in parameters_of(query.text)],
                "text": query.text,
            }
            for query in volume.queries
        ]
        return reply(request, volume, {"queries": found})

    return router


def _counted(iri: str, label: str, total: int) -> dict[str, object]:
    return {"id": iri, "label": label, "total": total}
