"""An empty folder becomes a project: the template of the package, under a base IRI of one's own."""

from __future__ import annotations

import json
import os
import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pyoxigraph as ox

from kg.corpus.document.document import LIMIT
from kg.errors import KgError
from kg.facts.ontology import CLASSES, PROPERTIES
from kg.project import CONFIG
from kg.terms import TYPE

BASE = "https://example.org/kg/"
TITLE = "A new project"
OWN = "own.ttl"
SHOWN = 300
"""Characters of a parser's message that are passed on: it may quote the whole file."""
"""The template's own terms, which somebody's ontology replaces."""
OWL_XML = {"owl": ox.RdfFormat.RDF_XML, "xml": ox.RdfFormat.RDF_XML}


def start(folder: Path, base: str, title: str, ontology: Path | None) -> None:
    """Write a new project into `folder`, which must not exist or be empty.

    `ontology` is an OWL or RDFS file in any RDF syntax. Raises KgError, and then writes nothing.
    """
    if not base.startswith(("http://", "https://")) or not base.endswith("/"):
        raise KgError(
            f"The base {base} is no IRI that ends in a slash. Write one such as https://example.org/kg/."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KgError(f"{folder} is not an empty folder. Name a new one.")
    terms = None if ontology is None else read_ontology(ontology)
    scratch = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        _copy(scratch, base, title)
        if ontology is not None and terms is not None:
            (scratch / "ontology" / OWN).unlink()
            (scratch / "ontology" / f"{ontology.stem}.ttl").write_bytes(terms)
        if folder.exists():
            folder.rmdir()
        scratch.rename(folder)
    except OSError as error:
        raise KgError(f"{folder} cannot be written: {error.strerror}.") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _copy(target: Path, base: str, title: str) -> None:
    with as_file(files("kg") / "template") as template:
        shutil.copytree(template, target)
    (target / "gitignore").rename(target / ".gitignore")
    for path in (path for path in target.rglob("*") if path.is_file()):
        text = path.read_text("utf-8").replace(BASE, base)
        if path.name == CONFIG:
            text = text.replace(f'"{TITLE}"', json.dumps(title, ensure_ascii=False))
        path.write_text(text, "utf-8")


def read_ontology(path: Path) -> bytes:
    """An OWL or RDFS file as Turtle. Raises KgError where it is none."""
    extension = path.suffix.removeprefix(".").lower()
    format_ = OWL_XML.get(extension) or ox.RdfFormat.from_extension(extension)
    if format_ is None:
        raise KgError(
            f"{path} has an extension of no RDF syntax that is known: use .ttl, .owl, .rdf, .jsonld or .nt."
        )
    try:
        if path.stat().st_size > LIMIT:
            raise KgError(f"{path} is larger than {LIMIT // 1_000_000} MB. Is it an ontology?")
        parser = ox.parse(path=str(path), format=format_, base_iri="https://example.org/")
        triples = [quad.triple for quad in parser]
    except OSError as error:
        raise KgError(f"{path} cannot be read: {error.strerror}.") from None
    except SyntaxError as error:
        raise KgError(f"{path} is no {format_.name}: {error.msg[:SHOWN]}.") from None
    kinds = {triple.object.value for triple in triples if _is_type(triple)}
    if kinds.isdisjoint(CLASSES | PROPERTIES):
        raise KgError(f"{path} declares no class and no property.")
    turtle = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=_prefixes(parser))
    assert turtle is not None
    return turtle


def _prefixes(parser: ox.QuadParser) -> dict[str, str]:
    return dict(sorted(parser.prefixes.items()))


def _is_type(triple: ox.Triple) -> bool:
    return triple.predicate.value == TYPE and isinstance(triple.object, ox.NamedNode)
