"""The graph store, read-only: a graph, or the whole dataset (SPARQL 1.1 Graph Store HTTP Protocol §5.2)."""

from __future__ import annotations

from kg.errors import QueryRefused, RequestError
from kg.server.answers import Answers
from kg.server.log import Entry
from kg.server.plan import export_plan
from kg.server.protocol import NO_UPDATES, parse_parameters, read_version, values_of
from kg.server.request import Request
from kg.server.response import Response
from kg.store.formats import DATASETS, GRAPHS, Format
from kg.store.job import Job

UNLIMITED = 1 << 62


class GraphStore:
    """Answers requests for graphs."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._deadline = answers.service.settings.export_deadline

    async def answer(self, request: Request, entry: Entry) -> Response:
        """A graph named by `graph=`, the default graph by `default`, everything without either."""
        if request.method not in {"GET", "HEAD"}:
            raise RequestError(405, NO_UPDATES, {"allow": "GET, HEAD, OPTIONS"})
        request.refuse_body()
        parameters = parse_parameters(request.query_string)
        job, formats = _job(parameters)
        named = values_of(parameters, "format")
        plan = export_plan(
            job,
            formats,
            named[0] if named else None,
            request.header(b"accept"),
            request.header(b"accept-encoding"),
        )
        request.watch()
        try:
            return await self._answers.answer(request, entry, plan, self._deadline, UNLIMITED)
        except QueryRefused as error:
            raise RequestError(404, str(error)) from None


def _job(parameters: list[tuple[str, str]]) -> tuple[Job, tuple[Format, ...]]:
    graphs, default = values_of(parameters, "graph"), values_of(parameters, "default")
    version = values_of(parameters, "version")
    rdf12 = read_version(version[0] if version else None)
    if len(graphs) + len(default) > 1:
        raise RequestError(400, "Name one graph: either graph=IRI or default.")
    if graphs or default:
        return Job(task="graph", default_graphs=graphs, rdf12=rdf12), GRAPHS
    return Job(task="dataset", rdf12=rdf12), DATASETS
