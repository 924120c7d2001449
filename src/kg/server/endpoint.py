"""The SPARQL endpoint: a request becomes a plan, and the plan an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from kg.errors import RequestError
from kg.server.answers import Answers
from kg.server.description import Address
from kg.server.log import Entry
from kg.server.plan import Plan, make_plan
from kg.server.protocol import METHODS, QueryRequest, read_get, read_post
from kg.server.request import Request
from kg.server.response import Response
from kg.server.settings import MIB


class Endpoint:
    """Answers SPARQL queries."""

    def __init__(self, answers: Answers, describe: Callable[[Request], Awaitable[Response]]) -> None:
        self._answers = answers
        self._settings = answers.service.settings
        self._describe = describe

    async def answer(self, request: Request, entry: Entry) -> Response:
        """Answer a query, or describe the service to who asks nothing."""
        query = await self._read(request)
        request.watch()
        if not query.query:
            entry.outcome = "described"
            return await self._describe(request)
        address = Address.asked(self._settings, request).root if query.cite else ""
        accept, encoding = request.header(b"accept"), request.header(b"accept-encoding")
        plan, deadline = self._plan(query, accept, encoding, address)
        return await self._answers.answer(request, entry, plan, deadline)

    def plan_get(
        self, query_string: bytes, accept: str | None, encoding: str | None, host: str | None
    ) -> tuple[Plan, float] | None:
        """The plan of a GET request over HTTP and its deadline (s). Raises RequestError.

        None where there is no query, and where the answer is to name a host that is not told.
        """
        query = read_get(query_string)
        if not query.query or (query.cite and not host):
            return None
        address = Address.of(self._settings, "http", host).root if query.cite else ""
        return self._plan(query, accept, encoding, address)

    async def _read(self, request: Request) -> QueryRequest:
        if request.method in {"GET", "HEAD"}:
            request.refuse_body()
            return read_get(request.query_string)
        if request.method == "POST":
            body = await request.body(self._settings.max_request * MIB, self._settings.receive_timeout)
            return read_post(request.query_string, request.header(b"content-type") or "", body)
        raise RequestError(405, "A query is sent by GET or POST.", {"allow": ", ".join(METHODS)})

    def _plan(
        self, query: QueryRequest, accept: str | None, encoding: str | None, address: str = ""
    ) -> tuple[Plan, float]:
        plan = make_plan(query, accept, encoding, self._answers.build().base, address)
        return plan, min(query.timeout, self._settings.deadline)
