"""Requests for descriptions become RDF with true counts, counted once for each build."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox

from kg.errors import RequestError
from kg.server.description import Address, describe_dataset, describe_service, serialize
from kg.server.log import Entry
from kg.server.negotiation import choose_format, find_format
from kg.server.protocol import parse_parameters, values_of
from kg.server.request import Request
from kg.server.response import Response
from kg.server.service import Service
from kg.store.build import Build
from kg.store.formats import GRAPHS
from kg.store.job import Job


class Describer:
    """Describes the service and its dataset."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._numbers: tuple[str, dict[str, Any]] = ("", {})

    async def service(self, request: Request) -> Response:
        """The service description, at the endpoint itself."""
        build, address = self._service.pool.build, self._address(request)
        federated = bool(self._service.settings.services)
        return _respond(request, describe_service(build, await self._count(build), address, federated))

    async def dataset(self, request: Request, entry: Entry) -> Response:
        """VoID and DCAT, at /.well-known/void."""
        if request.method not in {"GET", "HEAD"}:
            raise RequestError(405, "A description is read by GET.", {"allow": "GET, HEAD, OPTIONS"})
        entry.outcome = "described"
        build = self._service.pool.build
        return _respond(request, describe_dataset(build, await self._count(build), self._address(request)))

    async def _count(self, build: Build) -> dict[str, Any]:
        if self._numbers[0] != build.id:
            deadline = self._service.settings.export_deadline
            evaluation = await self._service.pool.begin(Job(task="statistics"), deadline)
            evaluation.stop()
            self._numbers = (evaluation.build, evaluation.reply.head)
        return self._numbers[1]

    def _address(self, request: Request) -> Address:
        return Address.asked(self._service.settings, request)


def _respond(request: Request, triples: Iterable[ox.Triple]) -> Response:
    named = values_of(parse_parameters(request.query_string), "format")
    choice = find_format(named[0], GRAPHS) if named else choose_format(request.header(b"accept"), GRAPHS)
    if not choice:
        offers = ", ".join(form.essence for form in GRAPHS)
        raise RequestError(406, f"None of the types asked for can be had. There are {offers}.")
    syntax = choice.format.syntax
    assert isinstance(syntax, ox.RdfFormat)
    headers = [
        (b"content-type", choice.media_type.encode()),
        (b"vary", b"Accept, Host"),
        (b"cache-control", b"no-cache"),
    ]
    return Response(200, headers, serialize(triples, syntax))
