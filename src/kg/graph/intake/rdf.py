"""RDF that says where its triples are from becomes sources and facts.

A triple's source is named by its graph, by an RDF 1.2 annotation, or by an rdf:Statement about it.
For each source named there is one here; its text is the triples that it states, one a line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from kg.corpus.add import identifier
from kg.errors import KgError
from kg.facts.ontology import Ontology
from kg.graph.intake.incoming import IncomingFact, IncomingSource
from kg.graph.intake.mapping import Terms
from kg.project import Project
from kg.terms import ALT_LABEL, DCTERMS, EDTF, KG, LABEL, RDF, REIFIES, SCHEMA, SKOS, TYPE, XSD

PROV = "http://www.w3.org/ns/prov#"
SOURCES = (
    KG + "cites", PROV + "wasDerivedFrom", PROV + "hadPrimarySource", PROV + "wasQuotedFrom",
    DCTERMS + "source", "http://purl.org/dc/elements/1.1/source", SCHEMA + "citation", SCHEMA + "isBasedOn",
)  # fmt: skip
"""Properties by which people say where a statement is from."""
LABELS = (LABEL, SKOS + "prefLabel", SCHEMA + "name")
NAMING = {TYPE, ALT_LABEL, *LABELS}
STATEMENT = {RDF + "subject", RDF + "predicate", RDF + "object"}
RECORD = {
    DCTERMS + "title": "title", DCTERMS + "creator": "creators", DCTERMS + "date": "date",
    DCTERMS + "publisher": "publisher", DCTERMS + "language": "language", DCTERMS + "rights": "rights",
}  # fmt: skip
DATES = {XSD + name for name in ("gYear", "gYearMonth", "date")}
ZONE = re.compile(r"(Z|[+-]\d{2}:\d{2})$")

Key = tuple[str, str, ox.NamedNode | ox.Literal]


@dataclass
class Content:
    """A file of RDF, sorted by what each triple is for."""

    stated: dict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Each triple with what names its sources: IRIs, or texts."""
    about: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    """Names, types and bibliographic data of entities and sources."""


@dataclass(frozen=True)
class Import:
    """What an import came to."""

    sources: list[IncomingSource]
    uncited: int
    """Triples left out, because nothing says where they are from."""


def read_rdf(project: Project, path: Path, terms: Terms, own_source: str = "") -> Import:
    """Read an RDF file. Triples whose source nothing names are left out, or cite the file as `own_source`.

    Raises KgError, InputError.
    """
    content = _sort(path)
    if own_source:
        for sources in content.stated.values():
            sources.update({own_source} if not sources else ())
    uncited = sum(not sources for sources in content.stated.values())
    if uncited == len(content.stated):
        raise KgError(
            f"{path}: nothing says where any of its {uncited} triples is from. "
            "Name the file as their source with --source ID, if it is."
        )
    return Import(list(_Maker(project, content, terms).sources(own_source)), uncited)


def _sort(path: Path) -> Content:
    format_ = ox.RdfFormat.from_extension(path.suffix.removeprefix(".").lower())
    if format_ is None:
        raise KgError(f"{path} has an extension of no RDF syntax that is known.")
    try:
        quads = list(ox.parse(path=str(path), format=format_))
    except OSError as error:
        raise KgError(f"{path} cannot be read: {error.strerror}.") from None
    except SyntaxError as error:
        raise KgError(f"{path} is no {format_.name}: {error.msg}.") from None
    return _Sorter(quads).content()


class _Sorter:
    """Tells statements from what is said of statements."""

    def __init__(self, quads: list[ox.Quad]) -> None:
        self.quads = quads
        self.reified: dict[str, list[Key]] = defaultdict(list)
        parts: dict[str, dict[str, ox.NamedNode | ox.Literal]] = defaultdict(dict)
        for quad in quads:
            if quad.predicate.value == REIFIES and isinstance(quad.object, ox.Triple):
                self._reify(str(quad.subject), quad.object.subject, quad.object.predicate, quad.object.object)
            elif quad.predicate.value in STATEMENT and isinstance(quad.object, ox.NamedNode | ox.Literal):
                parts[str(quad.subject)][quad.predicate.value] = quad.object
        for node, found in parts.items():
            if len(found) == len(STATEMENT):
                self._reify(node, *(found[RDF + name] for name in ("subject", "predicate", "object")))

    def _reify(self, node: str, subject: object, predicate: object, object_: object) -> None:
        named = isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode)
        if named and isinstance(object_, ox.NamedNode | ox.Literal):
            assert isinstance(subject, ox.NamedNode)
            assert isinstance(predicate, ox.NamedNode)
            self.reified[node].append((subject.value, predicate.value, object_))

    def content(self) -> Content:
        content = Content()
        for quad in self.quads:
            if (keys := self.reified.get(str(quad.subject))) is not None:
                for key in keys:
                    source = _value(quad.object) if quad.predicate.value in SOURCES else ""
                    content.stated[key].update({source} if source else ())
            elif isinstance(quad.subject, ox.NamedNode) and isinstance(
                quad.object, ox.NamedNode | ox.Literal
            ):
                self._enter(content, quad, quad.subject.value, quad.object)
        return content

    def _enter(
        self, content: Content, quad: ox.Quad, subject: str, object_: ox.NamedNode | ox.Literal
    ) -> None:
        predicate = quad.predicate.value
        if predicate in NAMING or predicate in RECORD or predicate in SOURCES:
            content.about[subject][predicate].append(object_)
        else:
            graph = quad.graph_name
            named = {graph.value} if isinstance(graph, ox.NamedNode) else set()
            content.stated[subject, predicate, object_].update(named)


