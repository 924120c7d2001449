"""A user name and password, or a token, become what a request to a store elsewhere says of who asks."""

from __future__ import annotations

from collections.abc import Generator

import httpx


def authentication(user: str, password: str, token: str) -> httpx.Auth | None:
    """The token as bearer (RFC 6750 §2.1); else the password, in the way that the store wants."""
    if token:
        return _Bearer(token)
    return _BasicOrDigest(user, password) if user else None


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class _BasicOrDigest(httpx.Auth):
    """The password is told in the plain way first, and where that is refused by digest, as Virtuoso wants."""

    def __init__(self, user: str, password: str) -> None:
        self._basic = httpx.BasicAuth(user, password)
        self._digest = httpx.DigestAuth(user, password)
        self._plain = True

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        if self._plain:
            response = yield next(self._basic.auth_flow(request))
            self._plain = response.status_code != 401
        if not self._plain:
            request.headers.pop("Authorization", None)
            yield from self._digest.auth_flow(request)
