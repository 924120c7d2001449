"""A plan becomes a response: known to the client, kept from before, or evaluated now."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from kg.errors import NotAcceptable
from kg.server.cache import AnswerCache, StoredAnswer
from kg.server.lane import Lane
from kg.server.log import Entry
from kg.server.plan import Plan, available
from kg.server.request import Request
from kg.server.response import Header, Response
from kg.server.service import Service
from kg.server.settings import KIB, MIB
from kg.store.build import Build
from kg.store.pool import Evaluation

VARY: Header = (b"vary", b"Accept, Accept-Encoding")
NO_STORE: Header = (b"cache-control", b"no-store")


class Answers:
    """Answers plans, with a cache that lives as long as the build."""

    def __init__(self, service: Service) -> None:
        settings = service.settings
        self.service = service
        self.cache = AnswerCache(settings.cache * MIB, settings.cache_entry * KIB)
        self.lane = Lane(service, self.cache)
        self._build = ""
        self._weak = b"W/" if settings.store else b""
        scope = "private" if settings.token else "public"
        self._fresh: Header = (
            b"cache-control",
            f"{scope}, max-age={settings.max_age}, must-revalidate".encode(),
        )

    def build(self) -> Build:
        """The current build; with a new one, answers from the old are forgotten."""
        build = self.service.pool.build
        if build.id != self._build:
            self._build = build.id
            self.cache.clear()
        return build

    async def answer(
        self, request: Request, entry: Entry, plan: Plan, deadline: float, max_bytes: int | None = None
    ) -> Response:
        """Answer a plan for a request. Raises what the evaluation raises."""
        self.build()
        entry.query = plan.key
        conditional = plan.lasting and request.method != "POST"
        if conditional and (tag := self._known(request, plan)):
            entry.outcome = "not_modified"
            return Response(304, [(b"etag", tag), self._fresh, VARY])
        kept = self.cache.get(plan.key) if plan.lasting and not request.no_cache else None
        if kept:
            self.service.hits += 1
            entry.outcome, entry.rows = "cached", kept.rows
            return self._whole(request, plan, kept, conditional)
        self.service.misses += 1
        evaluation = await self._evaluate(plan, deadline, max_bytes)
        entry.outcome = "ok"
        if not evaluation.reply.whole and request.can_break_off:
            headers = self._headers(plan, _head(plan, evaluation), conditional)
            return Response(200, headers, stream=_stream(evaluation, entry))
        kept = await self._keep(plan, evaluation, entry)
        return self._whole(request, plan, kept, conditional)

    def _whole(self, request: Request, plan: Plan, answer: StoredAnswer, conditional: bool) -> Response:
        headers = self._headers(plan, answer, conditional)
        elsewhere = bool(plan.job.address)  # the answer names the host, which the lane does not look at
        if plan.lasting and request.method == "GET" and not request.no_cache and not elsewhere:
            self.lane.learn(request.scope, plan.key, headers)
        return Response(200, headers, answer.body)

    def _known(self, request: Request, plan: Plan) -> bytes | None:
        """The tag by which the client says that it has this answer (RFC 9110 §13.1.2)."""
        tags = request.header(b"if-none-match")
        if not tags:
            return None
        ours = {self._tag(plan, gzip=False), self._tag(plan, gzip=True)}
        theirs = {tag.strip().removeprefix("W/").encode("latin-1") for tag in tags.split(",")}
        return next((tag for tag in ours if tag.removeprefix(b"W/") in theirs), None)

    def _tag(self, plan: Plan, gzip: bool) -> bytes:
        """Strong: a build never changes, so build and plan fix every byte.

        Weak for a store elsewhere, which may give the same rows in another order.
        """
        return self._weak + f'"{self._build}-{plan.key}{"-gzip" if gzip else ""}"'.encode()

    async def _evaluate(self, plan: Plan, deadline: float, max_bytes: int | None) -> Evaluation:
        try:
            return await self.service.pool.begin(plan.job, deadline, max_bytes)
        except NotAcceptable as error:
            raise NotAcceptable(f"{error} {available()}") from None

    async def _keep(self, plan: Plan, evaluation: Evaluation, entry: Entry) -> StoredAnswer:
        reply = evaluation.reply
        if reply.whole:
            body = reply.take()
            evaluation.stop()
        else:
            body = b"".join([piece async for piece in _stream(evaluation, entry)])
        entry.rows = reply.rows
        head = _head(plan, evaluation)
        answer = StoredAnswer(head.media_type, head.gzip, body, reply.rows)
        if plan.lasting and evaluation.evaluator.build == self._build:
            self.cache.put(plan.key, answer)
            self.service.cached_bytes, self.service.cached_answers = self.cache.size, len(self.cache)
        return answer

    def _headers(self, plan: Plan, answer: StoredAnswer, conditional: bool) -> list[Header]:
        headers = [(b"content-type", answer.media_type), VARY]
        if answer.gzip:
            headers.append((b"content-encoding", b"gzip"))
        if conditional:
            headers += [(b"etag", self._tag(plan, answer.gzip)), self._fresh]
        else:
            headers.append(NO_STORE)
        return headers


def _head(plan: Plan, evaluation: Evaluation) -> StoredAnswer:
    """What is known of an answer before its body."""
    head = evaluation.reply.head
    return StoredAnswer(plan.media_type(str(head["format"])), bool(head["gzip"]), b"", None)


async def _stream(evaluation: Evaluation, entry: Entry) -> AsyncGenerator[bytes]:
    try:
        async for piece in evaluation.reply.pieces():
            yield piece
        entry.rows = evaluation.reply.rows
    finally:
        evaluation.stop()
