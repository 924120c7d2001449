"""Headers that every response carries: who may read it from where, and what a browser may do with it."""

from __future__ import annotations

from collections.abc import Iterable

from kg.server.response import Header

COMMON: list[Header] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Retry-After"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
"""For data; a page sets a Content-Security-Policy of its own."""
READ_HEADERS = b"Accept, Authorization, Cache-Control, Content-Type, If-None-Match"
"""Those that a page elsewhere may send."""


def preflight(methods: Iterable[str]) -> list[Header]:
    """The headers of an answer to OPTIONS (the Fetch standard's CORS-preflight request)."""
    allowed = ", ".join(methods).encode()
    return [
        (b"allow", allowed),
        (b"access-control-allow-methods", allowed),
        (b"access-control-allow-headers", READ_HEADERS),
        (b"access-control-max-age", b"86400"),
    ]
