"""Routes: facts, one fact's dossier, and whether a statement holds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from kg.server.api.examples import FACT
from kg.server.api.models import (
    Dossier,
    FactPage,
    Finding,
    Method,
    Stance,
    Status,
    Verdict,
    described,
)
from kg.server.api.reply import page, reply
from kg.server.catalog import Catalog
from kg.store.cursor import MAX_LIMIT
from kg.store.facts import Filter
from kg.store.verify import verify

DAY = r"^\d{4}-\d\d-\d\d$"
NAMED = "IRI, prefixed name, last part of the IRI, label or alias"


def wanted(
    subject: Annotated[str, Query(description=NAMED, examples=["opening"])] = "",
    predicate: Annotated[str, Query(description=NAMED, examples=["date"])] = "",
    object: Annotated[str, Query(description=f"{NAMED}, or the text of a literal")] = "",  # noqa: A002
    about: Annotated[str, Query(description=f"Subject or object: {NAMED}")] = "",
    source: Annotated[str, Query(description="A source that is cited", examples=["canal"])] = "",
    verdict: Verdict | None = None,
    status: Status | None = None,
    method: Method | None = None,
    stance: Stance | None = None,
    type: Annotated[str, Query(description="Class of the subject, or one above it")] = "",  # noqa: A002
    earliest: Annotated[str, Query(pattern=DAY, description="Holds at that day or later")] = "",
    latest: Annotated[str, Query(pattern=DAY, description="Holds at that day or before")] = "",
    text: Annotated[str, Query(description="Words that it has in names, values or notes")] = "",
) -> Filter:
    """Which facts a request asks for."""
    return Filter(
        subject, predicate, object, about, source, verdict or "", status or "", method or "", stance or "",
        type, earliest, latest, text,
    )  # fmt: skip


def routes(catalog: Catalog) -> APIRouter:
    """Facts."""
    router = APIRouter(prefix="/api", tags=["facts"])

    @router.get(
        "/facts",
        summary="Facts that a filter lets through, each with its citations",
        responses=described(FactPage, {"total": 1, "items": [FACT]}),
    )
    def facts(
        request: Request,
        filter: Annotated[Filter, Depends(wanted)],  # noqa: A002
        sort: Annotated[str, Query(pattern="^-?(subject|earliest|latest|sources)$")] = "subject",
        cursor: Annotated[str, Query(description="From `next`")] = "",
        limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    ) -> Response:
        volume = catalog.current
        items, following = volume.facts.page(filter, sort, cursor, limit)
        return reply(request, volume, page(request, items, following, total=volume.facts.count(filter)))

    @router.get(
        "/facts/{hash}",
        summary="One fact with its whole dossier",
        responses=described(Dossier, {**FACT, "contradictedBy": []}),
    )
    async def fact(request: Request, hash: str) -> Response:  # noqa: A002
        volume = catalog.current
        return reply(request, volume, volume.lookup.fact(hash))

    @router.get(
        "/verify",
        summary="Is a statement supported, contradicted or unknown?",
        responses=described(
            Finding, {"status": "supported", "reason": "It is stated and accepted.", "facts": [FACT]}
        ),
    )
    def verified(
        request: Request,
        subject: Annotated[str, Query(description=NAMED, examples=["opening"])],
        predicate: Annotated[str, Query(description=NAMED, examples=["date"])],
        object: Annotated[str, Query(description=f"{NAMED}, or a value", examples=["1869"])],  # noqa: A002
    ) -> Response:
        volume = catalog.current
        return reply(
            request,
            volume,
            verify(volume.index, subject.strip(), predicate.strip(), object.strip())._asdict(),
        )

    return router
