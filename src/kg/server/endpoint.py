"""The SPARQL endpoint: a request becomes a plan, and the plan an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache

from kg.errors import RequestError
from kg.server.answers import Answers
from kg.server.description import Address
from kg.server.log import Entry
from kg.server.plan import Plan, make_plan
from kg.server.protocol import METHODS, QueryRequest, read_get, read_post
from kg.server.request import Request
from kg.server.response import Response
from kg.server.settings import MIB

MEMO = 2048
"""Requests whose reading is remembered."""
SHORT = 8192
"""Bytes of a request that are worth remembering."""


class Endpoint:
    """Answers SPARQL queries."""

    def __init__(self, answers: Answers, describe: Callable[[Request], Awaitable[Response]]) -> None:
        self._answers = answers
        self._settings = answers.service.settings
        self._describe = describe
        self._plan = lru_cache(maxsize=MEMO)(make_plan)
        self._read_get = lru_cache(maxsize=MEMO)(read_get)

    async def answer(self, request: Request, entry: Entry) -> Response:
        """Answer a query, or describe the service to who asks nothing."""
        query = await self._read(request)
        request.watch()
        if not query.query:
            entry.outcome = "described"
            return await self._describe(request)
        plan = self._planned(query, request)
        deadline = min(query.timeout, self._settings.deadline)
        return await self._answers.answer(request, entry, plan, deadline)

    async def _read(self, request: Request) -> QueryRequest:
        if request.method in {"GET", "HEAD"}:
            request.refuse_body()
            read = self._read_get if len(request.query_string) <= SHORT else read_get
            return read(request.query_string)
        if request.method == "POST":
            body = await request.body(self._settings.max_request * MIB, self._settings.receive_timeout)
            return read_post(request.query_string, request.header(b"content-type") or "", body)
        raise RequestError(405, "A query is sent by GET or POST.", {"allow": ", ".join(METHODS)})

    def _planned(self, query: QueryRequest, request: Request) -> Plan:
        plan = self._plan if len(query.query) <= SHORT else make_plan
        base = self._answers.build().base
        address = Address.of(self._settings, request).root if query.cite else ""
        return plan(query, request.header(b"accept"), request.header(b"accept-encoding"), base, address)
