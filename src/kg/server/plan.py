"""A request and what its client accepts become a plan: the job, and the key of its answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from kg.errors import RequestError
from kg.server.negotiation import Choice, accepts_gzip, choose_format, find_format
from kg.server.protocol import QueryRequest
from kg.store.formats import GRAPHS, RESULTS, Format
from kg.store.job import Job

CHANGING = ("now", "rand", "uuid", "bnode", "service")
"""Words whose answers may differ from one time to the next."""
CHANGING_WORD = re.compile(r"(?i)\b(?:now|rand|uuid|struuid|bnode|service)\b")
LONGEST_KEPT = 16_384
"""Characters of a query whose answer is kept at most; to look through longer ones takes too long."""
DIGEST = 12
"""Bytes of hash in a key: 96 bits."""


class Plan(NamedTuple):
    """What is to be done for a request."""

    job: Job
    key: str
    """Hash of everything that the answer depends on, but for the build."""
    lasting: bool
    """Whether the same question has the same answer for as long as the build is the same."""
    media_types: tuple[tuple[str, bytes], ...]
    """What to call a format that the client asked for by another name."""

    def media_type(self, form: str) -> bytes:
        """The Content-Type of an answer in a format."""
        return dict(self.media_types)[form]


def make_plan(
    request: QueryRequest, accept: str | None, encoding: str | None, base: str, address: str = ""
) -> Plan:
    """Decide in which formats to answer; `address` goes into permalinks.

    Raises RequestError where there is none that will do.
    """
    results, graph = _formats(request.format, request.cite, accept)
    job = Job(
        query=request.query,
        default_graphs=request.default_graphs,
        named_graphs=request.named_graphs,
        rdf12=request.rdf12,
        results=results.format.name if results else "",
        graph=graph.format.name if graph else "",
        gzip=accepts_gzip(encoding),
        base=base,
        cite=request.cite,
        address=address,
    )
    return _plan(job, [choice for choice in (results, graph) if choice], _lasts(request.query))


def _lasts(query: str) -> bool:
    if len(query) > LONGEST_KEPT:
        return False
    lowered = query.lower()  # thirty times quicker than the expression, which then has the last word
    return not any(word in lowered for word in CHANGING) or not CHANGING_WORD.search(query)


def export_plan(
    job: Job, formats: Sequence[Format], name: str | None, accept: str | None, encoding: str | None
) -> Plan:
    """The plan of a job that is no query. Raises RequestError where no format will do."""
    choice = find_format(name, formats) if name is not None else choose_format(accept, formats)
    if not choice:
        offers = ", ".join(form.essence for form in formats)
        raise RequestError(406, f"None of the types asked for can be had. There are {offers}.")
    return _plan(job._replace(graph=choice.format.name, gzip=accepts_gzip(encoding)), [choice], lasting=True)


def _plan(job: Job, choices: Sequence[Choice], lasting: bool) -> Plan:
    names = tuple((choice.format.name, choice.media_type.encode("latin-1")) for choice in choices)
    key = hashlib.blake2b(repr((job, names)).encode(), digest_size=DIGEST).hexdigest()
    return Plan(job, key, lasting, names)


@lru_cache(maxsize=512)
def _formats(name: str, cite: bool, accept: str | None) -> tuple[Choice | None, Choice | None]:
    if cite:
        return _cited_format(name, accept), None
    if name:
        results, graph = find_format(name, RESULTS), find_format(name, GRAPHS)
        if not results and not graph:
            names = ", ".join(form.name for form in (*RESULTS, *GRAPHS))
            raise RequestError(400, f"There is no format “{name}”. There are {names}.")
    else:
        results, graph = choose_format(accept, RESULTS), choose_format(accept, GRAPHS)
        if not results and not graph:
            raise RequestError(406, f"None of the types accepted can be had. {available()}")
    return results, graph


def _cited_format(name: str, accept: str | None) -> Choice:
    """Citations travel in a member of SPARQL's JSON, whatever the form of the query."""
    offers = [form for form in RESULTS if form.name == "json"]
    choice = find_format(name, offers) if name else choose_format(accept, offers)
    if choice is None:
        status = 400 if name else 406
        raise RequestError(status, f"A cited answer can only be had as {offers[0].essence}.")
    return choice


def available() -> str:
    """The formats there are, in a sentence."""
    results = ", ".join(form.essence for form in RESULTS)
    graphs = ", ".join(form.essence for form in GRAPHS)
    return f"SELECT and ASK are answered in {results}; CONSTRUCT and DESCRIBE in {graphs}."
