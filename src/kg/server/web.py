"""Look-ups and pages join the application."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from kg.errors import KgError, RequestError
from kg.server.answers import Answers
from kg.server.api import api
from kg.server.catalog import Catalog
from kg.server.dereference import FINDERS, Dereference
from kg.server.exchange import Exchange
from kg.server.front import App
from kg.server.named import NamedQueries
from kg.server.pages.render import ASSETS, STATIC, Pages
from kg.server.pages.site import site
from kg.server.reconcile import reconcile
from kg.server.response import Receive, Scope, Send

KEEP = b"public, max-age=31536000, immutable"
"""Scripts and styles are asked for with a version in their URL."""


def include_web(app: FastAPI, answers: Answers) -> None:
    """Add the look-ups, the pages, what IRIs lead to, and one shape for their errors."""
    catalog = Catalog(answers.service)
    pages = Pages(answers.service.settings)
    app.include_router(api(catalog))
    app.include_router(reconcile(catalog))
    app.include_router(site(catalog, pages))
    named = Exchange(answers.service, NamedQueries(answers, catalog).answer)
    app.add_route("/api/queries/{name}", named, ["GET", "HEAD"], include_in_schema=False)  # type: ignore[arg-type]
    for thing in FINDERS:
        handler = Dereference(thing, answers, catalog, pages)
        app.add_route(f"/{thing}/{{name:path}}", handler, ["GET", "HEAD"], include_in_schema=False)  # type: ignore[arg-type]
    for path, folder in (("/assets", ASSETS), ("/static", STATIC)):
        app.mount(path, Immutable(directory=folder, check_dir=False))
    _handle_errors(app, pages)
    app.add_middleware(HeadAsGet)


class HeadAsGet:
    """ASGI middleware: HEAD is answered as GET is; the server leaves the body out (RFC 9110 §9.3.2)."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        head = scope["type"] == "http" and scope["method"] == "HEAD"
        await self.app({**scope, "method": "GET"} if head else scope, receive, send)


class Immutable(StaticFiles):
    """Files whose URL changes with their content."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """A file with the header that says so."""
        response: Response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["cache-control"] = KEEP.decode()
        return response


def _handle_errors(app: FastAPI, pages: Pages) -> None:
    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, KgError)
        return pages.error(request, error)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        if error.status_code == 405:  # a path may have several routes, of which the router tells the first
            headers["allow"] = ", ".join(request.app.methods_at(request.scope))
        message = f"There is nothing at {request.url.path}." if error.status_code == 404 else error.detail
        return pages.error(request, RequestError(error.status_code, message, headers))

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        faults = "; ".join(f"{each['loc'][-1]}: {each['msg']}" for each in error.errors())
        return pages.error(request, RequestError(422, f"The parameters are wrong: {faults}."))

    app.add_exception_handler(KgError, known)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, invalid)
