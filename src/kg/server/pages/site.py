"""Routes of the pages that are not the page of one thing."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from kg.errors import QueryError, RequestError
from kg.server.api.facts import wanted
from kg.server.api.reply import page
from kg.server.catalog import Catalog, Volume
from kg.server.pages import about, figures, timeline
from kg.server.pages.questions import Questions
from kg.server.pages.render import Pages
from kg.server.parameters import parameters_of
from kg.store.facts import STATUSES, Filter

FIELDS = ("subject", "predicate", "object", "about", "source", "status", "text", "earliest", "latest", "type")
"""Parameters of the page of facts; those of /api/facts that a form offers, and links use."""
START = """SELECT ?event ?date WHERE {
  ?event a/rdfs:subClassOf* kg:Event ; kg:date ?date .
}
ORDER BY ?date
LIMIT 50
"""
"""The query that one who brings none finds in the editor."""


def site(catalog: Catalog, pages: Pages) -> APIRouter:
    """Every page but those of things."""
    router = APIRouter(include_in_schema=False)
    questions = Questions(catalog.service)

    @router.get("/")
    async def home(request: Request) -> Response:
        volume = catalog.current
        asked = await questions.of(volume)
        return await run_in_threadpool(_home, pages, request, volume, asked)

    for path, show in {
        "/search": _search,
        "/entities": _entities,
        "/facts": _facts,
        "/sources": _sources,
        "/disagreements": _disagreements,
        "/timeline": _timeline,
        "/figures": _figures,
        "/figures/{key}": _figures,
        "/query": _query,
        "/downloads": _downloads,
        "/about": _about,
    }.items():
        router.get(path)(_route(catalog, pages, show))
    return router


def _route(catalog: Catalog, pages: Pages, show: Any) -> Any:
    def respond(request: Request) -> Response:
        response: Response = show(pages, request, catalog.current)
        return response

    return respond


def _home(pages: Pages, request: Request, volume: Volume, questions: list[Any]) -> Response:
    counts = {status: volume.facts.count(Filter(status=status)) for status in STATUSES}
    return pages.page(
        request,
        volume,
        "home.html",
        questions=questions,
        decades=timeline.decades(volume.lookup.timeline(limit=5000)),
        chart=_chart(volume, next(iter(volume.figures.series), None)),
        featured=_featured(volume),
        **{name: counts[name] for name in ("corroborated", "contested", "rejected")},
    )


def _featured(volume: Volume) -> dict[str, Any] | None:
    """A date that several sources give: what a fact with its sentences looks like."""
    try:
        dates, _ = volume.facts.page(Filter(predicate="date", status="corroborated"), "-sources", limit=1)
    except QueryError:
        return None  # this graph has no such property
    return next(iter(dates), None)


def _chart(volume: Volume, series: dict[str, Any] | None) -> figures.Chart | None:
    return figures.chart(series, volume.figures.points(series)) if series else None


def _search(pages: Pages, request: Request, volume: Volume) -> Response:
    asked = request.query_params.get("q", "").strip()[:300]
    names = volume.search.names(asked, limit=30) if asked else []
    passages = volume.search.passages(asked, limit=20) if asked else []
    return pages.page(request, volume, "search.html", items=names, passages=passages)


def _entities(pages: Pages, request: Request, volume: Volume) -> Response:
    parameters = request.query_params
    items, following = volume.lookup.entities(
        parameters.get("type", ""), parameters.get("cursor", ""), limit=100
    )
    return pages.page(
        request,
        volume,
        "entities.html",
        items=items,
        following=page(request, [], following).get("next"),
        types=volume.lookup.types(),
    )


def _facts(pages: Pages, request: Request, volume: Volume) -> Response:
    parameters = request.query_params
    chosen = wanted(**{name: parameters.get(name, "").strip() for name in FIELDS})  # type: ignore[arg-type]
    items: list[dict[str, Any]] = []
    following, total, problem = "", 0, ""
    try:
        sort = parameters.get("sort") or "subject"
        items, following = volume.facts.page(chosen, sort, parameters.get("cursor", ""))
        total = volume.facts.count(chosen)
    except QueryError as error:
        problem = str(error)
    return pages.page(
        request,
        volume,
        "facts.html",
        items=items,
        following=page(request, [], following).get("next"),
        total=total,
        problem=problem,
        properties=volume.lookup.properties(),
        sources=volume.lookup.sources(),
    )


def _sources(pages: Pages, request: Request, volume: Volume) -> Response:
    return pages.page(request, volume, "sources.html", sources=volume.lookup.sources())


def _disagreements(pages: Pages, request: Request, volume: Volume) -> Response:
    return pages.page(request, volume, "disagreements.html", groups=volume.lookup.disagreements())


def _timeline(pages: Pages, request: Request, volume: Volume) -> Response:
    kind = request.query_params.get("type", "").strip()
    earliest, latest = (_day(request, name) for name in ("earliest", "latest"))
    things = volume.lookup.timeline(kind, earliest, latest, limit=1000)
    whole = volume.lookup.timeline(kind, limit=5000)
    scale = timeline.Scale.of(things, earliest, latest)
    return pages.page(
        request,
        volume,
        "timeline.html",
        bands=timeline.bands(things, scale),
        ticks=scale.ticks(),
        decades=timeline.decades(whole),
        types=volume.lookup.types(),
    )


def _day(request: Request, name: str) -> str:
    """A parameter that is a day. Raises RequestError for anything else."""
    given = request.query_params.get(name, "").strip()
    try:
        return date.fromisoformat(given).isoformat() if given else ""
    except ValueError:
        raise RequestError(400, f"“{given}” is no day such as 1858-05-28.") from None


def _figures(pages: Pages, request: Request, volume: Volume) -> Response:
    key = request.path_params.get("key")
    series = volume.figures.series
    chosen = volume.figures.find(key) if key else next(iter(series), None)
    return pages.page(request, volume, "figures.html", series=series, chart=_chart(volume, chosen))


def _query(pages: Pages, request: Request, volume: Volume) -> Response:
    given, name = request.query_params.get("query"), request.query_params.get("name")
    named = next((each for each in volume.queries if each.name == name), None)
    return pages.page(
        request,
        volume,
        "query.html",
        queries=volume.queries,
        text=given or (named.text if named else START),
        parameters=parameters_of(named.text) if named else [],
        mapped=volume.facts.mapped,
    )


def _downloads(pages: Pages, request: Request, volume: Volume) -> Response:
    return pages.page(
        request, volume, "downloads.html", sources=volume.lookup.sources(), queries=volume.askable
    )


def _about(pages: Pages, request: Request, volume: Volume) -> Response:
    at = str(request.base_url).rstrip("/")
    return pages.page(
        request,
        volume,
        "about.html",
        at=at,
        examples=about.examples(volume, at),
        look_ups=about.look_ups(request.app.openapi()),
    )
