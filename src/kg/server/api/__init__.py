"""Look-ups in JSON: what clients that do not speak SPARQL ask.

Routes that take a millisecond or so are coroutines and answer at once; others are functions, which run in
threads, so that no request waits long for another.
"""

from __future__ import annotations

from fastapi import APIRouter

from kg.server.api import collections, discovery, facts, inquiries, things
from kg.server.catalog import Catalog


def api(catalog: Catalog) -> APIRouter:
    """Every route under /api but for the named queries, which answer as the SPARQL endpoint does."""
    router = APIRouter()
    for part in (discovery, things, facts, inquiries, collections):
        router.include_router(part.routes(catalog))
    return router
