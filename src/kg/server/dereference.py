"""IRIs of the graph lead somewhere: `/entity/x` as a page, as JSON(-LD) or as RDF, by wish or extension."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from kg.errors import KgError, RequestError, UnknownName
from kg.server.answers import Answers
from kg.server.api.reply import JSON, JSON_LD, reply
from kg.server.api.things import entity_with_facts, source_with_passages
from kg.server.catalog import Catalog, Volume
from kg.server.exchange import Exchange
from kg.server.negotiation import choose
from kg.server.pages.render import HTML, Pages
from kg.server.rdf import Rdf
from kg.server.response import Receive, Scope, Send
from kg.store.formats import GRAPHS

EXTENSIONS = {"html": HTML, "json": JSON, "jsonld": JSON_LD} | {
    form.name: form.essence for form in GRAPHS if form.name in {"ttl", "nt", "rdf"}
}
OFFERS = tuple(EXTENSIONS.values())
FORMS = {form.essence: form.name for form in GRAPHS}
Find = Callable[[Volume, str], dict[str, Any]]

FINDERS: dict[str, Find] = {
    "entity": entity_with_facts,
    "source": source_with_passages,
    "fact": lambda volume, name: volume.lookup.fact(name),
    "citation": lambda volume, name: volume.lookup.fact(volume.lookup.fact_of_citation(name)),
}
"""What the JSON of a thing holds."""


class Dereference:
    """An ASGI application for the IRIs of one kind of thing."""

    def __init__(self, thing: str, answers: Answers, catalog: Catalog, pages: Pages) -> None:
        self._thing = thing
        self._answers = answers
        self._catalog = catalog
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in the representation that the client wants."""
        request = Request(scope, receive)
        try:
            name, media_type = self._wish(request)
            if media_type in {HTML, JSON, JSON_LD}:
                response = await run_in_threadpool(self._respond, request, name, media_type)
            else:
                await self._send_rdf(name, FORMS[media_type], scope, receive, send)
                return
        except KgError as error:
            response = self._pages.error(request, error)
        await response(scope, receive, send)

    def _wish(self, request: Request) -> tuple[str, str]:
        """The name and the media type that are asked for."""
        name: str = request.path_params["name"]
        stem, dot, extension = name.rpartition(".")
        if dot and extension in EXTENSIONS:
            return stem, EXTENSIONS[extension]
        chosen = choose(request.headers.get("accept"), OFFERS)
        if not chosen:
            raise RequestError(406, f"None of the types asked for can be had. There are {', '.join(OFFERS)}.")
        return name, chosen

    def _respond(self, request: Request, name: str, media_type: str) -> Response:
        volume = self._catalog.current
        found = FINDERS[self._thing](volume, name)
        if media_type == HTML:
            return self._page(request, volume, name, found)
        return reply(request, volume, found, media_type)

    def _page(self, request: Request, volume: Volume, name: str, found: dict[str, Any]) -> Response:
        if self._thing == "citation":
            place = found["id"].removeprefix(volume.build.base)
            return RedirectResponse(f"{request.scope.get('root_path', '')}/{place}#{name}", 303)
        return self._pages.thing(request, volume, self._thing, name, found)

    async def _send_rdf(self, name: str, form: str, scope: Scope, receive: Receive, send: Send) -> None:
        volume = self._catalog.current
        iri = f"{volume.build.base}{self._thing}/{name}"
        await run_in_threadpool(self._check, volume, name)
        try:
            rdf = Rdf(self._answers, iri, self._thing, form)
        except ValueError:
            raise UnknownName(f"<{iri}> is no IRI.") from None
        await Exchange(self._answers.service, rdf.answer)(scope, receive, send)

    def _check(self, volume: Volume, name: str) -> None:
        """Raises UnknownName where there is no such thing: an empty graph would look like an answer."""
        lookup = volume.lookup
        known = {"entity": lookup.entity, "source": lookup.source, "fact": lookup.fact}
        known.get(self._thing, lookup.fact_of_citation)(name)
