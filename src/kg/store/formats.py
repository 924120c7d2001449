"""The formats in which answers can be written, with the media types that pyoxigraph gives them."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox


@dataclass(frozen=True)
class Format:
    """One way to write an answer."""

    name: str
    """Short, for `format=` in an address bar."""
    media_type: str
    """What Content-Type says of it."""
    syntax: ox.QueryResultsFormat | ox.RdfFormat
    aliases: tuple[str, ...] = ()
    """Other names and media types that clients use for it."""
    rdf12: bool = True
    """Whether it can carry triple terms."""

    @property
    def essence(self) -> str:
        """The media type without parameters."""
        return self.media_type.partition(";")[0]


def _text(syntax: ox.RdfFormat) -> str:
    """RDF in text/*: UTF-8 by definition, which clients that assume Latin-1 need to be told."""
    return f"{syntax.media_type}; charset=utf-8"


RESULTS = (
    Format("json", ox.QueryResultsFormat.JSON.media_type, ox.QueryResultsFormat.JSON, ("application/json",)),
    Format(
        "xml",
        ox.QueryResultsFormat.XML.media_type,
        ox.QueryResultsFormat.XML,
        ("application/xml", "text/xml"),
    ),
    Format("csv", ox.QueryResultsFormat.CSV.media_type, ox.QueryResultsFormat.CSV),
    Format("tsv", ox.QueryResultsFormat.TSV.media_type, ox.QueryResultsFormat.TSV),
)
"""For SELECT and ASK, best first."""

DATASETS = (
    Format("nq", ox.RdfFormat.N_QUADS.media_type, ox.RdfFormat.N_QUADS, ("nquads", "text/x-nquads")),
    Format("trig", ox.RdfFormat.TRIG.media_type, ox.RdfFormat.TRIG, ("application/x-trig",)),
    Format(
        "jsonld", ox.RdfFormat.JSON_LD.media_type, ox.RdfFormat.JSON_LD,
        ("json-ld", "application/json"), rdf12=False,
    ),
)  # fmt: skip
"""For a whole dataset, best first."""

GRAPHS = (
    Format("ttl", _text(ox.RdfFormat.TURTLE), ox.RdfFormat.TURTLE, ("turtle", "application/x-turtle")),
    Format("nt", ox.RdfFormat.N_TRIPLES.media_type, ox.RdfFormat.N_TRIPLES, ("ntriples", "text/plain")),
    Format(
        "rdf", ox.RdfFormat.RDF_XML.media_type, ox.RdfFormat.RDF_XML,
        ("rdfxml", "application/xml", "text/xml"),
    ),
    DATASETS[2],
    DATASETS[0],
    DATASETS[1],
)  # fmt: skip
"""For CONSTRUCT, DESCRIBE and single graphs, best first."""

BY_NAME = {each.name: each for each in (*RESULTS, *GRAPHS)}
