"""Routes: timeline, figures, disagreements."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from kg.server.api.examples import ENTITY, FACT
from kg.server.api.facts import DAY
from kg.server.api.models import Disagreements, Series, SeriesList, Timeline, described
from kg.server.api.reply import reply
from kg.server.catalog import Catalog

SERIES = {"key": "passages-of-ships.ship", "label": "passages of ships (ship)", "points": 1}
NUMBER = {"kind": "value", "number": 500.0, "fact": FACT}


def routes(catalog: Catalog) -> APIRouter:
    """What spans many entities."""
    router = APIRouter(prefix="/api", tags=["timeline, figures, disagreements"])

    @router.get(
        "/timeline",
        summary="Dated entities in order of time",
        responses=described(Timeline, {"items": [{**ENTITY, "earliest": "1869-11-17"}]}),
    )
    def timeline(
        request: Request,
        type: Annotated[str, Query(description="A class, or one above it", examples=["Agreement"])] = "",  # noqa: A002
        earliest: Annotated[str, Query(pattern=DAY, description="Can have been at that day or later")] = "",
        latest: Annotated[str, Query(pattern=DAY, description="Can have been at that day or before")] = "",
        limit: Annotated[int, Query(ge=1, le=5000)] = 500,
    ) -> Response:
        volume = catalog.current
        return reply(request, volume, {"items": volume.lookup.timeline(type, earliest, latest, limit)})

    @router.get(
        "/figures", summary="Every series of figures", responses=described(SeriesList, {"series": [SERIES]})
    )
    def all_series(request: Request) -> Response:
        volume = catalog.current
        shown = [
            {key: value for key, value in each.items() if key != "members"} for each in volume.figures.series
        ]
        return reply(request, volume, {"series": shown})

    @router.get(
        "/figures/{key}",
        summary="One series, each point with its facts",
        responses=described(Series, {**SERIES, "points": [{"numbers": [NUMBER], "wording": ["some"]}]}),
    )
    def series(request: Request, key: str) -> Response:
        volume = catalog.current
        found = volume.figures.find(key)
        points = volume.figures.points(found)
        kept = {name: value for name, value in found.items() if name != "members"}
        return reply(request, volume, {**kept, "points": points})

    @router.get(
        "/disagreements",
        summary="What is contested, rejected or denied, side by side",
        responses=described(Disagreements, {"groups": [[FACT]]}),
    )
    def disagreements(request: Request) -> Response:
        volume = catalog.current
        return reply(request, volume, {"groups": volume.lookup.disagreements()})

    return router
