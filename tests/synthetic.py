"""A small build that follows the model, for tests of the store and the service.

Entities are tied by facts; each fact has a citation and a passage of one of the sources, whose named
graph holds what it states. All is derived from numbers, so every count can be worked out by hand.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from kg.project import Names
from kg.terms import KG, LABEL, PREFIXES, RDF, REIFIES, TYPE, XSD

BASE = "https://kg.example/"
NAMES = Names(BASE)
SOURCES = ("alpha", "beta", "gamma")
RDF12 = f"<{NAMES.rdf12}>"


def write_build(root: Path, entities: int = 100, sources: tuple[str, ...] = SOURCES) -> Path:
    """Write a build with so many entities under `root`; returns its folder. `current` points at it."""
    lines = sorted(set(quads(entities, sources)))
    data = "".join(line + "\n" for line in lines).encode()
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


def quads(entities: int, sources: tuple[str, ...] = SOURCES) -> Iterator[str]:
    """The N-Quads lines: 12 for an entity in the default graph, 2 in source graphs, 2 in the RDF 1.2 view."""
    for source in sources:
        iri = f"<{NAMES.source(source)}>"
        yield f"{iri} <{TYPE}> <{KG}Source> ."
        yield f'{iri} <{LABEL}> "Source {source}"@en .'
    for number in range(entities):
        entity = f"<{NAMES.entity}e{number}>"
        follower = f"<{NAMES.entity}e{(number + 1) % entities}>"
        yield f"{entity} <{TYPE}> <{KG}Event> ."
        yield f'{entity} <{LABEL}> "Event {number}"@en .'
        source = sources[number % len(sources)]
        yield from _fact(entity, f"<{KG}precededBy>", follower, source, number)
        yield from _fact(entity, f"<{KG}rank>", f'"{number}"^^<{XSD}integer>', source, number)


def _fact(subject: str, predicate: str, obj: str, source: str, number: int) -> Iterator[str]:
    triple = f"{subject} {predicate} {obj}"
    fact = f"<{NAMES.fact}{hashlib.sha256(triple.encode()).hexdigest()[:16]}>"
    yield f"{triple} ."
    yield f"{triple} <{NAMES.source(source)}> ."
    yield f"{fact} <{TYPE}> <{KG}Fact> ."
    yield f"{fact} <{RDF}subject> {subject} ."
    yield f"{fact} <{RDF}predicate> {predicate} ."
    yield f"{fact} <{RDF}object> {obj} ."
    yield f"{fact} <{KG}cites> <{NAMES.passage(source, f'p{number}')}> ."
    yield f"{fact} <{REIFIES}> <<( {triple} )>> {RDF12} ."


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
