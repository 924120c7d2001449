"""The RDF of one thing: what the graph says of it, with its facts, their citations and passages."""

from __future__ import annotations

import pyoxigraph as ox

from kg.server.answers import Answers
from kg.server.log import Entry
from kg.server.plan import make_plan
from kg.server.protocol import QueryRequest
from kg.server.request import Request
from kg.server.response import Response
from kg.terms import KG, OA, RDF

ABOUT = f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ BIND(%(node)s AS ?s) ?s ?p ?o }}
  UNION {{ ?s <{RDF}subject> %(node)s ; ?p ?o }}
  UNION {{ ?fact <{RDF}subject> %(node)s ; <{KG}citation> ?s . ?s ?p ?o }}
  UNION {{ ?fact <{RDF}subject> %(node)s ; <{KG}cites> ?s . ?s ?p ?o }}
  UNION {{ ?s <{OA}hasSource> %(node)s ; ?p ?o }}
  UNION {{ ?passage <{OA}hasSource> %(node)s ; <{OA}hasSelector> ?s . ?s ?p ?o }}
}}"""
"""An entity with its facts, or a source with its passages and the facts about itself."""
DOSSIER = """CONSTRUCT { ?s ?p ?o } WHERE {
  { BIND(%(node)s AS ?s) ?s ?p ?o }
  UNION { %(node)s kg:citation|kg:cites|kg:passage ?s . ?s ?p ?o }
  UNION { %(node)s (kg:cites|kg:passage)/oa:hasSelector ?s . ?s ?p ?o }
}"""
"""A fact or a citation with what it rests on."""


def describe(iri: str, thing: str) -> str:
    """The query for the RDF of a thing of that kind (`entity`, `source`, `fact`, `citation`).

    Raises ValueError where the IRI is none.
    """
    query = ABOUT if thing in {"entity", "source"} else DOSSIER
    return query % {"node": ox.NamedNode(iri)}


class Rdf:
    """Answers with the RDF of a thing."""

    def __init__(self, answers: Answers, iri: str, thing: str, form: str) -> None:
        self._answers = answers
        self._query = describe(iri, thing)
        self._form = form

    async def answer(self, request: Request, entry: Entry) -> Response:
        """Answer in the format that was chosen."""
        request.refuse_body()
        request.watch()
        plan = make_plan(
            QueryRequest(query=self._query, format=self._form),
            None,
            request.header(b"accept-encoding"),
            self._answers.build().base,
        )
        return await self._answers.answer(request, entry, plan, self._answers.service.settings.deadline)
