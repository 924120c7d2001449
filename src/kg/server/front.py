"""Stands before everything: lets in who may come in, and hands data requests to their handlers at once."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping

from kg.errors import RequestError
from kg.server.headers import COMMON, preflight
from kg.server.log import ENTRY, Entry, outcome_of
from kg.server.problem import problem
from kg.server.protocol import METHODS, READ_METHODS
from kg.server.response import Message, Receive, Response, Scope, Send
from kg.server.service import Service

App = Callable[[Scope, Receive, Send], Awaitable[None]]
MethodsAt = Callable[[Scope], Iterable[str]]
OPEN = {"/health", "/ready"}
"""Paths that need no token: they tell nothing, and those who ask have none."""


class Front:
    """Tokens, CORS preflight, security headers, and the quick way to the endpoint, around an ASGI app."""

    def __init__(self, app: App, service: Service, routes: Mapping[str, App], methods: MethodsAt) -> None:
        settings = service.settings
        self.app = app
        self.log = service.log
        self.methods = methods
        """What the app answers, for a path that is not among the routes."""
        self.routes = {path + slash: route for path, route in routes.items() for slash in ("", "/")}
        self._root = settings.root_path.rstrip("/")
        self._token = settings.token.encode()
        self._metrics_token = (settings.metrics_token or settings.token).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or hand it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = self._path(scope)
        route = self.routes.get(path)
        if route and scope["method"] != "OPTIONS" and self._admits(path, scope):
            await route(scope, receive, send)
        else:
            await self._log(path, scope, receive, send)

    async def _log(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, and note how it went, unless its handler has done so."""
        entry = scope[ENTRY] = Entry.of(scope)
        try:
            await self._handle(path, scope, receive, _noted(send, entry))
        finally:
            if not entry.outcome:
                entry.outcome = outcome_of(entry.status)
                self.log.write(entry)

    async def _handle(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await Response(204, [*preflight(self._methods(path, scope)), *COMMON]).send(send)
        elif not self._admits(path, scope):
            await self._refuse(scope, send)
        else:
            await self.app(scope, receive, _with_headers(send))

    def _path(self, scope: Scope) -> str:
        """The path within the service, whether or not the proxy has cut off the sub-path."""
        path: str = scope["path"]
        return path.removeprefix(self._root) if self._root else path

    def _methods(self, path: str, scope: Scope) -> Iterable[str]:
        if path in self.routes:
            return METHODS if path.startswith("/sparql") else READ_METHODS
        return self.methods(scope)

    def _admits(self, path: str, scope: Scope) -> bool:
        token = self._metrics_token if path == "/metrics" else self._token
        if not token or path in OPEN:
            return True
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        scheme, _, credentials = given.partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(credentials.strip(), token)

    async def _refuse(self, scope: Scope, send: Send) -> None:
        accept = next((value for name, value in scope["headers"] if name == b"accept"), b"")
        error = RequestError(401, "This needs a bearer token.", {"www-authenticate": 'Bearer realm="kg"'})
        response = problem(error, accept.decode("latin-1"))
        response.headers.extend(COMMON)
        await response.send(send)


def _noted(send: Send, entry: Entry) -> Send:
    """Notes the status and the length of a response."""

    async def send_noted(message: Message) -> None:
        if message["type"] == "http.response.start":
            entry.status = message["status"]
        else:
            entry.bytes += len(message.get("body", b""))
        await send(message)

    return send_noted


def _with_headers(send: Send) -> Send:
    """Adds the common headers where the response does not set its own."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(each for each in COMMON if each[0] not in own)]
        await send(message)

    return send_with_headers
