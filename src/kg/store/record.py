"""A dataset becomes records: facts with their citations, in the order of the file, as encodings need them.

The facts are streamed. Held in memory are the things that facts point at: citations, passages, sources
and the names of entities; the sorted dataset has citations before facts and passages after them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kg.store.build import Build
from kg.terms import ALT_LABEL, COMMENT, DCTERMS, KG, LABEL, OA, RDF, TYPE

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
FACT, CITATION, PASSAGE, SOURCE = (
    ox.NamedNode(KG + name) for name in ("Fact", "Citation", "Passage", "Source")
)
POSITION, QUOTE = (ox.NamedNode(f"{OA}Text{name}Selector") for name in ("Position", "Quote"))


@dataclass(frozen=True, slots=True)
class Node:
    """One subject of the default graph with everything said of it."""

    iri: str
    values: dict[str, list[Term]]

    def all(self, predicate: str) -> tuple[str, ...]:
        """The values of a property: IRIs and lexical forms."""
        return tuple(lexical(term) for term in self.values.get(predicate, ()))

    def one(self, predicate: str) -> str:
        """The first value of a property, empty where it has none."""
        return next(iter(self.all(predicate)), "")

    def is_a(self, class_: ox.NamedNode) -> bool:
        """Whether the node has that type."""
        return class_ in self.values.get(TYPE, ())


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as the build has it."""

    iri: str
    source: str
    start: int
    end: int
    digest: str
    quote: str
    """The words of the original; empty where it was not at hand."""


@dataclass(frozen=True, slots=True, order=True)
class Citation:
    """One citation of a fact; stance and method by their local names."""

    iri: str
    passage: str
    stance: str
    method: str
    according_to: str = ""
    confidence: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a build with its citations, sorted."""

    iri: str
    subject: str
    predicate: str
    object: ox.NamedNode | ox.Literal
    verdict: str
    notes: tuple[str, ...]
    citations: tuple[Citation, ...]

    @property
    def cites(self) -> tuple[str, ...]:
        """The passages cited, each once."""
        return tuple(sorted({citation.passage for citation in self.citations}))

    @property
    def triple(self) -> str:
        """Subject, predicate and object in N-Triples, without the dot."""
        return f"<{self.subject}> <{self.predicate}> {self.object}"


@dataclass(frozen=True, slots=True)
class Source:
    """A source's bibliographic record; what is not known is empty."""

    iri: str
    title: str
    creators: tuple[str, ...]
    date: str
    publisher: str
    language: str
    rights: str
    url: str

    @property
    def id(self) -> str:
        """The last part of the IRI."""
        return self.iri.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Entity:
    """What is known of a thing beside the facts: names, kinds, and the days that bound it."""

    iri: str
    label: str
    types: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    earliest: str = ""
    latest: str = ""


@dataclass(slots=True)
class Index:
    """What facts point at, by IRI."""

    citations: dict[str, Citation] = field(default_factory=dict)
    passages: dict[str, Passage] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)
    """The first fact and the last; none where there are none."""


class Records:
    """The records of one sorted N-Quads file."""

    def __init__(self, path: Path, accepted_only: bool = False) -> None:
        """Read `path`; with `accepted_only` facts are those asserted, and their citations are left out."""
        self.path = path
        self.accepted_only = accepted_only

    @classmethod
    def of(cls, build: Build, accepted_only: bool = False) -> Records:
        """The records of a build."""
        return cls(build.dataset, accepted_only)

    def nodes(self) -> Iterator[Node]:
        """Every subject of the default graph. Raises SyntaxError where the file is no N-Quads."""
        return group(_default(ox.parse(path=str(self.path), format=ox.RdfFormat.N_QUADS)))

    @cached_property
    def index(self) -> Index:
        """Everything that facts point at."""
        index = Index()
        parts: dict[str, Node] = {}
        passages: list[Node] = []
        for node in self.nodes():
            if node.is_a(CITATION):
                index.citations[node.iri] = _citation(node)
            elif node.is_a(PASSAGE):
                passages.append(node)
            elif node.is_a(POSITION) or node.is_a(QUOTE):
                parts[node.iri] = node
            elif node.is_a(FACT):
                index.facts = [*index.facts[:1], node.iri]
            else:
                index.entities[node.iri] = _entity(node)
                if node.is_a(SOURCE):
                    index.sources[node.iri] = _source(node)
        index.passages = {node.iri: _passage(node, parts) for node in passages}
        return index

    def facts(self) -> Iterator[Fact]:
        """Every fact, in the order of their IRIs."""
        citations = self.index.citations
        for node in self._fact_nodes():
            if node.is_a(FACT) and (fact := _fact(node, citations)) is not None:
                if not self.accepted_only:
                    yield fact
                elif fact.verdict == "Accepted":
                    yield Fact(fact.iri, fact.subject, fact.predicate, fact.object, "Accepted", (), ())

    @cached_property
    def _fact_lines(self) -> tuple[int, int]:
        return _between(self.path, self.index.facts[0], self.index.facts[-1])

    def _fact_nodes(self) -> Iterator[Node]:
        """The subjects from the first fact to the last, which in a sorted file are all facts."""
        if not self.index.facts:
            return
        with self.path.open("rb") as file:
            part = cast(IO[bytes], _Part(file, *self._fact_lines))
            yield from group(_default(ox.parse(part, format=ox.RdfFormat.N_QUADS)))

    def source(self, citation: Citation) -> str:
        """The IRI of the source that a citation is from."""
        passage = self.index.passages.get(citation.passage)
        return passage.source if passage else citation.passage.partition("#")[0]

    def label(self, iri: str) -> str:
        """What an entity is called; the last part of its IRI where it has no label."""
        entity = self.index.entities.get(iri)
        return (entity.label if entity else "") or local_name(iri)

    def entity(self, iri: str) -> Entity:
        """What is known of an IRI, be it only its name."""
        return self.index.entities.get(iri) or Entity(iri, local_name(iri))