class _Maker:
    """Makes the sources that the content names."""

    def __init__(self, project: Project, content: Content, terms: Terms) -> None:
        self.project = project
        self.content = content
        self.properties = {key: terms.iri(project, name) for key, name in terms.properties.items()}
        self.classes = {key: terms.iri(project, name) for key, name in terms.classes.items()}
        self.record = terms.source
        self.ontology = Ontology.read(project.ontology)
        self._ids: set[str] = set()

    def sources(self, own_source: str) -> Iterator[IncomingSource]:
        """Every source that is named, sorted by its name, with its facts."""
        declared: set[str] = set()
        for name in sorted({name for names in self.content.stated.values() for name in names}):
            source = self._source(name, own=name == own_source)
            for key in sorted((key for key, names in self.content.stated.items() if name in names), key=str):
                self._state(source, key)
                for iri in (key[0], key[2].value if isinstance(key[2], ox.NamedNode) else ""):
                    if iri and iri not in declared:
                        declared.add(iri)
                        self._declare(source, iri)
            yield source

    def _source(self, name: str, own: bool) -> IncomingSource:
        about = self.content.about.get(name, {})
        record: dict[str, object] = {"title": name}
        for predicate, field_ in RECORD.items():
            if values := [_value(value) for value in about.get(predicate, ())]:
                record[field_] = values if field_ == "creators" else values[0]
        if name.startswith(("http://", "https://")):
            record["url"] = name
        if own:
            record.update({key: value for key, value in self.record.items() if key != "id"})
        base = (
            name if own else identifier(str(record["title"]).rstrip("/#").rsplit("/", 1)[-1])[:60].strip("-")
        )
        source_id = next(
            candidate
            for candidate in (base, *(f"{base}-{number}" for number in range(2, 10_000)))
            if candidate not in self._ids
        )
        self._ids.add(source_id)
        return IncomingSource(source_id, self.project.names.source(source_id), record)

    def _state(self, source: IncomingSource, key: Key) -> None:
        subject, predicate, object_ = key
        line = f"<{subject}> <{predicate}> {object_} ."
        gist = f"{self._name(subject)} · {self._name(predicate)} · {self._name(_value(object_))}"
        passage = source.append(line, gist)
        mapped = self.properties.get(predicate, predicate)
        source.state(IncomingFact(f"<{subject}>", f"<{mapped}>", self._object(mapped, object_), passage))

    def _object(self, predicate: str, object_: ox.NamedNode | ox.Literal) -> str:
        """The object; a date becomes EDTF where the ontology wants that, as precise as it was."""
        property_ = self.ontology.properties.get(predicate)
        wanted = property_.range if property_ else frozenset()
        if isinstance(object_, ox.Literal) and object_.datatype.value in DATES and EDTF + "EDTF" in wanted:
            return str(ox.Literal(ZONE.sub("", object_.value), datatype=ox.NamedNode(EDTF + "EDTF")))
        return str(object_)

    def _declare(self, source: IncomingSource, iri: str) -> None:
        about: Mapping[str, list[ox.NamedNode | ox.Literal]] = self.content.about.get(iri, {})
        types = [self.classes.get(value.value, value.value) for value in about.get(TYPE, ())]
        labels = [value for name in LABELS for value in about.get(name, ()) if isinstance(value, ox.Literal)]
        source.declare(iri, [type_ for type_ in types if type_ in self.ontology.parents], "")
        for label in {label.language or "": label for label in reversed(labels)}.values():
            source.declare(iri, [], label.value, label.language or "")

    def _name(self, iri: str) -> str:
        labels = [_value(label) for name in LABELS for label in self.content.about.get(iri, {}).get(name, ())]
        return labels[0] if labels else iri.rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1]


def _value(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
