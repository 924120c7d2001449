"""Errors become responses: problem JSON (RFC 9457), or plain text for clients that ask for it."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from kg.errors import KgError, QueryError, RequestError
from kg.server.negotiation import choose
from kg.server.response import Response, text_header

RETRY_AFTER = "1"
"""Seconds after which a client may try again."""
PROBLEM = "application/problem+json"
OFFERS = (PROBLEM, "application/json", "text/plain")


def problem(error: KgError, accept: str | None) -> Response:
    """The response that tells of an error."""
    headers = {"cache-control": "no-store", "vary": "Accept"}
    if isinstance(error, RequestError):
        headers |= error.headers
    if error.status in {429, 503}:
        headers["retry-after"] = RETRY_AFTER
    media_type = choose(accept, OFFERS) or PROBLEM
    if media_type == "text/plain":
        headers["content-type"] = "text/plain; charset=utf-8"
        body = f"{_title(error.status)}: {error}{_place(error)}\n"
    else:
        headers["content-type"] = media_type
        body = json.dumps(_details(error), ensure_ascii=False)
    return Response(error.status, [text_header(*each) for each in headers.items()], body.encode())


def _details(error: KgError) -> dict[str, Any]:
    details: dict[str, Any] = {
        "type": "about:blank",
        "title": _title(error.status),
        "status": error.status,
        "detail": str(error),
    }
    if isinstance(error, QueryError) and error.line:
        details |= {"line": error.line, "column": error.column}
    return details


def _place(error: KgError) -> str:
    return (
        f" (line {error.line}, column {error.column})" if isinstance(error, QueryError) and error.line else ""
    )


def _title(status: int) -> str:
    return HTTPStatus(status).phrase
