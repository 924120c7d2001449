"""What a look-up finds becomes a response: JSON that is JSON-LD by its context, with a strong ETag."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response

from kg.server.catalog import Volume
from kg.server.negotiation import choose

JSON = "application/json"
JSON_LD = "application/ld+json"
CONTEXT = "/api/context.jsonld"
Json = dict[str, Any]


def tag_of(request: Request, volume: Volume, variant: str = "") -> str:
    """A strong ETag: a build never changes, so build, URL and variant fix every byte (RFC 9110 §8.8.3)."""
    asked = f"{request.url.path}?{request.url.query} {request.scope.get('root_path', '')} {variant}"
    return f'"{volume.build.id}-{hashlib.blake2b(asked.encode(), digest_size=8).hexdigest()}"'


def is_known(request: Request, tag: str) -> bool:
    """Whether the client says that it has this already (RFC 9110 §13.1.2)."""
    tags = request.headers.get("if-none-match", "")
    return tag in (each.strip().removeprefix("W/") for each in tags.split(","))


def reply(request: Request, volume: Volume, found: Mapping[str, Any], media_type: str = "") -> Response:
    """Send what was found, as the media type given, or else as the client wishes.

    As `application/json` it names its context in a Link header (JSON-LD 1.1 §6.1); as
    `application/ld+json` it holds it.
    """
    wanted = media_type or choose(request.headers.get("accept"), (JSON, JSON_LD)) or JSON
    tag = tag_of(request, volume, wanted)
    headers = {"etag": tag, "vary": "Accept", "cache-control": "no-cache"}
    if is_known(request, tag):
        return Response(status_code=304, headers=headers)
    if wanted == JSON_LD:
        found = {**volume.context, **found}
    else:
        root = request.scope.get("root_path", "")
        headers["link"] = (
            f'<{root}{CONTEXT}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
        )
    body = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, media_type=wanted, headers=headers)


def page(request: Request, items: list[Json], following: str, **more: Any) -> Json:
    """A page of a list, with the URL of the next one where there is one."""
    found: Json = {**more, "items": items}
    if following:
        parameters = [(key, value) for key, value in request.query_params.multi_items() if key != "cursor"]
        query = urlencode([*parameters, ("cursor", following)])
        found["next"] = f"{request.scope.get('root_path', '')}{_path(request)}?{query}"
    return found


def _path(request: Request) -> str:
    """The path within the service."""
    return request.url.path.removeprefix(request.scope.get("root_path", ""))
