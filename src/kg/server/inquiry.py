"""A query of our own becomes its cited answer, for pages and look-ups that are made of one."""

from __future__ import annotations

import json

from kg.server.service import Service
from kg.store.job import Job
from kg.store.shape import Json


async def cited(service: Service, query: str, base: str, stated: bool = False) -> Json:
    """SPARQL Results JSON with the member `cite`; `stated` as in Job. Raises what the evaluation raises."""
    job = Job(query=query, results="json", base=base, cite=True, stated=stated)
    evaluation = await service.pool.begin(job, service.settings.deadline)
    try:
        body = b"".join([piece async for piece in evaluation.reply.pieces()])
    finally:
        evaluation.stop()
    found: Json = json.loads(body)
    return found
