"""The ontology becomes a page of reference: every term with its definition and an example."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from kg.facts.ontology import CLASSES, DATATYPE, OBJECT, ontology_files
from kg.terms import LABEL, OWL, PREFIXES, RDFS, SCHEMA, SKOS, TYPE

Term = Mapping[str, list[str]]
"""What is said of a term: values by predicate IRI."""


def reference(folder: Path) -> str:
    """The page, in Markdown, of every term that the ontology files of a folder declare."""
    terms = _read(folder)
    parts = {
        "Classes": CLASSES,
        "Properties": OBJECT | DATATYPE,
        "Individuals": {OWL + "NamedIndividual"},
    }
    lines = ["# Terms of the ontology", "", "Generated from `ontology/` by `make docs`.", ""]
    for heading, kinds in parts.items():
        found = {name: term for name, term in terms.items() if not kinds.isdisjoint(term[TYPE])}
        lines += [f"## {heading}", "", f"{len(found)} terms.", ""]
        for name, term in sorted(found.items(), key=lambda pair: pair[0].lower()):
            lines += _entry(name, term)
    return "\n".join(lines).rstrip() + "\n"


def _entry(name: str, term: Term) -> Iterator[str]:
    functional = OWL + "FunctionalProperty" in term[TYPE]
    yield f"### {_short(name)}"
    yield ""
    yield f"{term[SKOS + 'definition'][0]}{' One value at most.' if functional else ''}"
    yield ""
    yield f"- label: {term[LABEL][0]}"
    for label, predicate in _LINKS.items():
        if term[predicate]:
            yield f"- {label}: {', '.join(sorted(map(_short, term[predicate])))}"
    yield f"- example: {term[SKOS + 'example'][0]}"
    yield ""


_LINKS = {
    "a kind of": RDFS + "subClassOf",
    "used on": SCHEMA + "domainIncludes",
    "value": SCHEMA + "rangeIncludes",
}


def _read(folder: Path) -> dict[str, Term]:
    terms: dict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in ontology_files(folder):
        if path.stem != "alignments":
            for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
                if isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.Triple):
                    terms[quad.subject.value][quad.predicate.value].append(quad.object.value)
    return dict(terms)


def _short(iri: str) -> str:
    for name, space in PREFIXES.items():
        if iri.startswith(space):
            return f"`{name}:{iri.removeprefix(space)}`"
    return f"`{iri}`"


if __name__ == "__main__":
    sys.stdout.write(reference(Path(sys.argv[1])))
