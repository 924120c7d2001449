"""A build becomes JSON-LD 1.1 that people read: flattened, or framed with one tree a fact.

The default graph only; `jsonld` holds the sources' graphs too. Both are streamed.
https://www.w3.org/TR/json-ld11/#flattened-document-form and https://www.w3.org/TR/json-ld11-framing/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

import pyoxigraph as ox

from kg.store.build import Build
from kg.store.export.format import Citations
from kg.store.export.rdf import SYNTAXES, quads
from kg.store.record import CITATION, FACT, PASSAGE, POSITION, QUOTE, SOURCE, Node, Records, Term, group
from kg.terms import KG, OA, TYPE, XSD

CHILDREN = {KG + "citation", KG + "passage", OA + "hasSource", OA + "hasSelector"}
"""Properties whose values a frame embeds: from the fact to its citations, passages and sources."""
EMBEDDED = (CITATION, PASSAGE, POSITION, QUOTE, SOURCE)


def write_flat(build: Build, citations: Citations, output: IO[bytes]) -> None:
    """Write one object a subject. Raises OSError."""
    triples = quads(build, SYNTAXES["turtle"], citations)
    _write(build, (Shortener(build).node(node, {}) for node in group(triples)), output)


def write_framed(build: Build, citations: Citations, output: IO[bytes]) -> None:
    """Write one tree a fact, with its citations, their passages and sources inside; entities follow.

    Raises OSError.
    """
    _write(build, _trees(build, citations), output)


def _trees(build: Build, citations: Citations) -> Iterator[dict[str, Any]]:
    shorten = Shortener(build)
    records = Records.of(build)
    inner = {node.iri: node for node in records.nodes() if any(map(node.is_a, EMBEDDED))}
    cited: set[str] = set()
    for node in group(quads(build, SYNTAXES["turtle"], citations)):
        if node.is_a(FACT):
            yield shorten.node(node, inner)
            cited.update(_reached(node, inner))
    for node in group(quads(build, SYNTAXES["turtle"], citations)):
        if not node.is_a(FACT) and node.iri not in cited:
            yield shorten.node(node, {})


def _reached(node: Node, inner: Mapping[str, Node]) -> Iterator[str]:
    for predicate in CHILDREN:
        for iri in node.all(predicate):
            if iri in inner:
                yield iri
                yield from _reached(inner[iri], inner)


class Shortener:
    """Turns nodes into JSON objects whose keys have the build's prefixes."""

    def __init__(self, build: Build) -> None:
        spaces = [(space, name) for name, space in build.prefixes.items() if name]
        self._spaces = sorted(spaces, key=lambda pair: len(pair[0]), reverse=True)

    def node(self, node: Node, inner: Mapping[str, Node]) -> dict[str, Any]:
        """A node, with those of `inner` embedded where a property of CHILDREN leads to them."""
        tree: dict[str, Any] = {"@id": node.iri}
        for predicate, values in sorted(node.values.items()):
            if predicate == TYPE:
                tree["@type"] = [self.iri(value.value) for value in values if isinstance(value, ox.NamedNode)]
            else:
                deeper = inner if predicate in CHILDREN else {}
                tree[self.iri(predicate)] = [self._value(value, deeper) for value in values]
        return tree

    def _value(self, term: Term, inner: Mapping[str, Node]) -> dict[str, Any]:
        if isinstance(term, ox.NamedNode):
            found = inner.get(term.value)
            return {"@id": term.value} if found is None else self.node(found, inner)
        assert isinstance(term, ox.Literal), "datasets have no blank nodes, and triple terms are a view"
        if term.language:
            return {"@value": term.value, "@language": term.language}
        plain = term.datatype.value == XSD + "string"
        return {"@value": term.value} | ({} if plain else {"@type": self.iri(term.datatype.value)})

    def iri(self, iri: str) -> str:
        """A compact IRI where a prefix fits, https://www.w3.org/TR/json-ld11/#compact-iris."""
        for space, name in self._spaces:
            local = iri[len(space) :]
            if iri.startswith(space) and local and not local.startswith("//"):
                return f"{name}:{local}"
        return iri


def _write(build: Build, trees: Iterator[dict[str, Any]], output: IO[bytes]) -> None:
    context = {
        name: {"@id": space, "@prefix": True} for name, space in sorted(build.prefixes.items()) if name
    }
    output.write(b'{"@context":' + json.dumps(context).encode() + b',\n"@graph":[')
    for number, tree in enumerate(trees):
        output.write((",\n" if number else "\n").encode() + json.dumps(tree, ensure_ascii=False).encode())
    output.write(b"\n]}\n")
