"""Stands before everything: lets in who may come in, and hands data requests to their handlers at once."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress

from kg.errors import RequestError
from kg.server.headers import COMMON, preflight
from kg.server.log import ENTRY, Entry, outcome_of
from kg.server.problem import problem
from kg.server.protocol import METHODS, READ_METHODS
from kg.server.response import Message, Receive, Response, Scope, Send
from kg.server.service import Service

App = Callable[[Scope, Receive, Send], Awaitable[None]]
MethodsAt = Callable[[Scope], Iterable[str]]
CHALLENGES = (b'Bearer realm="kg"', b'Basic realm="kg", charset="UTF-8"')
"""Each in a header of its own: Chromium reads only the first one of a list."""
NO_TOKEN = "This needs a bearer token. A browser takes it as password, with any user name."
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
        return hmac.compare_digest(_token(scope), token)

    async def _refuse(self, scope: Scope, send: Send) -> None:
        response = problem(RequestError(401, NO_TOKEN), _header(scope, b"accept").decode("latin-1"))
        response.headers.extend((b"www-authenticate", challenge) for challenge in CHALLENGES)
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


def _token(scope: Scope) -> bytes:
    """The token that a request brings: as bearer (RFC 6750 §2.1), or as password (RFC 7617 §2)."""
    scheme, _, credentials = _header(scope, b"authorization").partition(b" ")
    match scheme.lower():
        case b"bearer":
            return credentials.strip()
        case b"basic" if not _is_foreign(scope):
            with suppress(binascii.Error):
                return base64.b64decode(credentials, validate=True).partition(b":")[2]
    return b""


def _is_foreign(scope: Scope) -> bool:
    """Whether another site has a browser ask, which adds the password by itself; links are not meant."""
    site, mode = _header(scope, b"sec-fetch-site"), _header(scope, b"sec-fetch-mode")
    return site in {b"cross-site", b"same-site"} and mode != b"navigate"


def _header(scope: Scope, wanted: bytes) -> bytes:
    found: bytes = next((value for name, value in scope["headers"] if name == wanted), b"")
    return found


def _with_headers(send: Send) -> Send:
    """Adds the common headers where the response does not set its own."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(each for each in COMMON if each[0] not in own)]
        await send(message)

    return send_with_headers
