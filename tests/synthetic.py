"""A small build that follows the model, for tests of the store and the service.

Entities are tied by facts; each fact has a citation and a passage of one of the sources, whose named
graph holds what it states. All is derived from numbers, so every count can be worked out by hand.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.project import Names
from kg.terms import KG, LABEL, PREFIXES, RDF, REIFIES, TYPE, XSD

BASE = "https://kg.example/"
NAMES = Names(BASE)
SOURCES = ("alpha", "beta", "gamma")
ENTITIES = 100
DEFAULT_TRIPLES = 2 * len(SOURCES) + ENTITIES * (2 + 2 * 6)
"""Label and type of each source and entity; an entity's two facts, each with five triples about it."""
GRAPH_TRIPLES = {"alpha": 68, "beta": 66, "gamma": 66}
RDF12_TRIPLES = 2 * ENTITIES


def write_build(root: Path, entities: int = ENTITIES, extra: Iterable[str] = ()) -> Path:
    """Write a build with so many entities under `root`; returns its folder. `current` points at it."""
    data = "".join(f"{line}\n" for line in sorted({*quads(entities), *extra})).encode()
    identity = hashlib.sha256(data).hexdigest()[:16]
    folder = root / identity
    (folder / "queries").mkdir(parents=True, exist_ok=True)
    (folder / "dataset.nq").write_bytes(data)
    manifest = {
        "id": identity,
        "base": BASE,
        "title": "A synthetic graph",
        "description": "Entities that follow one another.",
        "prefixes": {"": NAMES.entity, "source": BASE + "source/", **PREFIXES},
        "counts": {"entities": entities},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    for name, text in QUERIES.items():
        (folder / "queries" / f"{name}.rq").write_text(text, "utf-8")
    switch(root, folder)
    return folder


def switch(root: Path, folder: Path) -> None:
    """Point `current` at a build, atomically."""
    draft = root / "current.new"
    draft.symlink_to(folder.name)
    draft.replace(root / "current")


def quads(entities: int) -> Iterator[str]:
    """The lines of N-Quads."""
    for source in SOURCES:
        iri = f"<{NAMES.source(source)}>"
        yield f"{iri} <{TYPE}> <{KG}Source> ."
        yield f'{iri} <{LABEL}> "Source {source}"@en .'
    for number in range(entities):
        entity = f"<{NAMES.entity}e{number}>"
        follower = f"<{NAMES.entity}e{(number + 1) % entities}>"
        source = SOURCES[number % len(SOURCES)]
        yield f"{entity} <{TYPE}> <{KG}Event> ."
        yield f'{entity} <{LABEL}> "Event {number}"@en .'
        yield from _fact(
            f"{entity} <{KG}precededBy> {follower}", entity, "precededBy", follower, source, number
        )
        rank = f'"{number}"^^<{XSD}integer>'
        yield from _fact(f"{entity} <{KG}rank> {rank}", entity, "rank", rank, source, number)


def _fact(triple: str, subject: str, name: str, value: str, source: str, number: int) -> Iterator[str]:
    fact = f"<{NAMES.fact}{hashlib.sha256(triple.encode()).hexdigest()[:16]}>"
    yield f"{triple} ."
    yield f"{triple} <{NAMES.source(source)}> ."
    yield f"{fact} <{TYPE}> <{KG}Fact> ."
    yield f"{fact} <{RDF}subject> {subject} ."
    yield f"{fact} <{RDF}predicate> <{KG}{name}> ."
    yield f"{fact} <{RDF}object> {value} ."
    yield f"{fact} <{KG}cites> <{NAMES.passage(source, f'p{number}')}> ."
    yield f"{fact} <{REIFIES}> <<( {triple} )>> <{NAMES.rdf12}> ."


QUERIES = {
    "followers": f"""#+ summary: Who follows whom
#+ description: Each event with the one after it.
#+ tags: [events]
PREFIX kg: <{KG}>
SELECT ?event ?next WHERE {{ ?event kg:precededBy ?next }} ORDER BY ?event LIMIT 20
""",
    "cited": f"""#+ summary: Ranks with their passages
#+ description: Each rank and what it rests on.
#+ tags: [citations]
PREFIX kg: <{KG}>
SELECT ?event ?rank ?passage WHERE {{
  ?event kg:rank ?rank .
  ?fact rdf:subject ?event ; rdf:predicate kg:rank ; rdf:object ?rank ; kg:cites ?passage .
}} ORDER BY ?rank LIMIT 50
""",
}
EXAMPLE_TRIPLES = len(QUERIES) * 7 + 3 * (len(PREFIXES) + 2)
"""What the service adds to the default graph: the named queries, and the prefixes that they may use."""
