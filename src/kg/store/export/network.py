"""A build becomes a network for Gephi, yEd, Cytoscape and NetworkX; nodes and edges are streamed.

GraphML: http://graphml.graphdrawing.org/primer/graphml-primer.html; GEXF 1.2draft, which all readers
know: https://gexf.net/schema.html; Cytoscape JSON as Cytoscape and Cytoscape.js exchange it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import TextIOWrapper
from typing import IO, BinaryIO, cast
from xml.sax.saxutils import escape, quoteattr

from kg.store.build import Build
from kg.store.export.edge import EDGE_FIELDS, NODE_FIELDS, edges, nodes
from kg.store.export.format import Citations
from kg.store.record import Records

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
GEXF = "http://www.gexf.net/1.2draft"
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
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
            xml.leaf("data", {"key": f"{kind}-{name}"}, value)


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
    """A stream of XML, one element a line; the standard library's takes three times as long."""

    def __init__(self, output: IO[bytes]) -> None:
        self._text = TextIOWrapper(cast(BinaryIO, output), "utf-8", newline="", write_through=False)
        self._text.write('<?xml version="1.0" encoding="utf-8"?>\n')

    @contextmanager
    def element(self, name: str, attributes: Mapping[str, str] | None = None, **more: str) -> Iterator[None]:
        self._text.write(f"<{name}{_attributes({**(attributes or {}), **more})}>")
        yield
        self._text.write(f"</{name}>\n")

    def empty(self, name: str, attributes: Mapping[str, str]) -> None:
        self._text.write(f"<{name}{_attributes(attributes)}/>\n")

    def leaf(self, name: str, attributes: Mapping[str, str], text: str) -> None:
        self._text.write(f"<{name}{_attributes(attributes)}>{escape(_clean(text))}</{name}>\n")

    def end(self) -> None:
        """Write what is left; the file stays open."""
        self._text.detach()


def _attributes(values: Mapping[str, str]) -> str:
    return "".join([f" {name}={quoteattr(_clean(value))}" for name, value in values.items()])


def _clean(text: str) -> str:
    return FORBIDDEN.sub("", text)
