"""One request, its response, and the note of how it went: the frame around every handler of data."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from kg.errors import Busy, Interrupted, KgError, NoBuild, QueryTimeout, QueryTooBig, RemoteError
from kg.server.headers import COMMON
from kg.server.log import ENTRY, Entry
from kg.server.problem import problem
from kg.server.request import ClientGone, Request
from kg.server.response import Receive, Response, Scope, Send
from kg.server.service import Service

Answer = Callable[[Request, Entry], Awaitable[Response]]


class Exchange:
    """An ASGI application from a function that answers requests or raises a KgError."""

    def __init__(self, service: Service, answer: Answer) -> None:
        self._service = service
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and note how it went."""
        request = Request(scope, receive)
        entry: Entry = scope.get(ENTRY) or Entry.of(scope)
        entry.outcome = "error"
        try:
            response = await self._respond(request, entry)
            entry.status = response.status
            response.headers.extend(COMMON)
            entry.bytes = await response.send(send)
        except (ClientGone, asyncio.CancelledError) as error:
            entry.outcome = "cancelled"
            _stand_down(request, error)
        except KgError:
            entry.outcome = "cut"  # streaming had begun: the transfer ends without its last chunk
        finally:
            request.close()
            self._service.note(entry)

    async def _respond(self, request: Request, entry: Entry) -> Response:
        try:
            return await self._answer(request, entry)
        except KgError as error:
            entry.outcome = _outcome(error)
            return problem(error, request.header(b"accept"))


def _stand_down(request: Request, error: BaseException) -> None:
    """The client has gone, and so may its request; any other cancellation is not ours to swallow."""
    task = asyncio.current_task()
    if isinstance(error, asyncio.CancelledError):
        if not request.gone or not task:
            raise error
        task.uncancel()


def _outcome(error: KgError) -> str:
    """The name under which an error is counted."""
    match error:
        case QueryTimeout():
            return "timeout"
        case QueryTooBig():
            return "too_big"
        case Busy() | NoBuild():
            return "busy"
        case Interrupted() | RemoteError():
            return "error"
    return "refused" if error.status == 403 else "bad_request"
