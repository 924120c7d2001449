"""Routes: whether a named pattern holds, and the bibliography of an answer."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from kg.server.api.examples import FACT
from kg.server.api.models import PROBLEMS, Finding, described
from kg.server.api.reply import is_known, reply, tag_of
from kg.server.catalog import Catalog
from kg.server.inquiry import cited
from kg.server.parameters import fill_by_name
from kg.store.pattern import judge
from kg.store.shape import Json

BIBLIOGRAPHIES = {"bibtex": "application/x-bibtex", "csl": "application/vnd.citationstyles.csl+json"}
"""Media types: of BibTeX the one in use, of CSL-JSON the registered one."""
REASON = "It has an answer that rests on accepted facts."


def routes(catalog: Catalog) -> APIRouter:
    """Named patterns."""
    router = APIRouter(prefix="/api", tags=["facts"])

    @router.get(
        "/verify/{name}",
        summary="Does a named query hold, with these parameters?",
        description="Each parameter of the named query is one of the URL, things by IRI, label or alias.",
        responses=described(Finding, {"status": "supported", "reason": REASON, "facts": [FACT]}),
    )
    async def verified(
        request: Request, name: Annotated[str, Path(description="A named query", examples=["dates"])]
    ) -> Response:
        volume = catalog.current
        pattern = volume.query(name)
        build, values = volume.build, dict(request.query_params)
        text = await run_in_threadpool(fill_by_name, volume.index, pattern.text, values, build.prefixes)
        loop = asyncio.get_running_loop()

        def ask(stated: bool) -> Json:
            answer = cited(catalog.service, text, build.base, stated)
            return asyncio.run_coroutine_threadsafe(answer, loop).result()

        finding = await run_in_threadpool(judge, volume.index, text, ask)
        return reply(request, volume, finding._asdict())

    @router.get(
        "/bibliography",
        summary="The sources behind the answer of a query, as BibTeX or CSL-JSON",
        response_class=Response,
        responses={200: {"content": {key: {} for key in BIBLIOGRAPHIES.values()}}, **PROBLEMS},
    )
    async def bibliography(
        request: Request,
        query: Annotated[str, Query(description="A SPARQL query", examples=["ASK { ?s ?p ?o }"])],
        format: Annotated[Literal["bibtex", "csl"], Query()] = "bibtex",  # noqa: A002
    ) -> Response:
        volume = catalog.current
        tag = tag_of(request, volume)
        headers = {"etag": tag, "cache-control": "no-cache"}
        if is_known(request, tag):
            return Response(status_code=304, headers=headers)
        answer = await cited(catalog.service, query, volume.build.base)
        listed = answer["cite"]["bibliography"][format]
        body = listed if format == "bibtex" else json.dumps(listed, ensure_ascii=False, indent=1)
        return Response(body, media_type=BIBLIOGRAPHIES[format], headers=headers)

    return router
