"""All parts of a serving process become one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.routing import Match, Mount

from kg import __version__
from kg.server.answers import Answers
from kg.server.api.models import PROBLEMS
from kg.server.describe import Describer
from kg.server.endpoint import Endpoint
from kg.server.exchange import Exchange
from kg.server.front import Front
from kg.server.graph_store import GraphStore
from kg.server.lane import Lane
from kg.server.openapi import data_paths
from kg.server.operations import operations
from kg.server.response import Receive, Scope, Send
from kg.server.service import Service
from kg.server.settings import Settings
from kg.server.web import include_web

SUMMARY = "A knowledge graph in which every fact cites the passage that states it."


class Application(FastAPI):
    """FastAPI, but for the data: what the front handles itself pays nothing for routing and middleware."""

    front: Front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        await self.front(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """The description, with the data paths that the front handles."""
        schema = super().openapi()
        schema["paths"] = data_paths() | schema["paths"]
        return schema

    def methods_at(self, scope: Scope) -> list[str]:
        """The methods that are answered at a path: those of any of its routes, HEAD and OPTIONS."""
        found = ["GET", "HEAD"] if self._has_route(scope, "GET") else []
        return [*found, *(["POST"] if self._has_route(scope, "POST") else []), "OPTIONS"]

    def _has_route(self, scope: Scope, method: str) -> bool:
        routes = (route for route in self.router.routes if method == "GET" or not isinstance(route, Mount))
        root = scope.get("app_root_path", scope["root_path"])  # a mount adds its own path to the root's
        asked = {**scope, "method": method, "root_path": root}
        return any(route.matches(asked)[0] is Match.FULL for route in routes)

    async def dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle it as FastAPI does."""
        await super().__call__(scope, receive, send)


def create_app(settings: Settings, directory: Path, worker: int = 0) -> Application:
    """The application of one serving process.

    `directory` is where the supervisor announces the current build and keeps what the workers share.
    The endpoint and the graph store stand before the router; routers of look-ups and pages are
    included here.
    """
    service = Service(settings, directory, worker)
    describer = Describer(service)
    answers = Answers(service)
    endpoint = Endpoint(answers, describer.service)
    data = {
        "/sparql": endpoint.answer,
        "/data": GraphStore(answers).answer,
        "/.well-known/void": describer.dataset,
    }

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with service.running():
            yield

    app = Application(
        title="kg",
        summary=SUMMARY,
        version=__version__,
        lifespan=lifespan,
        root_path=settings.root_path,
        docs_url=None,  # its scripts come from another host
        redoc_url=None,
        responses=PROBLEMS,
    )
    app.state.service = service
    app.state.lane = Lane(answers, (f"{settings.root_path}/sparql", "/sparql"), endpoint.plan_get)
    app.include_router(operations(service))
    include_web(app, answers)
    routes = {path: Exchange(service, answer) for path, answer in data.items()}
    app.front = Front(app.dispatch, service, routes, app.methods_at)
    return app
