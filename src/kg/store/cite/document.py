"""A query becomes the bytes of its cited answer: all that an evaluator process has to call."""

from __future__ import annotations

from kg.store.cite.bibliography import bibliography
from kg.store.cite.citer import Citer
from kg.store.cite.permalink import Permalink
from kg.store.cite.serialise import dump, to_json
from kg.store.view import View


def document(
    citer: Citer, query: str, build: str, address: str, view: View | None = None, base: str | None = None
) -> bytes:
    """Answer a query in SPARQL Results JSON with the member `cite`, permalink and bibliography included.

    `build` is the id of the build that the citer reads, `address` the URL of the service, `view` the
    graphs that the request and the query choose, `base` the base IRI of the query. Raises QueryError as
    Citer.answer does.
    """
    answer = citer.answer(query, view, base)
    link = Permalink.of(query, build, answer)
    listed = bibliography(answer.sources)
    urls = {"url": link.url(address), "page": link.page(address)}
    permalink = {**urls, "query": query, "build": build, "sha256": link.sha256}
    return to_json(answer, {"permalink": dump(permalink), "bibliography": listed.json})
