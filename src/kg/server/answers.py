"""A plan becomes a response: known to the client, kept from before, or evaluated now."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from kg.errors import NotAcceptable
from kg.server.cache import AnswerCache, Facts, StoredAnswer
from kg.server.headers import COMMON
from kg.server.log import Entry
from kg.server.plan import Plan, available
from kg.server.request import Request
from kg.server.response import Header, Response
from kg.server.service import Service
from kg.server.settings import KIB, MIB
from kg.store.build import Build
from kg.store.evaluation import Evaluation

VARY: Header = (b"vary", b"Accept, Accept-Encoding")
NO_STORE: Header = (b"cache-control", b"no-store")


class Answers:
    """Answers plans, with a cache that lives as long as the build."""

    def __init__(self, service: Service) -> None:
        settings = service.settings
        self.service = service
        self.cache = AnswerCache(settings.cache * MIB, settings.cache_entry * KIB)
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
        kept = None if request.evaluation or request.no_cache else self.kept(plan)
        if kept:
            entry.outcome = "cached"
            return self._whole(plan, kept, entry, conditional)
        evaluation = request.evaluation or self.start(plan, deadline, max_bytes)
        request.evaluation = evaluation
        await _begin(evaluation)
        entry.outcome = "ok"
        if evaluation.reply.whole:
            return self._whole(plan, self.keep(plan, evaluation), entry, conditional)
        stream = _stream(evaluation, entry)
        if not request.can_break_off:
            body = b"".join([piece async for piece in stream])
            return Response(200, self._headers(plan, _facts(plan, evaluation), conditional), body)
        return Response(200, self._headers(plan, _facts(plan, evaluation), conditional), stream=stream)

    def kept(self, plan: Plan) -> StoredAnswer | None:
        """The answer to a plan from before."""
        answer = self.cache.get(plan.key) if plan.lasting else None
        if answer:
            self.service.hits += 1
        return answer

    def start(self, plan: Plan, deadline: float, max_bytes: int | None = None) -> Evaluation:
        """Evaluate a plan now. Raises Busy and NoBuild."""
        self.service.misses += 1
        return self.service.pool.start(plan.job, deadline, max_bytes)

    def keep(self, plan: Plan, evaluation: Evaluation) -> StoredAnswer:
        """The answer that an evaluation has come to, kept for those who ask again."""
        facts, reply = _facts(plan, evaluation), evaluation.reply
        headers = (*self._headers(plan, facts, plan.lasting), *COMMON)
        head = b"".join([b"%b: %b\r\n" % header for header in headers])
        answer = StoredAnswer(facts, reply.take(), reply.rows, head)
        evaluation.stop()
        if plan.lasting and facts.build == self._build:
            self.cache.put(plan.key, answer)
            self.service.cached_bytes, self.service.cached_answers = self.cache.size, len(self.cache)
        return answer

    def _whole(self, plan: Plan, answer: StoredAnswer, entry: Entry, conditional: bool) -> Response:
        entry.rows = answer.rows
        return Response(200, self._headers(plan, answer.facts, conditional), answer.body)

    def _known(self, request: Request, plan: Plan) -> bytes | None:
        """The tag by which the client says that it has this answer (RFC 9110 §13.1.2)."""
        tags = request.header(b"if-none-match")
        if not tags:
            return None
        ours = [self._tag(plan, self._build, gzip) for gzip in (False, True)]
        theirs = {tag.strip().removeprefix("W/").encode("latin-1") for tag in tags.split(",")}
        return next((tag for tag in ours if tag.removeprefix(b"W/") in theirs), None)

    def _tag(self, plan: Plan, build: str, gzip: bool) -> bytes:
        """Strong: a build never changes, so build and plan fix every byte.

        Weak for a store elsewhere, which may give the same rows in another order.
        """
        return self._weak + f'"{build}-{plan.key}{"-gzip" if gzip else ""}"'.encode()

    def _headers(self, plan: Plan, facts: Facts, conditional: bool) -> list[Header]:
        headers = [(b"content-type", facts.media_type), VARY]
        if facts.gzip:
            headers.append((b"content-encoding", b"gzip"))
        if conditional:
            headers += [(b"etag", self._tag(plan, facts.build, facts.gzip)), self._fresh]
        else:
            headers.append(NO_STORE)
        return headers


def _facts(plan: Plan, evaluation: Evaluation) -> Facts:
    head = evaluation.reply.head
    return Facts(plan.media_type(str(head["format"])), bool(head["gzip"]), evaluation.build)


async def _begin(evaluation: Evaluation) -> None:
    try:
        await evaluation.reply.begin()
    except NotAcceptable as error:
        raise NotAcceptable(f"{error} {available()}") from None


async def _stream(evaluation: Evaluation, entry: Entry) -> AsyncGenerator[bytes]:
    async for piece in evaluation.reply.pieces():
        yield piece
    entry.rows = evaluation.reply.rows