class _Part:
    """A piece of a file, as a file that can be read."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        file.seek(start)
        self._file = file
        self._left = end - start

    def read(self, size: int) -> bytes:
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data


def _between(path: Path, first: str, last: str) -> tuple[int, int]:
    """Where the first line of one subject begins and the last line of another ends, in bytes."""
    head, tail = (f"<{iri}> ".encode() for iri in (first, last))
    start, end, here = -1, 0, 0
    with path.open("rb") as file:
        for line in file:
            if start < 0 and line.startswith(head):
                start = here
            here += len(line)
            if line.startswith(tail):
                end = here
    return start, end


def _default(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    return (quad for quad in quads if isinstance(quad.graph_name, ox.DefaultGraph))


def group(triples: Iterable[ox.Quad | ox.Triple]) -> Iterator[Node]:
    """Triples sorted by subject become nodes."""
    for subject, own in groupby(triples, key=lambda triple: triple.subject):
        values: dict[str, list[Term]] = defaultdict(list)
        for triple in own:
            values[triple.predicate.value].append(triple.object)
        yield Node(lexical(subject), values)


def local_name(iri: str) -> str:
    """The part of an IRI after the last `#` or `/`."""
    return iri.rstrip("/#").rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def lexical(term: Term | None) -> str:
    """An IRI or the lexical form of a literal."""
    return str(term) if term is None or isinstance(term, ox.Triple) else term.value


def _citation(node: Node) -> Citation:
    return Citation(
        node.iri,
        node.one(KG + "passage"),
        local_name(node.one(KG + "stance")),
        local_name(node.one(KG + "method")),
        node.one(KG + "accordingTo"),
        node.one(KG + "confidence"),
        node.one(KG + "rule"),
    )


def _passage(node: Node, parts: dict[str, Node]) -> Passage:
    selectors = [parts[iri] for iri in node.all(OA + "hasSelector") if iri in parts]
    start, end, quote = (
        next((part.one(OA + name) for part in selectors if part.one(OA + name)), "")
        for name in ("start", "end", "exact")
    )
    source, digest = node.one(OA + "hasSource"), node.one(KG + "digest")
    return Passage(node.iri, source, int(start or 0), int(end or 0), digest, quote)


def _source(node: Node) -> Source:
    single = (node.one(DCTERMS + name) for name in ("date", "publisher", "language", "rights", "identifier"))
    return Source(node.iri, node.one(DCTERMS + "title"), node.all(DCTERMS + "creator"), *single)


def _entity(node: Node) -> Entity:
    labels = [term for term in node.values.get(LABEL, ()) if isinstance(term, ox.Literal)]
    english = [term.value for term in labels if term.language == "en"]
    label = next(iter(english or [term.value for term in labels]), "")
    days = (node.one(KG + name) for name in ("earliest", "latest"))
    return Entity(node.iri, label or local_name(node.iri), node.all(TYPE), node.all(ALT_LABEL), *days)


def _fact(node: Node, citations: dict[str, Citation]) -> Fact | None:
    object_ = next(iter(node.values.get(RDF + "object", ())), None)
    if not isinstance(object_, ox.NamedNode | ox.Literal):
        return None
    own = sorted(citations[iri] for iri in node.all(KG + "citation") if iri in citations)
    subject, predicate = node.one(RDF + "subject"), node.one(RDF + "predicate")
    verdict, notes = local_name(node.one(KG + "verdict")), tuple(sorted(node.all(COMMENT)))
    return Fact(node.iri, subject, predicate, object_, verdict, notes, tuple(own))
