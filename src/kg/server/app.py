"""All parts of a serving process become one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from kg import __version__
from kg.server.answers import Answers
from kg.server.describe import Describer
from kg.server.endpoint import Endpoint
from kg.server.exchange import Exchange
from kg.server.front import Front
from kg.server.graph_store import GraphStore
from kg.server.operations import operations
from kg.server.service import Service
from kg.server.settings import Settings

SUMMARY = "A knowledge graph in which every fact cites the passage that states it."


def create_app(settings: Settings, directory: Path, worker: int = 0) -> FastAPI:
    """The application of one serving process.

    `directory` is where the supervisor announces the current build and keeps what the workers share.
    The endpoint and the graph store stand before the router; routers of look-ups and pages are
    included here.
    """
    service = Service(settings, directory, worker)
    describer = Describer(service)
    answers = Answers(service)
    data = {
        "/sparql": Endpoint(answers, describer.service).answer,
        "/data": GraphStore(answers).answer,
        "/.well-known/void": describer.dataset,
    }

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with service.running():
            yield

    app = FastAPI(
        title="kg",
        summary=SUMMARY,
        version=__version__,
        lifespan=lifespan,
        root_path=settings.root_path,
        docs_url=None,  # its scripts come from another host
        redoc_url=None,
    )
    app.state.service = service
    app.include_router(operations(service))
    routes = {path: Exchange(service, answer) for path, answer in data.items()}
    app.add_middleware(Front, settings=settings, routes=routes)
    return app
