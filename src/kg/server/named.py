"""Named queries as endpoints: `/api/queries/NAME?parameter=…`, in every format of the SPARQL endpoint."""

from __future__ import annotations

from kg.errors import RequestError
from kg.server.answers import Answers
from kg.server.catalog import Catalog
from kg.server.log import Entry
from kg.server.parameters import fill
from kg.server.plan import make_plan
from kg.server.protocol import QueryRequest, parse_parameters
from kg.server.request import Request
from kg.server.response import Response
from kg.store.formats import GRAPHS, RESULTS

PREFIX = "/api/queries/"
EXTENSIONS = {form.name for form in (*RESULTS, *GRAPHS)}


class NamedQueries:
    """Answers named queries."""

    def __init__(self, answers: Answers, catalog: Catalog) -> None:
        self._answers = answers
        self._catalog = catalog

    async def answer(self, request: Request, entry: Entry) -> Response:
        """Answer the query that the path names, its parameters filled in."""
        request.refuse_body()
        request.watch()
        volume = self._catalog.current
        path = request.scope["path"]
        name, _, extension = path[path.index(PREFIX) + len(PREFIX) :].partition(".")
        if extension and extension not in EXTENSIONS:
            raise RequestError(404, f"There is no format “{extension}”.")
        query = volume.query(name)
        values = dict(parse_parameters(request.query_string))
        form = extension or values.pop("format", "")
        text = fill(query.text, values, volume.build.prefixes)
        plan = make_plan(
            QueryRequest(query=text, format=form),
            request.header(b"accept"),
            request.header(b"accept-encoding"),
            volume.build.base,
        )
        return await self._answers.answer(request, entry, plan, self._answers.service.settings.deadline)
