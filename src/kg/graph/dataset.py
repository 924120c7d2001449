"""Facts become quads: the lines of an N-Quads file, in the model of the design (§2).

Lines are made as text rather than as terms: the ledger's terms are canonical N-Triples already,
and a build of a million facts is some fifteen million lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pyoxigraph as ox

from kg.corpus.corpus import Corpus
from kg.corpus.source import Passage, Source
from kg.facts.fact import Citation, Fact, content_hash
from kg.facts.ledger import Ledger
from kg.facts.ontology import Ontology
from kg.graph.days import node_days
from kg.project import Names
from kg.terms import COMMENT, DCTERMS, EDTF, KG, LABEL, OA, RDF, REIFIES, TYPE, XSD, Verdict

EDTF_TYPE = EDTF + "EDTF"


def dataset(ledger: Ledger, ontology: Ontology) -> Iterator[str]:
    """Every quad of the build as a line of N-Quads, in no particular order, some perhaps twice."""
    names = ledger.corpus.project.names
    for triple in ontology.triples:
        if not isinstance(triple.subject, ox.BlankNode) and not isinstance(triple.object, ox.BlankNode):
            yield f"{triple} .\n"
    for entity in ledger.entities.values():
        for predicate, value in entity.others:
            yield f"<{entity.iri}> {predicate} {value} .\n"
    for source in ledger.corpus.sources:
        yield from source_quads(ledger.corpus, source)
    for fact in ledger.facts.values():
        yield from fact_quads(names, fact)
    yield from derived_quads(ledger)


def fact_quads(names: Names, fact: Fact) -> Iterator[str]:
    """One fact: its triple if accepted, its node, its citations, the graphs of its sources."""
    triple = fact.key[:-2]
    node = f"<{names.fact}{fact.hash}>"
    if fact.verdict is Verdict.ACCEPTED:
        yield f"{triple} .\n"
    yield f"{node} <{TYPE}> <{KG}Fact> .\n"
    yield f"{node} <{RDF}subject> {fact.subject} .\n"
    yield f"{node} <{RDF}predicate> {fact.predicate} .\n"
    yield f"{node} <{RDF}object> {fact.object} .\n"
    yield f"{node} <{KG}verdict> <{KG}{fact.verdict}> .\n"
    yield f"{node} <{REIFIES}> <<( {triple} )>> <{names.rdf12}> .\n"
    for note in fact.notes:
        yield f"{node} <{COMMENT}> {note} .\n"
    for citation in fact.citations:
        yield f"{triple} <{citation.source}> .\n"
        yield f"{node} <{KG}cites> <{citation.passage}> .\n"
        yield from citation_quads(names, fact, node, citation)


def citation_quads(names: Names, fact: Fact, node: str, citation: Citation) -> Iterator[str]:
    """One citation of a fact."""
    iri = f"<{names.citation}{content_hash(citation.key(fact.key))}>"
    yield f"{node} <{KG}citation> {iri} .\n"
    yield f"{iri} <{TYPE}> <{KG}Citation> .\n"
    yield f"{iri} <{KG}passage> <{citation.passage}> .\n"
    yield f"{iri} <{KG}stance> <{KG}{citation.stance}> .\n"
    yield f"{iri} <{KG}method> <{KG}{citation.method}> .\n"
    if citation.according_to:
        yield f"{iri} <{KG}accordingTo> <{citation.according_to}> .\n"
    if citation.confidence:
        yield f'{iri} <{KG}confidence> "{citation.confidence}"^^<{XSD}decimal> .\n'
    if citation.rule:
        yield f"{iri} <{KG}rule> {literal(citation.rule)} .\n"


def derived_quads(ledger: Ledger) -> Iterator[str]:
    """The days that bound each dated node, for SPARQL compares neither EDTF nor xsd:gYear with xsd:date."""
    for subject, days in node_days(ledger).items():
        for name, day in days._asdict().items():
            if day:
                yield f'{subject} <{KG}{name}> "{day.isoformat()}"^^<{XSD}date> .\n'


def source_quads(corpus: Corpus, source: Source) -> Iterator[str]:
    """A source's bibliographic record and its passages."""
    names = corpus.project.names
    node = f"<{names.source(source.id)}>"
    language = source.language
    yield f"{node} <{TYPE}> <{KG}Source> .\n"
    yield f"{node} <{LABEL}> {literal(source.title, language)} .\n"
    yield f"{node} <{DCTERMS}title> {literal(source.title, language)} .\n"
    for creator in source.creators:
        yield f"{node} <{DCTERMS}creator> {literal(creator)} .\n"
    if source.date:
        yield f'{node} <{DCTERMS}date> "{source.date}"^^<{EDTF_TYPE}> .\n'
    for name in ("publisher", "language", "rights", "url"):
        if value := getattr(source, name):
            yield f"{node} <{DCTERMS}{'identifier' if name == 'url' else name}> {literal(value)} .\n"
    if source.original:
        yield f"{node} <{KG}sha256> {literal(source.original.sha256)} .\n"
    for passage in source.passages:
        yield from passage_quads(corpus, source, passage)


def passage_quads(corpus: Corpus, source: Source, passage: Passage) -> Iterator[str]:
    """A passage: where it lies, what it says in our words, and its own words where they are at hand."""
    names = corpus.project.names
    iri = names.passage(source.id, passage.id)
    yield f"<{iri}> <{TYPE}> <{KG}Passage> .\n"
    yield f"<{iri}> <{LABEL}> {literal(f'{source.id} {passage.id}')} .\n"
    yield f"<{iri}> <{OA}hasSource> <{names.source(source.id)}> .\n"
    yield f"<{iri}> <{KG}sha256> {literal(passage.sha256)} .\n"
    yield f"<{iri}> <{KG}digest> {literal(passage.digest, 'en')} .\n"
    position = f"<{iri}-position>"
    yield f"<{iri}> <{OA}hasSelector> {position} .\n"
    yield f"{position} <{TYPE}> <{OA}TextPositionSelector> .\n"
    # xsd:integer and not its subtype, which the store would give back as xsd:integer anyway.
    for name, offset in (("start", passage.span.start), ("end", passage.span.end)):
        yield f'{position} <{OA}{name}> "{offset}"^^<{XSD}integer> .\n'
    if (text := corpus.texts.get(source.id)) is not None:
        before, after = text.context(passage.span)
        quote = f"<{iri}-quote>"
        yield f"<{iri}> <{OA}hasSelector> {quote} .\n"
        yield f"{quote} <{TYPE}> <{OA}TextQuoteSelector> .\n"
        for name, words in (("exact", text.quote(passage.span)), ("prefix", before), ("suffix", after)):
            yield f"{quote} <{OA}{name}> {literal(words)} .\n"


@lru_cache(maxsize=4096)
def literal(text: str, language: str | None = None) -> str:
    """A string as an N-Triples literal."""
    return str(ox.Literal(text, language=language))
