"""A build becomes a network for Gephi, yEd, Cytoscape and NetworkX; nodes and edges are streamed.

GraphML: http://graphml.graphdrawing.org/primer/graphml-primer.html; GEXF 1.2draft, which all readers
know: https://gexf.net/schema.html; Cytoscape JSON as Cytoscape and Cytoscape.js exchange it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from kg.store.build import Build
from kg.store.export.edge import EDGE_FIELDS, NODE_FIELDS, edges, nodes
from kg.store.export.format import Citations
from kg.store.record import Records

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
GEXF = "http://www.gexf.net/1.2draft"
FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
"""Characters that XML 1.0 (§2.2) cannot hold; they are left out."""


def write_graphml(build: Build, citations: Citations, output: IO[bytes]) -> None:
    """Write GraphML: a directed multigraph. Raises OSError."""
    records = Records.of(build, citations is Citations.NONE)
    xml = _Xml(output)
    with xml.element("graphml", xmlns=GRAPHML):
        for kind, fields in (("node", NODE_FIELDS), ("edge", EDGE_FIELDS)):
            for name in fields:
                key = {"id": f"{kind}-{name}", "for": kind, "attr.name": name, "attr.type": "string"}
                xml.empty("key", key)
        with xml.element("graph", id="kg", edgedefault="directed"):
            for node in nodes(records):
                with xml.element("node", id=node.id):
                    _data(xml, "node", node.attributes)
            for edge in edges(records):
                with xml.element("edge", id=edge.id, source=edge.source, target=edge.target):
                    _data(xml, "edge", edge.attributes)
    xml.end()


def _data(xml: _Xml, kind: str, attributes: Mapping[str, str]) -> None:
    for name, value in attributes.items():
        if value:
            with xml.element("data", key=f"{kind}-{name}"):
                xml.text(value)


def write_gexf(build: Build, citations: Citations, output: IO[bytes]) -> None:
    """Write GEXF: a directed graph whose parallel edges have ids. Raises OSError."""
    records = Records.of(build, citations is Citations.NONE)
    xml = _Xml(output)
    with (
        xml.element("gexf", xmlns=GEXF, version="1.2"),
        xml.element("graph", defaultedgetype="directed", mode="static"),
    ):
        for kind, fields in (("node", NODE_FIELDS), ("edge", EDGE_FIELDS)):
            with xml.element("attributes", {"class": kind}):
                for name in fields:
                    xml.empty("attribute", {"id": name, "title": name, "type": "string"})
        with xml.element("nodes"):
            for node in nodes(records):
                with xml.element("node", id=node.id, label=node.attributes["label"]):
                    _values(xml, node.attributes)
        with xml.element("edges"):
            for edge in edges(records):
                ends = {"id": edge.id, "source": edge.source, "target": edge.target}
                with xml.element("edge", {**ends, "label": edge.attributes["label"]}):
                    _values(xml, edge.attributes)
    xml.end()


def _values(xml: _Xml, attributes: Mapping[str, str]) -> None:
    with xml.element("attvalues"):
        for name, value in attributes.items():
            if value:
                xml.empty("attvalue", {"for": name, "value": value})


def write_cytoscape(build: Build, citations: Citations, output: IO[bytes]) -> None:
    """Write Cytoscape JSON. Raises OSError."""
    records = Records.of(build, citations is Citations.NONE)
    head = {"name": build.title, "shared_name": build.title}
    output.write(b'{"format_version":"1.0","directed":true,"multigraph":true,"data":')
    output.write(json.dumps(head, ensure_ascii=False).encode() + b',"elements":{"nodes":[')
    _write_items(
        output,
        ({"id": n.id, "value": n.id, "name": n.attributes["label"], **n.attributes} for n in nodes(records)),
    )
    output.write(b'],"edges":[')
    ends = (
        {
            "id": e.id,
            "key": e.id,
            "source": e.source,
            "target": e.target,
            "interaction": e.attributes["label"],
        }
        | e.attributes
        for e in edges(records)
    )
    _write_items(output, ends)
    output.write(b"]}}\n")


def _write_items(output: IO[bytes], items: Iterable[Mapping[str, str]]) -> None:
    for number, item in enumerate(items):
        filled = {name: value for name, value in item.items() if value}
        line = json.dumps({"data": filled}, ensure_ascii=False)
        output.write((",\n" if number else "\n").encode() + line.encode())


class _Xml:
    """A stream of XML, one element a line."""

    def __init__(self, output: IO[bytes]) -> None:
        self._generator = XMLGenerator(output, "utf-8", short_empty_elements=True)
        self._generator.startDocument()

    @contextmanager
    def element(self, name: str, attributes: Mapping[str, str] | None = None, **more: str) -> Iterator[None]:
        given = {**(attributes or {}), **more}
        cleaned = {key: _clean(value) for key, value in given.items()}
        self._generator.startElement(name, AttributesImpl(cleaned))
        yield
        self._generator.endElement(name)
        self._generator.ignorableWhitespace("\n")

    def empty(self, name: str, attributes: Mapping[str, str]) -> None:
        with self.element(name, attributes):
            pass

    def text(self, text: str) -> None:
        self._generator.characters(_clean(text))

    def end(self) -> None:
        self._generator.endDocument()


def _clean(text: str) -> str:
    return text.translate(FORBIDDEN)
