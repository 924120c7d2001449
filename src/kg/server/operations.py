"""What those who run the service ask it: health, readiness, numbers."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from kg.errors import NoBuild
from kg.server.service import Service


class Health(BaseModel):
    """Whether the process lives."""

    status: str


class Readiness(BaseModel):
    """Whether queries would be answered, and from which build."""

    status: str
    build: str = ""
    detail: str = ""
    """What is amiss with the store elsewhere."""


def operations(service: Service) -> APIRouter:
    """The routes for operators."""
    router = APIRouter(tags=["operations"])

    @router.get("/health", summary="Does the process live?")
    async def health() -> Health:
        return Health(status="ok")

    @router.get(
        "/ready",
        summary="Would a query be answered?",
        responses={
            503: {
                "model": Readiness,
                "description": "The graph is being loaded, or the store that holds it is away.",
            }
        },
    )
    async def ready() -> Response:
        detail = await service.ailment()
        try:
            build = service.pool.build.id if service.pool.ready and not detail else ""
        except NoBuild:
            build = ""
        status = "unavailable" if detail else "ready" if build else "loading"
        readiness = Readiness(status=status, build=build, detail=detail)
        return JSONResponse(readiness.model_dump(), 200 if build else 503)

    @router.get(
        "/metrics",
        summary="Numbers for Prometheus",
        response_class=Response,
        responses={200: {"content": {"text/plain": {}}}},
    )
    async def metrics() -> Response:
        service.publish()
        return Response(service.metrics.render(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router
