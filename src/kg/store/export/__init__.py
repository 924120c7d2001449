"""A build becomes a standard file that other tools read: one module an encoding."""

from __future__ import annotations

from functools import partial

from kg.store.export import bibliography, jsonld, nanopub, network, owl, property_graph, table, wikibase
from kg.store.export.format import Citations, FileFormat, FolderFormat, Format
from kg.store.export.rdf import SYNTAXES
from kg.store.export.rdf import write as write_rdf

__all__ = ["FORMATS", "Citations", "FileFormat", "FolderFormat", "Format"]

FORMATS: dict[str, Format] = {
    **{name: FileFormat(syntax.extension, partial(write_rdf, syntax)) for name, syntax in SYNTAXES.items()},
    "jsonld-flat": FileFormat("jsonld", jsonld.write_flat),
    "jsonld-framed": FileFormat("jsonld", jsonld.write_framed),
    "owl": FileFormat("ttl", owl.write),
    "nanopub": FileFormat("trig", nanopub.write),
    "wikibase": FileFormat("nt", wikibase.write),
    "graphml": FileFormat("graphml", network.write_graphml),
    "gexf": FileFormat("gexf", network.write_gexf),
    "cytoscape": FileFormat("cyjs", network.write_cytoscape),
    "property-graph": FolderFormat(property_graph.write),
    "csv": FileFormat("csv", table.write_csv),
    "parquet": FileFormat("parquet", table.write_parquet),
    "sqlite": FileFormat("sqlite", table.write_sqlite),
    "bibtex": FileFormat("bib", bibliography.write_bibtex),
    "csl": FileFormat("json", bibliography.write_csl),
}
