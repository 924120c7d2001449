"""A proposal becomes annotated Turtle (RDF 1.2), the same that curators write, sorted and reproducible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from kg.extract.proposal import Cited, Node, Proposal, Stated, Term
from kg.facts.fact import content_hash, fact_key
from kg.project import Names
from kg.terms import EDTF, KG, OA, RDF, RDFS, XSD, Stance

PREFIXES = {"edtf": EDTF, "kg": KG, "oa": OA, "rdfs": RDFS, "xsd": XSD}
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")


class Writer:
    """Writes one source's proposal."""

    def __init__(self, names: Names, source: str) -> None:
        self.names = names
        self.prefixes = {"": names.entity, **PREFIXES, source: names.source(source) + "#"}
        self.source = source

    def text(self, proposal: Proposal, key: str, rejected: frozenset[str] = frozenset()) -> str:
        """Return the file: what was read, prefixes, new entities, new passages, facts, if any."""
        nodes = [self._node(node, rejected) for _, node in sorted(proposal.nodes.items())]
        body = [part for part in nodes if part]
        used = "\n".join(body)
        lines = [
            "# Proposed by `kg extract`; not in the graph until a reader accepts it with `kg review`.",
            f"# key: {key}",
            *(f"@prefix {prefix}: <{iri}> ." for prefix, iri in sorted(self.prefixes.items())),
            "",
        ]
        for iri, (kind, label) in sorted(proposal.entities.items()):
            if re.search(rf"{re.escape(self.short(iri))}(?![\w-])", used):
                lines.append(f"{self.short(iri)} a kg:{kind} ; rdfs:label {quoted(label)}@en .")
        for name, passage in sorted(proposal.passages.items()):
            if f"{self.source}:{name} " in used:
                lines.append(
                    f"{self.source}:{name} oa:start {passage.span.start} ; oa:end {passage.span.end} ; "
                    f'kg:sha256 "{passage.sha256}" ; kg:digest {quoted(passage.digest)}@en .'
                )
        return "\n".join([*lines, *body]) + "\n"

    def _node(self, node: Node, rejected: frozenset[str]) -> str:
        kept = {s: c for s, c in node.statements.items() if self.fact(node, s) not in rejected}
        if not kept:
            return ""
        head = self.short(node.iri)
        parts = list(self._statements(kept))
        if node.new:
            parts.insert(0, f"a kg:{node.type} ; rdfs:label {quoted(node.label)}@en")
        return f"{head} " + " ;\n    ".join(parts) + " ."

    def _statements(self, statements: Mapping[Stated, Cited]) -> Iterator[str]:
        for statement, cited in sorted(statements.items(), key=lambda pair: pair[0]):
            yield f"kg:{statement.property} {self.object(statement.object)} {self._annotation(cited)}"

    def _annotation(self, cited: Cited) -> str:
        notes = [
            f"kg:cites {self.source}:{cited.passage}",
            "kg:method kg:Extracted",
            f"kg:confidence {cited.confidence:.2f}",
            f'kg:rule "{cited.rule}"',
        ]
        if cited.stance is not Stance.STATES:
            notes.append(f"kg:stance kg:{cited.stance}")
        if cited.according_to:
            notes.append(f"kg:accordingTo {self.short(cited.according_to)}")
        return "{| " + " ; ".join(notes) + " |}"

    def object(self, term: Term) -> str:
        """Return an object in Turtle."""
        match term.datatype:
            case "":
                return self.short(term.value)
            case datatype if datatype == RDF + "langString":
                return quoted(term.value) + "@en"
            case datatype if datatype == XSD + "decimal":
                return term.value
            case datatype:
                return f"{quoted(term.value)}^^{self.short(datatype)}"

    def short(self, iri: str) -> str:
        """Return an IRI with a prefix where one fits."""
        for prefix, space in self.prefixes.items():
            if iri.startswith(space) and _LOCAL.fullmatch(iri[len(space) :]):
                return f"{prefix}:{iri[len(space) :]}"
        return f"<{iri}>"

    def fact(self, node: Node, statement: Stated) -> str:
        """Return the IRI of the fact that a statement is."""
        return self.names.fact + content_hash(fact_key(triple(node.iri, statement)))


def triple(subject: str, statement: Stated) -> ox.Triple:
    """Return a statement as a triple."""
    term = statement.object
    value: ox.NamedNode | ox.Literal
    if not term.datatype:
        value = ox.NamedNode(term.value)
    elif term.datatype == RDF + "langString":
        value = ox.Literal(term.value, language="en")
    else:
        value = ox.Literal(term.value, datatype=ox.NamedNode(_stored(term)))
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(KG + statement.property), value)


def _stored(term: Term) -> str:
    """Return the datatype Turtle gives a bare number: an integer where it has no point."""
    whole = term.datatype == XSD + "decimal" and "." not in term.value
    return XSD + "integer" if whole else term.datatype


def quoted(text: str) -> str:
    """Return a text as a Turtle string."""
    escaped = (
        text.replace("\\", "\\\\")
        .replace('"', '\\"')
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t")
    )
    return f'"{escaped}"'
