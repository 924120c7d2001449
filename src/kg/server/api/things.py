"""Routes: entities, sources and passages."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from kg.server.api.examples import ENTITY, FACT, PASSAGE, SOURCE
from kg.server.api.models import Entity, EntityPage, Passage, Source, SourceList, described
from kg.server.api.reply import page, reply
from kg.server.catalog import Catalog, Volume
from kg.store.cursor import MAX_LIMIT
from kg.store.facts import Filter

SHOWN = 100
"""Facts on each side that come with an entity; /api/facts pages through all of them."""
SEGMENT = r"^[A-Za-z0-9._~%-]+$"
Name = Annotated[str, Path(description="Last part of the IRI", examples=["opening"])]
SourceName = Annotated[str, Path(pattern=SEGMENT, description="Id of a source", examples=["canal"])]
PassageName = Annotated[str, Path(pattern=SEGMENT, description="Id of a passage", examples=["p1"])]


def entity_with_facts(volume: Volume, name: str) -> dict[str, Any]:
    """An entity with its facts and those that mention it. Raises UnknownName."""
    entity = volume.lookup.entity(name)
    facts, _ = volume.facts.page(Filter(subject=entity["id"]), limit=SHOWN)
    mentions, _ = volume.facts.page(Filter(object=entity["id"]), limit=SHOWN)
    return {**entity, "facts": facts, "mentions": mentions}


def source_with_passages(volume: Volume, name: str) -> dict[str, Any]:
    """A source with its passages. Raises UnknownName."""
    return {**volume.lookup.source(name), "passages": volume.lookup.passages(name)}


def routes(catalog: Catalog) -> APIRouter:
    """Entities, sources, passages."""
    router = APIRouter(prefix="/api", tags=["entities and sources"])

    @router.get(
        "/entities",
        summary="Entities, the most used first",
        responses=described(EntityPage, {"items": [ENTITY]}),
    )
    def entities(
        request: Request,
        type: Annotated[str, Query(description="A class, or one above it", examples=["Agreement"])] = "",  # noqa: A002
        cursor: Annotated[str, Query(description="From `next`")] = "",
        limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    ) -> Response:
        volume = catalog.current
        items, following = volume.lookup.entities(type, cursor, limit)
        return reply(request, volume, page(request, items, following))

    @router.get(
        "/entities/{name}",
        summary="One entity with its facts and their citations",
        responses=described(Entity, {**ENTITY, "facts": [FACT], "mentions": []}),
    )
    async def entity(request: Request, name: Name) -> Response:
        volume = catalog.current
        return reply(request, volume, entity_with_facts(volume, name))

    @router.get("/sources", summary="Every source", responses=described(SourceList, {"items": [SOURCE]}))
    def sources(request: Request) -> Response:
        volume = catalog.current
        return reply(request, volume, {"items": volume.lookup.sources()})

    @router.get(
        "/sources/{name}",
        summary="One source with its passages",
        responses=described(Source, {**SOURCE, "passages": [PASSAGE]}),
    )
    def source(request: Request, name: SourceName) -> Response:
        volume = catalog.current
        return reply(request, volume, source_with_passages(volume, name))

    @router.get(
        "/sources/{name}/passages/{passage_name}",
        summary="One passage with the facts that cite it",
        responses=described(Passage, {**PASSAGE, "cited": [FACT]}),
    )
    async def passage(request: Request, name: SourceName, passage_name: PassageName) -> Response:
        volume = catalog.current
        return reply(request, volume, volume.lookup.passage(name, passage_name))

    return router
